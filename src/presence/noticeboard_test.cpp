#include "presence/noticeboard.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

class NoticeboardTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void TearDown() override {
    board_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    board_.reset();
    store_ = storage::Store::open(folder_ / "talk.db").value();
    board_ = std::make_unique<Noticeboard>(
        *store_, Noticeboard::Surroundings{[this] { return now_; }, [this] { return random_.next() >> 1 | 1; }});
    ASSERT_TRUE(board_->make_tables());
  }
  std::uint64_t post(std::uint64_t author, std::string text, std::string object = "place-n1",
                     geo::LatLon place = {43.73, 7.42}) {
    now_ += std::chrono::seconds{1};
    return board_
        ->post({.author = author, .author_name = "Ana", .text = std::move(text), .object = std::move(object), .place = place},
               30, 10)
        .value()
        .id;
  }
  static std::vector<std::string> texts(const base::Result<std::vector<Notice>>& notices) {
    std::vector<std::string> found;
    for (const Notice& notice : *notices) found.push_back(notice.text);
    return found;
  }

  NoticeTime now_{std::chrono::seconds{1'800'000'000}};
  base::Random random_{8};
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<Noticeboard> board_;
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("citiverse_noticeboard_test_" + std::to_string(getpid()));
};

TEST_F(NoticeboardTest, keeps_what_is_pinned_across_a_restart_newest_first) {
  post(1, "Bread at eight");
  post(2, "Chess on Sunday");
  post(2, "Elsewhere", "place-n2");
  open();
  EXPECT_THAT(texts(board_->list({.object = "place-n1"})), ElementsAre("Chess on Sunday", "Bread at eight"));
  EXPECT_THAT(texts(board_->list({})), ElementsAre("Elsewhere", "Chess on Sunday", "Bread at eight"));
}

TEST_F(NoticeboardTest, finds_what_lies_within_a_circle_and_not_in_the_corners_of_its_box) {
  post(1, "here", "", {43.73, 7.42});
  post(1, "north", "", {43.7308, 7.42});     // 89 m.
  post(1, "corner", "", {43.7308, 7.4211});  // 125 m, within the box of 100 m.
  post(1, "far", "", {43.74, 7.42});
  EXPECT_THAT(texts(board_->list({.place = geo::LatLon{43.73, 7.42}, .radius_m = 100})), ElementsAre("north", "here"));
}

TEST_F(NoticeboardTest, gives_every_notice_once_over_its_pages) {
  for (int i = 0; i < 25; ++i) post(static_cast<std::uint64_t>(1 + i / 5), "n" + std::to_string(i));
  for (const bool in_circle : {false, true}) {
    NoticeQuery query{.count = 10};
    if (in_circle) query.place = geo::LatLon{43.73, 7.42}, query.radius_m = 10;
    std::vector<std::string> all;
    for (int page = 0; page < 3; ++page) {
      const auto notices = board_->list(query);
      for (const std::string& text : texts(notices)) all.push_back(text);
      query.after = notices->back().id;
    }
    ASSERT_EQ(all.size(), 25u);
    for (int i = 0; i < 25; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], "n" + std::to_string(24 - i));
    EXPECT_THAT(*board_->list(query), IsEmpty());
  }
}

TEST_F(NoticeboardTest, leaves_out_whose_notices_a_reader_is_not_shown_however_one_asks) {
  constexpr std::uint64_t kBlocked = 0x7000'0000'0000'0001;
  post(kBlocked, "blocked");
  post(2, "shown");
  const NoticeQuery all{.not_by = {kBlocked, 99}};
  EXPECT_THAT(texts(board_->list(all)), ElementsAre("shown"));
  EXPECT_THAT(texts(board_->list({.object = "place-n1", .not_by = {kBlocked}})), ElementsAre("shown"));
  EXPECT_THAT(texts(board_->list({.place = geo::LatLon{43.73, 7.42}, .radius_m = 10, .not_by = {kBlocked}})),
              ElementsAre("shown"));
  EXPECT_THAT(texts(board_->list({.count = 1, .not_by = {2}})), ElementsAre("blocked")) << "a page is filled by others";
}

TEST_F(NoticeboardTest, lets_a_notice_expire_and_later_forgets_it) {
  const auto id = post(1, "Old news");
  now_ += days{30};
  EXPECT_EQ(board_->get(id).error().code, ErrorCode::not_found);
  EXPECT_THAT(*board_->list({}), IsEmpty());
  EXPECT_TRUE(board_->get_kept(id));
  now_ += kNoticeKeepTime + hours{1};
  ASSERT_TRUE(board_->sweep());
  EXPECT_FALSE(board_->get_kept(id));
}

TEST_F(NoticeboardTest, lets_its_author_take_it_down_and_put_it_back_for_ten_minutes) {
  const auto id = post(1, "Second thoughts");
  EXPECT_EQ(board_->remove(2, id).error().code, ErrorCode::not_found);
  ASSERT_TRUE(board_->remove(1, id));
  EXPECT_FALSE(board_->get(id));
  EXPECT_EQ(board_->restore(2, id).error().code, ErrorCode::not_found);
  EXPECT_EQ(board_->restore(1, id)->text, "Second thoughts");
  ASSERT_TRUE(board_->remove(1, id));
  now_ += kNoticeUndoTime + minutes{1};
  EXPECT_EQ(board_->restore(1, id).error().code, ErrorCode::not_found);
}

TEST_F(NoticeboardTest, leaves_hidden_what_a_moderator_hid) {
  const auto id = post(1, "Rude words");
  ASSERT_TRUE(board_->hide(id, true));
  EXPECT_FALSE(board_->get(id));
  ASSERT_TRUE(board_->remove(1, id));
  EXPECT_FALSE(board_->restore(1, id));
  EXPECT_EQ(board_->get_kept(id)->text, "Rude words");
  const auto other = post(1, "Misjudged");
  ASSERT_TRUE(board_->hide(other, true));
  ASSERT_TRUE(board_->hide(other, false));
  EXPECT_TRUE(board_->get(other));
}

TEST_F(NoticeboardTest, takes_so_many_a_day_from_one_author_and_counts_what_was_taken_down) {
  for (int i = 0; i < 3; ++i) {
    const auto notice = board_->post({.author = 1, .text = "x"}, 1, 3);
    ASSERT_TRUE(notice && board_->remove(1, notice->id));
  }
  EXPECT_EQ(board_->post({.author = 1, .text = "x"}, 1, 3).error().code, ErrorCode::limit);
  EXPECT_TRUE(board_->post({.author = 2, .text = "x"}, 1, 3));
  now_ += hours{24};
  EXPECT_TRUE(board_->post({.author = 1, .text = "x"}, 1, 3));
}

TEST_F(NoticeboardTest, forgets_everything_of_an_erased_author) {
  const auto id = post(1, "Mine");
  post(2, "Theirs");
  ASSERT_TRUE(board_->remove(1, id));
  EXPECT_THAT(texts(board_->kept_of_author(1)), ElementsAre("Mine"));
  ASSERT_TRUE(board_->erase(1) && board_->erase(1));
  EXPECT_THAT(*board_->kept_of_author(1), IsEmpty());
  EXPECT_FALSE(board_->get_kept(id));
  EXPECT_THAT(*board_->of_author(1), IsEmpty());
  EXPECT_THAT(texts(board_->of_author(2)), ElementsAre("Theirs"));
}

}  // namespace
}  // namespace citiverse::presence
