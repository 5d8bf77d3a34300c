// The tenants' one rule, and the one place where an answer is held back until what it tells is durable.
#include "api/twin_api.h"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <utility>

#include "api/problem.h"
#include "net/target.h"

namespace citiverse::api {

base::Result<twin::TenantId> tenant_to_read(const TwinApi& api, const net::Visitor& visitor, std::string_view name) {
  if (name.empty()) return twin::kDefaultTenant;
  if (!api.may_use_tenant(visitor, name))
    return base::fail(base::ErrorCode::denied, "tenant: only who holds a token for this tenant may use it");
  if (const auto found = api.store.find_tenant(name)) return *found;
  return base::fail(base::ErrorCode::not_found, "tenant: there is none of this name");
}

base::Result<twin::TenantId> tenant_to_write(const TwinApi& api, const net::Visitor& visitor, std::string_view name) {
  if (name.empty()) return twin::kDefaultTenant;
  if (!api.may_use_tenant(visitor, name))
    return base::fail(base::ErrorCode::denied, "tenant: only who holds a token for this tenant may use it");
  return api.store.tenant(name);
}

net::Reply write_and_answer(const TwinApi& api, twin::TenantId tenant, std::span<const twin::Write> writes,
                            const std::function<net::Reply(WriteResults)>& answer,
                            const std::function<net::Reply(const base::Error&)>& refuse) {
  // The disk may be ready before the answer is: both meet in `later`.
  struct Meeting {
    std::mutex mutex;
    std::optional<net::Reply> reply;
    std::optional<base::Result<void>> durable;
    std::shared_ptr<net::LaterReply> later;
  };
  const auto meeting = std::make_shared<Meeting>();
  auto written = api.store.write_soon(tenant, writes, [meeting, refuse](base::Result<void> durable) {
    std::shared_ptr<net::LaterReply> later;
    {
      const std::lock_guard lock(meeting->mutex);
      meeting->durable = std::move(durable);
      later = std::move(meeting->later);
    }
    if (later) later->give(*meeting->durable ? std::move(*meeting->reply) : refuse(meeting->durable->error()));
  });
  if (!written) return refuse(written.error());
  net::Reply reply = answer(*written);
  const std::lock_guard lock(meeting->mutex);
  if (meeting->durable) return *meeting->durable ? std::move(reply) : refuse(meeting->durable->error());
  meeting->reply = std::move(reply);
  meeting->later = std::make_shared<net::LaterReply>();
  net::Reply promise;
  promise.later = meeting->later;
  return promise;
}

namespace {

// Names of entities and attributes may be IRIs, which stand in one segment with their slashes escaped.
std::function<net::Reply(const net::Call&)> with_slashes(std::function<net::Reply(const net::Call&)> answer) {
  return [answer = std::move(answer)](const net::Call& call) {
    if (!call.request.path.contains(net::kEscapedSlash)) return answer(call);
    std::array<std::string, net::kPathParametersMax> plain;
    net::Call again = call;
    for (std::size_t i = 0; i < plain.size(); ++i) {
      plain[i] = call.parameters[i];
      std::ranges::replace(plain[i], net::kEscapedSlash, '/');
      again.parameters[i] = plain[i];
    }
    return answer(again);
  };
}

}  // namespace

void add_live_route(net::Router& router, LiveRoute route) {
  if (route.takes_iris) route.answer = with_slashes(std::move(route.answer));
  const bool only_reads = route.only_reads || route.method == net::Method::get;
  net::Route added;
  added.pattern = std::move(route.pattern);
  added.method = route.method;
  added.access =
      access_of(only_reads && !route.is_guarded ? identity::Permission::everyone : identity::Permission::write_live_values);
  added.body_bytes_max = route.is_batch && !only_reads ? kLiveBatchBytesMax : kLiveBodyBytesMax;
  added.only_reads = only_reads;
  added.takes_escaped_slashes = route.takes_iris;
  added.body_media_types = route.body_media_types;
  if (route.is_quick)
    added.quick = [answer = std::move(route.answer)](const net::Call& call) { return std::optional(answer(call)); };
  else
    added.make = std::move(route.answer);
  router.add(std::move(added));
}

}  // namespace citiverse::api
