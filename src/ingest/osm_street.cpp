// Streets, paths and rails: OSM wiki "Key:highway", "Key:access", "Key:oneway", "Key:lanes", "Key:sidewalk", "Key:cycleway".
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ingest/osm_mapping.h"
#include "ingest/osm_values.h"

namespace citiverse::ingest {
namespace {

using city::StreetClass;

constexpr double kStreetWidthMaxM = 100;
constexpr int kLanesMax = 16;

struct ClassRow {
  std::string_view value;
  StreetClass street_class;
  std::uint8_t modes;       // Usual, where no access tag says otherwise.
  std::uint16_t speed_kmh;  // Usual in a city.
  std::uint8_t lanes;       // Both ways together.
  float lane_width_m;       // For paths: the whole width.
  bool has_pavement;
};
using city::kBus;
using city::kCycle;
using city::kDrive;
using city::kWalk;
constexpr std::uint8_t kAll = kWalk | kCycle | kDrive | kBus;
constexpr std::uint8_t kMotor = kDrive | kBus;
constexpr ClassRow kClasses[] = {
    {"motorway", StreetClass::motorway, kMotor, 110, 4, 3.6f, false},
    {"motorway_link", StreetClass::motorway, kMotor, 60, 1, 3.6f, false},
    {"trunk", StreetClass::trunk, kAll, 80, 4, 3.5f, false},
    {"trunk_link", StreetClass::trunk, kAll, 50, 1, 3.5f, false},
    {"primary", StreetClass::primary, kAll, 50, 2, 3.4f, true},
    {"primary_link", StreetClass::primary, kAll, 50, 1, 3.4f, true},
    {"secondary", StreetClass::secondary, kAll, 50, 2, 3.25f, true},
    {"secondary_link", StreetClass::secondary, kAll, 50, 1, 3.25f, true},
    {"tertiary", StreetClass::tertiary, kAll, 50, 2, 3.1f, true},
    {"tertiary_link", StreetClass::tertiary, kAll, 50, 1, 3.1f, true},
    {"unclassified", StreetClass::residential, kAll, 50, 2, 3.0f, false},
    {"residential", StreetClass::residential, kAll, 50, 2, 2.75f, true},
    {"road", StreetClass::residential, kAll, 50, 2, 2.75f, false},
    {"living_street", StreetClass::living_street, kAll, 10, 1, 4.5f, false},
    {"service", StreetClass::service, kAll, 20, 1, 3.5f, false},
    {"pedestrian", StreetClass::pedestrian, kWalk, 5, 0, 5.0f, false},
    {"track", StreetClass::track, kAll, 15, 1, 2.5f, false},
    {"cycleway", StreetClass::cycleway, kCycle, 20, 0, 2.0f, false},
    {"footway", StreetClass::footway, kWalk, 5, 0, 2.0f, false},
    {"path", StreetClass::path, kWalk | kCycle, 5, 0, 1.5f, false},
    {"bridleway", StreetClass::path, kWalk, 5, 0, 1.5f, false},
    {"steps", StreetClass::steps, kWalk, 3, 0, 2.0f, false},
    {"busway", StreetClass::busway, kBus, 50, 1, 3.5f, false},
    {"bus_guideway", StreetClass::busway, kBus, 50, 1, 3.0f, false},
    {"corridor", StreetClass::corridor, kWalk, 5, 0, 2.0f, false},
    {"construction", StreetClass::construction, 0, 30, 1, 3.0f, false},
};

bool is_path(StreetClass c) {
  return c == StreetClass::cycleway || c == StreetClass::footway || c == StreetClass::path || c == StreetClass::steps ||
         c == StreetClass::corridor || c == StreetClass::pedestrian;
}

// Adds or takes modes by one access key. "private" and the like still let its residents in: driving networks use them at the
// ends of a route, so they stay only for walking and cycling where no sign forbids it.
void apply_access(std::string_view value, std::uint8_t modes, std::uint8_t& allowed) {
  if (value.empty()) return;
  if (is_any(value, "no", "private", "use_sidepath", "forestry", "agricultural", "military", "restricted", "emergency"))
    allowed &= static_cast<std::uint8_t>(~modes);
  else
    allowed |= modes;
}

std::uint8_t allowed_modes(const OsmTags& tags, std::uint8_t usual) {
  std::uint8_t allowed = usual;
  const auto access = tags["access"];
  if (is_any(access, "no", "private", "military")) allowed = 0;
  apply_access(tags["vehicle"], kCycle | kMotor, allowed);
  // A general "vehicle" or "motor_vehicle" permission opens a path for them only where it is said outright.
  apply_access(tags["motor_vehicle"], kMotor, allowed);
  apply_access(tags["motorcar"], kDrive, allowed);
  apply_access(tags["psv"], kBus, allowed);
  apply_access(tags["bus"], kBus, allowed);
  apply_access(tags["bicycle"], kCycle, allowed);
  apply_access(tags["foot"], kWalk, allowed);
  if (tags.is("motorroad", "yes")) allowed &= kMotor;
  return allowed;
}

void read_directions(const OsmTags& tags, const ClassRow& row, city::Street& s) {
  const std::uint8_t allowed = allowed_modes(tags, row.modes);
  s.forward = s.backward = allowed;
  const auto oneway = tags["oneway"];
  s.is_roundabout = is_any(tags["junction"], "roundabout", "circular");
  const bool implied = s.is_roundabout || row.street_class == StreetClass::motorway;
  const bool against = is_any(oneway, "-1", "reverse");
  const bool along = is_any(oneway, "yes", "1", "true") || (implied && oneway != "no" && !against);
  constexpr std::uint8_t vehicles = kCycle | kMotor;
  std::uint8_t& closed = against ? s.forward : s.backward;
  if (along || against) {
    closed &= static_cast<std::uint8_t>(~vehicles);
    const auto side = tags["cycleway"];
    const bool contraflow = tags.is("oneway:bicycle", "no") || side.starts_with("opposite") ||
                            tags["cycleway:left"].starts_with("opposite") || tags["cycleway:right"].starts_with("opposite") ||
                            tags.is("cycleway:left:oneway", "no") || tags.is("cycleway:left:oneway", "-1");
    if (contraflow && (allowed & kCycle) != 0) closed |= kCycle;
    const bool bus_contraflow =
        tags.is("oneway:bus", "no") || tags.is("oneway:psv", "no") || is_any(tags["busway"], "opposite_lane");
    if (bus_contraflow && (allowed & kBus) != 0) closed |= kBus;
  } else if (tags.is("oneway:bicycle", "yes")) {
    s.backward &= static_cast<std::uint8_t>(~kCycle);
  }
  if (tags.is("oneway:foot", "yes")) s.backward &= static_cast<std::uint8_t>(~kWalk);
}

int lane_count(std::string_view value, std::string_view reason, ValueFaults& faults) {
  if (value.empty()) return -1;
  const auto lanes = number_from(value);
  if (!lanes || *lanes < 0 || *lanes > kLanesMax) {
    faults.push_back({reason, "estimated from its class instead", value});
    return -1;
  }
  return static_cast<int>(std::lround(*lanes));
}

void read_lanes(const OsmTags& tags, const ClassRow& row, city::Street& s, ValueFaults& faults) {
  constexpr std::string_view reason = "lanes that are no count from 0 to 16";
  if (row.lanes == 0 || ((s.forward | s.backward) & kMotor) == 0) return;
  const bool forward_only = (s.backward & kMotor) == 0;
  const bool backward_only = (s.forward & kMotor) == 0;
  int total = lane_count(tags["lanes"], reason, faults);
  int forward = lane_count(tags["lanes:forward"], reason, faults);
  int backward = lane_count(tags["lanes:backward"], reason, faults);
  if (total < 0 && forward < 0 && backward < 0) {
    s.estimated |= city::kLanesEstimated;
    total = forward_only || backward_only ? std::max(1, row.lanes / 2) : row.lanes;
  }
  if (forward_only || backward_only) {
    (forward_only ? s.lanes_forward : s.lanes_backward) = static_cast<std::uint8_t>(std::max({1, total, forward, backward}));
    return;
  }
  if (forward < 0) forward = backward >= 0 && total > backward ? total - backward : (total + 1) / 2;
  if (backward < 0) backward = total > forward ? total - forward : total / 2;
  s.lanes_forward = static_cast<std::uint8_t>(std::clamp(forward, 0, kLanesMax));
  s.lanes_backward = static_cast<std::uint8_t>(std::clamp(backward, 0, kLanesMax));
}

void read_width(const OsmTags& tags, const ClassRow& row, city::Street& s, ValueFaults& faults) {
  for (const auto value : {tags["width:carriageway"], tags["width"], tags["est_width"]}) {
    if (value.empty()) continue;
    const auto width = length_m_from(value);
    if (width && *width > 0 && *width <= kStreetWidthMaxM) {
      s.width_m = static_cast<float>(*width);
      return;
    }
    faults.push_back({"width that is no length from 0 to 100 m", "estimated from its class instead", value});
  }
  s.estimated |= city::kWidthEstimated;
  const int lanes = s.lanes_forward + s.lanes_backward;
  s.width_m = lanes > 0 ? static_cast<float>(lanes) * row.lane_width_m : row.lane_width_m;
  // One lane both ways is driven by swerving: nobody builds it under 3.5 m.
  if (lanes == 1 && s.forward != 0 && s.backward != 0) s.width_m = std::max(s.width_m, 3.5f);
}

void read_speed(const OsmTags& tags, const ClassRow& row, city::Street& s, ValueFaults& faults) {
  for (const auto value : {tags["maxspeed"], tags["maxspeed:forward"], tags["maxspeed:type"], tags["source:maxspeed"]}) {
    if (value.empty() || is_any(value, "signals", "variable", "sign")) continue;
    if (const auto speed = speed_kmh_from(value)) {
      s.speed_kmh = *speed;
      return;
    }
    if (value == tags["maxspeed"]) faults.push_back({"speed that is no speed", "estimated from its class instead", value});
  }
  s.estimated |= city::kSpeedEstimated;
  s.speed_kmh = row.speed_kmh;
}

void read_pavements(const OsmTags& tags, const ClassRow& row, city::Street& s) {
  constexpr float usual_m = 1.8f;
  const auto side = [&](std::string_view own, std::string_view both, std::string_view word) {
    if (!own.empty()) return own == "yes" ? usual_m : 0.0f;
    return both == "both" || both == "yes" || both == word ? usual_m : 0.0f;
  };
  const auto both =
      tags.has("sidewalk:both") ? (tags.is("sidewalk:both", "yes") ? std::string_view("both") : "no") : tags["sidewalk"];
  const auto left = tags["sidewalk:left"];
  const auto right = tags["sidewalk:right"];
  if (both.empty() && left.empty() && right.empty()) {
    s.estimated |= city::kPavementEstimated;
    const bool built = s.structure == city::Structure::ground || s.structure == city::Structure::bridge;
    s.pavement_left_m = s.pavement_right_m = row.has_pavement && built ? usual_m : 0.0f;
    return;
  }
  s.pavement_left_m = side(left, both, "left");
  s.pavement_right_m = side(right, both, "right");
  for (const auto& [key, field] : {std::pair{TagKey("sidewalk:left:width"), &s.pavement_left_m},
                                   std::pair{TagKey("sidewalk:right:width"), &s.pavement_right_m},
                                   std::pair{TagKey("sidewalk:width"), &s.pavement_left_m}}) {
    const auto width = length_m_from(tags[key]);
    if (*field > 0 && width && *width > 0 && *width < 30) *field = static_cast<float>(*width);
  }
}

}  // namespace

std::optional<city::Street> street_from(const OsmTags& tags, ValueFaults& faults) {
  const auto highway = tags["highway"];
  const auto* row =
      std::find_if(std::begin(kClasses), std::end(kClasses), [&](const ClassRow& r) { return r.value == highway; });
  if (row == std::end(kClasses)) return std::nullopt;
  city::Street s;
  s.street_class = row->street_class;
  s.structure = structure_from(tags);
  s.layer = layer_from(tags);
  s.surface = surface_from(tags["surface"]);
  s.is_lit = tags.says_yes("lit");
  read_directions(tags, *row, s);
  read_lanes(tags, *row, s, faults);
  read_width(tags, *row, s, faults);
  read_speed(tags, *row, s, faults);
  if (!is_path(s.street_class)) read_pavements(tags, *row, s);
  return s;
}

std::optional<city::Rail> rail_from(const OsmTags& tags, ValueFaults& faults) {
  const auto railway = tags["railway"];
  city::Rail r;
  if (railway == "rail")
    r.rail_class = city::RailClass::rail;
  else if (railway == "light_rail")
    r.rail_class = city::RailClass::light_rail;
  else if (railway == "tram")
    r.rail_class = city::RailClass::tram;
  else if (railway == "subway")
    r.rail_class = city::RailClass::subway;
  else if (railway == "funicular")
    r.rail_class = city::RailClass::funicular;
  else if (railway == "monorail")
    r.rail_class = city::RailClass::monorail;
  else if (railway == "narrow_gauge" || railway == "miniature")
    r.rail_class = city::RailClass::narrow_gauge;
  else if (railway == "preserved")
    r.rail_class = city::RailClass::preserved;
  else
    return std::nullopt;
  r.structure = structure_from(tags);
  r.layer = layer_from(tags);
  r.is_service = tags.has("service");
  if (railway == "narrow_gauge") r.gauge_m = 1.0f;
  if (const auto gauge = tags["gauge"]; !gauge.empty()) {
    const auto mm = number_from(gauge);
    if (mm && *mm >= 100 && *mm <= 3000) {
      r.gauge_m = static_cast<float>(*mm / 1000.0);
    } else {
      faults.push_back({"gauge that is no number of millimetres from 100 to 3000", "the usual gauge is kept", gauge});
    }
  }
  return r;
}

city::Surface surface_from(std::string_view v) {
  using city::Surface;
  if (v.empty()) return Surface::unknown;
  if (is_any(v, "asphalt", "chipseal", "tartan", "acrylic")) return Surface::asphalt;
  if (v.starts_with("concrete") || v == "cement") return Surface::concrete;
  if (v.starts_with("paving_stones") || is_any(v, "paved", "bricks", "brick", "tiles", "interlock", "stone"))
    return Surface::paving;
  if (is_any(v, "sett", "cobblestone", "unhewn_cobblestone", "cobblestone:flattened")) return Surface::sett;
  if (is_any(v, "gravel", "fine_gravel", "pebblestone", "compacted", "rock", "shells")) return Surface::gravel;
  if (is_any(v, "ground", "dirt", "earth", "unpaved", "mud", "clay", "woodchips")) return Surface::ground;
  if (is_any(v, "grass", "grass_paver", "artificial_turf")) return Surface::grass;
  if (v == "sand") return Surface::sand;
  if (v == "wood") return Surface::wood;
  if (is_any(v, "metal", "metal_grid")) return Surface::metal;
  return Surface::unknown;
}

city::Structure structure_from(const OsmTags& tags) {
  if (tags.says_yes("bridge")) return city::Structure::bridge;
  if (tags.says_yes("tunnel")) {
    return is_any(tags["tunnel"], "building_passage", "covered", "avalanche_protector") ? city::Structure::covered
                                                                                        : city::Structure::tunnel;
  }
  if (tags.is("location", "underground")) return city::Structure::tunnel;
  if (tags.says_yes("covered") || tags.is("indoor", "yes") || tags.is("highway", "corridor")) return city::Structure::covered;
  return city::Structure::ground;
}

std::int8_t layer_from(const OsmTags& tags) {
  if (const auto layer = number_from(tags["layer"]))
    return static_cast<std::int8_t>(std::lround(std::clamp(*layer, -10.0, 10.0)));
  const auto structure = structure_from(tags);
  return structure == city::Structure::bridge ? 1 : structure == city::Structure::tunnel ? -1 : 0;
}

}  // namespace citiverse::ingest
