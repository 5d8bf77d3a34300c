// A mitred band along the ring, cut across.
#include "ingest/practice/frontage.h"

#include <algorithm>

namespace citiverse::ingest::practice {
namespace {

struct Corner {
  Vec2d at;
  Vec2d inner;        // Where the two bands' back walls meet.
  double take_m = 0;  // Length that a corner plot takes of each side; 0: none.
  double skip_m = 0;  // Length of each side that is too pointed to build on.
};

Corner corner_at(const Path& ring, std::size_t i, const FrontageRule& rule, base::Random& random) {
  const std::size_t n = ring.size();
  const Vec2d before = ring[i] - ring[(i + n - 1) % n], after = ring[(i + 1) % n] - ring[i];
  const Vec2d in = unit(before), out = unit(after);
  const Vec2d middle = left_of(in) + left_of(out);
  const double square = std::max(dot(middle, middle), 0.35);
  Corner corner{ring[i], ring[i] + middle * (2 * rule.depth_m / square), 0};
  const double turn = cross(in, out);
  if (turn < 0.5 && dot(in, out) > 0) return corner;
  // The back walls meet this far along the sides.
  const double reach = dot(corner.inner - corner.at, out);
  corner.skip_m = turn > 0 ? std::max(reach, 0.0) + 0.2 : 0.0;
  if (!rule.corners || turn < 0.5 || dot(in, out) < -0.75) return corner;
  const double take = std::max(reach + 2.5, rule.width_min_m) + random.uniform(0, 4);
  if (take < 0.5 * std::min(length(before), length(after)) && reach > 1) corner.take_m = take;
  return corner;
}

}  // namespace

std::vector<Front> fronts_of(const Path& ring, const FrontageRule& rule, base::Random& random) {
  std::vector<Front> fronts;
  const std::size_t n = ring.size();
  std::vector<Corner> corners;
  for (std::size_t i = 0; i < n; ++i) corners.push_back(corner_at(ring, i, rule, random));
  for (std::size_t i = 0; i < n; ++i) {
    const Corner &c = corners[i], &d = corners[(i + 1) % n];
    const Vec2d along = unit(d.at - c.at), inwards = left_of(along);
    if (c.take_m > 0) {
      const Vec2d back = unit(c.at - corners[(i + n - 1) % n].at);
      const Vec2d first = c.at - back * c.take_m, last = c.at + along * c.take_m;
      const Path outline = {first, c.at, last, last + inwards * rule.depth_m, c.inner, first + left_of(back) * rule.depth_m};
      fronts.push_back({outline, (c.at + last) * 0.5, inwards, 2 * c.take_m, rule.depth_m, true});
    }
    const double from = c.take_m > 0 ? c.take_m : c.skip_m, to = distance(c.at, d.at) - (d.take_m > 0 ? d.take_m : d.skip_m);
    if (to - from < 0.6 * rule.width_min_m) continue;
    const double middle_width = (rule.width_min_m + rule.width_max_m) / 2;
    const int count = std::max(1, static_cast<int>((to - from) / middle_width + 0.5));
    std::vector<double> cuts = {from};
    double sum = 0;
    std::vector<double> widths;
    for (int k = 0; k < count; ++k) {
      widths.push_back(random.uniform(rule.width_min_m, rule.width_max_m));
      sum += widths.back();
    }
    for (const double w : widths) cuts.push_back(cuts.back() + w * (to - from) / sum);
    for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
      const Vec2d a = c.at + along * cuts[k], b = c.at + along * cuts[k + 1];
      const bool at_start = k == 0 && from == 0, at_end = k + 2 == cuts.size() && d.take_m == 0 && d.skip_m == 0;
      const Path outline = {a, b, at_end ? d.inner : b + inwards * rule.depth_m,
                            at_start ? c.inner : a + inwards * rule.depth_m};
      fronts.push_back({outline, (a + b) * 0.5, inwards, cuts[k + 1] - cuts[k], rule.depth_m, false});
    }
  }
  return fronts;
}

}  // namespace citiverse::ingest::practice
