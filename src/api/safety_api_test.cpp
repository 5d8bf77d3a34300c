#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/node_things.h"
#include "api/safety_routes.h"
#include "base/json_reader.h"
#include "base/random.h"
#include "net/dispatch.h"
#include "testing/ascii_city.h"

namespace citiverse::api {
namespace {

using identity::AccountId;
using net::Method;
using std::chrono::hours;
using ::testing::HasSubstr;
using ::testing::Not;

// Answers as whoever a test says; what the permissions are is asked of the policy table itself.
class TestGate : public net::Gate {
 public:
  std::expected<net::Visitor, net::Reply> admit(const net::Request&, net::AccessRule access, bool) override {
    const auto permission = static_cast<identity::Permission>(access);
    if (!identity::allows(permission, standing)) return std::unexpected(net::problem(403, "denied", "not for you"));
    return net::Visitor{.account = account.value, .roles = standing};
  }
  AccountId account;
  identity::Standing standing = 0;
};

// Two people in one space know each other by numbers.
class MetOnPaper : public PeopleMet {
 public:
  std::optional<MetPerson> find(AccountId asking, std::string_view space, presence::PersonId person) override {
    if (space != "city" || !here.contains(person) || here.at(person) == asking) return std::nullopt;
    return MetPerson{here.at(person), "Met " + std::to_string(person)};
  }
  std::map<presence::PersonId, AccountId> here;
};

class SafetyApi : public ::testing::Test {
 protected:
  SafetyApi() : city_(testing_fixtures::ascii_city("#==\n.P.")), model_(city_, [] { return identity::Time{}; }) {}

  void SetUp() override {
    std::filesystem::create_directories(folder_);
    identity_ = identity::Identity::open(folder_,
                                         {.now = [this] { return now_; },
                                          .fill_random =
                                              [this](std::span<std::byte> bytes) {
                                                for (std::byte& byte : bytes) byte = static_cast<std::byte>(random_.next());
                                              }},
                                         {})
                    .value();
    safety_ = PeopleSafety::open(*identity_, folder_).value();
    ana_ = member("Ana");
    ben_ = member("Ben");
    mod_ = member("Mod");
    met_.here = {{7, ben_}, {8, ana_}, {9, mod_}};
    now_ += hours{24 * 30};
    add_relation_routes(router_, *safety_, met_);
    add_report_routes(router_, *safety_, met_);
    add_moderation_routes(router_, *safety_, met_);
    add_notice_routes(router_, *safety_, model_);
    add_thing_routes(router_, *safety_);
    add_voice_routes(router_, *safety_, servers_);
  }
  void TearDown() override {
    safety_.reset();
    identity_.reset();
    std::filesystem::remove_all(folder_);
  }

  AccountId member(std::string name) {
    const AccountId account = identity_->accounts().create_guest({.name = std::move(name)}, false).value();
    EXPECT_TRUE(identity_->accounts().make_member(account));
    return account;
  }
  net::Reply ask(AccountId who, Method method, std::string path, std::string body = {}, std::string query = {}) {
    gate_.account = who;
    gate_.standing = identity::kMember | (who == mod_ || who == other_mod_ ? identity::bit_of(identity::Role::moderator) : 0);
    if (!who.is_known()) gate_.standing = 0;
    net::Request request{.method = method, .path = path, .query = query, .body = body};
    request.sec_fetch_site = "same-origin";
    if (!body.empty()) request.content_type = "application/json";
    const net::Dispatched dispatched = net::dispatch(router_, {.gate = &gate_}, request);
    return dispatched.reply ? *dispatched.reply : net::make_reply(router_, dispatched, request);
  }
  static std::string member_of(const net::Reply& reply, std::string_view name) {
    const auto document = base::JsonDocument::parse(reply.body).value();
    return std::string(document.root().find(name).text().value_or(""));
  }
  std::string proof(AccountId speaker, std::string_view text) {
    return safety_->seal().seal({.speaker = speaker, .said_at = now_, .audience = safety::Audience::near}, text);
  }
  std::string evidence(AccountId speaker, const std::string& text) {
    return R"({"text":")" + text + R"(","proof":")" + proof(speaker, text) + "\"}";
  }
  std::string report(AccountId reporter, std::string_view whom = R"({"person":7,"space":"city"})") {
    return member_of(
        ask(reporter, Method::post, "/api/v1/reports", R"({"reason":"harassment","whom":)" + std::string(whom) + "}"), "id");
  }

