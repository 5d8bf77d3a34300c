#include "safety/case_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "safety/safety_test_room.h"

namespace citiverse::safety {
namespace {

using base::ErrorCode;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CaseBookTest : public SafetyRoom {
 protected:
  ReportId report(AccountId reporter, AccountId subject, Reason reason = Reason::harassment, std::uint64_t notice = 0) {
    return cases_
        ->report({.reporter = reporter,
                  .subject = subject,
                  .subject_name = "Somebody",
                  .reason = reason,
                  .text = "It was unpleasant",
                  .left = {.notice = notice},
                  .exhibits = {{"Go away", now_, Audience::near}}})
        .value()
        .id;
  }
  std::vector<ReportId> queue_of(AccountId moderator) {
    std::vector<ReportId> ids;
    const auto cases = cases_->queue(moderator, false, 50);
    for (const Case& one : *cases) ids.push_back(one.id);
    return ids;
  }
  static NewDecision time_out(int duration_h) {
    return {.action = Action::time_out,
            .duration = hours{duration_h},
            .ground = Reason::harassment,
            .reasons = "You followed somebody who asked you to stop.",
            .lang = "en"};
  }
  static NewDecision no_action() { return {.ground = Reason::other, .reasons = "Nothing here breaks a rule."}; }
};

TEST_F(CaseBookTest, shows_the_most_urgent_first_and_then_the_oldest) {
  const ReportId spam = report(kAna, kBen, Reason::spam);
  now_ += minutes{1};
  const ReportId hate = report(kAna, kBen, Reason::hate);
  now_ += minutes{1};
  const ReportId later_hate = report(kCleo, kBen, Reason::hate);
  now_ += minutes{1};
  const ReportId threat = report(kCleo, kBen, Reason::threat);
  EXPECT_THAT(queue_of(kMod), ElementsAre(threat, hate, later_hate, spam));
  // In pages, each case once.
  const auto first = cases_->queue(kMod, false, 3);
  const auto rest = cases_->queue(kMod, false, 3, first->back().id);
  ASSERT_EQ(rest->size(), 1u);
  EXPECT_EQ(rest->front().id, spam);
}

TEST_F(CaseBookTest, shows_what_was_said_and_how_the_two_stand) {
  const ReportId old = report(kAna, kBen);
  ASSERT_TRUE(cases_->decide(kMod, old, time_out(1)));
  report(kAna, kCleo);
  report(kCleo, kBen);
  const ReportId id = report(kAna, kBen);
  const auto one = cases_->get(kMod, id);
  ASSERT_TRUE(one);
  ASSERT_EQ(one->exhibits.size(), 1u);
  EXPECT_EQ(one->exhibits[0].text, "Go away");
  EXPECT_EQ(one->reporter_reports, 3);
  EXPECT_EQ(one->reporter_without_action, 0);
  EXPECT_EQ(one->subject_open_reports, 2);
  EXPECT_EQ(one->subject_reporters, 2);
  EXPECT_EQ(one->subject_decisions, 1);
}

TEST_F(CaseBookTest, hides_from_moderators_what_they_reported_or_did_themselves) {
  const ReportId by_mod = report(kMod, kBen);
  const ReportId about_mod = report(kAna, kMod);
  EXPECT_THAT(queue_of(kMod), IsEmpty());
  EXPECT_FALSE(cases_->get(kMod, by_mod));
  EXPECT_EQ(cases_->decide(kMod, about_mod, no_action()).error().code, ErrorCode::not_found);
  EXPECT_EQ(queue_of(kOtherMod).size(), 2u);
}

TEST_F(CaseBookTest, gives_a_claimed_case_to_one_moderator_for_half_an_hour) {
  const ReportId id = report(kAna, kBen);
  ASSERT_TRUE(cases_->claim(kMod, id));
  EXPECT_EQ(cases_->claim(kOtherMod, id).error().code, ErrorCode::conflict);
  EXPECT_EQ(cases_->decide(kOtherMod, id, no_action()).error().code, ErrorCode::conflict);
  EXPECT_TRUE(cases_->claim(kMod, id));
  ASSERT_TRUE(cases_->release(kOtherMod, id));  // Not theirs to give back.
  EXPECT_FALSE(cases_->claim(kOtherMod, id));
  ASSERT_TRUE(cases_->release(kMod, id));
  EXPECT_TRUE(cases_->claim(kOtherMod, id));
  now_ += kClaimTime;
  EXPECT_TRUE(cases_->claim(kMod, id));
}

TEST_F(CaseBookTest, restricts_for_as_long_as_was_decided_across_a_restart) {
  const ReportId id = report(kAna, kBen);
  const auto decision = cases_->decide(kMod, id, time_out(24));
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->until, now_ + hours{24});
  EXPECT_EQ(cases_->restriction_of(kBen).shut_out_until, now_ + hours{24});
  EXPECT_EQ(cases_->restriction_of(kBen).silenced_until, Time{});
  reopen();
  EXPECT_EQ(cases_->restriction_of(kBen).shut_out_until, now_ + hours{24});
  EXPECT_EQ(cases_->restriction_of(kAna), Restriction{});
  const auto own = cases_->own_reports(kAna);
  ASSERT_EQ(own->size(), 1u);
  EXPECT_TRUE(own->front().led_to_action);
  EXPECT_EQ(cases_->decide(kMod, id, no_action()).error().code, ErrorCode::conflict);
}

TEST_F(CaseBookTest, gives_the_person_concerned_the_reasons_and_nobody_elses_name) {
  ASSERT_TRUE(cases_->decide(kMod, report(kAna, kBen), time_out(2)));
  ASSERT_TRUE(cases_->decide(kMod, report(kCleo, kBen), no_action()));
  const auto decisions = cases_->decisions_about(kBen);
  ASSERT_EQ(decisions->size(), 1u);  // A case closed without consequence is not told.
  EXPECT_EQ(decisions->front().reasons, "You followed somebody who asked you to stop.");
  EXPECT_EQ(decisions->front().appeal_state(now_), AppealState::possible);
  EXPECT_THAT(*cases_->decisions_about(kAna), IsEmpty());
}

TEST_F(CaseBookTest, wants_reasons_and_a_duration_exactly_where_one_has_a_meaning) {
  const ReportId id = report(kAna, kBen);
  NewDecision decision = time_out(2);
  decision.reasons.clear();
  EXPECT_THAT(cases_->decide(kMod, id, decision).error().message, HasSubstr("reasons:"));
  decision = time_out(2);
  decision.duration.reset();
  EXPECT_THAT(cases_->decide(kMod, id, decision).error().message, HasSubstr("hours:"));
  decision = no_action();
  decision.duration = hours{1};
  EXPECT_THAT(cases_->decide(kMod, id, decision).error().message, HasSubstr("hours:"));
  EXPECT_THAT(cases_->decide(kMod, id, time_out(8761)).error().message, HasSubstr("hours:"));
  decision = no_action();
  decision.action = Action::removal;
  EXPECT_THAT(cases_->decide(kMod, id, decision).error().message, HasSubstr("action:"));
  EXPECT_EQ(cases_->summary()->decided, 0);
}

TEST_F(CaseBookTest, closes_all_reports_of_one_notice_with_one_decision) {
  const ReportId one = report(kAna, kBen, Reason::spam, 77);
  const ReportId two = report(kCleo, kBen, Reason::hate, 77);
  const ReportId other = report(kCleo, kBen, Reason::hate, 78);
  ASSERT_TRUE(cases_->decide(kMod, one, {.action = Action::removal, .ground = Reason::spam, .reasons = "Advertising."}));
  EXPECT_THAT(queue_of(kMod), ElementsAre(other));
  EXPECT_EQ(cases_->get(kMod, two)->decision->action, Action::removal);
}

TEST_F(CaseBookTest, closes_all_reports_of_one_thing_with_one_decision_and_takes_it_for_no_notice) {
  const auto about = [&](AccountId reporter, Left left) {
    return cases_->report({.reporter = reporter, .subject = kBen, .reason = Reason::spam, .left = left}).value().id;
  };
  const ReportId one = about(kAna, {.thing = 77});
  const ReportId two = about(kCleo, {.thing = 77});
  const ReportId notice = about(kCleo, {.notice = 77});
  const auto decision =
      cases_->decide(kMod, one, {.action = Action::removal, .ground = Reason::spam, .reasons = "Advertising."});
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->left.thing, 77u);
  EXPECT_EQ(decision->left.notice, 0u);
  EXPECT_THAT(queue_of(kMod), ElementsAre(notice));
  EXPECT_EQ(cases_->get(kMod, two)->decision->action, Action::removal);
  EXPECT_EQ(cases_->get(kMod, notice)->left.thing, 0u);
}

