// The table of families, and what all of them do alike.
#include "plan/family.h"

#include <algorithm>
#include <array>

#include "plan/all_families.h"
#include "plan/state.h"

namespace citiverse::plan {
namespace {

constexpr std::array<std::string_view, 11> kValueTypeNames{"boolean", "number",  "whole_number", "text",      "word", "point",
                                                           "line",    "outline", "section",      "crossings", "stops"};

}  // namespace

std::string_view name_of(ValueType type) { return kValueTypeNames[static_cast<std::size_t>(type)]; }

ObjectView::ObjectView(const city::City& base, ObjectId id, const ObjectEdits& edits) : base_(base), id_(id), edits_(edits) {
  if (!id.is_feature()) return;
  if (const auto at = base.find(id.feature())) feature_ = &base.feature(*at);
}

const Value* ObjectView::written(std::size_t property) const {
  const Write<Value>* last = edits_.last(property);
  if (last == nullptr || std::holds_alternative<std::monostate>(last->value)) return nullptr;
  return &last->value;
}

Value ObjectView::value(std::size_t property) const {
  if (const Value* v = written(property)) return *v;
  return feature_ == nullptr ? Value{} : edits_.family().base_value(base_, *feature_, property);
}

std::optional<std::size_t> Family::property(std::string_view wanted) const {
  for (std::size_t i = 0; i < properties.size(); ++i)
    if (properties[i].name == wanted) return i;
  return std::nullopt;
}

std::span<const Family* const> families() {
  static constexpr std::array<const Family*, 12> kAll{&kBuildingFamily, &kStreetFamily,  &kTreeFamily,     &kGreenFamily,
                                                      &kWaterFamily,    &kLandUseFamily, &kPavedFamily,    &kPlaceFamily,
                                                      &kStopFamily,     &kLineFamily,    &kJunctionFamily, &kPolicyFamily};
  return kAll;
}

const Family* family_of(std::uint8_t kind) {
  for (const Family* family : families())
    if (family->kind == kind) return family;
  return nullptr;
}

const Family* family_named(std::string_view name) {
  for (const Family* family : families())
    if (family->name == name) return family;
  return nullptr;
}

city::Geometry geometry_for(const ObjectView& object, std::size_t property, city::CityPatch& patch) {
  const auto* shape = object.get_written<Shape>(property);
  if (shape == nullptr) return object.feature()->geometry;
  city::Geometry geometry = patch.begin(shape->type);
  for (const Ring& ring : shape->parts) patch.add_part(geometry, ring.points, ring.is_hole);
  return geometry;
}

city::TextRef name_for(const ObjectView& object, std::size_t property, city::CityPatch& patch) {
  if (const auto* name = object.get_written<std::string>(property)) return patch.text(*name);
  return object.feature() == nullptr ? city::TextRef{} : object.feature()->name;
}

std::vector<city::Attribute> attributes_for(const ObjectView& object, std::span<const KeyValue> more, city::CityPatch& patch) {
  std::vector<city::Attribute> all;
  const bool is_new = object.feature() == nullptr;
  const auto is_replaced = [&](std::string_view key) {
    return key == "plan" || std::ranges::any_of(more, [&](const KeyValue& m) { return m.key == key; });
  };
  if (!is_new) {
    for (const city::Attribute& a : object.base().attributes(*object.feature()))
      if (!is_replaced(object.base().text(a.key))) all.push_back(a);
  }
  for (const KeyValue& m : more)
    if (!m.value.empty()) all.push_back({patch.text(m.key), patch.text(m.value)});
  all.push_back({patch.text("plan"), patch.text(is_new ? "new" : "changed")});
  return all;
}

Value text_value(std::string_view text) { return text.empty() ? Value{} : Value{std::string(text)}; }

Value shape_value(const city::City& city, const city::Feature& feature) {
  Shape shape{feature.geometry.type, {}};
  for (const city::Part& part : city.parts(feature.geometry)) {
    const auto points = city.vertices(part);
    shape.parts.push_back({{points.begin(), points.end()}, part.is_hole});
  }
  return shape;
}

}  // namespace citiverse::plan
