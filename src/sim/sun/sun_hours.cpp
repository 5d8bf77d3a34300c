// Packets of neighbouring points that face alike, through all stretches; nothing is shared between windows of them.
#include "sim/sun/sun_hours.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <mutex>
#include <numeric>

#include <fmt/format.h>
#include <tbb/parallel_for.h>

namespace citiverse::sim {
namespace {

// Points that are sorted by the way they face, so that a packet's points see the sun at the same time.
constexpr std::size_t kWindow = 32 * SunScene::kPacket;

struct OfDay {
  std::array<double, SunScene::kPacket> hours{};
  std::array<int, SunScene::kPacket> changes{};
};

OfDay hours_of_day(std::span<const std::uint32_t> lit, const SunCourse& course, const SunCourseDay& day) {
  OfDay result;
  std::uint32_t before = 0;
  for (std::uint32_t s = 0; s < day.count; ++s) {
    for (std::uint32_t rest = lit[s]; rest != 0; rest &= rest - 1) {
      result.hours[static_cast<std::size_t>(std::countr_zero(rest))] += course.stretches[day.first + s].seconds;
    }
    for (std::uint32_t rest = lit[s] ^ before; rest != 0; rest &= rest - 1) {
      ++result.changes[static_cast<std::size_t>(std::countr_zero(rest))];
    }
    before = lit[s];
  }
  // Sunset ends what shines until then.
  for (; before != 0; before &= before - 1) ++result.changes[static_cast<std::size_t>(std::countr_zero(before))];
  for (double& h : result.hours) h /= 3600;
  return result;
}

struct Window {
  std::vector<std::uint32_t> order;
  std::vector<SunPoint> points;
  std::vector<std::uint32_t> lit;
};

// Counts round from the east as an angle does, 0 to 4, without its cost.
float diamond_angle(const geo::Vec3f& n) {
  const float sum = std::abs(n.x) + std::abs(n.y);
  if (sum < 1e-6f) return -1;
  const float part = n.y / sum;
  return n.x < 0 ? 2 - part : n.y < 0 ? 4 + part : part;
}

void hours_of_packet(const SunCourse& course, std::span<const std::uint32_t> lit, std::span<const std::uint32_t> order,
                     std::span<SunHours> out) {
  std::array<double, SunScene::kPacket> sum{};
  std::array<double, SunScene::kPacket> error{};
  std::array<double, SunScene::kPacket> last{};
  for (std::size_t d = 0; d < course.days.size(); ++d) {
    const SunCourseDay& day = course.days[d];
    const OfDay of_day = hours_of_day(lit.subspan(day.first, day.count), course, day);
    const double stretch_h = day.count > 0 ? course.stretches[day.first].seconds / 3600 : 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      sum[i] += of_day.hours[i] * day.days;
      error[i] += of_day.changes[i] * stretch_h / 2 * day.days;
      if (d > 0) error[i] += std::abs(of_day.hours[i] - last[i]) * day.days / 2;
      last[i] = of_day.hours[i];
    }
  }
  for (std::size_t i = 0; i < order.size(); ++i) out[order[i]] = {static_cast<float>(sum[i]), static_cast<float>(error[i])};
}

void hours_of_window(const SunScene& scene, std::span<const SunPoint> points, const SunCourse& course,
                     std::span<const geo::Vec3f> directions, Window& window, std::span<SunHours> out) {
  window.order.resize(points.size());
  std::iota(window.order.begin(), window.order.end(), 0u);
  std::stable_sort(window.order.begin(), window.order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return diamond_angle(points[a].normal) < diamond_angle(points[b].normal);
  });
  window.points.clear();
  for (const std::uint32_t i : window.order) window.points.push_back(points[i]);
  window.lit.resize(directions.size());
  for (std::size_t first = 0; first < points.size(); first += SunScene::kPacket) {
    const std::size_t count = std::min(SunScene::kPacket, points.size() - first);
    scene.find_open(std::span(window.points).subspan(first, count), directions, window.lit);
    hours_of_packet(course, window.lit, std::span(window.order).subspan(first, count), out);
  }
}

}  // namespace

base::Result<std::vector<SunHours>> sun_hours(const SunScene& scene, std::span<const SunPoint> points, const SunCourse& course,
                                              const ModelRun& run) {
  if (points.size() > kSunPointsMax) {
    return base::fail(
        base::ErrorCode::limit,
        fmt::format("{} points of sun; at most {}: ask for a smaller area or a wider grid", points.size(), kSunPointsMax));
  }
  const double rays = static_cast<double>(points.size()) * static_cast<double>(course.stretches.size());
  if (rays > kSunRaysMax) {
    return base::fail(base::ErrorCode::limit,
                      fmt::format("{:.0f} rays; at most {:.0f}: ask for fewer days or points", rays, kSunRaysMax));
  }
  std::vector<SunHours> result(points.size());
  std::vector<geo::Vec3f> directions;
  directions.reserve(course.stretches.size());
  for (const SunStretch& s : course.stretches) {
    directions.push_back(
        {static_cast<float>(s.direction.x), static_cast<float>(s.direction.y), static_cast<float>(s.direction.z)});
  }
  const std::size_t windows = (points.size() + kWindow - 1) / kWindow;
  std::mutex telling;
  std::size_t done = 0;
  tbb::parallel_for(std::size_t{0}, windows, [&](std::size_t w) {
    if (run.is_stopped()) return;
    const std::size_t first = w * kWindow;
    const std::size_t count = std::min(kWindow, points.size() - first);
    Window window;
    hours_of_window(scene, points.subspan(first, count), course, directions, window, std::span(result).subspan(first, count));
    if (!run.progress) return;
    const std::lock_guard lock(telling);
    run.tell(static_cast<double>(++done) / static_cast<double>(windows));
  });
  if (run.is_stopped()) return base::fail(base::ErrorCode::conflict, "superseded while hours of sun were counted");
  return result;
}

double share_with(std::span<const SunHours> hours, std::span<const float> areas_m2, double least_hours) {
  double all = 0;
  double enough = 0;
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const double area = areas_m2.empty() ? 1.0 : areas_m2[i];
    all += area;
    if (hours[i].hours >= least_hours) enough += area;
  }
  return all > 0 ? enough / all : 0;
}

double mean_hours(std::span<const SunHours> hours, std::span<const float> areas_m2) {
  double all = 0;
  double sum = 0;
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const double area = areas_m2.empty() ? 1.0 : areas_m2[i];
    all += area;
    sum += area * hours[i].hours;
  }
  return all > 0 ? sum / all : 0;
}

}  // namespace citiverse::sim
