// Where CBOR items end: what comes from authenticators is cut into parts, and held to its own length, before a library sees it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace citiverse::identity {

inline constexpr int kCborDepthMax = 4;  ///< As CTAP2 canonical CBOR allows (CTAP 2.1, clause 8).

/// Takes one item of definite length from the front of `bytes` and gives the bytes it stands in. Nothing when it is cut off,
/// longer than what is left says, nested deeper than kCborDepthMax, or of indefinite length (CTAP2 canonical CBOR has none).
std::optional<std::string_view> take_cbor_item(std::string_view& bytes);

/// The content of an item that is a byte string (`is_text` false) or text; nothing for other types.
std::optional<std::string_view> cbor_string(std::string_view item, bool is_text);

using CborEntries = std::vector<std::pair<std::string_view, std::string_view>>;  ///< Keys and values, each an item.
/// The entries of an item that is a map; nothing for other types.
std::optional<CborEntries> cbor_map(std::string_view item);

}  // namespace citiverse::identity
