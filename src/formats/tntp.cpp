// Text of one network, its trips or its flows, line by line; what is wrong is told with its line.
#include "formats/tntp.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"

namespace citiverse::formats {
namespace {

using base::ErrorCode;
using base::fail;

/// One line after another, without its end and without what follows "~".
class TntpLines {
 public:
  explicit TntpLines(std::string_view text) : text_(text) {}

  bool next() {
    if (text_.empty()) return false;
    const std::size_t end = text_.find('\n');
    line_ = text_.substr(0, end);
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    line_ = line_.substr(0, line_.find('~'));
    number_++;
    return true;
  }
  std::string_view line() const { return line_; }
  std::size_t number() const { return number_; }

  std::unexpected<base::Error> wrong(std::string_view what) const {
    return fail(ErrorCode::bad_input, fmt::format("line {}: {}", number_, what));
  }

 private:
  std::string_view text_;
  std::string_view line_;
  std::size_t number_ = 0;
};

bool is_tntp_gap(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Takes fields off the front of a line.
class TntpFields {
 public:
  explicit TntpFields(std::string_view line) : rest_(line) { skip(); }

  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    skip();
    return true;
  }
  template <class Number>
  std::optional<Number> number() {
    Number value{};
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return std::nullopt;
    if constexpr (std::is_floating_point_v<Number>) {
      if (!std::isfinite(value)) return std::nullopt;
    }
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (!rest_.empty() && !is_tntp_gap(rest_.front()) && rest_.front() != ';' && rest_.front() != ':') return std::nullopt;
    skip();
    return value;
  }

 private:
  void skip() {
    while (!rest_.empty() && is_tntp_gap(rest_.front())) rest_.remove_prefix(1);
  }
  std::string_view rest_;
};

struct TntpHead {
  std::optional<double> zones;
  std::optional<double> nodes;
  std::optional<double> links;
  std::optional<double> first_through_node;
  std::optional<double> total;
};

base::Result<TntpHead> read_head(TntpLines& lines) {
  TntpHead head;
  while (lines.next()) {
    const std::string_view line = base::trimmed(lines.line());
    if (line.empty() || line == "\r") continue;
    const std::size_t end = line.find('>');
    if (line.front() != '<' || end == std::string_view::npos) {
      return lines.wrong("metadata look like '<NUMBER OF ZONES> 24' and end with '<END OF METADATA>'");
    }
    const std::string_view tag = line.substr(1, end - 1);
    if (tag == "END OF METADATA") return head;
    std::optional<double>* const place = tag == "NUMBER OF ZONES"   ? &head.zones
                                         : tag == "NUMBER OF NODES" ? &head.nodes
                                         : tag == "NUMBER OF LINKS" ? &head.links
                                         : tag == "FIRST THRU NODE" ? &head.first_through_node
                                         : tag == "TOTAL OD FLOW"   ? &head.total
                                                                    : nullptr;
    if (!place) continue;
    *place = TntpFields(line.substr(end + 1)).number<double>();
    if (!*place || **place < 0) return lines.wrong(fmt::format("<{}> must be followed by a number, 0 or more", tag));
  }
  return fail(ErrorCode::bad_input, "the file has no line '<END OF METADATA>'");
}

base::Result<std::uint32_t> count_of(const std::optional<double>& stated, std::string_view tag, std::uint32_t max) {
  if (!stated) return fail(ErrorCode::bad_input, fmt::format("the metadata do not state <{}>", tag));
  if (*stated > max) return fail(ErrorCode::limit, fmt::format("<{}> is {}; at most {} are read", tag, *stated, max));
  if (*stated != std::floor(*stated)) return fail(ErrorCode::bad_input, fmt::format("<{}> must be a whole number", tag));
  return static_cast<std::uint32_t>(*stated);
}

base::Result<TntpLink> link_of(const TntpLines& lines, TntpFields& fields, std::uint32_t nodes) {
  TntpLink link{};
  const auto from = fields.number<std::uint32_t>();
  const auto to = fields.number<std::uint32_t>();
  if (!from || !to) return lines.wrong("a link begins with two numbers of nodes");
  if (*from < 1 || *from > nodes || *to < 1 || *to > nodes) {
    return lines.wrong(fmt::format("link {} to {}: nodes are 1 to {}", *from, *to, nodes));
  }
  link.from = *from;
  link.to = *to;
  static constexpr std::string_view kNames[] = {"capacity", "length", "free flow time", "b", "power", "speed", "toll"};
  double* const places[] = {&link.capacity, &link.length, &link.free_flow_time, &link.b, &link.power, &link.speed, &link.toll};
  for (std::size_t i = 0; i < std::size(places); i++) {
    const auto value = fields.number<double>();
    if (!value || *value < 0) {
      return lines.wrong(fmt::format("link {} to {}: {} must be a number, 0 or more", *from, *to, kNames[i]));
    }
    *places[i] = *value;
  }
  const auto type = fields.number<std::int32_t>();
  if (!type) return lines.wrong(fmt::format("link {} to {}: its type, the tenth field, must be a whole number", *from, *to));
  link.type = *type;
  fields.take(';');
  if (!fields.at_end()) return lines.wrong(fmt::format("link {} to {}: more than ten fields", *from, *to));
  return link;
}

}  // namespace

base::Result<TntpNetwork> read_tntp_network(std::string_view text) {
  TntpLines lines(text);
  const auto head = read_head(lines);
  if (!head) return std::unexpected(head.error());
  const auto zones = count_of(head->zones, "NUMBER OF ZONES", kTntpZonesMax);
  const auto nodes = count_of(head->nodes, "NUMBER OF NODES", kTntpNodesMax);
  const auto links = count_of(head->links, "NUMBER OF LINKS", kTntpLinksMax);
  const auto first = count_of(head->first_through_node.value_or(1), "FIRST THRU NODE", kTntpNodesMax + 1);
  for (const auto* count : {&zones, &nodes, &links, &first}) {
    if (!*count) return std::unexpected(count->error());
  }
  if (*zones > *nodes) return fail(ErrorCode::bad_input, fmt::format("{} zones, but only {} nodes", *zones, *nodes));
  TntpNetwork network{.zones = *zones, .nodes = *nodes, .first_through_node = *first, .links = {}};
  network.links.reserve(std::min<std::size_t>(*links, text.size() / 20));
  while (lines.next()) {
    TntpFields fields(lines.line());
    if (fields.at_end()) continue;
    if (network.links.size() == *links) return lines.wrong(fmt::format("a link more than the {} that are stated", *links));
    auto link = link_of(lines, fields, *nodes);
    if (!link) return std::unexpected(std::move(link.error()));
    network.links.push_back(*link);
  }
  if (network.links.size() != *links) {
    return fail(ErrorCode::bad_input, fmt::format("{} links are stated, and {} are there", *links, network.links.size()));
  }
  return network;
}

base::Result<TntpTrips> read_tntp_trips(std::string_view text) {
  TntpLines lines(text);
  const auto head = read_head(lines);
  if (!head) return std::unexpected(head.error());
  const auto zones = count_of(head->zones, "NUMBER OF ZONES", kTntpZonesMax);
  if (!zones) return std::unexpected(zones.error());
  TntpTrips trips{.zones = *zones, .total_stated = head->total.value_or(0), .trips = {}};
  constexpr std::string_view kOrigin = "Origin";
  std::uint32_t origin = 0;
  while (lines.next()) {
    std::string_view line = base::trimmed(lines.line());
    if (line.starts_with(kOrigin)) {
      const auto number = TntpFields(line.substr(kOrigin.size())).number<std::uint32_t>();
      if (!number || *number < 1 || *number > *zones) return lines.wrong(fmt::format("origins are 1 to {}", *zones));
      origin = *number;
      continue;
    }
    TntpFields fields(line);
    while (!fields.at_end()) {
      const auto to = fields.number<std::uint32_t>();
      if (!to || !fields.take(':')) return lines.wrong("trips look like '7 : 120.5;'");
      const auto count = fields.number<double>();
      if (!count || *count < 0) return lines.wrong(fmt::format("trips to zone {} must be a number, 0 or more", *to));
      if (*to < 1 || *to > *zones) return lines.wrong(fmt::format("trips to zone {}: zones are 1 to {}", *to, *zones));
      if (origin == 0) return lines.wrong("trips before the first 'Origin'");
      if (!fields.take(';') && !fields.at_end()) return lines.wrong(fmt::format("no ';' after the trips to zone {}", *to));
      if (*count == 0) continue;
      if (trips.trips.size() == kTntpTripsMax) {
        return fail(ErrorCode::limit, fmt::format("line {}: at most {} pairs are read", lines.number(), kTntpTripsMax));
      }
      trips.trips.push_back({origin, *to, *count});
    }
  }
  return trips;
}

base::Result<std::vector<TntpFlow>> read_tntp_flows(std::string_view text) {
  TntpLines lines(text);
  std::vector<TntpFlow> flows;
  bool first = true;
  while (lines.next()) {
    TntpFields fields(lines.line());
    if (fields.at_end()) continue;
    const auto from = fields.number<std::uint32_t>();
    if (!from && std::exchange(first, false)) continue;  // The line of names.
    first = false;
    const auto to = fields.number<std::uint32_t>();
    const auto volume = fields.number<double>();
    const auto cost = fields.number<double>();
    fields.take(';');
    if (!from || !to || !volume || *volume < 0 || !cost || !fields.at_end()) {
      return lines.wrong("a flow is two nodes, volume and cost");
    }
    if (flows.size() == kTntpLinksMax) {
      return fail(ErrorCode::limit, fmt::format("line {}: at most {} flows are read", lines.number(), kTntpLinksMax));
    }
    flows.push_back({*from, *to, *volume, *cost});
  }
  return flows;
}

}  // namespace citiverse::formats
