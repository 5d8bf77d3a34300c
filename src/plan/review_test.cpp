// Differences say what was and what is, and merging takes what only one side changed.
#include "plan/review.h"

#include <gmock/gmock.h>

#include "plan/test_plan.h"

namespace citiverse::plan {
namespace {

const city::City& base_town() {
  static const city::City made = test_town();
  return made;
}

TEST(Review, a_difference_names_what_was_what_is_and_who_wrote_it) {
  Plan plan(base_town(), 1);
  ASSERT_EQ(refusal(plan, change("building-g1", {{"levels", 5.0}}), kAnna), "");
  ASSERT_EQ(refusal(plan, change("building-g1", {{"name", std::string("Mill")}}), kBela), "");
  ASSERT_EQ(refusal(plan, removal("building-g2")), "");
  ASSERT_EQ(refusal(plan, add("tree-p1", {{"at", point_shape(50, 10)}})), "");
  const auto changes = difference(base_town(), plan.state_at(0), plan.state());
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].object, object("building-g1"));
  EXPECT_EQ(changes[0].by.author, kBela);
  ASSERT_EQ(changes[0].properties.size(), 2u);
  EXPECT_EQ(changes[0].properties[1].before, Value(2.0));
  EXPECT_EQ(changes[0].properties[1].after, Value(5.0));
  EXPECT_EQ(changes[0].properties[1].by.author, kAnna);
  EXPECT_EQ(changes[1].kind, ChangeKind::removed);
  EXPECT_EQ(changes[2].kind, ChangeKind::added);
  EXPECT_EQ(difference(base_town(), plan.state_at(1), plan.state_at(2)).size(), 1u);
  const auto back = difference(base_town(), plan.state(), plan.state_at(0));
  EXPECT_EQ(back[1].kind, ChangeKind::added) << "the other way round, what was removed comes back";
}

TEST(Review, merging_takes_property_by_property_what_only_one_side_changed) {
  Plan ours(base_town(), 1);
  Plan theirs(base_town(), 2);
  ASSERT_EQ(refusal(ours, change("building-g1", {{"levels", 5.0}})), "");
  ASSERT_EQ(refusal(theirs, change("building-g1", {{"name", std::string("Mill")}}), kBela), "");
  ASSERT_EQ(refusal(theirs, removal("building-g2"), kBela), "");
  ASSERT_EQ(refusal(theirs, add("tree-p9", {{"at", point_shape(50, 10)}, {"height_m", 9.0}}), kBela), "");
  const Merge merge = merged(base_town(), PlanState(), ours.state(), theirs.state(), Prefer::neither);
  EXPECT_TRUE(merge.conflicts.empty());
  ASSERT_TRUE(ours.append({.author = kAnna}, merge.edits));
  EXPECT_TRUE(ours.state().exists(base_town(), object("tree-p9")));
  EXPECT_FALSE(ours.state().exists(base_town(), object("building-g2")));
  EXPECT_TRUE(merged(base_town(), PlanState(), ours.state(), theirs.state(), Prefer::neither).edits.empty())
      << "once is enough";
}

TEST(Review, merging_shows_both_sides_of_a_conflict_and_takes_the_preferred) {
  Plan ours(base_town(), 1);
  Plan theirs(base_town(), 2);
  ASSERT_EQ(refusal(ours, change("building-g1", {{"levels", 5.0}}), kAnna), "");
  ASSERT_EQ(refusal(ours, change("building-g2", {{"levels", 7.0}}), kAnna), "");
  ASSERT_EQ(refusal(theirs, change("building-g1", {{"levels", 6.0}}), kBela), "");
  ASSERT_EQ(refusal(theirs, removal("building-g2"), kBela), "");
  const Merge merge = merged(base_town(), PlanState(), ours.state(), theirs.state(), Prefer::neither);
  EXPECT_TRUE(merge.edits.empty());
  ASSERT_EQ(merge.conflicts.size(), 2u);
  EXPECT_EQ(merge.conflicts[0].ours, Value(5.0));
  EXPECT_EQ(merge.conflicts[0].theirs, Value(6.0));
  EXPECT_EQ(merge.conflicts[0].our_writer.author, kAnna);
  EXPECT_EQ(merge.conflicts[0].their_writer.author, kBela);
  EXPECT_TRUE(merge.conflicts[1].is_existence);
  const Merge theirs_wins = merged(base_town(), PlanState(), ours.state(), theirs.state(), Prefer::theirs);
  ASSERT_TRUE(ours.append({.author = kAnna}, theirs_wins.edits));
  EXPECT_TRUE(merged(base_town(), PlanState(), ours.state(), theirs.state(), Prefer::neither).conflicts.empty());
}

TEST(Review, what_both_had_from_their_common_ancestor_is_no_conflict) {
  Plan ancestor(base_town(), 1);
  ASSERT_EQ(refusal(ancestor, change("building-g1", {{"levels", 4.0}})), "");
  Plan ours = ancestor;
  Plan theirs = ancestor;
  ASSERT_EQ(refusal(ours, change("building-g1", {{"levels", 5.0}})), "");
  ASSERT_EQ(refusal(theirs, change("building-g2", {{"levels", 2.0}})), "");
  const Merge merge = merged(base_town(), ancestor.state(), ours.state(), theirs.state(), Prefer::neither);
  EXPECT_TRUE(merge.conflicts.empty());
  ASSERT_EQ(merge.edits.size(), 1u);
  EXPECT_EQ(merge.edits[0].object, object("building-g2"));
}

}  // namespace
}  // namespace citiverse::plan
