#include "sim/sun/sun_hours.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "base/random.h"
#include "city/city_builder.h"
#include "sim/sun/sun_samples.h"
#include "testing/ascii_city.h"

namespace citiverse::sim {
namespace {

using testing_fixtures::ascii_city;
using testing_fixtures::AsciiCityOptions;
using namespace std::chrono_literals;

constexpr auto kEquinox = std::chrono::year_month_day{2026y / 3 / 21};

city::FeatureIndex index_of(const city::City& city, std::string_view id) {
  return city.find(*city::feature_id_from(id)).value();
}

// The oracle: every triangle against every ray, by Möller and Trumbore (1997), in doubles and without any structure.
class BruteForce {
 public:
  explicit BruteForce(std::vector<geo::Vec3d> corners) : corners_(std::move(corners)) {}
  bool is_hit(geo::Vec3d from, geo::Vec3d d) const {
    for (std::size_t t = 0; t + 2 < corners_.size(); t += 3) {
      const geo::Vec3d ab = corners_[t + 1] - corners_[t];
      const geo::Vec3d ac = corners_[t + 2] - corners_[t];
      const geo::Vec3d p = cross(d, ac);
      const double det = dot(ab, p);
      if (std::abs(det) < 1e-12) continue;
      const geo::Vec3d s = from - corners_[t];
      const double u = dot(s, p) / det;
      if (u < 0 || u > 1) continue;
      const geo::Vec3d q = cross(s, ab);
      const double v = dot(d, q) / det;
      if (v < 0 || u + v > 1) continue;
      if (dot(ac, q) / det > 0) return true;
    }
    return false;
  }

 private:
  std::vector<geo::Vec3d> corners_;
};

geo::Vec3d lifted(const SunPoint& p) {
  const double lift = SunScene::kLiftM;
  return p.place + geo::Vec3d{p.normal.x * lift, p.normal.y * lift, p.normal.z * lift};
}

double brute_hours(const BruteForce& brute, const SunPoint& point, const SunCourse& course) {
  double hours = 0;
  for (const SunCourseDay& day : course.days) {
    for (std::uint32_t s = day.first; s < day.first + day.count; ++s) {
      const SunStretch& stretch = course.stretches[s];
      const geo::Vec3d n{point.normal.x, point.normal.y, point.normal.z};
      if (dot(n, stretch.direction) > 0 && !brute.is_hit(lifted(point), stretch.direction)) {
        hours += stretch.seconds * day.days / 3600;
      }
    }
  }
  return hours;
}

TEST(SunHours, are_those_of_a_brute_force_count_over_all_triangles) {
  AsciiCityOptions hills;
  hills.height = [](geo::Vec2d p) { return 8 * std::sin(p.x / 40) + 5 * std::cos(p.y / 25); };
  const city::City city = ascii_city(R"(
..........
.##..3.9..
.##..3....
....=====.
.#..5.##..
.##...##..
..........
)",
                                     hills);
  const SunScene scene = SunScene::make(city, city.box()).value();
  const BruteForce brute(scene.triangles());
  SunSamples samples;
  const city::Run buildings = city.of_kind(city::FeatureKind::building);
  for (city::FeatureIndex i = buildings.first; i < buildings.first + buildings.count; ++i) {
    add_facades(city, i, {5, 3, 0}, samples);
    add_roof(city, i, {5, 3, 0}, samples);
  }
  add_ground(city, index_of(city, "street-g1"), {3, 3, 0}, samples);
  ASSERT_GT(samples.size(), 300u);
  const SunCourse course = course_of_day(city, city.box().center(), kEquinox, {20, 0, 10}).value();
  const auto hours = sun_hours(scene, samples.points, course).value();
  double stretches_off = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    // A ray that grazes an edge may fall on either side of it in floats.
    stretches_off +=
        std::round(std::abs(hours[i].hours - brute_hours(brute, samples.points[i], course)) / (course.stretch_s / 3600));
  }
  EXPECT_LE(stretches_off, 2e-4 * static_cast<double>(samples.size() * course.stretches.size()));
}

// A flat city of boxes needs no triangle at all: a ray is stopped where it enters a box.
bool is_behind_box(geo::Vec3d from, geo::Vec3d d, geo::Vec3d low, geo::Vec3d high) {
  double enter = 0;
  double leave = 1e18;
  const double f[3] = {from.x, from.y, from.z};
  const double v[3] = {d.x, d.y, d.z};
  const double l[3] = {low.x, low.y, low.z};
  const double h[3] = {high.x, high.y, high.z};
  for (int a = 0; a < 3; ++a) {
    if (v[a] == 0) {
      if (f[a] < l[a] || f[a] > h[a]) return false;
      continue;
    }
    const double t1 = (l[a] - f[a]) / v[a];
    const double t2 = (h[a] - f[a]) / v[a];
    enter = std::max(enter, std::min(t1, t2));
    leave = std::min(leave, std::max(t1, t2));
  }
  return enter < leave;
}

