#include "sim/sun/sun_position.h"

#include <gtest/gtest.h>

#include "sim/sun/sky.h"

namespace citiverse::sim {
namespace {

using namespace std::chrono_literals;

Moment utc(int year, unsigned month, unsigned day, std::chrono::milliseconds time) {
  return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)} + time;
}

// Reda & Andreas, appendix A.5: Golden, Colorado.
const SunObserver kGolden{{39.742476, -105.1786}, 1830.14, 820, 11, 67};

TEST(SunPosition, is_the_published_example_of_nrel_within_a_thousandth_of_a_degree) {
  const SunPosition sun = sun_position(utc(2003, 10, 17, 19h + 30min + 30s), kGolden);
  EXPECT_NEAR(sun.zenith_deg, 50.11162, 1e-5);
  EXPECT_NEAR(sun.azimuth_deg, 194.34024, 1e-5);
  EXPECT_NEAR(sun.distance_au, 0.9965422974, 1e-9);
  // "Azimuth rotation −10°" counts from south, westward positive: the surface falls towards 170° from north.
  EXPECT_NEAR(incidence_deg(sun, 30, 170), 25.18700, 1e-5);
}

double seconds_of(Moment moment) {
  return std::chrono::duration<double>(moment - std::chrono::floor<std::chrono::days>(moment)).count();
}

TEST(SunPosition, rises_culminates_and_sets_at_the_published_times) {
  const SunDay day = sun_day(utc(2003, 10, 17, 19h), kGolden);
  EXPECT_NEAR(seconds_of(*day.sunrise - 7h), 6 * 3600 + 12 * 60 + 43, 1);
  EXPECT_NEAR(seconds_of(day.noon - 7h), 11 * 3600 + 46 * 60 + 4, 1);
  // The publication's 17:20:19 belongs to UT's 17 October, which in Colorado is the evening of the 16th.
  const SunDay day_before = sun_day(utc(2003, 10, 16, 19h), kGolden);
  EXPECT_NEAR(seconds_of(*day_before.sunset - 7h), 17 * 3600 + 20 * 60 + 19, 1);
  EXPECT_LT(*day.sunrise, day.noon);
  EXPECT_LT(day.noon, *day.sunset);
}

