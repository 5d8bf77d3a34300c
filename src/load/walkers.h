// Where people go who walk in a city: on its paths, at a walker's pace, turning where paths meet.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "city/city.h"
#include "city/network.h"
#include "presence/wire.h"

namespace citiverse::load {

enum class Gathering : std::uint8_t {
  spread,        ///< Over all paths of the city, by their length.
  point,         ///< All within a metre of one place.
  square_metre,  ///< One person on each square metre of an open place.
};

struct Step {
  presence::Place place;
  std::uint8_t heading = 0;
};

/// `count` people. Deterministic by seed. Pace: 1.0 to 1.7 m/s, the spread of adults on pavements (Weidmann 1993,
/// doi:10.3929/ethz-a-000687810). Cost of a step: no allocation. Threads: one owner.
class Walkers {
 public:
  /// Fails: bad_input when the city has no path that can be walked.
  static base::Result<Walkers> make(const city::City& city, std::uint32_t count, Gathering gathering, std::uint64_t seed);

  std::uint32_t size() const { return static_cast<std::uint32_t>(people_.size()); }
  Step now(std::uint32_t person) const;
  /// Walks on for `time_s` and says where that leads.
  Step walk(std::uint32_t person, double time_s);
  /// The person walks soon: what that reads comes into the processor's cache meanwhile.
  void expect(std::uint32_t person) const;
  /// The node holds the person elsewhere: turns back, as one does before a closed door.
  void turn_back(std::uint32_t person);

 private:
  struct Person {
    base::Random random{0};
    geo::Vec2d at;
    geo::Vec2d direction;
    geo::Vec2d home;  // Free walkers stay near it.
    double speed_m_s = 1.3;
    double on_piece_m = 0;  // Along the piece between two vertices.
    geo::Vec2d from;        // The piece as it lies, so that most steps need not look at the city:
    geo::Vec2d way;
    double piece_m = -1;  // negative: to be looked up.
    std::uint8_t heading = 0;
    std::uint32_t edge = 0;        // Of edges_from(node).
    city::Network::Node node = 0;  // Where the edge begins.
    std::uint32_t vertex = 0;      // The piece: from this vertex of the edge to the next one.
  };

  Walkers(const city::City& city, Gathering gathering);
  base::Result<void> place_on_paths(std::uint32_t count, std::uint64_t seed);
  base::Result<void> place_together(std::uint32_t count, std::uint64_t seed);
  geo::Vec2d open_place(double side_m, std::uint64_t seed) const;
  void walk_on_paths(Person& person, double length_m) const;
  void walk_freely(Person& person, double length_m) const;
  void enter_edge(Person& person, city::Network::Node node, std::uint32_t edge) const;
  geo::Vec2d vertex_of(const city::Network::Edge& edge, std::uint32_t nth) const;
  void look_up_piece(Person& person, const city::Network::Edge& edge) const;
  static void turn_to(Person& person, geo::Vec2d direction);
  Step step_of(const Person& person) const;

  const city::City* city_;
  std::shared_ptr<const city::Network> network_;
  Gathering gathering_;
  double free_radius_m_ = 0;
  std::vector<Person> people_;
};

}  // namespace citiverse::load
