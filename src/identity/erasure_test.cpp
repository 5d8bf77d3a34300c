#include "identity/erasure.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/json_reader.h"
#include "storage/rows.h"
#include "testing/test_people.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;
using std::chrono::hours;
using storage::Database;
using testing_fixtures::TestPeople;

// A room that keeps one word a person, and fails when told to.
class Words : public PersonalData {
 public:
  std::string_view name() const override { return "words"; }
  Result<std::string> export_json(AccountId account) override {
    return words.contains(account) ? fmt::format("[\"{}\"]", words[account]) : std::string("[]");
  }
  Result<void> erase(AccountId account) override {
    if (is_broken || account == broken_for) return base::fail(ErrorCode::unavailable, "the disk is full");
    words.erase(account);
    return {};
  }
  std::unordered_map<AccountId, std::string> words;
  bool is_broken = false;
  AccountId broken_for;
};

// Somebody of whom everything is stored that this room can store.
AccountId somebody(TestPeople& people, const std::string& name) {
  const AccountId account = people.member(name);
  EXPECT_TRUE(people->accounts().set_profile(
      account,
      {.name = "Secretname " + name, .pronouns = "she", .languages = {"de"}, .access_needs = 1, .look_json = "{\"skin\":1}"}));
  EXPECT_TRUE(people->accounts().verify(account, "register of " + name, "office"));
  EXPECT_TRUE(people->recovery_codes().make(account));
  EXPECT_TRUE(people->consents().set(account, Purpose::voice, true));
  EXPECT_TRUE(people->organisations().found(account, "Bakery of " + name, "bread"));
  EXPECT_TRUE(people->sessions().start(account, SignInMethod::password, "Oven", {}));
  EXPECT_TRUE(people->audit().add({}, "role.give", account, "planner"));
  return account;
}

TEST(Erasure, exports_something_from_every_table_that_names_the_account) {
  TestPeople people;
  Words words;
  people->erasure().add(words);
  const AccountId ana = somebody(people, "ana");
  words.words[ana] = "hello";
  const auto text = people->erasure().export_json(ana);
  ASSERT_TRUE(text);
  const auto json = base::JsonDocument::parse(*text);
  ASSERT_TRUE(json) << json.error().message;
  const auto own = json->root().find("identity");
  EXPECT_EQ(own.find("account").find("name").text(), "Secretname ana");
  EXPECT_EQ(own.find("account").find("verified_by").text(), "office");
  for (const std::string_view list : {"passwords", "recovery_codes", "sessions", "organisations", "consents", "audit"})
    EXPECT_EQ(own.find(list).size(), 1u) << list;
  EXPECT_EQ(json->root().find("words")[0].text(), "hello");
  EXPECT_EQ(text->find("argon2"), std::string::npos);
}

TEST(Erasure, erases_everybody_else_though_one_account_cannot_be_erased) {
  TestPeople people;
  Words words;
  people->erasure().add(words);
  std::vector<AccountId> guests;
  for (int i = 0; i < 5; ++i) {
    guests.push_back(people->accounts().create_guest({.name = "Guest"}, false).value());
    words.words[guests.back()] = "hello";
  }
  words.broken_for = *std::ranges::min_element(guests, {}, &AccountId::value);
  people.advance(kGuestTime + hours(1));
  EXPECT_EQ(people->erasure().erase_due().error().code, ErrorCode::unavailable);
  EXPECT_EQ(words.words.size(), 1u);
  words.broken_for = {};
  EXPECT_EQ(people->erasure().erase_due().value(), 1u);
  EXPECT_TRUE(words.words.empty());
}

