// What a write did, as bytes that a restart can do again; private form of this program's own files.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/change.h"
#include "twin/names.h"

namespace citiverse::twin::journal {

/// A record is a length, a checksum and a payload of steps, all little-endian.
inline constexpr std::size_t kRecordHeadBytes = 8;
inline constexpr std::size_t kRecordBytesMax = 512u << 20;
inline constexpr std::string_view kFileHead = "citiverse twin 1\n";

/// Steps may be done again on a state that has seen some of what follows them already: the last word on each attribute is the
/// same. So a snapshot can be taken while others write.
struct Step {
  enum class What : std::uint8_t {
    put = 1,     ///< The entity is `entity`.
    change = 2,  ///< Times and attributes of `entity` replace those of their names; `removed` go. Nothing if it is not there.
    remove = 3,
  };
  What what = What::put;
  std::string tenant;
  std::string id;
  std::shared_ptr<Entity> entity;
  std::vector<std::pair<NameId, NameId>> removed;
  std::uint64_t sequence = 0;  ///< Of the change; 0 in a snapshot, which has no changes.
  TimeUs at_us = kNoTime;
};

/// Before the steps of a log's record: the number of its first change, from which the others count on, and when it was.
inline constexpr std::size_t kNumbersBytes = 1 + sizeof(std::uint64_t) + sizeof(TimeUs);
/// Sets the first kNumbersBytes of a payload, for which room was left.
void set_numbers(std::string& payload, std::uint64_t first_sequence, TimeUs at_us);

/// Appends the steps that lead from `before` to `after`; the shorter of a change and the whole.
void put_step(std::string& out, std::string_view tenant, const Entity* before, const Entity* after,
              const std::vector<AttributeChange>& changes, const Names& names);
void put_entity(std::string& out, std::string_view tenant, const Entity& entity, const Names& names);

/// Puts the head before a payload that begins at `begin` + kRecordHeadBytes of `out`, for which room was left.
void close_record(std::string& out, std::size_t begin);
/// The payload of the record at the beginning of `bytes`, which is shortened by it. Nothing, and `bytes` as they were, when
/// there is no whole record with the right checksum.
std::optional<std::string_view> take_record(std::string_view& bytes);

/// Calls `on_step` for each step of a payload. False when it is damaged; what came before the damage was told.
bool read_steps(std::string_view payload, Names& names, const std::function<void(Step&&)>& on_step);

}  // namespace citiverse::twin::journal
