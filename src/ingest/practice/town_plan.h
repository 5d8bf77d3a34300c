// What the town decided before its streets: where the walls stood, where bridges cross, where the railway runs, and which
// quarter is of what kind.
#pragma once

#include "ingest/practice/setting.h"

namespace citiverse::ingest::practice {

enum class Zone : std::uint8_t {
  old_town,
  inner,   ///< Closed blocks of the 19th century.
  mixed,   ///< Terraces, urban villas and small blocks.
  garden,  ///< Detached and semi-detached houses.
  estate,  ///< Slabs and towers in the green.
  industry,
  rural,
};

class TownPlan {
 public:
  explicit TownPlan(const Setting& setting);

  Zone zone_at(Vec2d p) const;
  /// Where bridges cross, as u along the river; the first is the old bridge.
  const std::vector<double>& bridges() const { return bridges_; }
  /// The course of the former walls, from quay to quay on the left bank.
  const Path& ring() const { return ring_; }
  bool is_in_old_town(Vec2d p) const;
  /// Places on the ring where the main roads leave.
  const std::vector<Vec2d>& gates() const { return gates_; }
  const Path& railway() const { return railway_; }
  Vec2d station() const { return station_; }
  Vec2d station_direction() const { return station_direction_; }
  double railway_half_width_m(Vec2d p) const;
  /// Corners of the two squares that are older than the streets.
  const Path& market() const { return market_; }
  const Path& minster() const { return minster_; }

  static constexpr double kQuayM = 27;  ///< Middle of the quay's street from the water's edge.
  Vec2d quay_at(double u, bool left_bank) const;

 private:
  void place_bridges();
  void place_ring();
  void place_railway();
  void place_squares();

  const Setting& setting_;
  std::vector<double> bridges_;
  Path ring_;
  Path old_town_;
  std::vector<Vec2d> gates_;
  Path railway_;
  Vec2d station_;
  Vec2d station_direction_;
  Path market_;
  Path minster_;
  struct Spot {
    Vec2d centre;
    double radius_m;
  };
  std::vector<Spot> estates_;
  std::vector<Spot> industries_;
};

}  // namespace citiverse::ingest::practice
