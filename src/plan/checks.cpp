// From the single value outwards: its type, its range, its object, its neighbours.
#include "plan/checks.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "city/measure.h"
#include "plan/limits.h"
#include "plan/shapes.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

std::unexpected<base::Error> bad_value(const PropertyRule& rule, std::string_view reason) {
  return fail(ErrorCode::bad_input, fmt::format("{}: {}", rule.name, reason));
}

std::string number_text(double value) { return std::abs(value) < 1e15 ? fmt::format("{:.6g}", value) : "too large a number"; }

Result<Value> checked_number(const PropertyRule& rule, const Value& value) {
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr || !std::isfinite(*number)) return bad_value(rule, "a number is needed");
  if (*number < rule.least || *number > rule.most)
    return bad_value(rule,
                     fmt::format("{} {}; {:g} to {:g} are possible", number_text(*number), rule.unit, rule.least, rule.most));
  if (rule.type == ValueType::whole_number && *number != std::floor(*number))
    return bad_value(rule, fmt::format("{} {}; whole numbers only", number_text(*number), rule.unit));
  return value;
}

Result<Value> checked_text(const PropertyRule& rule, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return bad_value(rule, "a text is needed");
  if (rule.type == ValueType::word) {
    std::string all;
    for (const std::string_view word : rule.words()) {
      if (word == *text) return value;
      all += fmt::format("{}{}", all.empty() ? "" : ", ", word);
    }
    return bad_value(rule, fmt::format("'{}' is none of: {}", base::clean_text(*text, 40), all));
  }
  if (text->size() > kTextBytesMax) return bad_value(rule, fmt::format("at most {} bytes", kTextBytesMax));
  return base::clean_text(*text, kTextBytesMax);
}

Result<Value> checked_geometry(const city::City& base, const PropertyRule& rule, Value value) {
  auto* shape = std::get_if<Shape>(&value);
  const auto wanted = rule.type == ValueType::point  ? city::GeometryType::point
                      : rule.type == ValueType::line ? city::GeometryType::lines
                                                     : city::GeometryType::polygons;
  if (shape == nullptr || shape->type != wanted) return bad_value(rule, fmt::format("a {} is needed", name_of(rule.type)));
  auto good = checked_shape(std::move(*shape), base.box());
  if (!good) return bad_value(rule, good.error().message);
  return Value{std::move(*good)};
}

Result<Value> checked_lists(const PropertyRule& rule, const Value& value) {
  if (rule.type == ValueType::section && !std::holds_alternative<Section>(value))
    return bad_value(rule, "a list of lanes is needed");
  if (rule.type == ValueType::crossings) {
    const auto* crossings = std::get_if<std::vector<Crossing>>(&value);
    if (crossings == nullptr) return bad_value(rule, "a list of crossings is needed");
    if (crossings->size() > kCrossingsMax)
      return bad_value(rule, fmt::format("{} crossings; {} is the most here", crossings->size(), kCrossingsMax));
  }
  if (rule.type == ValueType::stops) {
    const auto* stops = std::get_if<std::vector<city::FeatureId>>(&value);
    if (stops == nullptr) return bad_value(rule, "a list of stops is needed");
    if (stops->size() < 2 || stops->size() > kLineStopsMax)
      return bad_value(rule, fmt::format("{} stops; 2 to {} are possible", stops->size(), kLineStopsMax));
  }
  return value;
}

// ---- neighbours ----------------------------------------------------------------------------------------------------

constexpr std::size_t kOutlineOfBuildings = 1;  // In the building's family.

Shape outline_in(const city::City& base, const PlanState& state, ObjectId id) {
  const ObjectEdits* edits = state.find(id);
  if (edits != nullptr) return ObjectView(base, id, *edits).get<Shape>(kOutlineOfBuildings).value_or(Shape{});
  return std::get<Shape>(shape_value(base, base.feature(*base.find(id.feature()))));
}

// Without a copy of the outline: most buildings are far away.
geo::Box2d outline_box(const city::City& base, const PlanState& state, ObjectId id) {
  if (const ObjectEdits* edits = state.find(id)) {
    const ObjectView view(base, id, *edits);
    if (const auto* shape = view.get_written<Shape>(kOutlineOfBuildings)) return box_of(*shape);
  }
  const auto at = base.find(id.feature());
  return at ? base.feature(*at).box : geo::Box2d{};
}

// An outline that was not drawn anew may overlap others of the base, as sources do, and none that was drawn.
bool has_new_outline(const PlanState& state, ObjectId id) {
  const ObjectEdits* edits = state.find(id);
  const Write<Value>* outline = edits == nullptr ? nullptr : edits->last(kOutlineOfBuildings);
  return outline != nullptr && std::holds_alternative<Shape>(outline->value);
}

