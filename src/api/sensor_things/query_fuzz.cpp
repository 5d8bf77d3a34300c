// Any bytes as query options of every kind of entity: what is taken stays within its limits.
#include <cstddef>
#include <cstdint>

#include "api/sensor_things/query.h"
#include "api/sensor_things/resource_path.h"
#include "base/check.h"

namespace {

using namespace citiverse::api::sensor_things;

std::size_t levels_of(const Query& query) {
  std::size_t most = 0;
  for (const Expand& each : query.expand) most = std::max(most, 1 + levels_of(each.query));
  return most;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto kind = static_cast<Kind>(data[0] % kKinds);
  for (const std::string_view option : {"$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count"}) {
    const auto query = read_query({{std::string(option), std::string(text)}}, kind);
    if (!query) continue;
    CITIVERSE_CHECK(levels_of(*query) <= kExpandDepthMax, "$expand is as deep as it may be");
    CITIVERSE_CHECK(query->top.value_or(0) <= kTopMax && query->skip <= kSkipMax, "pages are bounded");
  }
  (void)parse_resource_path(text);
  return 0;
}
