// Points of later sources stand behind those of earlier ones of the same time, so the last of each time is the right one.
#include "twin/history/runs.h"

#include <algorithm>

namespace citiverse::twin::history {
namespace {

void keep_what_counts(Rows& rows, const TimeRange& range, std::uint64_t erased_to, Part part) {
  std::erase_if(rows.points, [&](const Point& each) {
    if (!range.holds(each.time_us)) return true;
    if (part == Part::numbers) return false;
    return each.instance <= erased_to || (rows.forms[each.form].front() & is_tombstone) != 0;
  });
}

}  // namespace

std::vector<Cluster> clusters_of(std::span<const SegmentPtr> segments, SeriesId series, const TimeRange& range,
                                 std::uint64_t erased_to) {
  std::vector<Cluster::Block> blocks;
  for (const SegmentPtr& segment : segments)
    for (const BlockEntry& entry : segment->of(series))
      if (entry.resolution == Resolution::raw && entry.instance_last > erased_to && entry.last_us >= range.from_us &&
          entry.first_us < range.until_us)
        blocks.push_back({segment.get(), &entry});
  const auto first_of = [](const Cluster::Block& each) { return each.entry->first_us; };
  std::vector<std::size_t> order(blocks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return first_of(blocks[i]); });
  std::vector<Cluster> clusters;
  std::vector<std::vector<std::size_t>> members;
  for (const std::size_t i : order) {
    const BlockEntry& entry = *blocks[i].entry;
    if (clusters.empty() || entry.first_us > clusters.back().last_us) {
      clusters.push_back({{}, entry.first_us, entry.last_us});
      members.emplace_back();
    }
    clusters.back().last_us = std::max(clusters.back().last_us, entry.last_us);
    members.back().push_back(i);
  }
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    std::ranges::sort(members[i]);  // The age of their segments again.
    for (const std::size_t each : members[i]) clusters[i].blocks.push_back(blocks[each]);
  }
  return clusters;
}

base::Result<void> read_cluster(const Cluster& cluster, Part part, Rows& rows) {
  for (const Cluster::Block& block : cluster.blocks)
    if (auto read = decode_block(block.segment->bytes(*block.entry), part, rows); !read) return read;
  sort_by_time(rows.points);
  return {};
}

base::Result<void> SeriesView::each_run(const TimeRange& range, Part part, Direction direction,
                                        const std::function<bool(const Rows&)>& on_run) const {
  const auto clusters = clusters_of(*segments, series, range, erased_to);
  std::vector<Point> waiting = open.points;
  sort_by_time(waiting);
  // Chunk i holds cluster i and what is open up to its end; the last chunk holds what is open beyond all.
  const std::size_t chunks = clusters.size() + 1;
  Rows rows;
  for (std::size_t k = 0; k < chunks; ++k) {
    const std::size_t i = direction == Direction::forward ? k : chunks - 1 - k;
    rows.points.clear();
    rows.texts.clear();
    rows.forms.clear();
    Part needed = part;
    if (i < clusters.size())
      for (const Cluster::Block& block : clusters[i].blocks)
        if (block.entry->instance_first <= erased_to) needed = Part::all;
    if (i < clusters.size())
      if (auto read = read_cluster(clusters[i], needed, rows); !read) return read;
    const auto begin =
        i == 0 ? waiting.begin() : std::ranges::upper_bound(waiting, clusters[i - 1].last_us, {}, &Point::time_us);
    const auto end =
        i == clusters.size() ? waiting.end() : std::ranges::upper_bound(waiting, clusters[i].last_us, {}, &Point::time_us);
    if (begin != end) {
      const auto texts = static_cast<std::uint32_t>(rows.texts.size());
      const auto forms = static_cast<std::uint32_t>(rows.forms.size());
      if (needed == Part::all) {
        rows.texts.insert(rows.texts.end(), open.texts.begin(), open.texts.end());
        rows.forms.insert(rows.forms.end(), open.forms.begin(), open.forms.end());
      }
      for (auto at = begin; at != end; ++at) {
        if (needed == Part::numbers && at->instance <= erased_to) continue;
        rows.points.push_back(*at);
        rows.points.back().form += forms;
        if (at->text != 0) rows.points.back().text = needed == Part::all ? at->text + texts : 1;
      }
      sort_by_time(rows.points);
    }
    keep_what_counts(rows, range, erased_to, needed);
    if (!rows.points.empty() && !on_run(rows)) return {};
  }
  return {};
}

}  // namespace citiverse::twin::history
