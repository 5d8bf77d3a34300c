#include "presence/talk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "presence/reach_on_paper.h"

namespace citiverse::presence {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class TalkTest : public testing::Test {
 protected:
  TalkTest() { talk_.add_to(table_); }
  /// Sends a message and gives what the sender was told.
  std::vector<std::string> send(PersonId from, std::string_view json) {
    EXPECT_TRUE(dispatch_say(table_, reach_, from, json, now_ms_));
    return reach_.take(from);
  }
  std::vector<std::string> say_near(PersonId from, std::string_view text) {
    return send(from, R"({"t":"say","to":"near","text":")" + std::string(text) + "\"}");
  }

  std::uint64_t now_ms_ = 1'000'000;
  ReachOnPaper reach_;
  RulesOnPaper rules_;
  SayTable table_;
  Talk talk_{reach_, rules_, nullptr};
};

TEST_F(TalkTest, reaches_those_within_earshot_and_the_speaker_with_a_proof) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId ben = reach_.enter(2, 25);
  const PersonId far = reach_.enter(3, 25.5);
  EXPECT_THAT(say_near(ana, "Hello"), ElementsAre(AllOf(HasSubstr(R"("t":"said")"), HasSubstr(R"("from":1)"))));
  EXPECT_THAT(reach_.take(ben),
              ElementsAre(R"({"t":"said","id":1,"from":1,"name":"N1","to":"near","text":"Hello","at":"2027-01-15T08:00:00Z",)"
                          R"("proof":"1:Hello"})"));
  EXPECT_THAT(reach_.take(far), IsEmpty());
}

TEST_F(TalkTest, reaches_the_nearest_hundred_of_a_crowd) {
  const PersonId ana = reach_.enter(1, 0);
  for (std::uint64_t i = 0; i < 150; ++i) reach_.enter(100 + i, 0.1 * static_cast<double>(i));
  say_near(ana, "Hello");
  std::size_t heard = 0;
  for (PersonId person = 2; person <= 151; ++person) heard += reach_.take(person).size();
  EXPECT_EQ(heard, kListenersMax);
}

TEST_F(TalkTest, spares_those_who_muted_or_are_apart) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId muting = reach_.enter(2, 1);
  const PersonId apart = reach_.enter(3, 1);
  rules_.muted.insert({2, 1});
  reach_.apart.insert({ana, apart});
  say_near(ana, "Hello");
  EXPECT_THAT(reach_.take(muting), IsEmpty());
  EXPECT_THAT(reach_.take(apart), IsEmpty());
  say_near(muting, "I still speak");
  EXPECT_EQ(reach_.take(ana).size(), 1u);
}

TEST_F(TalkTest, on_things_keeps_the_limits_and_the_pace_of_what_is_said) {
  rules_.limits_of[2] = {.messages_per_minute = 30};
  rules_.limits_of[3] = {.may_link = true};
  EXPECT_EQ(talk_.put_on_thing({.account = 1}, "see example.org", now_ms_)->proof, "1:see example.org");
  EXPECT_EQ(talk_.put_on_thing({.account = 2}, "see example.org", now_ms_).error().code, base::ErrorCode::denied);
  EXPECT_FALSE(talk_.put_on_thing({.account = 3}, "Hello", now_ms_)) << "silenced";
  for (int i = 0; i < kSameTextMax; ++i) EXPECT_TRUE(talk_.put_on_thing({.account = 4}, "Hello", now_ms_));
  EXPECT_EQ(talk_.put_on_thing({.account = 4}, "Hello", now_ms_).error().code, base::ErrorCode::limit);
  const PersonId dan = reach_.enter(4, 0);
  EXPECT_THAT(say_near(dan, "Hello"), ElementsAre(HasSubstr("limit"))) << "one pace for both";
}

TEST_F(TalkTest, stays_within_the_group) {
  const PersonId ana = reach_.enter(1, 0, 7);
  const PersonId member = reach_.enter(2, 5'000, 7);
  const PersonId bystander = reach_.enter(3, 1);
  send(ana, R"({"t":"say","to":"group","text":"Meet at the fountain","lang":"en"})");
  EXPECT_THAT(reach_.take(member), ElementsAre(HasSubstr(R"("to":"group")")));
  EXPECT_THAT(reach_.take(bystander), IsEmpty());
  EXPECT_THAT(send(bystander, R"({"t":"say","to":"group","text":"Hello"})"), ElementsAre(HasSubstr("you are in no group")));
}

TEST_F(TalkTest, writes_to_one_person_and_names_them_to_the_sender_only_there) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId ben = reach_.enter(2, 900);
  const PersonId near = reach_.enter(3, 1);
  const auto echo = send(ana, R"({"t":"say","to":"person","person":2,"text":"Hi"})");
  EXPECT_THAT(echo, ElementsAre(AllOf(HasSubstr(R"("to":"person")"), HasSubstr(R"("person":2)"))));
  EXPECT_THAT(reach_.take(ben), ElementsAre(HasSubstr("Hi")));
  EXPECT_THAT(reach_.take(near), IsEmpty());
}

