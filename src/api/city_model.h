// The city as the API tells it: the value itself, the clock, and what is summed up from it on first use.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/area_tree.h"
#include "api/city_clock.h"
#include "api/street_groups.h"
#include "api/timetable.h"
#include "api/viewpoints.h"
#include "city/city.h"
#include "city/search_index.h"

namespace citiverse::api {

/// Made when first asked for, once, whoever asks. Threads: safe.
template <class T>
class Lazy {
 public:
  template <class Make>
  const T& get(Make&& make) const {
    std::call_once(once_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::optional<T> value_;
};

/// Sums over the whole city.
struct CityTotals {
  std::uint64_t people = 0;
  std::uint64_t jobs = 0;
  std::uint64_t homes = 0;
  std::array<std::uint32_t, kPlaceClasses> places_by_class{};
  std::vector<std::string> languages;  ///< Commonest first.
  bool generated = false;
};

/// `city` must outlive it. Threads: safe.
class CityModel {
 public:
  CityModel(const city::City& city, CityClock::Now now) : city_(city), clock_(city.time_zone(), std::move(now)) {}

  const city::City& city() const { return city_; }
  const CityClock& clock() const { return clock_; }
  const city::SearchIndex& search() const;
  const AreaTree& areas() const;
  const std::vector<NamedStreet>& streets() const;
  const Timetable& timetable() const;
  const std::vector<Viewpoint>& viewpoints() const;
  const CityTotals& totals() const;

  /// Makes all of the above, so that nobody waits for them.
  void warm_up() const;

 private:
  const city::City& city_;
  CityClock clock_;
  Lazy<std::unique_ptr<city::SearchIndex>> search_;
  Lazy<std::unique_ptr<AreaTree>> areas_;
  Lazy<std::vector<NamedStreet>> streets_;
  Lazy<std::unique_ptr<Timetable>> timetable_;
  Lazy<std::vector<Viewpoint>> viewpoints_;
  Lazy<CityTotals> totals_;
};

}  // namespace citiverse::api
