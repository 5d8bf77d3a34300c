// One HTTP request as routes see it: windows into the connection's buffer, valid until the answer is given.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace citiverse::net {

enum class Method : std::uint8_t { get, head, options, post, put, patch, delete_, other };

struct Field {
  std::string_view name;  ///< As it came; compare without case.
  std::string_view value;
};

struct Request {
  Method method = Method::get;
  std::string_view path;   ///< Decoded and checked by parse_target.
  std::string_view query;  ///< Raw.
  std::span<const Field> fields;
  std::string_view body;
  // Fields that decide how an answer is sent; empty when absent.
  std::string_view accept_encoding;
  std::string_view if_none_match;
  std::string_view if_range;
  std::string_view range;
  // Fields that decide whether a request is let in; empty when absent. None comes twice: such a request is refused.
  std::string_view host;
  std::string_view origin;
  std::string_view sec_fetch_site;
  std::string_view cookie;         ///< All cookies; cookie_of() finds one.
  std::string_view authorization;  ///< A gate that is shown one looks at no cookie: net asks no Origin of such a request.
  std::string_view content_type;
  std::uint64_t address = 0;  ///< Who sends, for limits only: an IPv4 address, or an IPv6 network of 64 bits.
  bool asks_for_all = false;  ///< The target is "*", which only OPTIONS may ask.
  bool is_http_1_0 = false;
  bool keeps_alive = true;  ///< What the client wants.

  bool is_head() const { return method == Method::head; }
  /// The first field of a name, whatever its case; empty when there is none.
  std::string_view field(std::string_view name) const;
};

/// True for the methods that only read (RFC 9110, 9.2.1).
bool is_safe(Method method);
std::string_view name_of(Method method);

/// Equal but for the case of ASCII letters, as names of fields and many tokens are compared.
bool equal_without_case(std::string_view a, std::string_view b);
/// Whether a comma-separated list (RFC 9110, 5.6.1) holds a token, whatever its case.
bool list_holds(std::string_view list, std::string_view token);
/// The value of a cookie by its name, or empty (RFC 6265, 4.2.1).
std::string_view cookie_of(const Request& request, std::string_view name);

}  // namespace citiverse::net
