// What a changed building costs: its check, the city that the plan makes, and each tile that it touches, on a city of 50,000.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "base/random.h"
#include "city/city_folder.h"
#include "plan/plan.h"
#include "plan/planned_city.h"
#include "tiles/tile_store.h"

namespace {

using namespace citiverse;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); }

double middle(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const auto city = city::open_city(arguments[1]);
  if (!city) return 1;
  tiles::TileStore base(*city, std::filesystem::path(arguments[2]) / "tiles");
  const city::Run buildings = city->of_kind(city::FeatureKind::building);
  const std::size_t levels = *plan::family_of(static_cast<std::uint8_t>(city::FeatureKind::building))->property("levels");
  base::Random dice(7);
  plan::Plan plan(*city, 1);
  std::vector<double> check, made, store_made, finest, all, finest_max;
  std::size_t tiles = 0;
  constexpr int kBuildings = 25;
  for (int i = 0; i < kBuildings; ++i) {
    const auto id = plan::ObjectId::of(city->feature(buildings.first + dice.below(buildings.count)).id);
    auto begin = Clock::now();
    const auto entry = plan.append({.author = 1}, {{plan::Action::change, id, {{levels, 2.0 + dice.below(12)}}}});
    check.push_back(ms_since(begin));
    if (!entry) continue;
    begin = Clock::now();
    const plan::PlannedCity planned = plan::planned_city(*city, plan.state());
    made.push_back(ms_since(begin));
    begin = Clock::now();
    std::vector<tiles::TouchedGround> ground;
    for (const plan::Touch& touch : planned.touches) ground.push_back({touch.box, touch.print});
    tiles::TileStore store(planned.city, base, std::move(ground), planned.print);
    store_made.push_back(ms_since(begin));
    // Tiles of earlier buildings are there already: what takes time was touched by this one.
    double sum = 0, finest_sum = 0, finest_one = 0;
    std::size_t deepest = 0;
    std::vector<std::string> touched;
    for (const std::string& path : store.all_paths()) {
      if (!store.is_touched(path)) continue;
      touched.push_back(path);
      if (path.starts_with("3d/content/")) deepest = std::max<std::size_t>(deepest, std::stoul(path.substr(11)));
    }
    for (const std::string& path : touched) {
      begin = Clock::now();
      if (!store.ensure(path)) return 1;
      const double took = ms_since(begin);
      sum += took;
      if (!path.starts_with("3d/content/") || std::stoul(path.substr(11)) != deepest) continue;
      finest_sum += took;
      finest_one = std::max(finest_one, took);
    }
    tiles += touched.size();
    all.push_back(sum);
    finest.push_back(finest_sum);
    finest_max.push_back(finest_one);
  }
  fmt::print(
      "features {}\ncheck_ms {:.3f}\ncity_ms {:.1f}\nstore_ms {:.2f}\nfinest_ms {:.1f}\nfinest_one_ms {:.1f}\nall_ms "
      "{:.1f}\nall_worst_ms {:.1f}\n",
      city->features().size(), middle(check), middle(made), middle(store_made), middle(finest), middle(finest_max), middle(all),
      *std::ranges::max_element(all));
  return 0;
}
