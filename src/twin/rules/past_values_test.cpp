// A window that begins with what history holds.
#include "twin/rules/past_values.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "twin/rules/one_thing.h"

namespace citiverse::twin::rules {
namespace {

TEST(PastValues, are_the_numbers_of_a_series_from_a_time_on_with_what_is_simulated_in_them) {
  std::string name = (std::filesystem::temp_directory_path() / "past-values-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(name.data());
  {
    Names names;
    const DerivedTerms terms(names);
    auto history =
        history::History::open({.folder = folder, .clock = [] { return TimeUs{1'000}; }, .waits_for_disk = false}, names);
    ASSERT_TRUE(history);
    const auto keep = [&](TimeUs at_us, Value value, ValueStatus status) {
      history::Sample sample;
      sample.attribute.name = names.intern("urn:level");
      sample.attribute.observed_us = at_us;
      sample.attribute.modified_us = at_us;
      sample.attribute.value = std::move(value);
      say_of(sample.attribute, terms, status, "a sensor", "");
      ASSERT_TRUE((*history)->record({.id = "urn:a"}, {&sample, 1}));
    };
    for (const TimeUs at_us : {10, 20, 30}) keep(at_us, static_cast<double>(at_us), ValueStatus::simulated);
    keep(40, std::string("broken"), ValueStatus::raw);
    keep(50, std::int64_t{50}, ValueStatus::raw);
    const auto past = past_values_in(**history, names);
    const auto points = past("urn:a", names.intern("urn:level"), 20);
    ASSERT_EQ(points.size(), 3u);
    EXPECT_EQ(points[0].at_us, 20);
    EXPECT_EQ(points[0].value, 20);
    EXPECT_TRUE(points[0].is_simulated);
    EXPECT_EQ(points[2].value, 50);
    EXPECT_FALSE(points[2].is_simulated);
    EXPECT_TRUE(past("urn:a", names.intern("urn:other"), 0).empty());
    EXPECT_TRUE(past("urn:b", names.intern("urn:level"), 0).empty());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace citiverse::twin::rules
