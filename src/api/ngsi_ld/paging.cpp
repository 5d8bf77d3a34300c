// A query is text from outside: what is not plain is encoded again.
#include "api/ngsi_ld/paging.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/ngsi_ld_api.h"

namespace citiverse::api::ngsi_ld {

std::string page_link(const net::Call& call, std::string_view path, std::size_t offset, std::size_t limit,
                      std::string_view relation) {
  std::string query;
  std::string_view rest = call.request.query;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (part.starts_with("offset=") || part.starts_with("limit=")) continue;
    for (const char c : part) {
      const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                            std::string_view("-._~!$'()*+,;=:@/?%").find(c) != std::string_view::npos;
      is_plain ? query += c : query += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    query += '&';
  }
  return fmt::format("Link: <{}{}?{}limit={}&offset={}>; rel=\"{}\"\r\n", kBase, path, query, limit, offset, relation);
}

}  // namespace citiverse::api::ngsi_ld
