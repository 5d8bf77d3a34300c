// Nearest by one search a kind, catchments by one a supplier, counts by one an origin: only the last is worth sparing.
#include "sim/access/access.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include "base/check.h"

namespace citiverse::sim {
namespace {

// Homes or destinations, in order of their pieces, with the times between their doors and the ends of their pieces.
struct Stands {
  std::vector<Spot> spots;
  std::vector<std::uint32_t> first;          // Of each piece.
  std::vector<std::uint32_t> held;           // Pieces on which somebody stands.
  std::array<std::vector<Tenths>, 2> out_a;  // Forward: from the door to a. Backward: from a to the door.
  std::array<std::vector<Tenths>, 2> out_b;

  std::size_t size() const { return spots.size(); }
  void finish(const StreetGraph& graph) {
    first.assign(graph.pieces().size() + 1, 0);
    for (const Spot& s : spots) ++first[s.piece + 1];
    for (std::uint32_t p = 0; p + 1 < first.size(); ++p) {
      if (first[p + 1] > 0) held.push_back(p);
      first[p + 1] += first[p];
    }
    for (const Spot& s : spots) {
      out_a[0].push_back(graph.to_a(s) + s.door);
      out_b[0].push_back(graph.to_b(s) + s.door);
      out_a[1].push_back(graph.from_a(s) + s.door);
      out_b[1].push_back(graph.from_b(s) + s.door);
    }
  }
};

// Destinations of one kind at one spot are one.
struct Offer {
  Destination kind;
  std::int64_t weight = 0;
  double capacity = 0;
};

}  // namespace

// Everything about one version of the city that searches need.
struct AccessGround {
  StreetGraph graph;
  std::vector<AccessReport::Home> homes;
  std::vector<std::uint32_t> origin_of_home;  // kNone: off the street.
  Stands origins;                             // Homes at one spot are one origin.
  std::vector<double> people;                 // Of each origin.
  Stands places;                              // Where offers stand.
  std::vector<Offer> offers;                  // Of each place.

  AccessGround(const city::City& city, const AccessOptions& options);
};

namespace {

using city::FeatureIndex;
using Seed = StreetSearch::Seed;

constexpr Tenths kTenthsAMinute = 600;
constexpr double kFifteenMinutes = 15;
constexpr double kFixed = 1 << 20;

bool is_before(const Spot& a, const Spot& b) { return std::tie(a.piece, a.along, a.door) < std::tie(b.piece, b.along, b.door); }

}  // namespace

AccessGround::AccessGround(const city::City& city, const AccessOptions& options) : graph(city, options.mode) {
  const city::Run buildings = city.of_kind(city::FeatureKind::building);
  std::vector<FeatureIndex> lived_in;
  for (FeatureIndex i = buildings.first; i < buildings.first + buildings.count; ++i) {
    if (city.building(city.feature(i)).people > 0) lived_in.push_back(i);
  }
  const std::vector<Opportunity> all = opportunities_of(city);
  std::vector<std::optional<Spot>> found(lived_in.size() + all.size());
  tbb::parallel_for(std::size_t{0}, found.size(), [&](std::size_t i) {
    const geo::Vec2d door = i < lived_in.size() ? city.anchor(city.feature(lived_in[i])) : all[i - lived_in.size()].door;
    found[i] = graph.spot_near(city, door, options.step_seconds, options.mode);
  });

  std::vector<std::uint32_t> order;
  for (std::uint32_t h = 0; h < lived_in.size(); ++h) {
    const city::Building& b = city.building(city.feature(lived_in[h]));
    homes.push_back({city.feature(lived_in[h]).id, static_cast<float>(b.people), (b.estimated & city::kPeopleEstimated) != 0,
                     found[h].has_value()});
    if (found[h]) order.push_back(h);
  }
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return is_before(*found[a], *found[b]); });
  origin_of_home.assign(homes.size(), city::kNone);
  for (const std::uint32_t h : order) {
    if (origins.spots.empty() || !(origins.spots.back() == *found[h])) {
      origins.spots.push_back(*found[h]);
      people.push_back(0);
    }
    people.back() += homes[h].people;
    origin_of_home[h] = static_cast<std::uint32_t>(origins.size() - 1);
  }

  order.clear();
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (found[lived_in.size() + i]) order.push_back(i);
  }
  const auto spot = [&](std::uint32_t i) { return *found[lived_in.size() + i]; };
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
    if (is_before(spot(a), spot(b)) != is_before(spot(b), spot(a))) return is_before(spot(a), spot(b));
    return all[a].kind < all[b].kind;
  });
  for (const std::uint32_t i : order) {
    if (offers.empty() || !(places.spots.back() == spot(i)) || offers.back().kind != all[i].kind) {
      places.spots.push_back(spot(i));
      offers.push_back({all[i].kind});
    }
    offers.back().weight += std::llround(all[i].weight);
    offers.back().capacity += all[i].capacity;
  }
  origins.finish(graph);
  places.finish(graph);
}

