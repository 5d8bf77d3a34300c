// Places and anchors are read first: most things are elsewhere, and their values stay on the disk.
#include "api/live/live_past.h"

#include <algorithm>

namespace citiverse::api {
namespace {

namespace history = twin::history;
using Direction = history::SeriesView::Direction;

constexpr twin::TimeUs kRollUpReachUs = 2 * 86'400'000'000;  ///< So long before the moment a roll-up is looked for.

class PastReader {
 public:
  PastReader(const LiveHub& hub, const history::History& kept, const PastQuestion& question)
      : hub_(hub), history_(kept), question_(question) {}

  base::Result<PastAnswer> run() {
    const auto until = std::chrono::steady_clock::now() + kLivePastTime;
    std::size_t looked_at = 0;
    history_.each_entity("", 0, [&](std::size_t, const history::KeptEntity& kept) {
      if (++looked_at > kLiveScanMax || std::chrono::steady_clock::now() > until) {
        answer_.is_truncated = true;
        return false;
      }
      if (auto read = look_at(kept); !read) failure_ = read.error();
      return !failure_;
    });
    if (failure_) return std::unexpected(*failure_);
    return std::move(answer_);
  }

 private:
  bool is_asked_for(const history::KeptEntity& kept) const {
    const auto& [types, ids, box] = question_.interest;
    const auto& names = hub_.store().names();
    const auto is_named = [&](twin::NameId type) { return std::ranges::find(types, names.text(type)) != types.end(); };
    if (!types.empty() && std::ranges::none_of(kept.types, is_named)) return false;
    if (!ids.empty() && std::ranges::find(ids, kept.id) == ids.end()) return false;
    return kept.deleted_us == twin::kNoTime || kept.deleted_us > question_.at_us;
  }

  base::Result<void> look_at(const history::KeptEntity& kept) {
    if (!is_asked_for(kept)) return {};
    auto entity = std::make_shared<twin::Entity>();
    entity->id = kept.id;
    entity->types = kept.types;
    knows_something_ = false;
    for (const bool is_head : {true, false}) {
      for (const history::SeriesFacts& series : kept.series) {
        if (is_head != (series.attribute == hub_.location() || series.attribute == hub_.anchor())) continue;
        auto attribute = attribute_at(series);
        if (!attribute) return std::unexpected(attribute.error());
        if (*attribute) entity->put(std::make_shared<const twin::Attribute>(std::move(**attribute)));
      }
      if (is_head && !stands_there(*entity)) return {};
    }
    if (knows_something_) answer_.entities.push_back(std::move(entity));
    return {};
  }

  bool stands_there(const twin::Entity& entity) const {
    const LivePlace place = place_of(entity, hub_.location(), hub_.anchor());
    if (question_.object && place.anchor != *question_.object) return false;
    return !question_.interest.box || (place.point && twin::is_inside(*question_.interest.box, *place.point));
  }

  base::Result<std::optional<twin::Attribute>> attribute_at(const history::SeriesFacts& series) {
    std::optional<history::Sample> found;
    const auto view = history_.view(series.series);
    auto read = view.each_run({INT64_MIN, question_.at_us + 1}, history::Part::all, Direction::backward,
                              [&](const history::Rows& rows) {
                                found = history_.sample_of(series.series, rows, rows.points.back());
                                return false;
                              });
    if (!read) return std::unexpected(read.error());
    if (found) {
      knows_something_ = true;
      if (found->is_deletion) return std::optional<twin::Attribute>{};
      return std::optional(std::move(found->attribute));
    }
    read =
        view.each_run({question_.at_us + 1, INT64_MAX}, history::Part::all, Direction::forward, [&](const history::Rows& rows) {
          found = history_.sample_of(series.series, rows, rows.points.front());
          return false;
        });
    if (!read) return std::unexpected(read.error());
    if (!found || found->is_deletion) return std::optional<twin::Attribute>{};
    if (found->attribute.observed_us == twin::kNoTime) return std::optional(std::move(found->attribute));
    return from_roll_up(series, std::move(found->attribute));
  }

  // Unit and source as the first single value that is left has them.
  base::Result<std::optional<twin::Attribute>> from_roll_up(const history::SeriesFacts& series, twin::Attribute shape) {
    const auto buckets = history_.roll_ups(series.series, {question_.at_us - kRollUpReachUs, question_.at_us + 1});
    if (!buckets) return std::unexpected(buckets.error());
    if (buckets->empty()) return std::optional<twin::Attribute>{};
    const history::Bucket& last = buckets->back();
    const bool has_ended = last.values.last_us <= question_.at_us;
    shape.value = has_ended ? last.values.last : last.values.average();
    shape.observed_us = has_ended ? last.values.last_us : last.start_us;
    shape.modified_us = shape.observed_us;
    knows_something_ = true;
    return std::optional(std::move(shape));
  }

  const LiveHub& hub_;
  const history::History& history_;
  const PastQuestion& question_;
  PastAnswer answer_;
  bool knows_something_ = false;
  std::optional<base::Error> failure_;
};

}  // namespace

base::Result<PastAnswer> things_at(const LiveHub& hub, const history::History& history, const PastQuestion& question) {
  return PastReader(hub, history, question).run();
}

}  // namespace citiverse::api
