#include "presence/voice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "presence/reach_on_paper.h"

namespace citiverse::presence {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RelayOnPaper : public VoiceRelay {
 public:
  bool is_available() const override { return available; }
  base::Result<void> signal(RelayRoom room, PersonId from, std::string_view data_json) override {
    signals.push_back({room, from, std::string(data_json)});
    return {};
  }
  void leave(PersonId person) override { gone.push_back(person); }
  void drain(const std::function<void(const RelayWord&)>& take) override {
    for (const RelayWord& word : std::exchange(words, {})) take(word);
  }

  struct Signal {
    RelayRoom room;
    PersonId from;
    std::string data;
  };
  bool available = true;
  std::vector<Signal> signals;
  std::vector<PersonId> gone;
  std::vector<RelayWord> words;
};

class VoiceTest : public testing::Test {
 protected:
  void settle() {
    for (int i = 0; i < 20; ++i) voice_.tick();
  }
  base::Result<void> signal(PersonId from, PersonId to, std::string_view json) {
    const auto document = base::JsonDocument::parse(json).value();
    return voice_.signal(from, to, document.root(), 1'000);
  }

  ReachOnPaper reach_;
  RulesOnPaper rules_;
  RelayOnPaper relay_;
  Voice voice_{reach_, rules_, &relay_};
};

TEST_F(VoiceTest, is_off_until_both_turn_it_on) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId ben = reach_.enter(2, 5);
  ASSERT_TRUE(voice_.turn(ana, true, VoiceScope::near));
  settle();
  EXPECT_THAT(voice_.peers_of(ana), IsEmpty());
  ASSERT_TRUE(voice_.turn(ben, true, VoiceScope::near));
  settle();
  EXPECT_THAT(voice_.peers_of(ana), ElementsAre(ben));
  EXPECT_THAT(reach_.take(ben), ElementsAre(R"({"t":"voice","scope":"near","on":true,"peers":[1],"off":[]})"));
  ASSERT_TRUE(voice_.turn(ben, false, VoiceScope::near));
  settle();
  EXPECT_THAT(reach_.take(ben), ElementsAre(R"({"t":"voice","scope":"near","on":false,"peers":[],"off":[1]})"));
  EXPECT_THAT(reach_.take(ana).back(), R"({"t":"voice","scope":"near","on":true,"peers":[],"off":[2]})");
}

TEST_F(VoiceTest, begins_near_and_ends_farther_away) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId ben = reach_.enter(2, 16);
  ASSERT_TRUE(voice_.turn(ana, true, VoiceScope::near) && voice_.turn(ben, true, VoiceScope::near));
  settle();
  EXPECT_THAT(voice_.peers_of(ana), IsEmpty());
  reach_.people.at(ben).place.x = 1'400;
  settle();
  EXPECT_THAT(voice_.peers_of(ana), ElementsAre(ben));
  reach_.people.at(ben).place.x = 2'100;
  settle();
  EXPECT_THAT(voice_.peers_of(ana), ElementsAre(ben));
  reach_.people.at(ben).place.x = 2'300;
  settle();
  EXPECT_THAT(voice_.peers_of(ana), IsEmpty());
}

TEST_F(VoiceTest, links_nobody_with_more_than_five_and_always_both_ways) {
  base::Random random(3);
  std::vector<PersonId> crowd;
  for (std::uint64_t i = 1; i <= 60; ++i) {
    crowd.push_back(reach_.enter(i, random.uniform(0, 30)));
    ASSERT_TRUE(voice_.turn(crowd.back(), true, VoiceScope::near));
  }
  for (int round = 0; round < 30; ++round) {
    for (const PersonId person : crowd) reach_.people.at(person).place.x += static_cast<std::int32_t>(random.below(300)) - 150;
    voice_.tick();
    std::size_t links = 0;
    for (const PersonId person : crowd) {
      const auto peers = voice_.peers_of(person);
      links += peers.size();
      EXPECT_LE(peers.size(), kVoicePeersMax);
      for (const PersonId peer : peers) EXPECT_THAT(voice_.peers_of(peer), testing::Contains(person));
    }
    EXPECT_GT(links, 60u * 3);
  }
}

