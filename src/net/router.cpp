// Routes are few: comparing them one after another costs less than a tree would.
#include "net/router.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace citiverse::net {

std::vector<Router::Segment> Router::parse(std::string_view pattern) {
  CITIVERSE_CHECK(pattern.starts_with('/'), "a pattern is an absolute path");
  std::vector<Segment> segments;
  std::string_view rest = pattern.substr(1);
  std::size_t parameters = 0;
  for (bool more = true; more;) {
    const std::size_t end = rest.find('/');
    const std::string_view piece = rest.substr(0, end);
    more = end != std::string_view::npos;
    if (more) rest.remove_prefix(end + 1);
    Segment segment;
    if (piece.starts_with('{')) {
      segment.kind = piece.ends_with("*}") ? Segment::Kind::rest : Segment::Kind::one;
      ++parameters;
    } else {
      segment.text = piece;
    }
    segments.push_back(std::move(segment));
  }
  CITIVERSE_CHECK(parameters <= kPathParametersMax, "a Call has room for kPathParametersMax");
  return segments;
}

void Router::add(Route route) {
  CITIVERSE_CHECK(route.quick || route.make || route.upgrade, "a route answers");
  CITIVERSE_CHECK(route.access != kUnnamedAccess, "a route says who may use it");
  CITIVERSE_CHECK(route.method != Method::head && route.method != Method::options && route.method != Method::other,
                  "HEAD and OPTIONS are answered by net");
  CITIVERSE_CHECK(!route.upgrade || route.method == Method::get, "a WebSocket's handshake is a GET");
  CITIVERSE_CHECK(route.body_bytes_max <= kLargeBodyBytesMax, "no body is larger than kLargeBodyBytesMax");
  std::vector<Segment> pattern = parse(route.pattern);
  auto place = std::ranges::find_if(places_, [&](const Place& known) { return known.pattern == pattern; });
  if (place == places_.end()) {
    places_.push_back({std::move(pattern), {}});
    place = std::prev(places_.end());
    place->routes.fill(kNoRoute);
  }
  std::uint32_t& slot = place->routes[static_cast<std::size_t>(route.method)];
  CITIVERSE_CHECK(slot == kNoRoute, "a method of a pattern has one route");
  slot = static_cast<std::uint32_t>(routes_.size());
  routes_.push_back(std::move(route));
}

bool Router::matches(std::span<const Segment> pattern, std::string_view path, Match& match) {
  std::size_t parameter = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const Segment& segment = pattern[i];
    if (segment.kind == Segment::Kind::rest) {
      match.parameters[parameter] = path;
      return !path.empty();
    }
    const std::size_t end = path.find('/');
    const std::string_view piece = path.substr(0, end);
    const bool is_last = i + 1 == pattern.size();
    if ((end == std::string_view::npos) != is_last) return false;
    if (segment.kind == Segment::Kind::one) {
      if (piece.empty()) return false;
      match.parameters[parameter++] = piece;
    } else if (piece != segment.text) {
      return false;
    }
    if (!is_last) path.remove_prefix(end + 1);
  }
  return true;
}

Router::Match Router::match(std::string_view path) const {
  if (path.empty() || path[0] != '/') return {};
  path.remove_prefix(1);
  for (std::uint32_t i = 0; i < places_.size(); ++i) {
    Match match;
    if (matches(places_[i].pattern, path, match)) {
      match.place = i;
      return match;
    }
  }
  return {};
}

std::uint32_t Router::route_of(const Match& match, Method method) const {
  if (method == Method::head) method = Method::get;
  if (match.place == kNoRoute || method == Method::other) return kNoRoute;
  return places_[match.place].routes[static_cast<std::size_t>(method)];
}

std::string Router::allowed(const Match& match) const {
  std::string text;
  for (std::size_t m = 0; m < kMethods; ++m) {
    const auto method = static_cast<Method>(m);
    if (route_of(match, method) != kNoRoute) text.append(name_of(method)).append(", ");
  }
  return text + "OPTIONS";
}

}  // namespace citiverse::net