  std::string let_stay(AccountId owner, std::string text) {
    const auto kept = safety_->things().keep({.space = "city",
                                              .owner = owner.value,
                                              .owner_name = identity_->accounts().get(owner)->profile.name,
                                              .shape = "sign",
                                              .text = std::move(text),
                                              .at = {100, -250, 300}});
    return identity::id_text(kept.value().id);
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("citiverse_safety_api_test_" + std::to_string(getpid()));
  identity::Time now_{std::chrono::seconds{1'800'000'000}};
  base::Random random_{11};
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<PeopleSafety> safety_;
  AccountId ana_, ben_, mod_, other_mod_;
  MetOnPaper met_;
  city::City city_;
  CityModel model_;
  VoiceServers servers_{.stun = {"stun:stun.example:3478"}, .turn = {"turn:turn.example:3478"}, .turn_secret = "north"};
  TestGate gate_;
  net::Router router_;
};

TEST_F(SafetyApi, blocks_somebody_met_without_naming_their_account) {
  const auto added = ask(ana_, Method::post, "/api/v1/me/blocks", R"({"whom":{"person":7,"space":"city"}})");
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(member_of(added, "name"), "Met 7");
  EXPECT_THAT(added.body, Not(HasSubstr(to_text(ben_))));
  EXPECT_TRUE(safety_->relations().are_apart(ana_, ben_));
  EXPECT_THAT(ask(ana_, Method::get, "/api/v1/me/blocks").body, HasSubstr("Met 7"));
  EXPECT_EQ(ask(ben_, Method::get, "/api/v1/me/blocks").body, R"({"items":[]})");
  const std::string path = "/api/v1/me/blocks/" + member_of(added, "id");
  EXPECT_EQ(ask(ben_, Method::delete_, path).status, 404);
  EXPECT_EQ(ask(ana_, Method::delete_, path).status, 204);
  EXPECT_FALSE(safety_->relations().are_apart(ana_, ben_));
}

TEST_F(SafetyApi, names_what_is_wrong_with_whom) {
  const auto block = [&](std::string_view whom) {
    return ask(ana_, Method::post, "/api/v1/me/blocks", R"({"whom":)" + std::string(whom) + "}");
  };
  EXPECT_EQ(block(R"({"person":77,"space":"city"})").status, 404);
  EXPECT_EQ(block(R"({"person":7,"space":"hall"})").status, 404);
  EXPECT_EQ(block(R"({"person":7})").status, 400);
  EXPECT_EQ(block(R"({"person":7,"space":"city","account":"x"})").status, 400);
  EXPECT_EQ(block(R"({"account":"x"})").status, 400);
  EXPECT_EQ(block("{}").status, 400);
  EXPECT_EQ(block("7").status, 400);
  EXPECT_EQ(block(R"({"message":{"text":"Hi","proof":"nonsense"}})").status, 400);
  EXPECT_EQ(block(R"({"message":)" + evidence(ben_, "Hi") + "}").status, 201);
  EXPECT_EQ(block(R"({"message":)" + evidence(ana_, "Hi") + "}").status, 409);
  EXPECT_EQ(ask(ana_, Method::post, "/api/v1/me/blocks", R"({"who":1})").status, 400);
}

TEST_F(SafetyApi, takes_a_report_with_evidence_to_a_decision_with_reasons_and_back_by_an_appeal) {
  const auto sent = ask(ana_, Method::post, "/api/v1/reports",
                        R"({"reason":"hate","text":"At the market","also_block":true,"whom":{"message":)" +
                            evidence(ben_, "Go home") + R"(},"evidence":[)" + evidence(ben_, "I said go") + "]}");
  ASSERT_EQ(sent.status, 201) << sent.body;
  EXPECT_TRUE(safety_->relations().are_apart(ana_, ben_));
  EXPECT_EQ(ask(ben_, Method::get, "/api/v1/reports").status, 403);
  const auto queue = ask(mod_, Method::get, "/api/v1/reports", "", "state=open");
  EXPECT_THAT(queue.body, HasSubstr("Go home"));
  EXPECT_THAT(queue.body, HasSubstr("I said go"));
  EXPECT_THAT(queue.body, HasSubstr(R"("standing":"settled")"));
  for (const AccountId account : {ana_, ben_}) EXPECT_THAT(queue.body, Not(HasSubstr(to_text(account))));
  const std::string path = "/api/v1/reports/" + member_of(sent, "id");
  EXPECT_THAT(ask(mod_, Method::put, path + "/claim").body, HasSubstr(R"("claimed":"me")"));
  const auto decided =
      ask(mod_, Method::post, path + "/decision",
          R"({"action":"time_out","hours":24,"ground":"hate","reasons":"You insulted somebody.","lang":"en"})");
  ASSERT_EQ(decided.status, 201) << decided.body;
  EXPECT_TRUE(identity_->accounts().get(ben_)->restricted_until.has_value());
  EXPECT_THAT(ask(ana_, Method::get, "/api/v1/me/reports").body, HasSubstr(R"("outcome":"action")"));
  EXPECT_THAT(ask(ben_, Method::get, "/api/v1/me/contact").body, HasSubstr("shut_out_until"));
  const auto told = ask(ben_, Method::get, "/api/v1/me/decisions");
  EXPECT_THAT(told.body, HasSubstr("You insulted somebody."));
  EXPECT_THAT(told.body, HasSubstr(R"("state":"possible")"));
  EXPECT_THAT(told.body, Not(HasSubstr("At the market")));
  EXPECT_THAT(told.body, Not(HasSubstr(to_text(mod_))));
  const std::string decision = member_of(decided, "id");
  ASSERT_EQ(ask(ben_, Method::post, "/api/v1/decisions/" + decision + "/appeal", R"({"reasons":"It was a quotation"})").status,
            201);
  EXPECT_EQ(ask(mod_, Method::get, "/api/v1/appeals").body, R"({"items":[]})");
  const std::string answer = R"({"outcome":"reversed","reasons":"It was."})";
  EXPECT_EQ(ask(mod_, Method::post, "/api/v1/appeals/" + decision + "/decision", answer).status, 403);
  other_mod_ = member("Other");
  EXPECT_THAT(ask(other_mod_, Method::get, "/api/v1/appeals").body, HasSubstr("It was a quotation"));
  EXPECT_EQ(ask(other_mod_, Method::post, "/api/v1/appeals/" + decision + "/decision", answer).status, 200);
  EXPECT_FALSE(identity_->accounts().get(ben_)->restricted_until.has_value());
  EXPECT_THAT(ask({}, Method::get, "/api/v1/moderation").body, HasSubstr(R"("reversed":1)"));
  // Each act of power is in the audit log.
  std::vector<std::string> acts;
  const auto entries = identity_->audit().list({}, 10);
  for (const identity::AuditEntry& entry : *entries) acts.push_back(entry.act);
  EXPECT_THAT(acts, ::testing::IsSupersetOf({"moderation.reverse", "moderation.decide"}));
}

TEST_F(SafetyApi, takes_no_evidence_that_was_made_up_or_said_by_another) {
  const auto send = [&](const std::string& item) {
    return ask(ana_, Method::post, "/api/v1/reports",
               R"({"reason":"hate","whom":{"person":7,"space":"city"},"evidence":[)" + item + "]}");
  };
  EXPECT_THAT(send(R"({"text":"You said this","proof":")" + proof(ben_, "Another") + "\"}").body,
              HasSubstr(R"("parameter":"evidence[0]")"));
  EXPECT_EQ(send(evidence(mod_, "By somebody else")).status, 400);
  EXPECT_EQ(send(evidence(ben_, "Really said")).status, 201);
  EXPECT_EQ(safety_->cases().summary()->reports, 1);
}

TEST_F(SafetyApi, answers_a_flood_of_reports_with_429) {
  std::string last;
  for (int i = 0; i <= safety::kReportsPerHourMax; ++i) {
    const auto reply = ask(ana_, Method::post, "/api/v1/reports",
                           R"({"reason":"spam","whom":{"message":)" + evidence(ben_, "n" + std::to_string(i)) + "}}");
    last = reply.body;
    EXPECT_EQ(reply.status, i < safety::kReportsPerHourMax ? 201 : 429);
  }
  EXPECT_THAT(last, HasSubstr("too_many_requests"));
}

TEST_F(SafetyApi, refuses_decisions_that_are_not_whole) {
  const std::string path = "/api/v1/reports/" + report(ana_) + "/decision";
  const auto decide = [&](std::string body) { return ask(mod_, Method::post, path, std::move(body)); };
  EXPECT_EQ(decide(R"({"action":"time_out","ground":"hate","reasons":"x"})").status, 400);
  EXPECT_EQ(decide(R"({"action":"silence","hours":9000,"ground":"hate","reasons":"x"})").status, 400);
  EXPECT_EQ(decide(R"({"action":"warning","ground":"hate"})").status, 400);
  EXPECT_EQ(decide(R"({"action":"warning","ground":"hate","reasons":" \u0007 "})").status, 400);
  EXPECT_EQ(decide(R"({"action":"prison","ground":"hate","reasons":"x"})").status, 400);
  EXPECT_EQ(decide(R"({"action":"warning","ground":"hate","reasons":"x","until":"2030"})").status, 400);
  EXPECT_EQ(decide(R"({"action":"warning","ground":"hate","reasons":"x"})").status, 201);
  EXPECT_EQ(decide(R"({"action":"warning","ground":"hate","reasons":"x"})").status, 409);
  EXPECT_EQ(
      ask(mod_, Method::post, "/api/v1/reports/aaaaaaaaaaaab/decision", R"({"action":"none","ground":"hate","reasons":"x"})")
          .status,
      404);
}

TEST_F(SafetyApi, lets_a_moderator_act_at_once_and_take_it_back) {
  std::vector<AccountId> told;
  safety_->set_changes({.restriction = [&](AccountId account) { told.push_back(account); }});
  const auto decided =
      ask(mod_, Method::post, "/api/v1/decisions",
          R"({"whom":{"person":7,"space":"city"},"action":"silence","hours":2,"ground":"spam","reasons":"Advertising."})");
  ASSERT_EQ(decided.status, 201) << decided.body;
  EXPECT_THAT(decided.body, HasSubstr("own_initiative"));
  EXPECT_THAT(told, ::testing::ElementsAre(ben_));
  EXPECT_EQ(safety_->talk().limits({.account = ben_.value}).messages_per_minute, 0);
  const std::string path = "/api/v1/decisions/" + member_of(decided, "id") + "/revocation";
  EXPECT_EQ(ask(ben_, Method::post, path, R"({"reasons":"No"})").status, 403);
  EXPECT_EQ(ask(mod_, Method::post, path, R"({"reasons":"Wrong person."})").status, 200);
  EXPECT_EQ(told.size(), 2u);
}

TEST_F(SafetyApi, pins_a_notice_and_takes_it_down_for_a_moderator) {
  const auto centre = city_.plane().to_lat_lon(city_.box().center());
  const auto here = fmt::format(R"("lat":{},"lon":{})", centre.lat_deg, centre.lon_deg);
  const auto posted = ask(ben_, Method::post, "/api/v1/notices", "{" + here + R"(,"text":"Cheap watches","lang":"en"})");
  ASSERT_EQ(posted.status, 201) << posted.body;
  EXPECT_THAT(posted.body, HasSubstr(R"("mine":true)"));
  const std::string id = member_of(posted, "id");
  EXPECT_THAT(ask({}, Method::get, "/api/v1/notices").body, HasSubstr("Cheap watches"));
  EXPECT_THAT(ask({}, Method::get, "/api/v1/notices").body, Not(HasSubstr("mine")));
  EXPECT_EQ(ask({}, Method::post, "/api/v1/notices", "{}").status, 403);
  const std::string path = "/api/v1/reports/" + report(ana_, R"({"notice":")" + id + "\"}");
  EXPECT_THAT(ask(mod_, Method::get, path).body, HasSubstr("Cheap watches"));
  const auto decided =
      ask(mod_, Method::post, path + "/decision", R"({"action":"removal","ground":"spam","reasons":"Advertising."})");
  ASSERT_EQ(decided.status, 201);
  EXPECT_EQ(ask({}, Method::get, "/api/v1/notices/" + id).status, 404);
  EXPECT_EQ(ask(ben_, Method::post, "/api/v1/notices/" + id + "/restoration").status, 404);
  ask(mod_, Method::post, "/api/v1/decisions/" + member_of(decided, "id") + "/revocation", R"({"reasons":"They are a shop."})");
  EXPECT_EQ(ask({}, Method::get, "/api/v1/notices/" + id).status, 200);
}

TEST_F(SafetyApi, shows_nobody_the_notices_of_those_from_whom_they_are_apart) {
  const std::string notice = R"({"object":"place-g1","text":"Fresh bread at eight"})";
  const std::string id = member_of(ask(ben_, Method::post, "/api/v1/notices", notice), "id");
  EXPECT_THAT(ask(ana_, Method::get, "/api/v1/notices").body, HasSubstr("Fresh bread"));
  ASSERT_TRUE(safety_->relations().add(safety::RelationKind::block, ben_, ana_, "Ana"));
  EXPECT_EQ(ask(ana_, Method::get, "/api/v1/notices").body, R"({"items":[]})");
  EXPECT_EQ(ask(ana_, Method::get, "/api/v1/notices", "", "object=place-g1").body, R"({"items":[]})");
  EXPECT_EQ(ask(ana_, Method::get, "/api/v1/notices/" + id).status, 404);
  EXPECT_THAT(ask(ben_, Method::get, "/api/v1/notices").body, HasSubstr("Fresh bread"));
  EXPECT_THAT(ask({}, Method::get, "/api/v1/notices").body, HasSubstr("Fresh bread"));
}

TEST_F(SafetyApi, takes_a_reported_thing_away_with_its_reasons_and_lets_it_stand_again_on_appeal) {
  const std::string id = let_stay(ben_, "Cheap watches");
  const std::string whom = R"({"thing":")" + id + "\"}";
  const std::string path = "/api/v1/reports/" + report(ana_, whom);
  const auto seen = ask(mod_, Method::get, path);
  EXPECT_THAT(seen.body, HasSubstr(R"("thing":{"id":")" + id + R"(","space":"city","shape":"sign","text":"Cheap watches")"));
  EXPECT_THAT(seen.body, HasSubstr(R"("name":"Ben")"));
  EXPECT_EQ(ask(mod_, Method::post, path + "/decision", R"({"action":"removal","ground":"spam"})").status, 400)
      << "nothing is removed without a statement of reasons";
  const auto decided =
      ask(mod_, Method::post, path + "/decision", R"({"action":"removal","ground":"spam","reasons":"Advertising."})");
  ASSERT_EQ(decided.status, 201) << decided.body;
  EXPECT_TRUE(safety_->things().in_space("city").empty());
  EXPECT_THAT(ask(ben_, Method::get, "/api/v1/me/decisions").body, HasSubstr("Advertising."));
  EXPECT_EQ(identity_->audit().list(std::nullopt, 1)->front().act, "moderation.decide");
  const std::string decision = member_of(decided, "id");
  ASSERT_EQ(ask(ben_, Method::post, "/api/v1/decisions/" + decision + "/appeal", R"({"reasons":"I repair watches."})").status,
            201);
  other_mod_ = member("Other");
  ASSERT_EQ(ask(other_mod_, Method::post, "/api/v1/appeals/" + decision + "/decision",
                R"({"outcome":"reversed","reasons":"It is a workshop."})")
                .status,
            200);
  EXPECT_EQ(safety_->things().in_space("city").size(), 1u);
  // And without a report, by whoever may moderate only.
  const std::string body = R"({"whom":)" + whom + R"(,"action":"removal","ground":"spam","reasons":"Advertising."})";
  EXPECT_EQ(ask(ana_, Method::post, "/api/v1/decisions", body).status, 403);
  EXPECT_EQ(ask(mod_, Method::post, "/api/v1/decisions", body).status, 201);
  EXPECT_TRUE(safety_->things().in_space("city").empty());
  EXPECT_EQ(ask(ana_, Method::post, "/api/v1/reports", R"({"reason":"spam","whom":)" + whom + "}").status, 404);
}

TEST_F(SafetyApi, shows_what_one_lets_stay_and_takes_it_away_from_afar) {
  const std::string id = let_stay(ana_, "Chess?");
  EXPECT_THAT(ask(ana_, Method::get, "/api/v1/me/things").body, HasSubstr(R"("text":"Chess?","by":"Ana","at":[1,-2.5,3])"));
  EXPECT_EQ(ask(ben_, Method::get, "/api/v1/me/things").body, R"({"items":[]})");
  EXPECT_EQ(ask(ben_, Method::delete_, "/api/v1/me/things/" + id).status, 404);
  EXPECT_EQ(ask(ana_, Method::delete_, "/api/v1/me/things/nonsense").status, 404);
  EXPECT_EQ(ask(ana_, Method::delete_, "/api/v1/me/things/" + id).status, 204);
  EXPECT_EQ(ask(ana_, Method::get, "/api/v1/me/things").body, R"({"items":[]})");
  EXPECT_EQ(ask({}, Method::get, "/api/v1/me/things").status, 403);
}

TEST_F(SafetyApi, exports_and_erases_things_with_the_account) {
  let_stay(ana_, "Chess?");
  EXPECT_THAT(*identity_->erasure().export_json(ana_), HasSubstr(R"("things":[{"id":)"));
  ASSERT_TRUE(identity_->erasure().erase_now(ana_));
  EXPECT_TRUE(safety_->things().in_space("city").empty());
  EXPECT_TRUE(safety_->things().kept_of_owner(ana_.value)->empty());
}

TEST_F(SafetyApi, puts_a_notice_back_that_its_author_took_down) {
  const auto centre = city_.plane().to_lat_lon(city_.box().center());
  const auto here = fmt::format(R"("lat":{},"lon":{})", centre.lat_deg, centre.lon_deg);
  const std::string id = member_of(ask(ana_, Method::post, "/api/v1/notices", "{" + here + R"(,"text":"Found a key"})"), "id");
  EXPECT_EQ(ask(ben_, Method::delete_, "/api/v1/notices/" + id).status, 404);
  EXPECT_EQ(ask(ana_, Method::delete_, "/api/v1/notices/" + id).status, 204);
  EXPECT_EQ(ask({}, Method::get, "/api/v1/notices").body, R"({"items":[]})");
  EXPECT_EQ(ask(ana_, Method::post, "/api/v1/notices/" + id + "/restoration").status, 200);
  EXPECT_THAT(ask(ana_, Method::get, "/api/v1/me/notices").body, HasSubstr("Found a key"));
}

TEST_F(SafetyApi, hangs_a_notice_on_an_object) {
  const auto posted =
      ask(ana_, Method::post, "/api/v1/notices", R"({"object":"place-g1","text":"Fresh bread at eight","days":3})");
  ASSERT_EQ(posted.status, 201) << posted.body;
  EXPECT_THAT(ask({}, Method::get, "/api/v1/notices", "", "object=place-g1").body, HasSubstr("Fresh bread"));
  EXPECT_EQ(ask({}, Method::get, "/api/v1/notices", "", "object=building-g1").body, R"({"items":[]})");
  EXPECT_EQ(ask({}, Method::get, "/api/v1/notices", "", "object=building-g1&lat=0&lon=0").status, 400);
}

TEST_F(SafetyApi, refuses_notices_outside_the_city_and_names_the_member) {
  const auto post = [&](std::string body) { return ask(ana_, Method::post, "/api/v1/notices", std::move(body)); };
  EXPECT_THAT(post(R"({"text":"x","lat":0,"lon":0})").body, HasSubstr(R"("parameter":"lat")"));
  EXPECT_THAT(post(R"({"text":"x"})").body, HasSubstr(R"("parameter":"object")"));
  EXPECT_THAT(post(R"({"text":"x","object":"place-n1","lat":1,"lon":1})").body, HasSubstr(R"("parameter":"object")"));
  EXPECT_EQ(post(R"({"text":"x","object":"place-n1"})").status, 404);
  EXPECT_THAT(post(R"({"text":"x","lat":95,"lon":0})").body, HasSubstr(R"("parameter":"lat")"));
  EXPECT_THAT(post(R"({"text":"","lat":1,"lon":1})").body, HasSubstr(R"("parameter":"text")"));
}

TEST_F(SafetyApi, gives_servers_for_voice_to_who_consented_and_to_nobody_else) {
  const auto before = ask(ana_, Method::get, "/api/v1/voice");
  EXPECT_THAT(before.body, HasSubstr(R"("near":false,"groups":false,"ice_servers":[])"));
  ASSERT_TRUE(identity_->consents().set(ana_, identity::Purpose::voice, true));
  const auto after = ask(ana_, Method::get, "/api/v1/voice");
  EXPECT_THAT(after.body, HasSubstr(R"("near":true,"groups":true)"));
  EXPECT_THAT(after.body, HasSubstr("turn:turn.example:3478"));
  EXPECT_THAT(after.body, Not(HasSubstr("north")));
  EXPECT_EQ(ask({}, Method::get, "/api/v1/voice").status, 403);
}

TEST_F(SafetyApi, exports_and_erases_notices_blocks_and_reports_with_the_account) {
  const auto centre = city_.plane().to_lat_lon(city_.box().center());
  ask(ana_, Method::post, "/api/v1/notices",
      fmt::format(R"({{"lat":{},"lon":{},"text":"Found a key"}})", centre.lat_deg, centre.lon_deg));
  ask(ana_, Method::post, "/api/v1/me/mutes", R"({"whom":{"person":7,"space":"city"}})");
  const auto exported = identity_->erasure().export_json(ana_);
  ASSERT_TRUE(exported);
  EXPECT_THAT(*exported, HasSubstr("Found a key"));
  EXPECT_THAT(*exported, HasSubstr(R"("muted":[{"name":"Met 7")"));
  ASSERT_TRUE(identity_->erasure().erase_now(ana_));
  EXPECT_EQ(ask({}, Method::get, "/api/v1/notices").body, R"({"items":[]})");
  EXPECT_TRUE(safety_->relations().hears(ana_, ben_));
}

TEST_F(SafetyApi, answers_talk_from_accounts_once_they_are_known) {
  TalkAccounts& talk = safety_->talk();
  talk.learn(ana_);
  talk.learn(ben_);
  const presence::Profile ana{.account = ana_.value};
  const presence::Profile ben{.account = ben_.value};
  EXPECT_TRUE(talk.may_write(ana, ben, false, false));
  ask(ben_, Method::put, "/api/v1/me/contact", R"({"direct":"nobody"})");
  talk.learn(ben_);
  const auto declined = talk.may_write(ana, ben, false, false);
  ASSERT_FALSE(declined);
  ASSERT_TRUE(identity_->accounts().set_minor(ben_, true));
  talk.learn(ben_);
  // What the sender reads is the same, whatever the reason.
  EXPECT_EQ(talk.may_write(ana, ben, false, false).error().message, declined.error().message);
  EXPECT_FALSE(talk.may_speak_together(ana, ben, false));
  const presence::Witness witness = talk.witness(ana, presence::SayTo::group, "Hello");
  EXPECT_EQ(safety_->seal().open(witness.proof, "Hello", now_)->speaker, ana_);
  // Somebody unknown counts as a guest until they have been read.
  EXPECT_FALSE(talk.limits({.account = mod_.value}).may_speak_near);
}

TEST(TurnCredentials, are_those_that_coturn_checks) {
  // Computed independently: printf '1800014400:tag' | openssl dgst -sha1 -hmac north -binary | base64
  const TurnCredentials turn = turn_credentials("north", "tag", identity::Time(std::chrono::seconds{1'800'000'000}));
  EXPECT_EQ(turn.username, "1800014400:tag");
  EXPECT_EQ(turn.credential, "eBt9yTTokI7etv7nDkSa1fg5G2I=");
}

}  // namespace
}  // namespace citiverse::api
