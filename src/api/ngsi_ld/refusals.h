// What is refused before any route of NGSI-LD is asked, in its own words.
#pragma once

#include <optional>
#include <string_view>

#include "net/reply.h"
#include "net/request.h"

namespace citiverse::api::ngsi_ld {

/// For net::Doorway::tell_refusal: a 404 below kBase is ResourceNotFound, any other status InvalidRequest, both as
/// application/json; nothing elsewhere. Source: ETSI GS CIM 009 V1.9.1, 5.5.2, 6.3.2 and 6.3.3.
std::optional<net::Reply> tell_refusal(const net::Request& request, int status, std::string_view detail);

}  // namespace citiverse::api::ngsi_ld
