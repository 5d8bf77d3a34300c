// Where sensors stand, and what they would read: daily courses as tables, with noise that is smooth in time.
#include "load/practice_sensors.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/random.h"

namespace citiverse::load {
namespace {

using city::FeatureKind;
using std::chrono::seconds;

constexpr std::array<SensorKindFacts, kSensorKinds> kFacts{{
    {"AirQualityObserved", seconds{60}, 12},
    {"NoiseLevelObserved", seconds{10}, 24},
    {"WeatherObserved", seconds{60}, 3},
    {"WaterObserved", seconds{300}, 3},
    {"OffStreetParking", seconds{30}, 40},
    {"BikeHireDockingStation", seconds{30}, 30},
    {"CrowdFlowObserved", seconds{30}, 20},
}};

// Courses of a day, an hour each, from 0 to 1. Streets: two peaks on working days, one on the others, as counts at city
// streets show everywhere.
using Course = std::array<double, 24>;
constexpr Course kWorkingDay{.06, .04, .03, .03, .05, .14, .38, .76, .98, .78, .66, .68,
                             .72, .70, .70, .76, .88, 1.0, .90, .66, .46, .34, .22, .12};
constexpr Course kFreeDay{.16, .12, .08, .05, .04, .06, .10, .18, .30, .44, .58, .68,
                          .72, .72, .72, .72, .72, .70, .64, .56, .44, .34, .26, .20};
constexpr Course kWarmth{.18, .14, .10, .06, .03, .00, .03, .12, .25, .40, .55, .70,
                         .82, .92, .98, 1.0, .98, .90, .78, .65, .52, .42, .33, .25};
// Mean of the day and how far it goes up by day, in °C, by month: a temperate European city.
constexpr std::array<double, 12> kNightC{0, 0, 3, 6, 10, 13, 15, 15, 12, 8, 4, 1};
constexpr std::array<double, 12> kRiseC{4, 6, 8, 10, 10, 10, 11, 10, 9, 7, 4, 4};

double at_hour(const Course& course, double hour) {
  const auto first = static_cast<std::size_t>(hour) % 24;
  const double part = hour - std::floor(hour);
  return course[first] + (course[(first + 1) % 24] - course[first]) * part;
}

double rounded(double value, double step) { return std::round(value / step) * step; }

// Points that are far from one another: begins with the first and takes the one that is farthest from all taken so far.
std::vector<city::FeatureIndex> spread_out(const city::City& city, const std::vector<city::FeatureIndex>& candidates,
                                           std::size_t count) {
  std::vector<city::FeatureIndex> taken;
  std::vector<double> nearest(candidates.size(), 1e30);
  std::size_t next = 0;
  while (taken.size() < std::min(count, candidates.size())) {
    taken.push_back(candidates[next]);
    const geo::Vec2d at = city.anchor(city.feature(candidates[next]));
    double farthest = -1;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const geo::Vec2d other = city.anchor(city.feature(candidates[i]));
      const double dx = other.x - at.x;
      const double dy = other.y - at.y;
      nearest[i] = std::min(nearest[i], dx * dx + dy * dy);
      if (nearest[i] > farthest) {
        farthest = nearest[i];
        next = i;
      }
    }
    if (farthest <= 0) break;
  }
  return taken;
}

template <class Fits>
std::vector<city::FeatureIndex> features_that(const city::City& city, FeatureKind kind, const Fits& fits) {
  std::vector<city::FeatureIndex> found;
  const city::Run run = city.of_kind(kind);
  for (city::FeatureIndex i = run.first; i < run.first + run.count; ++i)
    if (fits(city.feature(i))) found.push_back(i);
  return found;
}

bool has_traffic(const city::Street& street) {
  return street.street_class <= city::StreetClass::residential && (street.forward & city::kDrive) != 0;
}

double bustle_of(const city::City& city, const city::Feature& feature) {
  if (feature.id.kind() != FeatureKind::street) return 0.7;
  constexpr auto kQuietest = static_cast<double>(city::StreetClass::residential);
  return 1.0 - 0.7 * std::min(1.0, static_cast<double>(city.street(feature).street_class) / kQuietest);
}

std::vector<city::FeatureIndex> candidates_for(const city::City& city, SensorKind kind) {
  const auto any = [](const city::Feature&) { return true; };
  switch (kind) {
    case SensorKind::air:
    case SensorKind::noise:
      return features_that(city, FeatureKind::street, [&](const city::Feature& f) { return has_traffic(city.street(f)); });
    case SensorKind::weather:
      return features_that(city, FeatureKind::green,
                           [&](const city::Feature& f) { return city.green(f).green_class == city::GreenClass::park; });
    case SensorKind::river:
      return features_that(city, FeatureKind::water,
                           [&](const city::Feature& f) { return city.water(f).water_class == city::WaterClass::river; });
    case SensorKind::parking: {
      auto found = features_that(city, FeatureKind::paved, [&](const city::Feature& f) {
        return city.paved(f).paved_class == city::PavedClass::parking;
      });
      const auto places = features_that(city, FeatureKind::place, [&](const city::Feature& f) {
        return city.place(f).place_class == city::PlaceClass::parking;
      });
      found.insert(found.end(), places.begin(), places.end());
      return found;
    }
    case SensorKind::bicycles: return features_that(city, FeatureKind::stop, any);
    case SensorKind::people: {
      auto found = features_that(city, FeatureKind::paved,
                                 [&](const city::Feature& f) { return city.paved(f).paved_class == city::PavedClass::square; });
      const auto sights = features_that(city, FeatureKind::place, [&](const city::Feature& f) {
        const auto what = city.place(f).place_class;
        return what == city::PlaceClass::culture || what == city::PlaceClass::sight;
      });
      found.insert(found.end(), sights.begin(), sights.end());
      return found;
    }
  }
  return {};
}

std::uint32_t capacity_of(const city::City& city, const city::Feature& feature, SensorKind kind, base::Random random) {
  if (kind == SensorKind::bicycles) return 10 + random.below(15);
  if (kind != SensorKind::parking) return 0;
  if (feature.id.kind() == FeatureKind::place && city.place(feature).capacity > 0) return city.place(feature).capacity;
  // A parking place with its share of the lane takes 25 m² (FGSV, EAR 05: 5.0 m by 2.5 m, and half of a lane of 6 m).
  const double area_m2 = feature.box.width() * feature.box.height();
  return static_cast<std::uint32_t>(std::clamp(area_m2 / 25.0, 12.0, 400.0));
}

}  // namespace

