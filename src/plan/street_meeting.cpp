// Each drawn line is held against the lines around it; vertices are put in by their place along the line.
#include "plan/street_meeting.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "geo/orientation.h"
#include "plan/limits.h"
#include "plan/shapes.h"

namespace citiverse::plan {
namespace {

using city::FeatureId;
using geo::Vec2d;
using Points = std::vector<Vec2d>;

// All lines that are looked at, by id, as they are so far.
class Streets {
 public:
  Streets(const city::City& base, const PlanState& state, city::CityPatch& patch) : base_(base), state_(state), patch_(patch) {}

  /// Null when it is not there, has several parts, or runs on another level than the ground.
  Points* line(FeatureId id) {
    const auto known = lines_.find(id);
    if (known != lines_.end()) return known->second ? &*known->second : nullptr;
    std::optional<Points>& line = lines_[id];
    if (patch_.is_removed(id) || !state_.exists(base_, ObjectId::of(id))) return nullptr;
    if (!is_on_ground(id)) return nullptr;
    if (const ObjectEdits* edits = state_.find(ObjectId::of(id))) {
      const auto shape = ObjectView(base_, ObjectId::of(id), *edits).get<Shape>(*edits->family().property("line"));
      if (shape && shape->parts.size() == 1) line = shape->parts[0].points;
    } else {
      const city::Feature& f = base_.feature(*base_.find(id));
      const auto parts = base_.parts(f.geometry);
      if (parts.size() == 1) line = Points(base_.vertices(parts[0]).begin(), base_.vertices(parts[0]).end());
    }
    return line ? &*line : nullptr;
  }

 private:
  bool is_on_ground(FeatureId id) {
    if (state_.find(ObjectId::of(id)) != nullptr) return patch_.street(id).structure == city::Structure::ground;
    return base_.street(base_.feature(*base_.find(id))).structure == city::Structure::ground;
  }

  const city::City& base_;
  const PlanState& state_;
  city::CityPatch& patch_;
  std::map<FeatureId, std::optional<Points>> lines_;
};

struct Foot {
  double away = 0;
  std::size_t side = 0;  // From point side to side + 1.
  Vec2d at;
};

Foot nearest_on(const Points& line, Vec2d p) {
  Foot best{std::numeric_limits<double>::infinity(), 0, {}};
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Vec2d step = line[i + 1] - line[i];
    const double t = std::clamp(geo::dot(p - line[i], step) / std::max(1e-12, geo::dot(step, step)), 0.0, 1.0);
    const Vec2d at = line[i] + step * t;
    const double away = geo::distance(p, at);
    if (away < best.away) best = {away, i, at};
  }
  return best;
}

// A vertex of `line` at the place: one that is there already, or a new one. False: nothing was put in.
bool put_vertex(Points& line, std::size_t side, Vec2d at) {
  if (line[side] == at || line[side + 1] == at) return false;
  line.insert(line.begin() + static_cast<std::ptrdiff_t>(side) + 1, at);
  return true;
}

// Moves the corners of `line` that nearly lie on `other` onto it. True when `other` got a vertex.
bool move_corners(Points& line, Points& other) {
  bool changed = false;
  for (Vec2d& corner : line) {
    const Foot foot = nearest_on(other, corner);
    if (foot.away > kMeetDistanceM) continue;
    const Vec2d near = geo::distance(other[foot.side], foot.at) <= geo::distance(other[foot.side + 1], foot.at)
                           ? other[foot.side]
                           : other[foot.side + 1];
    if (geo::distance(near, corner) <= kMeetDistanceM) {
      corner = near;
      continue;
    }
    corner = geo::snapped_to_mm(foot.at);
    changed = put_vertex(other, foot.side, corner) || changed;
  }
  return changed;
}

// Corners of `other` that lie on `line` become its corners too.
void take_corners(Points& line, const Points& other) {
  for (const Vec2d corner : other) {
    const Foot foot = nearest_on(line, corner);
    if (foot.away <= kMeetDistanceM && geo::distance(line[foot.side], corner) > kMeetDistanceM &&
        geo::distance(line[foot.side + 1], corner) > kMeetDistanceM)
      put_vertex(line, foot.side, corner);
  }
}

// The first crossing that has no vertex in common yet; false when there is none.
bool share_crossing(Points& line, Points& other, bool& changed) {
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    for (std::size_t j = 0; j + 1 < other.size(); ++j) {
      const Vec2d a = line[i];
      const Vec2d b = line[i + 1];
      const Vec2d c = other[j];
      const Vec2d d = other[j + 1];
      if (geo::orientation(a, b, c) * geo::orientation(a, b, d) >= 0 ||
          geo::orientation(c, d, a) * geo::orientation(c, d, b) >= 0)
        continue;
      const double t = geo::cross(c - a, d - c) / geo::cross(b - a, d - c);
      const Vec2d at = geo::snapped_to_mm(a + (b - a) * t);
      const bool in_line = put_vertex(line, i, at);
      const bool in_other = put_vertex(other, j, at);
      changed = changed || in_other;
      if (in_line || in_other) return true;
    }
  }
  return false;
}

// True when `other` got a vertex. Lines that cross more often than an outline has points stay as they are from there.
bool share_crossings(Points& line, Points& other) {
  bool changed = false;
  for (std::size_t i = 0; i < kOutlinePointsMax && share_crossing(line, other, changed); ++i) {
  }
  return changed;
}

city::Geometry line_geometry(city::CityPatch& patch, const Points& line) {
  city::Geometry geometry = patch.begin(city::GeometryType::lines);
  patch.add_part(geometry, line);
  return geometry;
}

}  // namespace

bool has_new_line(const ObjectEdits& street) {
  const Write<Value>* line = street.last(*street.family().property("line"));
  return line != nullptr && std::holds_alternative<Shape>(line->value);
}

std::vector<FeatureId> join_streets(const city::City& base, const PlanState& state, const std::vector<FeatureId>& drawn,
                                    city::CityPatch& patch) {
  Streets streets(base, state, patch);
  std::vector<FeatureId> met;
  for (const FeatureId id : drawn) {
    Points* line = streets.line(id);
    if (line == nullptr) continue;
    geo::Box2d box;
    for (const Vec2d& p : *line) box.extend(p);
    box = box.grown_by(kMeetDistanceM);
    std::vector<FeatureId> others;
    base.index().visit_box(box, [&](city::FeatureIndex i) {
      if (base.feature(i).id.kind() == city::FeatureKind::street) others.push_back(base.feature(i).id);
    });
    others.insert(others.end(), drawn.begin(), drawn.end());
    std::ranges::sort(others);
    others.erase(std::unique(others.begin(), others.end()), others.end());
    for (const FeatureId other_id : others) {
      if (other_id == id) continue;
      Points* other = streets.line(other_id);
      if (other == nullptr) continue;
      bool changed = move_corners(*line, *other);
      take_corners(*line, *other);
      changed = share_crossings(*line, *other) || changed;
      if (changed && std::ranges::find(drawn, other_id) == drawn.end()) met.push_back(other_id);
    }
  }
  std::ranges::sort(met);
  met.erase(std::unique(met.begin(), met.end()), met.end());
  const auto reshape = [&](FeatureId id) {
    if (const Points* line = streets.line(id)) patch.reshape(id, line_geometry(patch, *line));
  };
  std::ranges::for_each(drawn, reshape);
  std::ranges::for_each(met, reshape);
  return met;
}

}  // namespace citiverse::plan
