// What was acknowledged is there again; what was torn is not; and what must be whole and is not stops the start.
#include "twin/journal/journal.h"

#include <fstream>
#include <future>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "base/random.h"
#include "twin/store.h"

namespace citiverse::twin {
namespace {

namespace fs = std::filesystem;

class TwinJournal : public testing::TestWithParam<Durability> {
 protected:
  TwinJournal() { fs::remove_all(folder_); }
  ~TwinJournal() override { fs::remove_all(folder_); }

  std::unique_ptr<Store> open(std::size_t log_bytes = journal::kLogBytes) {
    recovered_ = {};
    auto store = Store::open([] { return TimeUs{7}; }, GetParam(), folder_, recovered_, log_bytes);
    EXPECT_TRUE(store) << (store ? "" : store.error().message);
    return store ? *std::move(store) : nullptr;
  }
  base::Error refused() {
    auto store = Store::open([] { return TimeUs{7}; }, GetParam(), folder_, recovered_);
    EXPECT_FALSE(store);
    return store ? base::Error{} : store.error();
  }

  static AttributePtr attribute(Names& names, std::string_view name, Value value, std::string_view dataset = {}) {
    auto made = std::make_shared<Attribute>();
    made->name = names.intern(name);
    made->dataset = names.intern(dataset);
    made->value = std::move(value);
    made->observed_us = 5;
    return made;
  }
  static void set(Store& store, TenantId tenant, const std::string& id, std::string_view name, Value value) {
    const auto done = store.write(tenant, id, [&](const EntityPtr& before) -> base::Result<EntityPtr> {
      auto after = before == nullptr ? std::make_shared<Entity>() : std::make_shared<Entity>(*before);
      after->id = id;
      if (before == nullptr) after->types = {store.names().intern("https://example.org/Sensor")};
      after->put(attribute(store.names(), name, std::move(value)));
      return after;
    });
    ASSERT_TRUE(done) << done.error().message;
  }
  static void remove(Store& store, const std::string& id) {
    ASSERT_TRUE(store.write(kDefaultTenant, id, [](const EntityPtr&) { return EntityPtr(); }));
  }
  /// All that a store holds, as text, in order.
  static std::string all(const Store& store, TenantId tenant = kDefaultTenant) {
    std::string text;
    store.scan(tenant, {}, 0, [&](Slot, const EntityPtr& entity) {
      text += entity->id + "{" + std::string(store.names().text(entity->types.at(0)));
      std::vector<std::string> attributes;
      for (const AttributePtr& each : entity->attributes) {
        const auto* number = std::get_if<std::int64_t>(&each->value);
        attributes.push_back(" " + std::string(store.names().text(each->name)) + "=" +
                             (number == nullptr ? std::get<std::string>(each->value) : std::to_string(*number)));
      }
      std::ranges::sort(attributes);
      for (const std::string& each : attributes) text += each;
      text += "} ";
      return true;
    });
    return text;
  }
  fs::path last_log() const {
    fs::path last;
    for (const auto& entry : fs::directory_iterator(folder_))
      if (entry.path().filename().string().starts_with("log-") &&
          std::pair(last.native().size(), last) < std::pair(entry.path().native().size(), entry.path()))
        last = entry.path();
    return last;
  }
  fs::path snapshot() const {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("snapshot-") && !name.ends_with(".new")) return entry.path();
    }
    return {};
  }
  /// Writes until a snapshot has been taken of it.
  void write_until_snapshot(Store& store) {
    for (std::int64_t i = 0; snapshot().empty(); ++i) {
      set(store, kDefaultTenant, "urn:more", "level", i);
      std::this_thread::yield();
    }
  }

  fs::path folder_ = fs::temp_directory_path() / ("citiverse-journal-" + std::to_string(::getpid()));
  journal::Recovered recovered_;
};

TEST_P(TwinJournal, brings_back_what_was_written_in_the_order_of_creation) {
  std::string before;
  {
    const auto store = open();
    const TenantId harbour = store->tenant("harbour").value();
    set(*store, kDefaultTenant, "urn:b", "level", std::int64_t{1});
    set(*store, kDefaultTenant, "urn:a", "name", std::string("Ä quay"));
    set(*store, kDefaultTenant, "urn:b", "level", std::int64_t{2});
    set(*store, kDefaultTenant, "urn:b", "name", std::string("pier"));
    set(*store, kDefaultTenant, "urn:c", "level", std::int64_t{3});
    remove(*store, "urn:c");
    set(*store, harbour, "urn:b", "level", std::int64_t{9});
    before = all(*store);
  }
  const auto store = open();
  EXPECT_EQ(all(*store), before);
  EXPECT_EQ(recovered_.steps, 7u);
  EXPECT_EQ(recovered_.torn_bytes, 0u);
  ASSERT_TRUE(store->find_tenant("harbour"));
  EXPECT_EQ(all(*store, *store->find_tenant("harbour")), "urn:b{https://example.org/Sensor level=9} ");
  const EntityPtr found = store->find(kDefaultTenant, "urn:b");
  EXPECT_EQ(found->find(store->names().find("level"))->observed_us, 5);
}

