#include "identity/passwords.h"

#include <fstream>

#include <gtest/gtest.h>

#include "testing/test_people.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using testing_fixtures::TestPeople;

TEST(Passwords, sign_in_with_the_password_and_nothing_else) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  EXPECT_TRUE(people->passwords().verify(ana, TestPeople::kPassword).value());
  EXPECT_FALSE(people->passwords().verify(ana, "kindly carry seven melonS").value());
  EXPECT_FALSE(people->passwords().verify(ana, "").value());
  EXPECT_FALSE(people->passwords().verify(ana, std::string(5000, 'x')).value());
  EXPECT_FALSE(people->passwords().verify(ana, "\xFF\xFE").value());
  EXPECT_FALSE(people->passwords().verify({}, TestPeople::kPassword).value());
  EXPECT_FALSE(people->passwords().verify(people.guest(), TestPeople::kPassword).value());
}

TEST(Passwords, take_any_script_in_any_normal_form) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  ASSERT_TRUE(people->passwords().set(ana, "caf\u00E9 noir et \u79C1\u306E\u732B 9"));
  EXPECT_TRUE(people->passwords().verify(ana, "cafe\u0301 noir et \u79C1\u306E\u732B 9").value());
}

TEST(Passwords, make_a_guest_a_member) {
  TestPeople people;
  const AccountId guest = people.guest();
  ASSERT_TRUE(people->passwords().set(guest, TestPeople::kPassword));
  EXPECT_FALSE(people->accounts().get(guest)->is_guest);
  EXPECT_TRUE(people->passwords().has(guest).value());
}

TEST(Passwords, refuse_what_is_easy_to_guess_and_say_why) {
  TestPeople people({.guessable_words = {"Krems an der Donau", "CitiVerse"}});
  const auto refused = [&](std::string_view password) {
    const auto strong = people->passwords().check_strength(password, "ana.lopez@example.org", "Ana López");
    EXPECT_TRUE(strong || strong.error().code == ErrorCode::bad_input);
    return !strong;
  };
  for (const std::string_view weak :
       {"fourteen chars", "aaaaaaaaaaaaaaaaaaaa", "abababababababababab", "123456789012345", "qwertyuiopasdfghjkl",
        "ana.lopez@example.org", "Ana.Lopez@Example.ORG1", "Krems an der Donau 1", "citiverseciti1", "correctcorrectcorrect"})
    EXPECT_TRUE(refused(weak)) << weak;
  for (const std::string_view strong :
       {"kindly carry seven melons", "Zwölf Laxdampfer grüßen", "私の猫は夜に歌を歌いますよねえ", "8fKx!2mQ-v0Rt$pL"})
    EXPECT_FALSE(refused(strong)) << strong;
}

TEST(Passwords, refuse_what_was_stolen_before) {
  const auto file = std::filesystem::temp_directory_path() / ("citiverse_breached_" + std::to_string(getpid()));
  // SHA-1 of "kindly carry seven melons" as `sha1sum` gives it, between two others.
  std::ofstream(file) << "0000000A0E3B9F25FF41DE4B5AC238C2D545C7A8:15\r\n"
                      << "6F1CEDF1D7C916DDAE49FAB30E17A5BC82B027DA:3\r\n"
                      << "FFFFFFFEE791CBAC0F6305CAF0CEE06BBE131160:2\r\n";
  const auto list = BreachedPasswords::open(file);
  ASSERT_TRUE(list) << list.error().message;
  TestPeople people({.breached = &*list});
  EXPECT_FALSE(people->passwords().set(people.guest(), TestPeople::kPassword));
  EXPECT_TRUE(people->passwords().set(people.guest(), "kindly carry eight melons"));
  std::filesystem::remove(file);
}

TEST(BreachedPasswords, finds_each_line_of_a_list_and_nothing_between_them) {
  std::string list;
  const auto hex = [](int i) { return fmt::format("{:040X}", 2 * i + 1); };
  for (int i = 0; i < 1000; ++i) list += fmt::format("{}:{}\n", hex(i), i * i * i);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(has_line_of(list, hex(i)));
    EXPECT_FALSE(has_line_of(list, fmt::format("{:040X}", 2 * i)));
  }
  EXPECT_FALSE(has_line_of(list, fmt::format("{:040X}", 2001)));
  EXPECT_FALSE(has_line_of("", hex(0)));
}

TEST(BreachedPasswords, refuses_a_file_that_is_no_such_list) {
  const auto file = std::filesystem::temp_directory_path() / ("citiverse_no_list_" + std::to_string(getpid()));
  for (const std::string_view text : {"", "password\nletmein\n", "ffff:1\n", "F0:1\n"}) {
    std::ofstream(file, std::ios::trunc) << text;
    EXPECT_FALSE(BreachedPasswords::open(file)) << text;
  }
  std::filesystem::remove(file);
  EXPECT_EQ(BreachedPasswords::open(file).error().code, ErrorCode::not_found);
}

TEST(RecoveryCodes, sign_in_once_each_and_only_their_owner) {
  TestPeople people;
  const AccountId ana = people.member("ana");
  const AccountId ben = people.member("ben");
  const auto codes = people->recovery_codes().make(ana).value();
  EXPECT_EQ(codes[0].size(), 29u);
  EXPECT_FALSE(people->recovery_codes().use(ben, codes[0]).value());
  EXPECT_TRUE(people->recovery_codes().use(ana, codes[0]).value());
  EXPECT_FALSE(people->recovery_codes().use(ana, codes[0]).value());
  std::string typed = codes[1];
  std::ranges::replace(typed, '-', ' ');
  std::ranges::transform(typed, typed.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  EXPECT_TRUE(people->recovery_codes().use(ana, typed).value());
  EXPECT_EQ(people->recovery_codes().left(ana).value(), 8u);
  ASSERT_TRUE(people->recovery_codes().make(ana));
  EXPECT_FALSE(people->recovery_codes().use(ana, codes[2]).value());
  EXPECT_FALSE(people->recovery_codes().use(ana, "").value());
}

}  // namespace
}  // namespace citiverse::identity
