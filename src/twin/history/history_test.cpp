// Whatever the order of arrival, and whenever the process dies: history answers what a plain list of values would.
#include "twin/history/history.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/random.h"

namespace citiverse::twin::history {
namespace {

constexpr TimeUs kHistoryMinuteUs = 60'000'000;
constexpr TimeUs kHourUs = 60 * kHistoryMinuteUs;
constexpr TimeUs kHistoryStartUs = 1'767'225'600'000'000;  // 2026-01-01T00:00Z

class TwinHistory : public testing::Test {
 protected:
  TwinHistory() {
    std::string name = (std::filesystem::temp_directory_path() / "history-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    reopen();
  }
  ~TwinHistory() override {
    history_.reset();
    std::filesystem::remove_all(folder_);
  }
  Options options() {
    return {.folder = folder_,
            .clock = [this] { return now_us_; },
            .waits_for_disk = false,
            .retention = retention_,
            .open_points_max = open_points_max_};
  }
  void reopen() {
    history_.reset();
    auto opened = History::open(options(), names_);
    ASSERT_TRUE(opened) << opened.error().message;
    history_ = std::move(*opened);
  }
  EntityFacts entity(std::string_view id = "urn:s:1") { return {.id = id, .types = {type_}, .created_us = kHistoryStartUs}; }
  Sample sample(TimeUs observed_us, Value value) {
    Sample out;
    out.attribute.name = attribute_;
    out.attribute.observed_us = observed_us;
    out.attribute.modified_us = ++now_us_;
    out.attribute.value = std::move(value);
    return out;
  }
  void record(const Sample& what, std::string_view id = "urn:s:1") { ASSERT_TRUE(history_->record(entity(id), {&what, 1})); }
  SeriesId series(std::string_view id = "urn:s:1") { return history_->find_entity("", id)->series.front().series; }
  std::vector<Sample> read(const TimeRange& range = {}, SeriesView::Direction direction = SeriesView::Direction::forward) {
    std::vector<Sample> all;
    const auto done = history_->view(series()).each_run(range, Part::all, direction, [&](const Rows& rows) {
      for (const Point& each : rows.points) all.push_back(history_->sample_of(series(), rows, each));
      return true;
    });
    EXPECT_TRUE(done);
    return all;
  }

  TimeUs now_us_ = kHistoryStartUs;
  Retention retention_;
  std::size_t open_points_max_ = 500'000;
  std::filesystem::path folder_;
  Names names_;
  NameId type_ = names_.intern("https://example.org/Sensor");
  NameId attribute_ = names_.intern("https://example.org/temperature");
  std::unique_ptr<History> history_;
};

TEST_F(TwinHistory, a_value_comes_back_with_all_that_was_said_of_it) {
  Sample one = sample(kHistoryStartUs, 21.5);
  one.attribute.unit = names_.intern("CEL");
  one.attribute.about.push_back({.name = names_.intern("https://citiverse.org/ns#status"), .value = std::string("raw")});
  record(one);
  record(sample(kHistoryStartUs + 1, std::string("broken")));
  record(sample(kHistoryStartUs + 2, Json{R"({"a":[1]})"}));
  record(sample(kHistoryStartUs + 3, true));
  record(sample(kHistoryStartUs + 4, std::int64_t{INT64_MAX}));
  for (int round = 0; round < 3; ++round) {
    const auto all = read();
    ASSERT_EQ(all.size(), 5u);
    EXPECT_EQ(all[0].attribute.value, Value(21.5));
    EXPECT_EQ(names_.text(all[0].attribute.unit), "CEL");
    EXPECT_EQ(all[0].attribute.about.front().value, Value(std::string("raw")));
    EXPECT_EQ(all[0].attribute.observed_us, kHistoryStartUs);
    EXPECT_EQ(all[0].attribute.modified_us, one.attribute.modified_us);
    EXPECT_EQ(all[1].attribute.value, Value(std::string("broken")));
    EXPECT_EQ(all[2].attribute.value, Value(Json{R"({"a":[1]})"}));
    EXPECT_EQ(all[3].attribute.value, Value(true));
    EXPECT_EQ(all[4].attribute.value, Value(INT64_MAX));
    EXPECT_EQ(all[4].instance, 5u);
    if (round == 0) {
      ASSERT_TRUE(history_->tidy());
    }
    if (round == 1) reopen();
  }
}

TEST_F(TwinHistory, two_values_that_nobody_observed_at_a_time_are_two) {
  for (int i = 0; i < 3; ++i) {
    Sample one = sample(kNoTime, std::int64_t{i});
    one.attribute.modified_us = kHistoryStartUs;
    record(one);
  }
  const auto all = read();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[2].attribute.modified_us, kHistoryStartUs);
  EXPECT_EQ(all[2].attribute.observed_us, kNoTime);
}

TEST_F(TwinHistory, a_second_word_about_a_time_corrects_the_first_also_after_it_was_stored_away) {
  record(sample(kHistoryStartUs, 1.0));
  record(sample(kHistoryStartUs + kHistoryMinuteUs, 2.0));
  ASSERT_TRUE(history_->tidy());
  record(sample(kHistoryStartUs, 5.0));
  for (int round = 0; round < 2; ++round) {
    const auto all = read();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].attribute.value, Value(std::int64_t{5}));
    const auto sum = history_->aggregate(series(), {}, 0, 0);
    EXPECT_EQ(sum->front().values.sum, 7);
    ASSERT_TRUE(history_->tidy());
  }
}

