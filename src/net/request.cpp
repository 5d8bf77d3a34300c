// Looking into a request's fields without copying them.
#include "net/request.h"

#include <algorithm>

#include "base/text.h"

namespace citiverse::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Calls `take` with each member until it says true.
template <class Take>
bool any_member(std::string_view list, char separator, Take&& take) {
  for (bool more = true; more;) {
    const std::size_t end = list.find(separator);
    if (take(base::trimmed(list.substr(0, end)))) return true;
    more = end != std::string_view::npos;
    if (more) list.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Request::field(std::string_view name) const {
  const auto at = std::ranges::find_if(fields, [&](const Field& field) { return equal_without_case(field.name, name); });
  return at == fields.end() ? std::string_view() : at->value;
}

bool is_safe(Method method) { return method == Method::get || method == Method::head || method == Method::options; }

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::options: return "OPTIONS";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::delete_: return "DELETE";
    case Method::other: break;
  }
  return "other";
}

bool list_holds(std::string_view list, std::string_view token) {
  return any_member(list, ',', [&](std::string_view member) { return equal_without_case(member, token); });
}

std::string_view cookie_of(const Request& request, std::string_view name) {
  std::string_view value;
  any_member(request.cookie, ';', [&](std::string_view pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) return false;
    value = pair.substr(equals + 1);
    return true;
  });
  return value;
}

}  // namespace citiverse::net
