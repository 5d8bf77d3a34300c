// Like a mapping, a rules file is wrong when the node starts, or it is right.
#include "api/rules/rules_file.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "api/feeds/mapping.h"
#include "api/feeds/mapping_reader.h"
#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/geometry_check.h"
#include "base/file.h"
#include "city/class_names.h"
#include "twin/duration.h"
#include "twin/report.h"

namespace citiverse::api::rules {
namespace {

using base::JsonValue;
using feeds::MappingObject;
using twin::rules::CountedArea;
using twin::rules::Rule;

constexpr std::size_t kAttributeBytesMax = 256;
constexpr std::size_t kTitleBytesMax = 120;
constexpr std::size_t kTextValueBytesMax = 200;
constexpr std::string_view kAreaTypeName = "CityArea";

class RuleDocument {
 public:
  RuleDocument(MappingObject object, twin::Names& names, const AreasOf& areas_of)
      : object_(std::move(object)), names_(names), terms_(names), areas_of_(areas_of) {}

  Rule read() {
    rule_.name = feeds::plain_name(object_, "rule");
    rule_.title = object_.text_or("title", kTitleBytesMax, "");
    rule_.type = name(object_, "of");
    rule_.becomes = name(object_, "becomes");
    if (rule_.becomes == terms_.location || rule_.becomes == terms_.anchor || rule_.becomes == terms_.name)
      object_.fail("becomes", "location, anchor and name are not derived; choose another name");
    read_how();
    object_.finish();
    return std::move(rule_);
  }

 private:
  twin::NameId name(MappingObject& object, std::string_view member) {
    const std::string text = object.text(member, kAttributeBytesMax);
    if (text.empty()) return twin::kNoName;
    if (const auto good = ngsi_ld::check_name(text); !good) object.fail(member, good.error().message);
    return names_.intern(feeds::expanded_name(text));
  }
  twin::NameId name_if_there(MappingObject& object, std::string_view member) {
    return object.has(member) ? name(object, member) : twin::kNoName;
  }

  void read_how() {
    using Read = void (RuleDocument::*)(MappingObject&);
    constexpr std::array<std::pair<std::string_view, Read>, 5> kHows{{
        {"threshold", &RuleDocument::read_threshold},
        {"rolling_mean", &RuleDocument::read_mean},
        {"count", &RuleDocument::read_count},
        {"heat_index", &RuleDocument::read_heat},
        {"air_quality_index", &RuleDocument::read_air},
    }};
    int hows = 0;
    for (const auto& [member, read] : kHows) {
      if (!object_.has(member)) continue;
      ++hows;
      MappingObject how = object_.object(member);
      (this->*read)(how);
      how.finish();
    }
    if (hows != 1)
      object_.fail("threshold", "say how by one of threshold, rolling_mean, count, heat_index and air_quality_index");
  }

  void read_threshold(MappingObject& how) {
    twin::rules::Threshold threshold;
    threshold.of = name(how, "value");
    threshold.is_above = how.has("above");
    if (threshold.is_above == how.has("below")) how.fail("above", "say one of above and below");
    threshold.limit = how.number_or(threshold.is_above ? "above" : "below", 0);
    threshold.clears = how.number_or("clears", threshold.limit);
    const bool is_good = threshold.is_above ? threshold.clears <= threshold.limit : threshold.clears >= threshold.limit;
    if (!is_good) how.fail("clears", "it clears on the other side of the limit, or there would be no rest");
    rule_.how = threshold;
  }

  void read_mean(MappingObject& how) {
    twin::rules::RollingMean mean;
    mean.of = name(how, "value");
    mean.is_level = how.boolean_or("decibels", false);
    const auto over = twin::parse_duration(how.text("over", kTextValueBytesMax));
    if (!over || over->months != 0 || over->us <= 0 || over->us > twin::rules::kWindowUsMax)
      how.fail("over", "a duration such as PT1H is needed, at most P7D");
    else
      mean.over_us = over->us;
    rule_.how = mean;
  }

  void read_heat(MappingObject& how) { rule_.how = twin::rules::HeatIndex{name(how, "temperature"), name(how, "humidity")}; }

  void read_air(MappingObject& how) {
    twin::rules::AirQuality air;
    int there = 0;
    for (std::size_t i = 0; i < twin::rules::kPollutants; ++i) {
      air.pollutants[i] = name_if_there(how, twin::rules::name_of(static_cast<twin::rules::Pollutant>(i)));
      there += air.pollutants[i] == twin::kNoName ? 0 : 1;
    }
    if (there == 0) how.fail("pm25", "name at least one of pm25, pm10, no2, o3 and so2");
    air.at_least = static_cast<int>(how.integer_or("at_least", 1, std::max(1, there), 1));
    rule_.how = air;
  }

  void read_count(MappingObject& how) {
    twin::rules::Count count;
    count.area_type = names_.intern(feeds::expanded_name(kAreaTypeName));
    if (how.has("where")) {
      MappingObject where = how.object("where");
      count.where = name(where, "attribute");
      count.is = where.text("is", kTextValueBytesMax);
      where.finish();
    }
    if (how.has("per") == how.has("within")) how.fail("per", "say one of per, a class of areas, and within, an area");
    if (how.has("per"))
      read_areas(how, count);
    else if (how.has("within"))
      count.areas.push_back(read_area(how));
    rule_.how = std::move(count);
  }

