// Buildings: new, changed, taken away; outline, levels, height, roof, use, and who lives and works there.
#include <fmt/format.h>

#include "city/people_estimate.h"
#include "plan/all_families.h"
#include "plan/limits.h"
#include "plan/shapes.h"

namespace citiverse::plan {
namespace {

using city::Building;
using city::BuildingUse;
using city::RoofShape;

enum BuildingProperty : std::size_t {
  kBuildingName,
  kBuildingOutline,
  kBuildingLevels,
  kBuildingHeight,
  kBuildingRoof,
  kBuildingRoofHeight,
  kBuildingUse,
  kBuildingHomes,
  kBuildingPeople,
  kBuildingJobs
};

constexpr PropertyRule kBuildingRules[] = {
    {"name", ValueType::text},
    {.name = "outline", .type = ValueType::outline, .is_needed = true},
    {"levels", ValueType::whole_number, 1, kBuildingLevelsMax, "levels"},
    {"height_m", ValueType::number, kBuildingHeightMinM, kBuildingHeightMaxM, "m"},
    {.name = "roof", .type = ValueType::word, .words = city::words_of<RoofShape>},
    {"roof_height_m", ValueType::number, 0, 60, "m"},
    {.name = "use", .type = ValueType::word, .words = city::words_of<BuildingUse>},
    {"homes", ValueType::whole_number, 0, 20'000, "homes"},
    {"people", ValueType::whole_number, 0, 50'000, "people"},
    {"jobs", ValueType::whole_number, 0, 100'000, "jobs"},
};

Value building_value(const city::City& city, const city::Feature& feature, std::size_t property) {
  const Building& b = city.building(feature);
  switch (property) {
    case kBuildingName: return text_value(city.text(feature.name));
    case kBuildingOutline: return shape_value(city, feature);
    case kBuildingLevels: return b.levels == 0 ? Value{} : Value{static_cast<double>(b.levels)};
    case kBuildingHeight: return static_cast<double>(b.height_m);
    case kBuildingRoof: return std::string(city::word_for(b.roof));
    case kBuildingRoofHeight: return static_cast<double>(b.roof_height_m);
    case kBuildingUse: return std::string(city::word_for(b.use));
    case kBuildingHomes: return static_cast<double>(b.homes);
    case kBuildingPeople: return static_cast<double>(b.people);
    case kBuildingJobs: return static_cast<double>(b.jobs);
    default: return {};
  }
}

bool has_flat_roof(RoofShape roof) { return roof == RoofShape::flat || roof == RoofShape::unknown; }

// Height and levels follow each other where only one is written; roofs that rise take a level's height unless told.
void size_building(const ObjectView& object, Building& b) {
  const bool is_new = object.feature() == nullptr;
  write_word(object, kBuildingRoof, b.roof);
  if (is_new && object.get_written<std::string>(kBuildingRoof) == nullptr) b.roof = RoofShape::flat;
  write_number(object, kBuildingRoofHeight, b.roof_height_m);
  if (object.get_written<std::string>(kBuildingRoof) != nullptr && object.get_written<double>(kBuildingRoofHeight) == nullptr)
    b.roof_height_m = has_flat_roof(b.roof) ? 0.0f : static_cast<float>(kLevelHeightM);
  const auto* levels = object.get_written<double>(kBuildingLevels);
  const auto* height = object.get_written<double>(kBuildingHeight);
  write_number(object, kBuildingLevels, b.levels);
  write_number(object, kBuildingHeight, b.height_m);
  if (levels != nullptr && height == nullptr)
    b.height_m = static_cast<float>(b.min_height_m + *levels * kLevelHeightM + b.roof_height_m);
  if (height != nullptr && levels == nullptr)
    b.levels = static_cast<std::uint16_t>(std::max(1.0, (*height - b.min_height_m - b.roof_height_m) / kLevelHeightM));
  if (is_new && levels == nullptr && height == nullptr) {
    b.levels = 2;
    b.height_m = static_cast<float>(2 * kLevelHeightM + b.roof_height_m);
    b.estimated |= city::kHeightEstimated | city::kLevelsEstimated;
    return;
  }
  if (levels != nullptr || height != nullptr) {
    b.estimated = static_cast<std::uint8_t>(b.estimated & ~(city::kHeightEstimated | city::kLevelsEstimated));
    b.estimated |= levels == nullptr ? city::kLevelsEstimated : height == nullptr ? city::kHeightEstimated : 0;
  }
}

bool changes_body(const ObjectView& object) {
  for (const std::size_t property : {kBuildingOutline, kBuildingLevels, kBuildingHeight, kBuildingRoof, kBuildingRoofHeight})
    if (object.written(property) != nullptr) return true;
  return false;
}

Building building_of(const ObjectView& object) {
  Building b = object.feature() == nullptr ? Building{} : object.base().building(*object.feature());
  size_building(object, b);
  write_word(object, kBuildingUse, b.use);
  const bool changes_floor = changes_body(object) || object.written(kBuildingUse) != nullptr || object.feature() == nullptr;
  if (changes_floor) {
    const auto outline = object.get<Shape>(kBuildingOutline);
    city::estimate_people(b, outline ? area_m2(*outline) : 0);
  }
  write_number(object, kBuildingHomes, b.homes);
  write_number(object, kBuildingPeople, b.people);
  write_number(object, kBuildingJobs, b.jobs);
  if (changes_body(object)) b.has_parts = false;  // Its old parts would stand in the new body.
  return b;
}

base::Result<void> check_building(const ObjectView& object) {
  const Building b = building_of(object);
  if (b.height_m <= b.min_height_m + b.roof_height_m && b.roof_height_m > 0)
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("roof_height_m: a roof of {:.1f} m would leave no walls in a building of {:.1f} m",
                                  b.roof_height_m, b.height_m - b.min_height_m));
  const auto* levels = object.get_written<double>(kBuildingLevels);
  const auto* height = object.get_written<double>(kBuildingHeight);
  if (levels != nullptr && height != nullptr) {
    const double each_m = (b.height_m - b.min_height_m - b.roof_height_m) / *levels;
    if (each_m < kLevelHeightMinM || each_m > kLevelHeightMaxM)
      return base::fail(
          base::ErrorCode::bad_input,
          fmt::format("levels: {:.0f} levels in {:.1f} m would be {:.1f} m each; {:.1f} m to {:.0f} m are possible", *levels,
                      *height, each_m, kLevelHeightMinM, kLevelHeightMaxM));
  }
  const double homes = b.homes;
  if (object.get_written<double>(kBuildingPeople) != nullptr && b.people > 0 && homes > 0 && b.people > homes * 20)
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("people: {} people in {} homes would be {:.0f} in each; 20 is the most here", b.people,
                                  b.homes, b.people / homes));
  return {};
}

void put_building(const ObjectView& object, city::CityPatch& patch) {
  const Building b = building_of(object);
  if (object.feature() != nullptr && object.base().building(*object.feature()).has_parts && !b.has_parts) {
    const city::City& base = object.base();
    const auto own = base.find(object.id().feature());
    base.index().visit_box(object.feature()->box.grown_by(1), [&](city::FeatureIndex i) {
      const city::Feature& part = base.feature(i);
      if (part.id.kind() == city::FeatureKind::building_part && base.building(part).parent == own) patch.remove(part.id);
    });
  }
  patch.put(object.id().feature(), geometry_for(object, kBuildingOutline, patch), name_for(object, kBuildingName, patch), b,
            attributes_for(object, {}, patch));
}

}  // namespace

constinit const Family kBuildingFamily{static_cast<std::uint8_t>(city::FeatureKind::building),
                                       "building",
                                       kBuildingRules,
                                       building_value,
                                       check_building,
                                       put_building};

}  // namespace citiverse::plan
