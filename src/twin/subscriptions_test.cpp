// ETSI GS CIM 009 V1.9.1, 5.8.6 and 5.2.12: what is told, of which change, and how often.
#include "twin/subscriptions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/query/q_parser.h"

namespace citiverse::twin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Subscribed : public testing::Test {
 protected:
  void SetUp() override {
    store_.listen([this](std::span<const Change> changes) { subscriptions_.on_changes(changes); });
  }
  NameId name(std::string_view text) { return store_.names().intern(text); }
  Watch of_type(std::string_view type) {
    Watch watch;
    watch.query.selectors.resize(1);
    watch.query.selectors[0].types = *TypeSelection::parse(type, terms_);
    return watch;
  }
  void put(std::string id, std::vector<std::pair<std::string_view, double>> values, std::string_view type = "urn:Bus") {
    auto entity = std::make_shared<Entity>();
    entity->id = id;
    entity->types = {name(type)};
    for (const auto& [term, value] : values) {
      auto attribute = std::make_shared<Attribute>();
      attribute->name = name(term);
      attribute->value = value;
      entity->put(std::move(attribute));
    }
    ASSERT_TRUE(store_.write(kDefaultTenant, id, [&](const EntityPtr&) { return entity; }));
    store_.flush();
  }
  void remove(std::string id) {
    ASSERT_TRUE(store_.write(kDefaultTenant, id, [](const EntityPtr&) { return EntityPtr(); }));
    store_.flush();
  }
  // "1:urn:a" for each that was told since the last call: who, and of what.
  std::vector<std::string> told() { return std::exchange(told_, {}); }

  class Interning : public Terms {
   public:
    explicit Interning(Names& names) : names_(names) {}
    std::string expand(std::string_view term) const override { return std::string(term); }
    NameId name(std::string_view term) const override { return names_.intern(term); }

   private:
    Names& names_;
  };
  void TearDown() override { store_.flush(); }

  TimeUs steady_us_ = 1'000'000;
  TimeUs now_us_ = 0;
  std::vector<std::string> told_;
  Noticed last_;
  Store store_{[this] { return now_us_; }};
  Interning terms_{store_.names()};
  Subscriptions subscriptions_{store_, store_.names().intern("location"), [this] { return steady_us_; },
                               [this](InterestId id, std::span<const Noticed> noticed) {
                                 std::string line = std::to_string(id);
                                 if (!noticed.empty()) last_ = noticed.back();
                                 for (const Noticed& each : noticed) line += ":" + (each.after ? each.after : each.before)->id;
                                 told_.push_back(std::move(line));
                               }};
};

TEST_F(Subscribed, are_told_of_attributes_that_come_and_change_by_default) {
  ASSERT_TRUE(subscriptions_.add(of_type("urn:Bus")));
  put("urn:a", {{"urn:speed", 1}});
  EXPECT_THAT(told(), ElementsAre("1:urn:a"));
  put("urn:a", {{"urn:speed", 2}});
  EXPECT_THAT(told(), ElementsAre("1:urn:a"));
  put("urn:a", {{"urn:speed", 2}});
  EXPECT_THAT(told(), IsEmpty()) << "the same value again is no change";
  put("urn:a", {});
  EXPECT_THAT(told(), IsEmpty()) << "deleted attributes are another trigger";
  remove("urn:a");
  put("urn:t", {{"urn:speed", 1}}, "urn:Tram");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Subscribed, each_trigger_tells_of_its_own_kind_of_change) {
  const std::array<std::pair<std::uint8_t, const char*>, 6> kExpected{{{trigger::kEntityCreated, "c"},
                                                                       {trigger::kEntityUpdated, "uax"},
                                                                       {trigger::kEntityDeleted, "d"},
                                                                       {trigger::kAttributeCreated, "ca"},
                                                                       {trigger::kAttributeUpdated, "u"},
                                                                       {trigger::kAttributeDeleted, "xd"}}};
  for (const auto& [bit, expected] : kExpected) {
    Watch watch = of_type("urn:Bus");
    watch.triggers = bit;
    const auto id = subscriptions_.add(std::move(watch));
    ASSERT_TRUE(id);
    told();
    std::string seen;
    const auto step = [&](char mark) {
      if (!told().empty()) seen += mark;
    };
    put("urn:a", {{"urn:speed", 1}}), step('c');
    put("urn:a", {{"urn:speed", 2}}), step('u');
    put("urn:a", {{"urn:speed", 2}, {"urn:delay", 1}}), step('a');
    put("urn:a", {{"urn:speed", 2}}), step('x');
    remove("urn:a"), step('d');
    EXPECT_EQ(seen, expected) << int{bit};
    subscriptions_.remove(*id);
  }
}

