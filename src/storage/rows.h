// SQL with its values in one call: what most statements need, without a binding by number each.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "storage/database.h"

namespace citiverse::storage {

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

inline void bind_value(Statement& statement, int parameter, std::string_view text) { statement.bind(parameter, text); }
inline void bind_value(Statement& statement, int parameter, Blob blob) { statement.bind_blob(parameter, blob.bytes); }
inline void bind_value(Statement& statement, int parameter, std::nullopt_t) { statement.bind_null(parameter); }
inline void bind_value(Statement& statement, int parameter, double value) { statement.bind(parameter, value); }
template <std::integral T>
void bind_value(Statement& statement, int parameter, T value) {
  statement.bind(parameter, static_cast<std::int64_t>(value));
}
template <class T>
void bind_value(Statement& statement, int parameter, const std::optional<T>& value) {
  if (value)
    bind_value(statement, parameter, *value);
  else
    statement.bind_null(parameter);
}

/// Runs one statement that returns no rows, with `values` bound in order. Gives the number of rows that it touched.
template <class... Values>
base::Result<std::int64_t> execute(Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  int parameter = 0;
  (bind_value(*statement, parameter++, values), ...);
  if (auto done = statement->run(); !done) return std::unexpected(done.error());
  return database.changed_rows();
}

/// Calls `on_row(const Statement&)` for each row in turn. Gives the number of rows.
template <class OnRow, class... Values>
base::Result<std::int64_t> each_row(Database& database, std::string_view sql, OnRow&& on_row, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  int parameter = 0;
  (bind_value(*statement, parameter++, values), ...);
  for (std::int64_t rows = 0;; ++rows) {
    const auto is_row = statement->step();
    if (!is_row) return std::unexpected(is_row.error());
    if (!*is_row) return rows;
    on_row(std::as_const(*statement));
  }
}

/// The first column of the first row as an integer, or nothing when there is no row or it is null.
template <class... Values>
base::Result<std::optional<std::int64_t>> one_integer(Database& database, std::string_view sql, const Values&... values) {
  std::optional<std::int64_t> found;
  const auto rows = each_row(
      database, sql,
      [&](const Statement& row) {
        if (!found && !row.is_null(0)) found = row.integer(0);
      },
      values...);
  if (!rows) return std::unexpected(rows.error());
  return found;
}

}  // namespace citiverse::storage
