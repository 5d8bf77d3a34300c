// Columns one after another, each with its length, those that charts read first.
#include "twin/history/block.h"

#include <algorithm>
#include <unordered_map>

#include "base/check.h"
#include "twin/history/checked_bytes.h"
#include "twin/history/columns.h"
#include "twin/history/planes.h"

namespace citiverse::twin::history {
namespace {

constexpr std::size_t kDictionaryEntriesMax = kColumnValuesMax;

std::unexpected<base::Error> damaged() {
  return base::fail(base::ErrorCode::corrupt, "history: a block is damaged; restore the history folder from a backup");
}

/// Places in a block's own dictionary, in the order of first use.
class Renumbering {
 public:
  explicit Renumbering(const std::vector<std::string>& texts) : texts_(texts) {}
  std::int64_t place(std::uint32_t from) {
    if (from == last_) return last_place_;
    const auto [at, is_new] = by_text_.try_emplace(texts_[from], static_cast<std::int64_t>(used_.size()));
    if (is_new) used_.push_back(texts_[from]);
    last_ = from;
    return last_place_ = at->second;
  }
  std::span<const std::string_view> used() const { return used_; }

 private:
  const std::vector<std::string>& texts_;
  std::unordered_map<std::string_view, std::int64_t> by_text_;
  std::vector<std::string_view> used_;
  std::uint32_t last_ = UINT32_MAX;
  std::int64_t last_place_ = 0;
};

template <class Column>
void put_column(std::string& out, const Column& put) {
  std::string bytes;
  ByteWriter writer(bytes);
  put(writer);
  ByteWriter(out).text(bytes);
}

template <class Member>
void put_integer_column(std::string& out, std::span<const Point> points, const Member& member) {
  std::vector<std::int64_t> values(points.size());
  std::ranges::transform(points, values.begin(), member);
  put_column(out, [&](ByteWriter& writer) { put_integers(writer, values); });
}

std::vector<std::int64_t> integer_column(ByteReader& in, std::size_t count) {
  std::vector<std::int64_t> values(count);
  ByteReader column(in.text());
  take_integers(column, values);
  if (!column.ok() || !column.at_end()) in.fail();
  return values;
}

/// Fills in times, texts (1 + place, or 0) and numbers. False when damaged.
bool take_values(ByteReader& in, std::span<Point> points) {
  const auto times = integer_column(in, points.size());
  const auto texts = integer_column(in, points.size());
  if (!in.ok()) return false;
  const auto numbers_of = static_cast<std::size_t>(std::ranges::count(texts, 0));
  std::vector<double> numbers(numbers_of);
  ByteReader column(in.text());
  if (numbers_of > 0) take_numbers(column, numbers);
  if (!in.ok() || !column.ok() || !column.at_end()) return false;
  auto number = numbers.begin();
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (texts[i] < 0 || texts[i] > static_cast<std::int64_t>(kDictionaryEntriesMax)) return false;
    if (i > 0 && times[i] <= times[i - 1]) return false;
    points[i].time_us = times[i];
    points[i].text = static_cast<std::uint32_t>(texts[i]);
    if (texts[i] == 0) points[i].number = *number++;
  }
  return true;
}

bool take_rest(ByteReader& in, std::size_t first, Rows& rows) {
  const std::span points = std::span(rows.points).subspan(first);
  const auto instances = integer_column(in, points.size());
  const auto recorded = integer_column(in, points.size());
  std::vector<std::int64_t> created(points.size());
  ByteReader created_column(in.text());
  const bool is_created_as_recorded = created_column.at_end();
  if (!is_created_as_recorded) take_integers(created_column, created);
  if (!created_column.ok() || !created_column.at_end()) in.fail();
  const auto forms = integer_column(in, points.size());
  const auto dictionary = [&] {
    ByteReader column(in.text());
    auto texts = take_texts(column, kDictionaryEntriesMax);
    if (!column.ok() || !column.at_end()) in.fail();
    return texts;
  };
  auto texts = dictionary();
  auto shapes = dictionary();
  if (!in.ok() || !in.at_end()) return false;
  const auto texts_before = static_cast<std::uint32_t>(rows.texts.size());
  const auto forms_before = static_cast<std::uint32_t>(rows.forms.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    Point& point = points[i];
    if (point.text > texts.size() || forms[i] < 0 || forms[i] >= static_cast<std::int64_t>(shapes.size())) return false;
    point.instance = static_cast<std::uint64_t>(instances[i]);
    point.recorded_us =
        static_cast<TimeUs>(static_cast<std::uint64_t>(recorded[i]) + static_cast<std::uint64_t>(point.time_us));
    point.created_us = is_created_as_recorded ? point.recorded_us : created[i];
    point.form = static_cast<std::uint32_t>(forms[i]) + forms_before;
    if (point.text != 0) point.text += texts_before;
  }
  if (std::ranges::any_of(shapes, &std::string::empty)) return false;
  std::ranges::move(texts, std::back_inserter(rows.texts));
  std::ranges::move(shapes, std::back_inserter(rows.forms));
  return true;
}

}  // namespace

std::string encode_block(std::span<const Point> points, const Dictionaries& dictionaries) {
  CITIVERSE_CHECK(!points.empty() && points.size() <= kBlockPointsMax, "a block holds 1 to kBlockPointsMax points");
  std::string out(kCheckBytes, '\0');
  ByteWriter(out).unsigned_number(points.size());
  Renumbering texts(dictionaries.texts);
  Renumbering forms(dictionaries.forms);
  std::vector<double> numbers;
  for (const Point& point : points)
    if (point.text == 0) numbers.push_back(point.number);
  put_integer_column(out, points, [](const Point& each) { return each.time_us; });
  put_integer_column(out, points, [&](const Point& each) { return each.text == 0 ? 0 : texts.place(each.text - 1) + 1; });
  put_column(out, [&](ByteWriter& writer) {
    if (!numbers.empty()) put_numbers(writer, numbers);
  });
  put_integer_column(out, points, [](const Point& each) { return static_cast<std::int64_t>(each.instance); });
  put_integer_column(out, points, [](const Point& each) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(each.recorded_us) - static_cast<std::uint64_t>(each.time_us));
  });
  if (std::ranges::all_of(points, [](const Point& each) { return each.created_us == each.recorded_us; }))
    put_column(out, [](ByteWriter&) {});  // Written once and for all, as instances that were posted are.
  else
    put_integer_column(out, points, [](const Point& each) { return each.created_us; });
  put_integer_column(out, points, [&](const Point& each) { return forms.place(each.form); });
  put_column(out, [&](ByteWriter& writer) { put_texts(writer, texts.used()); });
  put_column(out, [&](ByteWriter& writer) { put_texts(writer, forms.used()); });
  return with_check(std::move(out));
}

base::Result<void> decode_block(std::string_view bytes, Part part, Rows& rows) {
  if (!check_holds(bytes)) return damaged();
  ByteReader in(bytes.substr(kCheckBytes));
  const std::uint64_t count = in.unsigned_number();
  if (!in.ok() || count == 0 || count > kBlockPointsMax) return damaged();
  const std::size_t first = rows.points.size();
  rows.points.resize(first + count);
  if (!take_values(in, std::span(rows.points).subspan(first))) return damaged();
  if (part == Part::numbers) {
    for (Point& point : std::span(rows.points).subspan(first)) point.text = point.text == 0 ? 0 : 1;
    return {};
  }
  if (!take_rest(in, first, rows)) return damaged();
  return {};
}

}  // namespace citiverse::twin::history
