// Vehicles of public transport where the timetable says they are now, give or take what delays them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "city/city.h"

namespace citiverse::load {

struct VehicleNow {
  std::string id;  ///< A URN that is the same for the same trip of the same day.
  city::FeatureIndex line = city::kNone;
  city::FeatureIndex next_stop = city::kNone;
  geo::Vec2d at;           ///< Metres in the city plane, on the line's course.
  double heading_deg = 0;  ///< From north, clockwise.
  double speed_kmh = 0;
  std::int32_t delay_s = 0;
};

/// The vehicles of all lines that have a timetable. A pure function of seed and moment. Threads: reading is safe.
class PracticeVehicles {
 public:
  PracticeVehicles(const city::City& city, std::uint64_t seed);

  /// Appends who is under way. `local` is the same moment on the city's clocks.
  void under_way(std::chrono::sys_seconds moment, std::chrono::local_seconds local, std::vector<VehicleNow>& vehicles) const;

 private:
  // One course of a line: where its stops are along the way.
  struct Course {
    city::FeatureIndex line = city::kNone;
    std::uint32_t pattern = 0;
    std::vector<geo::Vec2d> points;
    std::vector<double> along_m;       // Of points, from the first.
    std::vector<double> stop_along_m;  // Never falls.
  };

  static Course course_of(const city::City& city, city::FeatureIndex line, std::uint32_t pattern);
  void add_trip(const Course& course, const city::Trip& trip, double since_midnight_s, std::chrono::local_days day,
                std::chrono::sys_seconds moment, std::vector<VehicleNow>& vehicles) const;

  const city::City& city_;
  std::uint64_t seed_;
  std::vector<Course> courses_;
};

}  // namespace citiverse::load
