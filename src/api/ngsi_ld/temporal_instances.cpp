// A series lies in the order of observedAt, so that alone can stop early; by other times all of it is looked at.
#include "api/ngsi_ld/temporal_instances.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace citiverse::api::ngsi_ld {
namespace {

namespace history = twin::history;
using Direction = history::SeriesView::Direction;

constexpr std::string_view kInstancePrefix = "urn:ngsi-ld:instance:";

bool goes_by_observation(const TemporalRequest& request) { return request.property == TimeProperty::observed_at; }

class InstanceReader {
 public:
  InstanceReader(const history::History& kept, history::SeriesId series, const TemporalRequest& request, std::size_t wanted,
                 std::chrono::steady_clock::time_point until)
      : history_(kept), series_(series), request_(request), wanted_(wanted), until_(until) {}

  base::Result<std::vector<TemporalInstance>> run() {
    const bool is_ordered = goes_by_observation(request_);
    const auto direction = is_ordered && is_backward() ? Direction::backward : Direction::forward;
    auto read = history_.view(series_).each_run(is_ordered ? request_.range : history::TimeRange(), history::Part::all,
                                                direction, [&](const history::Rows& rows) { return take(rows); });
    if (!read) return std::unexpected(read.error());
    if (is_late_) return base::fail(base::ErrorCode::limit, "too many values; ask for a shorter time");
    prune();
    return std::move(kept_);
  }

 private:
  bool is_backward() const { return request_.last_n > 0; }

  // False: enough has been seen.
  bool take(const history::Rows& rows) {
    if (std::chrono::steady_clock::now() > until_) {
      is_late_ = true;
      return false;
    }
    const std::size_t count = rows.points.size();
    for (std::size_t i = 0; i < count; ++i) {
      const history::Point& point = rows.points[is_backward() ? count - 1 - i : i];
      const auto time_us = time_of(point, rows, request_);
      if (!time_us || !request_.range.holds(*time_us)) continue;
      kept_.push_back({*time_us, history_.sample_of(series_, rows, point)});
      if (goes_by_observation(request_) && kept_.size() > wanted_) return false;
      if (kept_.size() > 2 * wanted_ + 1'000) prune();
    }
    return true;
  }

  // The first that are wanted and one more, or the last, by rising time.
  void prune() {
    std::ranges::stable_sort(kept_, {}, &TemporalInstance::time_us);
    if (kept_.size() <= wanted_ + 1) return;
    const auto surplus = static_cast<std::ptrdiff_t>(kept_.size() - wanted_ - 1);
    is_backward() ? kept_.erase(kept_.begin(), kept_.begin() + surplus) : kept_.erase(kept_.end() - surplus, kept_.end());
  }

  const history::History& history_;
  const history::SeriesId series_;
  const TemporalRequest& request_;
  const std::size_t wanted_;
  const std::chrono::steady_clock::time_point until_;
  std::vector<TemporalInstance> kept_;
  bool is_late_ = false;
};

}  // namespace

std::optional<twin::TimeUs> time_of(const history::Point& point, const history::Rows& rows, const TemporalRequest& request) {
  const auto flags = static_cast<std::uint8_t>(rows.forms[point.form].front());
  const bool is_deletion = (flags & history::is_deletion) != 0;
  switch (request.property) {
    case TimeProperty::created_at: return is_deletion ? std::nullopt : std::optional(point.created_us);
    case TimeProperty::modified_at: return is_deletion ? std::nullopt : std::optional(point.recorded_us);
    case TimeProperty::deleted_at: return is_deletion ? std::optional(point.recorded_us) : std::nullopt;
    case TimeProperty::observed_at: break;
  }
  const bool is_asked = request.has_query || request.names_property;
  return is_asked && (flags & history::is_observed) == 0 ? std::nullopt : std::optional(point.time_us);
}

base::Result<SeriesInstances> read_instances(const history::History& history, const history::SeriesFacts& series,
                                             const TemporalRequest& request, std::size_t count_max,
                                             std::chrono::steady_clock::time_point until) {
  const std::size_t wanted = request.last_n > 0 ? std::min(request.last_n, count_max) : count_max;
  auto read = InstanceReader(history, series.series, request, wanted, until).run();
  if (!read) return std::unexpected(read.error());
  SeriesInstances out{.series = series, .instances = std::move(*read)};
  out.is_cut = out.instances.size() > wanted;
  if (out.is_cut && request.last_n > 0)
    out.instances.erase(out.instances.begin());
  else if (out.is_cut)
    out.instances.pop_back();
  return out;
}

std::string instance_uri(const InstanceName& name) {
  return fmt::format("{}{}-{}", kInstancePrefix, name.series, name.instance);
}

std::optional<InstanceName> parse_instance_uri(std::string_view uri) {
  if (!uri.starts_with(kInstancePrefix)) return std::nullopt;
  uri.remove_prefix(kInstancePrefix.size());
  InstanceName name;
  const char* const end = uri.data() + uri.size();
  const auto series = std::from_chars(uri.data(), end, name.series);
  if (series.ec != std::errc() || series.ptr == end || *series.ptr != '-') return std::nullopt;
  const auto instance = std::from_chars(series.ptr + 1, end, name.instance);
  if (instance.ec != std::errc() || instance.ptr != end) return std::nullopt;
  return name;
}

base::Result<std::optional<history::Sample>> find_instance(const history::History& history, const InstanceName& name) {
  std::optional<history::Sample> found;
  auto read = history.view(name.series).each_run({}, history::Part::all, Direction::backward, [&](const history::Rows& rows) {
    const auto at = std::ranges::find(rows.points, name.instance, &history::Point::instance);
    if (at != rows.points.end()) found = history.sample_of(name.series, rows, *at);
    return !found;
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

base::Result<bool> has_instances(const history::History& history, history::SeriesId series) {
  bool has_any = false;
  auto read = history.view(series).each_run({}, history::Part::all, Direction::backward, [&](const history::Rows&) {
    has_any = true;
    return false;
  });
  if (!read) return std::unexpected(read.error());
  return has_any;
}

}  // namespace citiverse::api::ngsi_ld
