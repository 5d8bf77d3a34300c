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
#include "twin/store.h"

namespace citiverse {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 20;
constexpr int kWriters = 4;
constexpr int kEntitiesAWriter = 50;
constexpr std::size_t kSmallLogBytes = 60'000;  // Many snapshots are taken, so that kills meet them too.

twin::TimeUs no_time() { return 0; }

// What a writer of the child tells once it is acknowledged; one write(2), so that it arrives whole.
struct Acknowledged {
  std::int32_t writer = 0;
  std::int32_t entity = 0;
  std::int64_t count = 0;
};

std::string id_of(int writer, int entity) { return fmt::format("urn:ngsi-ld:Sensor:{}-{}", writer, entity); }

twin::Edit counts_to(twin::Store& store, const std::string& id, std::int64_t count) {
  return [&store, id, count](const twin::EntityPtr& before) -> base::Result<twin::EntityPtr> {
    auto after = before == nullptr ? std::make_shared<twin::Entity>() : std::make_shared<twin::Entity>(*before);
    after->id = id;
    after->types = {store.names().intern("https://example.org/Sensor")};
    auto attribute = std::make_shared<twin::Attribute>();
    attribute->name = store.names().intern("https://example.org/count");
    attribute->value = count;
    after->put(std::move(attribute));
    return after;
  };
}

// Counts every entity up, forever, and tells each step once it is acknowledged.
[[noreturn]] void write_until_killed(const fs::path& folder, twin::Durability durability, std::int64_t first, int pipe) {
  twin::journal::Recovered recovered;
  auto store = twin::Store::open(no_time, durability, folder, recovered, kSmallLogBytes);
  if (!store) ::_exit(3);
  std::vector<std::jthread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (std::int64_t count = first;; ++count) {
        for (int e = 0; e < kEntitiesAWriter; ++e) {
          const std::string id = id_of(w, e);
          if (!(*store)->write(twin::kDefaultTenant, id, counts_to(**store, id, count))) ::_exit(4);
          const Acknowledged told{w, e, count};
          if (::write(pipe, &told, sizeof told) != sizeof told) ::_exit(5);
        }
      }
    });
  }
  writers.clear();
  ::_exit(6);
}

class KilledTwin : public testing::TestWithParam<twin::Durability> {};

TEST_P(KilledTwin, has_all_that_it_acknowledged) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("citiverse-killed-twin-{}", ::getpid());
  fs::remove_all(folder);
  std::map<std::pair<int, int>, std::int64_t> acknowledged;
  std::size_t told = 0, lost = 0, ahead = 0;
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
      acknowledged[{each.writer, each.entity}] = each.count;
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
    twin::journal::Recovered recovered;
    const auto store = twin::Store::open(no_time, GetParam(), folder, recovered);
    ASSERT_TRUE(store) << store.error().message;
    const twin::NameId count = (*store)->names().find("https://example.org/count");
    for (const auto& [key, value] : acknowledged) {
      const twin::EntityPtr entity = (*store)->find(twin::kDefaultTenant, id_of(key.first, key.second));
      const std::int64_t kept = entity == nullptr ? 0 : std::get<std::int64_t>(entity->find(count)->value);
      lost += kept < value;
      ahead += kept > value;  // Durable and not yet told when it died, or told in the counting before.
    }
  }
  fmt::print("{} kills: {} writes acknowledged, {} lost, {} durable beyond\n", kKills, told, lost, ahead);
  EXPECT_EQ(lost, 0u);
  EXPECT_GE(told, kKills * 50u);
  fs::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Durable, KilledTwin, testing::Values(twin::Durability::batched, twin::Durability::strict));

}  // namespace
}  // namespace citiverse
