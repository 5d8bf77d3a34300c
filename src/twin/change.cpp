// Both lists of attributes are sorted, so one pass finds what came, went and changed.
#include "twin/change.h"

#include <utility>

namespace citiverse::twin {
namespace {

template <class IsSame>
std::vector<AttributeChange> difference_by(const Entity* before, const Entity* after, const IsSame& is_same) {
  using What = AttributeChange::What;
  static const std::vector<AttributePtr> kNone;
  const auto& old = before == nullptr ? kNone : before->attributes;
  const auto& now = after == nullptr ? kNone : after->attributes;
  const auto key = [](const AttributePtr& each) { return std::pair(each->name, each->dataset); };
  std::vector<AttributeChange> changes;
  auto a = old.begin();
  auto b = now.begin();
  while (a != old.end() || b != now.end()) {
    if (b == now.end() || (a != old.end() && key(*a) < key(*b))) {
      changes.push_back({(*a)->name, (*a)->dataset, What::deleted});
      ++a;
    } else if (a == old.end() || key(*b) < key(*a)) {
      changes.push_back({(*b)->name, (*b)->dataset, What::created});
      ++b;
    } else {
      if (!is_same(*a, *b)) changes.push_back({(*b)->name, (*b)->dataset, What::updated});
      ++a, ++b;
    }
  }
  return changes;
}

}  // namespace

std::vector<AttributeChange> difference(const Entity* before, const Entity* after) {
  return difference_by(before, after, [](const AttributePtr& a, const AttributePtr& b) { return a == b; });
}

std::vector<AttributeChange> difference_in_content(const Entity* before, const Entity* after) {
  return difference_by(before, after, [](const AttributePtr& a, const AttributePtr& b) { return a == b || *a == *b; });
}

}  // namespace citiverse::twin
