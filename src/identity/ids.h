// Names of accounts, sessions and organisations: random numbers that say nothing about when or where they came to be.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace citiverse::identity {

/// A random number of 63 bits, never 0 for a thing that exists. As text: kIdCharacters characters of RFC 4648's base 32
/// alphabet in lower case, most significant bits first.
template <class Tag>
struct RandomId {
  std::uint64_t value = 0;

  bool is_known() const { return value != 0; }
  friend auto operator<=>(RandomId, RandomId) = default;
};

using AccountId = RandomId<struct AccountTag>;
using SessionId = RandomId<struct SessionTag>;
using OrganisationId = RandomId<struct OrganisationTag>;

inline constexpr std::size_t kIdCharacters = 13;
inline constexpr int kIdBits = 63;

std::string id_text(std::uint64_t value);
/// Nothing for text that id_text() never writes, and for 0.
std::optional<std::uint64_t> parse_id_text(std::string_view text);

template <class Tag>
std::string to_text(RandomId<Tag> id) {
  return id_text(id.value);
}
template <class Id>
std::optional<Id> parse_id(std::string_view text) {
  const auto value = parse_id_text(text);
  return value ? std::optional(Id{*value}) : std::nullopt;
}

}  // namespace citiverse::identity

template <class Tag>
struct std::hash<citiverse::identity::RandomId<Tag>> {
  // Random already.
  std::size_t operator()(citiverse::identity::RandomId<Tag> id) const noexcept { return id.value; }
};
