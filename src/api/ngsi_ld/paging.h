// Links from one page of an answer to the others.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/router.h"

namespace citiverse::api::ngsi_ld {

/// A Link field to another page: `path` below kBase, the query as it came with limit and offset changed. Only characters of a
/// URI leave here. Source: ETSI GS CIM 009 V1.9.1, 6.3.10.
std::string page_link(const net::Call& call, std::string_view path, std::size_t offset, std::size_t limit,
                      std::string_view relation);

}  // namespace citiverse::api::ngsi_ld
