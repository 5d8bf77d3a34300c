// What a plan takes, what it refuses and why, and how undoing leaves the work of others.
#include "plan/plan.h"

#include <gmock/gmock.h>

#include "plan/limits.h"
#include "plan/test_plan.h"

namespace citiverse::plan {
namespace {

using testing::HasSubstr;

const city::City& town() {
  static const city::City made = test_town();
  return made;
}

Section lanes(double width) {
  return {{LaneUse::pavement, LaneDirection::none, 2},
          {LaneUse::drive, LaneDirection::backward, 3},
          {LaneUse::drive, LaneDirection::forward, width},
          {LaneUse::pavement, LaneDirection::none, 2}};
}

double levels_of(const Plan& plan, std::string_view id) {
  const ObjectEdits* edits = plan.state().find(object(id));
  if (edits == nullptr) return plan.base().building(plan.base().feature(*plan.base().find(object(id).feature()))).levels;
  return ObjectView(plan.base(), object(id), *edits).get<double>(*edits->family().property("levels")).value_or(0);
}

TEST(Plan, says_how_wide_a_lane_would_be_and_how_wide_it_must_be) {
  Plan plan(town(), 1);
  EXPECT_THAT(refusal(plan, change("street-g1", {{"section", lanes(1.9)}})),
              HasSubstr("lane 3 (drive) would be 1.9 m wide; 2.5 m is the least here"));
  EXPECT_EQ(refusal(plan, change("street-g1", {{"section", lanes(2.5)}})), "");
  EXPECT_EQ(plan.head(), 1u);
}

TEST(Plan, refuses_a_building_on_another_and_says_by_how_much_they_overlap) {
  Plan plan(town(), 1);
  // building-g1 covers 10 … 30 m east and 70 … 90 m north.
  EXPECT_THAT(refusal(plan, add("building-p1", {{"outline", rectangle(20, 80, 20, 20)}})),
              HasSubstr("overlap building-g1 by 100 m²; 1 m² is the most here"));
  EXPECT_EQ(refusal(plan, add("building-p1", {{"outline", rectangle(30, 70, 20, 20)}})), "") << "a shared wall is no overlap";
  EXPECT_THAT(refusal(plan, add("building-p2", {{"outline", rectangle(40, 70, 20, 20)}})), HasSubstr("building-p1 by 200 m²"));
}

TEST(Plan, takes_a_building_where_another_was_taken_away_and_then_refuses_to_bring_that_back) {
  Plan plan(town(), 1);
  ASSERT_EQ(refusal(plan, removal("building-g1"), kAnna), "");
  ASSERT_EQ(refusal(plan, add("building-p1", {{"outline", rectangle(15, 75, 10, 10)}}), kBela), "");
  const auto refused = plan.undo({.author = kAnna}, 1);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("overlap building-p1 by 100 m²"));
  EXPECT_FALSE(plan.state().exists(town(), object("building-g1")));
}

TEST(Plan, refuses_outlines_that_cross_themselves_are_too_small_or_leave_the_city) {
  Plan plan(town(), 1);
  const Shape bow{city::GeometryType::polygons, {{{{40, 10}, {60, 30}, {60, 10}, {40, 30}}, false}}};
  EXPECT_THAT(refusal(plan, add("building-p1", {{"outline", bow}})), HasSubstr("the outline crosses itself"));
  EXPECT_THAT(refusal(plan, add("building-p1", {{"outline", rectangle(40, 10, 1, 1)}})),
              HasSubstr("would hold 1.0 m²; 2 m² is the least here"));
  EXPECT_THAT(refusal(plan, add("building-p1", {{"outline", rectangle(500, 10, 9, 9)}})), HasSubstr("outside the city"));
  const Shape spike{city::GeometryType::polygons, {{{{40, 10}, {60, 10}, {50, 10}, {50, 30}}, false}}};
  EXPECT_THAT(refusal(plan, add("building-p1", {{"outline", spike}})), HasSubstr("crosses itself"));
  EXPECT_EQ(plan.head(), 0u);
}

TEST(Plan, names_what_a_new_thing_needs_and_the_words_there_are) {
  Plan plan(town(), 1);
  EXPECT_THAT(refusal(plan, add("place-p1", {{"at", point_shape(50, 10)}})), HasSubstr("class: a new place needs it"));
  EXPECT_THAT(refusal(plan, add("place-p1", {{"at", point_shape(50, 10)}, {"class", std::string("castle")}})),
              HasSubstr("'castle' is none of: shop, food, school"));
  EXPECT_THAT(refusal(plan, change("building-g1", {{"levels", 0.0}})), HasSubstr("levels: 0 levels; 1 to 200 are possible"));
  EXPECT_THAT(refusal(plan, change("building-g1", {{"levels", 10.0}, {"height_m", 12.0}})), HasSubstr("would be 1.2 m each"));
  EXPECT_THAT(refusal(plan, change("building-g99", {{"levels", 2.0}})), HasSubstr("it is not there"));
  EXPECT_THAT(refusal(plan, add("building-g1", {{"levels", 2.0}})), HasSubstr("it is there already"));
}

TEST(Plan, holds_one_way_against_the_lanes) {
  Plan plan(town(), 1);
  EXPECT_THAT(refusal(plan, change("street-g1", {{"section", lanes(3)}, {"one_way", std::string("forward")}})),
              HasSubstr("it is forward, but lane 2 of the section (drive) goes backward"));
}

TEST(Plan, keeps_a_stop_that_a_line_calls_at) {
  Plan plan(town(), 1);
  const std::vector<city::FeatureId> stops{object("stop-g1").feature(), object("stop-g2").feature()};
  ASSERT_EQ(refusal(plan, add("line-p1", {{"reference", std::string("7")},
                                          {"stops", stops},
                                          {"course", line_shape({{5, 45}, {115, 45}})},
                                          {"headway_min", 10.0}})),
            "");
  EXPECT_THAT(refusal(plan, removal("stop-g1")), HasSubstr("line-p1 calls at stop-g1"));
  ASSERT_EQ(refusal(plan, removal("line-p1")), "");
  EXPECT_EQ(refusal(plan, removal("stop-g1")), "");
}

TEST(Plan, limits_policies_and_junctions_by_figures) {
  Plan plan(town(), 1);
  EXPECT_THAT(refusal(plan, add("policy-p1", {{"kind", std::string("remote_work_share")}, {"value", 1.5}})),
              HasSubstr("remote_work_share would be 1.5 of all jobs; 0 to 0.9 are possible"));
  EXPECT_THAT(refusal(plan, add("junction-p1", {{"at", point_shape(60, 95)}, {"control", std::string("signals")}})),
              HasSubstr("a junction lies within 15 m of one"));
  EXPECT_EQ(
      refusal(plan, add("junction-p1", {{"at", point_shape(6, 46)}, {"control", std::string("signals")}, {"cycle_s", 90.0}})),
      "");
}

TEST(Plan, undoes_ones_own_and_leaves_what_others_wrote_to_other_properties) {
  Plan plan(town(), 1);
  ASSERT_EQ(refusal(plan, change("building-g1", {{"levels", 5.0}}), kAnna), "");
  ASSERT_EQ(refusal(plan, change("building-g1", {{"name", std::string("Mill")}}), kBela), "");
  EXPECT_EQ(plan.undo({.author = kBela}, 1).error().code, base::ErrorCode::denied);
  ASSERT_TRUE(plan.undo({.author = kAnna}, 1));
  EXPECT_EQ(levels_of(plan, "building-g1"), 2);
  EXPECT_EQ(plan.state().find(object("building-g1"))->last_writer().author, kBela);
  EXPECT_EQ(plan.undo({.author = kAnna}, 1).error().code, base::ErrorCode::conflict);
  ASSERT_TRUE(plan.undo({.author = kAnna}, 3)) << "undoing the undoing brings it back";
  EXPECT_EQ(levels_of(plan, "building-g1"), 5);
}

TEST(Plan, an_undone_write_gives_way_to_the_write_before_it_and_never_to_a_later_one) {
  Plan plan(town(), 1);
  ASSERT_EQ(refusal(plan, change("building-g1", {{"levels", 4.0}}), kAnna), "");
  ASSERT_EQ(refusal(plan, change("building-g1", {{"levels", 5.0}}), kBela), "");
  ASSERT_TRUE(plan.undo({.author = kAnna}, 1));
  EXPECT_EQ(levels_of(plan, "building-g1"), 5);
  ASSERT_TRUE(plan.undo({.author = kBela}, 2));
  EXPECT_EQ(levels_of(plan, "building-g1"), 2);
  ASSERT_TRUE(plan.undo({.author = kAnna}, 3));
  EXPECT_EQ(levels_of(plan, "building-g1"), 4);
}

TEST(Plan, does_not_undo_an_adding_on_which_others_have_worked) {
  Plan plan(town(), 1);
  ASSERT_EQ(refusal(plan, add("tree-p1", {{"at", point_shape(50, 10)}}), kAnna), "");
  ASSERT_EQ(refusal(plan, change("tree-p1", {{"height_m", 12.0}}), kBela), "");
  const auto refused = plan.undo({.author = kAnna}, 1);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("was changed since, by entry 2"));
  ASSERT_TRUE(plan.undo({.author = kBela}, 2));
  EXPECT_TRUE(plan.undo({.author = kAnna}, 1));
  EXPECT_FALSE(plan.state().exists(town(), object("tree-p1")));
}