const SensorKindFacts& facts_of(SensorKind kind) { return kFacts[static_cast<std::size_t>(kind)]; }

double bustle_at(std::chrono::local_seconds local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const double hour = std::chrono::duration<double, std::ratio<3600>>(local - day).count();
  const unsigned weekday = std::chrono::weekday(day).iso_encoding();
  return at_hour(weekday >= 6 ? kFreeDay : kWorkingDay, hour);
}

double smooth_noise(std::uint64_t key, std::chrono::sys_seconds moment, seconds period) {
  const std::int64_t since = moment.time_since_epoch().count();
  const std::int64_t cell = since / period.count();
  const double part = static_cast<double>(since % period.count()) / static_cast<double>(period.count());
  const auto at = [key](std::int64_t n) { return base::Random(key, static_cast<std::uint64_t>(n)).uniform() * 2.0 - 1.0; };
  const double eased = part * part * (3.0 - 2.0 * part);
  return at(cell) + (at(cell + 1) - at(cell)) * eased;
}

PracticeSensors::PracticeSensors(const city::City& city, std::uint64_t seed) : seed_(seed) { place_all(city); }

void PracticeSensors::place_all(const city::City& city) {
  for (std::size_t k = 0; k < kSensorKinds; ++k) {
    const auto kind = static_cast<SensorKind>(k);
    for (const city::FeatureIndex i : spread_out(city, candidates_for(city, kind), kFacts[k].count_max)) {
      const city::Feature& feature = city.feature(i);
      PracticeSensor& sensor = sensors_.emplace_back();
      sensor.kind = kind;
      sensor.anchor = feature.id;
      sensor.key = base::mix64(seed_ ^ feature.id.value) ^ k;
      sensor.id = fmt::format("urn:ngsi-ld:{}:practice-{}", kFacts[k].type, to_string(feature.id));
      sensor.name = city.text(feature.name);
      sensor.place = city.plane().to_lat_lon(city.anchor(feature));
      sensor.bustle = bustle_of(city, feature);
      sensor.capacity = capacity_of(city, feature, kind, base::Random(sensor.key, 1));
    }
  }
}

