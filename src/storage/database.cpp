// The only file that includes sqlite3.h.
#include "storage/database.h"

#include <sqlite3.h>

#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace citiverse::storage {
namespace {

std::unexpected<base::Error> failure(sqlite3* connection, int code) {
  const char* file = connection != nullptr ? sqlite3_db_filename(connection, "main") : nullptr;
  const std::string_view place = file != nullptr && *file != '\0' ? file : "database in memory";
  const char* reason = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  const int kind = code & 0xFF;
  const auto error = kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_ERROR ? base::ErrorCode::corrupt
                     : kind == SQLITE_TOOBIG                                                 ? base::ErrorCode::limit
                     : kind == SQLITE_CONSTRAINT                                             ? base::ErrorCode::conflict
                                                                                             : base::ErrorCode::unavailable;
  return base::fail(error, fmt::format("{}: {}", place, reason));
}

// A file from elsewhere may carry triggers, views and settings: its schema is not trusted (SQLite, "Defense Against Dark
// Arts").
void harden(sqlite3* connection) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* connection) const { sqlite3_close(connection); }

void Statement::bind(int parameter, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_.get(), parameter + 1, value)) failed_binding_ = code;
}
void Statement::bind(int parameter, double value) {
  if (const int code = sqlite3_bind_double(statement_.get(), parameter + 1, value)) failed_binding_ = code;
}
void Statement::bind(int parameter, std::string_view text) {
  const char* start = text.data() != nullptr ? text.data() : "";
  const auto bytes = static_cast<sqlite3_uint64>(text.size());
  if (const int code = sqlite3_bind_text64(statement_.get(), parameter + 1, start, bytes, SQLITE_STATIC, SQLITE_UTF8))
    failed_binding_ = code;
}
void Statement::bind_blob(int parameter, std::string_view bytes) {
  const char* start = bytes.data() != nullptr ? bytes.data() : "";
  if (const int code = sqlite3_bind_blob64(statement_.get(), parameter + 1, start, bytes.size(), SQLITE_STATIC))
    failed_binding_ = code;
}
void Statement::bind_null(int parameter) {
  if (const int code = sqlite3_bind_null(statement_.get(), parameter + 1)) failed_binding_ = code;
}

base::Result<bool> Statement::step() {
  if (const int code = std::exchange(failed_binding_, 0)) return failure(sqlite3_db_handle(statement_.get()), code);
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  auto error = failure(sqlite3_db_handle(statement_.get()), code);
  reset();
  return error;
}

base::Result<void> Statement::run() {
  const auto done = step();
  if (!done) return std::unexpected(done.error());
  reset();
  return {};
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

int Statement::columns() const { return sqlite3_column_count(statement_.get()); }
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
std::string_view Statement::text(int column) const {
  // sqlite3_column_blob leaves the value as it is; the length must be asked for after it (SQLite C API, "Result Values").
  const void* start = sqlite3_column_blob(statement_.get(), column);
  const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return start != nullptr ? std::string_view(static_cast<const char*>(start), bytes) : std::string_view();
}

base::Result<Database> Database::open(const std::filesystem::path& path, OpenMode mode) {
  if (mode == OpenMode::read_only && !std::filesystem::exists(path))
    return base::fail(base::ErrorCode::not_found, fmt::format("{}: there is no such file", path.string()));
  const int flags = mode == OpenMode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &connection, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(connection);
  if (code != SQLITE_OK) return failure(connection, code);
  sqlite3_extended_result_codes(connection, 1);
  harden(connection);
  return database;
}

base::Result<Database> Database::from_bytes(std::string_view bytes) {
  sqlite3* connection = nullptr;
  int code = sqlite3_open_v2(":memory:", &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(connection);
  if (code != SQLITE_OK) return failure(connection, code);
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size() + 1));
  if (copy == nullptr) return base::fail(base::ErrorCode::limit, "no memory for a database of its own");
  std::memcpy(copy, bytes.data(), bytes.size());
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  code =
      sqlite3_deserialize(connection, "main", copy, size, size, SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
  if (code != SQLITE_OK) return failure(connection, code);
  harden(connection);
  return database;
}

void Database::set_busy_time(std::chrono::milliseconds time) {
  sqlite3_busy_timeout(connection_.get(), static_cast<int>(time.count()));
}
std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_.get()); }
std::int64_t Database::last_row_id() const { return sqlite3_last_insert_rowid(connection_.get()); }

base::Result<void> Database::run(std::string_view sql) {
  const std::string text(sql);
  const int code = sqlite3_exec(connection_.get(), text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(connection_.get(), code);
  return {};
}

base::Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return failure(connection_.get(), code);
  return Statement(statement);
}

base::Result<Transaction> Transaction::begin(Database& database) {
  if (auto begun = database.run("BEGIN"); !begun) return std::unexpected(begun.error());
  return Transaction(&database);
}

base::Result<Transaction> Transaction::begin_writing(Database& database) {
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return std::unexpected(begun.error());
  return Transaction(&database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) static_cast<void>(database_->run("ROLLBACK"));
}

base::Result<void> Transaction::commit() {
  // A commit that fails leaves the transaction open; the destructor takes it back.
  if (auto done = database_->run("COMMIT"); !done) return done;
  database_ = nullptr;
  return {};
}

}  // namespace citiverse::storage