TEST(Plan, replaying_the_log_gives_the_state_that_was_reached_step_by_step) {
  Plan plan(town(), 1);
  std::uint64_t dice = 7;
  for (int i = 0; i < 200; ++i) {
    dice = dice * 6364136223846793005ull + 1442695040888963407ull;
    const std::uint64_t author = kAnna + (dice >> 60) % 2;
    if ((dice >> 40) % 3 == 0 && plan.head() > 0)
      (void)plan.undo({.author = author}, 1 + (dice >> 20) % plan.head());
    else
      (void)refusal(plan, change((dice >> 33) % 2 == 0 ? "building-g1" : "building-g2", {{"levels", 1.0 + (dice >> 50) % 9}}),
                    author);
  }
  ASSERT_GT(plan.head(), 50u);
  const PlanState again = plan.state_at(plan.head());
  ASSERT_EQ(again.objects().size(), plan.state().objects().size());
  for (const auto& [id, edits] : again.objects()) {
    const ObjectEdits* stepped = plan.state().find(id);
    ASSERT_NE(stepped, nullptr);
    const auto levels = *edits.family().property("levels");
    ASSERT_EQ(edits.last(levels) == nullptr, stepped->last(levels) == nullptr);
    if (edits.last(levels) == nullptr) continue;
    EXPECT_EQ(edits.last(levels)->value, stepped->last(levels)->value);
    EXPECT_EQ(edits.last(levels)->by, stepped->last(levels)->by);
  }
}

