// Places with a purpose: schools, clinics, shops.
#include "plan/all_families.h"
#include "plan/limits.h"

namespace citiverse::plan {
namespace {

enum PlaceProperty : std::size_t {
  kPlaceName,
  kPlaceAt,
  kPlaceClass,
  kPlaceSubtype,
  kPlaceCapacity,
  kPlaceOpeningHours,
  kPlaceWheelchair
};

constexpr PropertyRule kPlaceRules[] = {
    {"name", ValueType::text},
    {.name = "at", .type = ValueType::point, .is_needed = true},
    {.name = "class", .type = ValueType::word, .words = city::words_of<city::PlaceClass>, .is_needed = true},
    {"subtype", ValueType::text},
    {"capacity", ValueType::whole_number, 0, 200'000, "people"},
    {"opening_hours", ValueType::text},
    {.name = "wheelchair", .type = ValueType::word, .words = city::words_of<city::Wheelchair>},
};

Value place_value(const city::City& city, const city::Feature& feature, std::size_t property) {
  const city::Place& p = city.place(feature);
  switch (property) {
    case kPlaceName: return text_value(city.text(feature.name));
    case kPlaceAt: return feature.geometry.type == city::GeometryType::point ? shape_value(city, feature) : Value{};
    case kPlaceClass: return std::string(city::word_for(p.place_class));
    case kPlaceSubtype: return text_value(city.text(p.subtype));
    case kPlaceCapacity: return p.capacity == 0 ? Value{} : Value{static_cast<double>(p.capacity)};
    case kPlaceOpeningHours: return text_value(city.text(p.opening_hours));
    case kPlaceWheelchair: return std::string(city::word_for(p.wheelchair));
    default: return {};
  }
}

base::Result<void> check_place(const ObjectView&) { return {}; }

void put_place(const ObjectView& object, city::CityPatch& patch) {
  city::Place p = object.feature() == nullptr ? city::Place{} : object.base().place(*object.feature());
  write_word(object, kPlaceClass, p.place_class);
  write_number(object, kPlaceCapacity, p.capacity);
  write_word(object, kPlaceWheelchair, p.wheelchair);
  if (const auto* subtype = object.get_written<std::string>(kPlaceSubtype)) p.subtype = patch.text(*subtype);
  if (const auto* hours = object.get_written<std::string>(kPlaceOpeningHours)) p.opening_hours = patch.text(*hours);
  patch.put(object.id().feature(), geometry_for(object, kPlaceAt, patch), name_for(object, kPlaceName, patch), p,
            attributes_for(object, {}, patch));
}

}  // namespace

constinit const Family kPlaceFamily{
    static_cast<std::uint8_t>(city::FeatureKind::place), "place", kPlaceRules, place_value, check_place, put_place};

}  // namespace citiverse::plan
