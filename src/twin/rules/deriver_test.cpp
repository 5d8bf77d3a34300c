// Rules at work on a store: what changes is derived, labelled, and never derived from itself.
#include "twin/rules/deriver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/rules/one_thing.h"

namespace citiverse::twin::rules {
namespace {

constexpr TimeUs kMinute = 60'000'000;

class Derivers : public testing::Test {
 protected:
  NameId name(std::string_view text) { return store_.names().intern(text); }

  void derive(std::vector<Rule> rules, PastValues past = {}) {
    deriver_ = std::make_unique<Deriver>(store_, std::move(rules), std::move(past));
    store_.listen([this](std::span<const Change> changes) { deriver_->on_changes(changes); });
    settle();
  }
  void settle() {
    do store_.flush();
    while (deriver_->work());
  }
  void put(const std::string& id, std::string_view attribute, Value value, TimeUs at_us, std::string_view unit = "",
           ValueStatus status = ValueStatus::raw) {
    Report report{.id = id, .type = type_, .attributes = {}, .expires_us = expires_us_};
    Attribute& said = report.attributes.emplace_back();
    said.name = name(attribute);
    said.value = std::move(value);
    said.unit = name(unit);
    said.observed_us = at_us;
    say_of(said, terms_, status, "a sensor", "");
    std::vector<Report> reports;
    reports.push_back(std::move(report));
    const ReportWrites writes(std::move(reports), now_us_);
    ASSERT_TRUE(store_.write(kDefaultTenant, writes.writes()));
    if (deriver_) settle();
  }
  void put_at(const std::string& id, double lon, TimeUs at_us) {
    put(id, "https://uri.etsi.org/ngsi-ld/location",
        Json{R"({"type":"Point","coordinates":[)" + std::to_string(lon) + ",0.5]}"}, at_us);
  }
  void remove(const std::string& id) {
    ASSERT_TRUE(store_.write(kDefaultTenant, id, [](const EntityPtr&) { return EntityPtr(); }));
    settle();
  }
  const Attribute* found(const std::string& id, std::string_view attribute) {
    kept_.push_back(store_.find(kDefaultTenant, id));
    return kept_.back() == nullptr ? nullptr : kept_.back()->find(name(attribute));
  }
  Value value(const std::string& id, std::string_view attribute) {
    const Attribute* there = found(id, attribute);
    return there == nullptr ? Value() : there->value;
  }
  Rule rule(std::string rule_name, decltype(Rule::how) how, std::string_view becomes) {
    return {.name = std::move(rule_name), .title = "", .type = type_, .how = std::move(how), .becomes = name(becomes)};
  }
  Rule mean(std::string rule_name, std::string_view of, std::string_view becomes) {
    return rule(std::move(rule_name), RollingMean{.of = name(of), .over_us = 60 * kMinute}, becomes);
  }
  Rule loud(double limit, double clears) {
    return rule("loud", Threshold{.of = name("level"), .is_above = true, .limit = limit, .clears = clears}, "isLoud");
  }
  Rule in_squares() {
    Count count{.where = kNoName, .is = "", .per = "", .area_type = name("Square"), .areas = {}};
    for (const double west : {0.0, 1.0}) {
      CountedArea& area = count.areas.emplace_back();
      area.id = west == 0 ? "urn:square:west" : "urn:square:east";
      area.name = "A square";
      area.rings = {{{west, 0}, {west + 1, 0}, {west + 1, 1}, {west, 1}}};
      area.bound();
    }
    return rule("here", std::move(count), "thingCount");
  }