TEST(SunHours, behind_a_tower_are_those_of_its_box) {
  const city::City city = ascii_city(R"(
.....
.....
..9..
.....
)");
  const SunScene scene = SunScene::make(city, city.box()).value();
  const SunCourse course = course_of_day(city, {0, 0}, kEquinox).value();
  base::Random random(3);
  std::vector<SunPoint> points;
  for (int i = 0; i < 400; ++i) points.push_back({{random.uniform(0.0, 50.0), random.uniform(20.5, 40.0), 0}, {0, 0, 1}});
  const auto hours = sun_hours(scene, points, course).value();
  double off_h = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    double expected = 0;
    for (const SunStretch& s : course.stretches) {
      if (s.direction.z > 0 && !is_behind_box(lifted(points[i]), s.direction, {20, 10, -1}, {30, 20, 27})) {
        expected += s.seconds / 3600;
      }
    }
    // Walls are drawn within 2 cm of the outline.
    EXPECT_NEAR(hours[i].hours, expected, course.stretch_s / 3600 * 1.01) << i;
    off_h += std::abs(hours[i].hours - expected);
  }
  EXPECT_LT(off_h / static_cast<double>(points.size()), 0.01);
}

TEST(SunHours, on_open_ground_are_the_daylight_and_the_error_covers_finer_counting) {
  const city::City city = ascii_city(R"(
.....
.5.3.
..4..
.....
)");
  const SunScene scene = SunScene::make(city, city.box()).value();
  const SunCourse coarse = course_of_day(city, {0, 0}, kEquinox, {15, 0, 10}).value();
  const SunCourse fine = course_of_day(city, {0, 0}, kEquinox, {0.5, 0, 10}).value();
  // An equinox day lasts 12 hours everywhere, and some minutes for rim and refraction.
  EXPECT_NEAR(fine.daylight_hours(), 12.2, 0.1);
  EXPECT_NEAR(coarse.daylight_hours(), fine.daylight_hours(), 1e-6);
  std::vector<SunPoint> points{{{-2000, 20, 0}, {}}};
  for (int x = 1; x < 50; x += 3) {
    for (int y = 1; y < 40; y += 3) points.push_back({{x + 0.5, y + 0.5, 0.0}, {0, 0, 1}});
  }
  const auto rough = sun_hours(scene, points, coarse).value();
  const auto exact = sun_hours(scene, points, fine).value();
  EXPECT_NEAR(exact[0].hours, fine.daylight_hours(), 0.1);  // The towers are 0.5° high from there.
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_LE(std::abs(rough[i].hours - exact[i].hours), rough[i].error_hours + exact[i].error_hours + 1e-4) << i;
  }
}

TEST(SunHours, fall_on_the_side_that_faces_the_sun) {
  const city::City city = ascii_city(R"(
...
.2.
...
)");
  SunSamples samples;
  add_facades(city, index_of(city, "building-g1"), {10, 3, 0}, samples);
  ASSERT_EQ(samples.size(), 8u);  // Four sides of two storeys.
  const SunScene scene = SunScene::make(city, city.box()).value();
  const SunCourse june = course_of_day(city, {0, 0}, 2026y / 6 / 21).value();
  const auto hours = sun_hours(scene, samples.points, june).value();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const geo::Vec3f n = samples.points[i].normal;
    double expected_h = 0;  // Nothing else stands there: the sun shines on a side while it is before it.
    for (const SunStretch& s : june.stretches) {
      if (s.direction.x * n.x + s.direction.y * n.y > 0) expected_h += s.seconds / 3600;
    }
    EXPECT_NEAR(hours[i].hours, expected_h, 1e-4);
    if (std::abs(n.x) > 0.5) {
      EXPECT_NEAR(hours[i].hours, june.daylight_hours() / 2, 0.09);
    }
  }
}

