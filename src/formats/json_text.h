// Text as JSON writes it, for the formats whose bytes this room lays out itself.
#pragma once

#include <string>
#include <string_view>

namespace citiverse::formats {

/// `text` in quotation marks, escaped as RFC 8259 section 7 demands. `text` is valid UTF-8.
std::string json_text(std::string_view text);

}  // namespace citiverse::formats