TEST_P(TwinJournal, stops_at_the_first_torn_record_and_goes_on_from_there) {
  std::vector<std::string> states;
  std::vector<std::uintmax_t> sizes;
  {
    const auto store = open();
    for (int i = 0; i < 6; ++i) {
      set(*store, kDefaultTenant, "urn:" + std::to_string(i % 3), "level", std::int64_t{i});
      states.push_back(all(*store));
      sizes.push_back(fs::file_size(last_log()));
    }
  }
  const std::string whole = base::read_file(last_log(), 1 << 20).value();
  for (std::uintmax_t cut = sizes[0]; cut <= sizes.back(); ++cut) {
    std::ofstream(last_log(), std::ios::binary) << whole.substr(0, cut);
    const auto sound = static_cast<std::size_t>(std::ranges::upper_bound(sizes, cut) - sizes.begin()) - 1;
    const auto store = open();
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(all(*store), states[sound]) << cut;
    EXPECT_EQ(recovered_.torn_bytes, cut - sizes[sound]);
  }
  // A record that is whole in length and wrong in content ends it too; what follows it is not believed.
  std::string damaged = whole;
  damaged[sizes[2] + 20] = static_cast<char>(damaged[sizes[2] + 20] ^ 1);
  std::ofstream(last_log(), std::ios::binary) << damaged;
  {
    const auto store = open();
    EXPECT_EQ(all(*store), states[2]);
    EXPECT_EQ(recovered_.torn_bytes, whole.size() - sizes[2]);
    set(*store, kDefaultTenant, "urn:1", "level", std::int64_t{100});
  }
  EXPECT_THAT(all(*open()), testing::HasSubstr("level=100"));
}