namespace {

// To a door over the ends of its piece. Sums of three times that never end still fit.
Tenths over_ends(const StreetSearch& search, const StreetPiece& piece, const Stands& stands, std::size_t i, bool backward) {
  return std::min(search.time(piece.a) + stands.out_a[!backward][i], search.time(piece.b) + stands.out_b[!backward][i]);
}

Tenths on_piece(const StreetGraph& graph, const Spot& from, const Spot& to) {
  return graph.along(from, to) + from.door + to.door;
}

// Looks from all who stand on one piece at all others within a limit: two searches, from the piece's ends, serve them all.
class Look {
 public:
  /// Calls found(from, to, time) once for each pair within the limit; backward, time is that from `to` to `from`.
  template <class Found>
  void around(const StreetGraph& graph, const Stands& from, std::uint32_t piece, bool backward, Tenths limit, const Stands& to,
              Found&& found) {
    const StreetPiece& own = graph.pieces()[piece];
    search_from(graph, own, backward, limit);
    list_what_is_met(graph, piece, to);
    for (std::uint32_t f = from.first[piece]; f < from.first[piece + 1]; ++f) {
      const Tenths via_a = from.out_a[backward][f];
      const Tenths via_b = from.out_b[backward][f];
      const auto at = [&](std::uint32_t node) {
        return std::min(via_a + searches_[0].time(node), via_b + searches_[1].time(node));
      };
      for (const std::uint32_t p : pieces_) {
        const Tenths a = at(graph.pieces()[p].a);
        const Tenths b = at(graph.pieces()[p].b);
        if (p != piece && std::min(a, b) > limit) continue;
        for (std::uint32_t t = to.first[p]; t < to.first[p + 1]; ++t) {
          Tenths time = std::min(a + to.out_a[!backward][t], b + to.out_b[!backward][t]);
          if (p == piece) {
            time = std::min(
                time, backward ? on_piece(graph, to.spots[t], from.spots[f]) : on_piece(graph, from.spots[f], to.spots[t]));
          }
          if (time <= limit) found(f, t, time);
        }
      }
    }
  }

 private:
  // The pieces of one street follow each other: where one ends, the next has already been looked from.
  void search_from(const StreetGraph& graph, const StreetPiece& own, bool backward, Tenths limit) {
    const bool is_same = graph_ == &graph && is_backward_ == backward && limit_ == limit;
    if (!is_same) looked_from_.fill(city::kNone);
    graph_ = &graph;
    is_backward_ = backward;
    limit_ = limit;
    const std::array<std::uint32_t, 2> ends{own.a, own.b};
    if (looked_from_[1] == ends[0] || looked_from_[0] == ends[1]) {
      std::swap(searches_[0], searches_[1]);
      std::swap(looked_from_[0], looked_from_[1]);
    }
    for (std::size_t e = 0; e < 2; ++e) {
      if (looked_from_[e] == ends[e]) continue;
      const Seed seed{ends[e], 0};
      searches_[e].run(graph, backward, std::span(&seed, 1), limit);
      looked_from_[e] = ends[e];
    }
  }

  // Pieces on which somebody stands and of which an end was reached, and the own one.
  void list_what_is_met(const StreetGraph& graph, std::uint32_t own, const Stands& to) {
    if (seen_.size() != graph.pieces().size()) {
      seen_.assign(graph.pieces().size(), 0);
      now_ = 0;
    }
    ++now_;
    pieces_.clear();
    if (std::max(searches_[0].reached().size(), searches_[1].reached().size()) > graph.node_count() / 2) {
      pieces_ = to.held;
      return;
    }
    const auto meet = [&](std::uint32_t piece) {
      if (seen_[piece] == now_) return;
      seen_[piece] = now_;
      if (to.first[piece] < to.first[piece + 1]) pieces_.push_back(piece);
    };
    meet(own);
    for (const StreetSearch& search : searches_) {
      for (const std::uint32_t node : search.reached()) {
        for (const std::uint32_t piece : graph.pieces_at(node)) meet(piece);
      }
    }
  }

