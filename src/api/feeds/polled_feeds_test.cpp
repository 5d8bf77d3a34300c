// What is fetched again and again: GTFS-Realtime and GBFS as their standards write them, what goes, and what fails.
#include "api/feeds/polled_feeds.h"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <protozero/pbf_writer.hpp>

namespace citiverse::api::feeds {
namespace {

using protozero::pbf_writer;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kNowS = 1'767'225'600;

class PolledFeeds : public testing::Test {
 protected:
  void open(std::string_view mapping) {
    auto read = read_mapping(mapping, "test", store_.names());
    ASSERT_TRUE(read) << read.error().message;
    feeds_ = std::make_unique<Feeds>(twin_, *std::move(read), [](AnchorRule::By by, std::string_view code) {
      return fmt::format("{}-n{}", by == AnchorRule::By::line ? "line" : "stop", code);
    });
    polled_ = polled_feeds_of(*feeds_, [this](std::string_view url) -> base::Result<std::string> {
      asked_.emplace_back(url);
      const auto found = answers_.find(std::string(url));
      if (found == answers_.end()) return base::fail(base::ErrorCode::unavailable, "nobody answers");
      return found->second;
    });
  }
  std::vector<std::string> ids() {
    std::vector<std::string> ids;
    store_.scan(twin::kDefaultTenant, {}, 0, [&](twin::Slot, const twin::EntityPtr& entity) {
      ids.push_back(entity->id);
      return true;
    });
    std::ranges::sort(ids);
    return ids;
  }
  const twin::Attribute* value(std::string_view id, std::string_view name) {
    entity_ = store_.find(twin::kDefaultTenant, id);
    return entity_ == nullptr ? nullptr : entity_->find(store_.names().find(expanded_name(name)));
  }
  // Vehicles of a feed by their names; written by the field numbers of the standard.
  static std::string gtfs(std::initializer_list<std::string_view> vehicles, std::int64_t told_s = kNowS,
                          int incrementality = 0) {
    std::string bytes;
    pbf_writer feed(bytes);
    {
      pbf_writer header(feed, 1);
      header.add_string(1, "2.0");
      header.add_enum(2, incrementality);
      header.add_uint64(3, static_cast<std::uint64_t>(told_s));
    }
    for (const std::string_view name : vehicles) {
      pbf_writer entity(feed, 2);
      entity.add_string(1, name.data(), name.size());
      pbf_writer vehicle(entity, 4);
      {
        pbf_writer trip(vehicle, 1);
        trip.add_string(5, "R2");
      }
      {
        pbf_writer position(vehicle, 2);
        position.add_float(1, 43.5F);
        position.add_float(2, 7.25F);
        position.add_float(5, 10.F);
      }
      pbf_writer label(vehicle, 8);
      label.add_string(1, name.data(), name.size());
    }
    pbf_writer entity(feed, 2);
    entity.add_string(1, "u");
    pbf_writer update(entity, 3);
    {
      pbf_writer trip(update, 1);
      trip.add_string(1, "T1");
    }
    pbf_writer stop(update, 2);
    stop.add_string(4, "S1");
    pbf_writer arrival(stop, 2);
    arrival.add_int32(1, -20);
    return bytes;
  }

