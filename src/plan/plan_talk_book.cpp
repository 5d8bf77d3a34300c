// What people say of plans: suggestions that wait for the owner, and comments in threads.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/limits.h"
#include "plan/plan_book.h"
#include "plan/plan_rows.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using storage::Database;

Result<std::uint64_t> next_number(Database& database, std::string_view table, std::uint64_t plan) {
  const auto last = storage::one_integer(database, fmt::format("SELECT max(id) FROM {} WHERE plan = ?", table), plan);
  if (!last) return std::unexpected(last.error());
  return static_cast<std::uint64_t>(last->value_or(0)) + 1;
}

Result<void> check_room(Database& database, std::string_view sql, std::uint64_t plan, std::size_t most, std::string_view what) {
  const auto count = storage::one_integer(database, sql, plan);
  if (!count) return std::unexpected(count.error());
  if (static_cast<std::size_t>(count->value_or(0)) >= most)
    return fail(ErrorCode::limit, fmt::format("a plan has at most {} {}", most, what));
  return {};
}

template <class T>
Result<T> numbered(Result<std::vector<T>> all, std::uint64_t id, std::string_view what) {
  if (!all) return std::unexpected(all.error());
  const auto found = std::ranges::find(*all, id, &T::id);
  if (found == all->end()) return fail(ErrorCode::not_found, fmt::format("there is no such {}", what));
  return std::move(*found);
}

}  // namespace

Result<Suggestion> PlanBook::suggest(std::uint64_t id, std::uint64_t author, std::string_view note, const MakeEdits& make) {
  if (auto may = may_write(id); !may) return std::unexpected(may.error());
  Suggestion suggestion{
      .author = author, .made_at = surroundings_.now(), .note = base::clean_text(note, kTextBytesMax), .edits = {}};
  auto good = read(id, [&](const Plan& plan) -> Result<void> {
    auto edits = make(plan);
    if (!edits) return std::unexpected(edits.error());
    suggestion.edits = std::move(*edits);
    return plan.check(suggestion.edits);
  });
  if (!good) return std::unexpected(good.error());
  const std::string edits = edits_text(suggestion.edits, base_.plane());
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    if (auto room = check_room(database, "SELECT count(*) FROM plan_suggestions WHERE plan = ? AND state = 0", id,
                               kSuggestionsOpenMax, "suggestions that wait");
        !room)
      return room;
    const auto number = next_number(database, "plan_suggestions", id);
    if (!number) return std::unexpected(number.error());
    suggestion.id = *number;
    return done(storage::execute(database,
                                 "INSERT INTO plan_suggestions (plan, id, author, made_at, note, edits, state, sequence) "
                                 "VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
                                 id, suggestion.id, author, seconds_of(suggestion.made_at), std::string_view(suggestion.note),
                                 std::string_view(edits)));
  });
  if (!kept) return std::unexpected(kept.error());
  return suggestion;
}

Result<std::vector<Suggestion>> PlanBook::suggestions(std::uint64_t id) {
  return read(id, [&](const Plan& plan) {
    return store_.read([&](Database& database) -> Result<std::vector<Suggestion>> {
      std::vector<Suggestion> all;
      Result<void> good;
      auto rows = done(storage::each_row(
          database, "SELECT id, author, made_at, note, edits, state, sequence FROM plan_suggestions WHERE plan = ? ORDER BY id",
          [&](const storage::Statement& row) {
            auto edits = edits_from(row.text(4), plan);
            if (!edits) {
              good = std::unexpected(edits.error());
              return;
            }
            all.push_back({unsigned_at(row, 0), unsigned_at(row, 1), plan_time(row.integer(2)), std::string(row.text(3)),
                           std::move(*edits), static_cast<SuggestionState>(std::clamp<std::int64_t>(row.integer(5), 0, 3)),
                           unsigned_at(row, 6)});
          },
          id));
      if (!rows) return std::unexpected(rows.error());
      if (!good) return std::unexpected(good.error());
      return all;
    });
  });
}

