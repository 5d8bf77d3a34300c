#include "sim/access/access.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include <cmath>

#include "city/city_builder.h"
#include "sim/access/fairness.h"
#include "testing/ascii_city.h"

namespace citiverse::sim {
namespace {

using testing_fixtures::ascii_city;

// On the flat, by Tobler: 6 exp(−0.175) km/h.
const double kWalk = 6 * std::exp(-3.5 * 0.05) / 3.6;

double minutes_for(double metres) { return metres / kWalk / 60; }

std::size_t at(Destination d) { return static_cast<std::size_t>(d); }

// The only home with so many people.
const HomeAccess& of(const AccessReport& report, float people) {
  for (std::size_t h = 0; h < report.homes.size(); ++h) {
    if (report.homes[h].people == people) return report.access[h];
  }
  ADD_FAILURE() << "no home of " << people;
  return report.access.front();
}

class DrawnTown {
 public:
  DrawnTown() : builder_("Drawn", {48, 8}) {}

  void street(std::vector<geo::Vec2d> line, city::StreetClass c = city::StreetClass::residential, std::uint8_t modes = 0xF,
              std::uint8_t back = 0xF, city::Surface surface = city::Surface::asphalt) {
    city::Street s;
    s.street_class = c;
    s.forward = modes;
    s.backward = back;
    s.surface = surface;
    auto g = builder_.begin(city::GeometryType::lines);
    builder_.add_part(g, line);
    builder_.add(id(city::FeatureKind::street), g, {}, s);
  }
  city::FeatureId home(geo::Vec2d at, std::uint32_t people, std::uint32_t jobs = 0) {
    city::Building b;
    b.people = people;
    b.jobs = jobs;
    auto g = builder_.begin(city::GeometryType::polygons);
    const std::vector<geo::Vec2d> ring{at + geo::Vec2d{-4, -4}, at + geo::Vec2d{4, -4}, at + geo::Vec2d{4, 4},
                                       at + geo::Vec2d{-4, 4}};
    builder_.add_part(g, ring);
    const city::FeatureId building = id(city::FeatureKind::building);
    builder_.add(building, g, {}, b);
    return building;
  }
  void place(geo::Vec2d at, city::PlaceClass c, std::string_view subtype = "", std::uint32_t capacity = 0) {
    city::Place p;
    p.place_class = c;
    p.subtype = builder_.text(subtype);
    p.capacity = capacity;
    auto g = builder_.begin(city::GeometryType::point);
    builder_.add_part(g, std::span(&at, 1));
    builder_.add(id(city::FeatureKind::place), g, {}, p);
  }
  void terrain(std::vector<float> heights, std::uint32_t columns, double step_m) {
    const auto rows = static_cast<std::uint32_t>(heights.size()) / columns;
    builder_.set_terrain(city::Terrain({-200, -200}, step_m, columns, rows, city::Column<float>(std::move(heights))));
  }
  city::City build() { return std::move(builder_).build(); }

