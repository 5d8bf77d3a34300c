// What a query asks, whether by the parameters of a GET or by the body of a POST (ETSI GS CIM 009
// V1.9.1, 5.7.2, 6.4.3.2, 6.23).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/projection.h"
#include "twin/query/entity_order.h"
#include "twin/query/entity_query.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kPageDefault = 20;
inline constexpr std::size_t kPageMax = 1'000;
inline constexpr std::size_t kOffsetMax = 10'000'000;
inline constexpr std::size_t kSelectorsMax = 64;
inline constexpr std::size_t kSelectorIdsMax = 1'000;
inline constexpr std::size_t kJoinLevelMax = 5;

enum class Join : std::uint8_t { none, flat, inline_ };

/// 4.5.23: whether and how far relationships are followed.
struct JoinRequest {
  Join join = Join::none;
  std::size_t level = 1;
  std::vector<std::string> contained_by;
};
/// Fails as BadRequestData.
Answered<JoinRequest> read_join(const Asked& asked);

struct QueryRequest {
  twin::EntityQuery query;
  ChosenForm form;
  std::optional<twin::EntityOrder> order;
  std::size_t limit = kPageDefault;
  std::size_t offset = 0;
  bool counts = false;
  JoinRequest join;
};

/// Reads everything from `asked.query`; `selectors` are those of a body, to which those of parameters are added.
/// Fails as BadRequestData naming the parameter and the place in it, or TooManyResults.
Answered<QueryRequest> read_query_request(const NgsiLdApi& api, const Asked& asked,
                                          std::vector<twin::EntitySelector> selectors);

/// The members of a body of type Query (5.2.23) as parameters of `asked`, and its selectors (5.2.33).
Answered<std::vector<twin::EntitySelector>> take_query_body(const NgsiLdApi& api, base::JsonValue body, Asked& asked);

/// One selector of "entities". Fails: bad_input, naming the member.
base::Result<twin::EntitySelector> read_selector(base::JsonValue json, const twin::Terms& terms);
/// The members of a GeoQuery (5.2.13) in a body.
base::Result<twin::GeoQuery> read_geo_query(base::JsonValue json, const twin::Terms& terms);

}  // namespace citiverse::api::ngsi_ld
