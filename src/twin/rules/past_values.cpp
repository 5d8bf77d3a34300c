// Read from the newest back, so that a long window costs no more than it may hold.
#include "twin/rules/past_values.h"

#include <algorithm>

#include "twin/rules/one_thing.h"

namespace citiverse::twin::rules {

PastValues past_values_in(const history::History& history, Names& names) {
  return [&history, terms = DerivedTerms(names)](const std::string& id, NameId attribute, TimeUs from_us) {
    std::vector<WindowPoint> points;
    const auto kept = history.find_entity("", id);
    if (!kept) return points;
    for (const history::SeriesFacts& series : kept->series) {
      if (series.attribute != attribute || series.dataset != kNoName) continue;
      const auto on_run = [&](const history::Rows& rows) {
        for (auto point = rows.points.rbegin(); point != rows.points.rend() && points.size() < kWindowValuesMax; ++point) {
          const history::Sample sample = history.sample_of(series.series, rows, *point);
          if (sample.is_deletion || point->text != 0) continue;
          points.push_back({point->time_us, point->number, is_simulated(sample.attribute, terms)});
        }
        return points.size() < kWindowValuesMax;
      };
      (void)history.view(series.series)
          .each_run({from_us, INT64_MAX}, history::Part::all, history::SeriesView::Direction::backward, on_run);
    }
    std::ranges::reverse(points);
    return points;
  };
}

}  // namespace citiverse::twin::rules