TEST(Plan, takes_ten_thousand_edits_and_not_one_more) {
  Plan plan(town(), 1);
  std::vector<Edit> trees;
  for (std::size_t done = 0; done < kEditsMax; done += trees.size()) {
    trees.clear();
    for (std::size_t i = 0; i < kEditsAtOnceMax; ++i)
      trees.push_back(edit_of(Action::add, plan.next_id(static_cast<std::uint8_t>(city::FeatureKind::tree), i),
                              {{"at", point_shape(50, 10)}}));
    ASSERT_TRUE(plan.append({.author = kAnna}, trees));
  }
  const auto refused = plan.append({.author = kAnna}, {removal("building-g1")});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::limit);
  EXPECT_THAT(refused.error().message, HasSubstr("10000"));
}

TEST(Plan, an_entry_is_taken_whole_or_not_at_all) {
  Plan plan(town(), 1);
  const auto refused =
      plan.append({.author = kAnna}, {change("building-g1", {{"levels", 4.0}}), change("building-g2", {{"levels", 999.0}})});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("edit 2 (building-g2)"));
  EXPECT_EQ(plan.head(), 0u);
  EXPECT_TRUE(plan.state().objects().empty());
}

TEST(Plan, versions_have_names_of_their_own) {
  Plan plan(town(), 1);
  ASSERT_EQ(refusal(plan, change("building-g1", {{"levels", 4.0}})), "");
  ASSERT_TRUE(plan.name_version({.author = kAnna}, "Four levels", 1));
  EXPECT_EQ(plan.name_version({.author = kAnna}, "Four levels", 1).error().code, base::ErrorCode::conflict);
  EXPECT_FALSE(plan.name_version({.author = kAnna}, "17", 1));
  EXPECT_EQ(plan.sequence_of("Four levels").value(), 1u);
  EXPECT_EQ(plan.sequence_of("base").value(), 0u);
  EXPECT_EQ(plan.sequence_of("2").error().code, base::ErrorCode::not_found);
}

}  // namespace
}  // namespace citiverse::plan