void PracticeSensors::read(const PracticeSensor& sensor, std::chrono::sys_seconds moment, std::chrono::local_seconds local,
                           std::vector<Reading>& readings) const {
  const auto noise = [&](std::uint64_t purpose, seconds period) {
    return smooth_noise(sensor.key ^ (purpose << 32), moment, period);
  };
  // What all sensors of the city share, such as the weather.
  const auto shared = [&](std::uint64_t purpose, seconds period) {
    return smooth_noise(seed_ ^ (purpose << 40), moment, period);
  };
  const double bustle = bustle_at(local);
  const double traffic = bustle * sensor.bustle;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const double hour = std::chrono::duration<double, std::ratio<3600>>(local - day).count();
  const unsigned month = static_cast<unsigned>(std::chrono::year_month_day(day).month()) - 1;
  const double warmth = at_hour(kWarmth, hour);
  const auto full = [&](double share) {
    return std::clamp(std::round(share * sensor.capacity), 0.0, static_cast<double>(sensor.capacity));
  };

  switch (sensor.kind) {
    case SensorKind::air: {
      const double stale_air = 1.0 + 0.5 * shared(1, seconds{86'400});
      const double no2 = (7 + 38 * traffic) * stale_air + 4 * noise(1, seconds{1'800});
      const double pm25 = (6 + 7 * traffic) * stale_air + 2 * noise(2, seconds{3'600});
      readings.push_back({"no2", std::max(1.0, rounded(no2, 0.1)), "GQ"});
      readings.push_back({"pm25", std::max(0.5, rounded(pm25, 0.1)), "GQ"});
      readings.push_back({"pm10", std::max(1.0, rounded(pm25 * 1.7 + 2 * noise(3, seconds{2'400}), 0.1)), "GQ"});
      readings.push_back(
          {"o3", std::max(2.0, rounded(30 + 45 * warmth - 25 * traffic + 5 * shared(2, seconds{7'200}), 0.1)), "GQ"});
      break;
    }
    case SensorKind::noise:
      readings.push_back({"LAeq",
                          rounded(43 + 27 * std::sqrt(traffic) + 3 * noise(4, seconds{40}) + 1.5 * noise(5, seconds{600}), 0.1),
                          "2N"});
      break;
    case SensorKind::weather: {
      const double celsius =
          kNightC[month] + kRiseC[month] * warmth + 4 * shared(3, seconds{172'800}) + 0.6 * noise(6, seconds{1'800});
      readings.push_back({"temperature", rounded(celsius, 0.1), "CEL"});
      readings.push_back({"relativeHumidity",
                          rounded(std::clamp(0.82 - 0.35 * warmth + 0.12 * shared(4, seconds{43'200}), 0.2, 1.0), 0.01),
                          "C62"});
      readings.push_back(
          {"windSpeed",
           rounded(std::max(0.0, 2.5 + 1.5 * warmth + 2 * shared(5, seconds{10'800}) + 0.8 * noise(7, seconds{300})), 0.1),
           "MTS"});
      break;
    }
    case SensorKind::river:
      readings.push_back(
          {"waterLevel", rounded(1.6 + 0.7 * shared(6, seconds{259'200}) + 0.02 * noise(8, seconds{3'600}), 0.01), "MTR"});
      break;
    case SensorKind::parking: {
      const double taken = full(0.25 + 0.6 * bustle + 0.15 * noise(9, seconds{5'400}));
      readings.push_back({"availableSpotNumber", sensor.capacity - taken, "C62"});
      readings.push_back({"totalSpotNumber", static_cast<double>(sensor.capacity), "C62"});
      break;
    }
    case SensorKind::bicycles: {
      const double there = full(0.65 - 0.4 * bustle + 0.3 * noise(10, seconds{2'700}));
      readings.push_back({"availableBikeNumber", there, "C62"});
      readings.push_back({"freeSlotNumber", sensor.capacity - there, "C62"});
      readings.push_back({"totalSlotNumber", static_cast<double>(sensor.capacity), "C62"});
      break;
    }
    case SensorKind::people:
      readings.push_back({"peopleCount",
                          std::max(0.0, std::round(140 * bustle * sensor.bustle * (1 + 0.4 * noise(11, seconds{900})))),
                          "C62"});
      break;
  }
}

}  // namespace citiverse::load
