// The door of the twin: what is written is found, told once and in order, and never seen half-done.
#include "twin/store.h"

#include <gtest/gtest.h>

namespace citiverse::twin {
namespace {

class TwinStore : public testing::Test {
 protected:
  EntityPtr bench(std::string id, std::int64_t seats) {
    auto entity = std::make_shared<Entity>();
    entity->id = std::move(id);
    entity->types = {store_.names().intern("https://example.org/Bench")};
    auto attribute = std::make_shared<Attribute>();
    attribute->name = seats_;
    attribute->value = seats;
    entity->put(std::move(attribute));
    return entity;
  }
  static Edit becomes(EntityPtr entity) {
    return [entity = std::move(entity)](const EntityPtr&) { return entity; };
  }

  TimeUs now_us_ = 1'000'000;
  Store store_{[this] { return now_us_; }};
  NameId seats_ = store_.names().intern("https://example.org/seats");
};

TEST_F(TwinStore, finds_what_was_written_and_nothing_else) {
  EXPECT_EQ(store_.find(kDefaultTenant, "urn:b:1"), nullptr);
  ASSERT_TRUE(store_.write(kDefaultTenant, "urn:b:1", becomes(bench("urn:b:1", 3))));
  const EntityPtr found = store_.find(kDefaultTenant, "urn:b:1");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(std::get<std::int64_t>(found->find(seats_)->value), 3);
  EXPECT_EQ(store_.size(kDefaultTenant), 1u);
}

TEST_F(TwinStore, a_tenant_does_not_see_another_ones_entities) {
  const auto other = store_.tenant("harbour");
  ASSERT_TRUE(other);
  ASSERT_TRUE(store_.write(*other, "urn:b:1", becomes(bench("urn:b:1", 3))));
  EXPECT_EQ(store_.find(kDefaultTenant, "urn:b:1"), nullptr);
  EXPECT_NE(store_.find(*other, "urn:b:1"), nullptr);
  EXPECT_FALSE(store_.tenant("../etc"));
}

TEST_F(TwinStore, an_edit_that_fails_changes_nothing_and_does_not_stop_the_others) {
  const std::vector<Write> writes = {
      {"urn:b:1", [](const EntityPtr&) -> base::Result<EntityPtr> { return base::fail(base::ErrorCode::conflict, "no"); }},
      {"urn:b:2", becomes(bench("urn:b:2", 2))}};
  const auto results = store_.write(kDefaultTenant, writes);
  ASSERT_TRUE(results);
  EXPECT_FALSE((*results)[0]);
  EXPECT_TRUE((*results)[1]);
  EXPECT_EQ(store_.find(kDefaultTenant, "urn:b:1"), nullptr);
}

TEST_F(TwinStore, tells_every_change_once_in_order_with_what_changed) {
  std::vector<Change> told;
  store_.listen([&](std::span<const Change> changes) { told.insert(told.end(), changes.begin(), changes.end()); });
  for (std::int64_t seats = 1; seats <= 100; ++seats)
    ASSERT_TRUE(store_.write(kDefaultTenant, "urn:b:1", becomes(bench("urn:b:1", seats))));
  ASSERT_TRUE(store_.write(kDefaultTenant, "urn:b:1", [](const EntityPtr& before) { return before; }));
  ASSERT_TRUE(store_.write(kDefaultTenant, "urn:b:1", becomes(nullptr)));
  store_.flush();
  ASSERT_EQ(told.size(), 101u);
  for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i].sequence, i + 1);
  EXPECT_EQ(told[0].attributes.front().what, AttributeChange::What::created);
  EXPECT_EQ(told[1].attributes.front().what, AttributeChange::What::updated);
  EXPECT_EQ(told[100].attributes.front().what, AttributeChange::What::deleted);
  EXPECT_EQ(told[100].after, nullptr);
}

TEST_F(TwinStore, a_scan_goes_in_the_order_of_creation_and_can_go_on_where_it_stopped) {
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = "urn:b:" + std::to_string(i);
    ASSERT_TRUE(store_.write(kDefaultTenant, id, becomes(bench(id, i))));
  }
  ASSERT_TRUE(store_.write(kDefaultTenant, "urn:b:5", becomes(nullptr)));
  std::vector<std::string> met;
  Slot last = 0;
  const auto take_some = [&](Slot slot, const EntityPtr& entity) {
    met.push_back(entity->id);
    last = slot;
    return met.size() % 7 != 0;
  };
  for (std::size_t before = 1; before != met.size();) {
    before = met.size();
    store_.scan(kDefaultTenant, {}, last, take_some);
  }
  ASSERT_EQ(met.size(), 9'999u);
  EXPECT_EQ(met[5], "urn:b:6");
  Narrowing by_id;
  by_id.ids = {"urn:b:9", "urn:b:3", "urn:b:3", "urn:b:5", "urn:none"};
  met.clear();
  store_.scan(kDefaultTenant, by_id, 0, [&](Slot, const EntityPtr& entity) {
    met.push_back(entity->id);
    return true;
  });
  EXPECT_EQ(met, (std::vector<std::string>{"urn:b:3", "urn:b:9"}));
}

}  // namespace
}  // namespace citiverse::twin
