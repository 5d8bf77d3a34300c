// Two sorted tables, built when the node starts.
#include "api/feeds/anchor_finder.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace citiverse::api::feeds {
namespace {

using Code = std::pair<std::string, city::FeatureId>;

struct Tables {
  std::vector<Code> stops, lines;
};

void add_codes(std::vector<Code>& table, const city::City& city, const city::Feature& feature, std::string_view own) {
  if (!own.empty()) table.emplace_back(own, feature.id);
  for (const std::string_view key : {"gtfs:stop_id", "gtfs:stop_code", "gtfs:route_id", "ref"})
    if (const std::string_view code = city.attribute(feature, key); !code.empty()) table.emplace_back(code, feature.id);
}

void sort_table(std::vector<Code>& table) {
  std::ranges::sort(table);
  const auto same = [](const Code& a, const Code& b) { return a.first == b.first; };
  table.erase(std::ranges::unique(table, same).begin(), table.end());
}

}  // namespace

AnchorFinder find_anchors_in(const city::City& city) {
  const auto tables = std::make_shared<Tables>();
  const auto features = [&](city::FeatureKind kind) {
    const city::Run run = city.of_kind(kind);
    return city.features().subspan(run.first, run.count);
  };
  for (const city::Feature& each : features(city::FeatureKind::stop))
    add_codes(tables->stops, city, each, city.text(city.stop(each).code));
  for (const city::Feature& each : features(city::FeatureKind::line))
    add_codes(tables->lines, city, each, city.text(city.line(each).reference));
  sort_table(tables->stops);
  sort_table(tables->lines);
  return [tables](AnchorRule::By by, std::string_view code) -> std::string {
    const auto& table = by == AnchorRule::By::stop ? tables->stops : tables->lines;
    const auto found = std::ranges::lower_bound(table, code, {}, [](const Code& each) { return std::string_view(each.first); });
    return found != table.end() && found->first == code ? to_string(found->second) : std::string();
  };
}

}  // namespace citiverse::api::feeds
