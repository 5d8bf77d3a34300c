// What the practice city's sensors and vehicles say of themselves, in the words of NGSI-LD, plainly labelled as simulated.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "load/practice_sensors.h"
#include "load/practice_vehicles.h"

namespace citiverse::load {

/// Writes normalized entities (ETSI GS CIM 009, 4.5.1) as a JSON array, as batch operations take it (5.6.8). Every measured
/// attribute carries observedAt, unitCode, and as sub-attributes its status "simulated" and its source.
class EntityArray {
 public:
  /// `city`, and what is written into `source`, must live as long as the array.
  EntityArray(const city::City& city, std::string_view source);

  void add(const PracticeSensor& sensor, const std::vector<Reading>& readings, std::chrono::sys_seconds moment);
  void add(const VehicleNow& vehicle, std::chrono::sys_seconds moment);

  std::size_t size() const { return size_; }
  /// The array's text; the next entity begins a new one.
  std::string take();

 private:
  const city::City& city_;
  std::string_view source_;
  std::string text_;
  std::size_t size_ = 0;
};

/// 2026-06-17T12:00:00Z
std::string utc_text(std::chrono::sys_seconds moment);

}  // namespace citiverse::load
