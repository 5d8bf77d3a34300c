// Found by place: the source seldom says what stands where, the geometry does.
#include "api/related_json.h"

#include <algorithm>
#include <functional>

#include "api/nearest.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using city::City;
using city::Feature;
using city::FeatureIndex;
using city::FeatureKind;

constexpr double kStreetReachM = 150;

void write_list(JsonWriter& json, const CityModel& model, std::string_view name, std::vector<FeatureIndex> features,
                const SummaryView& view) {
  if (features.empty()) return;
  if (features.size() > kRelatedMax) features.resize(kRelatedMax);
  json.key(name).begin_array();
  for (const FeatureIndex feature : features) write_summary(json, model, feature, view);
  json.end_array();
}

// Features whose box meets that of `feature` and that `wanted` takes, in the city's order.
std::vector<FeatureIndex> meeting(const City& city, const Feature& feature, const std::function<bool(const Feature&)>& wanted) {
  std::vector<FeatureIndex> found;
  city.index().visit_box(feature.box, [&](std::uint32_t item) {
    if (wanted(city.feature(item))) found.push_back(item);
  });
  std::sort(found.begin(), found.end());
  return found;
}

// Named before unnamed, so that a limit drops the waste baskets first.
void names_first(const City& city, std::vector<FeatureIndex>& features) {
  std::stable_partition(features.begin(), features.end(), [&](FeatureIndex i) { return !city.feature(i).name.empty(); });
}

std::vector<FeatureIndex> places_in(const City& city, FeatureIndex index) {
  const Feature& feature = city.feature(index);
  auto places = meeting(city, feature, [&](const Feature& other) {
    return other.id.kind() == FeatureKind::place && city::contains(city, feature, city.anchor(other));
  });
  names_first(city, places);
  return places;
}

std::vector<FeatureIndex> parts_of(const City& city, FeatureIndex index) {
  return meeting(city, city.feature(index), [&](const Feature& other) {
    return other.id.kind() == FeatureKind::building_part && city.building(other).parent == index;
  });
}

std::vector<FeatureIndex> building_around(const City& city, const Feature& feature) {
  const geo::Vec2d anchor = city.anchor(feature);
  return meeting(city, feature, [&](const Feature& other) {
    return other.id.kind() == FeatureKind::building && city::contains(city, other, anchor);
  });
}

// Streets of other names that share a vertex with this one.
std::vector<FeatureIndex> crossings_of(const City& city, FeatureIndex index) {
  const Feature& street = city.feature(index);
  std::vector<geo::Vec2d> corners;
  for (const city::Part& part : city.parts(street.geometry)) {
    const auto vertices = city.vertices(part);
    corners.insert(corners.end(), vertices.begin(), vertices.end());
  }
  const auto before = [](geo::Vec2d a, geo::Vec2d b) { return a.x < b.x || (a.x == b.x && a.y < b.y); };
  std::sort(corners.begin(), corners.end(), before);
  std::vector<city::TextRef> names;
  return meeting(city, street, [&](const Feature& other) {
    if (other.id.kind() != FeatureKind::street || other.name.empty() || other.name == street.name) return false;
    if (std::find(names.begin(), names.end(), other.name) != names.end()) return false;
    for (const city::Part& part : city.parts(other.geometry)) {
      for (const geo::Vec2d& vertex : city.vertices(part)) {
        if (!std::binary_search(corners.begin(), corners.end(), vertex, before)) continue;
        names.push_back(other.name);
        return true;
      }
    }
    return false;
  });
}

// The stops of the course with most of them.
std::vector<FeatureIndex> stops_of(const City& city, const Feature& feature) {
  const city::Run patterns = city.line(feature).patterns;
  city::Run longest;
  for (std::uint32_t p = patterns.first; p < patterns.first + patterns.count; ++p) {
    if (city.columns().patterns[p].stops.count > longest.count) longest = city.columns().patterns[p].stops;
  }
  std::vector<FeatureIndex> stops;
  for (std::uint32_t s = longest.first; s < longest.first + longest.count; ++s) {
    if (city.columns().pattern_stops[s].stop != city::kNone) stops.push_back(city.columns().pattern_stops[s].stop);
  }
  return stops;
}

void write_departures(JsonWriter& json, const CityModel& model, FeatureIndex stop, const SummaryView& view,
                      const Moment& time) {
  const City& city = model.city();
  const auto departures = model.timetable().departures(stop, time.local, kDeparturesMax);
  if (departures.empty()) return;
  json.key("departures").begin_array();
  for (const Departure& departure : departures) {
    json.begin_object().key("line");
    write_summary(json, model, departure.line, view);
    if (departure.last_stop != city::kNone) {
      json.member_if_known("to", city.name_in(city.feature(departure.last_stop), view.language));
    }
    json.member("stop", city::to_string(city.feature(stop).id));
    const auto minutes = std::chrono::floor<std::chrono::minutes>(std::chrono::seconds(departure.in_s));
    json.member("time", model.clock().text(model.clock().at_local(time.local + minutes)));
    json.key("in_s").integer(departure.in_s).end_object();
  }
  json.end_array();
}

}  // namespace

void write_related(JsonWriter& json, const CityModel& model, FeatureIndex index, const SummaryView& view, const Moment& time) {
  const City& city = model.city();
  const Feature& feature = city.feature(index);
  const FeatureKind kind = feature.id.kind();
  const geo::Vec2d anchor = city.anchor(feature);
  json.begin_object();
  if (kind == FeatureKind::building_part && city.building(feature).parent != city::kNone) {
    json.key("parent");
    write_summary(json, model, city.building(feature).parent, view);
  }
  if (kind == FeatureKind::place || kind == FeatureKind::address) {
    if (const auto around = building_around(city, feature); !around.empty()) {
      json.key("building");
      write_summary(json, model, around.front(), view);
    }
  }
  if (kind == FeatureKind::building || kind == FeatureKind::place || kind == FeatureKind::address ||
      kind == FeatureKind::stop) {
    const Neighbour street =
        nearest_of(city, anchor, kStreetReachM, [&](const Feature& other) { return is_street_of_address(city, other); });
    if (street.feature != city::kNone) {
      json.key("street");
      write_summary(json, model, street.feature, view);
    }
  }
  if (kind == FeatureKind::building) write_list(json, model, "parts", parts_of(city, index), view);
  if (kind == FeatureKind::building || kind == FeatureKind::green || kind == FeatureKind::paved) {
    write_list(json, model, "places", places_in(city, index), view);
  }
  if (kind == FeatureKind::street && !feature.name.empty()) {
    write_list(json, model, "crossings", crossings_of(city, index), view);
  }
  if (kind == FeatureKind::line) write_list(json, model, "stops", stops_of(city, feature), view);
  if (kind == FeatureKind::stop) {
    write_list(json, model, "lines", model.timetable().lines_at(index), view);
    write_departures(json, model, index, view, time);
  }
  std::vector<FeatureIndex> areas = model.areas().holding(anchor);
  std::erase(areas, index);
  write_list(json, model, "areas", std::move(areas), view);
  json.end_object();
}

}  // namespace citiverse::api
