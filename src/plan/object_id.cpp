// The city's ids as they are, and two kinds more.
#include "plan/object_id.h"

#include <array>
#include <utility>

namespace citiverse::plan {
namespace {

constexpr std::array<std::pair<std::uint8_t, std::string_view>, 2> kOwnKinds{
    {{kJunctionKind, "junction"}, {kPolicyKind, "policy"}}};
constexpr std::uint64_t kBelowKind = (std::uint64_t{1} << 56) - 1;
// A kind of the city whose text form is borrowed for the number behind the dash.
constexpr auto kBorrowedKind = static_cast<std::uint8_t>(city::FeatureKind::area);

std::uint64_t with_kind(std::uint64_t value, std::uint8_t kind) {
  return (value & kBelowKind) | static_cast<std::uint64_t>(kind) << 56;
}

}  // namespace

std::string to_string(ObjectId id) {
  for (const auto& [kind, name] : kOwnKinds) {
    if (id.kind() != kind) continue;
    const std::string text = city::to_string(city::FeatureId{with_kind(id.value, kBorrowedKind)});
    return std::string(name) + text.substr(text.find('-'));
  }
  return city::to_string(id.feature());
}

std::optional<ObjectId> object_id_from(std::string_view text) {
  for (const auto& [kind, name] : kOwnKinds) {
    if (!text.starts_with(name) || text.size() <= name.size() || text[name.size()] != '-') continue;
    const auto id = city::feature_id_from(std::string(city::name_of(city::FeatureKind{kBorrowedKind})) +
                                          std::string(text.substr(name.size())));
    if (!id || id->source() != city::IdSource::planned) return std::nullopt;
    return ObjectId{with_kind(id->value, kind)};
  }
  const auto id = city::feature_id_from(text);
  if (!id) return std::nullopt;
  return ObjectId::of(*id);
}

}  // namespace citiverse::plan
