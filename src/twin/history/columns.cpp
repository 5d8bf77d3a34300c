// Arithmetic here wraps around: differences of any two numbers have 64 bits again, and adding them up gives the numbers back.
#include "twin/history/columns.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "twin/history/planes.h"

namespace citiverse::twin::history {
namespace {

constexpr int kOrders = 3;      // 0: distances from the least; 1: differences; 2: differences of differences.
constexpr int kPlacesMax = 12;  // After the point.
constexpr double kWholeMax = 0x1p53;
enum NumberForm : std::uint8_t { decimals, exclusive_or };

constexpr std::array<double, kPlacesMax + 1> kPowers = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};

std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

/// The greatest number that divides all, at least 1.
std::uint64_t unit_of(std::span<const std::int64_t> values) {
  std::uint64_t unit = 0;
  for (const std::int64_t each : values) {
    unit = std::gcd(unit, magnitude(each));
    if (unit == 1) break;
  }
  return std::max<std::uint64_t>(unit, 1);
}

std::uint64_t bits_of(std::span<const std::int64_t> values, std::uint64_t unit) {
  std::uint64_t bits = 0;
  for (const std::int64_t each : values) bits += std::bit_width(magnitude(each) / unit);
  return bits + static_cast<std::uint64_t>(std::bit_width(unit));
}

std::int64_t divided(std::int64_t value, std::uint64_t unit) {
  const auto parts = static_cast<std::int64_t>(magnitude(value) / unit);
  return value < 0 ? minus(0, parts) : parts;
}

struct Differences {
  std::array<std::int64_t, 2> start{};  // The first value, or the least; the first difference.
  std::vector<std::int64_t> rest;
  std::uint64_t unit = 1;
  std::uint64_t bits = 0;
};

Differences differences(std::span<const std::int64_t> values, int order) {
  Differences out;
  if (order == 0) {
    out.start[0] = std::ranges::min(values);
    for (const std::int64_t each : values) out.rest.push_back(minus(each, out.start[0]));
  } else {
    out.start[0] = values[0];
    for (std::size_t i = 1; i < values.size(); ++i) out.rest.push_back(minus(values[i], values[i - 1]));
    if (order == 2 && !out.rest.empty()) {
      out.start[1] = out.rest[0];
      for (std::size_t i = out.rest.size() - 1; i > 0; --i) out.rest[i] = minus(out.rest[i], out.rest[i - 1]);
      out.rest.erase(out.rest.begin());
    }
  }
  out.unit = unit_of(out.rest);
  out.bits = bits_of(out.rest, out.unit);
  return out;
}

/// The decimal places that give every value back to the bit, or -1.
int places_of(std::span<const double> values, std::vector<std::int64_t>& whole) {
  int places = 0;
  whole.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    if (!(std::abs(value) < kWholeMax) || (value == 0 && std::signbit(value))) return -1;
    while (true) {
      const double scaled = std::nearbyint(value * kPowers[places]);
      if (std::abs(scaled) < kWholeMax && scaled / kPowers[places] == value) break;
      if (places == kPlacesMax) return -1;
      ++places;
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double scaled = std::nearbyint(values[i] * kPowers[places]);
    if (!(std::abs(scaled) < kWholeMax) || scaled / kPowers[places] != values[i]) return -1;
    whole[i] = static_cast<std::int64_t>(scaled);
  }
  return places;
}

}  // namespace

void put_integers(ByteWriter& out, std::span<const std::int64_t> values) {
  if (values.empty()) return;
  Differences best = differences(values, 1);
  int order = 1;
  for (const int other : {2, 0}) {
    if (best.bits <= 2) break;
    Differences candidate = differences(values, other);
    if (candidate.bits >= best.bits) continue;
    best = std::move(candidate);
    order = other;
  }
  out.byte(static_cast<std::uint8_t>(order));
  out.signed_number(best.start[0]);
  if (order == 2) out.signed_number(best.start[1]);
  out.unsigned_number(best.unit);
  std::vector<std::uint64_t> small(best.rest.size());
  std::ranges::transform(best.rest, small.begin(), [&](std::int64_t each) { return zigzag(divided(each, best.unit)); });
  put_planes(out, small);
}

void take_integers(ByteReader& in, std::span<std::int64_t> values) {
  if (values.empty()) return;
  const std::uint8_t order = in.byte();
  const auto start = static_cast<std::uint64_t>(in.signed_number());
  auto step = static_cast<std::uint64_t>(order == 2 ? in.signed_number() : 0);
  const std::uint64_t unit = in.unsigned_number();
  if (order >= kOrders) in.fail();
  const std::size_t skipped = std::min<std::size_t>(order, values.size());
  std::vector<std::uint64_t> small(values.size() - skipped);
  take_planes(in, small);
  if (!in.ok()) return;
  const auto difference = [&](std::size_t i) { return static_cast<std::uint64_t>(unzigzag(small[i])) * unit; };
  std::uint64_t value = start;
  if (order == 0) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int64_t>(start + difference(i));
    return;
  }
  values[0] = static_cast<std::int64_t>(value);
  if (order == 1) {
    for (std::size_t i = 1; i < values.size(); ++i) values[i] = static_cast<std::int64_t>(value += difference(i - 1));
    return;
  }
  if (values.size() > 1) values[1] = static_cast<std::int64_t>(value += step);
  for (std::size_t i = 2; i < values.size(); ++i) {
    step += difference(i - 2);
    values[i] = static_cast<std::int64_t>(value += step);
  }
}

void put_numbers(ByteWriter& out, std::span<const double> values) {
  std::vector<std::int64_t> whole;
  if (const int places = places_of(values, whole); places >= 0) {
    out.byte(decimals);
    out.byte(static_cast<std::uint8_t>(places));
    put_integers(out, whole);
    return;
  }
  out.byte(exclusive_or);
  std::vector<std::uint64_t> bits(values.size());
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto each = std::bit_cast<std::uint64_t>(values[i]);
    bits[i] = each ^ before;
    before = each;
  }
  put_planes(out, bits);
}

void take_numbers(ByteReader& in, std::span<double> values) {
  const std::uint8_t form = in.byte();
  if (form == decimals) {
    const std::uint8_t places = in.byte();
    if (places > kPlacesMax) in.fail();
    std::vector<std::int64_t> whole(values.size());
    take_integers(in, whole);
    if (!in.ok()) return;
    const double power = kPowers[places];
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(whole[i]) / power;
    return;
  }
  if (form != exclusive_or) in.fail();
  std::vector<std::uint64_t> bits(values.size());
  take_planes(in, bits);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::bit_cast<double>(before ^= bits[i]);
}

void put_texts(ByteWriter& out, std::span<const std::string_view> texts) {
  out.unsigned_number(texts.size());
  std::string all;
  ByteWriter writer(all);
  for (const std::string_view each : texts) writer.text(each);
  if (!texts.empty()) put_compressed(out, all);
}

std::vector<std::string> take_texts(ByteReader& in, std::size_t texts_max) {
  const std::uint64_t count = in.unsigned_number();
  if (count > texts_max) in.fail();
  if (!in.ok() || count == 0) return {};
  const std::string all = take_compressed(in, kDictionaryBytesMax);
  ByteReader reader(all);
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) texts.emplace_back(reader.text());
  if (!reader.ok() || !reader.at_end()) in.fail();
  return texts;
}

}  // namespace citiverse::twin::history
