// Short forms are made once and published without a lock: whoever loses the race throws its copy away.
#include "api/ngsi_ld/context.h"

#include <mutex>

#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {

Context::Context(std::shared_ptr<const formats::JsonLdContext> terms, std::string url, std::string json,
                 const twin::Names& names)
    : terms_(std::move(terms)), url_(std::move(url)), json_(std::move(json)), names_(names) {}

Context::~Context() {
  for (auto& slot : pages_) {
    const std::unique_ptr<Page> page(slot.load(std::memory_order_acquire));
    if (page == nullptr) continue;
    for (auto& text : *page) delete text.load(std::memory_order_acquire);
  }
}

std::string Context::make_quoted(twin::NameId name) const {
  std::string text;
  base::JsonWriter(text).text(terms_->compact(names_.text(name)));
  return text;
}

std::string_view Context::quoted(twin::NameId name, std::string& spare) const {
  if (name >= kNamesKeptMax) return spare = make_quoted(name);
  std::atomic<Page*>& slot = pages_[name / kPageNames];
  Page* page = slot.load(std::memory_order_acquire);
  if (page == nullptr) {
    auto fresh = std::make_unique<Page>();
    if (slot.compare_exchange_strong(page, fresh.get(), std::memory_order_acq_rel)) page = fresh.release();
  }
  std::atomic<const std::string*>& place = (*page)[name % kPageNames];
  const std::string* text = place.load(std::memory_order_acquire);
  if (text == nullptr) {
    auto fresh = std::make_unique<const std::string>(make_quoted(name));
    if (place.compare_exchange_strong(text, fresh.get(), std::memory_order_acq_rel)) text = fresh.release();
  }
  return *text;
}

twin::NameId Context::intern(std::string_view term, twin::Names& names) const {
  {
    const std::shared_lock lock(numbers_mutex_);
    if (const auto known = numbers_.find(term); known != numbers_.end()) return known->second;
  }
  const std::string iri = terms_->expand(term);
  if (iri.empty() || iri[0] == '@') return twin::kNoName;
  const twin::NameId name = names.intern(iri);
  const std::unique_lock lock(numbers_mutex_);
  if (name != twin::kNoName && numbers_.size() < kTermsKeptMax) numbers_.emplace(term, name);
  return name;
}

}  // namespace citiverse::api::ngsi_ld
