// Streets and paths, new and old: cross-section, speed, one-way, closure, crossings, kerb, course.
#include <fmt/format.h>

#include "base/random.h"
#include "plan/all_families.h"
#include "plan/cross_section.h"
#include "plan/limits.h"
#include "plan/shapes.h"

namespace citiverse::plan {
namespace {

using city::Street;
using city::StreetClass;

enum StreetProperty : std::size_t {
  kStreetName,
  kStreetLine,
  kStreetClass,
  kStreetSection,
  kStreetSpeed,
  kStreetOneWay,
  kStreetClosure,
  kStreetCrossings,
  kStreetKerb,
  kStreetSurface,
  kStreetStructure,
  kStreetLit
};

constexpr std::array<std::string_view, 3> kOneWayWords{"no", "forward", "backward"};
constexpr std::array<std::string_view, 3> kClosureWords{"open", "no_cars", "closed"};
constexpr std::array<std::string_view, 3> kKerbWords{"raised", "lowered", "flush"};

constexpr PropertyRule kStreetRules[] = {
    {"name", ValueType::text},
    {.name = "line", .type = ValueType::line, .is_needed = true},
    {.name = "class", .type = ValueType::word, .words = city::words_of<StreetClass>},
    {"section", ValueType::section},
    {"speed_kmh", ValueType::whole_number, 3, kSpeedMaxKmh, "km/h"},
    {.name = "one_way", .type = ValueType::word, .words = [] { return std::span<const std::string_view>(kOneWayWords); }},
    {.name = "closure", .type = ValueType::word, .words = [] { return std::span<const std::string_view>(kClosureWords); }},
    {"crossings", ValueType::crossings},
    {.name = "kerb", .type = ValueType::word, .words = [] { return std::span<const std::string_view>(kKerbWords); }},
    {.name = "surface", .type = ValueType::word, .words = city::words_of<city::Surface>},
    {.name = "structure", .type = ValueType::word, .words = city::words_of<city::Structure>},
    {"lit", ValueType::boolean},
};

std::string_view one_way_of(const Street& s) {
  constexpr std::uint8_t kWheels = city::kDrive | city::kBus;
  const bool forward = (s.forward & kWheels) != 0;
  const bool backward = (s.backward & kWheels) != 0;
  return forward == backward ? kOneWayWords[0] : forward ? kOneWayWords[1] : kOneWayWords[2];
}

Value street_value(const city::City& city, const city::Feature& feature, std::size_t property) {
  const Street& s = city.street(feature);
  switch (property) {
    case kStreetName: return text_value(city.text(feature.name));
    case kStreetLine: return shape_value(city, feature);
    case kStreetClass: return std::string(city::word_for(s.street_class));
    case kStreetSection: return section_of(s);
    case kStreetSpeed: return static_cast<double>(s.speed_kmh);
    case kStreetOneWay: return std::string(one_way_of(s));
    case kStreetClosure: return std::string(kClosureWords[0]);
    case kStreetSurface: return std::string(city::word_for(s.surface));
    case kStreetStructure: return std::string(city::word_for(s.structure));
    case kStreetLit: return s.is_lit;
    default: return {};
  }
}

std::uint16_t usual_speed_kmh(StreetClass street_class) {
  switch (street_class) {
    case StreetClass::motorway: return 100;
    case StreetClass::trunk: return 70;
    case StreetClass::primary:
    case StreetClass::secondary:
    case StreetClass::tertiary:
    case StreetClass::busway: return 50;
    case StreetClass::living_street: return 7;
    case StreetClass::service:
    case StreetClass::track: return 20;
    case StreetClass::cycleway: return 25;
    case StreetClass::footway:
    case StreetClass::path:
    case StreetClass::steps:
    case StreetClass::pedestrian:
    case StreetClass::corridor: return 5;
    default: return 30;
  }
}

// A direction that is closed to wheels keeps bicycles where the section has a lane for them.
void close_direction(std::uint8_t& modes, const Section* section, LaneDirection direction) {
  bool has_cycle_lane = false;
  if (section != nullptr) {
    for (const Lane& lane : *section)
      has_cycle_lane |= lane.use == LaneUse::bicycle && (lane.direction == direction || lane.direction == LaneDirection::both);
  }
  modes &= static_cast<std::uint8_t>(~(city::kDrive | city::kBus | (has_cycle_lane ? 0 : city::kCycle)));
}

Street street_of(const ObjectView& object) {
  const bool is_new = object.feature() == nullptr;
  Street s = is_new ? Street{} : object.base().street(*object.feature());
  write_word(object, kStreetClass, s.street_class);
  const auto* section = object.get_written<Section>(kStreetSection);
  const auto* street_class = object.get_written<std::string>(kStreetClass);
  if (section != nullptr)
    set_street(*section, s);
  else if (is_new)
    set_street(usual_section(s.street_class), s);
  if (is_new || (street_class != nullptr && object.get_written<double>(kStreetSpeed) == nullptr)) {
    s.speed_kmh = usual_speed_kmh(s.street_class);
    s.estimated |= city::kSpeedEstimated;
  }
  if (const auto* speed = object.get_written<double>(kStreetSpeed)) {
    s.speed_kmh = static_cast<std::uint16_t>(*speed);
    s.estimated = static_cast<std::uint8_t>(s.estimated & ~city::kSpeedEstimated);
  }
  if (const auto* one_way = object.get_written<std::string>(kStreetOneWay)) {
    if (*one_way == kOneWayWords[0]) s.forward = s.backward = s.forward | s.backward;
    if (*one_way == kOneWayWords[1]) close_direction(s.backward, section, LaneDirection::backward);
    if (*one_way == kOneWayWords[2]) close_direction(s.forward, section, LaneDirection::forward);
    if (*one_way != kOneWayWords[0] && section == nullptr) {
      const auto lanes = static_cast<std::uint8_t>(std::max(1, s.lanes_forward + s.lanes_backward));
      s.lanes_forward = *one_way == kOneWayWords[1] ? lanes : 0;
      s.lanes_backward = *one_way == kOneWayWords[2] ? lanes : 0;
    }
  }
  if (const auto* closure = object.get_written<std::string>(kStreetClosure)) {
    const auto open_to = static_cast<std::uint8_t>(*closure == kClosureWords[0]   ? 0xFF
                                                   : *closure == kClosureWords[1] ? ~city::kDrive
                                                                                  : 0);
    s.forward &= open_to;
    s.backward &= open_to;
  }
  write_word(object, kStreetSurface, s.surface);
  write_word(object, kStreetStructure, s.structure);
  if (object.get_written<std::string>(kStreetStructure) != nullptr)
    s.layer = s.structure == city::Structure::bridge ? 1 : s.structure == city::Structure::tunnel ? -1 : 0;
  write_bool(object, kStreetLit, s.is_lit);
  return s;
}

std::unexpected<base::Error> bad_street(std::string message) {
  return base::fail(base::ErrorCode::bad_input, std::move(message));
}

base::Result<void> check_one_way(const ObjectView& object) {
  const auto* section = object.get_written<Section>(kStreetSection);
  const auto* one_way = object.get_written<std::string>(kStreetOneWay);
  if (section == nullptr || one_way == nullptr || *one_way == kOneWayWords[0]) return {};
  const LaneDirection against = *one_way == kOneWayWords[1] ? LaneDirection::backward : LaneDirection::forward;
  for (std::size_t i = 0; i < section->size(); ++i) {
    const Lane& lane = (*section)[i];
    if ((lane.use == LaneUse::drive || lane.use == LaneUse::bus) &&
        (lane.direction == against || lane.direction == LaneDirection::both))
      return bad_street(fmt::format("one_way: it is {}, but lane {} of the section ({}) goes {}", *one_way, i + 1,
                                    word_for(lane.use), word_for(lane.direction)));
  }
  return {};
}

base::Result<void> check_street(const ObjectView& object) {
  if (const auto* section = object.get_written<Section>(kStreetSection))
    if (auto good = check_section(*section); !good) return good;
  if (auto good = check_one_way(object); !good) return good;
  const Street s = street_of(object);
  if (s.street_class == StreetClass::living_street && s.speed_kmh > kLivingStreetSpeedMaxKmh)
    return bad_street(
        fmt::format("speed_kmh: {} km/h in a living street; {:.0f} km/h is the most where people walk on the carriageway",
                    s.speed_kmh, kLivingStreetSpeedMaxKmh));
  const auto line = object.get<Shape>(kStreetLine);
  const double length = line ? length_m(*line) : 0;
  if (const auto* crossings = object.get_written<std::vector<Crossing>>(kStreetCrossings)) {
    for (std::size_t i = 0; i < crossings->size(); ++i) {
      if ((*crossings)[i].at_m < 0 || (*crossings)[i].at_m > length)
        return bad_street(fmt::format("crossings: crossing {} lies at {:.1f} m of a street {:.1f} m long", i + 1,
                                      (*crossings)[i].at_m, length));
    }
  }
  return {};
}

std::string crossings_text(const std::vector<Crossing>& crossings) {
  std::string text;
  for (const Crossing& c : crossings) text += fmt::format("{}{} {:.4g}", text.empty() ? "" : " | ", word_for(c.kind), c.at_m);
  return text;
}

// The trees of each strip of trees; their ids follow from the street's.
void put_street_trees(const ObjectView& object, const Section& section, city::CityPatch& patch) {
  const auto line = object.get<Shape>(kStreetLine);
  if (!line) return;
  const Carriageway way = carriageway_of(section);
  double left = -(way.left_m + way.width_m / 2);  // The line is the carriageway's middle.
  for (std::size_t lane = 0; lane < section.size(); ++lane) {
    const double middle = left + section[lane].width_m / 2;
    left += section[lane].width_m;
    if (section[lane].use != LaneUse::trees) continue;
    const auto feet = points_beside(line->parts[0].points, middle, kStreetTreeSpacingM);
    for (std::size_t i = 0; i < feet.size(); ++i) {
      const std::uint64_t number = base::mix64(object.id().value ^ base::mix64(lane << 32 | i)) & ((1ull << 52) - 1);
      const auto id = city::FeatureId::of(city::FeatureKind::tree, city::IdSource::planned, number);
      city::Geometry geometry = patch.begin(city::GeometryType::point);
      patch.add_part(geometry, std::span(&feet[i], 1));
      const city::Attribute of[] = {{patch.text("plan"), patch.text("new")},
                                    {patch.text("street"), patch.text(to_string(object.id()))}};
      patch.put(id, geometry, {}, city::Tree{.leaf = city::LeafType::broadleaved}, of);
    }
  }
}

void put_street(const ObjectView& object, city::CityPatch& patch) {
  std::vector<KeyValue> more;
  const auto* section = object.get_written<Section>(kStreetSection);
  if (section != nullptr) more.push_back({"section", text_of(*section)});
  for (const std::size_t property : {kStreetOneWay, kStreetClosure, kStreetKerb})
    if (const auto* word = object.get_written<std::string>(property)) more.push_back({kStreetRules[property].name, *word});
  if (const auto* crossings = object.get_written<std::vector<Crossing>>(kStreetCrossings))
    more.push_back({"crossings", crossings_text(*crossings)});
  patch.put(object.id().feature(), geometry_for(object, kStreetLine, patch), name_for(object, kStreetName, patch),
            street_of(object), attributes_for(object, more, patch));
  if (section != nullptr) put_street_trees(object, *section, patch);
}

}  // namespace

constinit const Family kStreetFamily{
    static_cast<std::uint8_t>(city::FeatureKind::street), "street", kStreetRules, street_value, check_street, put_street};

}  // namespace citiverse::plan
