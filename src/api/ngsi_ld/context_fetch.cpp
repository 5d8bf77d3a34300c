// One request a document; how long it stays fresh is what its sender says.
#include "api/ngsi_ld/context_fetch.h"

#include <charconv>

#include <fmt/format.h>

namespace citiverse::api::ngsi_ld {
namespace {

std::chrono::seconds max_age_of(std::string_view cache_control) {
  const std::size_t at = cache_control.find("max-age=");
  std::int64_t seconds = 0;
  if (at != std::string_view::npos)
    std::from_chars(cache_control.data() + at + 8, cache_control.data() + cache_control.size(), seconds);
  return std::chrono::seconds(seconds > 0 && seconds < 31'536'000 ? seconds : 0);
}

}  // namespace

std::vector<std::string> usual_context_hosts() {
  return {"uri.etsi.org", "schema.org", "www.w3.org", "w3id.org", "smart-data-models.github.io", "raw.githubusercontent.com"};
}

FetchContext fetch_by_http(net::OutgoingPolicy policy) {
  auto client = std::make_shared<const net::HttpClient>(std::move(policy));
  return [client](std::string_view url) -> base::Result<Fetched> {
    net::OutgoingRequest request;
    request.url = url;
    request.accept = "application/ld+json, application/json;q=0.9";
    auto answer = client->send(request);
    if (!answer) return base::fail(base::ErrorCode::unavailable, "@context: " + answer.error().message);
    if (answer->status != 200)
      return base::fail(base::ErrorCode::unavailable, fmt::format("@context: its host answers with status {}", answer->status));
    return Fetched{std::move(answer->body), max_age_of(answer->cache_control)};
  };
}

}  // namespace citiverse::api::ngsi_ld
