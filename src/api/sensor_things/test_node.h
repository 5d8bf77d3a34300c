// A node for tests of the SensorThings routes: everybody may write, the clock stands, history is in a folder of its own, and
// the NGSI-LD door is open beside it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ngsi_ld/test_node.h"
#include "api/sensor_things/sensor_things_api.h"
#include "twin/history/feed.h"

namespace citiverse::api::sensor_things {

class SensorThingsTest : public testing::Test {
 protected:
  SensorThingsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sensor-things-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    auto opened = twin::history::History::open(
        {.folder = folder_, .clock = [this] { return node_.now_us; }, .waits_for_disk = false}, node_.store.names());
    EXPECT_TRUE(opened);
    history_ = std::move(*opened);
    twin::history::feed_history(node_.store, *history_);
    api_ = std::make_unique<SensorThingsApi>(SensorThingsApi{node_.twin, *history_, "http://example.org"});
    add_sensor_things_routes(node_.router, *api_);
  }
  ~SensorThingsTest() override {
    node_.store.flush();
    api_.reset();
    history_.reset();
    std::filesystem::remove_all(folder_);
  }

  net::Reply ask(net::Method method, std::string_view path, std::string_view body = {}, std::string query = {}) {
    for (char& c : query)
      if (c == ' ') c = '+';
    const std::string whole = "/sensorthings/v1.1" + std::string(path);
    net::Request request{.method = method, .path = whole, .query = query, .fields = {}, .body = body};
    request.content_type = body.empty() ? "" : "application/json";
    request.authorization = "Bearer test";
    request.host = host_;
    const net::Dispatched dispatched = net::dispatch(node_.router, node_.doorway, request);
    return dispatched.reply ? *dispatched.reply : net::make_reply(node_.router, dispatched, request);
  }
  net::Reply get(std::string_view path, std::string query = {}) { return ask(net::Method::get, path, {}, std::move(query)); }
  net::Reply post(std::string_view path, std::string_view body) { return ask(net::Method::post, path, body); }
  net::Reply patch(std::string_view path, std::string_view body) { return ask(net::Method::patch, path, body); }
  net::Reply remove(std::string_view path) { return ask(net::Method::delete_, path); }

  // The path of what was made, such as "/Things('…')", from its Location.
  static std::string path_of(const net::Reply& reply) {
    constexpr std::string_view kBegin = "Location: http://example.org/sensorthings/v1.1";
    const auto at = reply.fields.find(kBegin);
    if (at == std::string::npos) return "nothing was made: " + std::to_string(reply.status) + " " + reply.body;
    return reply.fields.substr(at + kBegin.size(), reply.fields.find('\r', at) - at - kBegin.size());
  }
  std::string made(std::string_view path, std::string_view body) { return path_of(post(path, body)); }
  // Between the quotation marks of a path.
  static std::string id_in(std::string_view path) {
    const auto begin = path.find('\'') + 1;
    return std::string(path.substr(begin, path.rfind('\'') - begin));
  }

  // One member of every entity of a collection, as compact JSON without the braces.
  std::string list(std::string_view path, std::string_view select, std::string query = {}) {
    query += (query.empty() ? "$select=" : "&$select=") + std::string(select);
    std::string out;
    const auto reply = get(path, query);
    const auto document = base::JsonDocument::parse(reply.body);
    if (!document || reply.status != 200) return std::to_string(reply.status) + " " + reply.body;
    const base::JsonValue value = document->root().find("value");
    for (std::size_t i = 0; i < value.size(); ++i) {
      const base::JsonValue member = value[i].find(select == "id" ? "@iot.id" : select);
      out += i > 0 ? ", " : "";
      if (member.text())
        out += *member.text();
      else if (member.number())
        out += fmt_number(*member.number());
      else
        out += "?";
    }
    return out;
  }
  static std::string fmt_number(double number) {
    std::string text = std::to_string(number);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
  }

  // OGC 18-088, 10.2.1.2: an oven with its place and one Datastream with one Observation.
  std::string make_oven() {
    return made("/Things", R"({
      "name": "oven", "description": "This an oven with a temperature datastream.",
      "Locations": [{"name": "CCIT", "description": "Calgary Centre for Innovative Technologies",
                     "encodingType": "application/vnd.geo+json",
                     "location": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [10, 10]}}}],
      "Datastreams": [{
        "name": "oven temperature", "description": "This is a datastream for an oven's internal temperature.",
        "unitOfMeasurement": {"name": "degree Celsius", "symbol": "°C",
                              "definition": "http://unitsofmeasure.org/ucum.html#para-30"},
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "observedArea": {"type": "Polygon", "coordinates": [[[100, 0], [101, 0], [101, 1], [100, 1], [100, 0]]]},
        "phenomenonTime": "2009-01-11T16:22:25.00Z/2011-08-21T08:32:10.00Z",
        "Observations": [{"phenomenonTime": "2012-06-26T03:42:02-0600", "result": 70.4,
          "FeatureOfInterest": {"name": "CCIT #361", "description": "Noah's dad's office",
            "encodingType": "application/vnd.geo+json",
            "feature": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [10, 9]}}}}],
        "ObservedProperty": {"name": "DewPoint Temperature",
          "definition": "http://sweet.jpl.nasa.gov/ontology/property.owl#DewPointTemperature",
          "description": "The dewpoint temperature."},
        "Sensor": {"name": "DS18B20", "description": "DS18B20 is an air temperature sensor", "encodingType": "application/pdf",
          "metadata": "http://datasheets.maxim-ic.com/en/ds/DS18B20.pdf"}}]})");
  }
  // An entity of another door: a station with two measured values and one that is not.
  void add_station(std::string_view id = "urn:ngsi-ld:Station:1", double temperature = 21.5) {
    const auto reply =
        node_.post("/entities", R"({"id":")" + std::string(id) + R"(","type":"WeatherStation","name":"Port",
          "owner":{"type":"Property","value":"harbour office"},
          "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.42,43.73]}},
          "temperature":{"type":"Property","value":)" +
                                    fmt_number(temperature) + R"(,"unitCode":"CEL","observedAt":"2020-09-13T12:00:00Z"},
          "raining":{"type":"Property","value":false,"observedAt":"2020-09-13T12:00:00Z"}})");
    ASSERT_EQ(reply.status, 201) << reply.body;
    node_.store.flush();
  }
  // Results of the station, a minute each.
  void add_temperatures(std::initializer_list<double> values) {
    std::string rows;
    int minute = 1;
    for (const double each : values) {
      rows += (rows.empty() ? "[" : ",[") + std::string("\"2020-09-13T12:0") + std::to_string(minute);
      rows += ":00Z\"," + fmt_number(each) + "]";
      ++minute;
    }
    const auto reply = post("/CreateObservations", R"([{"Datastream":{"@iot.id":"urn:ngsi-ld:Station:1!temperature"},)"
                                                   R"("components":["phenomenonTime","result"],"dataArray":[)" +
                                                       rows + "]}]");
    ASSERT_EQ(reply.status, 201) << reply.body;
  }

  std::string host_;  // That requests are sent to.
  std::filesystem::path folder_;
  ngsi_ld::TestNode node_;
  std::unique_ptr<twin::history::History> history_;
  std::unique_ptr<SensorThingsApi> api_;
};

inline constexpr std::string_view kStationTemperature = "/Datastreams('urn:ngsi-ld:Station:1!temperature')";

}  // namespace citiverse::api::sensor_things
