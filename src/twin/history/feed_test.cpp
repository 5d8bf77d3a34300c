// What happens in the store is in history, with the time at which it was observed, and nothing twice.
#include "twin/history/feed.h"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace citiverse::twin::history {
namespace {

class HistoryFeed : public testing::Test {
 protected:
  HistoryFeed() {
    std::string name = (std::filesystem::temp_directory_path() / "feed-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    auto opened =
        History::open({.folder = folder_, .clock = [this] { return now_us_; }, .waits_for_disk = false}, store_.names());
    EXPECT_TRUE(opened);
    history_ = std::move(*opened);
  }
  ~HistoryFeed() override {
    store_.flush();
    std::filesystem::remove_all(folder_);
  }
  void write(TenantId tenant, double level, TimeUs observed_us) {
    auto entity = std::make_shared<Entity>();
    entity->id = "urn:r:1";
    entity->types = {store_.names().intern("https://example.org/River")};
    Attribute attribute;
    attribute.name = level_;
    attribute.value = level;
    attribute.observed_us = observed_us;
    attribute.modified_us = ++now_us_;
    entity->put(std::make_shared<const Attribute>(attribute));
    ASSERT_TRUE(store_.write(tenant, entity->id, [&](const EntityPtr&) { return entity; }));
  }
  std::vector<Sample> kept(std::string_view tenant = "") {
    store_.flush();
    std::vector<Sample> all;
    const auto entity = history_->find_entity(tenant, "urn:r:1");
    if (!entity) return all;
    const SeriesId series = entity->series.front().series;
    EXPECT_TRUE(history_->view(series).each_run({}, Part::all, SeriesView::Direction::forward, [&](const Rows& rows) {
      for (const Point& each : rows.points) all.push_back(history_->sample_of(series, rows, each));
      return true;
    }));
    return all;
  }

  TimeUs now_us_ = 5'000'000;
  std::filesystem::path folder_;
  Store store_{[this] { return now_us_; }};  // Tells nobody any more once flush() has returned.
  std::unique_ptr<History> history_;
  NameId level_ = store_.names().intern("https://example.org/level");
};

TEST_F(HistoryFeed, keeps_values_by_the_time_of_observation_and_else_by_that_of_writing) {
  feed_history(store_, *history_);
  write(kDefaultTenant, 1.5, 3'000'000);
  write(kDefaultTenant, 1.25, 2'000'000);
  write(kDefaultTenant, 1.75, kNoTime);
  const auto all = kept();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].attribute.value, Value(1.25));
  EXPECT_EQ(all[1].attribute.value, Value(1.5));
  EXPECT_EQ(all[2].attribute.value, Value(1.75));
  EXPECT_EQ(all[2].attribute.modified_us, now_us_);
}

TEST_F(HistoryFeed, keeps_that_an_entity_was_deleted_and_each_tenant_apart) {
  const auto figures = feed_history(store_, *history_);
  const auto harbour = store_.tenant("harbour");
  write(*harbour, 1, kNoTime);
  write(kDefaultTenant, 2, kNoTime);
  ++now_us_;
  ASSERT_TRUE(store_.write(*harbour, "urn:r:1", [](const EntityPtr&) { return EntityPtr(); }));
  EXPECT_EQ(kept().size(), 1u);
  const auto all = kept("harbour");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[1].is_deletion);
  EXPECT_EQ(all[1].attribute.modified_us, now_us_);
  EXPECT_EQ(history_->find_entity("harbour", "urn:r:1")->deleted_us, now_us_);
  EXPECT_EQ(history_->find_entity("", "urn:r:1")->deleted_us, kNoTime);
  EXPECT_EQ(figures->changes, 3u);
  EXPECT_EQ(figures->lost, 0u);
}

TEST_F(HistoryFeed, catches_up_with_what_it_was_not_told_and_with_nothing_twice) {
  write(kDefaultTenant, 4, kNoTime);
  EXPECT_TRUE(kept().empty());
  ASSERT_TRUE(catch_up(store_, *history_));
  ASSERT_TRUE(catch_up(store_, *history_));
  EXPECT_EQ(kept().size(), 1u);
}

TEST_F(HistoryFeed, catches_up_with_the_second_of_two_writes_of_one_moment) {
  for (const TimeUs observed_us : {kNoTime, TimeUs{3'000'000}}) {
    write(kDefaultTenant, 4.5, observed_us);
    ASSERT_TRUE(catch_up(store_, *history_));
    const std::size_t before = kept().size();
    --now_us_;  // The clock has not moved on when the next one comes.
    write(kDefaultTenant, 5.5, observed_us);
    ASSERT_TRUE(catch_up(store_, *history_));
    ASSERT_TRUE(catch_up(store_, *history_));
    EXPECT_EQ(kept().size(), observed_us == kNoTime ? before + 1 : before) << "a second word on one time corrects the first";
    double newest = 0;
    for (const Sample& each : kept())
      if (each.attribute.observed_us == observed_us) newest = std::get<double>(each.attribute.value);
    EXPECT_EQ(newest, 5.5);
  }
}

TEST_F(HistoryFeed, goes_on_with_the_history_of_an_entity_that_comes_back_and_takes_none_for_another) {
  feed_history(store_, *history_);
  write(kDefaultTenant, 1.5, 3'000'000);
  ASSERT_TRUE(store_.write(kDefaultTenant, "urn:r:1", [](const EntityPtr&) { return EntityPtr(); }));
  const TenantId other = *store_.tenant("other");
  write(other, 9.5, 3'000'000);
  write(kDefaultTenant, 2.5, 4'000'000);
  write(kDefaultTenant, 3.5, 5'000'000);
  EXPECT_EQ(kept("other").size(), 1u);
  std::vector<double> levels;
  for (const Sample& each : kept())
    if (!each.is_deletion) levels.push_back(std::get<double>(each.attribute.value));
  EXPECT_EQ(levels, (std::vector<double>{1.5, 2.5, 3.5}));
}

TEST_F(HistoryFeed, does_not_bring_back_what_was_taken_out_of_history) {
  write(kDefaultTenant, 4, 3'000'000);
  ASSERT_TRUE(catch_up(store_, *history_));
  const SeriesId series = history_->find_entity("", "urn:r:1")->series.front().series;
  ASSERT_TRUE(history_->remove(series, 1));
  ASSERT_TRUE(catch_up(store_, *history_));
  EXPECT_TRUE(kept().empty());
}

}  // namespace
}  // namespace citiverse::twin::history