 private:
  city::FeatureId id(city::FeatureKind kind) { return city::FeatureId::of(kind, city::IdSource::generated, ++number_); }
  city::CityBuilder builder_;
  std::uint64_t number_ = 0;
};

AccessOptions exact() {
  AccessOptions options;
  options.step_seconds = 0.3;
  return options;
}

TEST(Access, to_the_nearest_shop_is_the_walk_along_the_streets) {
  DrawnTown town;
  town.street({{0, 0}, {500, 0}});
  town.street({{500, 0}, {500, 300}});
  town.home({100, 10}, 5);
  town.home({500, 200}, 7);
  town.home({3000, 0}, 2);
  town.place({510, 100}, city::PlaceClass::shop, "supermarket");
  const auto report = find_access(town.build(), exact()).value();
  ASSERT_EQ(report.homes.size(), 3u);
  // 10 m to the street, 400 m along it, 100 m up the other, 10 m to the door. Half a step to either side at each end.
  EXPECT_NEAR(of(report, 5).minutes[at(Destination::groceries)], minutes_for(520), minutes_for(1.1));
  EXPECT_NEAR(of(report, 7).minutes[at(Destination::groceries)], minutes_for(110), minutes_for(1.1));
  EXPECT_TRUE(std::isinf(of(report, 2).minutes[at(Destination::groceries)]));
  EXPECT_EQ(report.people, 14);
  EXPECT_EQ(report.people_off_street, 2);
  EXPECT_EQ(report.people_unserved[at(Destination::groceries)], 2);
  EXPECT_EQ(report.people_unserved[at(Destination::school)], 14);
}

TEST(Access, in_a_drawn_city_goes_by_streets_and_not_through_blocks) {
  testing_fixtures::AsciiCityOptions drawing;
  drawing.cell_m = 100;
  drawing.building_people = 4;
  const city::City city = ascii_city(R"(
=========
=...#...=
=........
P========
)",
                                     drawing);
  const auto report = find_access(city, exact()).value();
  ASSERT_EQ(report.homes.size(), 1u);
  // 100 m up to the street, 400 m to its corner, 200 m down to where that side ends, and 100 m to the shop.
  EXPECT_NEAR(report.access[0].minutes[at(Destination::shop)], minutes_for(100 + 400 + 200 + 100), minutes_for(1.1));
}

TEST(Access, by_bicycle_keeps_to_one_way_streets) {
  DrawnTown town;
  town.street({{0, 0}, {400, 0}}, city::StreetClass::residential, 0xF, city::kWalk);  // Eastwards only.
  town.street({{400, 0}, {400, 300}, {0, 300}, {0, 0}});
  town.home({300, 0}, 1);
  town.place({100, 0}, city::PlaceClass::pharmacy);
  const city::City city = town.build();
  AccessOptions options = exact();
  EXPECT_NEAR(find_access(city, options)->access[0].minutes[at(Destination::pharmacy)], minutes_for(200), 0.02);
  options.mode = AccessMode::bicycle;
  // Round the block: 100 + 1000 + 100 m at 16 km/h.
  EXPECT_NEAR(find_access(city, options)->access[0].minutes[at(Destination::pharmacy)], 1200 / (16 / 3.6) / 60, 0.02);
}

TEST(Access, by_wheelchair_takes_no_steps_no_sand_and_no_steep_hill) {
  DrawnTown town;
  town.street({{0, 0}, {50, 0}}, city::StreetClass::steps);
  town.street({{0, 0}, {0, 50}, {50, 50}}, city::StreetClass::footway, 0xF, 0xF, city::Surface::sand);
  town.street({{50, 50}, {50, 0}});
  town.street({{-100, 0}, {0, 0}});
  town.street({{50, 0}, {150, 0}});
  town.home({-80, 0}, 1);
  town.place({130, 0}, city::PlaceClass::pharmacy);
  const city::City city = town.build();
  AccessOptions options = exact();
  EXPECT_NEAR(find_access(city, options)->access[0].minutes[at(Destination::pharmacy)],
              minutes_for(160) + 50 / (2.4 / 3.6) / 60, 0.03);
  options.mode = AccessMode::wheelchair;
  const auto report = find_access(city, options).value();
  EXPECT_TRUE(std::isinf(report.access[0].minutes[at(Destination::pharmacy)]));
  EXPECT_EQ(report.people_unserved[at(Destination::pharmacy)], 1);
}

TEST(Access, up_a_hill_takes_longer_than_down) {
  EXPECT_NEAR(walking_speed(0) * 3.6, 5.04, 0.01);   // Tobler's own figures: 5 km/h on the flat,
  EXPECT_NEAR(walking_speed(-0.05) * 3.6, 6, 1e-9);  // 6 km/h slightly downhill.
  EXPECT_NEAR(cycling_speed(-0.03) * 3.6, 16 + 2.58, 1e-9);
  DrawnTown town;
  std::vector<float> heights;
  for (int row = 0; row < 41; ++row) {
    for (int column = 0; column < 41; ++column) heights.push_back(static_cast<float>(column) * 2);  // 10 % to the east.
  }
  town.terrain(std::move(heights), 41, 20);
  town.street({{0, 0}, {400, 0}});
  town.home({0, 0}, 1);
  town.home({400, 0}, 2);
  town.place({200, 0}, city::PlaceClass::pharmacy);
  const city::City city = town.build();
  const auto report = find_access(city, exact()).value();
  const double up = 200 / (6 * std::exp(-3.5 * 0.15) / 3.6) / 60;
  const double down = 200 / (6 * std::exp(-3.5 * 0.05) / 3.6) / 60;
  EXPECT_NEAR(of(report, 1).minutes[at(Destination::pharmacy)], up, 0.02);
  EXPECT_NEAR(of(report, 2).minutes[at(Destination::pharmacy)], down, 0.02);
  AccessOptions wheelchair = exact();
  wheelchair.mode = AccessMode::wheelchair;  // 10 % is steeper than 1 in 12.
  EXPECT_TRUE(std::isinf(of(find_access(city, wheelchair).value(), 1).minutes[at(Destination::pharmacy)]));
}

TEST(Access, counts_weighs_and_shares_out_by_hand) {
  DrawnTown town;
  town.street({{0, 0}, {3000, 0}});
  town.home({0, 0}, 100);
  town.home({1000, 0}, 300);
  town.place({500, 0}, city::PlaceClass::school, "school", 60);
  town.place({1500, 0}, city::PlaceClass::school, "school", 30);
  AccessOptions options = exact();
  options.reach_minutes = 10;      // 840 m.
  options.catchment_minutes = 10;  // The same: home 1 sees school 1; home 2 sees both.
  options.zone_weights = {1, 1, 1};
  const city::City city = town.build();
  const auto report = find_access(city, options).value();
  const auto k = at(Destination::school);
  EXPECT_EQ(of(report, 100).within[k], 1);
  EXPECT_EQ(of(report, 300).within[k], 2);
  EXPECT_NEAR(of(report, 100).gravity[k], std::exp(-0.1 * minutes_for(500)), 1e-3);
  EXPECT_NEAR(of(report, 300).gravity[k], 2 * std::exp(-0.1 * minutes_for(500)), 2e-3);
  // School 1: 60 seats for 400; school 2: 30 for 300. 2SFCA adds what each finds.
  EXPECT_NEAR(of(report, 100).supply[k], 60.0 / 400, 1e-6);
  EXPECT_NEAR(of(report, 300).supply[k], 60.0 / 400 + 30.0 / 300, 1e-6);
  // All seats are given out: each person's share, added up.
  EXPECT_NEAR(100 * of(report, 100).supply[k] + 300 * of(report, 300).supply[k], 90, 1e-4);
  // 500 m is 5.96 min: the middle of three zones, which counts half in both steps, so that shares are as before halved once.
  options.zone_weights = {1, 0.5, 0};
  const auto zoned = find_access(city, options).value();
  EXPECT_NEAR(of(zoned, 100).supply[k], 60.0 / (0.5 * 400) * 0.5, 1e-6);
}

TEST(Access, after_an_edit_is_what_a_fresh_count_finds) {
  const auto build = [](bool with_bridge, bool with_shop) {
    DrawnTown town;
    for (int i = 0; i <= 10; ++i) {
      town.street({{0, i * 200.0}, {2000, i * 200.0}});
      for (int j = 0; j < 20; ++j) town.home({50.0 + j * 100, i * 200.0 + 10}, 3, j % 5 == 0 ? 4 : 0);
    }
    for (int i = 0; i < 10; ++i) town.street({{0, i * 200.0}, {0, i * 200.0 + 200}});
    town.place({1900, 2000}, city::PlaceClass::shop, "supermarket");
    town.place({100, 0}, city::PlaceClass::pharmacy);
    if (with_bridge) town.street({{2000, 1800}, {2000, 2000}});
    if (with_shop) town.place({1950, 1600}, city::PlaceClass::shop, "supermarket");
    return town.build();
  };
  const city::City base = build(false, false);
  const city::City plan = build(true, true);
  AccessOptions options;
  options.reach_minutes = 8;
  const auto before = find_access(base, options).value();
  const auto fresh = find_access(plan, options).value();
  const auto after = find_access_after(plan, before, {{1950, 1600}, {2000, 2000}}).value();
  EXPECT_LT(after.homes_computed, fresh.homes_computed / 2);
  EXPECT_EQ(fresh.homes_computed, before.homes_computed);
  ASSERT_EQ(after.access.size(), fresh.access.size());
  for (std::size_t h = 0; h < fresh.access.size(); ++h) {
    EXPECT_EQ(after.access[h].minutes, fresh.access[h].minutes) << h;
    EXPECT_EQ(after.access[h].within, fresh.access[h].within) << h;
    EXPECT_EQ(after.access[h].supply, fresh.access[h].supply) << h;
    for (std::size_t k = 0; k < kDestinations; ++k)
      EXPECT_NEAR(after.access[h].gravity[k], fresh.access[h].gravity[k], 1e-5) << h;
  }
  const AccessChange change = compare_access(before, after, Destination::groceries);
  EXPECT_GT(change.winners, 0);
  EXPECT_EQ(change.losers, 0);
  EXPECT_LT(change.mean_change_minutes, 0);
  EXPECT_EQ(change.people, before.people);
  const AccessChange back = compare_access(after, before, Destination::groceries);
  EXPECT_EQ(back.losers, change.winners);
}

TEST(Access, is_the_same_with_one_thread_and_with_many) {
  DrawnTown town;
  for (int i = 0; i < 8; ++i) {
    town.street({{0, i * 150.0}, {1500, i * 150.0}});
    for (int j = 0; j < 12; ++j) town.home({60.0 + j * 120, i * 150.0 + 12}, 3, j % 4 == 0 ? 5 : 0);
    town.place({200.0 + 90 * i, i * 150.0 - 10}, city::PlaceClass::school, "school", 100);
  }
  for (int i = 0; i < 7; ++i) town.street({{i * 100.0, i * 150.0}, {i * 100.0, i * 150.0 + 150}});
  const city::City city = town.build();
  const auto many = find_access(city, {}).value();
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const auto alone = find_access(city, {}).value();
  ASSERT_EQ(many.access.size(), 96u);
  for (std::size_t h = 0; h < many.access.size(); ++h) {
    EXPECT_EQ(many.access[h].minutes, alone.access[h].minutes);
    EXPECT_EQ(many.access[h].within, alone.access[h].within);
    EXPECT_EQ(many.access[h].gravity, alone.access[h].gravity);
    EXPECT_EQ(many.access[h].supply, alone.access[h].supply);
  }
}

TEST(Access, refuses_what_it_cannot_count_and_stops_when_told) {
  const city::City city = ascii_city("==");
  AccessOptions options;
  options.reach_minutes = 0;
  EXPECT_EQ(find_access(city, options).error().code, base::ErrorCode::bad_input);
  options = {};
  options.step_seconds = std::nan("");
  EXPECT_EQ(find_access(city, options).error().code, base::ErrorCode::bad_input);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(find_access(city, {}, {stop.get_token(), {}}).error().code, base::ErrorCode::conflict);
}

TEST(Access, of_fifteen_minutes_is_the_share_of_everyday_kinds) {
  DrawnTown town;
  town.street({{0, 0}, {2000, 0}});
  town.home({0, 0}, 1);
  town.place({100, 0}, city::PlaceClass::pharmacy);
  town.place({200, 0}, city::PlaceClass::food);
  town.place({1900, 0}, city::PlaceClass::culture);  // 22 minutes.
  EXPECT_FLOAT_EQ(find_access(town.build(), {})->access[0].fifteen_minute_index, 0.2f);
}

TEST(Fairness, is_nothing_to_all_at_the_ends_and_ginis_own_between) {
  const std::vector<double> ones{1, 1, 1, 1, 1};
  EXPECT_NEAR(gini(std::vector<double>{7, 7, 7, 7, 7}, ones), 0, 1e-12);
  EXPECT_NEAR(gini(std::vector<double>{1, 2, 3, 4, 5}, ones), 4.0 / 15, 1e-12);  // (n − 1) / 3n of 1…n.
  EXPECT_NEAR(gini(std::vector<double>{0, 0, 0, 0, 1}, ones), 0.8, 1e-12);       // (n − 1) / n.
  // People weigh: twice the people is the same value twice.
  EXPECT_NEAR(gini(std::vector<double>{1, 5}, std::vector<double>{2, 3}), gini(std::vector<double>{1, 1, 5, 5, 5}, ones),
              1e-12);
  // Pareto's distribution with α = 2 has 1 / (2α − 1).
  std::vector<double> pareto;
  for (int i = 0; i < 200'000; ++i) pareto.push_back(1 / std::sqrt(1 - (i + 0.5) / 200'000));
  EXPECT_NEAR(gini(pareto, std::vector<double>(pareto.size(), 1)), 1.0 / 3, 2e-3);
  EXPECT_EQ(gini({}, {}), 0);
}

