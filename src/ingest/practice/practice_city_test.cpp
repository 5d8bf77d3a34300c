// What must be true of every practice city, checked on the finished city as its readers see it.
#include "ingest/practice/practice_city.h"

#include <gtest/gtest.h>

#include "city/network.h"
#include "city/opening_hours.h"
#include "ingest/practice/polygon.h"
#include "ingest/practice/setting.h"

namespace citiverse::ingest::practice {
namespace {

using city::FeatureKind;

city::City made(std::uint64_t seed, std::uint32_t people) {
  auto result = make_practice_city({seed, people});
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return std::move(*result);
}

const city::City& town() {
  static const city::City city = made(1, 6'000);
  return city;
}

Polygon polygon_of(const city::City& city, const city::Feature& f) {
  Polygon polygon;
  for (const city::Part& part : city.parts(f.geometry)) {
    const auto points = city.vertices(part);
    if (part.is_hole)
      polygon.holes.emplace_back(points.begin(), points.end());
    else
      polygon.outer.assign(points.begin(), points.end());
  }
  return polygon;
}

template <class Visit>
void for_each(const city::City& city, FeatureKind kind, Visit&& visit) {
  const city::Run run = city.of_kind(kind);
  for (std::uint32_t i = run.first; i < run.first + run.count; ++i) visit(city.feature(i));
}

TEST(PracticeCity, has_exactly_the_people_that_were_asked_for_and_half_as_many_jobs) {
  std::uint64_t people = 0, jobs = 0;
  for_each(town(), FeatureKind::building, [&](const city::Feature& f) {
    people += town().building(f).people;
    jobs += town().building(f).jobs;
  });
  EXPECT_EQ(people, 6'000u);
  EXPECT_EQ(jobs, 3'000u);
}

TEST(PracticeCity, is_the_same_for_the_same_seed_and_another_for_another) {
  const auto bytes = [](const city::City& city) {
    std::string all;
    const auto append = [&](std::string_view, const auto& column) {
      const auto values = column.values();
      all.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    };
    city::for_each_column(city.columns(), append);
    append("", city.terrain().heights_m());
    return all;
  };
  const std::string first = bytes(made(5, 2'000));
  EXPECT_TRUE(first == bytes(made(5, 2'000)));
  EXPECT_FALSE(first == bytes(made(6, 2'000)));
}

TEST(PracticeCity, has_no_two_buildings_in_one_place) {
  for_each(town(), FeatureKind::building, [&](const city::Feature& f) {
    const Polygon mine = polygon_of(town(), f);
    town().index().visit_box(f.box, [&](std::uint32_t i) {
      const city::Feature& other = town().feature(i);
      if (other.id.kind() != FeatureKind::building || !(f.id < other.id) || !other.box.intersects(f.box)) return;
      EXPECT_LT(overlap_area(mine, polygon_of(town(), other)), 0.5) << to_string(f.id) << " and " << to_string(other.id);
    });
  });
}

TEST(PracticeCity, has_no_building_in_water_or_on_a_carriageway) {
  for_each(town(), FeatureKind::building, [&](const city::Feature& f) {
    const Polygon mine = polygon_of(town(), f);
    EXPECT_TRUE(is_valid(mine)) << to_string(f.id);
    town().index().visit_box(f.box.grown_by(10), [&](std::uint32_t i) {
      const city::Feature& other = town().feature(i);
      if (other.id.kind() == FeatureKind::water) {
        EXPECT_LT(overlap_area(mine, polygon_of(town(), other)), 0.01) << to_string(f.id);
      }
      if (other.id.kind() != FeatureKind::street) return;
      const double half_width = town().street(other).width_m / 2;
      const auto line = town().vertices(town().parts(other.geometry)[0]);
      for (const Vec2d corner : mine.outer)
        EXPECT_GT(distance_to_path(line, corner), half_width - 0.01) << to_string(f.id) << " on " << to_string(other.id);
      for (const Vec2d p : line) EXPECT_FALSE(contains(mine, p)) << to_string(f.id) << " on " << to_string(other.id);
    });
  });
}

TEST(PracticeCity, has_a_street_within_eighty_metres_of_every_building) {
  constexpr double kReachM = 80;
  for_each(town(), FeatureKind::building, [&](const city::Feature& f) {
    if (town().building(f).use == city::BuildingUse::culture) return;  // The castle stands on its hill.
    double nearest = kReachM;
    town().index().visit_box(f.box.grown_by(kReachM), [&](std::uint32_t i) {
      const city::Feature& other = town().feature(i);
      if (other.id.kind() != FeatureKind::street) return;
      const auto line = town().vertices(town().parts(other.geometry)[0]);
      for (const Vec2d corner : polygon_of(town(), f).outer) nearest = std::min(nearest, distance_to_path(line, corner));
    });
    EXPECT_LT(nearest, kReachM) << to_string(f.id);
  });
}

TEST(PracticeCity, is_one_network_for_walking_cycling_and_driving) {
  for (const city::Mode mode : {city::kWalk, city::kCycle, city::kDrive}) {
    const city::Network network(town(), mode);
    const auto sizes = network.component_sizes();
    ASSERT_FALSE(sizes.empty());
    // Walking has no one-way streets and no gaps at all; a one-way street may end where cars cannot go on.
    const double share = static_cast<double>(sizes[0]) / static_cast<double>(network.node_count());
    EXPECT_GT(share, mode == city::kWalk ? 0.9999 : 0.97) << "mode " << int{mode};
  }
}

TEST(PracticeCity, shows_every_roof_shape_somewhere) {
  std::set<city::RoofShape> seen;
  for (const FeatureKind kind : {FeatureKind::building, FeatureKind::building_part})
    for_each(town(), kind, [&](const city::Feature& f) { seen.insert(town().building(f).roof); });
  for (int shape = static_cast<int>(city::RoofShape::flat); shape <= static_cast<int>(city::RoofShape::round); ++shape)
    EXPECT_TRUE(seen.contains(static_cast<city::RoofShape>(shape))) << "roof shape " << shape;
}

TEST(PracticeCity, has_places_of_every_kind_that_a_town_needs_with_hours_that_can_be_read) {
  std::set<std::string> kinds;
  int with_hours = 0, closed_on_sunday = 0;
  for_each(town(), FeatureKind::place, [&](const city::Feature& f) {
    const city::Place& place = town().place(f);
    kinds.emplace(town().text(place.subtype));
    const std::string hours(town().text(place.opening_hours));
    if (hours.empty()) return;
    ++with_hours;
    closed_on_sunday += hours.find("Su") == std::string::npos;
    EXPECT_TRUE(city::OpeningHours::parse(hours)) << hours;
  });
  for (const char* kind : {"townhall",    "school",         "kindergarten", "hospital",    "pharmacy",         "doctors",
                           "supermarket", "bakery",         "restaurant",   "cafe",        "library",          "museum",
                           "theatre",     "police",         "fire_station", "post_office", "place_of_worship", "station",
                           "hotel",       "drinking_water", "toilets",      "bench",       "bicycle_parking",  "playground"})
    EXPECT_TRUE(kinds.contains(kind)) << kind;
  EXPECT_GT(with_hours, 60);
  EXPECT_GT(closed_on_sunday, 20);
}

TEST(PracticeCity, names_each_street_once_and_numbers_no_two_doors_alike) {
  std::set<std::string> addresses;
  std::size_t buildings = 0, with_address = 0;
  for_each(town(), FeatureKind::building, [&](const city::Feature& f) {
    const auto use = town().building(f).use;
    if (use == city::BuildingUse::garage || use == city::BuildingUse::hut) return;
    ++buildings;
    if (f.address == city::kNone) return;
    ++with_address;
    const city::Address& a = town().columns().addresses[f.address];
    EXPECT_TRUE(addresses.insert(std::string(town().text(a.street)) + " " + std::string(town().text(a.house_number))).second)
        << to_string(f.id);
  });
  EXPECT_GT(static_cast<double>(with_address), 0.97 * static_cast<double>(buildings));
}

TEST(PracticeCity, is_divided_into_districts_whose_people_are_the_citys_and_whose_names_are_translated) {
  std::uint32_t people = 0;
  int districts = 0;
  for_each(town(), FeatureKind::area, [&](const city::Feature& f) {
    if (town().area(f).area_class != city::AreaClass::district) return;
    ++districts;
    people += town().area(f).population;
    EXPECT_NE(town().attribute(f, "name:ar"), "") << town().text(f.name);
    EXPECT_NE(town().attribute(f, "name:fr"), "") << town().text(f.name);
  });
  EXPECT_GE(districts, 4);
  EXPECT_EQ(people, 6'000u);
}

TEST(PracticeCity, runs_lines_there_and_back_every_day_of_the_week) {
  int buses = 0;
  for_each(town(), FeatureKind::line, [&](const city::Feature& f) {
    const city::Line& line = town().line(f);
    buses += line.mode == city::TransitMode::bus;
    EXPECT_EQ(line.patterns.count, 2u) << town().text(f.name);
    for (std::uint32_t p = line.patterns.first; p < line.patterns.first + line.patterns.count; ++p) {
      const city::Pattern& pattern = town().columns().patterns[p];
      EXPECT_GE(pattern.stops.count, 2u);
      for (std::uint32_t s = pattern.stops.first + 1; s < pattern.stops.first + pattern.stops.count; ++s)
        EXPECT_GT(town().columns().pattern_stops[s].arrival_s, town().columns().pattern_stops[s - 1].departure_s);
      std::uint8_t days = 0;
      std::uint32_t last = 0;
      for (std::uint32_t t = pattern.trips.first; t < pattern.trips.first + pattern.trips.count; ++t) {
        const city::Trip& trip = town().columns().trips[t];
        EXPECT_GE(trip.departure_s, last);
        last = trip.departure_s;
        days |= trip.days;
      }
      EXPECT_EQ(days, 0xFF);
    }
  });
  EXPECT_GE(buses, 1);
}

TEST(PracticeCity, has_trams_only_when_it_is_large_enough) {
  const auto trams = [](const city::City& city) {
    int count = 0;
    for_each(city, FeatureKind::line, [&](const city::Feature& f) { count += city.line(f).mode == city::TransitMode::tram; });
    return count;
  };
  EXPECT_EQ(trams(town()), 0);
  EXPECT_GE(trams(made(2, 30'000)), 1);
}

TEST(PracticeCity, refuses_a_village_and_a_metropolis) {
  EXPECT_EQ(make_practice_city({1, kPeopleMin - 1}).error().code, base::ErrorCode::bad_input);
  EXPECT_EQ(make_practice_city({1, kPeopleMax + 1}).error().code, base::ErrorCode::bad_input);
}

}  // namespace
}  // namespace citiverse::ingest::practice
