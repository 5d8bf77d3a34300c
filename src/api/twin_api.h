// What every route of the twin is given, whatever its standard: the store, whose tenant is asked, and answers that wait for the
// disk without a thread.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "api/identity_api.h"
#include "base/result.h"
#include "net/router.h"
#include "twin/store.h"

namespace citiverse::api {

inline constexpr std::size_t kLiveBatchBytesMax = net::kLargeBodyBytesMax;  ///< Body of a batch operation.
inline constexpr std::size_t kLiveBodyBytesMax = net::kBodyBytesMax;        ///< Body of any other write.
inline constexpr std::size_t kLiveBatchItemsMax = 10'000;                   ///< Entities of one batch operation.
/// Media types of bodies that speak JSON, for Route::body_media_types.
inline constexpr std::string_view kJsonLdBodies = "application/json, application/ld+json";
inline constexpr std::string_view kJsonPatchBodies = "application/json, application/ld+json, application/merge-patch+json";

/// Must outlive the router. Threads: safe.
struct TwinApi {
  twin::Store& store;
  /// Whether who asks may see and change a tenant other than the default one, which is open to all.
  std::function<bool(const net::Visitor& visitor, std::string_view tenant)> may_use_tenant;
};

/// The tenant of a name, "" being the default. Fails: denied; not_found when there is none of this name.
base::Result<twin::TenantId> tenant_to_read(const TwinApi& api, const net::Visitor& visitor, std::string_view name);
/// The same, made when it is missing. Fails: denied, bad_input, limit.
base::Result<twin::TenantId> tenant_to_write(const TwinApi& api, const net::Visitor& visitor, std::string_view name);

/// What writes come to, as a route tells it.
using WriteResults = std::span<const base::Result<twin::Written>>;
/// Writes, and answers with what `answer` makes of the results once they are as durable as the node promises; `answer` is
/// called before that, on this thread. `refuse` answers where nothing was taken: limit (ask again later) and unavailable. For
/// `quick` and `make` alike: no thread waits.
net::Reply write_and_answer(const TwinApi& api, twin::TenantId tenant, std::span<const twin::Write> writes,
                            const std::function<net::Reply(WriteResults)>& answer,
                            const std::function<net::Reply(const base::Error&)>& refuse);

/// A route of the twin that answers on a worker, or where `quick` is set on the connection's own thread. Writing ones need
/// Permission::write_live_values, reading ones are open.
struct LiveRoute {
  net::Method method = net::Method::get;
  std::string pattern;
  std::function<net::Reply(const net::Call&)> answer;
  bool is_quick = false;    ///< It takes microseconds, such as one entity by its id.
  bool is_batch = false;    ///< It takes bodies of up to kLiveBatchBytesMax.
  bool is_guarded = false;  ///< Reading, too, needs Permission::write_live_values.
  bool only_reads = false;  ///< A method that usually writes, such as a query by POST, and does not here.
  bool takes_iris = false;  ///< A parameter of its path may be an IRI, its slashes written as %2F.
  std::string_view body_media_types = kJsonLdBodies;
};
void add_live_route(net::Router& router, LiveRoute route);

}  // namespace citiverse::api
