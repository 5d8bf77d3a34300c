// ETSI GS CIM 009 V1.9.1, 4.22: what was to last for a while is gone afterwards, and nothing else is.
#include "twin/expiry.h"

#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::twin {
namespace {

using testing::ElementsAre;

class Transient : public testing::Test {
 protected:
  void SetUp() override {
    store_.listen([this](std::span<const Change> changes) {
      expiry_.on_changes(changes);
      for (const Change& each : changes) told_.push_back(each.after == nullptr ? "-" + each.before->id : "+" + each.after->id);
    });
  }
  void TearDown() override { store_.flush(); }
  NameId name(std::string_view text) { return store_.names().intern(text); }
  AttributePtr attribute(std::string_view text, TimeUs expires_us, std::vector<Attribute> about = {}) {
    Attribute made;
    made.name = name(text);
    made.value = 1.0;
    made.expires_us = expires_us;
    made.about = std::move(about);
    return std::make_shared<const Attribute>(std::move(made));
  }
  void put(std::string id, TimeUs expires_us, std::vector<AttributePtr> attributes = {}, TenantId tenant = kDefaultTenant) {
    auto entity = std::make_shared<Entity>();
    entity->id = id;
    entity->types = {name("urn:T")};
    entity->expires_us = expires_us;
    for (AttributePtr& each : attributes) entity->put(std::move(each));
    ASSERT_TRUE(store_.write(tenant, id, [&](const EntityPtr&) { return entity; }));
    store_.flush();
  }
  std::size_t sweep_at(TimeUs now_us) {
    now_us_ = now_us;
    const std::size_t swept = expiry_.sweep();
    store_.flush();
    return swept;
  }
  std::vector<std::string> told() { return std::exchange(told_, {}); }

  std::atomic<TimeUs> now_us_ = 0;
  Store store_{[this] { return now_us_.load(); }};
  Expiry expiry_{store_};
  std::vector<std::string> told_;
};

TEST_F(Transient, an_entity_goes_when_its_time_has_come_and_subscribers_can_know_it) {
  put("urn:a", 100);
  put("urn:b", 200);
  put("urn:c", kNoTime);
  told();
  EXPECT_EQ(sweep_at(99), 0u);
  EXPECT_EQ(sweep_at(100), 1u);
  EXPECT_THAT(told(), ElementsAre("-urn:a"));
  EXPECT_EQ(sweep_at(1'000), 1u);
  EXPECT_THAT(told(), ElementsAre("-urn:b"));
  EXPECT_NE(store_.find(kDefaultTenant, "urn:c"), nullptr);
  EXPECT_EQ(expiry_.waiting(), 0u);
}

TEST_F(Transient, attributes_and_what_is_said_of_them_go_and_their_entity_stays) {
  put("urn:a", kNoTime,
      {attribute("x", 100), attribute("y", kNoTime, {*attribute("z", 200), *attribute("w", kNoTime)}),
       attribute("v", kNoTime)});
  EXPECT_EQ(sweep_at(100), 1u);
  EXPECT_EQ(store_.find(kDefaultTenant, "urn:a")->find(name("x")), nullptr);
  EXPECT_EQ(store_.find(kDefaultTenant, "urn:a")->modified_us, 100);
  EXPECT_EQ(store_.find(kDefaultTenant, "urn:a")->find(name("y"))->about.size(), 2u);
  EXPECT_EQ(sweep_at(200), 1u);
  const auto left = store_.find(kDefaultTenant, "urn:a");
  ASSERT_EQ(left->attributes.size(), 2u);
  ASSERT_EQ(left->find(name("y"))->about.size(), 1u);
  EXPECT_EQ(left->find(name("y"))->about[0].name, name("w"));
  EXPECT_EQ(expiry_.waiting(), 0u);
}

TEST_F(Transient, what_was_put_off_stays_and_what_was_brought_forward_goes) {
  put("urn:a", 100);
  put("urn:a", 300);
  put("urn:b", 300);
  put("urn:b", 100);
  EXPECT_EQ(expiry_.waiting(), 2u) << "one entry a thing";
  told();
  EXPECT_EQ(sweep_at(100), 1u);
  EXPECT_THAT(told(), ElementsAre("-urn:b"));
  EXPECT_EQ(sweep_at(300), 1u);
  EXPECT_THAT(told(), ElementsAre("-urn:a"));
}

TEST_F(Transient, what_the_store_held_before_is_swept_as_well_in_every_tenant) {
  const auto tenant = *store_.tenant("other");
  put("urn:a", 100);
  put("urn:a", 100, {}, tenant);
  Expiry later(store_);
  later.load();
  EXPECT_EQ(later.waiting(), 2u);
  now_us_ = 100;
  EXPECT_EQ(later.sweep(), 2u);
  EXPECT_EQ(store_.size(kDefaultTenant) + store_.size(tenant), 0u);
}

TEST_F(Transient, more_than_is_swept_at_once_goes_in_one_sweep) {
  for (std::size_t i = 0; i < Expiry::kSweptAtOnceMax + 10; ++i) put("urn:" + std::to_string(i), 100);
  EXPECT_EQ(sweep_at(100), Expiry::kSweptAtOnceMax + 10);
  EXPECT_EQ(store_.size(kDefaultTenant), 0u);
}

TEST_F(Transient, what_is_left_shares_what_did_not_expire) {
  put("urn:a", kNoTime, {attribute("x", 100), attribute("y", kNoTime)});
  const auto before = store_.find(kDefaultTenant, "urn:a");
  EXPECT_EQ(without_expired(before, 99), before);
  const auto left = without_expired(before, 100);
  EXPECT_EQ(left->find(name("y")), before->find(name("y")));
  EXPECT_EQ(without_expired(nullptr, 100), nullptr);
}

}  // namespace
}  // namespace citiverse::twin
