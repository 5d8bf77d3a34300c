// Without an order the first that fit are taken; with one, only as many are kept as the page and what it skips need.
#include "api/sensor_things/search.h"

#include <algorithm>

#include <fmt/format.h>

namespace citiverse::api::sensor_things {
namespace {

constexpr std::size_t kKeptBeyondNeed = 1'000;  // Before what is kept is cut to what is needed.

bool is_path(const Expression& expression, std::initializer_list<std::string_view> names) {
  return expression.operation == Operation::path && std::ranges::equal(expression.path, names);
}

// Conditions that hold together with all others narrow what is read; they are checked again afterwards.
void narrow_by(const Expression& filter, Wanted& wanted) {
  if (filter.operation == Operation::and_)
    for (const Expression& each : filter.arguments) narrow_by(each, wanted);
  if (filter.arguments.size() != 2 || filter.arguments[1].operation != Operation::literal) return;
  const Expression& left = filter.arguments[0];
  const Datum& right = filter.arguments[1].literal;
  const bool is_id = is_path(left, {"Datastream", "id"}) || is_path(left, {"Datastream", "@iot.id"});
  if (const auto* id = std::get_if<std::string>(&right); is_id && id != nullptr && filter.operation == Operation::eq)
    wanted.datastream_id = *id;
  if (!is_path(left, {"phenomenonTime"})) return;
  const auto* text = std::get_if<std::string>(&right);
  const Datum time = text == nullptr ? right : parse_time_object(*text);
  const auto* moment = std::get_if<Moment>(&time);
  if (moment == nullptr) return;
  auto& times = wanted.times;
  switch (filter.operation) {
    case Operation::gt:
    case Operation::ge: times.from_us = std::max(times.from_us, moment->us); break;
    case Operation::lt:
    case Operation::le: times.until_us = std::min(times.until_us, moment->us + 1); break;
    case Operation::eq:
      times.from_us = std::max(times.from_us, moment->us);
      times.until_us = std::min(times.until_us, moment->us + 1);
      break;
    default: break;
  }
}

struct Kept {
  Item item;
  std::vector<Datum> keys;
  std::size_t place = 0;  // Equals stay in the order in which they came.
};

class PageSearch {
 public:
  PageSearch(Evaluator& evaluator, const Source& source, const Query& query, std::size_t top)
      : evaluator_(evaluator), source_(source), query_(query), top_(top), need_(query.skip + top) {
    const bool is_by_time =
        source.kind == Kind::observation && query.order.size() == 1 && is_path(query.order[0].by, {"phenomenonTime"});
    comes_in_order_ = query.order.empty() || (is_by_time && source.is_one_series);
    is_cut_by_series_ = is_by_time && !source.is_one_series;
    wanted_ = wanted_by(query, source.kind);
    wanted_.newest_first = is_by_time && query.order[0].is_descending;
    if (!wanted_.datastream_id.empty() && is_by_time) comes_in_order_ = true;
  }

  base::Result<Page> run() {
    if (!comes_in_order_ && need_ > kOrderedMax)
      return base::fail(
          base::ErrorCode::limit,
          fmt::format("$skip: in an order at most {} entities can be passed over and shown; narrow the request by "
                      "$filter",
                      kOrderedMax));
    auto read = source_.read(wanted_, [this](Item& item) { return take(item); });
    if (!failure_) return std::unexpected(std::move(failure_.error()));
    if (!read) return std::unexpected(std::move(read.error()));
    if (!comes_in_order_) put_in_order();
    Page page;
    if (query_.counts) page.count = matches_;
    page.has_next = matches_ > need_;
    for (std::size_t i = comes_in_order_ ? 0 : query_.skip; i < kept_.size() && page.items.size() < top_; ++i)
      page.items.push_back(std::move(kept_[i].item));
    return page;
  }

 private:
  Go take(Item& item) {
    if (is_cut_by_series_ && item.series != series_) {
      series_ = item.series;
      of_series_ = 0;
    }
    if (query_.filter) {
      const auto fits = evaluator_.matches(*query_.filter, item);
      if (!fits) return failed(fits.error());
      if (!*fits) return Go::on;
    }
    ++matches_;
    if (comes_in_order_) {
      if (matches_ > query_.skip && matches_ <= need_) kept_.push_back({std::move(item), {}, 0});
      return matches_ > need_ && !query_.counts ? Go::stop : Go::on;
    }
    Kept kept{.item = {}, .keys = {}, .place = matches_};
    for (const Order& each : query_.order) {
      auto key = evaluator_.value(each.by, item);
      if (!key) return failed(key.error());
      kept.keys.push_back(*std::move(key));
    }
    kept.item = std::move(item);
    kept_.push_back(std::move(kept));
    if (kept_.size() > 2 * need_ + kKeptBeyondNeed) put_in_order();
    return is_cut_by_series_ && !query_.counts && ++of_series_ > need_ ? Go::next_series : Go::on;
  }

  Go failed(base::Error error) {
    failure_ = std::unexpected(std::move(error));
    return Go::stop;
  }

  void put_in_order() {
    const std::size_t count = std::min(need_, kept_.size());
    std::ranges::partial_sort(kept_, kept_.begin() + static_cast<std::ptrdiff_t>(count), [this](const Kept& a, const Kept& b) {
      for (std::size_t i = 0; i < query_.order.size(); ++i) {
        const bool is_descending = query_.order[i].is_descending;
        if (comes_before(a.keys[i], b.keys[i])) return !is_descending;
        if (comes_before(b.keys[i], a.keys[i])) return is_descending;
      }
      return a.place < b.place;
    });
    kept_.resize(count);
    // Of the newest over all Datastreams nothing older than the last one is needed any more; `wanted_` is read for each series.
    if (is_cut_by_series_ && wanted_.newest_first && !query_.counts && count == need_ && count > 0)
      wanted_.times.from_us = std::max(wanted_.times.from_us, kept_.back().item.time_us);
  }

  Evaluator& evaluator_;
  const Source& source_;
  const Query& query_;
  const std::size_t top_;
  const std::size_t need_;
  Wanted wanted_;
  bool comes_in_order_ = true;
  bool is_cut_by_series_ = false;
  std::vector<Kept> kept_;
  std::size_t matches_ = 0;
  std::uint64_t series_ = UINT64_MAX;
  std::size_t of_series_ = 0;
  base::Result<void> failure_;
};

}  // namespace

Wanted wanted_by(const Query& query, Kind kind) {
  Wanted wanted;
  if (kind == Kind::observation && query.filter) narrow_by(*query.filter, wanted);
  return wanted;
}

base::Result<Page> find_page(Evaluator& evaluator, const Source& source, const Query& query, std::size_t top) {
  return PageSearch(evaluator, source, query, top).run();
}

}  // namespace citiverse::api::sensor_things
