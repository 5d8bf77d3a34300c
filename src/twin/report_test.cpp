// What doors report becomes the present, and what comes late becomes the past.
#include "twin/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::twin {
namespace {

using testing::ElementsAre;

class Reports : public testing::Test {
 protected:
  Report report(std::int64_t level, TimeUs observed_us) {
    Report report{.id = "urn:n:1", .type = store_.names().intern("urn:t"), .attributes = {}};
    Attribute& attribute = report.attributes.emplace_back();
    attribute.name = level_;
    attribute.value = level;
    attribute.observed_us = observed_us;
    say_of(attribute, terms_, ValueStatus::raw, "a sensor", "good");
    return report;
  }
  void write(std::vector<Report> reports) {
    const ReportWrites writes(std::move(reports), now_us_);
    const auto written = store_.write(kDefaultTenant, writes.writes());
    ASSERT_TRUE(written);
    for (const auto& each : *written) EXPECT_TRUE(each);
  }
  const Attribute& now() { return *(entity_ = store_.find(kDefaultTenant, "urn:n:1"))->find(level_); }

  TimeUs now_us_ = 1'000;
  Store store_{[this] { return now_us_; }};
  ReportTerms terms_{store_.names()};
  NameId level_ = store_.names().intern("urn:level");
  EntityPtr entity_;
};

TEST_F(Reports, say_value_status_source_and_quality) {
  write({report(7, 10)});
  EXPECT_EQ(now().value, Value(std::int64_t{7}));
  EXPECT_EQ(now().about.size(), 3u);
  for (const auto& [name, text] : {std::pair(terms_.status, "raw"), {terms_.source, "a sensor"}, {terms_.quality, "good"}})
    EXPECT_EQ(std::ranges::find(now().about, name, &Attribute::name)->value, Value(std::string(text)));
}

TEST_F(Reports, that_come_late_are_told_and_do_not_stand_for_the_present) {
  std::vector<std::int64_t> told;
  store_.listen([&](std::span<const Change> changes) {
    for (const Change& each : changes) told.push_back(std::get<std::int64_t>(each.after->find(level_)->value));
  });
  write({report(7, 10), report(5, 5), report(9, 20)});
  store_.flush();
  EXPECT_THAT(told, ElementsAre(7, 5, 7, 9));
  EXPECT_EQ(now().observed_us, 20);
}

TEST_F(Reports, that_come_twice_change_nothing) {
  write({report(7, 10)});
  const auto before = store_.find(kDefaultTenant, "urn:n:1");
  now_us_ = 2'000;
  write({report(7, 10)});
  EXPECT_EQ(store_.find(kDefaultTenant, "urn:n:1"), before);
}

TEST_F(Reports, begin_anew_what_has_expired) {
  Report first = report(7, 10);
  first.expires_us = 1'500;
  write({first});
  now_us_ = 2'000;
  write({report(3, 5)});
  EXPECT_EQ(now().value, Value(std::int64_t{3}));
  EXPECT_EQ(entity_->created_us, 2'000);
  EXPECT_EQ(entity_->expires_us, kNoTime);
}

}  // namespace
}  // namespace citiverse::twin
