// How streets grow: first what the town plan fixes, then main roads outwards, then quarter after quarter filled in.
#pragma once

#include "base/random.h"
#include "ingest/practice/street_field.h"
#include "ingest/practice/street_lines.h"
#include "ingest/practice/town_plan.h"

namespace citiverse::ingest::practice {

/// Draws every line of the network into one StreetLines. Source of the growth: evenly spaced streamlines, Jobard & Lefer 1997,
/// doi:10.1007/978-3-7091-6876-9_5, ended and joined by the local constraints of Parish & Müller 2001,
/// doi:10.1145/383259.383292.
class StreetGrowth {
 public:
  StreetGrowth(const Setting& setting, const TownPlan& plan, const StreetField& field);
  StreetLines grow() &&;

 private:
  struct Rule {
    LineKind kind = LineKind::minor;
    double apart_m = 60;     ///< Ends where another street runs beside it nearer than this.
    double slope_max = 0.2;  ///< Along the street.
    double length_max_m = 600;
    double stop_share = 0.3;  ///< Chance to end at a street that it meets.
    double join_m = 60;       ///< How far it reaches for a street to end in.
    bool crosses_railway = false;
    double remoteness_max = 1;
  };
  struct Traced {
    Path path;
    int junctions = 0;
    bool joined = false;
  };
  Traced trace(Vec2d from, Vec2d towards, const Rule& rule);
  bool step_allowed(Vec2d from, Vec2d to, const Rule& rule) const;
  void end(Traced& traced, std::size_t last_junction, const Rule& rule);
  /// Both ways from a point; false when the line would be too short or would join nothing.
  bool draw_through(Vec2d from, bool across, const Rule& rule);
  void draw_out(Vec2d from, Vec2d towards, const Rule& rule);

  void lay_edges();
  void lay_quays();
  void lay_bridges();
  void lay_old_town();
  void lay_arterials();
  void lay_promenades();
  template <class Rules>
  void fill(double remoteness_max, const Rules& rules);

  const Setting& setting_;
  const TownPlan& plan_;
  const StreetField& field_;
  base::Random random_;
  StreetLines lines_;
};

}  // namespace citiverse::ingest::practice