  twin::TimeUs now_us_ = kNowS * 1'000'000;
  twin::Store store_{[this] { return now_us_; }};
  TwinApi twin_{store_, [](const net::Visitor&, std::string_view) { return false; }};
  std::map<std::string, std::string> answers_;
  std::vector<std::string> asked_;
  std::unique_ptr<Feeds> feeds_;
  std::vector<std::unique_ptr<PolledFeed>> polled_;
  twin::EntityPtr entity_;
};

constexpr std::string_view kGtfs =
    R"({"gtfs_realtime":[{"name":"city","url":"https://gtfs.example/all","source":"Buses {of} the city","every_s":5}]})";

TEST_F(PolledFeeds, vehicles_and_trips_of_gtfs_realtime_are_tied_to_lines_and_stops) {
  open(kGtfs);
  answers_["https://gtfs.example/all"] = gtfs({"bus1", "bus2"});
  ASSERT_EQ(polled_[0]->poll().value(), std::chrono::seconds(5));
  EXPECT_THAT(ids(),
              ElementsAre("urn:ngsi-ld:TripUpdate:city:T1", "urn:ngsi-ld:Vehicle:city:bus1", "urn:ngsi-ld:Vehicle:city:bus2"));
  EXPECT_EQ(value("urn:ngsi-ld:Vehicle:city:bus1", "speed")->value, twin::Value(std::int64_t{36}));
  EXPECT_EQ(value("urn:ngsi-ld:Vehicle:city:bus1", "https://citiverse.org/ns#anchor")->value,
            twin::Value(std::string("line-nR2")));
  const twin::Attribute& location = *value("urn:ngsi-ld:Vehicle:city:bus1", "location");
  EXPECT_EQ(location.value, twin::Value(twin::Json{R"({"type":"Point","coordinates":[7.25,43.5]})"}));
  EXPECT_EQ(location.observed_us, now_us_);
  EXPECT_THAT(location.about,
              testing::Contains(testing::Field(&twin::Attribute::value, twin::Value(std::string("Buses {of} the city")))));
  const twin::Attribute& delay = *value("urn:ngsi-ld:TripUpdate:city:T1", "delay");
  EXPECT_EQ(delay.value, twin::Value(std::int64_t{-20}));
  EXPECT_THAT(delay.about, testing::Contains(testing::Field(&twin::Attribute::value, twin::Value(std::string("derived")))));
  EXPECT_EQ(value("urn:ngsi-ld:TripUpdate:city:T1", "https://citiverse.org/ns#anchor")->value,
            twin::Value(std::string("stop-nS1")));
}

TEST_F(PolledFeeds, what_a_whole_feed_leaves_out_is_gone_and_what_a_difference_leaves_out_is_not) {
  open(kGtfs);
  answers_["https://gtfs.example/all"] = gtfs({"bus1", "bus2"});
  ASSERT_TRUE(polled_[0]->poll());
  answers_["https://gtfs.example/all"] = gtfs({"bus3"}, kNowS, 1);
  ASSERT_TRUE(polled_[0]->poll());
  EXPECT_EQ(ids().size(), 4u);
  open(kGtfs);  // As after a restart: what was told before is recognised.
  answers_["https://gtfs.example/all"] = gtfs({"bus2"});
  ASSERT_TRUE(polled_[0]->poll());
  EXPECT_THAT(ids(), ElementsAre("urn:ngsi-ld:TripUpdate:city:T1", "urn:ngsi-ld:Vehicle:city:bus2"));
}

TEST_F(PolledFeeds, a_feed_that_is_stuck_is_not_believed_and_its_vehicles_go) {
  open(kGtfs);
  answers_["https://gtfs.example/all"] = gtfs({"bus1"});
  ASSERT_TRUE(polled_[0]->poll());
  now_us_ += (kGtfsStaleSeconds + 60) * 1'000'000;
  const auto again = polled_[0]->poll();
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("has not changed for 16 minutes"));
  EXPECT_THAT(ids(), ElementsAre("urn:ngsi-ld:TripUpdate:city:T1")) << "trips are forgotten after an hour";
}

// The shapes of gbfs.org's own examples for 2.3 and 3.0.
TEST_F(PolledFeeds, shared_bikes_of_gbfs_2_3) {
  open(R"({"gbfs":[{"name":"velo","url":"https://gbfs.example/gbfs.json","source":"Velo"}]})");
  answers_["https://gbfs.example/gbfs.json"] = R"({"last_updated":1767225600,"ttl":0,"version":"2.3","data":{"fr":{"feeds":[)"
                                               R"({"name":"station_status","url":"https://gbfs.example/status"},)"
                                               R"({"name":"station_information","url":"https://gbfs.example/stations"},)"
                                               R"({"name":"free_bike_status","url":"https://gbfs.example/bikes"}]}}})";
  answers_["https://gbfs.example/stations"] = R"({"last_updated":1767225600,"ttl":0,"data":{"stations":[{"station_id":"s 1",)"
                                              R"("name":"Quay","lat":43.5,"lon":7.25,"capacity":12}]}})";
  answers_["https://gbfs.example/status"] = R"({"last_updated":1767225600,"ttl":30,"data":{"stations":[{"station_id":"s 1",)"
                                            R"("num_bikes_available":4,"num_docks_available":8,)"
                                            R"("is_renting":true,"last_reported":1767225500}]}})";
  answers_["https://gbfs.example/bikes"] =
      R"({"last_updated":1767225600,"ttl":60,"data":{"bikes":[{"bike_id":"b1","lat":43.4,"lon":7.2,)"
      R"("is_reserved":false,"is_disabled":false}]}})";
  EXPECT_EQ(polled_[0]->poll().value(), std::chrono::seconds(30));
  EXPECT_THAT(ids(), ElementsAre("urn:ngsi-ld:BikeHireDockingStation:velo:s%201", "urn:ngsi-ld:SharedVehicle:velo:b1"));
  EXPECT_EQ(value("urn:ngsi-ld:BikeHireDockingStation:velo:s%201", "availableBikeNumber")->value, twin::Value(std::int64_t{4}));
  EXPECT_EQ(entity_->find(store_.names().find(expanded_name("availableBikeNumber")))->observed_us, 1'767'225'500'000'000);
  EXPECT_EQ(value("urn:ngsi-ld:BikeHireDockingStation:velo:s%201", "totalSlotNumber")->value, twin::Value(std::int64_t{12}));
  EXPECT_EQ(value("urn:ngsi-ld:BikeHireDockingStation:velo:s%201", "name")->value, twin::Value(std::string("Quay")));
}

TEST_F(PolledFeeds, shared_bikes_of_gbfs_3_0) {
  open(R"({"gbfs":[{"name":"velo","url":"https://gbfs.example/gbfs.json","source":"Velo"}]})");
  answers_["https://gbfs.example/gbfs.json"] =
      R"({"last_updated":"2026-01-01T01:00:00+01:00","ttl":0,"version":"3.0","data":{"feeds":[{"name":"station_information",)"
      R"("url":"https://gbfs.example/stations"},{"name":"vehicle_status","url":"https://gbfs.example/vehicles"}]}})";
  answers_["https://gbfs.example/stations"] =
      R"({"last_updated":"2026-01-01T01:00:00+01:00","ttl":0,"data":{"stations":[{"station_id":"s1",)"
      R"("name":[{"text":"Quai","language":"fr"}],)"
      R"("lat":43.5,"lon":7.25}]}})";
  answers_["https://gbfs.example/vehicles"] = R"({"last_updated":"2026-01-01T01:00:00+01:00","ttl":5,"data":{"vehicles":[)"
                                              R"({"vehicle_id":"v1","lat":43.4,"lon":7.2,"is_reserved":true}]}})";
  EXPECT_EQ(polled_[0]->poll().value(), kGbfsPauseLeast);
  EXPECT_EQ(value("urn:ngsi-ld:BikeHireDockingStation:velo:s1", "name")->value, twin::Value(std::string("Quai")));
  EXPECT_EQ(value("urn:ngsi-ld:SharedVehicle:velo:v1", "isReserved")->observed_us, kNowS * 1'000'000);
}

TEST_F(PolledFeeds, an_address_with_a_rule_is_read_and_what_fails_says_why) {
  open(
      R"({"rules":[{"rule":"parking","url":"https://city.example/p","every_s":7,"each":"$[*]","id":"urn:p:{$.id}","type":"Parking",)"
      R"("source":"City","complete":true,"attributes":{"free":"$.free"}}]})");
  EXPECT_THAT(polled_[0]->poll().error().message, HasSubstr("nobody answers"));
  answers_["https://city.example/p"] = R"([{"id":1,"free":3},{"id":2,"free":0}])";
  EXPECT_EQ(polled_[0]->poll().value(), std::chrono::seconds(7));
  EXPECT_THAT(ids(), ElementsAre("urn:p:1", "urn:p:2"));
  answers_["https://city.example/p"] = R"([{"id":2,"free":1}])";
  ASSERT_TRUE(polled_[0]->poll());
  EXPECT_THAT(ids(), ElementsAre("urn:p:2"));
  answers_["https://city.example/p"] = "<html>";
  EXPECT_THAT(polled_[0]->poll().error().message, HasSubstr("not JSON"));
  EXPECT_THAT(ids(), ElementsAre("urn:p:2")) << "an answer that cannot be read takes nothing away";
}

TEST_F(PolledFeeds, private_addresses_are_not_asked_unless_the_mapping_trusts_them) {
  const auto fetch = fetch_feed_by_http({});
  EXPECT_EQ(fetch("http://127.0.0.1:1/feed").error().code, base::ErrorCode::denied);
  EXPECT_EQ(fetch("https://localhost:1/feed").error().code, base::ErrorCode::denied);
  Mapping trusting;
  trusting.trusted_hosts = {"127.0.0.1:1"};
  EXPECT_EQ(fetch_feed_by_http(trusting)("http://127.0.0.1:1/feed").error().code, base::ErrorCode::unavailable)
      << "nobody listens";
}

TEST_F(PolledFeeds, are_polled_again_while_the_poller_lives) {
  struct Counting : PolledFeed {
    explicit Counting(std::atomic<int>& polls) : polls_(polls) {}
    std::string_view name() const override { return "counting"; }
    std::chrono::seconds usual_pause() const override { return std::chrono::seconds(0); }
    base::Result<std::chrono::seconds> poll() override {
      polls_.fetch_add(1);
      polls_.notify_all();
      return std::chrono::seconds(0);
    }
    std::atomic<int>& polls_;
  };
  open("{}");
  std::atomic<int> polls = 0;
  std::vector<std::unique_ptr<PolledFeed>> counting;
  counting.push_back(std::make_unique<Counting>(polls));
  Poller poller(*feeds_, std::move(counting));
  poller.start();
  for (int seen = polls; seen < 3; seen = polls) polls.wait(seen);
  SUCCEED();
}

}  // namespace
}  // namespace citiverse::api::feeds
