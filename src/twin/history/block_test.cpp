// What goes into a column comes out to the bit, in few bytes; what is damaged is refused.
#include "twin/history/block.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "twin/history/columns.h"
#include "twin/history/roll_up.h"

namespace citiverse::twin::history {
namespace {

constexpr TimeUs kMinuteUs = 60'000'000;
constexpr TimeUs kStartUs = 1'767'225'600'000'000;  // 2026-01-01T00:00Z

void expect_integers_back(const std::vector<std::int64_t>& values) {
  std::string bytes;
  ByteWriter writer(bytes);
  put_integers(writer, values);
  std::vector<std::int64_t> back(values.size());
  ByteReader reader(bytes);
  take_integers(reader, back);
  EXPECT_TRUE(reader.ok() && reader.at_end());
  EXPECT_EQ(back, values);
}

std::string numbers_as_bytes(const std::vector<double>& values) {
  std::string bytes;
  ByteWriter writer(bytes);
  put_numbers(writer, values);
  std::vector<double> back(values.size());
  ByteReader reader(bytes);
  take_numbers(reader, back);
  EXPECT_TRUE(reader.ok() && reader.at_end());
  EXPECT_EQ(std::memcmp(back.data(), values.data(), values.size() * sizeof(double)), 0);
  return bytes;
}

/// A sensor as they are: a slow walk with noise, reported with two decimals once a minute, written some time later.
Rows typical_sensor(std::size_t count) {
  base::Random random(7);
  Rows rows;
  rows.forms = {std::string("\x01", 1)};
  double walk = 20;
  for (std::size_t i = 0; i < count; ++i) {
    walk += random.normal(0, 0.05);
    const TimeUs time = kStartUs + static_cast<TimeUs>(i) * kMinuteUs;
    rows.points.push_back({.time_us = time,
                           .recorded_us = time + 100'000 + random.below(400'000),
                           .created_us = kStartUs,
                           .instance = i + 1,
                           .number = std::round((walk + random.normal(0, 0.1)) * 100) / 100});
  }
  return rows;
}

TEST(HistoryColumns, every_integer_comes_back_also_at_the_ends_of_the_range) {
  expect_integers_back({0});
  expect_integers_back({INT64_MIN, INT64_MAX, INT64_MIN, 0, -1, INT64_MAX});
  expect_integers_back({INT64_MIN, INT64_MIN});
  expect_integers_back({5, 5, 5, 5, 5});
  expect_integers_back({10, 20, 30, 45, 60});
  base::Random random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> values(1 + random.below(300));
    const int shift = static_cast<int>(random.below(64));
    for (auto& each : values) each = static_cast<std::int64_t>(random.next()) >> shift;
    expect_integers_back(values);
  }
}

TEST(HistoryColumns, every_number_comes_back_to_the_bit) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const auto& values : std::vector<std::vector<double>>{{0.1, 0.2, 0.30000000000000004},
                                                             {-0.0, 0.0},
                                                             {inf, -inf, std::numeric_limits<double>::quiet_NaN()},
                                                             {std::numeric_limits<double>::denorm_min(), 1e308, -1e308},
                                                             {21.5, 22, -3.25, 1e15},
                                                             {9007199254740991.0, 0.000000000001},
                                                             {3.141592653589793, 2.718281828459045}})
    numbers_as_bytes(values);
}

TEST(HistoryColumns, decimals_take_fewer_bytes_than_their_digits) {
  const Rows sensor = typical_sensor(4096);
  std::vector<double> values;
  for (const Point& each : sensor.points) values.push_back(each.number);
  EXPECT_LT(numbers_as_bytes(values).size(), values.size() * 3 / 2);
}

TEST(HistoryBlock, a_typical_sensor_takes_at_most_four_bytes_a_value_with_all_that_is_said_of_it) {
  const Rows sensor = typical_sensor(kBlockPointsMax);
  EXPECT_LE(encode_block(sensor.points, sensor).size(), 4 * sensor.points.size());
}

TEST(HistoryBlock, points_come_back_with_values_of_every_kind) {
  Rows rows = typical_sensor(100);
  rows.texts = {"first", "second", ""};
  rows.forms.emplace_back("\x03unit", 5);
  rows.points[5].text = 2;
  rows.points[6].text = 1;
  rows.points[7].text = 3;
  for (const int i : {5, 6, 7}) rows.points[static_cast<std::size_t>(i)].number = 0;
  rows.points[9].form = 1;
  rows.points[9].recorded_us = INT64_MAX;
  Rows back;
  ASSERT_TRUE(decode_block(encode_block(rows.points, rows), Part::all, back));
  ASSERT_EQ(back.points.size(), rows.points.size());
  for (std::size_t i = 0; i < rows.points.size(); ++i) {
    const Point& was = rows.points[i];
    const Point& is = back.points[i];
    EXPECT_EQ(is.time_us, was.time_us);
    EXPECT_EQ(is.recorded_us, was.recorded_us);
    EXPECT_EQ(is.created_us, was.created_us);
    EXPECT_EQ(is.instance, was.instance);
    EXPECT_EQ(is.number, was.number);
    EXPECT_EQ(back.forms[is.form], rows.forms[was.form]);
    EXPECT_EQ(is.text == 0, was.text == 0);
    if (is.text != 0) {
      EXPECT_EQ(back.texts[is.text - 1], rows.texts[was.text - 1]);
    }
  }
}

