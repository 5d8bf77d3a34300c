// Any bytes as a mapping, and as a message by a fixed one: neither reads beyond its text, and ids that come out are URIs.
#include <cstddef>
#include <cstdint>

#include "api/feeds/intake.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace citiverse::api::feeds;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);  // NOLINT: bytes are characters here.
  citiverse::twin::Names names;
  constexpr std::string_view kMapping = R"({"rules":[{"rule":"r","post":true,"each":"$[*]","id":"urn:a:{$.id}","type":"$.t",
    "source":"s","location":{"geometry":"$.g"},"observed_at":"$.o",
    "name":"$.n","attributes":{"{$.a}":{"value":"$.v","unit":"$.u"}}}]})";
  static const auto mapping = read_mapping(kMapping, "fixed", names);
  CITIVERSE_CHECK(mapping.has_value(), "the fixed mapping is right");
  const Mapper mapper(names, {});
  for (const auto payload : {Payload::json, Payload::text, Payload::csv, Payload::gtfs_realtime}) {
    Rule rule = mapping->rules[0];
    rule.payload = payload;
    const auto intake = mapper.map(rule, text, {}, 1'767'225'600'000'000, 100);
    if (!intake) continue;
    CITIVERSE_CHECK(intake->reports.size() + intake->refused == intake->rows, "each row is taken or refused");
    for (const auto& report : intake->reports) CITIVERSE_CHECK(report.id.starts_with("urn:a:"), "ids keep their beginning");
  }
  const auto read = read_mapping(text, "fuzz", names);
  if (!read) return 0;
  for (const Rule& rule : read->rules) (void)mapper.map(rule, R"([{"id":1,"t":"T","v":2}])", {}, 0, 100);
  return 0;
}