TEST_F(VoiceTest, prefers_somebody_who_is_clearly_nearer) {
  const PersonId ana = reach_.enter(1, 0);
  ASSERT_TRUE(voice_.turn(ana, true, VoiceScope::near));
  for (std::uint64_t i = 0; i < 5; ++i)
    ASSERT_TRUE(voice_.turn(reach_.enter(10 + i, -12.0 - static_cast<double>(i) / 2), true, VoiceScope::near));
  settle();
  EXPECT_EQ(voice_.peers_of(ana).size(), 5u);
  const PersonId friend_ = reach_.enter(20, 1);
  ASSERT_TRUE(voice_.turn(friend_, true, VoiceScope::near));
  settle();
  EXPECT_THAT(voice_.peers_of(ana), testing::Contains(friend_));
  EXPECT_EQ(voice_.peers_of(ana).size(), 5u);
}

TEST_F(VoiceTest, never_links_who_is_apart_muted_hidden_or_protected) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId apart = reach_.enter(2, 1);
  const PersonId muted = reach_.enter(3, 1);
  const PersonId minor = reach_.enter(4, 1);
  const PersonId hider = reach_.enter(5, 1);
  reach_.apart.insert({ana, apart});
  rules_.muted.insert({1, 3});
  reach_.people.at(minor).profile.is_minor = true;
  for (const PersonId person : {ana, apart, muted, minor, hider}) ASSERT_TRUE(voice_.turn(person, true, VoiceScope::near));
  reach_.people.at(hider).hidden = true;
  settle();
  EXPECT_THAT(voice_.peers_of(ana), IsEmpty());
  EXPECT_FALSE(voice_.turn(hider, true, VoiceScope::near));
}

TEST_F(VoiceTest, parts_two_at_once_when_one_blocks) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId ben = reach_.enter(2, 1);
  ASSERT_TRUE(voice_.turn(ana, true, VoiceScope::near) && voice_.turn(ben, true, VoiceScope::near));
  settle();
  reach_.take(ana);
  reach_.apart.insert({ana, ben});
  voice_.review_all();
  EXPECT_THAT(reach_.take(ana), ElementsAre(HasSubstr(R"("off":[2])")));
  EXPECT_FALSE(signal(ana, ben, R"({"sdp":"x"})"));
}

TEST_F(VoiceTest, needs_the_right_to_speak_and_ends_when_it_ends) {
  const PersonId ana = reach_.enter(1, 0, 7);
  rules_.limits_of[1] = {.messages_per_minute = 5, .may_speak_in_groups = true};
  EXPECT_EQ(voice_.turn(ana, true, VoiceScope::near).error().code, base::ErrorCode::denied);
  ASSERT_TRUE(voice_.turn(ana, true, VoiceScope::group));
  rules_.limits_of[1] = {};
  settle();
  EXPECT_EQ(voice_.speakers(), 0u);
}

TEST_F(VoiceTest, carries_signals_between_linked_people_only) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId ben = reach_.enter(2, 5);
  const PersonId far = reach_.enter(3, 500);
  for (const PersonId person : {ana, ben, far}) ASSERT_TRUE(voice_.turn(person, true, VoiceScope::near));
  settle();
  reach_.take(ben);
  ASSERT_TRUE(signal(ana, ben, R"({"sdp":"v=0\r\n","n":[1,2.5,true,null]})"));
  EXPECT_THAT(reach_.take(ben), ElementsAre(R"({"t":"signal","from":1,"data":{"sdp":"v=0\r\n","n":[1,2.5,true,null]}})"));
  EXPECT_EQ(signal(ana, far, "{}").error().code, base::ErrorCode::denied);
  EXPECT_EQ(signal(ana, kNobody, "{}").error().code, base::ErrorCode::denied);
  EXPECT_FALSE(signal(ana, ben, "[1]"));
  EXPECT_FALSE(signal(ana, ben, "{\"a\":\"" + std::string(kSignalBytesMax, 'x') + "\"}"));
  int passed = 0;
  for (int i = 0; i < 300; ++i) passed += signal(ana, ben, "{}").has_value() ? 1 : 0;
  EXPECT_LE(passed, kSignalsPerMinute / 6);
}

