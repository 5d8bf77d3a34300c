// What was acknowledged is there after the file is opened again; a key makes one entry; rights and erasure hold.
#include "plan/plan_book.h"

#include <gmock/gmock.h>

#include "plan/planned_city.h"
#include "plan/test_plan.h"

namespace citiverse::plan {
namespace {

using testing::HasSubstr;

class PlanBookTest : public testing::Test {
 protected:
  PlanBookTest() { open(); }
  ~PlanBookTest() override {
    book_.reset();
    store_.reset();
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  void open(std::string version = "v1") {
    book_.reset();
    store_.reset();
    store_ = storage::Store::open(folder_ / "plans.db").value();
    book_ = PlanBook::load(
                *store_, town_, std::move(version),
                {.now = [this] { return PlanTime(std::chrono::seconds(++clock_)); }, .random_id = [this] { return ++id_; }})
                .value();
  }
  std::uint64_t made(std::uint64_t owner = kAnna) {
    return book_->make({.name = "Square", .about = {}, .owner = owner, .base_version = {}, .people = {}}).value().id;
  }
  base::Result<Entry> append(std::uint64_t plan, std::uint64_t author, Edit edit, std::string_view key = {}) {
    return book_->append(plan, author, key, [&](const Plan&) { return base::Result<std::vector<Edit>>({edit}); });
  }
  std::uint64_t print(std::uint64_t plan) {
    return book_->read(plan, [&](const Plan& p) { return base::Result<std::uint64_t>(planned_city(town_, p.state()).print); })
        .value();
  }

  city::City town_ = test_town();
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("plan_book_test." + std::to_string(::getpid()));
  std::int64_t clock_ = 1000;
  std::uint64_t id_ = 40;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<PlanBook> book_;
};

TEST_F(PlanBookTest, a_plan_is_the_same_after_its_file_is_opened_again) {
  const std::uint64_t plan = made();
  ASSERT_TRUE(append(plan, kAnna, change("building-g1", {{"levels", 5.0}})));
  ASSERT_TRUE(append(plan, kBela, add("building-p1", {{"outline", rectangle(40, 10, 20, 20)}, {"levels", 4.0}})));
  ASSERT_TRUE(append(plan, kAnna, add("street-p2", {{"line", line_shape({{33, 5}, {33, 44.7}})}})));
  ASSERT_TRUE(book_->undo(plan, kAnna, {}, 1));
  ASSERT_TRUE(book_->name_version(plan, kAnna, "Draft", 2));
  ASSERT_TRUE(book_->share(plan, kBela, Right::edit));
  const std::uint64_t before = print(plan);
  open();
  EXPECT_EQ(print(plan), before);
  const auto record = book_->get(plan);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->entries, 4u);
  EXPECT_EQ(right_of(*record, kBela, false), Right::edit);
  ASSERT_TRUE(append(plan, kBela, change("building-p1", {{"levels", 6.0}}))) << "and goes on";
  EXPECT_EQ(book_->read(plan, [](const Plan& p) { return p.sequence_of("Draft"); }).value(), 2u);
}

TEST_F(PlanBookTest, a_key_that_comes_again_gives_the_same_entry) {
  const std::uint64_t plan = made();
  const auto first = append(plan, kAnna, change("building-g1", {{"levels", 5.0}}), "once");
  open();
  const auto again = append(plan, kAnna, change("building-g1", {{"levels", 5.0}}), "once");
  ASSERT_TRUE(first && again);
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(book_->get(plan)->entries, 1u);
  EXPECT_EQ(append(plan, kBela, change("building-g1", {{"levels", 6.0}}), "once")->sequence, 2u) << "a key is its author's";
}

TEST_F(PlanBookTest, what_is_refused_leaves_nothing_behind) {
  const std::uint64_t plan = made();
  EXPECT_FALSE(append(plan, kAnna, change("building-g1", {{"levels", 500.0}})));
  EXPECT_EQ(book_->get(plan)->entries, 0u);
  EXPECT_TRUE(append(plan, kAnna, change("building-g1", {{"levels", 5.0}})));
}

TEST_F(PlanBookTest, a_suggestion_becomes_an_entry_of_who_made_it_once) {
  const std::uint64_t plan = made();
  const auto edits = [](const Plan&) { return base::Result<std::vector<Edit>>({change("building-g1", {{"levels", 3.0}})}); };
  const auto suggestion = book_->suggest(plan, kBela, "Lower", edits);
  ASSERT_TRUE(suggestion) << suggestion.error().message;
  open();
  const auto taken = book_->decide(plan, suggestion->id, SuggestionState::accepted, kAnna);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->sequence, 1u);
  EXPECT_EQ(book_->decide(plan, suggestion->id, SuggestionState::accepted, kAnna).error().code, base::ErrorCode::conflict);
  const auto entry = book_->read(plan, [](const Plan& p) { return base::Result<Entry>(p.log()[0]); });
  EXPECT_EQ(entry->author, kBela);
  EXPECT_EQ(entry->accepted_by, kAnna);
  EXPECT_TRUE(book_->undo(plan, kBela, {}, 0)) << "whose it is undoes it";
}

TEST_F(PlanBookTest, comments_are_threads_on_objects) {
  const std::uint64_t plan = made();
  const auto first = book_->comment(plan, {.author = kBela, .object = object("building-g1"), .place = {}, .text = "Too high?"});
  ASSERT_TRUE(first);
  ASSERT_TRUE(book_->comment(plan, {.author = kAnna, .object = {}, .place = {}, .reply_to = first->id, .text = "Four levels"}));
  EXPECT_EQ(book_->comment(plan, {.author = kAnna, .object = {}, .place = {}, .reply_to = 77, .text = "?"}).error().code,
            base::ErrorCode::not_found);
  ASSERT_TRUE(book_->resolve(plan, first->id, true));
  open();
  const auto all = book_->comments(plan);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_TRUE((*all)[0].is_resolved);
  EXPECT_EQ((*all)[0].object, object("building-g1"));
  ASSERT_TRUE(book_->remove_comment(plan, first->id));
  EXPECT_TRUE(book_->comments(plan)->empty());
}

TEST_F(PlanBookTest, a_copy_begins_with_the_log_of_its_source) {
  const std::uint64_t plan = made();
  ASSERT_TRUE(append(plan, kAnna, change("building-g1", {{"levels", 5.0}})));
  const auto copy = book_->read(plan, [&](const Plan& p) {
    return book_->make(
        {.name = "Copy", .about = {}, .owner = kBela, .base_version = {}, .forked_from = plan, .forked_at = 1, .people = {}},
        &p);
  });
  ASSERT_TRUE(copy) << copy.error().message;
  EXPECT_EQ(copy->entries, 1u);
  EXPECT_EQ(print(copy->id), print(plan));
  ASSERT_TRUE(append(copy->id, kBela, change("building-g1", {{"levels", 7.0}})));
  EXPECT_NE(print(copy->id), print(plan));
}

TEST_F(PlanBookTest, plans_of_another_version_of_the_city_can_be_read_and_not_written) {
  const std::uint64_t plan = made();
  ASSERT_TRUE(append(plan, kAnna, change("building-g1", {{"levels", 5.0}})));
  open("v2");
  EXPECT_NE(print(plan), 0u);
  const auto refused = append(plan, kAnna, change("building-g1", {{"levels", 6.0}}));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("the city has changed"));
}

TEST_F(PlanBookTest, who_leaves_takes_their_plans_along_or_leaves_them_to_who_edits_them) {
  const std::uint64_t alone = made();
  const std::uint64_t shared = made();
  const std::uint64_t other = made(kBela);
  ASSERT_TRUE(book_->share(shared, kBela, Right::edit));
  ASSERT_TRUE(book_->share(other, kAnna, Right::edit));
  ASSERT_TRUE(append(other, kAnna, change("building-g1", {{"levels", 5.0}})));
  ASSERT_TRUE(book_->comment(other, {.author = kAnna, .object = {}, .place = {}, .text = "Mine"}));
  ASSERT_TRUE(book_->erase(kAnna));
  ASSERT_TRUE(book_->erase(kAnna)) << "again after a crash";
  EXPECT_FALSE(book_->get(alone));
  EXPECT_EQ(book_->get(shared)->owner, kBela);
  EXPECT_EQ(right_of(*book_->get(other), kAnna, false), Right::none);
  EXPECT_TRUE(book_->comments(other)->empty());
  EXPECT_EQ(book_->read(other, [](const Plan& p) { return base::Result<Entry>(p.log()[0]); })->author, 0u);
}

}  // namespace
}  // namespace citiverse::plan
