// Light is added hour by hour for each way a surface may face; shadows are cast once for a week and an hour.
#include "sim/sun/irradiation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <mutex>
#include <numbers>

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include "sim/sun/sun_course.h"
#include "sim/sun/sun_hours.h"

namespace citiverse::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr std::size_t kHorizonDirections = 48;
constexpr double kHorizonBandDeg = 3;

geo::Vec3f to_float(geo::Vec3d v) { return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)}; }
float cosine_between(const geo::Vec3f& a, const geo::Vec3f& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

// Evenly over the upper half of the sphere: a spiral of golden angles.
std::vector<geo::Vec3f> sky_directions() {
  std::vector<geo::Vec3f> all;
  const double golden = std::numbers::pi * (3 - std::sqrt(5.0));
  for (std::size_t i = 0; i < kSkyDirections; ++i) {
    const double z = (static_cast<double>(i) + 0.5) / kSkyDirections;
    const double level = std::sqrt(1 - z * z);
    all.push_back(
        to_float({level * std::cos(golden * static_cast<double>(i)), level * std::sin(golden * static_cast<double>(i)), z}));
  }
  return all;
}
std::vector<geo::Vec3f> horizon_directions() {
  std::vector<geo::Vec3f> all;
  const double height = kHorizonBandDeg * geo::kRadiansPerDegree;
  for (std::size_t i = 0; i < kHorizonDirections; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / kHorizonDirections;
    all.push_back(to_float({std::cos(height) * std::cos(angle), std::cos(height) * std::sin(angle), std::sin(height)}));
  }
  return all;
}

// Which parts of the dome and of the horizon each point of a packet sees.
void find_seen(const SunScene& scene, std::span<const SunPoint> points, std::span<const geo::Vec3f> directions,
               std::vector<std::uint32_t>& bits, std::array<float, SunScene::kPacket>& seen) {
  bits.resize(directions.size());
  scene.find_open(points, directions, bits);
  for (std::size_t i = 0; i < points.size(); ++i) {
    float all = 0;
    float open = 0;
    for (std::size_t k = 0; k < directions.size(); ++k) {
      const float weight = std::max(0.0f, cosine_between(points[i].normal, directions[k]));
      all += weight;
      if ((bits[k] >> i) & 1u) open += weight;
    }
    seen[i] = all > 0 ? open / all : 0;
  }
}

struct Facing {
  int slope_halves;  // Half degrees from the horizontal.
  int degrees;       // Of the direction in which the surface falls.
  friend auto operator<=>(const Facing&, const Facing&) = default;
};
Facing facing_of(const geo::Vec3f& n) {
  const double slope = std::acos(std::clamp<double>(n.z, -1, 1)) / geo::kRadiansPerDegree;
  const auto halves = static_cast<int>(std::lround(slope * 2));
  if (halves == 0 || halves == 360) return {halves, 0};
  const double direction = std::atan2(n.x, n.y) / geo::kRadiansPerDegree;
  return {halves, (static_cast<int>(std::lround(direction)) + 360) % 360};
}

// Hours of several days at one time of day, whose shadows are taken as one.
struct ShadowTime {
  std::vector<const YearOfLight::Hour*> hours;
  geo::Vec3f direction;
};

std::vector<ShadowTime> shadow_times(const YearOfLight& year, int days_together) {
  std::vector<ShadowTime> times((366 / static_cast<std::size_t>(days_together) + 1) * 24);
  for (const YearOfLight::Hour& h : year.hours) {
    times[static_cast<std::size_t>(h.day / days_together) * 24 + h.hour].hours.push_back(&h);
  }
  std::erase_if(times, [](const ShadowTime& t) { return t.hours.empty(); });
  for (ShadowTime& t : times) {
    geo::Vec3d sum{0, 0, 1e-9};
    for (const YearOfLight::Hour* h : t.hours) {
      sum = sum + direction_to_sun(h->sun, year.convergence_deg) * (h->light.direct_normal + 1e-3 * h->light.diffuse_level);
    }
    t.direction = to_float(sum * (1 / length(sum)));
  }
  return times;
}

// Of one way of facing: Wh/m² that are hidden with the sun, by shadow time; the rest of the year in sums.
struct FacingLight {
  std::vector<float> by_time;
  double isotropic = 0;
  double horizon = 0;
  double ground = 0;
  double direct = 0;
};

FacingLight light_of(const Facing& facing, const std::vector<ShadowTime>& times, const YearOfLight& year, double albedo) {
  FacingLight result;
  result.by_time.reserve(times.size());
  const double slope_deg = facing.slope_halves / 2.0;
  const double facing_deg = facing.degrees + year.convergence_deg;
  for (const ShadowTime& t : times) {
    double hidden_with_sun = 0;
    for (const YearOfLight::Hour* h : t.hours) {
      const SlopeLight light = light_on_slope(h->light, h->sun, slope_deg, facing_deg, albedo);
      hidden_with_sun += light.direct + light.circumsolar;
      result.isotropic += light.isotropic;
      result.horizon += light.horizon;
      result.ground += light.ground;
    }
    result.by_time.push_back(static_cast<float>(hidden_with_sun));
    result.direct += hidden_with_sun;
  }
  return result;
}

struct Directions {
  std::vector<geo::Vec3f> sun;
  std::vector<geo::Vec3f> sky = sky_directions();
  std::vector<geo::Vec3f> horizon = horizon_directions();
};

void light_packet(const SunScene& scene, std::span<const SunPoint> points, const Directions& directions,
                  std::span<const std::uint32_t> facings, const std::vector<FacingLight>& lights,
                  std::vector<std::uint32_t>& bits, std::span<Irradiation> out) {
  std::array<float, SunScene::kPacket> dome{};
  std::array<float, SunScene::kPacket> band{};
  find_seen(scene, points, directions.sky, bits, dome);
  find_seen(scene, points, directions.horizon, bits, band);
  bits.resize(directions.sun.size());
  scene.find_open(points, directions.sun, bits);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const FacingLight& light = lights[facings[i]];
    double direct = 0;
    // A direction that the true normal turns away from may still face its rounded one: less than a thousandth of the light.
    for (std::size_t k = 0; k < bits.size(); ++k) {
      if ((bits[k] >> i) & 1u) direct += light.by_time[k];
    }
    out[i].direct = static_cast<float>(direct / 1000);
    out[i].sky = static_cast<float>(std::max(0.0, light.isotropic * dome[i] + light.horizon * band[i]) / 1000);
    out[i].ground = static_cast<float>(light.ground / 1000);
    out[i].open = static_cast<float>((light.direct + light.isotropic + light.horizon + light.ground) / 1000);
  }
}

