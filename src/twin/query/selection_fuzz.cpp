// Any bytes as a type selection, a scope query and an order.
#include <cstddef>
#include <cstdint>

#include "twin/query/query_test_city.h"
#include "twin/query/scope_query.h"
#include "twin/query/type_selection.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::twin;
  static TestWorld world;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const PlainTerms terms(world.names);
  Entity entity;
  entity.types = {world.names.intern("T")};
  entity.scopes = {world.names.intern("/a/b")};
  if (const auto types = TypeSelection::parse(text, terms)) types->matches(entity), types->narrowing();
  if (const auto scopes = ScopeQuery::parse(text)) scopes->matches(entity, world.names);
  return 0;
}
