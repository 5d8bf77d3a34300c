// Any bytes as a `q`: reading and asking must end, and never fall.
#include <cstddef>
#include <cstdint>

#include "twin/query/q_match.h"
#include "twin/query/q_parser.h"
#include "twin/query/query_test_city.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::twin;
  static TestWorld world;
  static const EntityPtr entity =
      world.entity("urn:x:1", "T",
                   {world.attribute("a", 20.0), world.attribute("b", std::string("text")),
                    world.attribute("c", Json{R"({"d":{"e":[1,"x",null]},"en":"red"})"}),
                    world.attribute("l", Json{R"({"en":"red","fr":["rouge"]})"}, AttributeKind::language_property),
                    world.attribute("r", std::string("urn:x:1"), AttributeKind::relationship)});
  const PlainTerms terms(world.names);
  const auto q = parse_q({reinterpret_cast<const char*>(data), size}, terms);
  if (q) matches(*q, *entity, {world.names, [](std::string_view id) { return id == "urn:x:1" ? entity : nullptr; }});
  return 0;
}