TEST(HistoryBlock, points_that_were_created_when_they_were_recorded_say_so_in_no_bytes) {
  Rows sensor = typical_sensor(1000);
  const std::size_t with_one_time = encode_block(sensor.points, sensor).size();
  for (Point& each : sensor.points) each.created_us = each.recorded_us;
  const std::string bytes = encode_block(sensor.points, sensor);
  EXPECT_LE(bytes.size(), with_one_time);
  Rows back;
  ASSERT_TRUE(decode_block(bytes, Part::all, back));
  EXPECT_EQ(back.points, sensor.points);
}

TEST(HistoryBlock, a_second_block_appends_to_what_was_read_of_the_first) {
  Rows rows;
  rows.forms = {std::string(1, '\0')};
  rows.texts = {"free", "taken"};
  rows.points = {{.time_us = 1, .instance = 1, .text = 1}, {.time_us = 2, .instance = 2, .text = 2}};
  const std::string bytes = encode_block(rows.points, rows);
  Rows back;
  ASSERT_TRUE(decode_block(bytes, Part::all, back));
  ASSERT_TRUE(decode_block(bytes, Part::all, back));
  ASSERT_EQ(back.points.size(), 4u);
  EXPECT_EQ(back.texts[back.points[3].text - 1], "taken");
}

TEST(HistoryBlock, a_changed_byte_is_found_wherever_it_is) {
  const Rows sensor = typical_sensor(50);
  const std::string good = encode_block(sensor.points, sensor);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    Rows rows;
    const auto read = decode_block(bad, Part::all, rows);
    ASSERT_FALSE(read) << i;
    EXPECT_EQ(read.error().code, base::ErrorCode::corrupt);
  }
  Rows rows;
  EXPECT_FALSE(decode_block("", Part::all, rows));
  EXPECT_FALSE(decode_block(good.substr(0, good.size() / 2), Part::all, rows));
}

TEST(HistoryRollUp, adding_parts_in_any_order_gives_what_adding_values_gives) {
  base::Random random(11);
  Aggregate whole;
  std::vector<Aggregate> parts(5);
  for (int i = 0; i < 1000; ++i) {
    const double value = std::round(random.uniform(-50, 50) * 10) / 10;
    whole.add(i, value);
    parts[random.below(5)].add(i, value);
  }
  Aggregate sum;
  for (const int i : {3, 0, 4, 1, 2}) sum.add(parts[static_cast<std::size_t>(i)]);
  EXPECT_EQ(sum.count, whole.count);
  EXPECT_NEAR(sum.sum, whole.sum, kSumErrorRelative * 1000 * 50);
  EXPECT_EQ(sum.min, whole.min);
  EXPECT_EQ(sum.max, whole.max);
  EXPECT_EQ(sum.first, whole.first);
  EXPECT_EQ(sum.last, whole.last);
  EXPECT_NEAR(sum.standard_deviation(), whole.standard_deviation(), 1e-9);
}

TEST(HistoryRollUp, the_standard_deviation_is_that_of_the_textbook) {
  Aggregate eight;  // Mean 5, deviation 2 of the whole population.
  TimeUs time = 0;
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) eight.add(time++, value);
  EXPECT_EQ(eight.average(), 5);
  EXPECT_EQ(eight.standard_deviation(), 2);
}

TEST(HistoryRollUp, buckets_come_back_and_damage_is_found) {
  std::vector<Bucket> buckets(30);
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    buckets[i].start_us = kStartUs + static_cast<TimeUs>(i) * 60 * kMinuteUs;
    for (int k = 0; k < 60; ++k) buckets[i].values.add(buckets[i].start_us + k * kMinuteUs, 0.1 * k + static_cast<double>(i));
  }
  const std::string bytes = encode_buckets(buckets);
  EXPECT_EQ(*decode_buckets(bytes), buckets);
  std::string bad = bytes;
  bad[bytes.size() / 2] = static_cast<char>(bad[bytes.size() / 2] ^ 1);
  EXPECT_FALSE(decode_buckets(bad));
}

TEST(HistoryRollUp, steps_before_the_origin_begin_where_those_after_it_do) {
  EXPECT_EQ(step_start(-1, 0, 10), -10);
  EXPECT_EQ(step_start(-10, 0, 10), -10);
  EXPECT_EQ(step_start(9, 0, 10), 0);
  EXPECT_EQ(step_start(9, 5, 10), 5);
}

}  // namespace
}  // namespace citiverse::twin::history
