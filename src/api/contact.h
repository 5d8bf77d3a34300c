// Web and telephone addresses that came with the data, let through only when they can do no harm as links.
#pragma once

#include <string>
#include <string_view>

namespace citiverse::api {

/// An http or https address (RFC 3986, ASCII only, with a host), or nothing. "www.example.org" becomes https.
std::string checked_website(std::string_view text);

/// The first number of an OSM phone value as a tel address (RFC 3966), such as "tel:+37798980000", or nothing.
std::string checked_phone(std::string_view text);

}  // namespace citiverse::api
