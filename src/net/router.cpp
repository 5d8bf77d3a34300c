// Routes are few: comparing them one after another costs less than a tree would.
#include "net/router.h"

#include "base/check.h"

namespace citiverse::net {

void Router::add(Route route) {
  CITIVERSE_CHECK(route.pattern.starts_with('/'), "a pattern is an absolute path");
  CITIVERSE_CHECK(route.quick || route.make, "a route answers");
  std::vector<Segment> segments;
  std::string_view rest = std::string_view(route.pattern).substr(1);
  std::size_t parameters = 0;
  for (bool more = true; more;) {
    const std::size_t end = rest.find('/');
    std::string_view piece = rest.substr(0, end);
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
  patterns_.push_back(std::move(segments));
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
  for (std::uint32_t i = 0; i < patterns_.size(); ++i) {
    Match match;
    if (matches(patterns_[i], path, match)) {
      match.route = i;
      return match;
    }
  }
  return {};
}

bool is_allowed(Access access, const Request&) {
  switch (access) {
    case Access::everyone: return true;
  }
  return false;
}

}  // namespace citiverse::net