TEST_F(Subscribed, only_watched_attributes_and_only_what_meets_the_conditions) {
  Watch watch = of_type("urn:Bus");
  watch.watched = {name("urn:speed")};
  watch.query.q = *parse_q("urn:speed>10", terms_);
  ASSERT_TRUE(subscriptions_.add(std::move(watch)));
  put("urn:a", {{"urn:speed", 5}});
  EXPECT_THAT(told(), IsEmpty());
  put("urn:a", {{"urn:speed", 20}});
  EXPECT_THAT(told(), ElementsAre("1:urn:a"));
  put("urn:a", {{"urn:speed", 20}, {"urn:delay", 1}});
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Subscribed, not_more_often_than_throttling_says_and_then_of_all_that_changed) {
  Watch watch = of_type("urn:Bus");
  watch.throttling_us = 1'000'000;
  ASSERT_TRUE(subscriptions_.add(std::move(watch)));
  put("urn:a", {{"urn:speed", 1}});
  EXPECT_THAT(told(), ElementsAre("1:urn:a"));
  put("urn:a", {{"urn:speed", 2}});
  put("urn:b", {{"urn:speed", 1}});
  put("urn:a", {{"urn:speed", 3}});
  now_us_ = -5'000'000;  // The clock on the wall jumps; throttling does not care.
  subscriptions_.tick();
  EXPECT_THAT(told(), IsEmpty());
  steady_us_ += 1'000'000;
  subscriptions_.tick();
  EXPECT_THAT(told(), ElementsAre("1:urn:a:urn:b"));
  steady_us_ += 1'000'000;
  subscriptions_.tick();
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Subscribed, by_interval_are_told_of_all_that_matches_and_of_no_change) {
  Watch watch = of_type("urn:Bus");
  watch.interval_us = 2'000'000;
  ASSERT_TRUE(subscriptions_.add(std::move(watch)));
  subscriptions_.tick();
  put("urn:a", {{"urn:speed", 1}});
  EXPECT_THAT(told(), IsEmpty());
  steady_us_ += 2'000'000;
  subscriptions_.tick();
  EXPECT_THAT(told(), ElementsAre("1:urn:a"));
  steady_us_ += 2'000'000;
  subscriptions_.tick();
  EXPECT_THAT(told(), ElementsAre("1:urn:a"));
}

TEST_F(Subscribed, are_told_once_of_a_batch_but_of_each_change_of_the_same_thing) {
  ASSERT_TRUE(subscriptions_.add(of_type("urn:Bus")));
  std::vector<Change> changes;
  for (const auto& [id, value] : std::vector<std::pair<std::string, double>>{{"urn:a", 1}, {"urn:b", 1}, {"urn:a", 2}}) {
    auto entity = std::make_shared<Entity>();
    entity->id = id;
    entity->types = {name("urn:Bus")};
    auto attribute = std::make_shared<Attribute>();
    attribute->name = name("urn:speed");
    attribute->value = value;
    entity->put(std::move(attribute));
    Change change;
    change.after = entity;
    change.attributes = {{name("urn:speed"), kNoName, AttributeChange::What::created}};
    changes.push_back(std::move(change));
  }
  subscriptions_.on_changes(changes);
  EXPECT_THAT(told(), ElementsAre("1:urn:a:urn:b", "1:urn:a"));
}

TEST_F(Subscribed, see_what_was_before_the_first_change_that_they_were_not_told_of) {
  Watch watch = of_type("urn:Bus");
  watch.throttling_us = 1'000'000;
  ASSERT_TRUE(subscriptions_.add(std::move(watch)));
  for (const double speed : {1, 2, 3}) put("urn:a", {{"urn:speed", speed}});
  told();
  steady_us_ += 1'000'000;
  subscriptions_.tick();
  ASSERT_TRUE(last_.before && last_.after);
  EXPECT_EQ(last_.before->find(name("urn:speed"))->value, Value(1.0));
  EXPECT_EQ(last_.after->find(name("urn:speed"))->value, Value(3.0));
}

TEST_F(Subscribed, of_other_tenants_are_told_nothing) {
  Watch watch = of_type("urn:Bus");
  watch.tenant = *store_.tenant("city2");
  ASSERT_TRUE(subscriptions_.add(std::move(watch)));
  put("urn:a", {{"urn:speed", 1}});
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Subscribed, each_is_found_among_thousands_of_others) {
  for (int i = 0; i < 5'000; ++i) {
    Watch watch = of_type("urn:Tram");
    watch.query.selectors[0].ids = {fmt::format("urn:tram:{}", i)};
    ASSERT_TRUE(subscriptions_.add(std::move(watch)));
  }
  put("urn:tram:7", {{"urn:speed", 1}}, "urn:Tram");
  EXPECT_THAT(told(), ElementsAre("8:urn:tram:7"));
  EXPECT_EQ(subscriptions_.size(), 5'000u);
}

TEST_F(Subscribed, end_when_they_expire) {
  Watch watch = of_type("urn:Bus");
  watch.expires_us = 100;
  ASSERT_TRUE(subscriptions_.add(std::move(watch)));
  put("urn:a", {{"urn:speed", 1}});
  EXPECT_THAT(told(), ElementsAre("1:urn:a"));
  now_us_ = 100;
  put("urn:a", {{"urn:speed", 2}});
  EXPECT_THAT(told(), IsEmpty());
}

}  // namespace
}  // namespace citiverse::twin