TEST(SunPosition, touches_the_horizon_at_sunrise_and_sunset_anywhere) {
  for (const double lat : {-65.0, -40.0, 0.0, 23.0, 43.7, 60.0, 65.0}) {
    for (const double lon : {-179.0, -60.0, 7.4, 100.0, 179.0}) {
      for (unsigned month = 1; month <= 12; ++month) {
        SunObserver observer{{lat, lon}};
        observer.pressure_hpa = 0;  // Without air: the definition counts its mean refraction itself.
        const Moment noon = utc(2026, month, 21, 12h) - std::chrono::milliseconds(static_cast<int>(lon * 240'000));
        const SunDay day = sun_day(noon, observer);
        ASSERT_TRUE(day.sunrise && day.sunset) << lat << ' ' << lon << ' ' << month;
        EXPECT_LT(std::abs(std::chrono::duration<double>(day.noon - noon).count()), 1200);
        // Parallax is at most 0.0024°; in a second the sun moves by at most 0.0042°.
        EXPECT_NEAR(sun_position(*day.sunrise, observer).elevation_deg(), -0.8333, 0.005) << lat << ' ' << lon << ' ' << month;
        EXPECT_NEAR(sun_position(*day.sunset, observer).elevation_deg(), -0.8333, 0.005) << lat << ' ' << lon << ' ' << month;
        // South of the sun it stands in the north: east of the meridian becomes west of it at noon, to 0.01°.
        const double off_deg = std::remainder(sun_position(day.noon, observer).azimuth_deg, 180.0);
        const double high_deg = sun_position(day.noon, observer).zenith_deg;
        EXPECT_LT(std::abs(off_deg) * std::sin(high_deg * geo::kRadiansPerDegree), 0.01) << lat << ' ' << lon << ' ' << month;
      }
    }
  }
}

TEST(SunPosition, knows_the_polar_day_and_the_polar_night) {
  const SunDay summer = sun_day(utc(2026, 6, 21, 11h), {{69.65, 18.96}});
  EXPECT_FALSE(summer.sunrise || summer.sunset);
  EXPECT_TRUE(summer.is_polar_day);
  const SunDay winter = sun_day(utc(2026, 12, 21, 11h), {{69.65, 18.96}});
  EXPECT_FALSE(winter.sunrise || winter.sunset || winter.is_polar_day);
}

TEST(SunPosition, points_along_the_axes_of_the_city_plane) {
  const geo::CityPlane plane({48.0, 8.0});
  EXPECT_NEAR(convergence_deg(plane, {0, 5000}), 0, 1e-9);
  // Convergence of a transverse Mercator plane: longitude from its meridian × sine of the latitude, to first order.
  const geo::Vec2d east = plane.to_plane({48.0, 8.2});
  EXPECT_NEAR(convergence_deg(plane, east), 0.2 * std::sin(48 * geo::kRadiansPerDegree), 1e-4);
  const geo::Vec3d up = direction_to_sun({60, 90, 1}, 0);
  EXPECT_NEAR(up.x, std::sin(60 * geo::kRadiansPerDegree), 1e-12);
  EXPECT_NEAR(up.y, 0, 1e-12);
  EXPECT_NEAR(up.z, 0.5, 1e-12);
  // In true north's direction lies what the plane calls north and a little west, east of its meridian.
  EXPECT_LT(direction_to_sun({90, 0, 1}, convergence_deg(plane, east)).x, 0);
  const geo::Vec2d further_north = plane.to_plane({48.01, 8.2});
  EXPECT_LT(further_north.x, east.x);
}

// Values that pvlib's tests hold against its MATLAB ancestor: Tucson, Linke turbidity 3, sea level, beam outside 1364 W/m².
TEST(Sky, of_a_clear_day_is_that_of_another_implementation) {
  struct Row {
    double zenith_deg, global, direct, diffuse;
  };
  const double distance_au = std::sqrt(1361.0 / 1364.0);
  // They mix the air mass of 700 m with sea level in all else, which makes up to 2.5 % of difference.
  for (const Row& row :
       {Row{46.0467599, 704.6968125, 888.90147035, 87.73601277}, Row{10.56413562, 1044.1230677, 953.24925854, 107.03109696}}) {
    const SkyLight light = clear_sky({row.zenith_deg, 180, distance_au}, {3, 0});
    const SunPosition sun{row.zenith_deg, 180, distance_au};
    EXPECT_NEAR(light.global_level(sun), row.global, 0.015 * row.global);
    EXPECT_NEAR(light.direct_normal, row.direct, 0.025 * row.direct);
  }
  EXPECT_EQ(clear_sky({95, 180, 1}, {}).direct_normal, 0);
}

// Goodwin Creek, 1 January 2019, as pvlib's tests have it: slope 34° to the south, 1414 W/m² outside the air.
TEST(Sky, spreads_over_a_slope_as_perez_found) {
  struct Row {
    double direct, diffuse, zenith_deg, azimuth_deg, isotropic, circumsolar, horizon;
  };
  const double distance_au = std::sqrt(1361.0 / 1414.0);
  for (const Row& row : {Row{158, 249, 57.746951, 171.003315, 166.785419, 113.548755, 1.076010},
                         Row{19, 165, 57.564205, 187.346924, 142.24475, 16.09757, -6.13353},
                         Row{1, 136, 60.813841, 202.974357, 119.173875, 9.956174, -5.262151},
                         Row{0, 93, 66.989435, 216.725599, 83.525150, 3.142467, -3.831230},
                         Row{0, 50, 75.353368, 228.317233, 45.725931, 0, -2.208923}}) {
    const SunPosition sun{row.zenith_deg, row.azimuth_deg, distance_au};
    const SlopeLight light = light_on_slope({row.direct, row.diffuse}, sun, 34, 180, 0);
    EXPECT_NEAR(light.isotropic, row.isotropic, 0.01);
    EXPECT_NEAR(light.circumsolar, row.circumsolar, 0.01);
    EXPECT_NEAR(light.horizon, row.horizon, 0.01);
    EXPECT_NEAR(light.direct, row.direct * std::cos(incidence_deg(sun, 34, 180) * geo::kRadiansPerDegree), 1e-9);
  }
}

TEST(Sky, throws_light_back_from_the_ground_by_the_share_that_a_slope_sees_of_it) {
  const SunPosition sun{60, 180, 1};
  EXPECT_NEAR(light_on_slope({0, 100}, sun, 90, 0, 0.2).ground, 100 * 0.2 * 0.5, 1e-9);
  EXPECT_EQ(light_on_slope({800, 100}, sun, 0, 0, 0.2).ground, 0);
  EXPECT_NEAR(light_on_slope({800, 100}, sun, 0, 0, 0).total(), 500, 1e-9);
}

}  // namespace
}  // namespace citiverse::sim