TEST_F(CaseBookTest, sends_an_appeal_to_another_moderator_who_can_end_the_restriction) {
  const auto decision = cases_->decide(kMod, report(kAna, kBen), time_out(24));
  EXPECT_EQ(cases_->appeal(kAna, decision->id, "Not mine").error().code, ErrorCode::not_found);
  ASSERT_TRUE(cases_->appeal(kBen, decision->id, "It was somebody else"));
  EXPECT_EQ(cases_->appeal(kBen, decision->id, "Again").error().code, ErrorCode::conflict);
  EXPECT_THAT(*cases_->appeals(kMod, 10), IsEmpty());
  EXPECT_EQ(cases_->decide_appeal(kMod, decision->id, false, "I stay with it").error().code, ErrorCode::denied);
  const auto waiting = cases_->appeals(kOtherMod, 10);
  ASSERT_EQ(waiting->size(), 1u);
  EXPECT_EQ(waiting->front().decision.appeal, "It was somebody else");
  ASSERT_TRUE(waiting->front().about);
  EXPECT_EQ(waiting->front().about->exhibits.size(), 1u);
  EXPECT_EQ(cases_->restriction_of(kBen).shut_out_until, now_ + hours{24});
  const auto answer = cases_->decide_appeal(kOtherMod, decision->id, true, "You are right");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->appeal_state(now_), AppealState::reversed);
  EXPECT_EQ(cases_->restriction_of(kBen), Restriction{});
  reopen();
  EXPECT_EQ(cases_->restriction_of(kBen), Restriction{});
  EXPECT_EQ(cases_->decide_appeal(kOtherMod, decision->id, false, "No").error().code, ErrorCode::conflict);
}

