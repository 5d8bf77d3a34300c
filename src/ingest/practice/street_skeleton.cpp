// The lines that the town plan fixes: edges, quays, bridges, the old town's squares and streets, and the main roads.
#include <algorithm>

#include "ingest/practice/street_growth.h"

namespace citiverse::ingest::practice {
namespace {

Path offset(const Path& path, double away_m) {
  Path out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Vec2d before = path[i == 0 ? 0 : i - 1], after = path[std::min(i + 1, path.size() - 1)];
    out.push_back(path[i] + left_of(unit(after - before)) * away_m);
  }
  return out;
}

/// A bent line from a to b that leaves neither straight.
Path bent(Vec2d a, Vec2d b, double bend) {
  Path path;
  const Vec2d control = (a + b) * 0.5 + left_of(b - a) * bend;
  const int steps = std::max(3, static_cast<int>(distance(a, b) / 18));
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    path.push_back(a * ((1 - t) * (1 - t)) + control * (2 * t * (1 - t)) + b * (t * t));
  }
  return path;
}

}  // namespace

void StreetGrowth::lay_edges() {
  const double h = setting_.half_size_m() - 1;
  lines_.add({{{-h, -h}, {h, -h}, {h, h}, {-h, h}, {-h, -h}}, LineKind::frame});
  const auto closed = [](Path ring) {
    ring.push_back(ring.front());
    return ring;
  };
  lines_.add({closed(setting_.river().outer), LineKind::water_edge});
  for (const Path& hole : setting_.river().holes) lines_.add({closed(hole), LineKind::water_edge});
  for (const double side : {1.0, -1.0}) {
    Path edge;
    const Path& railway = plan_.railway();
    for (std::size_t i = 0; i < railway.size(); ++i) {
      const Vec2d before = railway[i == 0 ? 0 : i - 1], after = railway[std::min(i + 1, railway.size() - 1)];
      edge.push_back(railway[i] + left_of(unit(after - before)) * (side * plan_.railway_half_width_m(railway[i])));
    }
    lines_.add({edge, LineKind::rail_edge});
  }
}

void StreetGrowth::lay_quays() {
  for (const bool left : {true, false}) {
    Path run;
    const auto finish = [&] {
      if (path_length(run) > 150) lines_.add({simplified(run, 0.7), LineKind::quay});
      run.clear();
    };
    const double reach = setting_.town_radius_m() * 1.5;
    for (double u = -reach; u <= reach; u += 15) {
      const Vec2d p = plan_.quay_at(u, left);
      const double behind = setting_.river_near(p).from_edge_m;
      const bool good = setting_.is_inside(p, 10) && setting_.remoteness(p) < 0.97 && std::abs(behind - TownPlan::kQuayM) < 3;
      if (good)
        run.push_back(p);
      else
        finish();
    }
    finish();
  }
}

void StreetGrowth::lay_bridges() {
  for (const double u : plan_.bridges()) {
    const Vec2d left = plan_.quay_at(u, true), right = plan_.quay_at(u, false);
    if (!setting_.is_inside(left, 60) || !setting_.is_inside(right, 60)) continue;
    lines_.add({{left, right}, LineKind::bridge});
  }
}

void StreetGrowth::lay_old_town() {
  lines_.add({simplified(plan_.ring(), 0.5), LineKind::boulevard});
  for (const Path* square : {&plan_.market(), &plan_.minster()}) {
    Path around = *square;
    around.push_back(around.front());
    lines_.add({around, LineKind::high_street});
  }
  const auto corner = [](const Path& square, Vec2d towards) {
    return *std::max_element(square.begin(), square.end(), [&](Vec2d a, Vec2d b) { return dot(a, towards) < dot(b, towards); });
  };
  // From the old bridge, from every gate, and from the minster, a street leads to the market.
  const Vec2d bridge_head = plan_.quay_at(plan_.bridges()[0], true);
  lines_.add({bent(bridge_head, corner(plan_.market(), bridge_head), random_.uniform(-0.1, 0.1)), LineKind::high_street});
  for (const Vec2d gate : plan_.gates()) {
    const Vec2d start = corner(plan_.market(), gate);
    const Path path = bent(start, gate, random_.uniform(-0.12, 0.12));
    const bool meets_minster =
        distance_to_ring(plan_.minster(), (start + gate) * 0.5) < 25 || contains(plan_.minster(), (start + gate) * 0.5);
    if (!meets_minster) {
      lines_.add({path, LineKind::high_street});
    } else {
      lines_.add({bent(corner(plan_.minster(), gate), gate, 0.06), LineKind::high_street});
    }
  }
  const Vec2d minster = plan_.minster()[0] * 0.5 + plan_.minster()[2] * 0.5;
  lines_.add({bent(corner(plan_.market(), minster), corner(plan_.minster(), minster * -1), 0.05), LineKind::high_street});
}

void StreetGrowth::lay_arterials() {
  const Rule main{LineKind::primary, 110, 0.075, 12'000, 0, 260, true, 1.9};
  for (const Vec2d gate : plan_.gates()) draw_out(gate, gate, main);
  const Rule second{LineKind::secondary, 110, 0.085, 12'000, 0, 260, true, 1.5};
  for (std::size_t i = 0; i < plan_.bridges().size(); ++i) {
    const double u = plan_.bridges()[i];
    const Vec2d out = left_of(setting_.river_direction_at(u));
    draw_out(plan_.quay_at(u, false), out * -1, i == 0 ? main : second);
    if (!plan_.is_in_old_town(plan_.quay_at(u, true) + out * 20)) draw_out(plan_.quay_at(u, true), out, second);
  }
  // The station's own street runs straight to the ring.
  const Vec2d across = left_of(plan_.station_direction());
  const Vec2d front = plan_.station() - across * (plan_.railway_half_width_m(plan_.station()) + 42);
  double best = 1e9;
  Vec2d at_ring;
  for (const Vec2d p : plan_.ring())
    if (distance(p, front) < best) best = distance(p, front), at_ring = p;
  lines_.add({bent(at_ring, front, 0.0), LineKind::secondary});
  lines_.add({offset({front - plan_.station_direction() * 150, front, front + plan_.station_direction() * 150}, 0),
              LineKind::tertiary});
}

void StreetGrowth::lay_promenades() {
  std::vector<double> heads = plan_.bridges();
  std::sort(heads.begin(), heads.end());
  for (const bool left : {true, false}) {
    for (std::size_t i = 0; i + 1 < heads.size(); ++i) {
      const double from = heads[i] + 40, to = heads[i + 1] - 40;
      if (to - from < 80) continue;
      Path path = {plan_.quay_at(from - 12, left)};
      bool dry = true;
      for (double u = from; u <= to; u += 12) {
        const double away = setting_.river_half_width_m(u) + 12.5;
        const Vec2d p = setting_.river_at(u) + left_of(setting_.river_direction_at(u)) * (left ? away : -away);
        dry = dry && setting_.is_inside(p, 20) && setting_.river_near(p).from_edge_m > 8 && setting_.remoteness(p) < 0.95;
        path.push_back(p);
      }
      path.push_back(plan_.quay_at(to + 12, left));
      if (dry) lines_.add({simplified(path, 0.4), LineKind::promenade});
    }
  }
}

}  // namespace citiverse::ingest::practice