TEST(SunHours, end_behind_a_mountain_that_the_terrain_holds) {
  // A ridge of 300 m, a kilometre west: 16.7° high. The sun at the equator sinks 15° an hour.
  std::vector<float> heights;
  for (int row = 0; row < 201; ++row) {
    for (int column = 0; column < 201; ++column) heights.push_back(column * 10 - 1500 <= -1000 ? 300.0f : 0.0f);
  }
  city::CityBuilder builder("Ridge", {0, 0});
  builder.set_terrain(city::Terrain({-1500, -1000}, 10, 201, 201, city::Column<float>(std::move(heights))));
  const city::City city = std::move(builder).build();
  const SunScene scene = SunScene::make(city, {{-5, -5}, {5, 5}}).value();
  const SunCourse day = course_of_day(city, {0, 0}, kEquinox, {1, 0, 10}).value();
  const std::vector<SunPoint> here{{{0, 0, 0.05}, {0, 0, 1}}};
  const double hidden_h = day.daylight_hours() - sun_hours(scene, here, day).value()[0].hours;
  EXPECT_NEAR(hidden_h, (std::atan2(300, 1000) / geo::kRadiansPerDegree + 0.8) / 15, 0.08);
}

TEST(SunHours, of_a_year_add_its_days_and_stop_when_told) {
  const city::City city = ascii_city("..", {});
  const geo::Box2d box{{0, 0}, {10, 10}};
  const SunScene scene = SunScene::make(city, box).value();
  const SunCourse year = course_of_year(city, {0, 0}, 2026y, {30, 0, 10}).value();
  EXPECT_EQ(year.days.size(), 37u);
  const std::vector<SunPoint> open{{{5, 5, 0}, {}}};
  const SunHours hours = sun_hours(scene, open, year).value()[0];
  EXPECT_NEAR(hours.hours, 365 * 12.2, 40);  // Half of the year, and some minutes a day.
  EXPECT_NEAR(hours.hours, year.daylight_hours(), 0.5);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(sun_hours(scene, open, year, {stop.get_token(), {}}).error().code, base::ErrorCode::conflict);
  EXPECT_EQ(SunScene::make(city, box, {stop.get_token(), {}}).error().code, base::ErrorCode::conflict);
  EXPECT_EQ(course_of_year(city, {0, 0}, 2026y, {30, 0, 40}).error().code, base::ErrorCode::bad_input);
  EXPECT_EQ(course_of_day(city, {0, 0}, 2026y / 2 / 30).error().code, base::ErrorCode::bad_input);
  double told = 0;
  (void)sun_hours(scene, open, year, {{}, [&](double part) { told = part; }});
  EXPECT_EQ(told, 1);
}

TEST(SunHours, are_the_same_bits_with_one_thread_and_with_many) {
  const city::City city = ascii_city(R"(
.#.3.9.
...3...
=======
.5.##..
)");
  SunSamples samples;
  const city::Run buildings = city.of_kind(city::FeatureKind::building);
  for (city::FeatureIndex i = buildings.first; i < buildings.first + buildings.count; ++i)
    add_facades(city, i, {1, 3, 0}, samples);
  ASSERT_GT(samples.size(), 1000u);  // Several windows of work.
  const SunCourse day = course_of_day(city, {0, 0}, kEquinox, {15, 0, 10}).value();
  const auto count = [&] { return sun_hours(SunScene::make(city, city.box()).value(), samples.points, day).value(); };
  const auto many = count();
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const auto alone = count();
  for (std::size_t i = 0; i < many.size(); ++i) {
    EXPECT_EQ(many[i].hours, alone[i].hours) << i;
    EXPECT_EQ(many[i].error_hours, alone[i].error_hours) << i;
  }
}

TEST(SunHours, of_a_park_leave_out_what_is_built_on_it) {
  const city::City city = ascii_city(R"(
""""""
""""""
""5"""
""""""
)");
  SunSamples samples;
  const city::Run greens = city.of_kind(city::FeatureKind::green);
  ASSERT_GT(greens.count, 0u);
  for (city::FeatureIndex i = greens.first; i < greens.first + greens.count; ++i) add_ground(city, i, {2, 3, 0}, samples);
  double area_m2 = 0;
  for (const float a : samples.areas_m2) area_m2 += a;
  EXPECT_NEAR(area_m2, 2300, 1);
  const SunScene scene = SunScene::make(city, box_of(samples)).value();
  const SunCourse day = course_of_day(city, {0, 0}, kEquinox).value();
  const auto hours = sun_hours(scene, samples.points, day).value();
  EXPECT_EQ(share_with(hours, samples.areas_m2, 0), 1);
  EXPECT_GT(share_with(hours, samples.areas_m2, kOpenSpaceHours), 0.95);
  EXPECT_LT(mean_hours(hours, samples.areas_m2), day.daylight_hours() - 0.5);
}

}  // namespace
}  // namespace citiverse::sim
