// Reading: what is open is copied under the lock, all else is immutable and decoded without it.
#include <algorithm>
#include <map>

#include "twin/history/history_data.h"

namespace citiverse::twin::history {
namespace {

constexpr std::size_t kEntitiesATime = 256;

KeptEntity kept(const SeriesIndex& index, EntityNumber number) {
  const EntityRecord entity = index.entity(number);
  KeptEntity out{.id = std::string(entity.id),
                 .types = {entity.types.begin(), entity.types.end()},
                 .scopes = {entity.scopes.begin(), entity.scopes.end()},
                 .created_us = entity.created_us,
                 .deleted_us = entity.deleted_us};
  index.each_series(number, [&](SeriesId each) {
    const SeriesRecord& series = index.series(each);
    out.series.push_back({.series = each, .attribute = series.attribute, .dataset = series.dataset});
  });
  return out;
}

/// Numbers by steps; most points belong to the step of the one before.
class Steps {
 public:
  Steps(TimeUs from_us, TimeUs origin_us, TimeUs step_us) : from_us_(from_us), origin_us_(origin_us), step_us_(step_us) {}

  template <class What>
  bool add(TimeUs time_us, const What& what) {
    if (bucket_ == nullptr || time_us < start_us_ || (step_us_ != 0 && time_us >= start_us_ + step_us_)) {
      start_us_ = step_us_ == 0 ? from_us_ : step_start(time_us, origin_us_, step_us_);
      bucket_ = &buckets_[start_us_];
      if (buckets_.size() > History::kBucketsMax) return false;
    }
    what(*bucket_);
    return true;
  }
  std::vector<Bucket> all() const {
    std::vector<Bucket> out;
    for (const auto& [start_us, values] : buckets_) out.push_back({start_us, values});
    return out;
  }

 private:
  const TimeUs from_us_, origin_us_, step_us_;
  std::map<TimeUs, Aggregate> buckets_;
  Aggregate* bucket_ = nullptr;
  TimeUs start_us_ = 0;
};

}  // namespace

SeriesView History::Data::view(SeriesId series) const {
  SeriesView out;
  const std::shared_lock lock(mutex);
  out.series = series;
  out.erased_to = index.series(series).erased_to;
  out.segments = segments;
  for (const auto& each : waiting) each->copy(series, {}, out.open);
  open->copy(series, {}, out.open);
  return out;
}

std::optional<SeriesOwner> History::owner_of(SeriesId series) const {
  const std::shared_lock lock(data_->mutex);
  const SeriesIndex& index = data_->index;
  if (series >= index.series_count()) return std::nullopt;
  const SeriesRecord& record = index.series(series);
  const EntityRecord entity = index.entity(record.entity);
  if (entity.is_erased) return std::nullopt;
  return SeriesOwner{std::string(index.tenant(record.entity)), std::string(entity.id), record.attribute, record.dataset};
}

SeriesView History::view(SeriesId series) const { return data_->view(series); }

Sample History::sample_of(SeriesId series, const Rows& rows, const Point& point) const {
  SeriesRecord record;
  {
    const std::shared_lock lock(data_->mutex);
    record = data_->index.series(series);
  }
  return history::sample_of(record, rows, point, data_->names);
}

std::optional<KeptEntity> History::find_entity(std::string_view tenant, std::string_view id) const {
  const std::shared_lock lock(data_->mutex);
  const auto number = data_->index.find_entity(tenant, id);
  if (!number || data_->index.entity(*number).is_erased) return std::nullopt;
  return kept(data_->index, *number);
}

void History::each_entity(std::string_view tenant, std::size_t after,
                          const std::function<bool(std::size_t, const KeptEntity&)>& on_entity) const {
  std::vector<std::pair<std::size_t, KeptEntity>> chunk;
  for (bool is_last = false; !is_last;) {
    chunk.clear();
    {
      const std::shared_lock lock(data_->mutex);
      const SeriesIndex& index = data_->index;
      for (; chunk.size() < kEntitiesATime && after < index.entities(); ++after) {
        const auto number = static_cast<EntityNumber>(after);
        if (!index.entity(number).is_erased && index.tenant(number) == tenant)
          chunk.emplace_back(after + 1, kept(index, number));
      }
      is_last = after >= index.entities();
    }
    for (const auto& [place, entity] : chunk)
      if (!on_entity(place, entity)) return;
  }
}

base::Result<std::vector<Bucket>> History::roll_ups(SeriesId series, const TimeRange& range) const {
  const SeriesView view = data_->view(series);
  std::vector<Bucket> out;
  for (const SegmentPtr& segment : *view.segments)
    for (const BlockEntry& entry : segment->of(series)) {
      if (entry.resolution == Resolution::raw || entry.instance_last <= view.erased_to || entry.last_us < range.from_us ||
          entry.first_us >= range.until_us)
        continue;
      const auto buckets = decode_buckets(segment->bytes(entry));
      if (!buckets) return std::unexpected(buckets.error());
      std::ranges::copy_if(*buckets, std::back_inserter(out), [&](const Bucket& each) { return range.holds(each.start_us); });
    }
  std::ranges::stable_sort(out, {}, &Bucket::start_us);
  return out;
}

base::Result<std::vector<Bucket>> History::aggregate(SeriesId series, const TimeRange& range, TimeUs origin_us,
                                                     TimeUs step_us) const {
  Steps steps(range.from_us, origin_us, step_us);
  const auto too_many = [&] {
    return base::fail(base::ErrorCode::limit, "step: gives more than 100,000 steps; take a longer step or a shorter time");
  };
  const auto old = roll_ups(series, range);
  if (!old) return old;
  for (const Bucket& each : *old)
    if (!steps.add(each.start_us, [&](Aggregate& values) { values.add(each.values); })) return too_many();
  bool fits = true;
  auto read = data_->view(series).each_run(range, Part::numbers, SeriesView::Direction::forward, [&](const Rows& rows) {
    for (const Point& each : rows.points)
      if (each.text == 0)
        fits = fits && steps.add(each.time_us, [&](Aggregate& values) { values.add(each.time_us, each.number); });
    return fits;
  });
  if (!read) return std::unexpected(read.error());
  if (!fits) return too_many();
  return steps.all();
}

Figures History::figures() const {
  const std::shared_lock lock(data_->mutex);
  Figures out{.segments = data_->segments->size(),
              .open_points = data_->open->size(),
              .series = data_->index.series_count(),
              .entities = data_->index.entities()};
  for (const auto& each : data_->waiting) out.open_points += each->size();
  for (const SegmentPtr& segment : *data_->segments) {
    out.bytes += segment->size();
    out.points += segment->points();
    out.buckets += segment->buckets();
  }
  return out;
}

}  // namespace citiverse::twin::history
