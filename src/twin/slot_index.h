// Which entities a question can fit, found by type and by place, without walking over all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twin/entity.h"
#include "twin/store.h"

namespace citiverse::twin {

/// The box of all positions in a GeoJSON geometry (RFC 7946), which the caller has checked; nothing when it holds none.
std::optional<LonLatBox> extent_of_geometry(std::string_view json);

/// Slots by type, and by the cell in which the attribute `location` lies. Threads: one writes, or many read.
/// Cost: nothing for an update that leaves types and place alone; otherwise a few look-ups and one short list.
class SlotIndex {
 public:
  explicit SlotIndex(NameId location) : location_(location) {}

  /// Null: there is, or was, nothing.
  void change(Slot slot, const Entity* before, const Entity* after);

  /// Whether these conditions say where to look; otherwise every entity must be looked at.
  bool narrows(const Narrowing& narrowing) const { return is_place(narrowing) || !narrowing.types.empty(); }
  /// The first slots after `after`, at most `count`, ascending: all entities that fit are among them, and some that do not.
  /// `places` keeps the slots of the box between calls for one question.
  void find(const Narrowing& narrowing, Slot after, std::size_t count, std::optional<std::vector<Slot>>& places,
            std::vector<Slot>& slots) const;

 private:
  struct Cells {
    std::int32_t west, south, east, north;
    std::int64_t count() const { return (std::int64_t{east} - west + 1) * (std::int64_t{north} - south + 1); }
    friend bool operator==(const Cells&, const Cells&) = default;
  };
  // What a cell knows of an entity, so that most that do not fit are left out without a look at them: the entity itself is
  // somewhere else in memory.
  struct Brief {
    Slot slot;
    std::int32_t longitude_e7, latitude_e7;  // Of a point; kNowhere_e7: anywhere in the cell.
    NameId type;                             // kNoName: several.
  };
  struct Place {
    Cells cells;
    std::int32_t longitude_e7, latitude_e7;
    friend bool operator==(const Place&, const Place&) = default;
  };
  class Filter;
  bool is_place(const Narrowing& narrowing) const {
    return narrowing.box && (narrowing.box_attribute == kNoName || narrowing.box_attribute == location_);
  }
  std::optional<Place> place_of(const Entity* entity) const;
  static Cells cells_of(const LonLatBox& box);
  template <class OnList>
  void each_list(const Cells& cells, OnList&& on_list);
  void collect(const LonLatBox& box, const std::vector<NameId>& types, std::vector<Slot>& slots) const;

  NameId location_;
  std::unordered_map<NameId, std::vector<Slot>> by_type_;  // Ascending; those that left a type or went stay.
  std::unordered_map<std::uint64_t, std::vector<Brief>> by_cell_;
  std::vector<Brief> wide_;  // In more cells than an entity is put into.
};

}  // namespace citiverse::twin
