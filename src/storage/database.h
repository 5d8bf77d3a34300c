// One SQLite file behind three small owners, so that no other room handles SQLite's pointers and return codes.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace citiverse::storage {

/// A prepared statement. Parameters and columns count from 0. A binding that fails is remembered, and step() reports it.
/// Move-only; must not outlive its Database. Threads: one owner.
class Statement {
 public:
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  /// The bytes are copied by SQLite only when the statement is stepped: they must live until then.
  void bind(int parameter, std::string_view text);
  void bind_blob(int parameter, std::string_view bytes);
  void bind_null(int parameter);

  /// True when there is a row to read. Fails: unavailable, limit, corrupt.
  base::Result<bool> step();
  /// For statements without rows: steps once and makes ready for the next bindings.
  base::Result<void> run();
  void reset();

  /// How many columns a row has.
  int columns() const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  /// Text or blob; valid until the next step or reset.
  std::string_view text(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int failed_binding_ = 0;
};

enum class OpenMode : std::uint8_t { read_only, create };

/// Move-only. Threads: one owner.
class Database {
 public:
  /// `create` makes a new file or opens an existing one for writing. Fails: not_found, unavailable, corrupt.
  static base::Result<Database> open(const std::filesystem::path& path, OpenMode mode);
  /// A database of its own in memory, holding a copy of the file's `bytes`: for bytes that are in no file. Read-only.
  static base::Result<Database> from_bytes(std::string_view bytes);

  /// Whoever finds the file locked by another connection waits this long before `unavailable`.
  void set_busy_time(std::chrono::milliseconds time);
  /// Rows that the last statement inserted, changed or deleted.
  std::int64_t changed_rows() const;
  /// The key of the row that was inserted last.
  std::int64_t last_row_id() const;

  /// Runs statements separated by semicolons that return no rows.
  base::Result<void> run(std::string_view sql);
  base::Result<Statement> prepare(std::string_view sql);

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  explicit Database(sqlite3* connection) : connection_(connection) {}
  std::unique_ptr<sqlite3, Close> connection_;
};

/// Everything between begin() and commit() happens, or nothing: the destructor rolls back what was not committed.
class Transaction {
 public:
  static base::Result<Transaction> begin(Database& database);
  /// Takes the file's write lock at once, so that no statement between here and commit() can find it taken.
  static base::Result<Transaction> begin_writing(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  base::Result<void> commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

}  // namespace citiverse::storage
