// Spaces over the wire: who makes, finds, changes and closes them, and whom the door lets in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/identity_test_node.h"
#include "api/node_spaces.h"
#include "base/random.h"
#include "testing/ascii_city.h"

namespace citiverse::api {
namespace {

using identity::AccountId;
using identity::Role;
using ::testing::HasSubstr;
using ::testing::Not;

class NoAccounts : public PresenceAccounts {
 public:
  std::expected<presence::Profile, net::Reply> profile(const net::Visitor&) override { return presence::Profile{}; }
  std::vector<std::uint64_t> apart_from(std::uint64_t) override { return {}; }
  base::Result<void> may_group(const presence::Profile&) override { return {}; }
  base::Result<void> may_invite(const presence::Profile&, const presence::Profile&) override { return {}; }
  bool is_muted(const presence::Profile&, const presence::Profile&) override { return false; }
  std::optional<geo::Vec2d> find_object(std::string_view) override { return std::nullopt; }
  std::string fresh_code() override { return "code000000000000"; }
};

class NoTalk : public presence::TalkRules {
 public:
  presence::TalkLimits limits(const presence::Profile&) override { return {}; }
  bool hears(const presence::Profile&, const presence::Profile&) override { return true; }
  base::Result<void> may_write(const presence::Profile&, const presence::Profile&, bool, bool) override { return {}; }
  bool may_speak_together(const presence::Profile&, const presence::Profile&, bool) override { return false; }
  presence::Witness witness(const presence::Profile&, presence::SayTo, std::string_view) override { return {}; }
};

class SpaceApi : public ::testing::Test {
 protected:
  SpaceApi()
      : city_(testing_fixtures::ascii_city("#==\n.P.")),
        model_(city_, [] { return identity::Time{}; }),
        store_(storage::Store::open(people_.folder() / "spaces.db").value()),
        book_(presence::SpaceBook::load(*store_, {[this] { return people_.now(); }, [this] { return next_id_++ << 20; }})
                  .value()),
        door_({.name = "Testville", .bounds = {{-1000, -1000, 0}, {1000, 1000, 500}}}, ground_, accounts_, talk_, nullptr,
              [this](std::span<std::byte> bytes) {
                for (std::byte& byte : bytes) byte = static_cast<std::byte>(base::mix64(secret_++));
              }),
        driver_(door_, metrics_, PresenceDoor::socket_options({})),
        spaces_(*book_, *people_, door_) {
    door_.attach(driver_);
    door_.set_keeper(spaces_);
    add_space_routes(node_.router, spaces_, model_);
  }

  AccountId join(Browser& browser, const std::string& name, std::optional<Role> role = std::nullopt) {
    const AccountId account = role ? people_.member(name, *role) : people_.member(name);
    EXPECT_EQ(browser.sign_in(name).status, 200);
    return account;
  }
  std::string body(std::string_view audience, std::string_view more = "", bool has_point = true) {
    const geo::LatLon middle = city_.plane().to_lat_lon(city_.box().center());
    const std::string point = fmt::format(R"(,"lat":{},"lon":{})", middle.lat_deg, middle.lon_deg);
    return fmt::format(R"({{"name":"Room","audience":"{}"{}{}}})", audience, has_point ? point : "", more);
  }
  std::string make(Browser& browser, std::string_view audience, std::string_view more = "") {
    const auto made = browser.ask(Method::post, "/api/v1/spaces", body(audience, more));
    EXPECT_EQ(made.status, 201) << made.body;
    return text_in(made, "id");
  }
  // As the door asks when a handshake comes: 101 stands for being let in.
  int entering(AccountId account, const std::string& space) {
    const auto known = people_->accounts().get(account).value();
    presence::Profile profile{.account = account.value, .roles = known.standing_at(people_.now()), .is_guest = known.is_guest};
    const auto organisations = people_->organisations().of_member(account).value();
    for (const auto each : organisations) profile.organisations.push_back(each.value);
    const auto entered = spaces_.enter(space, profile);
    EXPECT_EQ(entered.has_value(), spaces_.lets_in(space, profile));
    return entered ? 101 : entered.error().status;
  }
  static std::string at(const std::string& id, std::string_view more = "") {
    return fmt::format("/api/v1/spaces/{}{}", id, more);
  }