TEST_F(CaseBookTest, takes_appeals_for_six_months_and_no_longer) {
  const auto one = cases_->decide(kMod, report(kAna, kBen), time_out(1));
  const auto two = cases_->decide(kMod, report(kAna, kCleo), time_out(1));
  now_ += kAppealTime - minutes{1};
  EXPECT_TRUE(cases_->appeal(kBen, one->id, "Please look again"));
  now_ += minutes{1};
  EXPECT_EQ(cases_->appeal(kCleo, two->id, "Please look again").error().code, ErrorCode::conflict);
}

TEST_F(CaseBookTest, keeps_the_longest_restriction_that_stands) {
  std::vector<Restriction> told;
  cases_->set_listener([&](AccountId account, Restriction restriction) {
    EXPECT_EQ(account, kBen);
    told.push_back(restriction);
  });
  const auto longer = cases_->decide(kMod, report(kAna, kBen), time_out(48));
  ASSERT_TRUE(cases_->decide(kMod, report(kCleo, kBen), time_out(24)));
  EXPECT_EQ(cases_->restriction_of(kBen).shut_out_until, now_ + hours{48});
  ASSERT_TRUE(cases_->revoke(kOtherMod, longer->id, "Wrong person"));
  EXPECT_EQ(cases_->restriction_of(kBen).shut_out_until, now_ + hours{24});
  EXPECT_EQ(cases_->revoke(kOtherMod, longer->id, "Again").error().code, ErrorCode::conflict);
  EXPECT_THAT(told,
              ElementsAre(Restriction{.shut_out_until = now_ + hours{48}}, Restriction{.shut_out_until = now_ + hours{24}}));
}

