#include "ingest/osm_mapping.h"

#include <gtest/gtest.h>

namespace citiverse::ingest {
namespace {

using namespace city;

OsmTags tags(std::initializer_list<std::pair<const char*, const char*>> list) {
  OsmTags t;
  for (const auto& [key, value] : list) t.add(key, value);
  return t;
}

TEST(OsmBuilding, takes_height_levels_and_roof_from_the_tags) {
  ValueFaults faults;
  const auto b = building_from(tags({{"building", "apartments"},
                                     {"building:levels", "6"},
                                     {"height", "22 m"},
                                     {"roof:shape", "hipped"},
                                     {"roof:height", "4"},
                                     {"building:colour", "#fff"},
                                     {"start_date", "1897"}}),
                               false, 300, faults);
  ASSERT_TRUE(b);
  EXPECT_FLOAT_EQ(b->height_m, 22);
  EXPECT_EQ(b->levels, 6);
  EXPECT_EQ(b->roof, RoofShape::hipped);
  EXPECT_FLOAT_EQ(b->roof_height_m, 4);
  EXPECT_EQ(b->colour_rgb, 0xFFFFFFu);
  EXPECT_EQ(b->year_built, 1897);
  EXPECT_EQ(b->use, BuildingUse::apartments);
  EXPECT_EQ(b->estimated, 0);
  EXPECT_TRUE(faults.empty());
}

TEST(OsmBuilding, estimates_the_height_from_levels_and_marks_it) {
  ValueFaults faults;
  const auto b =
      building_from(tags({{"building", "apartments"}, {"building:levels", "5"}, {"roof:shape", "flat"}}), false, 300, faults);
  ASSERT_TRUE(b);
  EXPECT_FLOAT_EQ(b->height_m, 15);
  EXPECT_EQ(b->estimated, kHeightEstimated);
}

TEST(OsmBuilding, estimates_pitched_roofs_for_low_houses_and_churches_only) {
  ValueFaults faults;
  const auto roof = [&](std::initializer_list<std::pair<const char*, const char*>> said, double area_m2, bool is_part = false) {
    const auto b = building_from(tags(said), is_part, area_m2, faults);
    EXPECT_TRUE(b->estimated & kRoofEstimated);
    return b->roof;
  };
  EXPECT_EQ(roof({{"building", "yes"}}, 120), RoofShape::gabled);
  EXPECT_EQ(roof({{"building", "house"}, {"building:levels", "2"}}, 120), RoofShape::gabled);
  EXPECT_EQ(roof({{"building", "church"}}, 900), RoofShape::gabled);
  EXPECT_EQ(roof({{"building", "yes"}, {"height", "30"}}, 120), RoofShape::flat);
  EXPECT_EQ(roof({{"building", "residential"}, {"building:levels", "9"}}, 350), RoofShape::flat);
  EXPECT_EQ(roof({{"building", "yes"}}, 3000), RoofShape::flat);
  EXPECT_EQ(roof({{"building", "office"}}, 120), RoofShape::flat);
  EXPECT_EQ(roof({{"building:part", "yes"}}, 120, true), RoofShape::flat);
}

TEST(OsmBuilding, tells_inverted_and_absurd_heights_and_estimates_instead) {
  for (const char* height : {"-3", "20000", "tall", "1e9", "0"}) {
    ValueFaults faults;
    const auto b = building_from(tags({{"building", "yes"}, {"height", height}}), false, 100, faults);
    ASSERT_TRUE(b);
    EXPECT_EQ(faults.size(), 1u) << height;
    EXPECT_GT(b->height_m, 2) << height;
    EXPECT_LT(b->height_m, 30) << height;
    EXPECT_TRUE(b->estimated & kHeightEstimated) << height;
  }
  ValueFaults faults;
  const auto upside_down = building_from(tags({{"building", "yes"}, {"height", "5"}, {"min_height", "9"}}), false, 100, faults);
  EXPECT_EQ(upside_down->min_height_m, 0);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].reason, "underside at or above the top");
}

TEST(OsmStreet, knows_lanes_speed_pavements_and_surface) {
  ValueFaults faults;
  const auto s = street_from(tags({{"highway", "primary"},
                                   {"lanes", "3"},
                                   {"lanes:forward", "2"},
                                   {"maxspeed", "30 mph"},
                                   {"sidewalk", "left"},
                                   {"surface", "sett"},
                                   {"width", "10"},
                                   {"lit", "yes"},
                                   {"bridge", "viaduct"}}),
                             faults);
  ASSERT_TRUE(s);
  EXPECT_EQ(s->lanes_forward, 2);
  EXPECT_EQ(s->lanes_backward, 1);
  EXPECT_EQ(s->speed_kmh, 48);
  EXPECT_GT(s->pavement_left_m, 0);
  EXPECT_EQ(s->pavement_right_m, 0);
  EXPECT_EQ(s->surface, Surface::sett);
  EXPECT_EQ(s->structure, Structure::bridge);
  EXPECT_EQ(s->layer, 1);
  EXPECT_TRUE(s->is_lit);
  EXPECT_EQ(s->estimated, 0);
}

