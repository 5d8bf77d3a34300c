// Looking into compact JSON without building a document, because queries look into millions of small values.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace citiverse::twin {

/// Everything here takes the text of one JSON value without white space outside of strings, as twin::Json holds it. Any other
/// bytes are safe and give nothing, or something wrong. Cost: one pass, no allocation. Threads: safe.

/// The byte after the value that begins at `at`, or npos.
std::size_t json_end(std::string_view text, std::size_t at);

/// The text of a member of an object; empty when there is none, or when this is no object.
std::string_view json_member(std::string_view object, std::string_view name);

/// Calls for each item of an array, until it gives true. True when one did.
bool any_json_item(std::string_view array, const std::function<bool(std::string_view)>& is_it);
/// Calls for each member of an object with its name, in quotation marks, and its value.
bool any_json_member(std::string_view object, const std::function<bool(std::string_view, std::string_view)>& is_it);

std::optional<double> json_number(std::string_view value);
/// What a JSON string says: a part of `value` itself, or written into `scratch` when there are escapes.
std::optional<std::string_view> json_string(std::string_view value, std::string& scratch);

}  // namespace citiverse::twin
