// Long names as small numbers: types and attributes of entities are IRIs, compared and stored a million times.
#pragma once

#include <cstdint>
#include <deque>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace citiverse::twin {

/// A name in a Names table; kNoName is none. Numbers are of one process only: files and wires carry the text.
using NameId = std::uint32_t;
inline constexpr NameId kNoName = 0;

/// An append-only table: names come from outside, so their number is limited. Threads: safe.
class Names {
 public:
  static constexpr std::size_t kNamesMax = 1'000'000;

  Names();
  /// The number of a text, which is added when it is new; kNoName for an empty text, and when the table is full.
  NameId intern(std::string_view text);
  /// The number of a text that is there already, or kNoName.
  NameId find(std::string_view text) const;
  /// Valid as long as the table.
  std::string_view text(NameId name) const;

 private:
  mutable std::shared_mutex mutex_;
  std::deque<std::string> texts_;  // Stays where it is when it grows.
  std::unordered_map<std::string_view, NameId> numbers_;
};

}  // namespace citiverse::twin