TEST_F(TalkTest, tells_of_somebody_who_is_apart_what_it_tells_of_nobody) {
  const PersonId ana = reach_.enter(1, 0);
  reach_.enter(2, 1);
  reach_.apart.insert({1, 2});
  const auto apart = send(ana, R"({"t":"say","to":"person","person":2,"text":"Hi"})");
  const auto nobody = send(ana, R"({"t":"say","to":"person","person":99,"text":"Hi"})");
  EXPECT_EQ(apart, nobody);
  EXPECT_THAT(apart, ElementsAre(HasSubstr("not_found")));
}

TEST_F(TalkTest, lets_answers_through_to_a_person_who_takes_no_first_word) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId ben = reach_.enter(2, 1);
  rules_.closed = {2};
  EXPECT_THAT(send(ana, R"({"t":"say","to":"person","person":2,"text":"Hi"})"), ElementsAre(HasSubstr("denied")));
  EXPECT_THAT(reach_.take(ben), IsEmpty());
  send(ben, R"({"t":"say","to":"person","person":1,"text":"Hello Ana"})");
  send(ana, R"({"t":"say","to":"person","person":2,"text":"Hi Ben"})");
  EXPECT_THAT(reach_.take(ben), ElementsAre(HasSubstr("Hi Ben")));
}

TEST_F(TalkTest, begins_with_a_few_strangers_an_hour_and_answers_without_count) {
  const PersonId ana = reach_.enter(1, 0);
  for (std::uint64_t i = 0; i < 5; ++i) reach_.enter(10 + i, 1);
  const auto write = [&](PersonId to, std::string_view text) {
    return send(ana, R"({"t":"say","to":"person","person":)" + std::to_string(to) + R"(,"text":")" + std::string(text) + "\"}");
  };
  for (PersonId to = 2; to <= 4; ++to) EXPECT_THAT(write(to, "One " + std::to_string(to)), ElementsAre(HasSubstr("said")));
  EXPECT_THAT(write(5, "Four"), ElementsAre(HasSubstr("limit")));
  EXPECT_THAT(write(2, "Known"), ElementsAre(HasSubstr("said")));
  send(5, R"({"t":"say","to":"person","person":1,"text":"Hello you"})");
  reach_.take(ana);
  now_ms_ += 10'000;
  EXPECT_THAT(write(5, "Answer"), ElementsAre(HasSubstr("said")));
  now_ms_ += kHourMs;
  EXPECT_THAT(write(6, "Next hour"), ElementsAre(HasSubstr("said")));
}

TEST_F(TalkTest, slows_down_whoever_talks_without_a_pause_even_after_coming_back) {
  const PersonId ana = reach_.enter(1, 0);
  int said = 0;
  for (int i = 0; i < 100; ++i) {
    const auto told = say_near(ana, "Word " + std::to_string(i));
    if (told.front().find("\"said\"") != std::string::npos) ++said;
  }
  EXPECT_EQ(said, 7);
  const PersonId again = reach_.enter(1, 0);
  EXPECT_THAT(say_near(again, "Back"), ElementsAre(HasSubstr("limit")));
  now_ms_ += 2'000;
  EXPECT_THAT(say_near(again, "Back"), ElementsAre(HasSubstr("said")));
}

TEST_F(TalkTest, takes_the_same_words_three_times_a_minute_however_they_are_dressed) {
  const PersonId ana = reach_.enter(1, 0);
  for (const std::string_view text : {"Buy now", "BUY NOW!!", "buy... now"})
    EXPECT_THAT(say_near(ana, text).front(), HasSubstr("said"));
  EXPECT_THAT(say_near(ana, "Buy, now"), ElementsAre(HasSubstr("several times")));
  now_ms_ += kSameTextTimeMs;
  EXPECT_THAT(say_near(ana, "Buy now"), ElementsAre(HasSubstr("said")));
}

TEST_F(TalkTest, holds_back_web_addresses_of_those_who_may_not_send_them) {
  const PersonId ana = reach_.enter(1, 0);
  rules_.usual.may_link = false;
  EXPECT_THAT(say_near(ana, "See http:\\/\\/x.example"), ElementsAre(HasSubstr("denied")));
  EXPECT_THAT(say_near(ana, "See you at 5.30 at the market.Bring bread"), ElementsAre(HasSubstr("said")));
}

