// What the tests of plans share: edits in a line, on a drawn city.
#pragma once

#include <string_view>

#include "base/check.h"
#include "plan/edit_json.h"
#include "plan/plan.h"
#include "testing/ascii_city.h"

namespace citiverse::plan {

inline constexpr std::uint64_t kAnna = 1;
inline constexpr std::uint64_t kBela = 2;

/// 12 × 10 cells of 10 m: a street across, one building of 2 levels (building-g1), one of 3, a stop at each end, a shop, and
/// paved corners so that the whole drawing is the city. South-west corner at (0, 0).
inline city::City test_town() {
  return testing_fixtures::ascii_city(R"(
...........:
.22......3..
.22......3..
............
S..........S
============
............
.T..P.......
............
:...........
)",
                                      {.pavement_m = 2});
}

inline Shape rectangle(double x, double y, double width, double depth) {
  return {city::GeometryType::polygons, {{{{x, y}, {x + width, y}, {x + width, y + depth}, {x, y + depth}}, false}}};
}
inline Shape point_shape(double x, double y) { return {city::GeometryType::point, {{{{x, y}}, false}}}; }
inline Shape line_shape(std::vector<geo::Vec2d> points) { return {city::GeometryType::lines, {{std::move(points), false}}}; }

struct Setting {
  std::string_view property;
  Value value;
};
inline Edit edit_of(Action action, ObjectId id, std::initializer_list<Setting> settings) {
  Edit edit{action, id, {}};
  for (const Setting& s : settings) {
    const auto property = family_of(id.kind())->property(s.property);
    CITIVERSE_CHECK(property.has_value(), "a test names properties that there are");
    edit.writes.push_back({*property, s.value});
  }
  return edit;
}
inline ObjectId object(std::string_view text) { return object_id_from(text).value(); }
inline Edit add(std::string_view id, std::initializer_list<Setting> settings) {
  return edit_of(Action::add, object(id), settings);
}
inline Edit change(std::string_view id, std::initializer_list<Setting> settings) {
  return edit_of(Action::change, object(id), settings);
}
inline Edit removal(std::string_view id) { return {Action::remove, object(id), {}}; }

/// The message with which a plan refuses the edit; empty when it takes it.
inline std::string refusal(Plan& plan, Edit edit, std::uint64_t author = kAnna) {
  auto done = plan.append({.author = author}, {std::move(edit)});
  return done ? std::string() : done.error().message;
}

}  // namespace citiverse::plan
