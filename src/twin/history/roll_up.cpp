// Each aggregate is a column of its own: what is alike lies side by side.
#include "twin/history/roll_up.h"

#include <algorithm>
#include <cmath>

#include "twin/history/checked_bytes.h"
#include "twin/history/columns.h"

namespace citiverse::twin::history {
namespace {

template <class Value, class Member>
std::vector<Value> column_of(std::span<const Bucket> buckets, const Member& member) {
  std::vector<Value> values(buckets.size());
  std::ranges::transform(buckets, values.begin(), member);
  return values;
}

}  // namespace

void Aggregate::add(TimeUs time_us, double value) {
  if (count == 0) {
    *this = {1, value, value, value, value * value, value, value, time_us, time_us};
    return;
  }
  ++count;
  sum += value;
  sum_of_squares += value * value;
  min = std::min(min, value);
  max = std::max(max, value);
  if (time_us < first_us) {
    first_us = time_us;
    first = value;
  }
  if (time_us >= last_us) {
    last_us = time_us;
    last = value;
  }
}

void Aggregate::add(const Aggregate& other) {
  if (other.count == 0) return;
  if (count == 0) {
    *this = other;
    return;
  }
  count += other.count;
  sum += other.sum;
  sum_of_squares += other.sum_of_squares;
  min = std::min(min, other.min);
  max = std::max(max, other.max);
  if (other.first_us < first_us) {
    first_us = other.first_us;
    first = other.first;
  }
  if (other.last_us >= last_us) {
    last_us = other.last_us;
    last = other.last;
  }
}

double Aggregate::standard_deviation() const {
  if (count < 2) return 0;
  const double mean = average();
  return std::sqrt(std::max(0.0, sum_of_squares / static_cast<double>(count) - mean * mean));
}

std::string encode_buckets(std::span<const Bucket> buckets) {
  std::string out(kCheckBytes, '\0');
  ByteWriter writer(out);
  writer.unsigned_number(buckets.size());
  const auto put_whole = [&](const auto& member) { put_integers(writer, column_of<std::int64_t>(buckets, member)); };
  const auto put_number = [&](double Aggregate::* member) {
    put_numbers(writer, column_of<double>(buckets, [&](const Bucket& each) { return each.values.*member; }));
  };
  put_whole([](const Bucket& each) { return each.start_us; });
  put_whole([](const Bucket& each) { return static_cast<std::int64_t>(each.values.count); });
  put_whole([](const Bucket& each) { return each.values.first_us - each.start_us; });
  put_whole([](const Bucket& each) { return each.values.last_us - each.start_us; });
  for (const auto member :
       {&Aggregate::sum, &Aggregate::min, &Aggregate::max, &Aggregate::sum_of_squares, &Aggregate::first, &Aggregate::last})
    put_number(member);
  return with_check(std::move(out));
}

base::Result<std::vector<Bucket>> decode_buckets(std::string_view bytes) {
  const auto damaged = base::fail(base::ErrorCode::corrupt, "history: a roll-up is damaged; restore the history folder");
  if (!check_holds(bytes)) return damaged;
  ByteReader in(bytes.substr(kCheckBytes));
  const std::uint64_t count = in.unsigned_number();
  if (!in.ok() || count == 0 || count > kRollUpBucketsMax) return damaged;
  std::vector<Bucket> buckets(count);
  std::vector<std::int64_t> whole(count);
  const auto plus = [](TimeUs a, TimeUs b) {
    return static_cast<TimeUs>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  };
  const auto take_whole = [&](const auto& set) {
    take_integers(in, whole);
    for (std::size_t i = 0; i < count; ++i) set(buckets[i], whole[i]);
  };
  take_whole([](Bucket& each, std::int64_t value) { each.start_us = value; });
  take_whole([](Bucket& each, std::int64_t value) { each.values.count = static_cast<std::uint64_t>(value); });
  take_whole([&](Bucket& each, std::int64_t value) { each.values.first_us = plus(each.start_us, value); });
  take_whole([&](Bucket& each, std::int64_t value) { each.values.last_us = plus(each.start_us, value); });
  std::vector<double> numbers(count);
  for (const auto member :
       {&Aggregate::sum, &Aggregate::min, &Aggregate::max, &Aggregate::sum_of_squares, &Aggregate::first, &Aggregate::last}) {
    take_numbers(in, numbers);
    for (std::size_t i = 0; i < count; ++i) buckets[i].values.*member = numbers[i];
  }
  if (!in.ok() || !in.at_end()) return damaged;
  return buckets;
}

}  // namespace citiverse::twin::history
