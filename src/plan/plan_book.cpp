// Records: who made which plan, and whom it is shared with. Each change is on the disk before it is in memory.
#include "plan/plan_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "plan/plan_rows.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using storage::Database;

std::unexpected<base::Error> no_such_plan() { return fail(ErrorCode::not_found, "there is no such plan"); }

Right right_in(const storage::Statement& row, int column) {
  return static_cast<Right>(std::clamp<std::int64_t>(row.integer(column), 0, static_cast<std::int64_t>(Right::own)));
}

}  // namespace

Result<std::unique_ptr<PlanBook>> PlanBook::load(storage::Store& store, const city::City& base, std::string base_version,
                                                 Surroundings surroundings) {
  if (auto made = store.migrate("plans", plan_steps()); !made) return std::unexpected(made.error());
  std::unique_ptr<PlanBook> book(new PlanBook(store, base, std::move(base_version), std::move(surroundings)));
  if (auto read = book->read_records(); !read) return std::unexpected(read.error());
  return book;
}

Result<void> PlanBook::read_records() {
  return store_.read([&](Database& database) -> Result<void> {
    auto rows = done(storage::each_row(
        database,
        "SELECT id, name, about, owner, base_version, everybody, accounts, forked_from, forked_at, made_at, changed_at,"
        " (SELECT count(*) FROM plan_entries WHERE plan = id) FROM plans",
        [&](const storage::Statement& row) {
          PlanRecord record{.id = unsigned_at(row, 0),
                            .name = std::string(row.text(1)),
                            .about = std::string(row.text(2)),
                            .owner = unsigned_at(row, 3),
                            .base_version = std::string(row.text(4)),
                            .everybody = right_in(row, 5),
                            .accounts = right_in(row, 6),
                            .forked_from = unsigned_at(row, 7),
                            .forked_at = unsigned_at(row, 8),
                            .entries = unsigned_at(row, 11),
                            .made_at = plan_time(row.integer(9)),
                            .changed_at = plan_time(row.integer(10)),
                            .people = {}};
          records_.insert_or_assign(record.id, std::move(record));
        }));
    if (!rows) return rows;
    return done(storage::each_row(database, "SELECT plan, account, may FROM plan_people", [&](const storage::Statement& row) {
      records_.at(unsigned_at(row, 0)).people[unsigned_at(row, 1)] = right_in(row, 2);
    }));
  });
}

Result<void> PlanBook::keep(const PlanRecord& r) {
  const auto kept = store_.write([&](Database& database) {
    return done(storage::execute(
        database,
        "INSERT INTO plans (id, name, about, owner, base_version, everybody, accounts, forked_from, forked_at, made_at,"
        " changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        " ON CONFLICT (id) DO UPDATE SET name = ?2, about = ?3, owner = ?4, everybody = ?6, accounts = ?7, changed_at = ?11",
        r.id, std::string_view(r.name), std::string_view(r.about), r.owner, std::string_view(r.base_version),
        static_cast<int>(r.everybody), static_cast<int>(r.accounts), r.forked_from, r.forked_at, seconds_of(r.made_at),
        seconds_of(r.changed_at)));
  });
  if (!kept) return kept;
  const std::unique_lock lock(mutex_);
  // Entries and people have writers of their own, who may have been quicker.
  PlanRecord& known = records_.try_emplace(r.id, r).first->second;
  PlanRecord now = r;
  now.people = known.people;
  now.entries = known.entries;
  now.changed_at = std::max(known.changed_at, r.changed_at);
  known = std::move(now);
  return {};
}

Result<PlanRecord> PlanBook::make(PlanRecord record, const Plan* from) {
  if (record.name.empty()) return fail(ErrorCode::bad_input, "name: what people call the plan is needed");
  {
    const std::shared_lock lock(mutex_);
    const auto own = std::ranges::count_if(records_, [&](const auto& known) { return known.second.owner == record.owner; });
    if (static_cast<std::size_t>(own) >= kPlansOfOneMax)
      return fail(ErrorCode::limit, fmt::format("one person has at most {} plans; delete one first", kPlansOfOneMax));
    if (records_.size() >= kPlansMax) return fail(ErrorCode::limit, fmt::format("this node holds at most {} plans", kPlansMax));
  }
  record.id = surroundings_.random_id();
  record.made_at = record.changed_at = surroundings_.now();
  record.base_version = base_version_;
  const auto written = store_.write([&](Database&) -> Result<void> {
    if (auto kept = keep(record); !kept) return kept;
    for (std::size_t i = 0; from != nullptr && i < from->log().size(); ++i)
      if (auto kept = keep_entry(record.id, from->log()[i], {}, *from); !kept) return kept;
    return {};
  });
  if (!written) {
    const std::unique_lock lock(mutex_);
    records_.erase(record.id);
    return std::unexpected(written.error());
  }
  return get(record.id);
}

