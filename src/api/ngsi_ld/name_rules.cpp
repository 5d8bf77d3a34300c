// Which texts may name things: what is let in here appears in headers, logs and addresses later.
#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/entity_reader.h"
#include "base/text.h"

namespace citiverse::api::ngsi_ld {
namespace {

constexpr std::size_t kNameBytesMax = 512;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

// Letters and numbers outside of ASCII are let in whole but for what turns the direction of text, which clean_text drops.
bool is_plain_name(std::string_view name) {
  if (name.empty() || !is_letter(name[0])) return false;
  return std::ranges::all_of(name, [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

base::Result<void> check_uri(std::string_view what, std::string_view uri) {
  if (uri.size() > kIdBytesMax)
    return base::fail(base::ErrorCode::bad_input, fmt::format("{}: at most {} bytes", what, kIdBytesMax));
  if (!formats::is_absolute_iri(uri) || uri.back() == ':')
    return base::fail(
        base::ErrorCode::bad_input,
        fmt::format("{}: a URI is needed, such as urn:ngsi-ld:Sensor:1, without spaces, controls or characters that "
                    "turn the direction of text",
                    what));
  return {};
}

base::Result<void> check_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  const bool is_name =
      colon == std::string_view::npos
          ? is_plain_name(name)
          : formats::is_absolute_iri(name) || (is_plain_name(name.substr(0, colon)) && is_plain_name(name.substr(colon + 1)));
  if (is_name && name.size() <= kNameBytesMax && base::clean_text(name, kNameBytesMax) == name) return {};
  return base::fail(
      base::ErrorCode::bad_input,
      fmt::format("'{}': a name is a letter and then letters, digits and '_', perhaps with a prefix (4.6.2), or an IRI",
                  base::clean_text(name, 80)));
}

}  // namespace citiverse::api::ngsi_ld