  const StreetGraph* graph_ = nullptr;
  bool is_backward_ = false;
  Tenths limit_ = 0;
  std::array<std::uint32_t, 2> looked_from_{city::kNone, city::kNone};
  std::array<StreetSearch, 2> searches_;
  std::vector<std::uint32_t> pieces_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t now_ = 0;
};

Tenths tenths_in(double minutes) { return static_cast<Tenths>(std::lround(minutes * kTenthsAMinute)); }
float minutes_of(Tenths t) {
  return t >= kNever ? std::numeric_limits<float>::infinity() : static_cast<float>(t) / kTenthsAMinute;
}

// One search backward from all destinations of a kind reaches every origin.
std::vector<Tenths> nearest_of(const AccessGround& ground, Destination kind, StreetSearch& search) {
  std::vector<Seed> seeds;
  for (std::size_t i = 0; i < ground.offers.size(); ++i) {
    if (ground.offers[i].kind != kind) continue;
    const StreetPiece& piece = ground.graph.pieces()[ground.places.spots[i].piece];
    seeds.push_back({piece.a, ground.places.out_a[1][i]});
    seeds.push_back({piece.b, ground.places.out_b[1][i]});
  }
  search.run(ground.graph, true, seeds, kFarthest);
  std::vector<Tenths> times(ground.origins.size());
  for (std::size_t o = 0; o < times.size(); ++o) {
    const Spot& origin = ground.origins.spots[o];
    times[o] = over_ends(search, ground.graph.pieces()[origin.piece], ground.origins, o, true);
    for (std::uint32_t i = ground.places.first[origin.piece]; i < ground.places.first[origin.piece + 1]; ++i) {
      if (ground.offers[i].kind == kind) times[o] = std::min(times[o], on_piece(ground.graph, origin, ground.places.spots[i]));
    }
  }
  return times;
}

struct OfOrigin {
  std::array<std::int64_t, kDestinations> within{};
  std::array<std::int64_t, kDestinations> gravity{};  // In kFixed-ths: their sum does not depend on its order.
};

// What each supplier has for each person around it; what each origin finds around it.
std::vector<std::array<double, kDestinations>> float_catchments(const AccessGround& ground, const AccessOptions& options,
                                                                tbb::enumerable_thread_specific<Look>& looks,
                                                                const ModelRun& run) {
  const Tenths limit = tenths_in(options.catchment_minutes);
  const auto weight_at = [&](Tenths t) {
    const std::size_t zone = std::min<std::size_t>(2, static_cast<std::size_t>(3.0 * t / (limit + 1.0)));
    return options.zone_weights[zone];
  };
  // Work is counted and weighed; whom a job floats to is for models of commuting.
  Stands suppliers;
  std::vector<std::uint32_t> offer_of;
  for (std::uint32_t i = 0; i < ground.offers.size(); ++i) {
    if (ground.offers[i].kind == Destination::work || ground.offers[i].capacity <= 0) continue;
    suppliers.spots.push_back(ground.places.spots[i]);
    offer_of.push_back(i);
  }
  suppliers.finish(ground.graph);
  struct Share {
    std::uint32_t origin;
    double part;
  };
  std::vector<std::vector<Share>> shares(suppliers.size());
  tbb::parallel_for(std::uint32_t{0}, static_cast<std::uint32_t>(ground.graph.pieces().size()), [&](std::uint32_t piece) {
    if (suppliers.first[piece] == suppliers.first[piece + 1] || run.is_stopped()) return;
    looks.local().around(ground.graph, suppliers, piece, true, limit, ground.origins,
                         [&](std::uint32_t s, std::uint32_t origin, Tenths time) {
                           if (const double weight = weight_at(time); weight > 0) shares[s].push_back({origin, weight});
                         });
    for (std::uint32_t s = suppliers.first[piece]; s < suppliers.first[piece + 1]; ++s) {
      double demand = 0;
      for (const Share& share : shares[s]) demand += ground.people[share.origin] * share.part;
      for (Share& share : shares[s]) share.part *= demand > 0 ? ground.offers[offer_of[s]].capacity / demand : 0;
    }
  });
  std::vector<std::array<double, kDestinations>> result(ground.origins.size());
  for (auto& r : result) r.fill(0);
  for (std::size_t s = 0; s < shares.size(); ++s) {
    const auto kind = static_cast<std::size_t>(ground.offers[offer_of[s]].kind);
    for (const Share& share : shares[s]) result[share.origin][kind] += share.part;
  }
  return result;
}

// Opportunities within reach of each origin; rows of the report before are taken over where they hold.
std::vector<OfOrigin> count_opportunities(const AccessGround& ground, const AccessOptions& options,
                                          std::span<const std::uint32_t> rows, const AccessReport* before,
                                          tbb::enumerable_thread_specific<Look>& looks, const ModelRun& run) {
  const Tenths limit = tenths_in(options.reach_minutes);
  std::vector<std::int64_t> decay(limit + 1);
  for (Tenths t = 0; t <= limit; ++t)
    decay[t] = std::llround(std::exp(-options.gravity_per_minute * t / kTenthsAMinute) * kFixed);
  std::vector<OfOrigin> counts(ground.origins.size());
  tbb::parallel_for(std::uint32_t{0}, static_cast<std::uint32_t>(ground.graph.pieces().size()), [&](std::uint32_t piece) {
    const std::uint32_t first = ground.origins.first[piece];
    const std::uint32_t end = ground.origins.first[piece + 1];
    if (first == end || run.is_stopped()) return;
    if (std::all_of(rows.begin() + first, rows.begin() + end, [](std::uint32_t row) { return row != city::kNone; })) {
      for (std::uint32_t o = first; o < end; ++o) {
        const HomeAccess& kept = before->access[rows[o]];
        for (std::size_t k = 0; k < kDestinations; ++k) {
          counts[o].within[k] = std::llround(kept.within[k]);
          counts[o].gravity[k] = std::llround(kept.gravity[k] * kFixed);
        }
      }
      return;
    }
    looks.local().around(ground.graph, ground.origins, piece, false, limit, ground.places,
                         [&](std::uint32_t o, std::uint32_t place, Tenths time) {
                           const Offer& offer = ground.offers[place];
                           const auto kind = static_cast<std::size_t>(offer.kind);
                           counts[o].within[kind] += offer.weight;
                           counts[o].gravity[kind] += offer.weight * decay[time];
                         });
  });
  return counts;
}

base::Result<void> check_access(const AccessOptions& o) {
  const auto bad = [](std::string message) { return base::fail(base::ErrorCode::bad_input, std::move(message)); };
  if (!(o.step_seconds >= kStepSecondsMin && o.step_seconds <= kStepSecondsMax))
    return bad(fmt::format("step_seconds {}: {} to {}", o.step_seconds, kStepSecondsMin, kStepSecondsMax));
  if (!(o.reach_minutes > 0 && o.reach_minutes <= kReachMinutesMax))
    return bad(fmt::format("reach_minutes {}: above 0, up to {}", o.reach_minutes, kReachMinutesMax));
  if (!(o.catchment_minutes > 0 && o.catchment_minutes <= kReachMinutesMax))
    return bad(fmt::format("catchment_minutes {}: above 0, up to {}", o.catchment_minutes, kReachMinutesMax));
  if (!(o.gravity_per_minute >= 0 && o.gravity_per_minute <= 10)) return bad("gravity_per_minute: 0 to 10");
  for (const double w : o.zone_weights) {
    if (!(w >= 0 && w <= 1)) return bad("zone_weights: 0 to 1");
  }
  return {};
}

// Origins from which something within a box can be reached within the limit. Ends of pieces that touch the box are its gates.
std::vector<char> near_box(const AccessGround& ground, const geo::Box2d& box, Tenths limit) {
  std::vector<Seed> gates;
  std::vector<char> touched(ground.graph.pieces().size(), 0);
  for (std::size_t p = 0; p < touched.size(); ++p) {
    const StreetPiece& piece = ground.graph.pieces()[p];
    if (!piece.box.intersects(box.grown_by(StreetGraph::kDoorReachM))) continue;
    touched[p] = 1;
    gates.push_back({piece.a, 0});
    gates.push_back({piece.b, 0});
  }
  StreetSearch search;
  search.run(ground.graph, true, gates, limit);
  std::vector<char> near(ground.origins.size(), 0);
  for (std::size_t o = 0; o < near.size(); ++o) {
    const std::uint32_t piece = ground.origins.spots[o].piece;
    near[o] = touched[piece] || over_ends(search, ground.graph.pieces()[piece], ground.origins, o, true) <= limit;
  }
  return near;
}

// What may be taken over from a report of before: a row of it for each origin, or kNone.
std::vector<std::uint32_t> rows_to_keep(const AccessGround& now, const AccessReport& before, const geo::Box2d& changed) {
  std::vector<std::uint32_t> rows(now.origins.size(), city::kNone);
  const Tenths limit = tenths_in(before.options.reach_minutes);
  const AccessGround& then = *before.ground;
  const std::vector<char> near_now = near_box(now, changed, limit);
  const std::vector<char> near_then = near_box(then, changed, limit);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_id;
  for (std::uint32_t h = 0; h < then.homes.size(); ++h) by_id.push_back({then.homes[h].building.value, h});
  std::sort(by_id.begin(), by_id.end());
  for (std::uint32_t h = 0; h < now.homes.size(); ++h) {
    const std::uint32_t origin = now.origin_of_home[h];
    if (origin == city::kNone || near_now[origin] || rows[origin] != city::kNone) continue;
    const auto at = std::lower_bound(by_id.begin(), by_id.end(), std::pair{now.homes[h].building.value, 0u});
    if (at == by_id.end() || at->first != now.homes[h].building.value) continue;
    const std::uint32_t was = then.origin_of_home[at->second];
    if (was != city::kNone && !near_then[was]) rows[origin] = at->second;
  }
  return rows;
}

void write_homes(const AccessGround& ground, const std::array<std::vector<Tenths>, kDestinations>& nearest,
                 const std::vector<OfOrigin>& counts, const std::vector<std::array<double, kDestinations>>& supply,
                 AccessReport& report) {
  HomeAccess nothing{};
  nothing.minutes.fill(std::numeric_limits<float>::infinity());
  report.access.assign(ground.homes.size(), nothing);
  for (std::size_t h = 0; h < ground.homes.size(); ++h) {
    const AccessReport::Home& home = ground.homes[h];
    HomeAccess& access = report.access[h];
    report.people += home.people;
    if (home.is_estimated) report.people_estimated += home.people;
    const std::uint32_t origin = ground.origin_of_home[h];
    if (origin == city::kNone) report.people_off_street += home.people;
    for (std::size_t k = 0; k < kDestinations; ++k) {
      if (origin != city::kNone) {
        access.minutes[k] = minutes_of(nearest[k][origin]);
        access.within[k] = static_cast<float>(counts[origin].within[k]);
        access.gravity[k] = static_cast<float>(static_cast<double>(counts[origin].gravity[k]) / kFixed);
        access.supply[k] = static_cast<float>(supply[origin][k]);
      }
      if (std::isinf(access.minutes[k])) report.people_unserved[k] += home.people;
    }
    int near = 0;
    for (const Destination d : kFifteenMinuteKinds) near += access.minutes[static_cast<std::size_t>(d)] <= kFifteenMinutes;
    access.fifteen_minute_index = static_cast<float>(near) / kFifteenMinuteKinds.size();
  }
  report.homes = ground.homes;
}

base::Result<AccessReport> find_access_of(const city::City& city, const AccessOptions& options, const AccessReport* before,
                                          const geo::Box2d& changed, const ModelRun& run) {
  if (auto checked = check_access(options); !checked) return std::unexpected(checked.error());
  const auto superseded = [] { return base::fail(base::ErrorCode::conflict, "superseded while access was counted"); };
  AccessReport report;
  report.options = options;
  const auto shared = std::make_shared<const AccessGround>(city, options);
  const AccessGround& ground = *shared;
  report.ground = shared;
  run.tell(0.2);
  std::vector<std::uint32_t> rows(ground.origins.size(), city::kNone);
  if (before) rows = rows_to_keep(ground, *before, changed);
  if (run.is_stopped()) return superseded();
  run.tell(0.3);

  std::array<std::vector<Tenths>, kDestinations> nearest;
  tbb::parallel_for(std::size_t{0}, kDestinations, [&](std::size_t k) {
    StreetSearch search;
    if (!run.is_stopped()) nearest[k] = nearest_of(ground, static_cast<Destination>(k), search);
  });
  if (run.is_stopped()) return superseded();
  run.tell(0.4);

  tbb::enumerable_thread_specific<Look> looks;
  const std::vector<OfOrigin> counts = count_opportunities(ground, options, rows, before, looks, run);
  if (run.is_stopped()) return superseded();
  run.tell(0.8);
  const auto supply = float_catchments(ground, options, looks, run);
  if (run.is_stopped()) return superseded();
  for (std::size_t h = 0; h < ground.homes.size(); ++h) {
    const std::uint32_t origin = ground.origin_of_home[h];
    report.homes_computed += origin != city::kNone && rows[origin] == city::kNone;
  }
  write_homes(ground, nearest, counts, supply, report);
  run.tell(1);
  return report;
}

}  // namespace

base::Result<AccessReport> find_access(const city::City& city, const AccessOptions& options, const ModelRun& run) {
  return find_access_of(city, options, nullptr, {}, run);
}

base::Result<AccessReport> find_access_after(const city::City& city, const AccessReport& before, const geo::Box2d& changed,
                                             const ModelRun& run) {
  CITIVERSE_CHECK(before.ground != nullptr, "a report that find_access made");
  return find_access_of(city, before.options, &before, changed, run);
}

}  // namespace citiverse::sim
