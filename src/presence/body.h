// What the engine keeps of each person, split by how often it is touched: Body by every viewer's tick, Viewer by one's own.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "presence/reach.h"
#include "presence/wire.h"

namespace citiverse::presence {

/// Position of a person in the engine's arrays. A person's number is its row and a generation, so that finding it costs
/// nothing.
using Row = std::uint32_t;
inline constexpr Row kNoRow = 0xFFFFFFFFu;
inline constexpr unsigned kRowBits = 20;
inline constexpr Row row_of(PersonId person) { return person & ((1u << kRowBits) - 1); }

/// A person as others see them, one cache line. Each change counts `version` up and writes the records that ticks copy, so that
/// the cost of coding is paid once a change and not once a viewer.
struct alignas(64) Body {
  Place at;  ///< z is a whole number of steps.
  std::uint8_t heading = 0;
  std::uint8_t state = 0;
  bool is_away = true;      ///< Not to be seen: hidden, suspended or no one at all.
  bool near_holds = false;  ///< `near_move` leads from the version before to this one.
  PersonId person = kNobody;
  std::uint32_t version = 0;        ///< Never goes back in a row, whoever is in it.
  std::uint32_t whole_version = 0;  ///< Who has seen less must be sent all of it: teleported, or too far for 16 bits.
  Place anchor;                     ///< Where the last whole one was.
  std::array<std::uint8_t, kFarMoveBytes> far_move{};  ///< Its slot is written by each viewer.
  std::array<std::uint8_t, 8> near_move{};             ///< kNearMoveBytes of it.
  bool has_blocks = false;                             ///< Is apart from somebody: BlockSet knows from whom.
  bool is_minor = false;                               ///< Strangers are told nothing of them: BlockSet::shelters.
  bool has_pose = false;
  bool is_pinning = false;  ///< In a group or following: has pins as a viewer.
  bool is_here = false;     ///< Connected, hidden or not.
};
static_assert(sizeof(Body) == 64);

/// One bit a slot.
struct SlotSet {
  std::array<std::uint64_t, kSlotsMax / 64> words{};

  bool has(unsigned slot) const { return (words[slot / 64] >> (slot % 64)) & 1; }
  void add(unsigned slot) { words[slot / 64] |= std::uint64_t{1} << (slot % 64); }
  void remove(unsigned slot) { words[slot / 64] &= ~(std::uint64_t{1} << (slot % 64)); }
  void clear() { words = {}; }
  unsigned count() const {
    unsigned bits = 0;
    for (const std::uint64_t word : words) bits += static_cast<unsigned>(std::popcount(word));
    return bits;
  }
  template <class F>
  void for_each(F&& f) const {
    for (unsigned w = 0; w < words.size(); ++w)
      for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1)
        f(w * 64 + static_cast<unsigned>(std::countr_zero(rest)));
  }
};

/// Whom a person sees, and what their client knows of each.
struct alignas(64) Viewer {
  SlotSet taken;
  SlotSet half_rate;     ///< Of the taken ones, those told every second tick,
  SlotSet quarter_rate;  ///< and every fourth.
  SlotSet left;          ///< Emptied, and the client has not been told.
  SlotSet wandering;     ///< Of the taken ones, those that go round, so that in a crowd everybody is seen by somebody.
  std::uint8_t slots = 0;
  std::uint8_t rate_hz = 1;
  std::uint8_t heading = 0;
  std::uint8_t half_opening = 0;
  std::uint8_t level = 0;  ///< Of the cells in which it found enough people last time.
  std::uint8_t correction_heading = 0;
  Correction correction = Correction::none;
  std::uint16_t acknowledged = 0;
  std::uint16_t radius_m = 100;
  bool had_density = false;
  std::uint32_t refreshes = 0;
  std::uint32_t ticks = 0;      ///< Composed so far, the phase of half and quarter rates.
  std::uint32_t turn_tick = 0;  ///< From when on the next tick is due.
  std::uint32_t sent_tick = 0;
  std::uint32_t density_tick = 0;
  std::uint32_t objects_tick = 0;
  Place correction_place;
  alignas(64) std::array<Row, kSlotsMax> rows{};
  std::array<std::uint32_t, kSlotsMax> seen{};  ///< Version that the client has; 0: it does not know of them yet.
};

/// What authority needs to judge the next step.
struct Mover {
  std::int64_t moved_us = 0;
  float ground_allowance_cm = 0;
  float climb_allowance_cm = 0;
  float free_x_m = 0;  ///< Around this point nothing stands within free_m: no need to ask for walls there.
  float free_y_m = 0;
  float free_m = -1;
  std::uint16_t sequence = 0;
  bool has_sequence = false;
};

/// What is rarely asked for.
struct PersonCard {
  Profile profile;
  ResumeToken token{};
  std::int64_t suspended_us = -1;  ///< Since when the connection is gone, or −1.
  std::int64_t went_us = -1;       ///< Last teleport.
  std::int64_t announced_us = -1;  ///< Last time that those who see one were told of a change.
  float personal_m = 1.2f;
  bool is_hidden = false;
  bool is_leaving = false;  ///< Gone for good; the row waits until no viewer has it any more.
  std::uint32_t leaving_tick = 0;
  std::uint32_t group = 0;  ///< 0: none.
  PersonId following = kNobody;
  std::vector<std::uint64_t> apart_from;  ///< Accounts with which there is a block, here or not.
};

}  // namespace citiverse::presence