TEST_F(CaseBookTest, lets_a_moderator_act_unasked_but_not_on_themselves) {
  NewDecision silence = time_out(1);
  silence.action = Action::silence;
  const auto decision = cases_->decide_unasked(kMod, kBen, {}, silence);
  ASSERT_TRUE(decision);
  EXPECT_EQ(cases_->restriction_of(kBen).silenced_until, now_ + hours{1});
  EXPECT_FALSE(cases_->decide_unasked(kMod, kMod, {}, silence));
  EXPECT_FALSE(cases_->decide_unasked(kMod, kBen, {}, no_action()));
  EXPECT_EQ(cases_->revoke(kBen, decision->id, "I am innocent").error().code, ErrorCode::denied);
}

TEST_F(CaseBookTest, takes_no_flood_of_reports_and_no_same_report_twice) {
  cases_->report({.reporter = kAna, .subject = kBen, .subject_name = "Ben", .reason = Reason::spam}).value();
  const auto again = cases_->report({.reporter = kAna, .subject = kBen, .subject_name = "Ben", .reason = Reason::spam});
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  for (int i = 1; i < kReportsPerHourMax; ++i) report(kAna, AccountId{1000 + static_cast<std::uint64_t>(i)});
  EXPECT_EQ(cases_->report({.reporter = kAna, .subject = kCleo}).error().code, ErrorCode::limit);
  EXPECT_TRUE(cases_->report({.reporter = kBen, .subject = kCleo}));
  now_ += hours{1};
  EXPECT_TRUE(cases_->report({.reporter = kAna, .subject = kCleo}));
}

TEST_F(CaseBookTest, counts_how_moderation_does) {
  ASSERT_TRUE(cases_->decide(kMod, report(kCleo, kBen, Reason::spam), no_action()));
  const ReportId one = report(kAna, kBen);
  now_ += hours{4};
  const auto decision = cases_->decide(kMod, one, time_out(1));
  ASSERT_TRUE(cases_->appeal(kBen, decision->id, "No"));
  report(kAna, kCleo);
  now_ += hours{2};
  const auto summary = cases_->summary();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->reports, 3);
  EXPECT_EQ(summary->open, 1);
  EXPECT_EQ(summary->decided, 2);
  EXPECT_EQ(summary->with_action, 1);
  EXPECT_EQ(summary->appeals, 1);
  EXPECT_EQ(summary->reversed, 0);
  EXPECT_EQ(summary->median_hours, 4.0);
  EXPECT_EQ(summary->oldest_open_hours, 2.0);
}

TEST_F(CaseBookTest, wipes_what_was_said_when_nobody_can_appeal_any_more) {
  const ReportId closed = report(kAna, kBen);
  ASSERT_TRUE(cases_->decide(kMod, closed, time_out(1)));
  now_ += kCaseTextTime + hours{2};
  const ReportId open = report(kCleo, kBen);
  ASSERT_TRUE(cases_->sweep());
  EXPECT_THAT(cases_->get(kMod, closed)->exhibits, IsEmpty());
  EXPECT_EQ(cases_->get(kMod, closed)->text, "");
  EXPECT_EQ(cases_->get(kMod, closed)->decision->reasons, "");
  EXPECT_EQ(cases_->get(kMod, open)->exhibits.size(), 1u);
}

TEST_F(CaseBookTest, keeps_evidence_while_an_appeal_waits) {
  const ReportId id = report(kAna, kBen);
  const auto decision = cases_->decide(kMod, id, time_out(1));
  ASSERT_TRUE(cases_->appeal(kBen, decision->id, "Look again"));
  now_ += kCaseTextTime + hours{1};
  ASSERT_TRUE(cases_->sweep());
  EXPECT_EQ(cases_->get(kMod, id)->exhibits.size(), 1u);
  EXPECT_NE(cases_->get(kMod, id)->decision->reasons, "");
}