struct Direction {
  const char* why;
  std::initializer_list<std::pair<const char*, const char*>> tags;
  int forward, backward;
};

TEST(OsmStreet, lets_each_mode_go_where_the_tags_let_it) {
  constexpr int all = kWalk | kCycle | kDrive | kBus;
  const Direction cases[] = {
      {"plain", {{"highway", "residential"}}, all, all},
      {"one way", {{"highway", "residential"}, {"oneway", "yes"}}, all, kWalk},
      {"against the line", {{"highway", "residential"}, {"oneway", "-1"}}, kWalk, all},
      {"cycle contraflow", {{"highway", "residential"}, {"oneway", "yes"}, {"oneway:bicycle", "no"}}, all, kWalk | kCycle},
      {"contraflow lane", {{"highway", "residential"}, {"oneway", "yes"}, {"cycleway", "opposite_lane"}}, all, kWalk | kCycle},
      {"roundabout", {{"highway", "tertiary"}, {"junction", "roundabout"}}, all, kWalk},
      {"motorway", {{"highway", "motorway"}}, kDrive | kBus, 0},
      {"footway", {{"highway", "footway"}}, kWalk, kWalk},
      {"footway for bicycles", {{"highway", "footway"}, {"bicycle", "yes"}}, kWalk | kCycle, kWalk | kCycle},
      {"cycleway for walkers", {{"highway", "cycleway"}, {"foot", "designated"}}, kWalk | kCycle, kWalk | kCycle},
      {"bus only",
       {{"highway", "service"}, {"motor_vehicle", "no"}, {"bus", "yes"}},
       kWalk | kCycle | kBus,
       kWalk | kCycle | kBus},
      {"private", {{"highway", "service"}, {"access", "private"}}, 0, 0},
      {"private but on foot", {{"highway", "service"}, {"access", "no"}, {"foot", "yes"}}, kWalk, kWalk},
      {"no motors", {{"highway", "residential"}, {"motor_vehicle", "no"}}, kWalk | kCycle, kWalk | kCycle},
      {"steps", {{"highway", "steps"}}, kWalk, kWalk},
      {"under construction", {{"highway", "construction"}}, 0, 0},
  };
  for (const Direction& c : cases) {
    ValueFaults faults;
    const auto s = street_from(tags(c.tags), faults);
    ASSERT_TRUE(s) << c.why;
    EXPECT_EQ(s->forward, c.forward) << c.why;
    EXPECT_EQ(s->backward, c.backward) << c.why;
  }
  ValueFaults faults;
  EXPECT_FALSE(street_from(tags({{"highway", "bus_stop"}}), faults));
}

TEST(OsmStreet, estimates_what_is_missing_and_marks_it) {
  ValueFaults faults;
  const auto s = street_from(tags({{"highway", "residential"}}), faults);
  EXPECT_EQ(s->estimated, kSpeedEstimated | kLanesEstimated | kWidthEstimated | kPavementEstimated);
  EXPECT_EQ(s->lanes_forward + s->lanes_backward, 2);
  EXPECT_NEAR(s->width_m, 5.5, 1e-6);
}

TEST(OsmPlace, has_a_class_and_keeps_the_word_of_the_source) {
  const std::pair<OsmTags, PlaceClass> cases[] = {{tags({{"shop", "bakery"}}), PlaceClass::shop},
                                                  {tags({{"amenity", "pharmacy"}}), PlaceClass::pharmacy},
                                                  {tags({{"tourism", "hotel"}}), PlaceClass::lodging},
                                                  {tags({{"amenity", "townhall"}}), PlaceClass::city_office},
                                                  {tags({{"office", "government"}}), PlaceClass::city_office},
                                                  {tags({{"amenity", "kindergarten"}}), PlaceClass::childcare},
                                                  {tags({{"leisure", "playground"}}), PlaceClass::park}};
  for (const auto& [t, expected] : cases) {
    const auto place = place_from(t);
    ASSERT_TRUE(place) << t.all()[0].value;
    EXPECT_EQ(place->place_class, expected) << t.all()[0].value;
    EXPECT_EQ(place->subtype, t.all()[0].value);
  }
  EXPECT_FALSE(place_from(tags({{"shop", "vacant"}})));
  EXPECT_FALSE(place_from(tags({{"leisure", "pitch"}})));
}

TEST(OsmArea, closed_ways_are_areas_only_where_their_tags_mean_it) {
  EXPECT_TRUE(means_area(tags({{"building", "yes"}})));
  EXPECT_TRUE(means_area(tags({{"landuse", "grass"}})));
  EXPECT_TRUE(means_area(tags({{"highway", "pedestrian"}, {"area", "yes"}})));
  EXPECT_FALSE(means_area(tags({{"highway", "pedestrian"}})));
  EXPECT_FALSE(means_area(tags({{"highway", "residential"}, {"junction", "roundabout"}})));
  EXPECT_FALSE(means_area(tags({{"barrier", "fence"}})));
  EXPECT_FALSE(means_area(tags({{"natural", "coastline"}})));
  EXPECT_FALSE(means_area(tags({{"landuse", "grass"}, {"area", "no"}})));
}

}  // namespace
}  // namespace citiverse::ingest