TEST_F(TalkTest, has_nothing_to_say_for_a_silenced_account) {
  const PersonId ana = reach_.enter(1, 0);
  rules_.limits_of[1] = {};
  EXPECT_THAT(say_near(ana, "Hello"), ElementsAre(HasSubstr("denied")));
  EXPECT_THAT(send(ana, R"({"t":"caption","text":"Hello","final":true})"), ElementsAre(HasSubstr("denied")));
}

TEST_F(TalkTest, refuses_what_is_empty_too_long_or_of_the_wrong_form_and_names_the_member) {
  const PersonId ana = reach_.enter(1, 0);
  EXPECT_THAT(say_near(ana, "  \\u0007 "), ElementsAre(HasSubstr("text:")));
  EXPECT_THAT(say_near(ana, std::string(501, 'a')), ElementsAre(HasSubstr("500 characters")));
  std::string arabic;
  for (int i = 0; i < 500; ++i) arabic += "ل";
  EXPECT_THAT(say_near(ana, arabic), ElementsAre(HasSubstr("said")));
  EXPECT_THAT(send(ana, R"({"t":"say","to":"all","text":"x"})"), ElementsAre(HasSubstr("to:")));
  EXPECT_THAT(send(ana, R"({"t":"say","to":"place","text":"x"})"), ElementsAre(HasSubstr("/api/v1/notices")));
  EXPECT_THAT(send(ana, R"({"t":"say","to":"near","text":5})"), ElementsAre(HasSubstr("text:")));
  EXPECT_THAT(send(ana, R"({"t":"say","to":"near","text":"x","lang":"!"})"), ElementsAre(HasSubstr("lang:")));
  EXPECT_THAT(send(ana, R"({"t":"say","to":"near","text":"x","person":2})"), ElementsAre(HasSubstr("person:")));
  EXPECT_THAT(send(ana, R"({"t":"say","to":"person","text":"x","person":-1})"), ElementsAre(HasSubstr("person:")));
}

TEST_F(TalkTest, shows_captions_to_those_who_read_them_and_only_with_consent) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId reader = reach_.enter(2, 1);
  const PersonId other = reach_.enter(3, 1);
  send(reader, R"({"t":"captions","on":true})");
  EXPECT_THAT(send(ana, R"({"t":"caption","text":"Good morn","final":false,"lang":"en"})"), IsEmpty());
  EXPECT_THAT(reach_.take(reader), ElementsAre(R"({"t":"caption","from":1,"text":"Good morn","final":false,"lang":"en"})"));
  EXPECT_THAT(reach_.take(other), IsEmpty());
  rules_.usual.may_caption = false;
  EXPECT_THAT(send(ana, R"({"t":"caption","text":"Good morning","final":true})"), ElementsAre(HasSubstr("consent")));
  EXPECT_THAT(reach_.take(reader), IsEmpty());
}

TEST_F(TalkTest, captions_for_the_group_what_is_spoken_to_the_group) {
  const PersonId ana = reach_.enter(1, 0, 7);
  const PersonId member = reach_.enter(2, 900, 7);
  const PersonId near = reach_.enter(3, 1);
  for (const PersonId reader : {member, near}) send(reader, R"({"t":"captions","on":true})");
  send(ana, R"({"t":"voice","on":true,"scope":"group"})");
  send(ana, R"({"t":"caption","text":"This way","final":true})");
  EXPECT_THAT(reach_.take(near), IsEmpty());
  EXPECT_THAT(reach_.take(member), ElementsAre(HasSubstr("This way")));
}

TEST_F(TalkTest, drops_captions_that_come_faster_than_anybody_reads) {
  const PersonId ana = reach_.enter(1, 0);
  const PersonId reader = reach_.enter(2, 1);
  send(reader, R"({"t":"captions","on":true})");
  for (int i = 0; i < 200; ++i) send(ana, R"({"t":"caption","text":"a","final":false})");
  EXPECT_EQ(reach_.take(reader).size(), 75u);
}

TEST(TalkPace, forgets_who_was_quiet_for_an_hour) {
  TalkPace pace;
  for (std::uint64_t account = 1; account <= 1000; ++account) ASSERT_TRUE(pace.say(account, "Hello", 30, 1'000));
  pace.sweep(1'000 + kTalkerTimeMs + 1);
  EXPECT_EQ(pace.size(), 0u);
}

TEST(HoldsLink, finds_addresses_and_leaves_sentences_alone) {
  for (const std::string_view text :
       {"https://a.example", "go to www.shop now", "CHEAP.COM", "a-b.net/x", "see bit.ly/abc", "spam.xyz!"})
    EXPECT_TRUE(holds_link(text)) << text;
  for (const std::string_view text :
       {"At 5.30.", "Really...yes", "e.g. this", "Wait.What", "", ".", "..com.", "the market.Bring"})
    EXPECT_FALSE(holds_link(text)) << text;
}

}  // namespace
}  // namespace citiverse::presence
