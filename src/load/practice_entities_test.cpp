// What is simulated says so, with its time, unit and source.
#include "load/practice_entities.h"

#include <gtest/gtest.h>

#include "testing/ascii_city.h"

namespace citiverse::load {
namespace {

TEST(PracticeEntities, every_measured_value_is_labelled_as_simulated) {
  const city::City city = testing_fixtures::ascii_city("S====");
  const PracticeSensors sensors(city, 1);
  const std::chrono::sys_seconds moment{std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + std::chrono::hours(9)};
  EntityArray entities(city, "practice sensors, seed 1");
  std::size_t measured = 0;
  for (const PracticeSensor& sensor : sensors.all()) {
    std::vector<Reading> readings;
    sensors.read(sensor, moment, std::chrono::local_seconds{moment.time_since_epoch()}, readings);
    measured += readings.size();
    entities.add(sensor, readings, moment);
  }
  EXPECT_EQ(entities.size(), sensors.all().size());
  const std::string text = entities.take();
  const auto count = [&](std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
  };
  EXPECT_GT(measured, 0u);
  EXPECT_EQ(count(R"("https://citiverse.org/ns#status":{"type":"Property","value":"simulated"})"), measured);
  EXPECT_EQ(count(R"("value":"practice sensors, seed 1")"), measured);
  EXPECT_EQ(count(R"("observedAt":"2026-02-03T09:00:00Z")"), measured);
  EXPECT_EQ(count(R"("unitCode":)"), measured);
  EXPECT_EQ(text.front(), '[');
  EXPECT_EQ(text.back(), ']');
  EXPECT_EQ(entities.take(), "[]");
}

TEST(PracticeEntities, an_empty_list_is_an_empty_array) {
  const city::City city = testing_fixtures::ascii_city("=");
  EXPECT_EQ(EntityArray(city, "x").take(), "[]");
}

}  // namespace
}  // namespace citiverse::load
