#include "safety/relations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safety/safety_test_room.h"

namespace citiverse::safety {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RelationsTest : public SafetyRoom {};

TEST_F(RelationsTest, part_both_when_one_blocks_and_join_them_when_it_is_taken_back) {
  const auto block = relations_->add(RelationKind::block, kAna, kBen, "Ben");
  ASSERT_TRUE(block);
  EXPECT_TRUE(relations_->are_apart(kAna, kBen));
  EXPECT_TRUE(relations_->are_apart(kBen, kAna));
  EXPECT_FALSE(relations_->hears(kAna, kBen));
  EXPECT_FALSE(relations_->hears(kBen, kAna));
  EXPECT_FALSE(relations_->are_apart(kAna, kCleo));
  EXPECT_THAT(relations_->apart_from(kBen), ElementsAre(kAna));
  // The blocked one has nothing to take back.
  EXPECT_FALSE(relations_->remove(RelationKind::block, kBen, block->id));
  ASSERT_TRUE(relations_->remove(RelationKind::block, kAna, block->id));
  EXPECT_FALSE(relations_->are_apart(kBen, kAna));
}

TEST_F(RelationsTest, keep_two_apart_while_either_still_blocks) {
  const auto one = relations_->add(RelationKind::block, kAna, kBen, "Ben");
  ASSERT_TRUE(relations_->add(RelationKind::block, kBen, kAna, "Ana"));
  ASSERT_TRUE(relations_->remove(RelationKind::block, kAna, one->id));
  EXPECT_TRUE(relations_->are_apart(kAna, kBen));
}

TEST_F(RelationsTest, mute_in_one_direction_only) {
  ASSERT_TRUE(relations_->add(RelationKind::mute, kAna, kBen, "Ben"));
  EXPECT_FALSE(relations_->hears(kAna, kBen));
  EXPECT_TRUE(relations_->hears(kBen, kAna));
  EXPECT_FALSE(relations_->are_apart(kAna, kBen));
  EXPECT_THAT(relations_->muted_by(kAna), ElementsAre(kBen));
  EXPECT_THAT(relations_->muted_by(kBen), IsEmpty());
}

TEST_F(RelationsTest, survive_a_restart) {
  ASSERT_TRUE(relations_->add(RelationKind::block, kAna, kBen, "Ben"));
  ASSERT_TRUE(relations_->add(RelationKind::mute, kCleo, kAna, "Ana"));
  reopen();
  EXPECT_TRUE(relations_->are_apart(kBen, kAna));
  EXPECT_FALSE(relations_->hears(kCleo, kAna));
  const auto list = relations_->list(RelationKind::block, kAna);
  ASSERT_EQ(list->size(), 1u);
  EXPECT_EQ(list->front().name, "Ben");
  EXPECT_EQ(list->front().since, now_);
}

TEST_F(RelationsTest, answer_a_second_block_with_the_first) {
  const auto first = relations_->add(RelationKind::block, kAna, kBen, "Ben");
  now_ += std::chrono::hours{1};
  const auto second = relations_->add(RelationKind::block, kAna, kBen, "Benjamin");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(second->name, "Ben");
  EXPECT_FALSE(relations_->add(RelationKind::block, kAna, kAna, "Ana"));
}

TEST_F(RelationsTest, hold_a_thousand_people_and_say_so) {
  for (std::size_t i = 0; i < Relations::kRelationsMax; ++i) {
    ASSERT_TRUE(relations_->add(RelationKind::mute, kAna, AccountId{1000 + i}, "x"));
  }
  const auto more = relations_->add(RelationKind::mute, kAna, kBen, "Ben");
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, base::ErrorCode::limit);
  EXPECT_TRUE(relations_->add(RelationKind::block, kAna, kBen, "Ben"));
}

TEST_F(RelationsTest, tell_the_listener_what_began_and_ended) {
  std::vector<std::string> told;
  relations_->set_listener([&](RelationKind kind, AccountId account, AccountId other, bool begins) {
    told.push_back(std::to_string(account.value) + (begins ? "+" : "-") + std::to_string(other.value) +
                   (kind == RelationKind::block ? "b" : "m"));
  });
  const auto block = relations_->add(RelationKind::block, kAna, kBen, "Ben");
  ASSERT_TRUE(relations_->remove(RelationKind::block, kAna, block->id));
  ASSERT_FALSE(relations_->remove(RelationKind::block, kAna, block->id));
  EXPECT_THAT(told, ElementsAre("101+102b", "101-102b"));
}

TEST_F(RelationsTest, forget_an_erased_account_on_both_sides) {
  ASSERT_TRUE(relations_->add(RelationKind::block, kAna, kBen, "Ben"));
  ASSERT_TRUE(relations_->add(RelationKind::block, kCleo, kAna, "Ana"));
  ASSERT_TRUE(relations_->add(RelationKind::mute, kBen, kAna, "Ana"));
  ASSERT_TRUE(relations_->add(RelationKind::block, kBen, kCleo, "Cleo"));
  ASSERT_TRUE(relations_->erase(kAna));
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(relations_->are_apart(kAna, kBen));
    EXPECT_FALSE(relations_->are_apart(kAna, kCleo));
    EXPECT_TRUE(relations_->hears(kBen, kAna));
    EXPECT_TRUE(relations_->are_apart(kBen, kCleo));
    EXPECT_THAT(*relations_->list(RelationKind::block, kCleo), IsEmpty());
    reopen();
  }
}

}  // namespace
}  // namespace citiverse::safety