TEST_F(VoiceTest, meshes_a_group_of_six_wherever_they_are_and_takes_a_seventh_to_the_gateway) {
  std::vector<PersonId> group;
  for (std::uint64_t i = 1; i <= 7; ++i) group.push_back(reach_.enter(i, 100.0 * static_cast<double>(i), 9));
  for (std::size_t i = 0; i < 6; ++i) ASSERT_TRUE(voice_.turn(group[i], true, VoiceScope::group));
  settle();
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(voice_.peers_of(group[i]).size(), 5u);
  ASSERT_TRUE(voice_.turn(group[6], true, VoiceScope::group));
  settle();
  for (const PersonId person : group) {
    EXPECT_TRUE(voice_.is_on_gateway(person));
    EXPECT_THAT(voice_.peers_of(person), IsEmpty());
    EXPECT_THAT(reach_.take(person).back(), HasSubstr(R"("gateway":true)"));
  }
  ASSERT_TRUE(signal(group[0], kNobody, R"({"offer":"v=0"})"));
  ASSERT_EQ(relay_.signals.size(), 1u);
  EXPECT_EQ(relay_.signals[0].from, group[0]);
  relay_.words.push_back({group[0], R"({"answer":"v=0"})"});
  settle();
  EXPECT_THAT(reach_.take(group[0]), ElementsAre(R"({"t":"signal","from":0,"data":{"answer":"v=0"}})"));
  ASSERT_TRUE(voice_.turn(group[0], false, VoiceScope::group));
  EXPECT_THAT(relay_.gone, ElementsAre(group[0]));
}

TEST_F(VoiceTest, tells_a_seventh_that_the_conversation_is_full_where_there_is_no_gateway) {
  relay_.available = false;
  for (std::uint64_t i = 1; i <= 6; ++i) ASSERT_TRUE(voice_.turn(reach_.enter(i, 0, 9), true, VoiceScope::group));
  EXPECT_EQ(voice_.turn(reach_.enter(7, 0, 9), true, VoiceScope::group).error().code, base::ErrorCode::limit);
  EXPECT_EQ(voice_.turn(reach_.enter(8, 0), true, VoiceScope::group).error().code, base::ErrorCode::bad_input);
}

TEST_F(VoiceTest, keeps_somebody_who_is_apart_from_one_speaker_off_the_mixed_conversation) {
  for (std::uint64_t i = 1; i <= 7; ++i) ASSERT_TRUE(voice_.turn(reach_.enter(i, 0, 9), true, VoiceScope::group));
  const PersonId late = reach_.enter(8, 0, 9);
  reach_.apart.insert({3, late});
  EXPECT_EQ(voice_.turn(late, true, VoiceScope::group).error().code, base::ErrorCode::denied);
}

TEST_F(VoiceTest, brings_no_room_along_into_another_group) {
  std::vector<PersonId> first;
  for (std::uint64_t i = 1; i <= 8; ++i) {
    first.push_back(reach_.enter(i, 0, 9));
    ASSERT_TRUE(voice_.turn(first.back(), true, VoiceScope::group));
  }
  const PersonId other = reach_.enter(20, 0, 10);
  ASSERT_TRUE(voice_.turn(other, true, VoiceScope::group));
  reach_.people.at(first[0]).group = 10;
  settle();
  EXPECT_EQ(voice_.scope_of(first[0]), nullptr);
  EXPECT_FALSE(voice_.is_on_gateway(other));
  for (std::size_t i = 1; i < first.size(); ++i) EXPECT_TRUE(voice_.is_on_gateway(first[i]));
}

TEST_F(VoiceTest, falls_silent_for_whom_the_gateway_gave_up_and_for_who_has_left) {
  std::vector<PersonId> group;
  for (std::uint64_t i = 1; i <= 7; ++i) {
    group.push_back(reach_.enter(i, 0, 9));
    ASSERT_TRUE(voice_.turn(group.back(), true, VoiceScope::group));
  }
  relay_.words.push_back({group[2], "", true});
  settle();
  EXPECT_EQ(voice_.scope_of(group[2]), nullptr);
  for (const PersonId person : group) {
    voice_.left(person);
    reach_.people.erase(person);
  }
  settle();
  EXPECT_EQ(voice_.speakers(), 0u);
}

}  // namespace
}  // namespace citiverse::presence
