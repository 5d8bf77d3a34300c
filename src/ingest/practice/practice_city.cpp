// The order of making: land, streets, blocks, buildings, people, planting, names, places, lines; then the city.
#include "ingest/practice/practice_city.h"

#include <fmt/format.h>

#include "ingest/practice/city_writer.h"
#include "ingest/practice/street_growth.h"

namespace citiverse::ingest::practice {
namespace {

// Open water west of the Bay of Biscay, at the latitude of such cities, so that sun and seasons are theirs.
constexpr geo::LatLon kPlace{47.0, -9.5};

}  // namespace

base::Result<city::City> make_practice_city(const PracticeOptions& options) {
  if (options.people < kPeopleMin || options.people > kPeopleMax)
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("{} people: a practice city has {} to {}", options.people, kPeopleMin, kPeopleMax));
  const Setting setting(options.seed, options.people);
  city::Terrain terrain = setting.terrain();
  const TownPlan plan(setting);
  const StreetField field(setting, terrain);
  const StreetGraph graph(StreetGrowth(setting, plan, field).grow());
  const std::vector<Block> blocks = lay_out_blocks(setting, plan, field, graph);
  Draft draft{setting, plan, graph, blocks, ways_of(graph, setting, plan, field), build_town(setting, plan, blocks), {}};
  add_park_paths(draft.ways, graph, blocks, draft.town.houses, setting);
  settle(draft.town.houses, options.people);
  Greenery leisure;
  lay_out_leisure(setting, blocks, draft.ways, draft.town.houses, leisure);
  draft.greenery = plant(setting, plan, field, blocks, draft.ways, draft.town, std::move(leisure));

  Names names(options.seed);
  name_ways(draft, names);
  name_blocks(draft, names);
  lay_out_districts(draft, names);
  give_addresses(draft);
  const std::vector<PlannedPlace> places = open_places(draft, names);
  const Transit transit = plan_transit(draft, names);

  city::CityBuilder builder(names.city().local, kPlace);
  builder.set_time_zone("Europe/Lisbon");
  CityWriter(draft, names, builder).write(places, transit);
  builder.set_terrain(std::move(terrain));
  return std::move(builder).build();
}

}  // namespace citiverse::ingest::practice
