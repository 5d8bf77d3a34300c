// Paths are followed vertex by vertex, so that nobody walks through a house where a street bends.
#include "load/walkers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

namespace citiverse::load {
namespace {

constexpr double kPaceLeast = 1.0;
constexpr double kPaceMost = 1.7;
constexpr double kPointRadiusM = 1.0;
constexpr std::uint32_t kOpenPlacesTried = 200;

}  // namespace

Walkers::Walkers(const city::City& city, Gathering gathering)
    : city_(&city), network_(std::make_shared<city::Network>(city, city::Mode::kWalk)), gathering_(gathering) {}

base::Result<Walkers> Walkers::make(const city::City& city, std::uint32_t count, Gathering gathering, std::uint64_t seed) {
  Walkers walkers(city, gathering);
  if (walkers.network_->edge_count() == 0) {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("{}: no path can be walked; take a city with streets", city.name()));
  }
  auto placed = gathering == Gathering::spread ? walkers.place_on_paths(count, seed) : walkers.place_together(count, seed);
  if (!placed) return std::unexpected(placed.error());
  return walkers;
}

base::Result<void> Walkers::place_on_paths(std::uint32_t count, std::uint64_t seed) {
  // Edges by the sum of lengths before them: a uniform draw then falls on each by its length.
  struct Start {
    double before_m;
    city::Network::Node node;
    std::uint32_t edge;
  };
  std::vector<Start> starts;
  double sum_m = 0;
  for (city::Network::Node node = 0; node < network_->node_count(); ++node) {
    const auto edges = network_->edges_from(node);
    for (std::uint32_t e = 0; e < edges.size(); ++e) {
      starts.push_back({sum_m, node, e});
      sum_m += edges[e].length_m;
    }
  }
  people_.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    Person& person = people_[i];
    person.random = base::Random(seed, i);
    person.speed_m_s = person.random.uniform(kPaceLeast, kPaceMost);
    const double draw = person.random.uniform(0, sum_m);
    const auto after = std::ranges::upper_bound(starts, draw, {}, &Start::before_m);
    const Start& start = *std::prev(after);
    enter_edge(person, start.node, start.edge);
    walk_on_paths(person, draw - start.before_m);
  }
  return {};
}

base::Result<void> Walkers::place_together(std::uint32_t count, std::uint64_t seed) {
  const double side_m = gathering_ == Gathering::point ? kPointRadiusM : std::ceil(std::sqrt(static_cast<double>(count)));
  const geo::Vec2d middle = open_place(side_m, seed);
  free_radius_m_ = gathering_ == Gathering::point ? kPointRadiusM : 1.0;
  people_.resize(count);
  const auto across = static_cast<std::uint32_t>(side_m);
  for (std::uint32_t i = 0; i < count; ++i) {
    Person& person = people_[i];
    person.random = base::Random(seed, i);
    person.speed_m_s = person.random.uniform(kPaceLeast, kPaceMost);
    person.home = middle;
    if (gathering_ == Gathering::square_metre) {
      const std::uint32_t column = i % across;
      const std::uint32_t row = i / across;
      person.home.x += column - side_m / 2;
      person.home.y += row - side_m / 2;
    }
    person.at = person.home;
    const double angle = person.random.uniform(0, 2 * std::numbers::pi);
    turn_to(person, {std::cos(angle), std::sin(angle)});
  }
  return {};
}

// Of many places on paths, one whose square meets the fewest buildings and water.
geo::Vec2d Walkers::open_place(double side_m, std::uint64_t seed) const {
  base::Random random(seed, 0xC0FFEE);
  geo::Vec2d best{};
  std::size_t best_hits = std::numeric_limits<std::size_t>::max();
  for (std::uint32_t i = 0; i < kOpenPlacesTried && best_hits > 0; ++i) {
    const geo::Vec2d at = network_->position(random.below(static_cast<std::uint32_t>(network_->node_count())));
    const double half = side_m / 2 + 2;
    const geo::Box2d box{{at.x - half, at.y - half}, {at.x + half, at.y + half}};
    std::size_t hits = 0;
    city_->index().visit_box(box, [&](std::uint32_t item) {
      const city::FeatureKind kind = city_->feature(item).id.kind();
      hits += kind == city::FeatureKind::building || kind == city::FeatureKind::water ? 1u : 0u;
    });
    if (hits >= best_hits) continue;
    best_hits = hits;
    best = at;
  }
  return best;
}

geo::Vec2d Walkers::vertex_of(const city::Network::Edge& edge, std::uint32_t nth) const {
  const bool is_forward = edge.last_vertex >= edge.first_vertex;
  return city_->columns().vertices[is_forward ? edge.first_vertex + nth : edge.first_vertex - nth];
}

void Walkers::enter_edge(Person& person, city::Network::Node node, std::uint32_t edge) const {
  person.node = node;
  person.edge = edge;
  person.vertex = 0;
  person.on_piece_m = 0;
  person.piece_m = -1;
  person.at = vertex_of(network_->edges_from(node)[edge], 0);
}