  TimeUs now_us_ = 1'000 * kMinute;
  TimeUs expires_us_ = kNoTime;
  std::unique_ptr<Deriver> deriver_;  // Outlives the store's thread, which tells it.
  Store store_{[this] { return now_us_; }};
  DerivedTerms terms_{store_.names()};
  NameId type_ = store_.names().intern("urn:Sensor");
  std::vector<EntityPtr> kept_;
};

TEST_F(Derivers, say_what_a_value_is_derived_from_and_by_which_rule) {
  derive({rule("heat", HeatIndex{name("t"), name("rh")}, "heatIndex")});
  put("urn:a", "t", 32.0, 100, "CEL");
  EXPECT_EQ(found("urn:a", "heatIndex"), nullptr);
  put("urn:a", "rh", 0.7, 200);
  const Attribute* index = found("urn:a", "heatIndex");
  ASSERT_NE(index, nullptr);
  EXPECT_NEAR(std::get<double>(index->value), 40.4, 0.2);  // 90 °F and 70 %: 105 °F on the chart.
  EXPECT_EQ(index->observed_us, 200);
  EXPECT_EQ(index->unit, terms_.celsius);
  EXPECT_EQ(saying_of(*index, terms_.status), "derived");
  EXPECT_EQ(saying_of(*index, terms_.source), "rule heat");
  EXPECT_EQ(saying_of(*index, terms_.rule), "heat");
  EXPECT_EQ(saying_of(*index, terms_.basis), "");
}

TEST_F(Derivers, keep_saying_what_is_simulated_through_a_chain_of_rules) {
  derive({mean("mean", "t", "tMean"), rule("heat", HeatIndex{name("tMean"), name("rh")}, "heatIndex")});
  put("urn:a", "t", 30.0, 100, "CEL", ValueStatus::simulated);
  put("urn:a", "rh", 50.0, 100, "P1");
  const Attribute* index = found("urn:a", "heatIndex");
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(saying_of(*index, terms_.status), "derived");
  EXPECT_EQ(saying_of(*index, terms_.basis), "simulated");
}

TEST_F(Derivers, take_a_value_away_when_it_can_no_longer_be_derived) {
  derive({rule("heat", HeatIndex{name("t"), name("rh")}, "heatIndex")});
  put("urn:a", "t", 32.0, 100, "CEL");
  put("urn:a", "rh", 50.0, 100, "P1");
  ASSERT_NE(found("urn:a", "heatIndex"), nullptr);
  put("urn:a", "t", 10.0, 200, "CEL");
  EXPECT_EQ(found("urn:a", "heatIndex"), nullptr);
  put("urn:a", "t", 90.0, 300, "FAH");
  ASSERT_NE(found("urn:a", "heatIndex"), nullptr);
  put("urn:a", "t", 32.0, 400, "furlong");
  EXPECT_EQ(found("urn:a", "heatIndex"), nullptr);
}

TEST_F(Derivers, give_the_worst_band_of_the_pollutants_that_are_there_and_of_the_same_hour) {
  AirQuality air;
  air.pollutants = {name("pm25"), name("pm10"), name("no2"), name("o3"), kNoName};
  air.at_least = 2;
  derive({rule("air", air, "airQualityIndex")});
  put("urn:a", "pm25", 60.0, 100 * kMinute, "GQ");
  EXPECT_EQ(found("urn:a", "airQualityIndex"), nullptr);
  put("urn:a", "no2", 0.02, 110 * kMinute, "GP");  // 20 µg/m³
  EXPECT_EQ(value("urn:a", "airQualityIndex"), Value(std::int64_t{4}));
  EXPECT_EQ(saying_of(*found("urn:a", "airQualityIndex"), terms_.quality), "of pm25, no2; worst pm25");
  put("urn:a", "o3", std::int64_t{50}, 165 * kMinute);
  EXPECT_EQ(value("urn:a", "airQualityIndex"), Value(std::int64_t{2}));  // pm25 is more than an hour older.
}

TEST_F(Derivers, hold_a_threshold_until_it_clears) {
  derive({loud(65, 60)});
  std::vector<bool> said;
  for (const double level : {64.0, 66.0, 63.0, 60.5, 60.0, 64.0}) {
    put("urn:a", "level", level, ++now_us_);
    said.push_back(std::get<bool>(value("urn:a", "isLoud")));
  }
  EXPECT_THAT(said, testing::ElementsAre(false, true, true, true, false, false));
}

TEST_F(Derivers, go_on_after_a_restart_where_the_last_ended) {
  put("urn:a", "level", 66.0, 1);
  put("urn:a", "t", 20.0, 50 * kMinute);
  derive({loud(65, 60)});
  EXPECT_EQ(value("urn:a", "isLoud"), Value(true));
  put("urn:a", "level", 63.0, 2);
  Deriver again(store_, {loud(65, 60), mean("mean", "t", "tMean")}, [](const std::string& id, NameId, TimeUs from_us) {
    EXPECT_EQ(id, "urn:a");
    EXPECT_EQ(from_us, -10 * kMinute);
    return std::vector<WindowPoint>{{20 * kMinute, 10, false}};
  });
  EXPECT_TRUE(again.work());
  EXPECT_EQ(value("urn:a", "isLoud"), Value(true));
  EXPECT_EQ(value("urn:a", "tMean"), Value(15.0));
}

TEST_F(Derivers, let_late_values_into_a_mean_and_write_each_answer_to_the_past_that_it_is_of) {
  derive({mean("mean", "t", "tMean")});
  put("urn:a", "t", 10.0, 100 * kMinute, "CEL");
  put("urn:a", "t", 20.0, 80 * kMinute, "CEL");
  const Attribute* average = found("urn:a", "tMean");
  ASSERT_NE(average, nullptr);
  EXPECT_EQ(average->value, Value(15.0));
  EXPECT_EQ(average->observed_us, 100 * kMinute);
  EXPECT_EQ(saying_of(*average, terms_.quality), "2 values");
}

TEST_F(Derivers, count_things_in_areas_that_they_make_and_forget_those_that_go_or_expire) {
  derive({in_squares()});
  EXPECT_EQ(value("urn:square:west", "thingCount"), Value(std::int64_t{0}));
  put_at("urn:a", 0.5, now_us_);
  put_at("urn:b", 0.7, now_us_);
  EXPECT_EQ(value("urn:square:west", "thingCount"), Value(std::int64_t{2}));
  put_at("urn:a", 1.5, ++now_us_);
  EXPECT_EQ(value("urn:square:west", "thingCount"), Value(std::int64_t{1}));
  EXPECT_EQ(value("urn:square:east", "thingCount"), Value(std::int64_t{1}));
  EXPECT_EQ(found("urn:square:east", "thingCount")->observed_us, now_us_);
  EXPECT_NE(found("urn:square:east", "https://uri.etsi.org/ngsi-ld/location"), nullptr);
  remove("urn:a");
  EXPECT_EQ(value("urn:square:east", "thingCount"), Value(std::int64_t{0}));
  expires_us_ = now_us_ + kMinute;
  put_at("urn:c", 0.2, ++now_us_);
  EXPECT_EQ(value("urn:square:west", "thingCount"), Value(std::int64_t{2}));
  now_us_ += kMinute;
  EXPECT_TRUE(deriver_->work());
  EXPECT_EQ(value("urn:square:west", "thingCount"), Value(std::int64_t{1}));
}

TEST_F(Derivers, say_a_count_that_stays_again_when_something_was_heard) {
  derive({in_squares()});
  put_at("urn:a", 0.5, now_us_);
  const TimeUs first_us = now_us_;
  now_us_ += Deriver::kCountAgeUsMax / 2;
  put_at("urn:a", 0.6, now_us_);
  EXPECT_EQ(found("urn:square:west", "thingCount")->observed_us, first_us);
  now_us_ += Deriver::kCountAgeUsMax;
  put_at("urn:a", 0.7, now_us_);
  EXPECT_EQ(found("urn:square:west", "thingCount")->observed_us, now_us_);
  EXPECT_EQ(found("urn:square:east", "thingCount")->observed_us, now_us_);
}

TEST_F(Derivers, never_make_a_thing_again_nor_overwrite_what_somebody_measured) {
  derive({loud(65, 60)});
  put("urn:a", "isLoud", std::string("ask the neighbours"), 1);
  put("urn:a", "level", 70.0, 2);
  EXPECT_EQ(value("urn:a", "isLoud"), Value(std::string("ask the neighbours")));
  EXPECT_EQ(deriver_->figures().conflicts, 2u);  // Each report is two writes.
  // It goes between the change and the answer to it.
  std::vector<Report> reports{{.id = "urn:b", .type = type_, .attributes = {}}};
  reports[0].attributes.emplace_back().name = name("level");
  reports[0].attributes[0].value = 70.0;
  const ReportWrites writes(std::move(reports), now_us_);
  ASSERT_TRUE(store_.write(kDefaultTenant, writes.writes()));
  ASSERT_TRUE(store_.write(kDefaultTenant, "urn:b", [](const EntityPtr&) { return EntityPtr(); }));
  settle();
  EXPECT_EQ(store_.find(kDefaultTenant, "urn:b"), nullptr);
}

TEST_F(Derivers, take_away_what_rules_of_the_past_have_left) {
  derive({loud(65, 60)});
  put("urn:a", "level", 70.0, 2);
  ASSERT_NE(found("urn:a", "isLoud"), nullptr);
  Deriver none(store_, {});
  EXPECT_TRUE(none.work());
  EXPECT_EQ(found("urn:a", "isLoud"), nullptr);
  EXPECT_NE(found("urn:a", "level"), nullptr);
}

TEST_F(Derivers, do_nothing_for_changes_that_concern_no_rule) {
  derive({loud(65, 60)});
  put("urn:a", "level", 70.0, 2);
  const auto before = deriver_->figures().written.load();
  put("urn:a", "other", 70.0, 3);
  type_ = name("urn:Other");
  put("urn:b", "level", 70.0, 3);
  EXPECT_EQ(deriver_->figures().written, before);
  EXPECT_EQ(found("urn:b", "isLoud"), nullptr);
}

}  // namespace
}  // namespace citiverse::twin::rules
