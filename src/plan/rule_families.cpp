// What is decided without building: how a junction is controlled, and policies for an area or the whole city.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "plan/all_families.h"
#include "plan/limits.h"
#include "plan/rules.h"

namespace citiverse::plan {
namespace {

enum JunctionProperty : std::size_t { kJunctionAt, kJunctionControl, kJunctionCycle };
constexpr PropertyRule kJunctionRules[] = {
    {.name = "at", .type = ValueType::point, .is_needed = true},
    {.name = "control", .type = ValueType::word, .words = control_words, .is_needed = true},
    {"cycle_s", ValueType::number, kSignalCycleMinS, kSignalCycleMaxS, "s"},
};

base::Result<void> check_junction(const ObjectView& object) {
  const auto control = object.get<std::string>(kJunctionControl);
  if (object.get<double>(kJunctionCycle) && control && *control != word_for(Control::signals))
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("cycle_s: only signals have a cycle; the control is {}", *control));
  const auto at = object.get<Shape>(kJunctionAt);
  if (!at) return {};
  double nearest = std::numeric_limits<double>::infinity();
  const city::City& base = object.base();
  base.index().visit_nearest(at->parts[0].points[0], 10 * kJunctionDistanceM, [&](city::FeatureIndex i, double squared) {
    if (squared > nearest * nearest) return false;
    const city::Feature& f = base.feature(i);
    if (f.id.kind() != city::FeatureKind::street) return true;
    for (const city::Part& part : base.parts(f.geometry))
      for (const geo::Vec2d& v : base.vertices(part)) nearest = std::min(nearest, geo::distance(v, at->parts[0].points[0]));
    return true;
  });
  if (nearest <= kJunctionDistanceM) return {};
  const std::string away = std::isfinite(nearest) ? fmt::format("{:.0f} m away", nearest) : "far away";
  return base::fail(base::ErrorCode::bad_input,
                    fmt::format("at: the nearest corner of a street is {}; a junction lies within {:.0f} m of one", away,
                                kJunctionDistanceM));
}

enum PolicyProperty : std::size_t { kPolicyName, kPolicyMeasure, kPolicyValue, kPolicyArea };
constexpr PropertyRule kPolicyRules[] = {
    {"name", ValueType::text},
    {.name = "kind", .type = ValueType::word, .words = policy_words, .is_needed = true},
    {.name = "value", .type = ValueType::number, .least = 0, .most = kCarsPerThousandMax, .is_needed = true},
    {"area", ValueType::outline},
};

struct PolicyRange {
  double least;
  double most;
  std::string_view unit;
};
constexpr PolicyRange kPolicyRanges[] = {{0, kRemoteWorkShareMax, "of all jobs"},
                                         {0, kParkingPriceMax, "an hour"},
                                         {5, kSpeedMaxKmh, "km/h"},
                                         {0, kCarsPerThousandMax, "cars per 1000 people"}};

base::Result<void> check_policy(const ObjectView& object) {
  const auto kind = object.get<std::string>(kPolicyMeasure);
  const auto value = object.get<double>(kPolicyValue);
  if (!kind || !value) return {};
  const auto known = policy_named(*kind);
  if (!known) return {};
  const PolicyRange& range = kPolicyRanges[static_cast<std::size_t>(*known)];
  if (*value < range.least || *value > range.most)
    return base::fail(base::ErrorCode::bad_input, fmt::format("value: {} would be {:g} {}; {:g} to {:g} are possible", *kind,
                                                              *value, range.unit, range.least, range.most));
  return {};
}

constexpr std::array<std::string_view, 5> kControlWords{"none", "priority", "stop", "signals", "roundabout"};
constexpr std::array<std::string_view, 4> kPolicyWords{"remote_work_share", "parking_price", "speed_limit", "car_ownership"};

}  // namespace

std::span<const std::string_view> control_words() { return kControlWords; }
std::span<const std::string_view> policy_words() { return kPolicyWords; }

std::optional<Control> control_named(std::string_view word) {
  const auto found = std::ranges::find(kControlWords, word);
  if (found == kControlWords.end()) return std::nullopt;
  return static_cast<Control>(found - kControlWords.begin());
}
std::optional<PolicyKind> policy_named(std::string_view word) {
  const auto found = std::ranges::find(kPolicyWords, word);
  if (found == kPolicyWords.end()) return std::nullopt;
  return static_cast<PolicyKind>(found - kPolicyWords.begin());
}

std::optional<JunctionControl> junction_of(const ObjectView& object) {
  const auto at = object.get<Shape>(kJunctionAt);
  const auto control = object.get<std::string>(kJunctionControl);
  if (!at || !control) return std::nullopt;
  return JunctionControl{object.id(), at->parts[0].points[0], control_named(*control).value_or(Control::none),
                         object.get<double>(kJunctionCycle)};
}

std::optional<Policy> policy_of(const ObjectView& object) {
  const auto kind = object.get<std::string>(kPolicyMeasure);
  const auto value = object.get<double>(kPolicyValue);
  const auto known = kind ? policy_named(*kind) : std::nullopt;
  if (!known || !value) return std::nullopt;
  return Policy{object.id(), *known, *value, object.get<Shape>(kPolicyArea)};
}

constinit const Family kJunctionFamily{kJunctionKind, "junction", kJunctionRules, nullptr, check_junction, nullptr};
constinit const Family kPolicyFamily{kPolicyKind, "policy", kPolicyRules, nullptr, check_policy, nullptr};

}  // namespace citiverse::plan