YearOfLight::Hour hour_at(Moment middle, const SunObserver& observer, int day, int hour) {
  YearOfLight::Hour h;
  h.sun = sun_position(middle, observer);
  h.day = static_cast<std::uint16_t>(day);
  h.hour = static_cast<std::uint8_t>(hour);
  return h;
}

}  // namespace

YearOfLight clear_year(const city::City& city, geo::Vec2d point, std::chrono::year year, const ClearSky& air) {
  YearOfLight result;
  const SunObserver observer = observer_in(city, point);
  result.convergence_deg = convergence_deg(city.plane(), point);
  result.source = fmt::format("clear sky all year, Linke turbidity {:.1f}", air.linke_turbidity);
  const std::chrono::sys_days first = year / 1 / 1;
  const auto local = milliseconds(static_cast<std::int64_t>(observer.place.lon_deg / 15 * 3'600'000));
  for (int day = 0; day < (year.is_leap() ? 366 : 365); ++day) {
    for (int hour = 0; hour < 24; ++hour) {
      const Moment middle = first + std::chrono::days(day) + hours(hour) + std::chrono::minutes(30) - local;
      YearOfLight::Hour h = hour_at(middle, observer, day, hour);
      h.light = clear_sky(h.sun, air);
      if (h.light.diffuse_level > 0 || h.light.direct_normal > 0) result.hours.push_back(h);
    }
  }
  return result;
}