TEST_F(TwinHistory, an_instance_can_be_moved_in_time_and_taken_out) {
  for (int i = 0; i < 3; ++i) record(sample(kHistoryStartUs + i * kHistoryMinuteUs, double(i)));
  ASSERT_TRUE(history_->tidy());
  ASSERT_TRUE(history_->correct(series(), 2, sample(kHistoryStartUs + 10 * kHistoryMinuteUs, 7.0)));
  ASSERT_TRUE(history_->remove(series(), 1));
  EXPECT_EQ(history_->remove(series(), 99).error().code, base::ErrorCode::not_found);
  for (int round = 0; round < 3; ++round) {
    const auto all = read();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].instance, 3u);
    EXPECT_EQ(all[1].instance, 2u);
    EXPECT_EQ(all[1].attribute.observed_us, kHistoryStartUs + 10 * kHistoryMinuteUs);
    EXPECT_EQ(history_->aggregate(series(), {}, 0, 0)->front().values.count, 2u);
    if (round == 0) {
      ASSERT_TRUE(history_->tidy());
    }
    if (round == 1) reopen();
  }
}

TEST_F(TwinHistory, what_is_erased_is_gone_from_answers_at_once_and_from_the_disk_soon_and_its_instances_never_return) {
  record(sample(kHistoryStartUs, std::string("a secret value")));
  ASSERT_TRUE(history_->tidy());
  ASSERT_TRUE(history_->erase(series()));
  EXPECT_TRUE(read().empty());
  history_->settle();
  EXPECT_EQ(history_->figures().points, 0u);
  reopen();
  EXPECT_TRUE(read().empty());
  record(sample(kHistoryStartUs, std::int64_t{1}));
  EXPECT_EQ(read().front().instance, 2u);
  ASSERT_TRUE(history_->erase_entity("", "urn:s:1"));
  EXPECT_FALSE(history_->find_entity("", "urn:s:1"));
  EXPECT_FALSE(history_->erase_entity("", "urn:s:1"));
  reopen();
  EXPECT_FALSE(history_->find_entity("", "urn:s:1"));
  record(sample(kHistoryStartUs, std::int64_t{2}));
  EXPECT_EQ(read().front().instance, 3u);
}

