// The text form is for addresses and people; inside, ids are numbers.
#include "city/feature_id.h"

#include <array>
#include <charconv>

#include "base/check.h"

namespace citiverse::city {
namespace {

constexpr std::array<std::string_view, kFeatureKinds> kNames = {
    "",       "building", "building_part", "street", "rail", "water", "green", "land_use", "paved",
    "bridge", "barrier",  "tree",          "place",  "stop", "area",  "line",  "address"};
constexpr std::string_view kSources = "gnwrhp";

}  // namespace

std::string_view name_of(FeatureKind kind) {
  const auto i = static_cast<std::size_t>(kind);
  CITIVERSE_CHECK(i > 0 && i < kFeatureKinds, "a FeatureKind outside its enum");
  return kNames[i];
}

std::optional<FeatureKind> feature_kind_from(std::string_view name) {
  for (std::size_t i = 1; i < kFeatureKinds; ++i) {
    if (kNames[i] == name) return static_cast<FeatureKind>(i);
  }
  return std::nullopt;
}

std::string to_string(FeatureId id) {
  std::string text(name_of(id.kind()));
  text += '-';
  text += kSources[static_cast<std::size_t>(id.source())];
  text += std::to_string(id.number());
  return text;
}

std::optional<FeatureId> feature_id_from(std::string_view text) {
  const std::size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || dash + 2 >= text.size()) return std::nullopt;
  const auto kind = feature_kind_from(text.substr(0, dash));
  const std::size_t source = kSources.find(text[dash + 1]);
  const std::string_view digits = text.substr(dash + 2);
  if (!kind || source == std::string_view::npos || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number >> 52 != 0) return std::nullopt;
  return FeatureId::of(*kind, static_cast<IdSource>(source), number);
}

}  // namespace citiverse::city
