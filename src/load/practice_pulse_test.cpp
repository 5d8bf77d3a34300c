// Sensors and vehicles that nobody built: the same from the same seed, and believable.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "city/city_builder.h"
#include "load/practice_sensors.h"
#include "load/practice_vehicles.h"
#include "testing/ascii_city.h"

namespace citiverse::load {
namespace {

using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

const char* const kTown = R"(
""""======
"""":::..=
S==S=S====
)";

// A Wednesday; the city's clocks show UTC.
constexpr sys_seconds kWednesday{std::chrono::sys_days{std::chrono::year{2026} / 6 / 17}};
local_seconds on_the_wall(sys_seconds moment) { return local_seconds{moment.time_since_epoch()}; }

double value_of(const std::vector<Reading>& readings, std::string_view attribute) {
  for (const Reading& each : readings)
    if (each.attribute == attribute) return each.value;
  ADD_FAILURE() << attribute << " is not read";
  return 0;
}

TEST(PracticeSensors, stand_at_objects_of_the_city_each_with_an_id_of_its_own) {
  const city::City city = testing_fixtures::ascii_city(kTown);
  const PracticeSensors sensors(city, 1);
  std::set<std::string> ids;
  std::set<SensorKind> kinds;
  for (const PracticeSensor& each : sensors.all()) {
    EXPECT_TRUE(city.find(each.anchor).has_value()) << each.id;
    EXPECT_TRUE(ids.insert(each.id).second) << each.id;
    EXPECT_NE(each.id.find("practice"), std::string::npos) << "nobody takes it for a real one";
    kinds.insert(each.kind);
  }
  EXPECT_TRUE(kinds.contains(SensorKind::air) && kinds.contains(SensorKind::noise) && kinds.contains(SensorKind::weather) &&
              kinds.contains(SensorKind::bicycles) && kinds.contains(SensorKind::people));
  EXPECT_FALSE(kinds.contains(SensorKind::river)) << "there is no river";
}

TEST(PracticeSensors, read_the_same_whenever_they_are_asked_and_otherwise_by_another_seed) {
  const city::City city = testing_fixtures::ascii_city(kTown);
  const PracticeSensors sensors(city, 1);
  const PracticeSensors again(city, 1);
  const PracticeSensors other(city, 2);
  const auto read = [](const PracticeSensors& from, sys_seconds moment) {
    std::vector<Reading> readings;
    for (const PracticeSensor& each : from.all()) from.read(each, moment, on_the_wall(moment), readings);
    std::vector<double> values;
    for (const Reading& each : readings) values.push_back(each.value);
    return values;
  };
  const sys_seconds noon = kWednesday + std::chrono::hours(12);
  const auto later = read(sensors, noon + seconds{60});
  EXPECT_EQ(read(sensors, noon), read(again, noon));
  EXPECT_NE(read(sensors, noon), later);
  EXPECT_NE(read(sensors, noon), read(other, noon));
}

TEST(PracticeSensors, hear_the_rush_hour_and_stay_within_what_such_sensors_can_read) {
  const city::City city = testing_fixtures::ascii_city(kTown);
  const PracticeSensors sensors(city, 3);
  for (const PracticeSensor& each : sensors.all()) {
    double night = 0;
    double rush = 0;
    for (int minute = 0; minute < 60; ++minute) {
      for (int hour = 0; hour < 24; ++hour) {
        const sys_seconds moment = kWednesday + std::chrono::hours(hour) + std::chrono::minutes(minute);
        std::vector<Reading> readings;
        sensors.read(each, moment, on_the_wall(moment), readings);
        for (const Reading& reading : readings) {
          EXPECT_TRUE(std::isfinite(reading.value)) << each.id << ' ' << reading.attribute;
          const bool may_be_negative = reading.attribute == "temperature";
          EXPECT_TRUE(may_be_negative || reading.value >= 0) << each.id << ' ' << reading.attribute;
        }
        if (each.kind == SensorKind::bicycles) {
          EXPECT_EQ(value_of(readings, "availableBikeNumber") + value_of(readings, "freeSlotNumber"), each.capacity);
        }
        if (each.kind == SensorKind::noise && hour == 3) night += value_of(readings, "LAeq");
        if (each.kind == SensorKind::noise && hour == 17) rush += value_of(readings, "LAeq");
      }
    }
    if (each.kind == SensorKind::noise) {
      EXPECT_GT(rush, night + 60 * 3) << each.id;
    }
  }
}

TEST(PracticeSensors, noise_has_no_jumps) {
  for (int second = 0; second < 3'600; ++second) {
    const sys_seconds moment = kWednesday + seconds{second};
    EXPECT_LT(std::abs(smooth_noise(7, moment, seconds{300}) - smooth_noise(7, moment + seconds{1}, seconds{300})), 0.02);
  }
}

// One line over a bend of 300 m east and 300 m north, there and back, with a stop at the bend. A trip leaves at 08:00.
city::City town_with_a_bus() {
  city::CityBuilder builder("Bend", {48.0, 11.0});
  const auto add_stop = [&](std::uint64_t number, geo::Vec2d at) {
    auto geometry = builder.begin(city::GeometryType::point);
    builder.add_part(geometry, std::span(&at, 1));
    return builder.add(city::FeatureId::of(city::FeatureKind::stop, city::IdSource::generated, number), geometry, {},
                       city::Stop{});
  };
  const city::FeatureIndex west = add_stop(1, {0, 4});
  const city::FeatureIndex bend = add_stop(2, {304, 0});
  const city::FeatureIndex north = add_stop(3, {300, 300});
  const city::Trip morning{.departure_s = 8 * 3600, .days = 0x1F};
  const std::vector<city::PatternStop> there{{west, 0, 0}, {bend, 60, 80}, {north, 140, 140}};
  const std::vector<city::PatternStop> back{{north, 0, 0}, {bend, 60, 80}, {west, 140, 140}};
  city::Line line;
  line.patterns.first = builder.add_pattern(there, std::span(&morning, 1));
  builder.add_pattern(back, std::span(&morning, 1));
  line.patterns.count = 2;
  auto geometry = builder.begin(city::GeometryType::lines);
  const std::vector<geo::Vec2d> course{{0, 0}, {300, 0}, {300, 300}};
  builder.add_part(geometry, course);
  builder.add(city::FeatureId::of(city::FeatureKind::line, city::IdSource::generated, 1), geometry, builder.text("1"), line);
  return std::move(builder).build();
}

TEST(PracticeVehicles, run_on_their_line_from_stop_to_stop_both_ways) {
  const city::City city = town_with_a_bus();
  const PracticeVehicles vehicles(city, 1);
  std::set<std::string> ids;
  for (int second = 0; second < 400; ++second) {
    const sys_seconds moment = kWednesday + std::chrono::hours(8) + seconds{second};
    std::vector<VehicleNow> now;
    vehicles.under_way(moment, on_the_wall(moment), now);
    for (const VehicleNow& each : now) {
      ids.insert(each.id);
      const bool on_first = std::abs(each.at.y) < 1e-6 && each.at.x >= -1e-6 && each.at.x <= 300.1;
      const bool on_second = std::abs(each.at.x - 300) < 1e-6 && each.at.y >= -1e-6 && each.at.y <= 300.1;
      EXPECT_TRUE(on_first || on_second) << each.at.x << ' ' << each.at.y;
      EXPECT_LE(each.speed_kmh, 25);
      EXPECT_GE(each.delay_s, 0);
    }
  }
  EXPECT_EQ(ids.size(), 2u) << "one there and one back";
}

TEST(PracticeVehicles, stay_at_home_on_days_without_service_and_at_night) {
  const city::City city = town_with_a_bus();
  const PracticeVehicles vehicles(city, 1);
  std::vector<VehicleNow> now;
  const sys_seconds sunday = kWednesday + std::chrono::days(4) + std::chrono::hours(8) + seconds{100};
  vehicles.under_way(sunday, on_the_wall(sunday), now);
  const sys_seconds night = kWednesday + std::chrono::hours(3);
  vehicles.under_way(night, on_the_wall(night), now);
  EXPECT_TRUE(now.empty());
}

}  // namespace
}  // namespace citiverse::load
