// Who gets a slot with whom: nearest first, by distance, view, relation and budget, at a cost that no crowd can raise.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "presence/block_set.h"
#include "presence/body.h"
#include "presence/cell_index.h"

namespace citiverse::presence {

/// Chooses slots anew, keeping whom it can. Candidates come from 3 × 3 cells of the least size that holds enough people; where
/// even the smallest cells hold more than kCandidatesMax, each candidate has the same chance. Of the slots all but a sixteenth
/// (but for one, of kWanderingSlotsLeast or more) go to the nearest; the rest go round through everybody in reach: half of the
/// time by a draw among the candidates, half by a draw of places in the whole radius, so that nobody stays unseen beside a
/// crowd. Threads: one.
/// Cost: no allocation; at most kCandidatesMax + kSlotsMax + kPinsMax people are looked at.
class Interest {
 public:
  static constexpr std::size_t kCandidatesMax = 288;
  static constexpr std::size_t kPinsMax = 64;
  /// Told at every tick; as many more at every second; the rest at every fourth.
  static constexpr unsigned kFullRateSlots = 32;
  /// After so many refreshes the wandering slots go to others.
  static constexpr std::uint32_t kWanderRefreshes = 6;
  static constexpr std::uint8_t kWanderingSlotsLeast = 8;
  static constexpr unsigned kPlacesDrawn = 8;  ///< For one wandering slot, until there is somebody.

  /// `pins`: who keeps a slot whatever the distance: one's group, and whom one follows.
  void refresh(Row self, Viewer& viewer, std::span<const Body> bodies, const CellIndex& index, const BlockSet& blocks,
               std::span<const Row> pins);

  /// Takes somebody out of a slot at once.
  static void empty_slot(Viewer& viewer, unsigned slot);

 private:
  struct Candidate {
    float score;
    Row row;
    std::uint8_t slot;  // kSlotsMax: none yet.
  };
  struct Eye {
    Row self;
    const Body* body;
    float radius2;
    float view_x, view_y, view_cos2;  // view_cos2 < 0: all around. Its sign is the cosine's.
    bool is_wide;
  };

  void look_at_holders(const Eye& eye, Viewer& viewer, std::span<const Body> bodies, const BlockSet& blocks);
  void look_at_cells(const Eye& eye, Viewer& viewer, std::span<const Body> bodies, const CellIndex& index,
                     const BlockSet& blocks);
  void look_at_places(const Eye& eye, const Viewer& viewer, std::span<const Body> bodies, const CellIndex& index,
                      const BlockSet& blocks);
  static std::size_t wanderers_of(const Viewer& viewer);
  bool is_surrounded(const Viewer& viewer) const;
  void look_at(const Eye& eye, Row row, const Body& body, const BlockSet& blocks);
  std::size_t choose(Row self, Viewer& viewer);
  void assign(Viewer& viewer, std::size_t chosen);
  void set_rates(Viewer& viewer, std::size_t chosen);
  float score(const Eye& eye, const Body& body, float distance2) const;

  std::array<Candidate, kCandidatesMax + kSlotsMax + kPinsMax + 16> candidates_;
  std::size_t count_ = 0;
  std::vector<std::uint32_t> marks_;  // Round in which a row was looked at.
  std::uint32_t round_ = 0;
};

}  // namespace citiverse::presence