void Walkers::turn_to(Person& person, geo::Vec2d direction) {
  person.direction = direction;
  const double turn = std::atan2(direction.x, direction.y) / (2 * std::numbers::pi);
  person.heading = static_cast<std::uint8_t>(static_cast<int>(std::lround(turn * 256)) & 0xFF);
}

void Walkers::look_up_piece(Person& person, const city::Network::Edge& edge) const {
  person.from = vertex_of(edge, person.vertex);
  const geo::Vec2d to = vertex_of(edge, person.vertex + 1);
  person.way = {to.x - person.from.x, to.y - person.from.y};
  person.piece_m = geo::length(person.way);
  if (person.piece_m > 0) turn_to(person, {person.way.x / person.piece_m, person.way.y / person.piece_m});
}

void Walkers::walk_on_paths(Person& person, double length_m) const {
  // A piece of no length or a node without a way on would otherwise hold us for ever.
  for (int pieces = 0; pieces < 1000; ++pieces) {
    if (person.on_piece_m + length_m < person.piece_m) {
      person.on_piece_m += length_m;
      const double share = person.on_piece_m / person.piece_m;
      person.at = {person.from.x + person.way.x * share, person.from.y + person.way.y * share};
      return;
    }
    const city::Network::Edge& edge = network_->edges_from(person.node)[person.edge];
    if (person.piece_m >= 0) {  // To its end.
      length_m -= person.piece_m - person.on_piece_m;
      person.on_piece_m = 0;
      person.piece_m = -1;
      ++person.vertex;
      person.at = vertex_of(edge, person.vertex);
    }
    const auto last =
        edge.last_vertex >= edge.first_vertex ? edge.last_vertex - edge.first_vertex : edge.first_vertex - edge.last_vertex;
    if (person.vertex < last) {
      look_up_piece(person, edge);
      continue;
    }
    const auto onward = network_->edges_from(edge.to);
    if (onward.empty()) return;
    // Back where one came from only at an end.
    std::uint32_t next = person.random.below(static_cast<std::uint32_t>(onward.size()));
    if (onward[next].to == person.node && onward.size() > 1) next = (next + 1) % static_cast<std::uint32_t>(onward.size());
    enter_edge(person, edge.to, next);
  }
}

void Walkers::walk_freely(Person& person, double length_m) const {
  person.at.x += person.direction.x * length_m;
  person.at.y += person.direction.y * length_m;
  const geo::Vec2d away{person.at.x - person.home.x, person.at.y - person.home.y};
  const bool leaves = away.x * person.direction.x + away.y * person.direction.y > 0;
  if (geo::length(away) < free_radius_m_ || !leaves) return;
  const double angle = person.random.uniform(0, 2 * std::numbers::pi);
  turn_to(person, {std::cos(angle), std::sin(angle)});
}

Step Walkers::step_of(const Person& person) const {
  const double height_m = city_->terrain().height_at(person.at);
  return {.place = {static_cast<std::int32_t>(std::lround(person.at.x * 100)),
                    static_cast<std::int32_t>(std::lround(person.at.y * 100)),
                    static_cast<std::int32_t>(std::lround(height_m * 20)) * presence::kHeightStepCm},
          .heading = person.heading};
}

void Walkers::expect(std::uint32_t person) const {
  const auto* const at = reinterpret_cast<const std::byte*>(&people_[person]);
  for (std::size_t line = 0; line < sizeof(Person); line += 64) __builtin_prefetch(at + line, 1);
}

Step Walkers::now(std::uint32_t person) const { return step_of(people_[person]); }

Step Walkers::walk(std::uint32_t person, double time_s) {
  Person& who = people_[person];
  const double length_m = who.speed_m_s * time_s;
  if (gathering_ == Gathering::spread)
    walk_on_paths(who, length_m);
  else
    walk_freely(who, length_m);
  return step_of(who);
}

void Walkers::turn_back(std::uint32_t person) {
  Person& who = people_[person];
  if (gathering_ != Gathering::spread) {
    who.at = who.home;
    return;
  }
  const city::Network::Edge edge = network_->edges_from(who.node)[who.edge];
  const auto back = network_->edges_from(edge.to);
  for (std::uint32_t e = 0; e < back.size(); ++e) {
    if (back[e].to != who.node || back[e].first_vertex != edge.last_vertex) continue;
    const auto vertices =
        edge.last_vertex >= edge.first_vertex ? edge.last_vertex - edge.first_vertex : edge.first_vertex - edge.last_vertex;
    const std::uint32_t vertex = std::min(who.vertex, vertices - 1);
    const geo::Vec2d from = vertex_of(edge, vertex);
    const geo::Vec2d to = vertex_of(edge, vertex + 1);
    const double piece_m = geo::length(geo::Vec2d{to.x - from.x, to.y - from.y});
    const double on_piece_m = std::max(0.0, piece_m - who.on_piece_m);
    who.node = edge.to;
    who.edge = e;
    who.vertex = vertices - 1 - vertex;
    who.on_piece_m = on_piece_m;
    look_up_piece(who, back[e]);
    return;
  }
}

}  // namespace citiverse::load
