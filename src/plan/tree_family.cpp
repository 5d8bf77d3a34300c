// Trees: where they stand, how high and wide they are, and what leaves they have.
#include <fmt/format.h>

#include "plan/all_families.h"
#include "plan/limits.h"

namespace citiverse::plan {
namespace {

enum TreeProperty : std::size_t { kTreeAt, kTreeHeight, kTreeCrown, kTreeLeaf };

constexpr PropertyRule kTreeRules[] = {
    {.name = "at", .type = ValueType::point, .is_needed = true},
    {"height_m", ValueType::number, 1, kTreeHeightMaxM, "m"},
    {"crown_diameter_m", ValueType::number, 0.5, kTreeCrownMaxM, "m"},
    {.name = "leaf", .type = ValueType::word, .words = city::words_of<city::LeafType>},
};

Value tree_value(const city::City& city, const city::Feature& feature, std::size_t property) {
  const city::Tree& t = city.tree(feature);
  switch (property) {
    case kTreeAt: return shape_value(city, feature);
    case kTreeHeight: return static_cast<double>(t.height_m);
    case kTreeCrown: return static_cast<double>(t.crown_diameter_m);
    case kTreeLeaf: return std::string(city::word_for(t.leaf));
    default: return {};
  }
}

city::Tree tree_of(const ObjectView& object) {
  city::Tree t = object.feature() == nullptr ? city::Tree{} : object.base().tree(*object.feature());
  write_number(object, kTreeHeight, t.height_m);
  write_number(object, kTreeCrown, t.crown_diameter_m);
  write_word(object, kTreeLeaf, t.leaf);
  if (object.written(kTreeHeight) != nullptr || object.written(kTreeCrown) != nullptr) t.is_estimated = false;
  return t;
}

base::Result<void> check_tree(const ObjectView& object) {
  const city::Tree t = tree_of(object);
  constexpr float kWidestShare = 3;
  if (t.crown_diameter_m > kWidestShare * t.height_m)
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("crown_diameter_m: a crown of {:.1f} m on a tree of {:.1f} m; {:.1f} m is the most here",
                                  t.crown_diameter_m, t.height_m, kWidestShare * t.height_m));
  return {};
}

void put_tree(const ObjectView& object, city::CityPatch& patch) {
  const city::TextRef name = object.feature() == nullptr ? city::TextRef{} : object.feature()->name;
  patch.put(object.id().feature(), geometry_for(object, kTreeAt, patch), name, tree_of(object),
            attributes_for(object, {}, patch));
}

}  // namespace

constinit const Family kTreeFamily{
    static_cast<std::uint8_t>(city::FeatureKind::tree), "tree", kTreeRules, tree_value, check_tree, put_tree};

}  // namespace citiverse::plan
