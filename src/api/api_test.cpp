#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/area_tree.h"
#include "api/city_clock.h"
#include "api/contact.h"
#include "api/nearest.h"
#include "api/parameters.h"
#include "api/problem.h"
#include "api/routes.h"
#include "api/street_groups.h"
#include "api/timetable.h"
#include "city/city_builder.h"
#include "net/dispatch.h"
#include "testing/ascii_city.h"

namespace citiverse::api {
namespace {

using city::FeatureId;
using city::FeatureIndex;
using city::FeatureKind;
using city::IdSource;
using geo::Vec2d;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::sys_days;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr auto kMonday = std::chrono::year(2026) / 5 / 4;

CityClock paris() {
  return CityClock("Europe/Paris", [] { return std::chrono::sys_seconds(sys_days(kMonday) + 10h); });
}

TEST(CityClock, tells_the_offset_of_the_season) {
  const CityClock clock = paris();
  EXPECT_EQ(clock.text(clock.now()), "2026-05-04T12:00:00+02:00");
  EXPECT_EQ(clock.text(clock.at(sys_days(std::chrono::year(2026) / 1 / 5) + 10h)), "2026-01-05T11:00:00+01:00");
}

TEST(CityClock, reads_times_with_and_without_an_offset) {
  const CityClock clock = paris();
  for (const char* text : {"2026-05-04T18:30", "2026-05-04T18:30:00+02:00", "2026-05-04T16:30:00Z", "2026-05-04T16:30:59.5z",
                           "2026-05-04T11:30:00-05:00", "2026-05-04T18:30:00 02:00"}) {
    const auto moment = clock.parse(text);
    ASSERT_TRUE(moment.has_value()) << text;
    EXPECT_EQ(clock.text(*moment), "2026-05-04T18:30:00+02:00") << text;
  }
  for (const char* text : {"", "now", "2026-05-04", "2026-13-04T18:30", "2026-02-30T18:30", "2026-05-04T24:00",
                           "2026-05-04T18:30x", "2026-05-04T18:30+2", "99999-05-04T18:30", "2026-05-04T18:60"}) {
    EXPECT_FALSE(clock.parse(text).has_value()) << text;
  }
}

TEST(CityClock, an_hour_that_spring_skips_is_read_as_the_hour_after) {
  const CityClock clock = paris();
  EXPECT_EQ(clock.text(*clock.parse("2026-03-29T02:30")), "2026-03-29T03:30:00+02:00");
}

TEST(CityClock, an_unknown_zone_is_utc) {
  EXPECT_EQ(CityClock("Mars/Olympus", [] { return std::chrono::sys_seconds(); }).time_zone(), "UTC");
}

TEST(Contact, lets_only_web_addresses_through) {
  EXPECT_EQ(checked_website("https://example.org/a?b=c#d"), "https://example.org/a?b=c#d");
  EXPECT_EQ(checked_website("HTTP://example.org:8080"), "http://example.org:8080");
  EXPECT_EQ(checked_website("www.example.org"), "https://www.example.org");
  for (const char* bad : {"", "javascript:alert(1)", "data:text/html,x", "http://", "https://a b.org", "https://x\"onload=y",
                          "https://user@evil.org", "//example.org", "https://localhost", "ftp://example.org", "https://.org"}) {
    EXPECT_EQ(checked_website(bad), "") << bad;
  }
}

TEST(Contact, makes_a_telephone_address_of_the_first_number) {
  EXPECT_EQ(checked_phone("+377 98 98 80 00"), "tel:+37798988000");
  EXPECT_EQ(checked_phone("(030) 12-34.56; +49 1"), "tel:030123456");
  for (const char* bad : {"", "ask inside", "1", "12+34567", "123456789012345678901"}) EXPECT_EQ(checked_phone(bad), "") << bad;
}

TEST(Parameters, names_the_first_that_is_wrong) {
  const auto wrong = [](std::string_view query, auto&& read) {
    Parameters parameters(query);
    read(parameters);
    return parameters.failure() ? parameters.failure()->parameter : "none";
  };
  const auto limit = [](Parameters& p) { p.count_or("limit", 1, 200, 50); };
  EXPECT_EQ(wrong("limit=7", limit), "none");
  EXPECT_EQ(wrong("limit=0", limit), "limit");
  EXPECT_EQ(wrong("limit=1.5", limit), "limit");
  EXPECT_EQ(wrong("limit=1e400", limit), "limit");
  EXPECT_EQ(wrong("limit=nan", limit), "limit");
  EXPECT_EQ(wrong("limit=7&limit=8", limit), "limit");
  EXPECT_EQ(wrong("limt=7", limit), "limt");
  EXPECT_EQ(wrong("cursor=n10001", [](Parameters& p) { p.cursor(); }), "cursor");
  EXPECT_EQ(wrong("cursor=", [](Parameters& p) { p.cursor(); }), "cursor");
  EXPECT_EQ(wrong("lat=43", [](Parameters& p) { p.place(); }), "lon");
}

TEST(Parameters, a_cursor_goes_there_and_back) {
  Parameters parameters("cursor=" + Parameters::next_cursor(150));
  EXPECT_EQ(parameters.cursor(), 150u);
  EXPECT_FALSE(parameters.failure().has_value());
}

// The nearest by true distance is not the nearest by box: a long diagonal street's box holds the point.
TEST(Nearest, orders_by_true_distance_as_measuring_everything_does) {
  const city::City city = testing_fixtures::ascii_city(R"(
=....#..P
.=...#...
..=......
...=...T.
P...=..##
)");
  for (const Vec2d from : {Vec2d{0, 0}, Vec2d{45, 25}, Vec2d{80, 10}}) {
    std::vector<std::pair<double, FeatureIndex>> expected;
    for (FeatureIndex i = 0; i < city.features().size(); ++i) {
      expected.emplace_back(city::nearest_point(city, city.feature(i), from).distance_m, i);
    }
    std::sort(expected.begin(), expected.end());
    std::vector<std::pair<double, FeatureIndex>> found;
    visit_nearest(
        city, from, 1000, [](const city::Feature&) { return true; },
        [&](const Neighbour& n) {
          found.emplace_back(n.nearest.distance_m, n.feature);
          return true;
        });
    EXPECT_EQ(found, expected);
  }
}

TEST(Nearest, bearings_turn_clockwise_from_north) {
  EXPECT_DOUBLE_EQ(bearing_deg({0, 0}, {0, 5}), 0);
  EXPECT_DOUBLE_EQ(bearing_deg({0, 0}, {5, 0}), 90);
  EXPECT_DOUBLE_EQ(bearing_deg({0, 0}, {0, -5}), 180);
  EXPECT_DOUBLE_EQ(bearing_deg({0, 0}, {-5, 0}), 270);
}

/// Two pieces of a street that nearly touch, one of the same name far away, an area around the first, and a bus line.
city::City small_city() {
  city::CityBuilder builder("Small", {43.7, 7.4});
  builder.set_time_zone("Europe/Paris");
  const auto street = [&](std::uint64_t number, Vec2d from, Vec2d to) {
    city::Geometry line = builder.begin(city::GeometryType::lines);
    builder.add_part(line, std::vector<Vec2d>{from, to});
    builder.add(FeatureId::of(FeatureKind::street, IdSource::generated, number), line, builder.text("High Street"),
                city::Street{});
  };
  street(1, {0, 0}, {100, 0});
  street(2, {110, 0}, {310, 0});
  street(3, {5000, 0}, {5050, 0});
  city::Geometry ring = builder.begin(city::GeometryType::polygons);
  builder.add_part(ring, std::vector<Vec2d>{{-50, -50}, {400, -50}, {400, 50}, {-50, 50}});
  city::Area area;
  area.area_class = city::AreaClass::district;
  builder.add(FeatureId::of(FeatureKind::area, IdSource::generated, 1), ring, builder.text("Centre"), area);
  city::Geometry at = builder.begin(city::GeometryType::point);
  builder.add_part(at, std::vector<Vec2d>{{20, 10}});
  city::Place bakery;
  bakery.place_class = city::PlaceClass::shop;
  bakery.opening_hours = builder.text("Mo-Fr 08:00-18:00");
  bakery.website = builder.text("javascript:alert(1)");
  builder.add(FeatureId::of(FeatureKind::place, IdSource::generated, 1), at, builder.text("Bread <b>& \"butter\""), bakery);
  std::vector<city::PatternStop> stops;
  for (std::uint64_t number = 1; number <= 2; ++number) {
    city::Geometry point = builder.begin(city::GeometryType::point);
    builder.add_part(point, std::vector<Vec2d>{{number * 50.0, 5}});
    const auto stop = builder.add(FeatureId::of(FeatureKind::stop, IdSource::generated, number), point,
                                  builder.text(number == 1 ? "First" : "Last"), city::Stop{});
    stops.push_back({stop, static_cast<std::uint32_t>(number) * 60, static_cast<std::uint32_t>(number) * 60});
  }
  // Weekdays 12:10 and 23:59:30; Saturdays 25:00, which is one o'clock on Sunday.
  const std::vector<city::Trip> trips = {{12 * 3600 + 600, 0x1F, {}}, {86'370, 0x1F, {}}, {25 * 3600, 0x20, {}}};
  city::Line line;
  line.reference = builder.text("7");
  line.patterns = {builder.add_pattern(stops, trips), 1};
  city::Geometry course = builder.begin(city::GeometryType::lines);
  builder.add_part(course, std::vector<Vec2d>{{50, 5}, {100, 5}});
  builder.add(FeatureId::of(FeatureKind::line, IdSource::generated, 1), course, {}, line);
  return std::move(builder).build();
}

TEST(StreetGroups, join_near_pieces_of_a_name_and_keep_far_ones_apart) {
  const city::City city = small_city();
  const auto streets = named_streets(city);
  ASSERT_EQ(streets.size(), 2u);
  std::vector<double> lengths = {streets[0].length_m, streets[1].length_m};
  std::sort(lengths.begin(), lengths.end());
  EXPECT_EQ(lengths, (std::vector<double>{50, 300}));
}

TEST(AreaTree, counts_what_its_polygon_holds) {
  const city::City city = small_city();
  const AreaTree tree(city);
  ASSERT_EQ(tree.areas().size(), 1u);
  EXPECT_EQ(tree.areas()[0].places, 1u);
  EXPECT_DOUBLE_EQ(tree.areas()[0].area_m2, 45'000);
  EXPECT_EQ(tree.holding({0, 0}).size(), 1u);
  EXPECT_TRUE(tree.holding({5000, 0}).empty());
}

TEST(Timetable, gives_departures_across_midnight_by_weekday) {
  const city::City city = small_city();
  const Timetable timetable(city);
  const FeatureIndex first = *city.find(FeatureId::of(FeatureKind::stop, IdSource::generated, 1));
  const FeatureIndex last = *city.find(FeatureId::of(FeatureKind::stop, IdSource::generated, 2));
  const auto seconds_from = [&](city::LocalTime time) {
    std::vector<std::int64_t> in_s;
    for (const Departure& d : timetable.departures(first, time, 10)) in_s.push_back(d.in_s);
    return in_s;
  };
  // The first stop is left one minute after the pattern's start.
  EXPECT_EQ(seconds_from(local_days(kMonday) + 12h), (std::vector<std::int64_t>{660, 43'230}));
  // A minute past midnight on Saturday: Friday's last trip left at 00:00:30; Saturday's own is 25 hours away.
  EXPECT_EQ(seconds_from(local_days(kMonday) + hours(5 * 24)), (std::vector<std::int64_t>{30}));
  EXPECT_EQ(seconds_from(local_days(kMonday) + hours(6 * 24) + 30min), (std::vector<std::int64_t>{1860}));
  EXPECT_TRUE(timetable.departures(last, local_days(kMonday) + 12h, 10).empty());
  EXPECT_EQ(timetable.lines_at(last).size(), 1u);
}

class RoutesTest : public ::testing::Test {
 protected:
  RoutesTest() {
    add_search_routes(router_, model_);
    add_object_routes(router_, model_);
    add_area_routes(router_, model_);
  }
  net::Reply ask(std::string_view path, std::string_view query = "") {
    net::Request request;
    request.path = path;
    request.query = query;
    net::Dispatched dispatched = net::dispatch(router_, {}, request);
    return dispatched.reply ? std::move(*dispatched.reply) : net::make_reply(router_, dispatched, request);
  }

  city::City city_ = small_city();
  CityModel model_{city_, [] { return std::chrono::sys_seconds(sys_days(kMonday) + 10h); }};
  net::Router router_;
};

TEST_F(RoutesTest, an_object_says_when_it_opens_next_and_has_no_harmful_link) {
  const net::Reply reply = ask("/api/v1/objects/place-g1", "time=2026-05-08T19:00");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr(R"("open_now":false,"next_change":"2026-05-11T08:00:00+02:00")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("name":"Bread \u003cb>& \"butter\"")"));
  EXPECT_THAT(reply.body, Not(HasSubstr("javascript")));
  EXPECT_THAT(reply.body, HasSubstr(R"("areas":[{"id":"area-g1")"));
}

TEST_F(RoutesTest, a_stop_tells_the_next_departures) {
  const net::Reply reply = ask("/api/v1/objects/stop-g1");
  EXPECT_THAT(reply.body, HasSubstr(R"("to":"Last","stop":"stop-g1","time":"2026-05-04T12:11:00+02:00","in_s":660)"));
}

TEST_F(RoutesTest, open_now_leaves_out_what_is_closed) {
  const geo::LatLon origin = city_.plane().origin();
  const std::string place =
      "lat=" + std::to_string(origin.lat_deg) + "&lon=" + std::to_string(origin.lon_deg) + "&kinds=place&open_now=true";
  EXPECT_THAT(ask("/api/v1/nearby", place).body, HasSubstr("place-g1"));
  EXPECT_EQ(ask("/api/v1/nearby", place + "&time=2026-05-04T19:00").body, R"({"items":[]})");
}

TEST_F(RoutesTest, errors_name_the_parameter) {
  const net::Reply reply = ask("/api/v1/nearby", "lat=43.7&lon=7.4&limit=many");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr(R"("parameter":"limit")"));
  EXPECT_EQ(ask("/api/v1/objects/place-g2").status, 404);
  EXPECT_EQ(ask("/api/v1/areas/place-g1").status, 404);
}

TEST(Problem, every_code_has_a_status_of_an_error) {
  for (int code = 0; code <= static_cast<int>(base::ErrorCode::corrupt); ++code) {
    EXPECT_GE(status_of(static_cast<base::ErrorCode>(code)), 400);
  }
}

}  // namespace
}  // namespace citiverse::api
