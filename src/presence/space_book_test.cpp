#include "presence/space_book.h"

#include <unistd.h>

#include <gtest/gtest.h>

namespace citiverse::presence {
namespace {

using base::ErrorCode;

class SpaceBookTest : public ::testing::Test {
 protected:
  SpaceBookTest() { open(); }
  ~SpaceBookTest() override { std::filesystem::remove_all(folder_); }
  void open() {
    book_.reset();
    store_.reset();
    store_ = storage::Store::open(folder_ / "spaces.db").value();
    book_ = SpaceBook::load(*store_, {[this] { return now_; }, [this] { return next_id_++; }}).value();
  }
  SpaceRecord make(Audience audience, std::uint64_t organisation = 0, std::uint32_t roles = 0) {
    return book_
        ->make({.name = "Hall",
                .maker = 1,
                .organisation = organisation,
                .audience = audience,
                .roles = roles,
                .door = {"place-n1", "Market", {43.7, 7.4}}})
        .value();
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("space_book_test_" + std::to_string(::getpid()));
  SpaceTime now_{std::chrono::seconds{1'800'000'000}};
  std::uint64_t next_id_ = 77;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<SpaceBook> book_;
};

constexpr std::uint64_t kClub[] = {500};
constexpr Entrant kMaker{.account = 1, .is_guest = false};
constexpr Entrant kGuest{.account = 2};
constexpr Entrant kAccount{.account = 3, .is_guest = false};
constexpr Entrant kTeacher{.account = 4, .roles = 16, .is_guest = false};

TEST_F(SpaceBookTest, lets_in_whom_its_rules_name_and_nobody_else) {
  const Entrant of_club{.account = 5, .is_guest = false, .organisations = kClub};
  const SpaceRecord open = make(Audience::everybody);
  const SpaceRecord accounts = make(Audience::accounts);
  const SpaceRecord club = make(Audience::organisation, 500);
  const SpaceRecord roles = make(Audience::roles, 0, 16 | 32);
  SpaceRecord invited = make(Audience::invited);
  for (const SpaceRecord& space : {open, accounts, club, roles, invited}) {
    EXPECT_TRUE(lets_in(space, kMaker)) << name_of(space.audience);
    EXPECT_FALSE(lets_in(space, {})) << "nobody who is not signed in";
  }
  EXPECT_TRUE(lets_in(open, kGuest));
  EXPECT_FALSE(lets_in(accounts, kGuest));
  EXPECT_TRUE(lets_in(accounts, kAccount));
  EXPECT_TRUE(lets_in(club, of_club));
  EXPECT_FALSE(lets_in(club, kTeacher));
  EXPECT_TRUE(lets_in(roles, kTeacher));
  EXPECT_FALSE(lets_in(roles, of_club));
  for (const Entrant& who : {kGuest, kAccount, kTeacher, of_club}) EXPECT_FALSE(lets_in(invited, who));
  ASSERT_TRUE(book_->invite(invited.id, kGuest.account, "Gil"));
  EXPECT_TRUE(lets_in(*book_->get(invited.id), kGuest));
  ASSERT_TRUE(book_->uninvite(invited.id, kGuest.account));
  EXPECT_FALSE(lets_in(*book_->get(invited.id), kGuest));
  ASSERT_TRUE(book_->close(open.id, false));
  EXPECT_FALSE(lets_in(*book_->get(open.id), kMaker)) << "a closed space lets nobody in";
}

TEST_F(SpaceBookTest, keeps_what_it_said_across_a_restart) {
  const SpaceRecord made = make(Audience::roles, 0, 16);
  ASSERT_TRUE(book_->invite(made.id, 9, "Ida"));
  ASSERT_TRUE(book_->change(made.id, [](SpaceRecord& space) -> base::Result<void> {
    space.name = "Great hall";
    space.people_max = 200;
    return {};
  }));
  const SpaceRecord closed = make(Audience::everybody);
  ASSERT_TRUE(book_->close(closed.id, true));
  open();
  const SpaceRecord read = book_->get(made.id).value();
  EXPECT_EQ(read.name, "Great hall");
  EXPECT_EQ(read.people_max, 200u);
  EXPECT_EQ(read.roles, 16u);
  EXPECT_EQ(read.door.object, "place-n1");
  EXPECT_EQ(read.door.place.lat_deg, 43.7);
  EXPECT_EQ(read.guests.at(9), "Ida");
  EXPECT_TRUE(book_->get(closed.id)->is_closed_by_city);
}

TEST_F(SpaceBookTest, is_opened_again_by_whom_closed_it_until_it_is_deleted) {
  const std::uint64_t id = make(Audience::everybody).id;
  EXPECT_EQ(book_->reopen(id, false).error().code, ErrorCode::conflict);
  ASSERT_TRUE(book_->close(id, false));
  EXPECT_EQ(book_->close(id, false).error().code, ErrorCode::conflict);
  ASSERT_TRUE(book_->reopen(id, false));
  ASSERT_TRUE(book_->close(id, true));
  EXPECT_EQ(book_->reopen(id, false).error().code, ErrorCode::denied) << "its maker cannot undo what moderators did";
  ASSERT_TRUE(book_->reopen(id, true));
  ASSERT_TRUE(book_->close(id, false));
  now_ += kSpaceKeepTime - std::chrono::seconds(1);
  ASSERT_TRUE(book_->sweep());
  EXPECT_TRUE(book_->get(id));
  now_ += std::chrono::seconds(1);
  ASSERT_TRUE(book_->sweep());
  EXPECT_EQ(book_->get(id).error().code, ErrorCode::not_found);
}

TEST_F(SpaceBookTest, holds_a_person_and_the_node_to_their_limits) {
  for (std::size_t i = 0; i < kSpacesOfOneMax; ++i) make(Audience::invited);
  EXPECT_EQ(book_->make({.name = "one more", .maker = 1}).error().code, ErrorCode::limit);
  EXPECT_TRUE(book_->make({.name = "somebody else's", .maker = 2}));
  for (const SpaceRecord& wrong : {SpaceRecord{.name = "", .maker = 3}, SpaceRecord{.name = "wide", .maker = 3, .width_m = 401},
                                   SpaceRecord{.name = "low", .maker = 3, .height_m = 2},
                                   SpaceRecord{.name = "crowded", .maker = 3, .people_max = kSpacePeopleMax + 1},
                                   SpaceRecord{.name = "for whom", .maker = 3, .audience = Audience::roles},
                                   SpaceRecord{.name = "whose", .maker = 3, .audience = Audience::organisation}})
    EXPECT_EQ(book_->make(wrong).error().code, ErrorCode::bad_input) << wrong.name;
}

TEST_F(SpaceBookTest, forgets_an_erased_account_and_leaves_an_organisation_its_space) {
  const std::uint64_t own = make(Audience::everybody).id;
  const std::uint64_t shared = make(Audience::organisation, 500).id;
  const std::uint64_t other = book_->make({.name = "other", .maker = 2}).value().id;
  ASSERT_TRUE(book_->invite(other, 1, "Ana"));
  ASSERT_TRUE(book_->erase(1));
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(book_->get(own));
    EXPECT_EQ(book_->get(shared)->maker, 0u);
    EXPECT_TRUE(book_->get(other)->guests.empty());
    open();
  }
}

TEST_F(SpaceBookTest, makes_a_hall_around_its_own_middle) {
  const SpaceRecord space = book_->make({.name = "Hall", .maker = 1, .width_m = 30, .depth_m = 12, .height_m = 4}).value();
  const SpaceOptions options = options_of(space);
  EXPECT_EQ(options.bounds.low, (Place{-1500, -600, 0}));
  EXPECT_EQ(options.bounds.high, (Place{1500, 600, 400}));
  EXPECT_EQ(options.spawn, (Place{0, -500, 0}));
}

}  // namespace
}  // namespace citiverse::presence
