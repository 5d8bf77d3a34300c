// Interning: most asks find a name that is there, so they share the lock.
#include "twin/names.h"

#include <mutex>

#include "base/check.h"

namespace citiverse::twin {

Names::Names() { texts_.emplace_back(); }

NameId Names::intern(std::string_view text) {
  if (text.empty()) return kNoName;
  if (const NameId known = find(text); known != kNoName) return known;
  const std::unique_lock lock(mutex_);
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  if (texts_.size() > kNamesMax) return kNoName;
  const auto name = static_cast<NameId>(texts_.size());
  numbers_.emplace(texts_.emplace_back(text), name);
  return name;
}

NameId Names::find(std::string_view text) const {
  const std::shared_lock lock(mutex_);
  const auto found = numbers_.find(text);
  return found == numbers_.end() ? kNoName : found->second;
}

std::string_view Names::text(NameId name) const {
  const std::shared_lock lock(mutex_);
  CITIVERSE_CHECK(name < texts_.size(), "a name of another table");
  return texts_[name];
}

}  // namespace citiverse::twin