YearOfLight weather_year(const city::City& city, geo::Vec2d point, const formats::EpwWeather& weather) {
  YearOfLight result;
  const SunObserver observer = observer_in(city, point);
  result.convergence_deg = convergence_deg(city.plane(), point);
  result.source = fmt::format("weather file {}, {}", weather.place, weather.source);
  // A typical year has no number; one without 29 February keeps its dates.
  const std::chrono::sys_days first = std::chrono::year(weather.hours.size() > 8760 ? 2004 : 2005) / 1 / 1;
  const auto zone = milliseconds(static_cast<std::int64_t>(weather.zone_hours * 3'600'000));
  for (std::size_t i = 0; i < weather.hours.size(); ++i) {
    const formats::EpwHour& from = weather.hours[i];
    if (from.diffuse_level <= 0 && from.direct_normal <= 0) continue;
    const Moment middle = first + hours(i) + std::chrono::minutes(30) - zone;
    YearOfLight::Hour h = hour_at(middle, observer, static_cast<int>(i / 24), static_cast<int>(i % 24));
    h.light = {from.direct_normal, from.diffuse_level};
    result.hours.push_back(h);
  }
  return result;
}

base::Result<std::vector<Irradiation>> irradiation(const SunScene& scene, std::span<const SunPoint> points,
                                                   const YearOfLight& year, const IrradiationOptions& options,
                                                   const ModelRun& run) {
  if (points.size() > kSunPointsMax) {
    return base::fail(
        base::ErrorCode::limit,
        fmt::format("{} points of light; at most {}: ask for a smaller area or a wider grid", points.size(), kSunPointsMax));
  }
  if (options.days_together < 1 || options.days_together > kDaysTogetherMax) {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("days_together {}: 1 to {}", options.days_together, kDaysTogetherMax));
  }
  const std::vector<ShadowTime> times = shadow_times(year, options.days_together);
  Directions directions;
  for (const ShadowTime& t : times) directions.sun.push_back(t.direction);

  std::vector<Facing> facings;
  for (const SunPoint& p : points) facings.push_back(facing_of(p.normal));
  std::vector<Facing> kinds = facings;
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  std::vector<FacingLight> lights(kinds.size());
  tbb::parallel_for(std::size_t{0}, kinds.size(), [&](std::size_t k) {
    if (!run.is_stopped()) lights[k] = light_of(kinds[k], times, year, options.ground_albedo);
  });
  std::vector<std::uint32_t> kind_of(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    kind_of[i] = static_cast<std::uint32_t>(std::lower_bound(kinds.begin(), kinds.end(), facings[i]) - kinds.begin());
  }

  std::vector<Irradiation> result(points.size());
  const std::size_t packets = (points.size() + SunScene::kPacket - 1) / SunScene::kPacket;
  std::mutex telling;
  std::size_t done = 0;
  tbb::parallel_for(std::size_t{0}, packets, [&](std::size_t p) {
    if (run.is_stopped()) return;
    const std::size_t first = p * SunScene::kPacket;
    const std::size_t count = std::min(SunScene::kPacket, points.size() - first);
    std::vector<std::uint32_t> bits;
    light_packet(scene, points.subspan(first, count), directions, std::span(kind_of).subspan(first, count), lights, bits,
                 std::span(result).subspan(first, count));
    if (!run.progress) return;
    const std::lock_guard lock(telling);
    run.tell(static_cast<double>(++done) / static_cast<double>(packets));
  });
  if (run.is_stopped()) return base::fail(base::ErrorCode::conflict, "superseded while light was added up");
  return result;
}

float sky_seen(const SunScene& scene, const SunPoint& point) {
  std::vector<std::uint32_t> bits;
  std::array<float, SunScene::kPacket> seen{};
  find_seen(scene, std::span(&point, 1), sky_directions(), bits, seen);
  return seen[0];
}

}  // namespace citiverse::sim
