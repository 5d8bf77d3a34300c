// Bodies are written by hand into the request: the generator may not cost more than the node it measures.
#include "load/twin_requests.h"

#include <array>
#include <cmath>
#include <iterator>
#include <numbers>
#include <string_view>

#include <fmt/format.h>

namespace citiverse::load {
namespace {

constexpr double kMetresPerDegree = 111'320;
constexpr std::uint64_t kFirstMoment_s = 1'767'225'600;  // 2026-01-01T00:00:00Z
constexpr std::array<std::string_view, kTwinMeasuresMax> kTwinAttributes{"temperature", "humidity", "pm25", "noise"};

// A moment that moves on with each update, so that none is older than what is there.
void write_moment(std::uint64_t number, std::string& out) {
  const std::uint64_t s = number / 1'000 % 86'400;
  fmt::format_to(std::back_inserter(out), R"("observedAt":"2026-01-{:02}T{:02}:{:02}:{:02}.{:03}Z")", 1 + number / 86'400'000,
                 s / 3'600, s / 60 % 60, s % 60, number % 1'000);
}
void write_measured(std::string_view name, double value, std::string_view unit, std::uint64_t moment, std::string& out) {
  fmt::format_to(std::back_inserter(out), R"("{}":{{"type":"Property","value":{:.2f},"unitCode":"{}",)", name, value, unit);
  write_moment(moment, out);
  out += '}';
}

}  // namespace

std::uint64_t TwinRequests::draw(std::uint64_t number, std::uint64_t salt) const {
  // SplitMix64 (Steele, Lea & Flood 2014).
  std::uint64_t z = seed_ * 0x9E3779B97F4A7C15 + number * 0xBF58476D1CE4E5B9 + salt * 0x94D049BB133111EB;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}
double TwinRequests::longitude_of(std::uint64_t number) const {
  const double share = static_cast<double>(draw(number, 1) >> 11) * 0x1p-53 - 0.5;
  return place_.longitude_deg +
         share * place_.side_m / (kMetresPerDegree * std::cos(place_.latitude_deg * std::numbers::pi / 180));
}
double TwinRequests::latitude_of(std::uint64_t number) const {
  const double share = static_cast<double>(draw(number, 2) >> 11) * 0x1p-53 - 0.5;
  return place_.latitude_deg + share * place_.side_m / kMetresPerDegree;
}

void TwinRequests::write_head(std::string_view method, std::string_view target, std::size_t body_bytes,
                              std::string& out) const {
  fmt::format_to(std::back_inserter(out), "{} /ngsi-ld/v1/{} HTTP/1.1\r\nHost: {}\r\n", method, target, wire_.host);
  if (!wire_.token.empty()) fmt::format_to(std::back_inserter(out), "Authorization: Bearer {}\r\n", wire_.token);
  if (method != "GET")
    fmt::format_to(std::back_inserter(out), "Content-Type: application/json\r\nContent-Length: {}\r\n", body_bytes);
  out += "\r\n";
}

void TwinRequests::write_entity(std::uint64_t entity, std::string& out) const {
  fmt::format_to(std::back_inserter(out),
                 R"({{"id":"urn:ngsi-ld:Sensor:{:07}","type":"Sensor{}",)"
                 R"("location":{{"type":"GeoProperty","value":{{"type":"Point","coordinates":[{:.6f},{:.6f}]}}}},)"
                 R"("name":{{"type":"Property","value":"Sensor {}"}},)",
                 entity, entity % kTwinTypes, longitude_of(entity), latitude_of(entity), entity);
  for (std::uint64_t i = 0; i < size_.measures; ++i) {
    if (i != 0) out += ',';
    write_measured(kTwinAttributes[i], static_cast<double>(draw(entity, 10 + i) % 4'000) / 100, "CEL", 0, out);
  }
  out += '}';
}

void TwinRequests::write_create(std::uint64_t index, std::uint32_t batch, std::string& out) const {
  std::string body = "[";
  for (std::uint64_t i = index * batch; i < (index + 1) * batch && i < size_.entities; ++i) {
    if (body.size() > 1) body += ',';
    write_entity(i, body);
  }
  body += ']';
  write_head("POST", "entityOperations/create", body.size(), out);
  out += body;
}

void TwinRequests::write_batch_update(std::uint64_t index, std::uint32_t batch, std::string& out) const {
  std::string body = "[";
  for (std::uint64_t i = index * batch; i < (index + 1) * batch; ++i) {
    if (body.size() > 1) body += ',';
    const std::uint64_t entity = entity_of(i);
    fmt::format_to(std::back_inserter(body), R"({{"id":"urn:ngsi-ld:Sensor:{:07}","type":"Sensor{}",)", entity,
                   entity % kTwinTypes);
    write_measured(kTwinAttributes[i % size_.measures], static_cast<double>(draw(i, 3) % 4'000) / 100, "CEL", i / 40, body);
    body += '}';
  }
  body += ']';
  write_head("POST", "entityOperations/update", body.size(), out);
  out += body;
}

void TwinRequests::write_update(std::uint64_t index, std::string& out) const {
  std::string body = R"({"type":"Property","value":)";
  fmt::format_to(std::back_inserter(body), R"({:.2f},"unitCode":"CEL",)", static_cast<double>(draw(index, 4) % 4'000) / 100);
  write_moment(1'000'000 + index / 20, body);
  body += '}';
  const std::string target =
      fmt::format("entities/urn:ngsi-ld:Sensor:{:07}/attrs/{}", entity_of(index), kTwinAttributes[index % size_.measures]);
  write_head("PATCH", target, body.size(), out);
  out += body;
}

void TwinRequests::write_list(std::uint64_t index, std::string& out) const {
  write_head("GET", fmt::format("entities?type=Sensor{}&limit=20", draw(index, 5) % kTwinTypes), 0, out);
}

void TwinRequests::write_near(std::uint64_t index, std::string& out) const {
  const std::uint64_t point = draw(index, 6);
  write_head(
      "GET",
      fmt::format("entities?type=Sensor{}&georel=near;maxDistance==500&geometry=Point&coordinates=[{:.6f},{:.6f}]&limit=20",
                  point % kTwinTypes, longitude_of(point), latitude_of(point)),
      0, out);
}

}  // namespace citiverse::load