// Arrivals in any order, late, corrected, taken out, with segments written, merged and the node restarted in between.
TEST_F(TwinHistory, any_order_of_arrival_gives_what_a_plain_list_gives) {
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
    base::Random random(seed);
    open_points_max_ = 150 + random.below(400);
    history_.reset();
    std::filesystem::remove_all(folder_);
    reopen();
    std::map<TimeUs, std::pair<double, std::uint64_t>> plain;
    std::uint64_t instances = 0;
    for (int step = 0; step < 3000; ++step) {
      const bool is_late = random.chance(0.1);
      const TimeUs time =
          kHistoryStartUs + (is_late ? random.below(static_cast<std::uint32_t>(step) + 1) : step) * kHistoryMinuteUs;
      const double value = std::round(random.uniform(-40, 60) * 10) / 10;
      record(sample(time, value));
      plain[time] = {value, ++instances};
      if (random.chance(0.02)) {
        auto at = plain.begin();
        std::advance(at, random.below(static_cast<std::uint32_t>(plain.size())));
        ASSERT_TRUE(history_->remove(series(), at->second.second));
        plain.erase(at);
      }
      if (random.chance(0.002)) reopen();
      if (random.chance(0.002)) {
        ASSERT_TRUE(history_->tidy());
      }
    }
    const auto all = read();
    ASSERT_EQ(all.size(), plain.size());
    auto expected = plain.begin();
    for (const Sample& each : all) {
      ASSERT_EQ(each.attribute.observed_us, expected->first);
      ASSERT_EQ(each.instance, expected->second.second);
      ++expected;
    }
    const TimeRange range{kHistoryStartUs + 200 * kHistoryMinuteUs, kHistoryStartUs + 1234 * kHistoryMinuteUs};
    std::map<TimeUs, Aggregate> hours;
    for (const auto& [time, value] : plain)
      if (range.holds(time)) hours[step_start(time, 0, kHourUs)].add(time, value.first);
    const auto buckets = history_->aggregate(series(), range, 0, kHourUs);
    ASSERT_TRUE(buckets);
    ASSERT_EQ(buckets->size(), hours.size());
    for (const Bucket& each : *buckets) EXPECT_EQ(each.values, hours[each.start_us]);
    const auto newest = read(range, SeriesView::Direction::backward);
    EXPECT_EQ(newest.size(), static_cast<std::size_t>(
                                 std::ranges::count_if(plain, [&](const auto& each) { return range.holds(each.first); })));
  }
}

TEST_F(TwinHistory, what_is_let_go_stays_in_the_roll_ups_and_what_comes_late_is_added_to_them) {
  retention_ = {.raw_us = 24 * kHourUs, .minute_us = 48 * kHourUs, .hour_us = 96 * kHourUs, .day_us = 1000 * kHourUs};
  reopen();
  std::map<TimeUs, Aggregate> days;
  const auto add = [&](TimeUs time, double value) {
    record(sample(time, value));
    days[step_start(time, 0, 24 * kHourUs)].add(time, value);
  };
  for (int i = 0; i < 6 * 24 * 60; i += 2) add(kHistoryStartUs + i * kHistoryMinuteUs, i % 37);
  now_us_ = kHistoryStartUs + 6 * 24 * kHourUs;
  ASSERT_TRUE(history_->tidy());
  EXPECT_EQ(read().front().attribute.observed_us, now_us_ - 24 * kHourUs);
  const auto same = [&] {
    const auto buckets = history_->aggregate(series(), {}, 0, 24 * kHourUs);
    ASSERT_TRUE(buckets);
    ASSERT_EQ(buckets->size(), days.size());
    for (const Bucket& each : *buckets) {
      const Aggregate& day = days[each.start_us];
      EXPECT_EQ(each.values.count, day.count);
      EXPECT_EQ(each.values.sum, day.sum);
      EXPECT_EQ(each.values.min, day.min);
      EXPECT_EQ(each.values.max, day.max);
      EXPECT_EQ(each.values.sum_of_squares, day.sum_of_squares);
      EXPECT_EQ(each.values.first, day.first);
      EXPECT_EQ(each.values.last, day.last);
    }
  };
  same();
  now_us_ -= 1'000'000;  // The clock of the samples only: they come in before the six days are over.
  add(kHistoryStartUs + 3 * kHistoryMinuteUs, 1000);
  add(kHistoryStartUs + 60 * kHourUs + 1, -1000);
  same();
  ASSERT_TRUE(history_->tidy());
  same();
  reopen();
  same();
  const auto day_rows = history_->roll_ups(series(), {kHistoryStartUs, kHistoryStartUs + 24 * kHourUs});
  ASSERT_EQ(day_rows->size(), 1u);
  EXPECT_EQ(day_rows->front().values.last_us, kHistoryStartUs + 1438 * kHistoryMinuteUs);
}