TEST_P(TwinJournal, is_the_same_after_snapshots_that_are_taken_while_others_write) {
  std::string before;
  {
    const auto store = open(20'000);
    std::vector<std::jthread> writers;
    for (int w = 0; w < 3; ++w) {
      writers.emplace_back([&store, w] {
        base::Random random(static_cast<std::uint64_t>(w + 1));
        for (int i = 0; i < 400; ++i) {
          const std::string id = "urn:" + std::to_string(random.below(40));
          if (random.below(10) == 0)
            remove(*store, id);
          else
            set(*store, kDefaultTenant, id, "level" + std::to_string(random.below(4)), static_cast<std::int64_t>(i * 3 + w));
        }
      });
    }
    writers.clear();
    write_until_snapshot(*store);
    before = all(*store);
  }
  const auto sorted = [](const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0, end = 0; (end = text.find("} ", at)) != std::string::npos; at = end + 2)
      parts.push_back(text.substr(at, end - at));
    std::ranges::sort(parts);
    return parts;
  };
  EXPECT_EQ(sorted(all(*open(20'000))), sorted(before));
  std::size_t snapshots = 0, logs = 0;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    snapshots += entry.path().filename().string().starts_with("snapshot-");
    logs += entry.path().filename().string().starts_with("log-");
  }
  EXPECT_EQ(snapshots, 1u);
  EXPECT_LE(logs, 2u);
}

TEST_P(TwinJournal, refuses_a_damaged_snapshot_a_missing_log_and_a_second_node) {
  {
    const auto store = open(500);
    for (int i = 0; i < 40; ++i) set(*store, kDefaultTenant, "urn:" + std::to_string(i), "level", std::int64_t{i});
    EXPECT_EQ(refused().code, base::ErrorCode::unavailable);
    write_until_snapshot(*store);
  }
  ASSERT_NE(open(), nullptr);
  const fs::path snapshot = this->snapshot();
  const std::string whole = base::read_file(snapshot, 1 << 20).value();
  std::string damaged = whole;
  damaged[whole.size() / 2] = static_cast<char>(damaged[whole.size() / 2] ^ 4);
  std::ofstream(snapshot, std::ios::binary) << damaged;
  EXPECT_EQ(refused().code, base::ErrorCode::corrupt);
  std::ofstream(snapshot, std::ios::binary) << whole;
  ASSERT_NE(open(), nullptr);
  fs::rename(last_log(), folder_ / "log-900");
  EXPECT_EQ(refused().code, base::ErrorCode::corrupt);
}

TEST_P(TwinJournal, tells_what_is_durable_once_each_and_only_then) {
  const auto store = open();
  std::vector<std::future<bool>> told;
  for (int i = 0; i < 200; ++i) {
    auto promise = std::make_shared<std::promise<bool>>();
    told.push_back(promise->get_future());
    const std::string id = "urn:" + std::to_string(i);
    const Write write{id, [&](const EntityPtr&) -> base::Result<EntityPtr> {
                        auto entity = std::make_shared<Entity>();
                        entity->id = id;
                        entity->types = {store->names().intern("T")};
                        return entity;
                      }};
    const auto size_before = fs::file_size(last_log());
    ASSERT_TRUE(store->write_soon(kDefaultTenant, {&write, 1}, [this, promise, size_before](const base::Result<void>& done) {
      promise->set_value(done.has_value() && fs::file_size(last_log()) > size_before);
    }));
  }
  for (auto& each : told) EXPECT_TRUE(each.get());
}

TEST_P(TwinJournal, says_that_nothing_changed_only_when_what_is_there_is_durable) {
  const auto store = open();
  set(*store, kDefaultTenant, "urn:a", "level", std::int64_t{1});
  std::mutex mutex;
  std::vector<std::string> told;
  std::promise<void> last;
  const auto tells = [&](std::string what) {
    return [&, what](const base::Result<void>& done) {
      EXPECT_TRUE(done);
      const std::lock_guard lock(mutex);
      told.push_back(what);
      if (what == "end") last.set_value();
    };
  };
  const Edit rises = [&](const EntityPtr& before) -> base::Result<EntityPtr> {
    auto after = std::make_shared<Entity>(*before);
    after->put(attribute(store->names(), "level", std::int64_t{2}));
    return after;
  };
  const Edit stays = [](const EntityPtr& before) -> base::Result<EntityPtr> { return before; };
  std::vector<std::string> expected;
  for (int i = 0; i < 20; ++i) {
    const Write change{"urn:a", rises};
    const Write nothing{"urn:a", stays};
    ASSERT_TRUE(store->write_soon(kDefaultTenant, {&change, 1}, tells("change")));
    ASSERT_TRUE(store->write_soon(kDefaultTenant, {&nothing, 1}, tells(i == 19 ? "end" : "nothing")));
    expected.insert(expected.end(), {"change", i == 19 ? "end" : "nothing"});
  }
  last.get_future().wait();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(told, expected);
}

TEST_P(TwinJournal, tells_a_follower_what_it_does_not_hold_yet_and_counts_on_where_it_stopped) {
  std::vector<std::string> told;
  std::uint64_t held = 0;
  Store::Follower follower;
  follower.begin = [&](Names&) -> base::Result<std::uint64_t> { return held; };
  follower.keep = [&](const Change& change, std::string_view tenant) -> base::Result<void> {
    std::string what = std::to_string(change.sequence) + std::string(tenant);
    if (change.before == nullptr) what += " made";
    if (change.after == nullptr) what += " removed";
    for (const AttributeChange& each : change.attributes)
      if (change.after != nullptr)
        what += " " + std::to_string(std::get<std::int64_t>(change.after->find(each.name, each.dataset)->value));
    told.push_back(what);
    return {};
  };
  const auto open_followed = [&] {
    told.clear();
    return Store::open([] { return TimeUs{7}; }, GetParam(), folder_, recovered_, journal::kLogBytes, follower).value();
  };
  {
    const auto store = open_followed();
    set(*store, kDefaultTenant, "urn:a", "level", std::int64_t{10});
    set(*store, kDefaultTenant, "urn:a", "level", std::int64_t{11});
    set(*store, store->tenant("harbour").value(), "urn:a", "level", std::int64_t{12});
    set(*store, kDefaultTenant, "urn:a", "name", std::int64_t{13});
    remove(*store, "urn:a");
  }
  open_followed();
  EXPECT_THAT(told, testing::ElementsAre("1 made 10", "2 11", "3harbour made 12", "4 13", "5 removed"));
  held = 3;
  {
    const auto store = open_followed();
    EXPECT_THAT(told, testing::ElementsAre("4 13", "5 removed"));
    set(*store, kDefaultTenant, "urn:a", "level", std::int64_t{14});
  }
  held = 5;
  open_followed();
  EXPECT_THAT(told, testing::ElementsAre("6 made 14"));
  held = 9;  // It was told what the disk had no time to keep.
  {
    const auto store = open_followed();
    EXPECT_TRUE(told.empty());
    set(*store, kDefaultTenant, "urn:a", "level", std::int64_t{15});
  }
  open_followed();
  EXPECT_THAT(told, testing::ElementsAre("10 15"));
}

INSTANTIATE_TEST_SUITE_P(Durable, TwinJournal, testing::Values(Durability::batched, Durability::strict));

}  // namespace
}  // namespace citiverse::twin
