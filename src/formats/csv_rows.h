// Tables as other systems export them: RFC 4180's comma-separated values, read as rows with named columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace citiverse::formats {

inline constexpr std::size_t kCsvColumnsMax = 256;

/// The rows as a JSON array of objects, a member a column; every value is a text, and an empty field is no member.
struct CsvRows {
  std::string json;
  std::vector<std::size_t> lines;  ///< Where each row begins in the text, from 1.
};

/// Source: RFC 4180, 2; the first line names the columns. Lines may end in LF alone, a byte order mark is skipped, and what
/// separates is a comma, or a semicolon or tab where the first line has one and no comma. Fails: bad_input, naming the line;
/// limit (columns, rows). Text that is not UTF-8 fails too.
base::Result<CsvRows> read_csv(std::string_view text, std::size_t rows_max);

}  // namespace citiverse::formats
