// Remote contexts by the node's own client, which cannot be led into the city's network.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/ngsi_ld/context_store.h"
#include "net/http_client.h"

namespace citiverse::api::ngsi_ld {

/// Hosts whose contexts are fetched unless an operator names others: ETSI, schema.org, the W3C and the Smart Data Models.
std::vector<std::string> usual_context_hosts();

/// GET by `policy` (https and public addresses only, no redirections, kOutgoingAnswerBytesMax). Any status but 200 fails:
/// unavailable.
FetchContext fetch_by_http(net::OutgoingPolicy policy);

}  // namespace citiverse::api::ngsi_ld
