// Types are the standard's, statuses HTTP's.
#include "api/ngsi_ld/refusals.h"

#include "api/ngsi_ld/ngsi_ld_api.h"
#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {

std::optional<net::Reply> tell_refusal(const net::Request& request, int status, std::string_view detail) {
  if (!request.path.starts_with(kBase)) return std::nullopt;
  const std::string_view below = request.path.substr(kBase.size());
  if (!below.empty() && below.front() != '/') return std::nullopt;
  net::Reply reply{.status = status};
  const bool is_missing = status == 404;
  base::JsonWriter json(reply.body);
  json.begin_object();
  json.member("type", is_missing ? "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound"
                                 : "https://uri.etsi.org/ngsi-ld/errors/InvalidRequest");
  json.member("title", is_missing ? "The resource was not found" : net::reason_of(status));
  json.key("status").integer(status).member("detail", detail).end_object();
  return reply;
}

}  // namespace citiverse::api::ngsi_ld
