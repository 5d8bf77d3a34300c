// Each entity's keys are made once, so that a comparison is a few bytes.
#include "twin/query/entity_order.h"

#include <unicode/coll.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "twin/json_view.h"
#include "twin/query/q_path_parser.h"
#include "twin/query/q_value.h"
#include "twin/query/text_cursor.h"

namespace citiverse::twin {

// Ranks follow 4.23.2; a distance comes before everything that has none.
struct EntityOrder::Key {
  int rank = 100;
  double number = 0;
  std::string text;
  auto operator<=>(const Key&) const = default;
};

namespace {

std::unique_ptr<icu::Collator> make_collator(const std::string& tag) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale locale = tag.empty() ? icu::Locale::getRoot() : icu::Locale::forLanguageTag(tag, status);
  if (U_FAILURE(status)) return nullptr;
  std::unique_ptr<icu::Collator> collator(icu::Collator::createInstance(locale, status));
  return U_FAILURE(status) ? nullptr : std::move(collator);
}

std::string sort_key(const icu::Collator& collator, std::string_view text) {
  const auto unicode = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  std::string key(64, '\0');
  auto size = collator.getSortKey(unicode, reinterpret_cast<std::uint8_t*>(key.data()), static_cast<std::int32_t>(key.size()));
  if (size > static_cast<std::int32_t>(key.size())) {
    key.resize(static_cast<std::size_t>(size));
    size = collator.getSortKey(unicode, reinterpret_cast<std::uint8_t*>(key.data()), size);
  }
  key.resize(static_cast<std::size_t>(size));
  return key;
}

}  // namespace

base::Result<EntityOrder> EntityOrder::parse(std::string_view text, const Terms& terms, std::optional<LonLat> from,
                                             std::string_view collation) {
  if (auto checked = check_query_text("orderBy", text); !checked) return std::unexpected(checked.error());
  EntityOrder order;
  order.from_ = from;
  order.collation_ = collation;
  if (make_collator(order.collation_) == nullptr)
    return base::fail(base::ErrorCode::bad_input, "collation: expected a language tag such as de-u-co-phonebk");
  TextCursor cursor("orderBy", text);
  do {
    if (order.terms_.size() == kTermsMax) return cursor.expected("no more than 8 values to order by");
    auto path = read_path(cursor, terms);
    if (!path) return std::unexpected(path.error());
    Term term;
    term.path = std::move(path->path);
    if (cursor.take(";")) {
      const base::Error wrong = cursor.error("expected asc, desc, dist-asc or dist-desc");
      const std::string_view direction = cursor.take_until(",");
      term.is_distance = direction.starts_with("dist-");
      term.is_descending = direction == "desc" || direction == "dist-desc";
      if (!term.is_descending && direction != "asc" && direction != "dist-asc") return std::unexpected(wrong);
      if (term.is_distance && !from)
        return base::fail(base::ErrorCode::bad_input, "orderFrom: needed to order by distance, such as orderFrom=[8,40]");
    }
    order.terms_.push_back(std::move(term));
  } while (cursor.take(","));
  if (!cursor.is_at_end()) return cursor.expected("',' or the end");
  return order;
}

EntityOrder::Key EntityOrder::key_of(const Term& term, const Entity& entity, const QSurroundings& surroundings) const {
  Key key;
  std::string scratch;
  any_target(term.path, entity, surroundings, [&](const QTarget& target) {
    QValue value;
    if (target.time_us != kNoTime) {
      key = {.rank = 7, .number = static_cast<double>(target.time_us), .text = {}};
      return true;
    }
    if (!target.text.empty()) {
      key = {.rank = 2, .number = 0, .text = std::string(target.text)};
      return true;
    }
    if (term.is_distance) {
      if (const auto point = point_of(target.attribute->value)) {
        key = {.rank = 0, .number = distance_m(*from_, *point), .text = {}};
        return true;
      }
    }
    value = QValue::of(target.attribute->value, scratch);
    for (const std::string& member : term.path.members) value = QValue::of_json(json_member(value.text, member), scratch);
    switch (value.type) {
      case QValue::Type::number: key = {.rank = 1, .number = value.number, .text = {}}; break;
      case QValue::Type::text: key = {.rank = 2, .number = 0, .text = std::string(value.text)}; break;
      case QValue::Type::object: key = {.rank = 3, .number = 0, .text = std::string(value.text)}; break;
      case QValue::Type::array: key = {.rank = 4, .number = 0, .text = std::string(value.text)}; break;
      case QValue::Type::boolean: key = {.rank = 5, .number = value.boolean ? 1.0 : 0.0, .text = {}}; break;
      case QValue::Type::time: key = {.rank = 7, .number = static_cast<double>(value.time_us), .text = {}}; break;
      case QValue::Type::none: key.rank = 9; break;
    }
    return true;
  });
  return key;
}

void EntityOrder::sort(std::vector<EntityPtr>& entities, const QSurroundings& surroundings) const {
  const auto collator = make_collator(collation_);
  std::vector<std::vector<Key>> keys(entities.size());
  for (std::size_t i = 0; i < entities.size(); ++i)
    for (const Term& term : terms_) {
      Key key = key_of(term, *entities[i], surroundings);
      if (key.rank == 2) key.text = sort_key(*collator, key.text);
      keys[i].push_back(std::move(key));
    }
  std::vector<std::uint32_t> places(entities.size());
  std::iota(places.begin(), places.end(), 0);
  // What has no such value stands last, whichever way is asked for.
  const auto comes_first = [&](std::uint32_t a, std::uint32_t b) {
    for (std::size_t t = 0; t < terms_.size(); ++t) {
      const Key& first = keys[a][t];
      const Key& second = keys[b][t];
      if (first == second) continue;
      const bool is_missing = first.rank >= 9 || second.rank >= 9;
      return terms_[t].is_descending && !is_missing ? second < first : first < second;
    }
    return false;
  };
  std::ranges::stable_sort(places, comes_first);
  std::vector<EntityPtr> sorted;
  sorted.reserve(entities.size());
  for (const std::uint32_t place : places) sorted.push_back(std::move(entities[place]));
  entities = std::move(sorted);
}

}  // namespace citiverse::twin
