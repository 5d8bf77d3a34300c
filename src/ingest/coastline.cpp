// Join the pieces, cut them at the box, then walk: along each coast with the water on the left, and on along the border of the
// box, counter-clockwise, to where the next coast begins.
#include "ingest/coastline.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace citiverse::ingest {
namespace {

using Line = std::vector<geo::Vec2d>;
using Key = std::pair<double, double>;
Key key_of(geo::Vec2d p) { return {p.x, p.y}; }

double signed_area(const Line& ring) {
  double twice = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
    twice += geo::cross(ring[j] - ring[0], ring[i] - ring[0]);
  return twice / 2;
}

// Reversed pieces, so that water is on the left, joined end to start.
std::vector<Line> joined(std::span<const std::vector<geo::Vec2d>> ways) {
  std::map<Key, std::vector<std::size_t>> starting;
  std::vector<Line> pieces;
  for (const auto& way : ways) {
    if (way.size() < 2) continue;
    pieces.emplace_back(way.rbegin(), way.rend());
  }
  std::map<Key, int> ends;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    starting[key_of(pieces[i].front())].push_back(i);
    ++ends[key_of(pieces[i].back())];
  }
  std::vector<bool> used(pieces.size());
  std::vector<Line> out;
  const auto follow = [&](std::size_t first) {
    Line line = pieces[first];
    used[first] = true;
    while (!(line.back() == line.front())) {
      const auto next = starting.find(key_of(line.back()));
      if (next == starting.end()) break;
      const auto at = std::find_if(next->second.begin(), next->second.end(), [&](std::size_t i) { return !used[i]; });
      if (at == next->second.end()) break;
      used[*at] = true;
      line.insert(line.end(), pieces[*at].begin() + 1, pieces[*at].end());
    }
    out.push_back(std::move(line));
  };
  // Open chains from their first piece; what is left are rings.
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (!used[i] && !ends.contains(key_of(pieces[i].front()))) follow(i);
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (!used[i]) follow(i);
  }
  return out;
}

// The part of a segment inside the box, as two fractions along it (Liang & Barsky 1984).
std::optional<std::pair<double, double>> inside(geo::Vec2d a, geo::Vec2d b, const geo::Box2d& box) {
  double from = 0;
  double to = 1;
  const geo::Vec2d d = b - a;
  const double p[4] = {-d.x, d.x, -d.y, d.y};
  const double q[4] = {a.x - box.low.x, box.high.x - a.x, a.y - box.low.y, box.high.y - a.y};
  for (int i = 0; i < 4; ++i) {
    if (p[i] == 0) {
      if (q[i] < 0) return std::nullopt;
      continue;
    }
    const double t = q[i] / p[i];
    if (p[i] < 0)
      from = std::max(from, t);
    else
      to = std::min(to, t);
  }
  if (from >= to) return std::nullopt;
  return std::pair{from, to};
}

std::vector<Line> cut(const Line& line, const geo::Box2d& box) {
  std::vector<Line> out;
  Line current;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const geo::Vec2d a = line[i - 1];
    const geo::Vec2d b = line[i];
    const auto t = inside(a, b, box);
    if (!t) {
      if (current.size() > 1) out.push_back(std::move(current));
      current.clear();
      continue;
    }
    const geo::Vec2d start = t->first > 0 ? a + (b - a) * t->first : a;
    const geo::Vec2d end = t->second < 1 ? a + (b - a) * t->second : b;
    if (t->first > 0 && current.size() > 1) {
      out.push_back(std::move(current));
      current.clear();
    }
    if (current.empty()) current.push_back(start);
    current.push_back(end);
    if (t->second < 1) {
      out.push_back(std::move(current));
      current.clear();
    }
  }
  if (current.size() > 1) out.push_back(std::move(current));
  return out;
}

// Distance along the border, counter-clockwise from the south-west corner, of the border point nearest to p; and that point.
std::pair<double, geo::Vec2d> on_border(geo::Vec2d p, const geo::Box2d& box) {
  const double w = box.width();
  const double h = box.height();
  const double x = std::clamp(p.x, box.low.x, box.high.x);
  const double y = std::clamp(p.y, box.low.y, box.high.y);
  const double south = y - box.low.y, east = box.high.x - x, north = box.high.y - y, west = x - box.low.x;
  const double least = std::min({south, east, north, west});
  if (least == south) return {x - box.low.x, {x, box.low.y}};
  if (least == east) return {w + (y - box.low.y), {box.high.x, y}};
  if (least == north) return {w + h + (box.high.x - x), {x, box.high.y}};
  return {2 * w + h + (box.high.y - y), {box.low.x, y}};
}

// An end inside the box goes on in the direction of its last kEndDirectionM until it is outside: extracts are rarely cut along
// their own box. An end that comes in for less than that says too little about where the water is, and is cut off.
// Returns how many ends were led on or cut.
constexpr double kEndDirectionM = 300;
std::size_t lead_out(Line& line, const geo::Box2d& box) {
  std::size_t led = 0;
  for (int end = 0; end < 2; ++end) {
    std::reverse(line.begin(), line.end());
    if (line.size() < 2 || !box.contains(line.back())) continue;
    ++led;
    const geo::Vec2d last = line.back();
    std::size_t i = line.size() - 1;
    while (i > 0 && box.contains(line[i]) && geo::distance(line[i], last) < kEndDirectionM) --i;
    const geo::Vec2d along = last - line[i];
    const double length = geo::length(along);
    if ((!box.contains(line[i]) && length < kEndDirectionM) || length <= 0) {
      line.resize(i + 1);
    } else {
      line.push_back(last + along * (2 * (box.width() + box.height()) / length));
    }
  }
  return led;
}

