// The routes of those with roles, and that every route refuses whom the policy table refuses.
#include "api/identity_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/identity_json.h"
#include "api/identity_test_node.h"

namespace citiverse::api {
namespace {

using identity::AccountId;
using identity::Permission;
using identity::Role;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(IdentityApiTest, gives_roles_and_verifies_by_those_who_may_and_logs_it) {
  people_.member("olu", Role::operator_);
  people_.member("off", Role::office);
  const std::string ana = to_text(people_.member("ana"));
  const std::string ben = to_text(people_.member("ben"));
  Browser operator_browser(node_), office(node_);
  ASSERT_EQ(operator_browser.sign_in("olu").status, 200);
  ASSERT_EQ(office.sign_in("off").status, 200);
  EXPECT_THAT(operator_browser.ask(Method::put, "/api/v1/accounts/" + ana + "/roles/planner").body, HasSubstr("planner"));
  EXPECT_EQ(operator_browser.ask(Method::put, "/api/v1/accounts/" + ana + "/roles/resident").status, 409);
  EXPECT_EQ(operator_browser.ask(Method::put, "/api/v1/accounts/" + ana + "/roles/king").status, 404);
  EXPECT_EQ(office.ask(Method::put, "/api/v1/accounts/" + ana + "/roles/planner").status, 403);
  const auto verify = [&](const std::string& id, std::string_view reference) {
    return office.ask(Method::put, "/api/v1/accounts/" + id + "/verification",
                      fmt::format(R"({{"reference":"{}","minor":true}})", reference));
  };
  EXPECT_EQ(text_in(verify(ana, "- -"), "parameter"), "reference");
  const auto verified = verify(ana, "R 4711");
  EXPECT_THAT(verified.body, HasSubstr(R"("verified":true,"verified_by":"office")"));
  EXPECT_THAT(verified.body, HasSubstr(R"("minor":true)"));
  EXPECT_EQ(code_of(verify(ben, "r-47/11")), "already_verified");
  EXPECT_EQ(verify(text_in(office.me(), "account"), "R 4712").status, 403) << "not one's own account";
  EXPECT_THAT(office.ask(Method::get, "/api/v1/accounts", {}, "q=an").body, HasSubstr(ana));
  const auto audit = operator_browser.ask(Method::get, "/api/v1/audit");
  for (const std::string_view act : {"role.give", "resident.verify", "accounts.search", "sign_in"})
    EXPECT_THAT(audit.body, HasSubstr(fmt::format(R"("act":"{}")", act)));
  EXPECT_THAT(audit.body, Not(HasSubstr("4711")));
  EXPECT_THAT(audit.body, Not(HasSubstr("king")));
  EXPECT_TRUE(people_->audit().check());
}

TEST_F(IdentityApiTest, pages_through_the_audit_log_and_organisations_without_gaps) {
  const AccountId olu = people_.member("olu", Role::operator_);
  for (int i = 0; i < 7; ++i) {
    ASSERT_TRUE(people_->audit().add(olu, "test", olu, std::to_string(i)));
    ASSERT_TRUE(people_->organisations().found(olu, fmt::format("Club {}", i), ""));
  }
  ASSERT_EQ(browser_.sign_in("olu").status, 200);
  for (const auto& [path, list] :
       {std::pair("/api/v1/audit", "entries"), std::pair("/api/v1/organisations", "organisations")}) {
    std::size_t seen = 0;
    std::string cursor;
    for (int page = 0; page < 10; ++page) {
      const auto reply = browser_.ask(Method::get, path, {}, "limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
      ASSERT_EQ(reply.status, 200) << reply.body;
      seen += base::JsonDocument::parse(reply.body)->root().find(list).size();
      cursor = text_in(reply, "next_cursor");
      if (cursor.empty()) break;
    }
    EXPECT_EQ(seen, std::string_view(list) == "entries" ? 8u : 7u) << path;
  }
  EXPECT_EQ(browser_.ask(Method::get, "/api/v1/audit", {}, "cursor=x").status, 400);
}

TEST_F(IdentityApiTest, takes_people_into_organisations_over_the_wire) {
  people_.member("ana");
  const std::string ben = to_text(people_.member("ben"));
  Browser ben_browser(node_);
  ASSERT_EQ(browser_.sign_in("ana").status, 200);
  ASSERT_EQ(ben_browser.sign_in("ben").status, 200);
  const auto founded = browser_.ask(Method::post, "/api/v1/organisations", R"({"name":"Choir of the Quay"})");
  ASSERT_EQ(founded.status, 201) << founded.body;
  const std::string path = "/api/v1/organisations/" + text_in(founded, "id");
  EXPECT_EQ(code_of(ben_browser.ask(Method::post, "/api/v1/organisations", R"({"name":"choir of the quay"})")), "name_taken");
  EXPECT_EQ(text_in(browser_.ask(Method::put, path + "/members/" + ben, R"({"role":"member"})"), "state"), "invited");
  EXPECT_EQ(text_in(ben_browser.ask(Method::put, path + "/members/" + ben, R"({"role":"member"})"), "state"), "member");
  EXPECT_EQ(ben_browser.ask(Method::patch, path, R"({"about":"mine"})").status, 403);
  EXPECT_EQ(browser_.ask(Method::patch, path, R"({"about":"ours"})").status, 200);
  EXPECT_THAT(Browser(node_).ask(Method::get, path).body, HasSubstr(R"("members":2)"));
  EXPECT_EQ(Browser(node_).ask(Method::get, path + "/members").status, 401);
  EXPECT_EQ(browser_.ask(Method::delete_, path + "/members/" + ben).status, 204);
  EXPECT_EQ(browser_.ask(Method::delete_, path).status, 204);
  EXPECT_EQ(browser_.ask(Method::get, path).status, 404);
}

// Which permission guards which route, written down a second time: a route that is open by a slip shows here.
const std::map<std::string, Permission>& guarded_routes() {
  using enum Permission;
  static const std::map<std::string, Permission> kRoutes{
      {"GET /api/v1/me", everyone},
      {"PATCH /api/v1/me", own_account},
      {"DELETE /api/v1/me", own_account},
      {"DELETE /api/v1/me/erasure", own_account},
      {"GET /api/v1/me/sessions", own_account},
      {"DELETE /api/v1/me/sessions", own_account},
      {"DELETE /api/v1/me/sessions/{id}", own_account},
      {"PUT /api/v1/me/password", own_sign_in},
      {"POST /api/v1/me/recovery-codes", own_sign_in},
      {"GET /api/v1/me/consents", own_account},
      {"PUT /api/v1/me/consents/{purpose}", own_account},
      {"GET /api/v1/me/export", own_account},
      {"POST /api/v1/sign-in/guest", everyone},
      {"POST /api/v1/sign-in/password", everyone},
      {"POST /api/v1/sign-in/recovery", everyone},
      {"POST /api/v1/accounts", everyone},
      {"POST /api/v1/sign-out", everyone},
      {"GET /api/v1/accounts", find_accounts},
      {"GET /api/v1/accounts/{id}", find_accounts},
      {"PUT /api/v1/accounts/{id}/roles/{role}", give_roles},
      {"DELETE /api/v1/accounts/{id}/roles/{role}", give_roles},
      {"PUT /api/v1/accounts/{id}/verification", verify_residents},
      {"DELETE /api/v1/accounts/{id}/verification", verify_residents},
      {"GET /api/v1/audit", read_audit},
      {"GET /api/v1/policy", everyone},
      {"GET /api/v1/machines", manage_machines},
      {"POST /api/v1/machines", manage_machines},
      {"DELETE /api/v1/machines/{id}", manage_machines},
      {"GET /api/v1/organisations", everyone},
      {"POST /api/v1/organisations", found_organisations},
      {"GET /api/v1/organisations/{id}", everyone},
      {"PATCH /api/v1/organisations/{id}", own_sign_in},
      {"DELETE /api/v1/organisations/{id}", own_sign_in},
      {"GET /api/v1/organisations/{id}/members", own_sign_in},
      {"PUT /api/v1/organisations/{id}/members/{account}", own_sign_in},
      {"DELETE /api/v1/organisations/{id}/members/{account}", own_sign_in},
      {"PUT /api/v1/organisations/{id}/verification", verify_organisations},
      {"DELETE /api/v1/organisations/{id}/verification", verify_organisations},
  };
  return kRoutes;
}

TEST_F(IdentityApiTest, refuses_at_every_route_whom_the_policy_table_refuses) {
  // One browser a kind of person; none of them keeps a session that the requests below could end for another.
  std::vector<std::pair<std::string, Browser>> kinds;
  const auto add = [&](const std::string& kind) -> AccountId {
    const AccountId account = people_.member(kind);
    Browser browser(node_, 100 + kinds.size());
    EXPECT_EQ(browser.sign_in(kind).status, 200);
    kinds.emplace_back(kind, browser);
    return account;
  };
  kinds.emplace_back("stranger", Browser(node_));
  kinds.emplace_back("guest", Browser(node_));
  kinds.back().second.ask(Method::post, "/api/v1/sign-in/guest", R"({"name":"Wanderer","minor":false})");
  add("member");
  ASSERT_TRUE(people_->accounts().set_minor(add("minor"), true));
  ASSERT_TRUE(people_->accounts().restrict_until(add("timed_out"), people_.now() + std::chrono::hours(1)));
  ASSERT_TRUE(people_->accounts().ask_for_erasure(add("erasing")));
  for (std::size_t role = 1; role < identity::kRoles; ++role) {
    const std::string name(identity::name_of(static_cast<Role>(role)));
    ASSERT_TRUE(people_->accounts().give_role(add(name), static_cast<Role>(role)));
  }
  std::size_t refused = 0, admitted = 0;
  for (const net::Route& route : node_.router.routes()) {
    const std::string name = fmt::format("{} {}", net::name_of(route.method), route.pattern);
    ASSERT_TRUE(guarded_routes().contains(name)) << name << " is in no table of this test";
    const Permission permission = guarded_routes().at(name);
    for (const auto& [kind, browser] : kinds) {
      const auto session = people_->sessions().find(browser.token());
      const auto verdict = identity::decide(permission, session ? session->standing : 0);
      // Asked at the door only: the gate decides before any code of the route runs.
      net::Request request{.method = route.method, .path = route.pattern};
      const std::string cookie = "citiverse_session=" + browser.token();
      request.cookie = cookie;
      const auto answer = net::dispatch(node_.router, node_.doorway, [&] {
        request.origin = kOrigin;
        return request;
      }());
      const bool is_gates = answer.reply && (answer.reply->status == 401 || answer.reply->status == 403);
      EXPECT_EQ(is_gates, verdict != identity::Verdict::allowed) << name << " by " << kind;
      if (is_gates) {
        EXPECT_EQ(answer.reply->status == 401, kind == "stranger") << name << " by " << kind;
      }
      (is_gates ? refused : admitted) += 1;
    }
  }
  EXPECT_EQ(node_.router.routes().size(), guarded_routes().size());
  EXPECT_GT(refused, 100u);
  EXPECT_GT(admitted, 100u);
}

TEST_F(IdentityApiTest, lets_privileged_roles_act_only_while_the_sign_in_is_recent) {
  people_.member("olu", Role::operator_);
  ASSERT_EQ(browser_.sign_in("olu").status, 200);
  ASSERT_EQ(browser_.ask(Method::get, "/api/v1/audit").status, 200);
  people_.advance(identity::kPrivilegedTime);
  EXPECT_EQ(code_of(browser_.ask(Method::get, "/api/v1/audit")), "sign_in_again");
  EXPECT_THAT(browser_.me().body, HasSubstr("permissions_after_sign_in"));
  ASSERT_EQ(browser_.sign_in("olu").status, 200);
  EXPECT_EQ(browser_.ask(Method::get, "/api/v1/audit").status, 200);
}

TEST_F(IdentityApiTest, lets_machines_do_what_their_token_carries_and_nothing_else_until_it_is_revoked) {
  people_.member("olu", Role::operator_);
  ASSERT_EQ(browser_.sign_in("olu").status, 200);
  const auto made =
      browser_.ask(Method::post, "/api/v1/machines",
                   R"({"name":"Air sensors","permissions":["write_live_values"],"tenants":["harbour"],"days":2})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string bearer = "bearer " + text_in(made, "token");
  const std::string cookie = "citiverse_session=" + browser_.token();
  const auto admits = [&](Permission permission) {
    net::Request request{.method = Method::post};
    request.authorization = bearer;
    request.cookie = cookie;  // The operator's, which must not count.
    const auto admitted = node_.doorway.gate->admit(request, access_of(permission), true);
    return admitted ? 200 : admitted.error().status;
  };
  EXPECT_EQ(admits(Permission::write_live_values), 200);
  EXPECT_EQ(admits(Permission::everyone), 200);
  EXPECT_EQ(admits(Permission::own_account), 403);
  EXPECT_EQ(admits(Permission::manage_machines), 403);
  const auto machines = people_->machines().list();
  ASSERT_EQ(machines.size(), 1u);
  EXPECT_TRUE(machines[0].may_use_tenant("harbour"));
  EXPECT_FALSE(machines[0].may_use_tenant("port"));
  EXPECT_EQ(browser_.ask(Method::delete_, "/api/v1/machines/" + text_in(made, "id")).status, 204);
  EXPECT_EQ(admits(Permission::write_live_values), 401);
  EXPECT_EQ(admits(Permission::everyone), 401);
  const auto audit = browser_.ask(Method::get, "/api/v1/audit");
  for (const std::string_view act : {"machine.make", "machine.revoke"})
    EXPECT_THAT(audit.body, HasSubstr(fmt::format(R"("act":"{}")", act)));
  EXPECT_THAT(audit.body, Not(HasSubstr("cvm_")));
}

}  // namespace
}  // namespace citiverse::api
