// The city that a plan makes: what was written is in it, what was not is as it was, and streets meet.
#include "plan/planned_city.h"

#include <gmock/gmock.h>

#include "city/network.h"
#include "plan/test_plan.h"

namespace citiverse::plan {
namespace {

const city::City& start() {
  static const city::City made = test_town();
  return made;
}

const city::Feature& feature_in(const city::City& city, std::string_view id) {
  return city.feature(*city.find(object(id).feature()));
}

TEST(PlannedCity, of_no_edits_holds_what_the_base_holds) {
  const PlannedCity planned = planned_city(start(), PlanState());
  EXPECT_TRUE(planned.touches.empty());
  ASSERT_EQ(planned.city.features().size(), start().features().size());
  for (std::size_t i = 0; i < start().features().size(); ++i)
    EXPECT_EQ(planned.city.features()[i].id, start().features()[i].id);
  EXPECT_EQ(planned.city.box(), start().box());
}

TEST(PlannedCity, holds_new_changed_and_no_removed_buildings) {
  Plan plan(start(), 1);
  ASSERT_EQ(refusal(plan, add("building-p1",
                              {{"outline", rectangle(40, 10, 20, 10)}, {"levels", 5.0}, {"use", std::string("apartments")}})),
            "");
  ASSERT_EQ(refusal(plan, change("building-g1", {{"levels", 6.0}, {"name", std::string("Mill")}})), "");
  ASSERT_EQ(refusal(plan, removal("building-g2")), "");
  const PlannedCity planned = planned_city(start(), plan.state());
  const city::Feature& added = feature_in(planned.city, "building-p1");
  EXPECT_FLOAT_EQ(planned.city.building(added).height_m, 15);
  EXPECT_EQ(planned.city.building(added).people, 26u) << "1000 m² of floor, 85 m² a flat, 2.2 people each";
  EXPECT_EQ(planned.city.attribute(added, "plan"), "new");
  const city::Feature& changed = feature_in(planned.city, "building-g1");
  EXPECT_EQ(planned.city.building(changed).levels, 6);
  EXPECT_EQ(planned.city.text(changed.name), "Mill");
  EXPECT_EQ(planned.city.attribute(changed, "plan"), "changed");
  EXPECT_FALSE(planned.city.find(object("building-g2").feature()));
  bool found = false;
  planned.city.index().visit_box({{45, 12}, {46, 13}},
                                 [&](city::FeatureIndex i) { found |= planned.city.feature(i).id == added.id; });
  EXPECT_TRUE(found);
  for (const city::Feature& f : planned.city.features()) EXPECT_EQ(planned.city.feature(*planned.city.find(f.id)).id, f.id);
}

TEST(PlannedCity, is_the_same_whatever_way_led_to_the_state) {
  Plan straight(start(), 1);
  ASSERT_EQ(refusal(straight, change("building-g1", {{"levels", 6.0}})), "");
  Plan winding(start(), 2);
  ASSERT_EQ(refusal(winding, removal("building-g2")), "");
  ASSERT_EQ(refusal(winding, change("building-g1", {{"levels", 9.0}})), "");
  ASSERT_EQ(refusal(winding, change("building-g1", {{"levels", 6.0}}), kBela), "");
  ASSERT_TRUE(winding.undo({.author = kAnna}, 1));
  const PlannedCity a = planned_city(start(), straight.state());
  const PlannedCity b = planned_city(start(), winding.state());
  EXPECT_EQ(a.print, b.print);
  EXPECT_TRUE(std::ranges::equal(a.city.columns().texts.values(), b.city.columns().texts.values()));
  ASSERT_EQ(a.city.features().size(), b.city.features().size());
}

TEST(PlannedCity, a_new_street_joins_what_it_ends_at_and_what_it_crosses) {
  Plan plan(start(), 1);
  // The street runs along y = 45 from x = 5 to 115; the new one ends 0.3 m short of it, another crosses it.
  ASSERT_EQ(
      refusal(plan, add("street-p1", {{"line", line_shape({{33, 5}, {33, 44.7}})}, {"class", std::string("residential")}})),
      "");
  ASSERT_EQ(refusal(plan, add("street-p2", {{"line", line_shape({{70, 5}, {70, 95}})}, {"class", std::string("footway")}})),
            "");
  const PlannedCity planned = planned_city(start(), plan.state());
  const city::Network walking(planned.city, city::kWalk);
  EXPECT_EQ(walking.component_sizes().size(), 1u);
  const auto from = walking.nearest_node({33, 5}, 1);
  const auto to = walking.nearest_node({70, 95}, 1);
  ASSERT_TRUE(from && to);
  const auto path = city::quickest_path(walking, *from, *to);
  ASSERT_TRUE(path);
  EXPECT_NEAR(path->length_m, 40 + 37 + 50, 0.01);
  const city::Network driving(planned.city, city::kDrive);
  EXPECT_FALSE(driving.nearest_node({70, 95}, 1)) << "nobody drives on a footway";
}

TEST(PlannedCity, a_cross_section_becomes_lanes_widths_modes_and_trees) {
  Plan plan(start(), 1);
  const Section section{{LaneUse::pavement, LaneDirection::none, 3},    {LaneUse::trees, LaneDirection::none, 2},
                        {LaneUse::bicycle, LaneDirection::backward, 2}, {LaneUse::bus, LaneDirection::backward, 3},
                        {LaneUse::drive, LaneDirection::forward, 3},    {LaneUse::pavement, LaneDirection::none, 2.5}};
  ASSERT_EQ(refusal(plan, change("street-g1", {{"section", section}, {"speed_kmh", 30.0}})), "");
  const PlannedCity planned = planned_city(start(), plan.state());
  const city::Feature& f = feature_in(planned.city, "street-g1");
  const city::Street& s = planned.city.street(f);
  EXPECT_FLOAT_EQ(s.width_m, 8);
  EXPECT_FLOAT_EQ(s.pavement_left_m, 5);
  EXPECT_FLOAT_EQ(s.pavement_right_m, 2.5f);
  EXPECT_EQ(s.lanes_forward, 1);
  EXPECT_EQ(s.lanes_backward, 1);
  EXPECT_EQ(s.forward, city::kWalk | city::kDrive | city::kBus | city::kCycle);
  EXPECT_EQ(s.backward, city::kWalk | city::kBus | city::kCycle);
  EXPECT_EQ(planned.city.attribute(f, "section"),
            "pavement 3 | trees 2 | bicycle backward 2 | bus backward 3 | drive forward 3 | pavement 2.5");
  // 110 m of street: a tree each 8 m; the strip's middle is 4 + 1 m left of the line, which runs east.
  std::size_t trees = 0;
  const city::Run run = planned.city.of_kind(city::FeatureKind::tree);
  for (city::FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    const city::Feature& tree = planned.city.feature(i);
    if (planned.city.attribute(tree, "street") != "street-g1") continue;
    ++trees;
    EXPECT_NEAR(std::abs(planned.city.anchor(tree).y - 45), 5, 1e-6);
  }
  EXPECT_EQ(trees, 14u);
}

TEST(PlannedCity, a_bus_line_runs_both_ways_at_its_headway) {
  Plan plan(start(), 1);
  const std::vector<city::FeatureId> stops{object("stop-g1").feature(), object("stop-p1").feature(),
                                           object("stop-g2").feature()};
  ASSERT_TRUE(plan.append({.author = kAnna}, {add("stop-p1", {{"name", std::string("Middle")}, {"at", point_shape(60, 50)}}),
                                              add("line-p1", {{"reference", std::string("7")},
                                                              {"stops", stops},
                                                              {"course", line_shape({{5, 45}, {115, 45}})},
                                                              {"headway_min", 7.5},
                                                              {"first_departure_min", 360.0},
                                                              {"last_departure_min", 420.0},
                                                              {"speed_kmh", 18.0}})}));
  const PlannedCity planned = planned_city(start(), plan.state());
  const city::CityColumns& c = planned.city.columns();
  const city::Line& line = planned.city.line(feature_in(planned.city, "line-p1"));
  ASSERT_EQ(line.patterns.count, 2u);
  const city::Pattern& out = c.patterns[line.patterns.first];
  ASSERT_EQ(out.stops.count, 3u);
  EXPECT_EQ(out.trips.count, 9u) << "6:00 to 7:00 each 7.5 minutes";
  EXPECT_EQ(c.trips[out.trips.first + 1].departure_s, 6u * 3600 + 450);
  EXPECT_EQ(planned.city.feature(c.pattern_stops[out.stops.first + 1].stop).id, object("stop-p1").feature());
  EXPECT_EQ(c.pattern_stops[out.stops.first + 1].departure_s, 11u) << "55 m at 18 km/h";
  EXPECT_EQ(c.pattern_stops[out.stops.first + 2].arrival_s, 22u);
}

TEST(PlannedCity, a_speed_limit_of_an_area_is_in_its_streets) {
  Plan plan(start(), 1);
  ASSERT_EQ(refusal(plan, add("policy-p1",
                              {{"kind", std::string("speed_limit")}, {"value", 20.0}, {"area", rectangle(0, 30, 120, 40)}})),
            "");
  const PlannedCity planned = planned_city(start(), plan.state());
  EXPECT_EQ(planned.city.street(feature_in(planned.city, "street-g1")).speed_kmh, 20);
  ASSERT_EQ(planned.policies.size(), 1u);
  EXPECT_TRUE(planned.touches.empty()) << "a speed is not drawn";
}

}  // namespace
}  // namespace citiverse::plan