struct Coast {
  Line line;
  double enters = 0;  // Where on the border it begins and ends.
  double leaves = 0;
};

// Around the border water begins where a coast leaves and ends where the next enters. Where an extract lacks pieces of the
// coast two begin or two end in a row: then the shorter of the two coasts says less about where the water is, and goes. Returns
// how many went.
std::size_t drop_contradictions(std::vector<Coast>& coasts) {
  struct End {
    double at;
    bool enters;
    std::size_t coast;
  };
  const auto length = [](const Line& line) {
    double sum = 0;
    for (std::size_t i = 1; i < line.size(); ++i) sum += geo::distance(line[i - 1], line[i]);
    return sum;
  };
  for (std::size_t dropped = 0;; ++dropped) {
    std::vector<End> ends;
    for (std::size_t i = 0; i < coasts.size(); ++i) {
      ends.push_back({coasts[i].enters, true, i});
      ends.push_back({coasts[i].leaves, false, i});
    }
    std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return a.at < b.at; });
    std::size_t worst = coasts.size();
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const End& a = ends[i];
      const End& b = ends[(i + 1) % ends.size()];
      if (a.enters != b.enters || a.coast == b.coast) continue;
      for (const std::size_t coast : {a.coast, b.coast}) {
        if (worst == coasts.size() || length(coasts[coast].line) < length(coasts[worst].line)) worst = coast;
      }
    }
    if (worst == coasts.size()) return dropped;
    coasts.erase(coasts.begin() + static_cast<std::ptrdiff_t>(worst));
  }
}

void walk(std::vector<Coast>& coasts, const geo::Box2d& box, std::vector<Shape>& areas) {
  const double w = box.width();
  const double h = box.height();
  const std::pair<double, geo::Vec2d> corners[] = {
      {0, box.low}, {w, {box.high.x, box.low.y}}, {w + h, box.high}, {2 * w + h, {box.low.x, box.high.y}}};
  const double around = 2 * (w + h);
  std::vector<bool> used(coasts.size());
  for (std::size_t first = 0; first < coasts.size(); ++first) {
    if (used[first]) continue;
    Line ring;
    std::size_t at = first;
    do {
      used[at] = true;
      ring.insert(ring.end(), coasts[at].line.begin(), coasts[at].line.end());
      const double from = coasts[at].leaves;
      std::size_t next = first;
      double nearest = around * 2;
      for (std::size_t i = 0; i < coasts.size(); ++i) {
        if (used[i] && i != first) continue;
        double ahead = coasts[i].enters - from;
        if (ahead < 0) ahead += around;
        if (ahead < nearest) {
          nearest = ahead;
          next = i;
        }
      }
      std::vector<std::pair<double, geo::Vec2d>> passed;
      for (const auto& [distance, corner] : corners) {
        double ahead = distance - from;
        if (ahead < 0) ahead += around;
        if (ahead > 0 && ahead < nearest) passed.emplace_back(ahead, corner);
      }
      std::sort(passed.begin(), passed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (const auto& [ahead, corner] : passed) ring.push_back(corner);
      at = next;
    } while (at != first);
    areas.push_back(ring_shape(std::move(ring)));
  }
}

}  // namespace

Sea sea_from(std::span<const std::vector<geo::Vec2d>> ways, const geo::Box2d& box) {
  Sea sea;
  if (box.empty() || box.width() <= 0 || box.height() <= 0) return sea;
  std::vector<Coast> coasts;
  std::vector<Line> islands;
  bool any = false;
  for (Line& line : joined(ways)) {
    const bool is_ring = line.size() > 3 && line.front() == line.back();
    const bool all_inside = std::all_of(line.begin(), line.end(), [&](geo::Vec2d p) { return box.contains(p); });
    if (is_ring && all_inside) {
      any = true;
      Line ring(line.begin(), line.end() - 1);
      // Water on the left of a counter-clockwise ring is inside it: a sea of its own, not an island.
      if (signed_area(ring) > 0)
        sea.areas.push_back(ring_shape(std::move(ring)));
      else
        islands.push_back(std::move(ring));
      continue;
    }
    if (!is_ring) sea.loose_ends += lead_out(line, box);
    auto pieces = cut(line, box);
    if (is_ring && pieces.size() > 1 && pieces.front().front() == pieces.back().back()) {
      // The ring began inside the box: its last piece goes on into its first.
      pieces.back().insert(pieces.back().end(), pieces.front().begin() + 1, pieces.front().end());
      pieces.erase(pieces.begin());
    }
    for (Line& piece : pieces) {
      any = true;
      Coast coast;
      const auto [enters, start] = on_border(piece.front(), box);
      const auto [leaves, end] = on_border(piece.back(), box);
      piece.front() = start;
      piece.back() = end;
      coasts.push_back({std::move(piece), enters, leaves});
    }
  }
  if (!any) return sea;
  if (coasts.empty() && sea.areas.empty()) {
    sea.areas.push_back(ring_shape({box.low, {box.high.x, box.low.y}, box.high, {box.low.x, box.high.y}}));
  }
  sea.loose_ends += drop_contradictions(coasts);
  walk(coasts, box, sea.areas);
  for (Line& island : islands) {
    for (Shape& area : sea.areas) {
      if (!covers(area, island.front())) continue;
      area.parts.push_back({std::move(island), true});
      break;
    }
  }
  for (Shape& area : sea.areas) area = repaired(area);
  std::erase_if(sea.areas, [](const Shape& area) { return area.parts.empty(); });
  return sea;
}

}  // namespace citiverse::ingest
