// The part of the query language that says which value is meant.
#pragma once

#include "base/result.h"
#include "twin/query/q_expression.h"
#include "twin/query/terms.h"
#include "twin/query/text_cursor.h"

namespace citiverse::twin {

/// What a path is, and its first name as it was written, which expandValues refers to.
struct ReadPath {
  QPath path;
  std::string_view first_name;
};

/// Reads a path at the cursor; `expected`, when it fails.
base::Result<ReadPath> read_path(TextCursor& cursor, const Terms& terms);

}  // namespace citiverse::twin
