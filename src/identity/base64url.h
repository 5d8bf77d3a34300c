// Bytes as text that fits into URLs and JSON: what WebAuthn, JOSE and this program's own tokens are written in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace citiverse::identity {

/// The same bytes as C libraries for cryptography take them.
inline const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Without padding. Source: RFC 4648, clause 5; RFC 7515, clause 2.
std::string base64url_of(std::string_view bytes);

/// Nothing unless `text` is exactly what base64url_of would write: no padding, no blanks, no stray bits at the end.
std::optional<std::string> base64url_bytes(std::string_view text);

}  // namespace citiverse::identity
