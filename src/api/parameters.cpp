// Strict on purpose: a request that is answered differently from what its author meant is worse than an error.
#include "api/parameters.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace citiverse::api {
namespace {

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

Parameters::Parameters(std::string_view query) {
  auto parsed = net::parse_query(query);
  if (!parsed) {
    failure_ = Failure{"", parsed.error().message};
    return;
  }
  parameters_ = std::move(*parsed);
  used_.assign(parameters_.size(), false);
}

void Parameters::fail(std::string_view name, std::string message) {
  if (!failure_) failure_ = Failure{std::string(name), std::move(message)};
}

const std::string* Parameters::find(std::string_view name) {
  const std::string* found = nullptr;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].first != name) continue;
    if (found != nullptr) fail(name, fmt::format("{} is given more than once", name));
    found = &parameters_[i].second;
    used_[i] = true;
  }
  return found;
}

const std::optional<Parameters::Failure>& Parameters::failure() {
  for (std::size_t i = 0; i < parameters_.size() && !failure_; ++i) {
    if (!used_[i]) fail(parameters_[i].first.substr(0, 100), "this address has no such parameter; see protocol/openapi.yaml");
  }
  return failure_;
}

std::optional<std::string> Parameters::text(std::string_view name, std::size_t bytes_max) {
  const std::string* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->size() > bytes_max) fail(name, fmt::format("{} is longer than {} bytes", name, bytes_max));
  return *value;
}

bool Parameters::boolean(std::string_view name) {
  const std::string* value = find(name);
  if (value == nullptr || *value == "false") return false;
  if (*value != "true") fail(name, fmt::format("{} is true or false", name));
  return *value == "true";
}

std::optional<double> Parameters::number(std::string_view name, double least, double most) {
  const std::string* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto number = parse_number(*value);
  if (!number || *number < least || *number > most) {
    fail(name, fmt::format("{} is a number from {} to {}", name, least, most));
    return std::nullopt;
  }
  return number;
}

double Parameters::number_or(std::string_view name, double least, double most, double otherwise) {
  return number(name, least, most).value_or(otherwise);
}

std::size_t Parameters::count_or(std::string_view name, std::size_t least, std::size_t most, std::size_t otherwise) {
  const auto value = number(name, static_cast<double>(least), static_cast<double>(most));
  if (!value) return otherwise;
  if (*value != std::floor(*value)) fail(name, fmt::format("{} is a whole number", name));
  return static_cast<std::size_t>(*value);
}

std::vector<std::string> Parameters::list(std::string_view name, std::size_t items_max) {
  std::vector<std::string> items;
  const std::string* value = find(name);
  if (value == nullptr) return items;
  for (std::size_t begin = 0; begin <= value->size();) {
    const std::size_t end = std::min(value->find(',', begin), value->size());
    items.push_back(value->substr(begin, end - begin));
    begin = end + 1;
  }
  if (items.size() > items_max) fail(name, fmt::format("{} holds more than {} items", name, items_max));
  return items;
}

std::string Parameters::language() {
  const std::string* value = find("lang");
  if (value == nullptr) return {};
  std::string primary = value->substr(0, value->find('-'));
  bool valid = primary.size() >= 2 && primary.size() <= 3 && value->size() <= 35;
  for (char& c : primary) {
    valid = valid && is_letter(c);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  if (!valid) fail("lang", "lang is a language tag such as fr or pt-BR");
  return primary;
}

std::optional<geo::LatLon> Parameters::place() {
  const auto lat = number("lat", -90, 90);
  const auto lon = number("lon", -180, 180);
  if (lat.has_value() != lon.has_value()) fail(lat ? "lon" : "lat", "lat and lon go together; give both");
  if (!lat || !lon) return std::nullopt;
  return geo::LatLon{*lat, *lon};
}

geo::LatLon Parameters::required_place() {
  const auto where = place();
  if (!where) fail("lat", "lat and lon are needed, in degrees, such as lat=43.7384&lon=7.4246");
  return where.value_or(geo::LatLon{});
}

std::size_t Parameters::cursor() {
  const std::string* value = find("cursor");
  if (value == nullptr) return 0;
  std::size_t before = 0;
  const auto [end, error] =
      std::from_chars(value->data() + std::min<std::size_t>(1, value->size()), value->data() + value->size(), before);
  if (!value->starts_with('n') || error != std::errc() || end != value->data() + value->size() || before > kCursorItemsMax) {
    fail("cursor", "cursor is the next_cursor of the page before");
    return 0;
  }
  return before;
}

std::string Parameters::next_cursor(std::size_t items_before) { return fmt::format("n{}", items_before); }

geo::Vec2d plane_point(const city::City& city, geo::LatLon place, Parameters& parameters) {
  constexpr double kFarthestDeg = 5;
  const geo::LatLon origin = city.plane().origin();
  const double east_deg = std::remainder(place.lon_deg - origin.lon_deg, 360.0);
  if (std::abs(place.lat_deg - origin.lat_deg) > kFarthestDeg || std::abs(east_deg) > kFarthestDeg) {
    parameters.fail(
        "lat", fmt::format("this place is far from the city, which lies at {:.4f}, {:.4f}", origin.lat_deg, origin.lon_deg));
    return {};
  }
  return city.plane().to_plane(place);
}

net::Reply bad_parameter(const Parameters::Failure& failure) {
  return net::problem(400, "bad_input", failure.message, failure.parameter);
}

}  // namespace citiverse::api