TEST_F(CaseBookTest, keeps_what_is_not_decided_about_somebody_who_is_erased_cut_from_them_and_not_for_ever) {
  const ReportId about = report(kAna, kBen);
  const ReportId other = report(kCleo, kBen);
  ASSERT_TRUE(data_->erase(kBen));
  EXPECT_EQ(queue_of(kMod).size(), 2u);
  const auto kept = cases_->get(kMod, about);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->exhibits.size(), 1u);
  EXPECT_NE(kept->text, "");
  EXPECT_FALSE(kept->subject.is_known());
  EXPECT_EQ(kept->subject_name, "");
  EXPECT_EQ(kept->subject_open_reports, 0);
  ASSERT_TRUE(cases_->decide(kMod, about, time_out(1))) << "where it is decided, nobody is left whom it holds";
  now_ += kCaseTextTime - hours{1};
  ASSERT_TRUE(cases_->sweep());
  EXPECT_THAT(queue_of(kMod), ElementsAre(other));
  now_ += hours{2};
  ASSERT_TRUE(cases_->sweep());
  EXPECT_THAT(queue_of(kMod), IsEmpty());
  EXPECT_THAT(cases_->get(kMod, other)->exhibits, IsEmpty());
  EXPECT_EQ(cases_->get(kMod, other)->text, "");
}

TEST_F(CaseBookTest, forgets_an_erased_person_but_not_the_count) {
  const ReportId about = report(kAna, kBen);
  ASSERT_TRUE(cases_->decide(kMod, about, time_out(1)));
  const ReportId by = report(kBen, kCleo);
  const auto decision = cases_->decide(kMod, report(kCleo, kBen), time_out(24));
  ASSERT_TRUE(decision);
  ASSERT_TRUE(data_->erase(kBen));
  ASSERT_TRUE(data_->erase(kBen));
  EXPECT_EQ(cases_->restriction_of(kBen), Restriction{});
  EXPECT_THAT(queue_of(kMod), ElementsAre(by));
  EXPECT_EQ(cases_->get(kMod, by)->text, "");
  EXPECT_EQ(cases_->get(kMod, by)->exhibits.size(), 1u);
  EXPECT_THAT(cases_->get(kMod, about)->exhibits, IsEmpty());
  EXPECT_FALSE(cases_->get(kMod, about)->subject.is_known());
  EXPECT_EQ(cases_->summary()->reports, 3);
  const auto left = data_->export_json(kBen);
  EXPECT_EQ(*left, R"({"blocked":[],"muted":[],"my_reports":[],"decisions_about_me":[]})");
}

TEST_F(CaseBookTest, exports_ones_own_reports_and_decisions_and_not_who_reported) {
  ASSERT_TRUE(relations_->add(RelationKind::block, kBen, kAna, "Ana"));
  ASSERT_TRUE(relations_->add(RelationKind::block, kCleo, kBen, "Ben"));
  ASSERT_TRUE(choices_->set(kBen, DirectFrom::nobody));
  ASSERT_TRUE(cases_->decide(kMod, report(kAna, kBen), time_out(24)));
  const auto json = data_->export_json(kBen);
  ASSERT_TRUE(json);
  EXPECT_THAT(*json, HasSubstr(R"("blocked":[{"name":"Ana","since":"2027-01-15T08:00:00Z"}])"));
  EXPECT_THAT(*json, HasSubstr(R"("who_may_write_to_me":"nobody")"));
  EXPECT_THAT(*json, HasSubstr("You followed somebody"));
  EXPECT_THAT(*json, testing::Not(HasSubstr("unpleasant")));
  EXPECT_THAT(*json, testing::Not(HasSubstr("101")));
}

TEST_F(CaseBookTest, keeps_the_choice_of_who_may_write_across_a_restart) {
  EXPECT_EQ(choices_->of(kBen, true), DirectFrom::met);
  EXPECT_EQ(choices_->of(kBen, false), DirectFrom::everyone);
  ASSERT_TRUE(choices_->set(kBen, DirectFrom::nobody));
  reopen();
  EXPECT_EQ(choices_->of(kBen, false), DirectFrom::nobody);
}

}  // namespace
}  // namespace citiverse::safety