Result<Suggestion> PlanBook::decide(std::uint64_t id, std::uint64_t number, SuggestionState state, std::uint64_t by) {
  auto suggestion = numbered(suggestions(id), number, "suggestion");
  if (!suggestion) return suggestion;
  if (suggestion->state != SuggestionState::open)
    return fail(ErrorCode::conflict, fmt::format("the suggestion is {} already", name_of(suggestion->state)));
  // The key keeps a suggestion that is accepted twice at once, or again after a crash, from becoming two entries.
  if (state == SuggestionState::accepted) {
    const auto entry =
        write_entry(id, suggestion->author, fmt::format("suggestion {}", number), [&](Plan& plan, const Request& request) {
          Request accepted = request;
          accepted.accepted_by = by;
          return plan.append(accepted, suggestion->edits);
        });
    if (!entry) return std::unexpected(entry.error());
    suggestion->sequence = entry->sequence;
  }
  suggestion->state = state;
  const auto kept = store_.write([&](Database& database) {
    return done(storage::execute(database, "UPDATE plan_suggestions SET state = ?, sequence = ? WHERE plan = ? AND id = ?",
                                 static_cast<int>(state), suggestion->sequence, id, number));
  });
  if (!kept) return std::unexpected(kept.error());
  return suggestion;
}

Result<Comment> PlanBook::comment(std::uint64_t id, Comment comment) {
  if (const auto known = get(id); !known) return std::unexpected(known.error());
  comment.text = base::clean_text(comment.text, kCommentBytesMax);
  if (comment.text.empty()) return fail(ErrorCode::bad_input, "text: there is nothing to read in it");
  comment.made_at = surroundings_.now();
  const auto kept = store_.write([&](Database& database) -> Result<void> {
    if (auto room = check_room(database, "SELECT count(*) FROM plan_comments WHERE plan = ?", id, kCommentsMax, "comments");
        !room)
      return room;
    if (comment.reply_to != 0) {
      const auto first = storage::one_integer(
          database, "SELECT id FROM plan_comments WHERE plan = ? AND id = ? AND reply_to = 0", id, comment.reply_to);
      if (!first) return std::unexpected(first.error());
      if (!*first) return fail(ErrorCode::not_found, "reply_to: there is no such thread");
    }
    const auto number = next_number(database, "plan_comments", id);
    if (!number) return std::unexpected(number.error());
    comment.id = *number;
    const std::string object = comment.object ? to_string(*comment.object) : "";
    return done(storage::execute(
        database,
        "INSERT INTO plan_comments (plan, id, author, made_at, sequence, object, lat, lon, reply_to, body, resolved)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        id, comment.id, comment.author, seconds_of(comment.made_at), comment.sequence, std::string_view(object),
        comment.place ? std::optional(comment.place->lat_deg) : std::nullopt,
        comment.place ? std::optional(comment.place->lon_deg) : std::nullopt, comment.reply_to,
        std::string_view(comment.text)));
  });
  if (!kept) return std::unexpected(kept.error());
  return comment;
}

Result<std::vector<Comment>> PlanBook::comments(std::uint64_t id) {
  if (const auto known = get(id); !known) return std::unexpected(known.error());
  return store_.read([&](Database& database) -> Result<std::vector<Comment>> {
    std::vector<Comment> all;
    auto rows = done(storage::each_row(
        database,
        "SELECT id, author, made_at, sequence, object, lat, lon, reply_to, body, resolved FROM plan_comments WHERE plan = ?"
        " ORDER BY id",
        [&](const storage::Statement& row) {
          Comment c{.id = unsigned_at(row, 0),
                    .author = unsigned_at(row, 1),
                    .made_at = plan_time(row.integer(2)),
                    .sequence = unsigned_at(row, 3),
                    .object = object_id_from(row.text(4)),
                    .place = {},
                    .reply_to = unsigned_at(row, 7),
                    .text = std::string(row.text(8)),
                    .is_resolved = row.integer(9) != 0};
          if (!row.is_null(5)) c.place = geo::LatLon{row.real(5), row.real(6)};
          all.push_back(std::move(c));
        },
        id));
    if (!rows) return std::unexpected(rows.error());
    return all;
  });
}

Result<Comment> PlanBook::resolve(std::uint64_t id, std::uint64_t number, bool is_resolved) {
  auto found = numbered(comments(id), number, "comment");
  if (!found) return found;
  found->is_resolved = is_resolved;
  const auto kept = store_.write([&](Database& database) {
    return done(storage::execute(database, "UPDATE plan_comments SET resolved = ? WHERE plan = ? AND id = ?",
                                 is_resolved ? 1 : 0, id, number));
  });
  if (!kept) return std::unexpected(kept.error());
  return found;
}

Result<void> PlanBook::remove_comment(std::uint64_t id, std::uint64_t number) {
  return store_.write([&](Database& database) -> Result<void> {
    const auto gone =
        storage::execute(database, "DELETE FROM plan_comments WHERE plan = ?1 AND (id = ?2 OR reply_to = ?2)", id, number);
    if (!gone) return std::unexpected(gone.error());
    if (*gone == 0) return fail(ErrorCode::not_found, "there is no such comment");
    return {};
  });
}

}  // namespace citiverse::plan
