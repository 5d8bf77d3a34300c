// What lies on the ground: parks and other green, water, land use, squares and parking areas.
#include <fmt/format.h>

#include "plan/all_families.h"
#include "plan/limits.h"

namespace citiverse::plan {
namespace {

using city::FeatureKind;

enum SurfaceProperty : std::size_t { kSurfaceName, kSurfaceOutline, kSurfaceClass, kSurfaceLine, kSurfaceWidth };

template <class Class>
constexpr std::array<PropertyRule, 3> surface_rules() {
  return {PropertyRule{"name", ValueType::text}, PropertyRule{.name = "outline", .type = ValueType::outline, .is_needed = true},
          PropertyRule{.name = "class", .type = ValueType::word, .words = city::words_of<Class>, .is_needed = true}};
}
constexpr auto kGreenRules = surface_rules<city::GreenClass>();
constexpr auto kLandUseRules = surface_rules<city::LandUseClass>();
constexpr auto kPavedRules = surface_rules<city::PavedClass>();
// Water is an outline, or a line with a width: neither is needed by itself, one of them is.
constexpr PropertyRule kWaterRules[] = {
    {"name", ValueType::text},
    {"outline", ValueType::outline},
    {.name = "class", .type = ValueType::word, .words = city::words_of<city::WaterClass>, .is_needed = true},
    {"line", ValueType::line},
    {"width_m", ValueType::number, 0.2, kWaterLineWidthMaxM, "m"},
};

Value surface_value(const city::City& city, const city::Feature& feature, std::size_t property) {
  const bool is_area = feature.geometry.type == city::GeometryType::polygons;
  if (property == kSurfaceName) return text_value(city.text(feature.name));
  if (property == kSurfaceOutline) return is_area ? shape_value(city, feature) : Value{};
  if (property == kSurfaceLine) return is_area ? Value{} : shape_value(city, feature);
  switch (feature.id.kind()) {
    case FeatureKind::green: return std::string(city::word_for(city.green(feature).green_class));
    case FeatureKind::land_use: return std::string(city::word_for(city.land_use(feature).land_use_class));
    case FeatureKind::paved: return std::string(city::word_for(city.paved(feature).paved_class));
    case FeatureKind::water:
      if (property == kSurfaceClass) return std::string(city::word_for(city.water(feature).water_class));
      return is_area ? Value{} : Value{static_cast<double>(city.water(feature).width_m)};
    default: return {};
  }
}

base::Result<void> check_surface(const ObjectView&) { return {}; }

base::Result<void> check_water(const ObjectView& object) {
  const bool has_outline = object.get<Shape>(kSurfaceOutline).has_value();
  const bool has_line = object.get<Shape>(kSurfaceLine).has_value();
  if (has_outline == has_line)
    return base::fail(base::ErrorCode::bad_input, "outline: water has an outline, or a line with width_m, and not both");
  if (has_line && !object.get<double>(kSurfaceWidth))
    return base::fail(base::ErrorCode::bad_input, "width_m: water that is a line needs its width");
  return {};
}

template <class Detail, auto kField>
void put_surface(const ObjectView& object, city::CityPatch& patch, const Detail& before) {
  Detail detail = before;
  write_word(object, kSurfaceClass, detail.*kField);
  patch.put(object.id().feature(), geometry_for(object, kSurfaceOutline, patch), name_for(object, kSurfaceName, patch), detail,
            attributes_for(object, {}, patch));
}

void put_green(const ObjectView& object, city::CityPatch& patch) {
  const city::Feature* f = object.feature();
  put_surface<city::Green, &city::Green::green_class>(object, patch, f == nullptr ? city::Green{} : object.base().green(*f));
}

void put_land_use(const ObjectView& object, city::CityPatch& patch) {
  const city::Feature* f = object.feature();
  put_surface<city::LandUse, &city::LandUse::land_use_class>(object, patch,
                                                             f == nullptr ? city::LandUse{} : object.base().land_use(*f));
}

void put_paved(const ObjectView& object, city::CityPatch& patch) {
  const city::Feature* f = object.feature();
  put_surface<city::Paved, &city::Paved::paved_class>(object, patch, f == nullptr ? city::Paved{} : object.base().paved(*f));
}

void put_water(const ObjectView& object, city::CityPatch& patch) {
  city::Water water = object.feature() == nullptr ? city::Water{} : object.base().water(*object.feature());
  write_word(object, kSurfaceClass, water.water_class);
  write_number(object, kSurfaceWidth, water.width_m);
  const std::size_t shape = object.written(kSurfaceLine) != nullptr ? kSurfaceLine : kSurfaceOutline;
  patch.put(object.id().feature(), geometry_for(object, shape, patch), name_for(object, kSurfaceName, patch), water,
            attributes_for(object, {}, patch));
}

}  // namespace

constinit const Family kGreenFamily{
    static_cast<std::uint8_t>(FeatureKind::green), "green", kGreenRules, surface_value, check_surface, put_green};
constinit const Family kLandUseFamily{
    static_cast<std::uint8_t>(FeatureKind::land_use), "land_use", kLandUseRules, surface_value, check_surface, put_land_use};
constinit const Family kPavedFamily{
    static_cast<std::uint8_t>(FeatureKind::paved), "paved", kPavedRules, surface_value, check_surface, put_paved};
constinit const Family kWaterFamily{
    static_cast<std::uint8_t>(FeatureKind::water), "water", kWaterRules, surface_value, check_water, put_water};

}  // namespace citiverse::plan
