// Reading a query: every parameter has a type and bounds, and the first that is wrong is named with its fix.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "city/city.h"
#include "geo/lat_lon.h"
#include "net/reply.h"
#include "net/target.h"

namespace citiverse::api {

/// Reads go on after a failure and give defaults; ask failure() once at the end. A parameter given twice, and one that no read
/// asked for by the time of failure(), are failures too: a misspelt name must not pass unseen.
class Parameters {
 public:
  explicit Parameters(std::string_view query);

  std::optional<std::string> text(std::string_view name, std::size_t bytes_max);
  bool boolean(std::string_view name);
  std::optional<double> number(std::string_view name, double least, double most);
  double number_or(std::string_view name, double least, double most, double otherwise);
  std::size_t count_or(std::string_view name, std::size_t least, std::size_t most, std::size_t otherwise);
  std::vector<std::string> list(std::string_view name, std::size_t items_max);
  /// A BCP 47 tag's primary subtag in lower case; empty when absent.
  std::string language();
  /// lat and lon, which go together.
  std::optional<geo::LatLon> place();
  geo::LatLon required_place();
  /// What next_cursor() wrote: how many items were given before.
  std::size_t cursor();
  static std::string next_cursor(std::size_t items_before);

  /// Marks a parameter as wrong; the first mark counts.
  void fail(std::string_view name, std::string message);

  struct Failure {
    std::string parameter;
    std::string message;
  };
  const std::optional<Failure>& failure();

 private:
  const std::string* find(std::string_view name);

  net::QueryParameters parameters_;
  std::vector<bool> used_;
  std::optional<Failure> failure_;
};

/// 400 bad_input that names the parameter.
net::Reply bad_parameter(const Parameters::Failure& failure);

/// A place in the city's plane. One too far away for the plane to have a meaning is marked as wrong.
geo::Vec2d plane_point(const city::City& city, geo::LatLon place, Parameters& parameters);

/// Items that a cursor can reach; beyond, a narrower question is better.
inline constexpr std::size_t kCursorItemsMax = 10'000;

}  // namespace citiverse::api
