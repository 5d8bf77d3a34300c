// A twin that is killed (SIGKILL) under load at any moment has everything that it acknowledged, counted over many kills.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "twin/history/feed.h"
#include "twin/report.h"
#include "twin/store.h"

namespace citiverse {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 20;
constexpr int kWriters = 4;
constexpr int kEntitiesAWriter = 50;
constexpr std::size_t kSmallLogBytes = 60'000;  // Many snapshots are taken, so that kills meet them too.
constexpr std::size_t kSmallRunPoints = 150;    // Likewise the segments of history.

twin::TimeUs time_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// What a writer of the child tells once it is acknowledged; one write(2), so that it arrives whole.
struct Acknowledged {
  std::int32_t writer = 0;
  std::int32_t entity = 0;
  std::int64_t count = 0;
};

std::string id_of(int writer, int entity) { return fmt::format("urn:ngsi-ld:Sensor:{}-{}", writer, entity); }

twin::Report report_of(const twin::ReportTerms& terms, twin::Names& names, const std::string& id, std::int64_t count) {
  twin::Report report{.id = id, .type = names.intern("https://example.org/Sensor"), .attributes = {}};
  twin::Attribute& attribute = report.attributes.emplace_back();
  attribute.name = names.intern("https://example.org/count");
  attribute.value = count;
  // In turn: as newest, late (which history alone keeps), and without a time.
  constexpr twin::TimeUs kYearUs = 31'536'000'000'000;
  if (count % 3 != 2) attribute.observed_us = kYearUs * (count % 3 == 0 ? 50 : 49) + count;
  twin::say_of(attribute, terms, twin::ValueStatus::raw, "test", "");
  return report;
}

base::Result<twin::history::StoreWithHistory> open_twin(const fs::path& folder, twin::Durability durability) {
  twin::journal::Recovered recovered;
  return twin::history::open_with_history(time_now, durability, folder,
                                          {.folder = folder / "history", .clock = time_now, .open_points_max = kSmallRunPoints},
                                          recovered, kSmallLogBytes);
}

// Counts every entity up, forever, and tells each step once it is acknowledged.
[[noreturn]] void write_until_killed(const fs::path& folder, twin::Durability durability, std::int64_t first, int pipe) {
  auto both = open_twin(folder, durability);
  if (!both) ::_exit(3);
  twin::Store& store = *both->store;
  twin::history::feed_history(store, *both->history);
  const twin::ReportTerms terms(store.names());
  std::vector<std::jthread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (std::int64_t count = first;; ++count) {
        for (int e = 0; e < kEntitiesAWriter; ++e) {
          std::vector<twin::Report> reports;
          reports.push_back(report_of(terms, store.names(), id_of(w, e), count));
          const twin::ReportWrites writes(std::move(reports), time_now());
          if (!store.write(twin::kDefaultTenant, writes.writes())) ::_exit(4);
          const Acknowledged told{w, e, count};
          if (::write(pipe, &told, sizeof told) != sizeof told) ::_exit(5);
        }
      }
    });
  }
  writers.clear();
  ::_exit(6);
}

// How often history has each count of an entity.
std::map<std::int64_t, int> counts_in(const twin::history::History& history, const std::string& id) {
  std::map<std::int64_t, int> counts;
  const auto entity = history.find_entity("", id);
  if (!entity) return counts;
  const twin::history::SeriesId series = entity->series.front().series;
  EXPECT_TRUE(history.view(series).each_run({}, twin::history::Part::all, twin::history::SeriesView::Direction::forward,
                                            [&](const twin::history::Rows& rows) {
                                              for (const twin::history::Point& each : rows.points)
                                                ++counts[static_cast<std::int64_t>(each.number)];
                                              return true;
                                            }));
  return counts;
}

class KilledTwin : public testing::TestWithParam<twin::Durability> {};

TEST_P(KilledTwin, has_all_that_it_acknowledged_and_has_it_in_history_once) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("citiverse-killed-twin-{}", ::getpid());
  fs::remove_all(folder);
  std::map<std::pair<int, int>, std::vector<std::int64_t>> acknowledged;
  std::size_t told = 0, lost = 0, ahead = 0, not_in_history = 0, twice_in_history = 0;
  base::Random random(4);
  std::int64_t first = 1;
  for (int kill = 0; kill < kKills; ++kill) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      write_until_killed(folder, GetParam(), first, ends[1]);
    }
    ::close(ends[1]);
    // Killed after a number of acknowledgements, so that a slow machine has as much at stake as a fast one.
    const std::size_t at_stake = 50 + random.below(600);
    Acknowledged each;
    std::size_t seen = 0;
    bool is_killed = false;
    while (::read(ends[0], &each, sizeof each) == sizeof each) {
      acknowledged[{each.writer, each.entity}].push_back(each.count);
      first = std::max(first, each.count + 1);
      ++told;
      if (++seen >= at_stake && !is_killed) {
        ::kill(child, SIGKILL);
        is_killed = true;  // What it told before it died is still read.
      }
    }
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with " << WEXITSTATUS(status);
    const auto both = open_twin(folder, GetParam());
    ASSERT_TRUE(both) << both.error().message;
    const twin::NameId count = both->store->names().find("https://example.org/count");
    for (const auto& [key, values] : acknowledged) {
      const std::string id = id_of(key.first, key.second);
      const twin::EntityPtr entity = both->store->find(twin::kDefaultTenant, id);
      const std::int64_t kept = entity == nullptr ? 0 : std::get<std::int64_t>(entity->find(count)->value);
      // Those that may have come late need not be the newest.
      std::int64_t seen_last = 0;
      for (const std::int64_t value : values)
        if (value % 3 != 1) seen_last = value;
      lost += kept < seen_last;
      ahead += kept > seen_last;  // Durable and not yet told when it died, or told in the counting before.
      const auto in_history = counts_in(*both->history, id);
      for (const std::int64_t value : values) not_in_history += !in_history.contains(value);
      for (const auto& [value, times] : in_history) twice_in_history += times > 1;
    }
  }
  fmt::print("{} kills: {} writes acknowledged, {} lost, {} durable beyond, {} not in history, {} there twice\n", kKills, told,
             lost, ahead, not_in_history, twice_in_history);
  EXPECT_EQ(not_in_history, 0u);
  EXPECT_EQ(twice_in_history, 0u);
  EXPECT_EQ(lost, 0u);
  EXPECT_GE(told, kKills * 50u);
  fs::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Durable, KilledTwin, testing::Values(twin::Durability::batched, twin::Durability::strict));

}  // namespace
}  // namespace citiverse