  Node node_;
  TestPeople& people_{node_.people()};
  city::City city_;
  CityModel model_;
  std::unique_ptr<storage::Store> store_;
  std::uint64_t next_id_ = 1;
  std::uint64_t secret_ = 1;
  std::unique_ptr<presence::SpaceBook> book_;
  presence::OpenGround ground_;
  NoAccounts accounts_;
  NoTalk talk_;
  net::Metrics metrics_;
  PresenceDoor door_;
  net::WebSocketDriver driver_;
  NodeSpaces spaces_;
};

TEST_F(SpaceApi, the_city_is_there_for_everybody_and_a_stranger_may_not_enter_it) {
  Browser stranger(node_);
  EXPECT_THAT(stranger.ask(Method::get, "/api/v1/spaces").body, HasSubstr(R"({"id":"city","name":"Testville","people":0)"));
  EXPECT_THAT(stranger.ask(Method::get, "/api/v1/spaces").body, HasSubstr(R"("may_enter":false)"));
}

TEST_F(SpaceApi, teachers_make_their_own_spaces_and_others_for_an_organisation_they_belong_to) {
  Browser stranger(node_), ana(node_), tea(node_);
  const AccountId ana_account = join(ana, "ana");
  join(tea, "tea", Role::teacher);
  EXPECT_EQ(stranger.ask(Method::post, "/api/v1/spaces", body("everybody")).status, 401);
  EXPECT_EQ(text_in(ana.ask(Method::post, "/api/v1/spaces", body("everybody")), "parameter"), "organisation");
  EXPECT_EQ(tea.ask(Method::post, "/api/v1/spaces", body("everybody")).status, 201);
  const auto club = people_->organisations().found(ana_account, "Choir", "").value();
  const std::string of_club = fmt::format(R"(,"organisation":"{}")", to_text(club));
  EXPECT_EQ(tea.ask(Method::post, "/api/v1/spaces", body("organisation", of_club)).status, 403) << "not a member of it";
  EXPECT_THAT(ana.ask(Method::post, "/api/v1/spaces", body("organisation", of_club)).body, HasSubstr(R"("name":"Choir")"));
  ASSERT_TRUE(people_->accounts().set_minor(ana_account, true));
  EXPECT_EQ(ana.ask(Method::post, "/api/v1/spaces", body("organisation", of_club)).status, 403) << "minors make none";
}

TEST_F(SpaceApi, names_what_is_wrong_with_a_space) {
  Browser tea(node_);
  join(tea, "tea", Role::teacher);
  const auto parameter = [&](std::string_view text) {
    const auto reply = tea.ask(Method::post, "/api/v1/spaces", text);
    EXPECT_EQ(reply.status, 400) << reply.body;
    return text_in(reply, "parameter");
  };
  EXPECT_EQ(parameter(R"({"audience":"everybody","lat":0,"lon":0})"), "name");
  EXPECT_EQ(parameter(body("everybody", "", false)), "object");
  EXPECT_EQ(parameter(body("friends")), "audience");
  EXPECT_EQ(parameter(body("roles")), "roles");
  EXPECT_EQ(parameter(body("roles", R"(,"roles":["king"])")), "roles");
  EXPECT_EQ(parameter(body("everybody", R"(,"width_m":401)")), "width_m");
  EXPECT_EQ(parameter(body("everybody", R"(,"people_max":0)")), "people_max");
  EXPECT_EQ(parameter(body("everybody", R"(,"object":"place-n1")")), "object");
  EXPECT_EQ(parameter(body("everybody", R"(,"wide":1)")), "wide");
  EXPECT_EQ(parameter(R"({"name":"Room","lat":80,"lon":0})"), "lat");
}

TEST_F(SpaceApi, lets_in_and_lists_by_its_rules) {
  Browser tea(node_), ana(node_), stranger(node_);
  const AccountId maker = join(tea, "tea", Role::teacher);
  const AccountId ana_account = join(ana, "ana");
  const AccountId guest = people_.guest();
  const std::string open = make(tea, "everybody");
  const std::string accounts = make(tea, "accounts");
  const std::string teachers = make(tea, "roles", R"(,"roles":["teacher","office"])");
  const std::string invited = make(tea, "invited");
  EXPECT_EQ(entering(guest, open), 101);
  EXPECT_EQ(entering(guest, accounts), 403);
  EXPECT_EQ(entering(ana_account, accounts), 101);
  EXPECT_EQ(entering(ana_account, teachers), 403);
  EXPECT_EQ(entering(maker, teachers), 101);
  EXPECT_EQ(entering(ana_account, invited), 403);
  EXPECT_EQ(entering(ana_account, "aaaaaaaaaaaab"), 404);
  EXPECT_EQ(entering(ana_account, "moon"), 404);
  const std::string seen = stranger.ask(Method::get, "/api/v1/spaces").body;
  for (const std::string& id : {open, accounts, teachers}) EXPECT_THAT(seen, HasSubstr(id));
  EXPECT_THAT(seen, Not(HasSubstr(invited)));
  EXPECT_EQ(ana.ask(Method::get, at(invited)).status, 404) << "who is not on its list is not told that it is there";
  const std::string guests = at(invited, "/guests/" + to_text(ana_account));
  EXPECT_EQ(ana.ask(Method::put, guests).status, 404);
  EXPECT_EQ(tea.ask(Method::put, guests).status, 204);
  EXPECT_EQ(entering(ana_account, invited), 101);
  EXPECT_THAT(ana.ask(Method::get, "/api/v1/spaces").body, HasSubstr(invited));
  EXPECT_THAT(ana.ask(Method::get, at(invited)).body, HasSubstr(R"("on_list":true)"));
  EXPECT_THAT(tea.ask(Method::get, at(invited)).body, Not(HasSubstr("on_list")))
      << "the list says who may leave it, to them alone";
  EXPECT_EQ(ana.ask(Method::get, at(invited, "/guests")).status, 403) << "the list is the host's";
  EXPECT_THAT(tea.ask(Method::get, at(invited, "/guests")).body, HasSubstr(R"("name":"ana")"));
  EXPECT_EQ(ana.ask(Method::delete_, guests).status, 204) << "whoever is on a list may leave it";
  EXPECT_EQ(entering(ana_account, invited), 403);
}

TEST_F(SpaceApi, is_changed_by_its_hosts_and_closed_by_them_or_by_moderators_for_good) {
  Browser tea(node_), ana(node_), mod(node_);
  const AccountId maker = join(tea, "tea", Role::teacher);
  join(ana, "ana");
  join(mod, "mod", Role::moderator);
  const std::string id = make(tea, "everybody");
  EXPECT_EQ(ana.ask(Method::patch, at(id), R"({"name":"Mine"})").status, 403);
  EXPECT_THAT(tea.ask(Method::patch, at(id), R"({"name":"Class 4b","people_max":30,"audience":"accounts"})").body,
              HasSubstr(R"("people_max":30)"));
  EXPECT_EQ(tea.ask(Method::patch, at(id), R"({"width_m":10})").status, 400) << "people stand in it";
  EXPECT_EQ(ana.ask(Method::delete_, at(id)).status, 403);
  EXPECT_EQ(tea.ask(Method::delete_, at(id)).status, 204);
  EXPECT_EQ(entering(maker, id), 404);
  EXPECT_EQ(ana.ask(Method::get, at(id)).status, 404);
  EXPECT_THAT(tea.ask(Method::get, at(id)).body, HasSubstr("closed_at"));
  EXPECT_EQ(tea.ask(Method::post, at(id, "/restoration"), "{}").status, 200);
  EXPECT_EQ(entering(maker, id), 101);
  EXPECT_EQ(mod.ask(Method::delete_, at(id)).status, 204);
  EXPECT_EQ(tea.ask(Method::post, at(id, "/restoration"), "{}").status, 403);
  const auto log = people_->audit().list(std::nullopt, 5).value();
  EXPECT_TRUE(std::ranges::any_of(log, [](const auto& entry) { return entry.act == "space.close"; }));
}

TEST_F(SpaceApi, an_organisations_space_is_its_members_and_goes_on_without_its_maker) {
  Browser ana(node_), ben(node_);
  const AccountId ana_account = join(ana, "ana");
  const AccountId ben_account = join(ben, "ben");
  const auto club = people_->organisations().found(ana_account, "Choir", "").value();
  const std::string id = make(ana, "organisation", fmt::format(R"(,"organisation":"{}")", to_text(club)));
  EXPECT_EQ(entering(ben_account, id), 403);
  const auto set = [&](AccountId who) {
    return people_->organisations().set_member(club, who, ben_account, identity::OrganisationRole::owner);
  };
  ASSERT_TRUE(set(ana_account));
  EXPECT_EQ(entering(ben_account, id), 403) << "invited, and not a member yet";
  ASSERT_TRUE(set(ben_account));
  EXPECT_EQ(entering(ben_account, id), 101);
  EXPECT_EQ(ben.ask(Method::patch, at(id), R"({"about":"we sing here"})").status, 200);
  EXPECT_THAT(spaces_.export_json(ana_account).value(), HasSubstr(id));
  ASSERT_TRUE(spaces_.erase(ana_account));
  EXPECT_THAT(spaces_.export_json(ana_account).value(), Not(HasSubstr(id)));
  EXPECT_EQ(entering(ben_account, id), 101);
}

TEST_F(SpaceApi, pages_through_spaces_without_gaps) {
  Browser tea(node_);
  join(tea, "tea", Role::teacher);
  for (int i = 0; i < 6; ++i) make(tea, "everybody");
  std::size_t seen = 0;
  std::string cursor;
  do {
    const auto page = tea.ask(Method::get, "/api/v1/spaces", {}, "limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(page.status, 200) << page.body;
    seen += base::JsonDocument::parse(page.body)->root().find("spaces").size();
    cursor = text_in(page, "next_cursor");
  } while (!cursor.empty());
  EXPECT_EQ(seen, 7u);
}

}  // namespace
}  // namespace citiverse::api
