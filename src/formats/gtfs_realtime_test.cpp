#include "formats/gtfs_realtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

namespace citiverse::formats {
namespace {

using protozero::pbf_writer;
using testing::HasSubstr;

// Written by field numbers as gtfs.org/documentation/realtime/proto lists them, not by the reader's table.
std::string header() {
  std::string bytes;
  pbf_writer writer(bytes);
  writer.add_string(1, "2.0");
  writer.add_enum(2, 0);
  writer.add_uint64(3, 1'767'225'600);
  return bytes;
}

std::string feed(const std::string& entity) {
  std::string bytes;
  pbf_writer writer(bytes);
  writer.add_message(1, header());
  writer.add_message(2, entity);
  return bytes;
}

TEST(GtfsRealtime, reads_a_vehicle) {
  std::string entity;
  {
    pbf_writer writer(entity);
    writer.add_string(1, "e1");
    pbf_writer vehicle(writer, 4);
    {
      pbf_writer trip(vehicle, 1);
      trip.add_string(1, "t1");
      trip.add_string(5, "r2");
    }
    {
      pbf_writer position(vehicle, 2);
      position.add_float(1, 43.73F);
      position.add_float(2, 7.42F);
      position.add_float(5, 12.5F);
    }
    vehicle.add_enum(4, 1);
    vehicle.add_uint64(5, 1'767'225'590);
    vehicle.add_string(7, "s9");
    vehicle.add_enum(9, 42);
    vehicle.add_string(999, "of a later version");
  }
  EXPECT_EQ(gtfs_realtime_json(feed(entity)).value(),
            R"({"header":{"gtfs_realtime_version":"2.0","incrementality":"FULL_DATASET","timestamp":1767225600},)"
            R"("entity":[{"id":"e1","vehicle":{"trip":{"trip_id":"t1","route_id":"r2"},)"
            R"("position":{"latitude":43.73,"longitude":7.42,"speed":12.5},"current_status":"STOPPED_AT",)"
            R"("timestamp":1767225590,"stop_id":"s9","occupancy_status":42}}]})");
}

TEST(GtfsRealtime, reads_delays_below_zero_and_alerts) {
  std::string entity;
  {
    pbf_writer writer(entity);
    writer.add_string(1, "e1");
    {
      pbf_writer update(writer, 3);
      for (const int delay : {-30, 90}) {
        pbf_writer stop(update, 2);
        pbf_writer arrival(stop, 2);
        arrival.add_int32(1, delay);
      }
    }
    pbf_writer alert(writer, 5);
    alert.add_enum(6, 10);
    pbf_writer text(alert, 10);
    pbf_writer translation(text, 1);
    translation.add_string(1, "Rue barrée");
    translation.add_string(2, "fr");
  }
  EXPECT_THAT(
      gtfs_realtime_json(feed(entity)).value(),
      AllOf(HasSubstr(R"("stop_time_update":[{"arrival":{"delay":-30}},{"arrival":{"delay":90}}])"),
            HasSubstr(R"("cause":"CONSTRUCTION","header_text":{"translation":[{"text":"Rue barrée","language":"fr"}]})")));
}

TEST(GtfsRealtime, refuses_what_is_something_else) {
  EXPECT_FALSE(gtfs_realtime_json(""));
  EXPECT_FALSE(gtfs_realtime_json("<!DOCTYPE html>"));
  const std::string whole = feed("");
  EXPECT_TRUE(gtfs_realtime_json(whole));
  EXPECT_FALSE(gtfs_realtime_json(whole.substr(0, 9)));
  std::string large;
  pbf_writer writer(large);
  writer.add_message(1, header());
  for (std::size_t i = 0; i <= kGtfsEntitiesMax; ++i) writer.add_message(2, std::string());
  EXPECT_EQ(gtfs_realtime_json(large).error().code, base::ErrorCode::limit);
}

}  // namespace
}  // namespace citiverse::formats
