// Sun of a street of a city of 50,000, and rays a second beside Embree's own on the same scene with the same rays.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <vector>

#include <time.h>

#include <embree3/rtcore.h>
#include <tbb/global_control.h>

#include "city/city_folder.h"
#include "sim/sun/sun_hours.h"
#include "sim/sun/sun_samples.h"

using namespace citiverse;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Of this thread alone: what others do on the machine is not measured.
double cpu_s() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// The street with most buildings along it among those of 150 to 400 m.
city::FeatureIndex busiest_street(const city::City& city) {
  const city::Run streets = city.of_kind(city::FeatureKind::street);
  city::FeatureIndex best = streets.first;
  std::size_t most = 0;
  for (city::FeatureIndex i = streets.first; i < streets.first + streets.count; ++i) {
    const double length_m = std::max(city.feature(i).box.width(), city.feature(i).box.height());
    if (length_m < 150 || length_m > 400) continue;
    sim::SunSamples samples;
    sim::add_street(city, i, 20, {}, samples);
    if (samples.size() > most) {
      most = samples.size();
      best = i;
    }
  }
  return best;
}

// What a caller of Embree would write: rays made ready beforehand, packets of 16 or 8, no questions about normals.
struct RawRays {
  std::vector<RTCRay16> packets;
  double rays = 0;
};
RawRays ready_rays(const sim::SunScene& scene, const sim::SunSamples& samples, const sim::SunCourse& course) {
  RawRays raw;
  const geo::Vec3d o = scene.origin();
  for (std::size_t p = 0; p + 16 <= samples.size(); p += 16) {
    for (const sim::SunStretch& s : course.stretches) {
      RTCRay16 packet{};
      bool is_whole = true;
      for (std::size_t i = 0; i < 16; ++i) {
        const sim::SunPoint& q = samples.points[p + i];
        const auto dot = q.normal.x * s.direction.x + q.normal.y * s.direction.y + q.normal.z * s.direction.z;
        is_whole = is_whole && dot > 0;
        packet.org_x[i] = static_cast<float>(q.place.x - o.x) + q.normal.x * sim::SunScene::kLiftM;
        packet.org_y[i] = static_cast<float>(q.place.y - o.y) + q.normal.y * sim::SunScene::kLiftM;
        packet.org_z[i] = static_cast<float>(q.place.z - o.z) + q.normal.z * sim::SunScene::kLiftM;
        packet.dir_x[i] = static_cast<float>(s.direction.x);
        packet.dir_y[i] = static_cast<float>(s.direction.y);
        packet.dir_z[i] = static_cast<float>(s.direction.z);
        packet.tfar[i] = std::numeric_limits<float>::infinity();
        packet.mask[i] = 0xFFFFFFFFu;
      }
      if (is_whole) raw.packets.push_back(packet);
    }
  }
  raw.rays = static_cast<double>(raw.packets.size()) * 16;
  return raw;
}

double raw_rays_a_second(const sim::SunScene& scene, RawRays raw, unsigned flags) {
  alignas(64) int valid[16];
  std::fill(std::begin(valid), std::end(valid), -1);
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  context.flags = static_cast<RTCIntersectContextFlags>(flags);
  const double start = cpu_s();
  for (RTCRay16& packet : raw.packets) {
    rtcOccluded16(valid, static_cast<RTCScene>(scene.embree_scene()), &context, &packet);
  }
  return raw.rays / (cpu_s() - start);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const auto city = city::open_city(argv[1]);
  if (!city) return std::fprintf(stderr, "%s\n", city.error().message.c_str()), 1;
  const city::FeatureIndex street = busiest_street(*city);
  const auto date = std::chrono::year_month_day{std::chrono::year(2026), std::chrono::March, std::chrono::day(21)};

  double best_s = 1e9;
  double scene_s = 0;
  std::size_t points = 0;
  std::size_t triangles = 0;
  for (int run = 0; run < 7; ++run) {
    const auto start = Clock::now();
    sim::SunSamples samples;
    sim::add_street(*city, street, 20, {}, samples);
    const auto scene = sim::SunScene::make(*city, sim::box_of(samples));
    const double made_s = seconds_since(start);
    const auto course = sim::course_of_day(*city, city->feature(street).box.center(), date);
    const auto hours = sim::sun_hours(*scene, samples.points, *course);
    if (!hours) return std::fprintf(stderr, "%s\n", hours.error().message.c_str()), 1;
    const double all_s = seconds_since(start);
    if (all_s < best_s) {
      best_s = all_s;
      scene_s = made_s;
    }
    points = samples.size();
    triangles = scene->triangle_count();
  }
  std::printf("street %s: %zu points, %zu triangles, scene %.3f s\n", to_string(city->feature(street).id).c_str(), points,
              triangles, scene_s);
  std::printf("street_s %.3f\n", best_s);

  // Rates on one thread: what is compared is the way to Embree, not the machine.
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  sim::SunSamples samples;
  sim::add_street(*city, street, 20, {1, 3, 0}, samples);
  const auto scene = sim::SunScene::make(*city, sim::box_of(samples));
  const auto course = sim::course_of_day(*city, city->feature(street).box.center(), date);
  double rays = 0;
  for (const sim::SunPoint& p : samples.points) {
    for (const sim::SunStretch& s : course->stretches) {
      rays += p.normal.x * s.direction.x + p.normal.y * s.direction.y + p.normal.z * s.direction.z > 0;
    }
  }
  const RawRays raw = ready_rays(*scene, samples, *course);
  double own = 0;
  double best_raw = 0;
  for (int run = 0; run < 9; ++run) {
    const double start = cpu_s();
    const auto hours = sim::sun_hours(*scene, samples.points, *course);
    if (!hours) return 1;
    own = std::max(own, rays / (cpu_s() - start));
    for (const unsigned flags : {0u, static_cast<unsigned>(RTC_INTERSECT_CONTEXT_FLAG_COHERENT)}) {
      best_raw = std::max(best_raw, raw_rays_a_second(*scene, raw, flags));
    }
  }
  std::printf("%.1f million rays of hours, %.1f million raw\n", rays / 1e6, raw.rays / 1e6);
  std::printf("rays %.0f\nraw %.0f\n", own, best_raw);
  return 0;
}