Result<PlanRecord> PlanBook::get(std::uint64_t id) const {
  const std::shared_lock lock(mutex_);
  const auto found = records_.find(id);
  if (found == records_.end()) return no_such_plan();
  return found->second;
}

std::vector<PlanRecord> PlanBook::all() const {
  std::vector<PlanRecord> records;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, record] : records_) records.push_back(record);
  }
  std::ranges::stable_sort(records, [](const auto& a, const auto& b) { return a.changed_at > b.changed_at; });
  return records;
}

Result<PlanRecord> PlanBook::change(std::uint64_t id, const std::function<Result<void>(PlanRecord&)>& edit) {
  auto record = get(id);
  if (!record) return record;
  if (auto good = edit(*record); !good) return std::unexpected(good.error());
  if (record->name.empty()) return fail(ErrorCode::bad_input, "name: what people call the plan is needed");
  if (auto kept = keep(*record); !kept) return std::unexpected(kept.error());
  return record;
}

Result<void> PlanBook::share(std::uint64_t id, std::uint64_t account, Right right) {
  const auto record = get(id);
  if (!record) return std::unexpected(record.error());
  if (right == Right::own) return fail(ErrorCode::bad_input, "right: read, suggest or edit");
  const bool is_new = !record->people.contains(account);
  if (right == Right::none && is_new) return fail(ErrorCode::not_found, "the plan is not shared with this account");
  if (right != Right::none && is_new && record->people.size() >= kPlanPeopleMax)
    return fail(ErrorCode::limit, fmt::format("a plan is shared with at most {} people", kPlanPeopleMax));
  const auto kept = store_.write([&](Database& database) {
    if (right == Right::none)
      return done(storage::execute(database, "DELETE FROM plan_people WHERE plan = ? AND account = ?", id, account));
    return done(storage::execute(database,
                                 "INSERT INTO plan_people (plan, account, may) VALUES (?1, ?2, ?3)"
                                 " ON CONFLICT DO UPDATE SET may = ?3",
                                 id, account, static_cast<int>(right)));
  });
  if (!kept) return kept;
  const std::unique_lock lock(mutex_);
  const auto found = records_.find(id);
  if (found == records_.end()) return no_such_plan();
  if (right == Right::none)
    found->second.people.erase(account);
  else
    found->second.people[account] = right;
  return {};
}

Result<void> PlanBook::remove(std::uint64_t id) {
  const auto kept =
      store_.write([&](Database& database) { return done(storage::execute(database, "DELETE FROM plans WHERE id = ?", id)); });
  if (!kept) return kept;
  {
    const std::unique_lock lock(mutex_);
    if (records_.erase(id) == 0) return no_such_plan();
  }
  close(id);
  return {};
}

Result<void> PlanBook::erase(std::uint64_t account) {
  for (PlanRecord record : all()) {
    if (record.owner != account) {
      if (!record.people.contains(account)) continue;
      if (auto gone = share(record.id, account, Right::none); !gone) return gone;
      continue;
    }
    const auto heir = std::ranges::find_if(record.people, [](const auto& known) { return known.second == Right::edit; });
    if (heir == record.people.end()) {
      if (auto gone = remove(record.id); !gone) return gone;
      continue;
    }
    record.owner = heir->first;
    if (auto kept = keep(record); !kept) return kept;
  }
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    for (const std::string_view sql :
         {"UPDATE plan_entries SET author = 0, key = NULL WHERE author = ?",
          "UPDATE plan_entries SET accepted_by = 0 WHERE accepted_by = ?",
          "UPDATE plan_versions SET author = 0 WHERE author = ?", "DELETE FROM plan_suggestions WHERE author = ?",
          "DELETE FROM plan_comments WHERE author = ?"})
      if (auto changed = done(storage::execute(database, sql, account)); !changed) return changed;
    return {};
  });
  const std::lock_guard lock(open_mutex_);
  open_.clear();  // They are read again, without the author.
  return kept;
}

}  // namespace citiverse::plan
