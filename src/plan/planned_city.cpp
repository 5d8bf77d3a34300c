// Objects are put in the order of their ids, then streets are joined, then policies reach the streets.
#include "plan/planned_city.h"

#include <algorithm>
#include <string>

#include "base/json_writer.h"
#include "base/random.h"
#include "plan/edit_json.h"
#include "plan/shapes.h"
#include "plan/street_meeting.h"

namespace citiverse::plan {
namespace {

using city::FeatureKind;

std::uint64_t print_of_text(std::string_view text) {
  std::uint64_t print = text.size();
  for (const char c : text) print = base::mix64(print ^ static_cast<unsigned char>(c));
  return print;
}

// What is said of an object, without who said it.
std::uint64_t print_of(const city::City& base, const PlanState& state, ObjectId id, const ObjectEdits& edits) {
  std::string text = to_string(id);
  base::JsonWriter json(text);
  json.begin_array().boolean(state.exists(base, id));
  for (std::size_t i = 0; i < edits.family().properties.size(); ++i) {
    const Write<Value>* write = edits.last(i);
    if (write == nullptr || std::holds_alternative<std::monostate>(write->value)) continue;
    json.integer(i);
    write_value(json, base.plane(), write->value);
  }
  json.end_array();
  return print_of_text(text);
}

void remove_object(const city::City& base, city::FeatureId id, city::CityPatch& patch) {
  const auto at = base.find(id);
  if (!at) return;  // Added and taken away again.
  patch.remove(id);
  if (id.kind() != FeatureKind::building) return;
  base.index().visit_box(base.feature(*at).box.grown_by(1), [&](city::FeatureIndex i) {
    const city::Feature& part = base.feature(i);
    if (part.id.kind() == FeatureKind::building_part && base.building(part).parent == *at) patch.remove(part.id);
  });
}

void limit_speeds(const city::City& base, const PlanState& state, const std::vector<Policy>& policies, city::CityPatch& patch) {
  for (const Policy& policy : policies) {
    if (policy.kind != PolicyKind::speed_limit) continue;
    const auto limit = static_cast<std::uint16_t>(policy.value);
    const auto hold = [&](city::FeatureId id, geo::Vec2d middle) {
      if (patch.is_removed(id) || (policy.area && !holds(*policy.area, middle))) return;
      const auto at = base.find(id);
      if (state.find(ObjectId::of(id)) == nullptr && base.street(base.feature(*at)).speed_kmh <= limit) return;
      city::Street& street = patch.street(id);
      street.speed_kmh = std::min(street.speed_kmh, limit);
    };
    const city::Run run = base.of_kind(FeatureKind::street);
    for (city::FeatureIndex i = run.first; i < run.first + run.count; ++i) {
      const city::Feature& f = base.feature(i);
      if (!policy.area || box_of(*policy.area).intersects(f.box)) hold(f.id, base.anchor(f));
    }
    for (const auto& [id, edits] : state.objects()) {
      if (id.kind() != static_cast<std::uint8_t>(FeatureKind::street) || !state.exists(base, id) || base.find(id.feature()))
        continue;
      if (const auto box = patch.box_of(id.feature())) hold(id.feature(), box->center());
    }
  }
}

// Buildings near a change see more or less sky; each is drawn whole with the tile of its anchor.
void touch_neighbours(const city::City& city, const geo::Box2d& box, std::uint64_t print, std::vector<Touch>& touches) {
  city.index().visit_box(box.grown_by(kTouchReachM), [&](city::FeatureIndex i) {
    const city::Feature& f = city.feature(i);
    if (f.id.kind() == FeatureKind::building || f.id.kind() == FeatureKind::building_part) touches.push_back({f.box, print});
  });
}

void touch(const city::City& base, const city::City& made, ObjectId id, std::uint64_t print, std::vector<Touch>& touches) {
  if (!id.is_feature()) return;
  geo::Box2d box;
  double reach_m = kTouchReachM;
  for (const city::City* city : {&base, &made}) {
    const auto at = city->find(id.feature());
    if (!at) continue;
    const city::Feature& f = city->feature(*at);
    box.extend(f.box);
    if (f.id.kind() == FeatureKind::street) {
      const city::Street& s = city->street(f);
      reach_m = std::max<double>(reach_m, s.width_m + s.pavement_left_m + s.pavement_right_m + kTouchReachM);
    }
  }
  if (box.empty()) return;
  touches.push_back({box.grown_by(reach_m), print});
  if (id.kind() != static_cast<std::uint8_t>(FeatureKind::building)) return;
  touch_neighbours(base, box, print, touches);
  touch_neighbours(made, box, print, touches);
}

}  // namespace

PlannedCity planned_city(const city::City& base, const PlanState& state) {
  PlannedCity planned;
  city::CityPatch patch(base);
  std::vector<city::FeatureId> drawn_streets;
  for (const auto& [id, edits] : state.objects()) {
    const bool is_there = state.exists(base, id);
    const ObjectView view(base, id, edits);
    if (id.kind() == kJunctionKind) {
      if (const auto junction = is_there ? junction_of(view) : std::nullopt) planned.junctions.push_back(*junction);
    } else if (id.kind() == kPolicyKind) {
      if (const auto policy = is_there ? policy_of(view) : std::nullopt) planned.policies.push_back(*policy);
    } else if (!is_there) {
      remove_object(base, id.feature(), patch);
    } else {
      edits.family().put(view, patch);
      if (id.kind() == static_cast<std::uint8_t>(FeatureKind::street) && has_new_line(edits))
        drawn_streets.push_back(id.feature());
    }
  }
  const std::vector<city::FeatureId> met = join_streets(base, state, drawn_streets, patch);
  limit_speeds(base, state, planned.policies, patch);
  planned.city = std::move(patch).build();

  std::uint64_t streets_print = 0;
  for (const auto& [id, edits] : state.objects()) {
    const std::uint64_t print = print_of(base, state, id, edits);
    planned.print = base::mix64(planned.print ^ print);
    if (std::ranges::find(drawn_streets, id.feature()) != drawn_streets.end())
      streets_print = base::mix64(streets_print ^ print);
    touch(base, planned.city, id, print, planned.touches);
  }
  for (const city::FeatureId id : met) touch(base, planned.city, ObjectId::of(id), streets_print, planned.touches);
  return planned;
}

}  // namespace citiverse::plan