// Every column of every table, whatever is added later: nothing of the person may be left but ids in the audit log.
TEST(Erasure, leaves_nothing_of_the_person_in_any_table_or_file) {
  TestPeople people;
  Words words;
  people->erasure().add(words);
  const AccountId ana = somebody(people, "anastasia");
  const AccountId ben = somebody(people, "benjamin");
  words.words = {{ana, "hello"}, {ben, "hi"}};
  ASSERT_TRUE(people->erasure().erase_now(ana));
  EXPECT_FALSE(words.words.contains(ana));
  EXPECT_TRUE(words.words.contains(ben));
  EXPECT_EQ(people->accounts().get(ana).error().code, ErrorCode::not_found);
  std::vector<std::string> tables;
  ASSERT_TRUE(people->store().read([&](Database& database) {
    return storage::each_row(database, "SELECT name FROM sqlite_schema WHERE type = 'table'",
                             [&](const auto& row) { tables.emplace_back(row.text(0)); });
  }));
  EXPECT_GE(tables.size(), 9u);
  for (const std::string& table : tables) {
    ASSERT_TRUE(people->store().read([&](Database& database) {
      return storage::each_row(database, fmt::format("SELECT * FROM {}", table), [&](const storage::Statement& row) {
        for (int column = 0; column < row.columns(); ++column)
          EXPECT_TRUE(table == "audit" || row.integer(column) != static_cast<std::int64_t>(ana.value)) << table;
      });
    }));
  }
  for (const auto& file : std::filesystem::directory_iterator(people.folder())) {
    const auto bytes = base::read_file(file.path(), 64 << 20).value();
    EXPECT_EQ(bytes.find("anastasia"), std::string::npos) << file.path();
  }
  EXPECT_NE(base::read_file(people.folder() / "people.db", 64 << 20)->find("benjamin"), std::string::npos);
  EXPECT_TRUE(people->audit().check());
}

TEST(Erasure, ends_the_sessions_of_the_erased) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const std::string token = people->sessions().start(ana, SignInMethod::password, "", {})->token;
  int ended = 0;
  people->sessions().on_ended([&](AccountId, SessionId) { ++ended; });
  ASSERT_TRUE(people->erasure().erase_now(ana));
  EXPECT_FALSE(people->sessions().find(token));
  EXPECT_EQ(ended, 1);
}

TEST(Erasure, leaves_time_to_think_again) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const Time due = people->accounts().ask_for_erasure(ana).value();
  EXPECT_EQ(due, people.now() + kErasureTime);
  EXPECT_TRUE(people->accounts().get(ana)->standing_at(people.now()) & kErasing);
  people.advance(kErasureTime - hours(1));
  EXPECT_EQ(people->accounts().ask_for_erasure(ana).value(), due) << "asking again does not put it off";
  ASSERT_TRUE(people->sweep());
  ASSERT_TRUE(people->accounts().keep(ana));
  people.advance(hours(2));
  ASSERT_TRUE(people->sweep());
  EXPECT_TRUE(people->accounts().get(ana));
  ASSERT_TRUE(people->accounts().ask_for_erasure(ana));
  people.advance(kErasureTime);
  ASSERT_TRUE(people->sweep());
  EXPECT_FALSE(people->accounts().get(ana));
}

TEST(Erasure, goes_on_where_a_room_failed_or_the_node_was_killed) {
  TestPeople people;
  Words words;
  people->erasure().add(words);
  const AccountId ana = people.member("ana");
  words.words[ana] = "hello";
  words.is_broken = true;
  EXPECT_FALSE(people->erasure().erase_now(ana));
  EXPECT_TRUE(people->accounts().get(ana));
  people.restart();
  people->erasure().add(words);
  words.is_broken = false;
  EXPECT_EQ(people->erasure().erase_due().value(), 1u);
  EXPECT_TRUE(words.words.empty());
  EXPECT_FALSE(people->accounts().get(ana));
}

TEST(Erasure, forgets_guests_after_their_last_visit) {
  TestPeople people;
  const AccountId gone = people.guest();
  const AccountId back = people.guest();
  auto token = people->sessions().start(back, SignInMethod::guest, "", {})->token;
  people.advance(hours(30));
  token = people->sessions().rotate(token).value();
  people.advance(hours(30));
  ASSERT_TRUE(people->sweep());
  EXPECT_FALSE(people->accounts().get(gone));
  EXPECT_TRUE(people->accounts().get(back));
}

TEST(Erasure, passes_an_organisation_on_to_who_joined_first_and_closes_an_empty_one) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const AccountId ben = people.member("ben");
  const AccountId eve = people.member("eve");
  auto& organisations = people->organisations();
  const auto choir = organisations.found(ana, "Choir", "").value();
  const auto alone = organisations.found(ana, "Alone", "").value();
  for (const AccountId account : {ben, eve}) {
    people.advance(hours(1));
    ASSERT_TRUE(organisations.set_member(choir, ana, account, OrganisationRole::member));
    ASSERT_TRUE(organisations.set_member(choir, account, account, OrganisationRole::member));
  }
  ASSERT_TRUE(people->erasure().erase_now(ana));
  EXPECT_EQ(organisations.get(choir, ben)->my_role, OrganisationRole::owner);
  EXPECT_EQ(organisations.get(choir, eve)->my_role, OrganisationRole::member);
  EXPECT_EQ(organisations.get(alone, ben).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace citiverse::identity
