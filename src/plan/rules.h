// What a plan decides beside the city itself, for the models to read: junction control and policies.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "plan/family.h"

namespace citiverse::plan {

enum class Control : std::uint8_t { none, priority, stop, signals, roundabout };
std::span<const std::string_view> control_words();
inline std::string_view word_for(Control control) { return control_words()[static_cast<std::size_t>(control)]; }
std::optional<Control> control_named(std::string_view word);

struct JunctionControl {
  ObjectId id;
  geo::Vec2d at;
  Control control = Control::none;
  std::optional<double> cycle_s;  ///< Of signals.
};

enum class PolicyKind : std::uint8_t {
  remote_work_share,  ///< Of jobs done at home on an average day, 0 to kRemoteWorkShareMax.
  parking_price,      ///< An hour, in the city's currency.
  speed_limit,        ///< km/h, for all streets whose middle lies in the area; the city's streets already say so.
  car_ownership,      ///< Cars per 1000 people.
};
std::span<const std::string_view> policy_words();
inline std::string_view word_for(PolicyKind kind) { return policy_words()[static_cast<std::size_t>(kind)]; }
std::optional<PolicyKind> policy_named(std::string_view word);

struct Policy {
  ObjectId id;
  PolicyKind kind = PolicyKind::remote_work_share;
  double value = 0;
  std::optional<Shape> area;  ///< None: the whole city.
};

/// Nothing when a needed property is missing.
std::optional<JunctionControl> junction_of(const ObjectView& object);
std::optional<Policy> policy_of(const ObjectView& object);

}  // namespace citiverse::plan
