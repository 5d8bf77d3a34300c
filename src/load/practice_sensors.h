// The pulse of the practice city: sensors that measure nothing, but read as if they stood there.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "city/city.h"
#include "geo/lat_lon.h"

namespace citiverse::load {

enum class SensorKind : std::uint8_t { air, noise, weather, river, parking, bicycles, people };
inline constexpr std::size_t kSensorKinds = 7;

/// What one kind is called on the wire, and how often it reports.
struct SensorKindFacts {
  std::string_view type;  ///< Of its entities, in the words of the Smart Data Models.
  std::chrono::seconds period;
  std::size_t count_max;
};
const SensorKindFacts& facts_of(SensorKind kind);

struct PracticeSensor {
  SensorKind kind = SensorKind::air;
  std::string id;          ///< A URN that stays the same for the same city and seed.
  std::string name;        ///< Of the object that it stands at; may be empty.
  city::FeatureId anchor;  ///< That object.
  geo::LatLon place;
  std::uint32_t capacity = 0;  ///< Of parking places and bicycle stations.
  double bustle = 0;           ///< From 0, a back street, to 1, where everybody passes.
  std::uint64_t key = 0;
};

struct Reading {
  std::string_view attribute;
  double value = 0;
  std::string_view unit;  ///< UN/CEFACT Recommendation 20.
};

/// Sensors of a city by seed. Every reading is a pure function of seed, sensor and time, so that a simulator that was stopped
/// goes on as if it had not been, and the past can be told afterwards. Threads: reading is safe.
class PracticeSensors {
 public:
  PracticeSensors(const city::City& city, std::uint64_t seed);

  std::span<const PracticeSensor> all() const { return sensors_; }
  /// Appends what a sensor reads at a moment, rounded as such sensors round. `local` is the same moment on the city's clocks.
  void read(const PracticeSensor& sensor, std::chrono::sys_seconds moment, std::chrono::local_seconds local,
            std::vector<Reading>& readings) const;

 private:
  void place_all(const city::City& city);

  std::uint64_t seed_;
  std::vector<PracticeSensor> sensors_;
};

/// How much goes on in the streets, from 0 at night to 1 at the busiest hour of a working day.
double bustle_at(std::chrono::local_seconds local);
/// Noise of mean 0 within ±1 that changes over some `period` and has no jumps; the same for the same key and moment.
double smooth_noise(std::uint64_t key, std::chrono::sys_seconds moment, std::chrono::seconds period);

}  // namespace citiverse::load
