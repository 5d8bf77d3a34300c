// Two sorted tables, built when the node starts.
#include "api/feeds/anchor_finder.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace citiverse::api::feeds {
namespace {

struct Code {
  std::string text;
  std::size_t rank = 0;  // What was made for timetables comes before what is written on a pole.
  city::FeatureId id;
};

struct Tables {
  std::vector<Code> stops, lines;
};

constexpr std::array<std::string_view, 6> kCodeKeys{"gtfs:stop_id",   "gtfs:route_id", "gtfs_id",
                                                    "gtfs:stop_code", "ref:IFOPT",     "ref"};

void add_codes(std::vector<Code>& table, const city::City& city, const city::Feature& feature, std::string_view own) {
  for (std::size_t rank = 0; rank < kCodeKeys.size(); ++rank)
    if (const std::string_view code = city.attribute(feature, kCodeKeys[rank]); !code.empty())
      table.push_back({std::string(code), rank, feature.id});
  if (!own.empty()) table.push_back({std::string(own), kCodeKeys.size(), feature.id});
}

void sort_table(std::vector<Code>& table) {
  std::ranges::sort(table, {}, [](const Code& each) { return std::tie(each.text, each.rank, each.id); });
  const auto same = [](const Code& a, const Code& b) { return a.text == b.text; };
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
    const auto found = std::ranges::lower_bound(table, code, {}, [](const Code& each) { return std::string_view(each.text); });
    return found != table.end() && found->text == code ? to_string(found->id) : std::string();
  };
}

}  // namespace citiverse::api::feeds
