#include "sim/sun/irradiation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "city/city_builder.h"
#include "sim/sun/sun_lost.h"
#include "sim/sun/sun_samples.h"
#include "testing/ascii_city.h"

namespace citiverse::sim {
namespace {

using testing_fixtures::ascii_city;
using namespace std::chrono_literals;

const geo::Box2d kHere{{-10, -10}, {10, 10}};

std::vector<Irradiation> light_in(const city::City& city, const std::vector<SunPoint>& points, const YearOfLight& year) {
  const SunScene scene = SunScene::make(city, kHere).value();
  return irradiation(scene, points, year).value();
}

TEST(Irradiation, sees_of_the_sky_in_a_long_street_what_geometry_says) {
  std::string drawing;
  const std::string row(120, '5');
  for (int i = 0; i < 6; ++i) drawing += (i == 2 || i == 3 ? std::string(120, '.') : row) + "\n";
  const city::City city = ascii_city(drawing);  // 1200 m long, 20 m wide between walls of 15 m.
  const SunScene scene = SunScene::make(city, {{500, 20}, {700, 40}}).value();
  // Middle of an endless street: the cosine of the angle to the eaves.
  EXPECT_NEAR(sky_seen(scene, {{600, 30, 0}, {0, 0, 1}}), std::cos(std::atan(1.5)), kSkyErrorPart);
  // Foot of a wall, facing the other: half of the sky, of which the sine of the angle to the eaves is hidden.
  EXPECT_NEAR(sky_seen(scene, {{600, 20.1, 0}, {0, 1, 0}}), 1 - std::sin(std::atan(15 / 19.9)), kSkyErrorPart);
  EXPECT_NEAR(sky_seen(scene, {{600, 10, 15.1}, {0, 0, 1}}), 1, 1e-6);
}

TEST(Irradiation, of_open_ground_is_the_sum_of_the_years_light) {
  const city::City city = ascii_city("..");
  const YearOfLight year = clear_year(city, {0, 0}, 2026y, {3, 0});
  double global_kwh = 0;
  for (const auto& h : year.hours) global_kwh += h.light.global_level(h.sun) / 1000;
  const auto light = light_in(city, {{{0, 0, 0.1}, {0, 0, 1}}}, year);
  EXPECT_NEAR(light[0].total(), global_kwh, 0.01 * global_kwh);
  EXPECT_NEAR(light[0].total(), light[0].open, 1e-3 * light[0].open);
  EXPECT_EQ(light[0].ground, 0);
  EXPECT_EQ(year.source, "clear sky all year, Linke turbidity 3.0");
}

TEST(Irradiation, falls_most_on_slopes_to_the_sun_and_least_behind_a_house) {
  const city::City city = ascii_city(R"(
.........
....9....
.........
)");
  const YearOfLight year = clear_year(city, {0, 0}, 2026y, {3, 0});
  const SunScene scene = SunScene::make(city, city.box()).value();
  const double s = std::sin(35 * geo::kRadiansPerDegree);
  const auto c = static_cast<float>(std::cos(35 * geo::kRadiansPerDegree));
  const std::vector<SunPoint> points{{{-300, 15, 5}, {0, static_cast<float>(-s), c}},
                                     {{-300, 15, 5}, {0, static_cast<float>(s), c}},
                                     {{45, 9.9, 5}, {0, -1, 0}},
                                     {{45, 20.1, 5}, {0, 1, 0}},
                                     {{45, 24, 0.1}, {0, 0, 1}}};
  const auto light = irradiation(scene, points, year).value();
  EXPECT_GT(light[0].total(), 1.4 * light[1].total());
  EXPECT_GT(light[2].total(), 2 * light[3].total());
  EXPECT_LT(light[4].total(), 0.7 * light[4].open);
  EXPECT_LT(light[4].sky, 0.8 * light[0].sky);
  const auto again = irradiation(scene, points, year, {kGroundAlbedo, 1}).value();
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT_NEAR(again[i].total(), light[i].total(), 0.03 * light[i].total()) << i;
  EXPECT_EQ(irradiation(scene, points, year, {kGroundAlbedo, 0}).error().code, base::ErrorCode::bad_input);
}

TEST(Irradiation, of_a_weather_file_is_its_own_light) {
  const char* shared = std::getenv("CITIVERSE_SHARED_DATA");
  const std::string folder = shared ? shared : "../shared/data";
  std::ifstream file(folder + "/energy/USA_CO_Denver.Intl.AP.725650_TMY3.epw", std::ios::binary);
  if (!file) GTEST_SKIP() << "no weather file of Denver";
  std::stringstream bytes;
  bytes << file.rdbuf();
  const auto weather = formats::read_epw(bytes.str()).value();
  city::CityBuilder builder("Denver", weather.at);
  const city::City city = std::move(builder).build();
  const YearOfLight year = weather_year(city, {0, 0}, weather);
  EXPECT_EQ(year.source, "weather file Denver Intl Ap, TMY3");
  double global_kwh = 0;
  double diffuse_kwh = 0;
  for (const formats::EpwHour& h : weather.hours) {
    global_kwh += h.global_level / 1000;
    diffuse_kwh += h.diffuse_level / 1000;
  }
  const auto light = light_in(city, {{{0, 0, 0.1}, {0, 0, 1}}, {{0, 0, 5}, {0, -0.642788f, 0.766044f}}}, year);
  // The file's three columns agree among themselves within two percent over the year.
  EXPECT_NEAR(light[0].total(), global_kwh, 0.02 * global_kwh);
  EXPECT_GT(light[0].sky, 0.5 * diffuse_kwh);
  // NREL's PVWatts has 5.5 to 6 kWh/m² a day for Denver on a slope of latitude to the south.
  EXPECT_GT(light[1].total() / 365, 5.3);
  EXPECT_LT(light[1].total() / 365, 6.2);
}

TEST(SunLost, is_what_a_new_tower_takes_from_the_house_behind_it) {
  const auto before = ascii_city(R"(
.......
..2.2..
.......
.......
"""""""
)");
  // The tower is drawn after the others, so ids stay: north houses are read first.
  const auto after = ascii_city(R"(
.......
..2.2..
.......
..9....
"""""""
)");
  const SunCourse day = course_of_day(before, {0, 0}, 2026y / 3 / 21).value();
  double told = 0;
  const auto losses = sun_lost(before, after, before.box(), day, {}, {{}, [&](double part) { told = part; }}).value();
  ASSERT_EQ(losses.size(), 3u);
  EXPECT_NEAR(told, 1, 1e-9);
  EXPECT_EQ(to_string(losses[0].feature), "building-g1");
  EXPECT_FLOAT_EQ(losses[0].area_m2, 240);
  EXPECT_GT(losses[0].before_hours - losses[0].after_hours, 0.5f);
  EXPECT_GT(losses[0].most_lost_hours, 2);
  // The green lies south of the tower, which only takes the lowest sun of evening and morning from it.
  EXPECT_EQ(losses[2].feature.kind(), city::FeatureKind::green);
  EXPECT_LT(losses[2].before_hours - losses[2].after_hours, 0.4f);
  const auto unchanged = sun_lost(before, before, before.box(), day).value();
  ASSERT_EQ(unchanged.size(), 3u);
  for (const SunLoss& loss : unchanged) {
    EXPECT_EQ(loss.before_hours, loss.after_hours);
    EXPECT_EQ(loss.most_lost_hours, 0);
  }
}

}  // namespace
}  // namespace citiverse::sim
