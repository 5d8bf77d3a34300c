// Opening with the settings that make a commit last, and the one table that says which version each part's tables have.
#include "storage/store.h"

#include <fmt/format.h>

#include "storage/rows.h"

namespace citiverse::storage {
namespace {

// Another process, such as the command line's `grant`, may write for a moment.
constexpr std::chrono::milliseconds kBusyTime{5'000};

// Of an empty file there is nothing to take back, so that the one page that makes it a database needs no journal on the disk.
constexpr std::string_view kFirstSettings = "PRAGMA journal_mode=MEMORY; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;";

constexpr std::string_view kSettings =
    "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
    "CREATE TABLE IF NOT EXISTS part_versions (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;"
    "PRAGMA synchronous=FULL;";

// A commit that makes tables need not wait for the disk: the next one that does takes with it all that stands before it in the
// log (https://www.sqlite.org/pragma.html#pragma_synchronous: in write-ahead mode NORMAL is consistent, FULL also lasts).
// Before the first tables nothing is there that could be lost, and so little is written that the log is not copied back
// meanwhile.
constexpr std::string_view kWithoutWaiting = "PRAGMA synchronous=NORMAL;";
constexpr std::string_view kBeforeFirstTables = "PRAGMA synchronous=OFF;";
constexpr std::string_view kWaiting = "PRAGMA synchronous=FULL;";

base::Result<std::int64_t> version_of(Database& database, std::string_view part, std::int64_t newest) {
  const auto version = one_integer(database, "SELECT version FROM part_versions WHERE part = ?", part);
  if (!version) return std::unexpected(version.error());
  if (version->value_or(0) > newest)
    return base::fail(base::ErrorCode::corrupt,
                      fmt::format("the tables of '{}' have version {}, this program knows up to {}; use a newer program", part,
                                  **version, newest));
  return version->value_or(0);
}

}  // namespace

base::Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& path) {
  std::error_code error;
  if (path.has_parent_path() && !std::filesystem::exists(path.parent_path())) {
    std::filesystem::create_directories(path.parent_path(), error);
    std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_all, error);
  }
  auto database = Database::open(path, OpenMode::create);
  if (!database) return std::unexpected(database.error());
  database->set_busy_time(kBusyTime);
  // Before anything is in it: SQLite gives the log the same permissions as the file.
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  if (error)
    return base::fail(base::ErrorCode::unavailable,
                      fmt::format("{}: cannot be kept private: {}", path.string(), error.message()));
  if (std::filesystem::file_size(path, error) == 0 && !error) {
    if (auto set = database->run(kFirstSettings); !set) return std::unexpected(set.error());
  }
  if (auto set = database->run(kSettings); !set) return std::unexpected(set.error());
  auto store = std::unique_ptr<Store>(new Store(*std::move(database)));
  if (auto seen = store->was_changed_elsewhere(); !seen) return std::unexpected(seen.error());
  return store;
}

base::Result<void> Store::migrate(std::string_view part, std::span<const std::string_view> steps) {
  const std::scoped_lock hold(mutex_);
  const auto newest = static_cast<std::int64_t>(steps.size());
  const auto known = version_of(database_, part, newest);
  if (!known) return std::unexpected(known.error());
  if (*known == newest) return {};
  const auto parts = one_integer(database_, "SELECT COUNT(*) FROM part_versions");
  if (!parts) return std::unexpected(parts.error());
  const bool is_within_write = is_writing_;  // Which waits for the disk itself.
  if (!is_within_write)
    if (auto set = database_.run(parts->value_or(0) == 0 ? kBeforeFirstTables : kWithoutWaiting); !set) return set;
  // The version is read again within the write: two programs that start at once must not both take the first step.
  auto taken = write([&](Database& database) -> base::Result<void> {
    const auto from = version_of(database, part, newest);
    if (!from) return std::unexpected(from.error());
    for (std::int64_t step = *from; step < newest; ++step) {
      if (auto done = database.run(steps[static_cast<std::size_t>(step)]); !done)
        return base::fail(done.error().code,
                          fmt::format("tables of '{}', step to version {}: {}", part, step + 1, done.error().message));
    }
    const auto kept = execute(database, "INSERT OR REPLACE INTO part_versions VALUES (?, ?)", part, newest);
    if (!kept) return std::unexpected(kept.error());
    return {};
  });
  if (!is_within_write)
    if (auto set = database_.run(kWaiting); !set) return set;
  return taken;
}

void Store::after_commit(std::function<void()> work) {
  const std::scoped_lock hold(mutex_);
  if (is_writing_)
    after_commit_.push_back(std::move(work));
  else
    work();
}

base::Result<bool> Store::was_changed_elsewhere() {
  return read([this](Database& database) -> base::Result<bool> {
    // Changes with commits of other connections only (SQLite, PRAGMA data_version).
    const auto version = one_integer(database, "PRAGMA data_version");
    if (!version) return std::unexpected(version.error());
    const std::int64_t before = std::exchange(seen_version_, version->value_or(0));
    return before != seen_version_;
  });
}

base::Result<void> Store::checkpoint() {
  return read([](Database& database) { return database.run("PRAGMA wal_checkpoint(TRUNCATE)"); });
}

}  // namespace citiverse::storage
