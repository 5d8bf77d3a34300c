// Everything about a person as a page that reads and prints well, without a program.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace citiverse::api {

/// A whole HTML page of the JSON of identity::Erasure::export_json: objects as lists of terms, arrays as numbered lists. It
/// holds no script; all text is escaped. Fails: corrupt when the export is no JSON object.
base::Result<std::string> export_page(std::string_view json);

}  // namespace citiverse::api
