#include "presence/object_book.h"

#include <unistd.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ObjectBookTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void TearDown() override {
    book_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    book_.reset();
    store_.reset();
    store_ = storage::Store::open(folder_ / "talk.db").value();
    book_ = ObjectBook::load(*store_, {[this] { return now_; }, [this] { return random_.next() >> 1 | 1; }}).value();
    book_->set_listener([this](const KeptObject& object, bool stands) { told_.push_back((stands ? "+" : "-") + object.text); });
  }
  KeptObject object(std::uint64_t owner, std::string text, std::string space = "city") {
    now_ += std::chrono::seconds{1};
    return {.space = std::move(space),
            .owner = owner,
            .owner_name = "Ana",
            .shape = "sign",
            .text = std::move(text),
            .origin = {43.7, 7.4},
            .at = {100, -250, 300},
            .orientation = {0, -5, 7, -32767},
            .is_locked = true};
  }
  std::uint64_t keep(std::uint64_t owner, std::string text, std::string space = "city") {
    return book_->keep(object(owner, std::move(text), std::move(space))).value().id;
  }
  std::vector<std::string> texts(std::string_view space = "city") const {
    std::vector<std::string> found;
    for (const KeptObject& one : book_->in_space(space)) found.push_back(one.text);
    return found;
  }

  ObjectTime now_{std::chrono::seconds{1'800'000'000}};
  base::Random random_{8};
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<ObjectBook> book_;
  std::vector<std::string> told_;
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("citiverse_object_book_test_" + std::to_string(getpid()));
};

TEST_F(ObjectBookTest, keeps_what_is_put_down_as_it_stands_across_a_restart) {
  const std::uint64_t id = keep(1, "Chess?");
  keep(2, "Elsewhere", "hall");
  keep(2, "Bread");
  open();
  EXPECT_THAT(texts(), ElementsAre("Chess?", "Bread"));
  EXPECT_THAT(texts("hall"), ElementsAre("Elsewhere"));
  const auto known = book_->get(id);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->at, (Place{100, -250, 300}));
  EXPECT_EQ(known->orientation, (std::array<std::int16_t, 4>{0, -5, 7, -32767}));
  EXPECT_EQ(known->origin.lat_deg, 43.7);
  EXPECT_EQ(known->owner_name, "Ana");
  EXPECT_TRUE(known->is_locked);
  EXPECT_EQ(known->stays_until, known->put_down_at + kKeptTime);
}

TEST_F(ObjectBookTest, knows_after_a_restart_where_somebody_carried_it) {
  const std::uint64_t id = keep(1, "Chess?");
  ASSERT_TRUE(book_->settle(id, {7, 8, 9}, {1, 2, 3, 4}, false));
  ASSERT_TRUE(book_->settle(id + 1, {7, 8, 9}, {1, 2, 3, 4}, false)) << "what is gone meanwhile is no failure";
  open();
  const auto known = book_->get(id);
  EXPECT_EQ(known->at, (Place{7, 8, 9}));
  EXPECT_EQ(known->orientation, (std::array<std::int16_t, 4>{1, 2, 3, 4}));
  EXPECT_FALSE(known->is_locked);
}

TEST_F(ObjectBookTest, holds_so_many_of_one_and_of_a_space_and_no_more) {
  for (std::size_t i = 0; i < kKeptOfOneMax; ++i) keep(1, "mine");
  const auto more = book_->keep(object(1, "one more", "hall"));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::limit);
  EXPECT_THAT(more.error().message, HasSubstr("of yours"));
  for (std::uint64_t owner = 2; book_->in_space("city").size() < kKeptOfSpaceMax; ++owner)
    for (std::size_t i = 0; i < kKeptOfOneMax; ++i) keep(owner, "theirs");
  EXPECT_THAT(book_->keep(object(900, "no room")).error().message, HasSubstr("in this space"));
  EXPECT_TRUE(book_->keep(object(900, "room elsewhere", "hall")));
}

TEST_F(ObjectBookTest, takes_no_endless_coming_and_going_of_things_in_a_day) {
  for (std::int64_t i = 0; i < kKeptADayMax; ++i) ASSERT_TRUE(book_->remove(1, keep(1, "now here, now gone")));
  EXPECT_EQ(book_->keep(object(1, "again")).error().code, ErrorCode::limit);
  now_ += hours{25};
  EXPECT_TRUE(book_->keep(object(1, "again")));
}

TEST_F(ObjectBookTest, lets_its_owner_take_it_away_and_nobody_else) {
  const std::uint64_t id = keep(1, "Chess?");
  EXPECT_EQ(book_->remove(2, id).error().code, ErrorCode::not_found);
  EXPECT_THAT(texts(), ElementsAre("Chess?"));
  ASSERT_TRUE(book_->remove(1, id));
  EXPECT_THAT(told_, ElementsAre("-Chess?"));
  EXPECT_EQ(book_->remove(1, id).error().code, ErrorCode::not_found);
  open();
  EXPECT_THAT(texts(), IsEmpty());
  EXPECT_EQ(book_->get_kept(id)->text, "Chess?") << "a moderator may still have to judge it";
}

TEST_F(ObjectBookTest, comes_down_and_back_by_a_moderator) {
  const std::uint64_t id = keep(1, "Cheap watches");
  ASSERT_TRUE(book_->hide(id, true));
  EXPECT_EQ(book_->get(id).error().code, ErrorCode::not_found);
  open();
  EXPECT_THAT(texts(), IsEmpty());
  ASSERT_TRUE(book_->hide(id, false));
  EXPECT_THAT(texts(), ElementsAre("Cheap watches"));
  ASSERT_TRUE(book_->hide(id, false));
  EXPECT_THAT(told_, ElementsAre("-Cheap watches", "+Cheap watches"));
  ASSERT_TRUE(book_->remove(1, id));
  ASSERT_TRUE(book_->hide(id, false));
  EXPECT_THAT(texts(), IsEmpty()) << "what its owner took away does not come back by a moderator";
}

TEST_F(ObjectBookTest, ends_when_its_time_is_over_and_is_deleted_later) {
  const std::uint64_t id = keep(1, "Chess?");
  now_ += kKeptTime;
  EXPECT_THAT(texts(), IsEmpty());
  ASSERT_TRUE(book_->sweep());
  EXPECT_THAT(told_, ElementsAre("-Chess?"));
  EXPECT_TRUE(book_->get_kept(id));
  now_ += kKeptAfterTime + hours{1};
  ASSERT_TRUE(book_->sweep());
  EXPECT_EQ(book_->get_kept(id).error().code, ErrorCode::not_found);
}

TEST_F(ObjectBookTest, gives_and_erases_all_that_it_has_of_an_account) {
  ASSERT_TRUE(book_->remove(1, keep(1, "gone")));
  keep(1, "stands");
  keep(2, "another's");
  EXPECT_EQ(book_->kept_of_owner(1)->size(), 2u);
  EXPECT_EQ(book_->of_owner(1).size(), 1u);
  told_.clear();
  ASSERT_TRUE(book_->erase(1));
  EXPECT_THAT(told_, ElementsAre("-stands"));
  EXPECT_THAT(*book_->kept_of_owner(1), IsEmpty());
  open();
  EXPECT_THAT(texts(), ElementsAre("another's"));
}

}  // namespace
}  // namespace citiverse::presence
