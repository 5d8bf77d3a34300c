// Logs on the disk: an entry is put into the plan in memory, written, and given to the caller only then.
#include <algorithm>

#include <fmt/format.h>

#include "plan/limits.h"
#include "plan/plan_book.h"
#include "plan/plan_rows.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using storage::Database;

}  // namespace

Result<void> PlanBook::read_log(Database& database, std::uint64_t id, Plan& plan) const {
  Result<void> good;
  auto rows = done(storage::each_row(
      database,
      "SELECT sequence, author, accepted_by, made_at, undoes, edits FROM plan_entries WHERE plan = ? ORDER BY sequence",
      [&](const storage::Statement& row) {
        if (!good) return;
        Entry entry{unsigned_at(row, 0), unsigned_at(row, 1), unsigned_at(row, 2), row.integer(3), unsigned_at(row, 4), {}};
        if (entry.undoes == 0) {
          auto edits = edits_from(row.text(5), plan);
          if (!edits) {
            good = std::unexpected(edits.error());
            return;
          }
          entry.edits = std::move(*edits);
        }
        good = plan.restore(std::move(entry));
      },
      id));
  if (!rows || !good) return rows ? good : rows;
  return done(storage::each_row(
      database, "SELECT name, sequence, author, made_at FROM plan_versions WHERE plan = ? ORDER BY sequence, name",
      [&](const storage::Statement& row) {
        if (good) good = plan.restore({std::string(row.text(0)), unsigned_at(row, 1), unsigned_at(row, 2), row.integer(3)});
      },
      id));
}

Result<PlanBook::Handle> PlanBook::open(std::uint64_t id) {
  if (const auto known = get(id); !known) return std::unexpected(known.error());
  const std::lock_guard lock(open_mutex_);
  for (auto at = open_.begin(); at != open_.end(); ++at) {
    if (at->first != id) continue;
    open_.splice(open_.begin(), open_, at);
    return at->second;
  }
  auto made = std::make_shared<OpenPlan>(base_, id);
  if (auto read = store_.read([&](Database& database) { return read_log(database, id, made->plan); }); !read)
    return std::unexpected(read.error());
  open_.emplace_front(id, made);
  // Whoever still works on one that is dropped holds it; a second copy must not be written beside it.
  for (auto at = open_.end(); open_.size() > kPlansOpenMax && at != open_.begin();) {
    --at;
    if (at->second.use_count() == 1) at = open_.erase(at);
  }
  return made;
}

void PlanBook::close(std::uint64_t id) {
  const std::lock_guard lock(open_mutex_);
  std::erase_if(open_, [&](const auto& known) { return known.first == id; });
}

Result<void> PlanBook::keep_entry(std::uint64_t id, const Entry& entry, std::string_view key, const Plan& plan) {
  const std::string edits = edits_text(entry.edits, plan.base().plane());
  const PlanTime now = surroundings_.now();
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    auto written =
        done(storage::execute(database,
                              "INSERT INTO plan_entries (plan, sequence, author, accepted_by, made_at, undoes, edits, key)"
                              " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                              id, entry.sequence, entry.author, entry.accepted_by, entry.time_s, entry.undoes,
                              std::string_view(edits), key.empty() ? std::optional<std::string_view>() : std::optional(key)));
    if (!written) return written;
    return done(storage::execute(database, "UPDATE plans SET changed_at = ? WHERE id = ?", seconds_of(now), id));
  });
  if (!kept) return kept;
  const std::unique_lock lock(mutex_);
  if (const auto found = records_.find(id); found != records_.end()) {
    found->second.entries = entry.sequence;
    found->second.changed_at = now;
  }
  return {};
}

Result<std::uint64_t> PlanBook::known_key(std::uint64_t id, std::uint64_t author, std::string_view key) {
  if (key.empty()) return 0;
  return store_.read([&](Database& database) -> Result<std::uint64_t> {
    const auto known = storage::one_integer(
        database, "SELECT sequence FROM plan_entries WHERE plan = ? AND author = ? AND key = ?", id, author, key);
    if (!known) return std::unexpected(known.error());
    return static_cast<std::uint64_t>(known->value_or(0));
  });
}

Result<void> PlanBook::may_write(std::uint64_t id) const {
  const auto record = get(id);
  if (!record) return std::unexpected(record.error());
  if (record->base_version == base_version_) return {};
  return fail(ErrorCode::conflict, "the city has changed since this plan was begun; export the plan and import it again");
}

Result<Entry> PlanBook::write_entry(std::uint64_t id, std::uint64_t author, std::string_view key,
                                    const std::function<Result<const Entry*>(Plan&, const Request&)>& make) {
  if (auto may = may_write(id); !may) return std::unexpected(may.error());
  auto plan = open(id);
  if (!plan) return std::unexpected(plan.error());
  const std::lock_guard hold((*plan)->mutex);
  const auto before = known_key(id, author, key);
  if (!before) return std::unexpected(before.error());
  if (*before != 0 && *before <= (*plan)->plan.head()) return (*plan)->plan.log()[*before - 1];
  const auto made = make((*plan)->plan, {.author = author, .time_s = now_s()});
  if (!made) return std::unexpected(made.error());
  Entry entry = **made;
  if (auto kept = keep_entry(id, entry, key, (*plan)->plan); !kept) {
    close(id);  // Memory is ahead of the disk: what is asked for next is read from there.
    return std::unexpected(kept.error());
  }
  return entry;
}

Result<Entry> PlanBook::append(std::uint64_t id, std::uint64_t author, std::string_view key, const MakeEdits& make) {
  return write_entry(id, author, key, [&](Plan& plan, const Request& request) -> Result<const Entry*> {
    auto edits = make(plan);
    if (!edits) return std::unexpected(edits.error());
    return plan.append(request, std::move(*edits));
  });
}

Result<Entry> PlanBook::undo(std::uint64_t id, std::uint64_t author, std::string_view key, std::uint64_t sequence) {
  return write_entry(id, author, key, [&](Plan& plan, const Request& request) -> Result<const Entry*> {
    const std::uint64_t undone = sequence != 0 ? sequence : plan.last_own(author);
    if (undone == 0) return fail(ErrorCode::conflict, "there is nothing of your own to undo");
    return plan.undo(request, undone);
  });
}

Result<NamedVersion> PlanBook::name_version(std::uint64_t id, std::uint64_t author, std::string name, std::uint64_t sequence) {
  auto plan = open(id);
  if (!plan) return std::unexpected(plan.error());
  const std::lock_guard hold((*plan)->mutex);
  if (auto named = (*plan)->plan.name_version({.author = author, .time_s = now_s()}, std::move(name), sequence); !named)
    return std::unexpected(named.error());
  const NamedVersion version = (*plan)->plan.versions().back();
  const auto kept = store_.write([&](Database& database) {
    return done(storage::execute(database,
                                 "INSERT INTO plan_versions (plan, name, sequence, author, made_at) VALUES (?, ?, ?, ?, ?)", id,
                                 std::string_view(version.name), version.sequence, author, version.time_s));
  });
  if (kept) return version;
  close(id);
  return std::unexpected(kept.error());
}

}  // namespace citiverse::plan
