// Rules never change while a node runs, so the answer is written once.
#include "api/rules/rule_routes.h"

#include <memory>

#include "api/live/live_json.h"
#include "api/routes.h"
#include "base/json_writer.h"
#include "twin/duration.h"

namespace citiverse::api::rules {
namespace {

using twin::rules::Rule;

constexpr std::string_view kHeatMethod = "https://www.wpc.ncep.noaa.gov/html/heatindex_equation.shtml";
constexpr std::string_view kAirMethod = "https://airindex.eea.europa.eu/AQI/index.html";

class RuleWriter {
 public:
  RuleWriter(base::JsonWriter& json, const twin::Names& names) : json_(json), names_(names) {}

  void write(const Rule& rule) {
    json_.begin_object().member("rule", rule.name).member_if_known("title", rule.title).member("kind", rule.kind());
    json_.member("of", short_of(rule.type)).member("becomes", short_of(rule.becomes));
    json_.member("becomes_iri", names_.text(rule.becomes));
    std::visit([&](const auto& how) { write_how(how); }, rule.how);
    json_.end_object();
  }

 private:
  std::string_view short_of(twin::NameId name) const { return short_name(names_.text(name)); }

  void begin_inputs() { json_.key("inputs").begin_array(); }
  void input(std::string_view part, twin::NameId attribute) {
    if (attribute == twin::kNoName) return;
    json_.begin_object().member("part", part).member("attribute", short_of(attribute)).end_object();
  }
  void end_inputs() { json_.end_array(); }

  void write_how(const twin::rules::Threshold& how) {
    begin_inputs();
    input("value", how.of);
    end_inputs();
    json_.key(how.is_above ? "above" : "below").number(how.limit, 9).key("clears").number(how.clears, 9);
  }
  void write_how(const twin::rules::RollingMean& how) {
    begin_inputs();
    input("value", how.of);
    end_inputs();
    json_.key("over_s").number(static_cast<double>(how.over_us) / 1e6, 6).key("decibels").boolean(how.is_level);
  }
  void write_how(const twin::rules::Count& how) {
    begin_inputs();
    end_inputs();
    json_.member_if_known("per", how.per).key("areas").integer(static_cast<std::int64_t>(how.areas.size()));
    if (how.where != twin::kNoName)
      json_.key("where").begin_object().member("attribute", short_of(how.where)).member("is", how.is).end_object();
  }
  void write_how(const twin::rules::HeatIndex& how) {
    begin_inputs();
    input("temperature", how.temperature);
    input("humidity", how.humidity);
    end_inputs();
    json_.member("method", kHeatMethod);
  }
  void write_how(const twin::rules::AirQuality& how) {
    begin_inputs();
    for (std::size_t i = 0; i < twin::rules::kPollutants; ++i)
      input(twin::rules::name_of(static_cast<twin::rules::Pollutant>(i)), how.pollutants[i]);
    end_inputs();
    json_.key("at_least").integer(how.at_least).member("method", kAirMethod);
  }

  base::JsonWriter& json_;
  const twin::Names& names_;
};

}  // namespace

void add_rule_routes(net::Router& router, const std::vector<Rule>& rules, const twin::Names& names) {
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().key("rules").begin_array();
  for (const Rule& each : rules) RuleWriter(json, names).write(each);
  json.end_array().end_object();
  net::Route route;
  route.access = net::kOpenToAll;
  route.pattern = "/api/v1/live/rules";
  route.make = [body = std::make_shared<const std::string>(std::move(body))](const net::Call&) {
    net::Reply reply = json_reply(*body);
    reply.cache_control = "no-cache";
    return reply;
  };
  router.add(std::move(route));
}

}  // namespace citiverse::api::rules