  void read_areas(MappingObject& how, twin::rules::Count& count) {
    std::vector<std::string_view> classes;
    for (int i = 0; i <= static_cast<int>(city::AreaClass::block); ++i)
      classes.push_back(city::name_of(static_cast<city::AreaClass>(i)));
    count.per = classes[how.choice_or("per", classes, classes.size() - 1)];
    if (areas_of_) count.areas = areas_of_(count.per);
    if (count.areas.size() > twin::rules::kAreasMax)
      how.fail("per",
               fmt::format("the city has {} of them; at most {} are counted in", count.areas.size(), twin::rules::kAreasMax));
    const auto has_any = [&](std::string_view area_class) { return areas_of_ && !areas_of_(area_class).empty(); };
    if (count.areas.empty() && areas_of_) {
      std::erase_if(classes, [&](std::string_view each) { return !has_any(each); });
      how.fail("per", fmt::format("the city has no areas of this class; it has {}",
                                  classes.empty() ? "none at all" : fmt::format("{}", fmt::join(classes, ", "))));
    }
  }

  CountedArea read_area(MappingObject& how) {
    CountedArea area;
    area.id = how.text_or("id", kAttributeBytesMax, "urn:ngsi-ld:CityArea:" + rule_.name);
    if (const auto good = ngsi_ld::check_uri("id", area.id); !good) how.fail("id", good.error().message);
    area.name = how.text_or("name", kTitleBytesMax, rule_.title);
    area.anchor = how.text_or("anchor", kAttributeBytesMax, "");
    const JsonValue geometry = how.value("within");
    if (const auto good = ngsi_ld::check_geometry(geometry); !good) {
      how.fail("within", good.error().message);
      return area;
    }
    const std::string_view type = geometry.find("type").text().value_or("");
    const JsonValue coordinates = geometry.find("coordinates");
    std::size_t positions = 0;
    const auto add_polygon = [&](JsonValue polygon) {
      for (std::size_t i = 0; i < polygon.size(); ++i) {
        auto& ring = area.rings.emplace_back();
        for (std::size_t j = 0; j < polygon[i].size() && ++positions <= kAreaPositionsMax; ++j)
          ring.push_back({polygon[i][j][0].number().value_or(0), polygon[i][j][1].number().value_or(0)});
      }
    };
    if (type == "Polygon")
      add_polygon(coordinates);
    else if (type == "MultiPolygon")
      for (std::size_t i = 0; i < coordinates.size(); ++i) add_polygon(coordinates[i]);
    else
      how.fail("within", "a Polygon or MultiPolygon of GeoJSON is needed");
    if (positions > kAreaPositionsMax) how.fail("within", fmt::format("at most {} positions", kAreaPositionsMax));
    area.bound();
    area.middle = {(area.box.west_deg + area.box.east_deg) / 2, (area.box.south_deg + area.box.north_deg) / 2};
    return area;
  }

  MappingObject object_;
  twin::Names& names_;
  twin::ReportTerms terms_;
  const AreasOf& areas_of_;
  Rule rule_;
};

CountedArea counted_area(const city::City& city, const city::Feature& feature) {
  CountedArea area;
  area.anchor = city::to_string(feature.id);
  area.id = "urn:ngsi-ld:CityArea:" + area.anchor;
  area.name = city.text(feature.name);
  const auto degrees = [&](geo::Vec2d at) {
    const geo::LatLon place = city.plane().to_lat_lon(at);
    return twin::LonLat{place.lon_deg, place.lat_deg};
  };
  area.middle = degrees(city.anchor(feature));
  for (const city::Part& part : city.parts(feature.geometry)) {
    auto& ring = area.rings.emplace_back();
    for (const geo::Vec2d vertex : city.vertices(part)) ring.push_back(degrees(vertex));
  }
  area.bound();
  return area;
}

}  // namespace

AreasOf areas_in(const city::City& city) {
  return [&city](std::string_view area_class) {
    std::vector<CountedArea> areas;
    const city::Run run = city.of_kind(city::FeatureKind::area);
    for (const city::Feature& each : city.features().subspan(run.first, run.count))
      if (city::name_of(city.area(each).area_class) == area_class && each.geometry.type == city::GeometryType::polygons)
        areas.push_back(counted_area(city, each));
    std::ranges::sort(areas, {}, &CountedArea::id);
    return areas;
  };
}

base::Result<std::vector<Rule>> read_rules(std::string_view text, std::string_view name, twin::Names& names,
                                           const AreasOf& areas_of) {
  const auto document = base::JsonDocument::parse(text);
  if (!document) {
    const std::string& message = document.error().message;
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("{}:{} {}", name, feeds::place_in_json_text(text, message), message));
  }
  MappingObject::Failure failure;
  MappingObject root(document->root(), fmt::format("{}: $", name), failure);
  if (!root.has("version")) root.fail("version", "it is missing; this form is 1");
  (void)root.integer_or("version", kRulesVersion, kRulesVersion, kRulesVersion);
  std::vector<Rule> rules;
  for (MappingObject& each : root.objects("rules", twin::rules::kRulesMax))
    rules.push_back(RuleDocument(std::move(each), names, areas_of).read());
  root.finish();
  if (failure.first) return std::unexpected(*std::move(failure.first));
  if (const auto problem = problem_among(rules, twin::ReportTerms(names).location))
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("{}: $.rules[{}].becomes: {}", name, problem->rule, problem->why));
  return rules;
}

base::Result<std::vector<Rule>> read_rules_file(const std::filesystem::path& file, twin::Names& names,
                                                const AreasOf& areas_of) {
  const auto text = base::read_file(file, kRulesBytesMax);
  if (!text) return std::unexpected(text.error());
  return read_rules(*text, file.filename().string(), names, areas_of);
}

}  // namespace citiverse::api::rules