TEST_F(TwinHistory, loads_many_values_at_once_and_what_comes_later_corrects_them) {
  const auto series_id = history_->series(entity(), attribute_, kNoName);
  ASSERT_TRUE(series_id);
  record(sample(kHistoryStartUs + 5 * kHistoryMinuteUs, 999.0));
  std::vector<TimeUs> times;
  std::vector<double> values;
  for (int i = 0; i < 10'000; ++i) {
    times.push_back(kHistoryStartUs + i * kHistoryMinuteUs);
    values.push_back(i);
  }
  ASSERT_TRUE(history_->load(std::vector{History::Column{*series_id, times, values, names_.intern("CEL")}}));
  record(sample(kHistoryStartUs + 6 * kHistoryMinuteUs, 777.0));
  const auto all = read({kHistoryStartUs + 5 * kHistoryMinuteUs, kHistoryStartUs + 8 * kHistoryMinuteUs});
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].attribute.value, Value(std::int64_t{5}));
  EXPECT_EQ(all[1].attribute.value, Value(std::int64_t{777}));
  EXPECT_EQ(names_.text(all[2].attribute.unit), "CEL");
  reopen();
  EXPECT_EQ(read().size(), 10'000u);
}

TEST_F(TwinHistory, a_change_that_is_told_twice_is_kept_once) {
  const Sample one = sample(kNoTime, 1.0);
  ASSERT_TRUE(history_->record_if_newer(entity(), {&one, 1}));
  ASSERT_TRUE(history_->record_if_newer(entity(), {&one, 1}));
  reopen();
  ASSERT_TRUE(history_->record_if_newer(entity(), {&one, 1}));
  EXPECT_EQ(read().size(), 1u);
}

TEST_F(TwinHistory, entities_are_found_by_tenant_in_the_order_in_which_their_history_began) {
  for (const char* id : {"urn:s:3", "urn:s:1", "urn:s:2"}) record(sample(kHistoryStartUs, 1.0), id);
  EntityFacts elsewhere = entity("urn:s:9");
  elsewhere.tenant = "harbour";
  ASSERT_TRUE(history_->record(elsewhere, {}));
  std::vector<std::string> met;
  history_->each_entity("", 1, [&](std::size_t, const KeptEntity& each) {
    met.push_back(each.id);
    return true;
  });
  EXPECT_EQ(met, (std::vector<std::string>{"urn:s:1", "urn:s:2"}));
  EXPECT_TRUE(history_->find_entity("harbour", "urn:s:9"));
  EXPECT_FALSE(history_->find_entity("", "urn:s:9"));
}

TEST_F(TwinHistory, a_damaged_file_is_named_and_nothing_is_guessed) {
  record(sample(kHistoryStartUs, 1.0));
  ASSERT_TRUE(history_->tidy());
  history_.reset();
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    if (file.path().extension() != ".segment") continue;
    const int opened = ::open(file.path().c_str(), O_RDWR);
    ASSERT_EQ(::pwrite(opened, "damage", 6, static_cast<off_t>(file.file_size()) - 60), 6);
    ::close(opened);
  }
  const auto again = History::open(options(), names_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::ErrorCode::corrupt);
  EXPECT_NE(again.error().message.find(".segment"), std::string::npos);
}

TEST_F(TwinHistory, twenty_kills_lose_nothing_that_was_acknowledged) {
  open_points_max_ = 300;
  std::int64_t acknowledged = -1;
  for (int kill = 0; kill < 20; ++kill) {
    history_.reset();
    int channel[2];
    ASSERT_EQ(::pipe(channel), 0);
    const pid_t writer = ::fork();
    if (writer == 0) {
      reopen();
      for (std::int64_t i = acknowledged + 1;; ++i) {
        const Sample one = sample(kHistoryStartUs + i * kHistoryMinuteUs, i);
        const auto position = history_->record(entity(), {&one, 1});
        if (!position || !history_->wait(*position) || ::write(channel[1], &i, sizeof i) != sizeof i) ::_exit(1);
      }
    }
    ::close(channel[1]);
    std::int64_t told = -1;
    for (int i = 0; i < 40 + 11 * kill && ::read(channel[0], &told, sizeof told) == sizeof told; ++i) acknowledged = told;
    ::kill(writer, SIGKILL);
    while (::read(channel[0], &told, sizeof told) == sizeof told) acknowledged = told;
    ::close(channel[0]);
    int status = 0;
    ::waitpid(writer, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    reopen();
    const auto all = read();
    ASSERT_GT(all.size(), static_cast<std::size_t>(acknowledged));
    for (std::int64_t i = 0; i <= acknowledged; ++i)
      ASSERT_EQ(all[static_cast<std::size_t>(i)].attribute.value, Value(i)) << "after kill " << kill;
  }
}

}  // namespace
}  // namespace citiverse::twin::history