Result<void> check_overlap(const city::City& base, const PlanState& state, ObjectId id) {
  const geo::Box2d box = outline_box(base, state, id);
  const Shape outline = outline_in(base, state, id);
  const bool is_new = has_new_outline(state, id);
  const auto look = [&](ObjectId other) -> Result<void> {
    if (other == id || (!is_new && !has_new_outline(state, other))) return {};
    if (!state.exists(base, other) || !outline_box(base, state, other).intersects(box)) return {};
    const double shared = shared_area_m2(outline, outline_in(base, state, other));
    if (shared <= kOverlapMaxM2) return {};
    return fail(ErrorCode::bad_input, fmt::format("outline: it would overlap {} by {:.0f} m²; {:.0f} m² is the most here",
                                                  to_string(other), std::max(shared, 2.0), kOverlapMaxM2));
  };
  Result<void> good;
  if (is_new) {
    base.index().visit_box(box, [&](city::FeatureIndex i) {
      const city::Feature& f = base.feature(i);
      if (!good || f.id.kind() != city::FeatureKind::building || base.building(f).min_height_m > 0) return;
      if (state.find(ObjectId::of(f.id)) == nullptr) good = look(ObjectId::of(f.id));
    });
  }
  // What the plan has touched may stand elsewhere now.
  const auto first = state.objects().lower_bound({static_cast<std::uint64_t>(city::FeatureKind::building) << 56});
  for (auto at = first; good && at != state.objects().end(); ++at) {
    if (at->first.kind() != static_cast<std::uint8_t>(city::FeatureKind::building)) break;
    good = look(at->first);
  }
  return good;
}

Result<void> check_stops(const city::City& base, const PlanState& state, const ObjectView& line, std::size_t property) {
  const auto* stops = line.get_written<std::vector<city::FeatureId>>(property);
  if (stops == nullptr) return {};
  for (std::size_t i = 0; i < stops->size(); ++i) {
    const ObjectId stop = ObjectId::of((*stops)[i]);
    if ((*stops)[i].kind() != city::FeatureKind::stop)
      return fail(ErrorCode::bad_input, fmt::format("stops: number {}, {}, is no stop", i + 1, to_string(stop)));
    if (!state.exists(base, stop))
      return fail(ErrorCode::not_found, fmt::format("stops: number {}, {}, is not there", i + 1, to_string(stop)));
  }
  return {};
}

}  // namespace

Result<Value> checked_value(const city::City& base, const PropertyRule& rule, Value value) {
  if (std::holds_alternative<std::monostate>(value)) return value;
  switch (rule.type) {
    case ValueType::boolean:
      if (!std::holds_alternative<bool>(value)) return bad_value(rule, "true or false is needed");
      return value;
    case ValueType::number:
    case ValueType::whole_number: return checked_number(rule, value);
    case ValueType::text:
    case ValueType::word: return checked_text(rule, value);
    case ValueType::point:
    case ValueType::line:
    case ValueType::outline: return checked_geometry(base, rule, std::move(value));
    case ValueType::section:
    case ValueType::crossings:
    case ValueType::stops: return checked_lists(rule, value);
  }
  return value;
}

Result<void> check_object(const city::City& base, const PlanState& state, ObjectId id) {
  const ObjectEdits* edits = state.find(id);
  if (edits == nullptr) {
    const bool is_building = id.kind() == static_cast<std::uint8_t>(city::FeatureKind::building);
    return is_building ? check_overlap(base, state, id) : Result<void>();
  }
  const Family& family = edits->family();
  const ObjectView view(base, id, *edits);
  for (std::size_t i = 0; i < family.properties.size(); ++i) {
    const PropertyRule& rule = family.properties[i];
    if (rule.is_needed && view.feature() == nullptr && view.written(i) == nullptr)
      return fail(ErrorCode::bad_input, fmt::format("{}: a new {} needs it", rule.name, family.name));
    if (rule.type != ValueType::stops) continue;
    if (auto good = check_stops(base, state, view, i); !good) return good;
  }
  if (auto good = family.check(view); !good) return good;
  if (family.kind == static_cast<std::uint8_t>(city::FeatureKind::building)) return check_overlap(base, state, id);
  return {};
}

Result<void> check_absence(const city::City& base, const PlanState& state, ObjectId id) {
  if (id.kind() != static_cast<std::uint8_t>(city::FeatureKind::stop)) return {};
  const Family& lines = *family_of(static_cast<std::uint8_t>(city::FeatureKind::line));
  const std::size_t stops = *lines.property("stops");
  const auto calls = [&](const std::vector<city::FeatureId>& at) { return std::ranges::find(at, id.feature()) != at.end(); };
  const auto refused = [&](ObjectId line) {
    return fail(ErrorCode::conflict,
                fmt::format("{} calls at {}; take the stop out of the line first", to_string(line), to_string(id)));
  };
  const city::Run run = base.of_kind(city::FeatureKind::line);
  for (city::FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    const ObjectId line = ObjectId::of(base.feature(i).id);
    if (state.find(line) != nullptr) continue;
    const Value value = lines.base_value(base, base.feature(i), stops);
    if (calls(std::get<std::vector<city::FeatureId>>(value))) return refused(line);
  }
  for (const auto& [line, edits] : state.objects()) {
    if (line.kind() != lines.kind || !state.exists(base, line)) continue;
    const auto at = ObjectView(base, line, edits).get<std::vector<city::FeatureId>>(stops);
    if (at && calls(*at)) return refused(line);
  }
  return {};
}

}  // namespace citiverse::plan