TEST(Fairness, by_palma_is_a_quarter_where_all_have_the_same) {
  const std::vector<double> ones(10, 1);
  EXPECT_NEAR(palma(std::vector<double>(10, 3), ones), 0.25, 1e-12);
  EXPECT_NEAR(palma(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, ones), 10.0 / (1 + 2 + 3 + 4), 1e-12);
  EXPECT_TRUE(std::isinf(palma(std::vector<double>{0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, ones)));
  // A home on the border is divided: three homes of 1, 1 and 2 people with 1, 2 and 4.
  EXPECT_NEAR(palma(std::vector<double>{1, 2, 4}, std::vector<double>{1, 1, 2}), 0.4 * 4 / (1 + 0.6 * 2), 1e-12);
}

TEST(Fairness, shows_who_is_served_by_group) {
  DrawnTown town;
  town.street({{0, 0}, {1000, 0}});
  town.home({0, 0}, 10);
  town.home({500, 0}, 30);
  town.home({5000, 0}, 5);
  town.place({600, 0}, city::PlaceClass::pharmacy);
  const city::City city = town.build();
  const auto report = find_access(city, exact()).value();
  const HomeGroups groups = groups_by_housing(city, report);
  const auto rows = access_by_group(report, Destination::pharmacy, groups);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].people, 45);
  EXPECT_EQ(rows[2].people_served, 40);
  EXPECT_NEAR(rows[2].mean_minutes, (10 * minutes_for(600) + 30 * minutes_for(100)) / 40, 0.02);
  EXPECT_NEAR(rows[2].within_15, 40.0 / 45, 1e-9);
  EXPECT_EQ(groups_by_area(city, report, city::AreaClass::district).names.size(), 1u);
}

}  // namespace
}  // namespace citiverse::sim
