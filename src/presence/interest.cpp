// Choosing whom a viewer sees.
#include "presence/interest.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"

namespace citiverse::presence {
namespace {

constexpr float kHolderFactor = 0.7f;  // Of squared distance: who has a slot keeps it against one who is barely nearer.
constexpr float kHolderReach = 1.2f;   // Of squared radius: nobody flickers on its border.
constexpr float kBehindFactor = 4.0f;  // Out of view counts as twice as far.
constexpr float kPinnedFactor = 0.01f;
constexpr float kBeside2 = 200 * 200;   // Within two metres all are equally near: whoever is there keeps the slot.
constexpr std::uint32_t kAhead = 8;     // So many people are fetched before they are looked at.
constexpr float kChosenBefore = -1.0f;  // A wandering slot in its time.

float squared_distance(const Body& a, const Body& b) {
  const float dx = static_cast<float>(b.at.x) - static_cast<float>(a.at.x);
  const float dy = static_cast<float>(b.at.y) - static_cast<float>(a.at.y);
  const float dz = static_cast<float>(b.at.z) - static_cast<float>(a.at.z);
  return dx * dx + dy * dy + dz * dz;
}

}  // namespace

void Interest::empty_slot(Viewer& viewer, unsigned slot) {
  viewer.taken.remove(slot);
  viewer.half_rate.remove(slot);
  viewer.quarter_rate.remove(slot);
  viewer.wandering.remove(slot);
  if (viewer.seen[slot] != 0) viewer.left.add(slot);
  viewer.seen[slot] = 0;
}

float Interest::score(const Eye& eye, const Body& body, float distance2) const {
  const float d2 = std::max(distance2, kBeside2);
  if (eye.is_wide) return d2;
  const float dx = static_cast<float>(body.at.x - eye.body->at.x);
  const float dy = static_cast<float>(body.at.y - eye.body->at.y);
  const float along = dx * eye.view_x + dy * eye.view_y;
  const bool is_in_view = along * std::abs(along) >= eye.view_cos2 * (dx * dx + dy * dy);
  return is_in_view ? d2 : d2 * kBehindFactor;
}

void Interest::refresh(Row self, Viewer& viewer, std::span<const Body> bodies, const CellIndex& index, const BlockSet& blocks,
                       std::span<const Row> pins) {
  if (marks_.size() < bodies.size()) marks_.resize(bodies.size() + bodies.size() / 2, 0);
  if (++round_ == 0) {
    std::ranges::fill(marks_, 0u);
    round_ = 1;
  }
  count_ = 0;
  marks_[self] = round_;
  const float radius_cm = static_cast<float>(viewer.radius_m) * 100;
  const float heading = static_cast<float>(viewer.heading) * (std::numbers::pi_v<float> / 128);
  const float opening_cos = std::cos(static_cast<float>(viewer.half_opening) * (std::numbers::pi_v<float> / 128));
  const Eye eye{self,
                &bodies[self],
                radius_cm * radius_cm,
                std::sin(heading),
                std::cos(heading),
                opening_cos * std::abs(opening_cos),
                viewer.half_opening == 0 || viewer.half_opening >= 128};

  // Pins first, so that those among the holders are known as such.
  for (const Row row : pins.first(std::min(pins.size(), kPinsMax))) {
    const Body& body = bodies[row];
    if (row == self || body.is_away || marks_[row] == round_ || blocks.hides(self, bodies[self], row, body)) continue;
    marks_[row] = round_;
    candidates_[count_++] = {squared_distance(*eye.body, body) * kPinnedFactor, row, kSlotsMax};
  }
  look_at_holders(eye, viewer, bodies, blocks);
  if (viewer.slots > 0 && !is_surrounded(viewer)) look_at_cells(eye, viewer, bodies, index, blocks);
  assign(viewer, choose(self, viewer));
  ++viewer.refreshes;
}

void Interest::look_at_holders(const Eye& eye, Viewer& viewer, std::span<const Body> bodies, const BlockSet& blocks) {
  const std::size_t pins = count_;
  const bool wanderers_stay = viewer.refreshes % kWanderRefreshes != 0;
  if (!wanderers_stay) viewer.wandering.clear();
  viewer.taken.for_each([&](unsigned slot) {
    const Row row = viewer.rows[slot];
    const Body& body = bodies[row];
    if (marks_[row] == round_ && row != eye.self) {  // A pin.
      const auto pin = std::find_if(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(pins),
                                    [&](const Candidate& c) { return c.row == row; });
      pin->slot = static_cast<std::uint8_t>(slot);
      return;
    }
    const float d2 = squared_distance(*eye.body, body);
    if (body.is_away || d2 > eye.radius2 * kHolderReach || blocks.hides(eye.self, *eye.body, row, body)) {
      empty_slot(viewer, slot);
      return;
    }
    marks_[row] = round_;
    const bool stays = viewer.wandering.has(slot);
    candidates_[count_++] = {stays ? kChosenBefore : score(eye, body, d2) * kHolderFactor, row,
                             static_cast<std::uint8_t>(slot)};
  });
}

// True when nobody could be nearer than those who have the slots already.
bool Interest::is_surrounded(const Viewer& viewer) const {
  if (count_ < viewer.slots || viewer.refreshes % kWanderRefreshes == 0) return false;
  return std::all_of(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(count_),
                     [](const Candidate& c) { return c.slot != kSlotsMax && c.score <= kBeside2 * kHolderFactor; });
}

void Interest::look_at(const Eye& eye, Row row, const Body& body, const BlockSet& blocks) {
  if (marks_[row] == round_) return;
  const float d2 = squared_distance(*eye.body, body);
  if (d2 > eye.radius2 || body.is_away || blocks.hides(eye.self, *eye.body, row, body)) return;
  marks_[row] = round_;
  candidates_[count_++] = {score(eye, body, d2), row, kSlotsMax};
}

void Interest::look_at_cells(const Eye& eye, Viewer& viewer, std::span<const Body> bodies, const CellIndex& index,
                             const BlockSet& blocks) {
  // A circle in 3 × 3 cells has a third of their area: three times as many people as slots hold the nearest.
  const std::uint32_t enough = 3u * viewer.slots;
  unsigned level = std::min<unsigned>(viewer.level, CellIndex::kLevels - 1);
  const auto total_of = [](const std::array<CellIndex::Run, 9>& cells) {
    std::uint32_t total = 0;
    for (const CellIndex::Run& run : cells) total += run.count();
    return total;
  };
  auto cells = index.around(eye.body->at, level);
  std::uint32_t total = total_of(cells);
  while (total < enough && level + 1 < CellIndex::kLevels && CellIndex::size_cm(level) < viewer.radius_m * 100.0) {
    cells = index.around(eye.body->at, ++level);
    total = total_of(cells);
  }
  // Twice the cells hold four times the people: look one size closer where that would be enough as well.
  while (level > 0 && total > 4 * enough) {
    const auto closer = index.around(eye.body->at, level - 1);
    const std::uint32_t closer_total = total_of(closer);
    if (closer_total < enough) break;
    cells = closer;
    total = closer_total;
    --level;
  }
  viewer.level = static_cast<std::uint8_t>(level);

  // Too many: every n-th of the cells' people, from a place that changes, so that each has the same chance.
  const std::uint32_t stride =
      total <= kCandidatesMax ? 1 : (total + kCandidatesMax - 1) / static_cast<std::uint32_t>(kCandidatesMax);
  std::uint32_t at =
      stride == 1 ? 0 : static_cast<std::uint32_t>(base::mix64((std::uint64_t{eye.self} << 32) | viewer.refreshes) % stride);
  for (const CellIndex::Run& run : cells) {
    const std::uint32_t count = run.count();
    for (; at < count; at += stride) {
      if (at + kAhead * stride < count) __builtin_prefetch(&bodies[index.row(run.begin + at + kAhead * stride)]);
      const Row row = index.row(run.begin + at);
      look_at(eye, row, bodies[row], blocks);
    }
    at -= count;
  }
  const bool are_all_looked_at = stride == 1 && CellIndex::size_cm(level) >= viewer.radius_m * 100.0;
  if (viewer.refreshes % kWanderRefreshes == 0 && !are_all_looked_at) look_at_places(eye, viewer, bodies, index, blocks);
}

std::size_t Interest::wanderers_of(const Viewer& viewer) {
  return viewer.slots < kWanderingSlotsLeast ? 0 : std::max<std::size_t>(1, viewer.slots / 16);
}

// The cells that hold the nearest may all lie in a crowd: whoever is beyond them is found here.
void Interest::look_at_places(const Eye& eye, const Viewer& viewer, std::span<const Body> bodies, const CellIndex& index,
                              const BlockSet& blocks) {
  const std::uint32_t round = viewer.refreshes / kWanderRefreshes;
  const std::size_t wanted = (wanderers_of(viewer) + round % 2) / 2;
  if (wanted == 0) return;
  unsigned level = viewer.level;
  while (level + 1 < CellIndex::kLevels && CellIndex::size_cm(level) < viewer.radius_m * 100.0) ++level;
  std::array<CellIndex::Run, 9> filled = index.around(eye.body->at, level);
  const auto end = std::remove_if(filled.begin(), filled.end(), [](const CellIndex::Run& run) { return run.count() == 0; });
  const auto cells = static_cast<std::uint64_t>(end - filled.begin());
  const std::size_t before = count_;
  for (std::uint64_t i = 0; cells > 0 && i < wanted * kPlacesDrawn && count_ < before + wanted; ++i) {
    const std::uint64_t draw =
        base::mix64((std::uint64_t{eye.self} << 32) ^ (std::uint64_t{viewer.refreshes} << 8) ^ (i + 128));
    const Row row = index.somebody(filled[draw % cells], level, draw / cells);
    look_at(eye, row, bodies[row], blocks);
  }
  for (std::size_t i = before; i < count_; ++i) candidates_[i].score = kChosenBefore;
}

std::size_t Interest::choose(Row self, Viewer& viewer) {
  const std::size_t slots = viewer.slots;
  if (count_ <= slots) return count_;
  if (slots == 0) return 0;
  const auto begin = candidates_.begin();
  const auto by_score = [](const Candidate& a, const Candidate& b) { return a.score < b.score; };
  const auto chosen_by_place = static_cast<std::size_t>(std::count_if(
      begin, begin + static_cast<std::ptrdiff_t>(count_), [](const Candidate& c) { return c.score == kChosenBefore; }));
  const std::size_t all = wanderers_of(viewer);
  const std::size_t wanderers = all - std::min(all, chosen_by_place);
  if (wanderers == 0 || viewer.refreshes % kWanderRefreshes != 0) {
    std::nth_element(begin, begin + static_cast<std::ptrdiff_t>(slots), begin + static_cast<std::ptrdiff_t>(count_), by_score);
    return slots;
  }
  // Time for others: the wandering slots go to anybody of those who are not among the nearest.
  const std::size_t nearest = slots - wanderers;
  std::nth_element(begin, begin + static_cast<std::ptrdiff_t>(nearest), begin + static_cast<std::ptrdiff_t>(count_), by_score);
  for (std::size_t i = 0; i < wanderers; ++i) {
    const std::size_t rest = count_ - nearest - i;
    const std::uint64_t draw = base::mix64((std::uint64_t{self} << 32) ^ (std::uint64_t{viewer.refreshes} << 8) ^ i);
    std::swap(candidates_[nearest + i], candidates_[nearest + i + draw % rest]);
    candidates_[nearest + i].score = kChosenBefore;
  }
  return slots;
}

void Interest::assign(Viewer& viewer, std::size_t chosen) {
  for (std::size_t i = chosen; i < count_; ++i)
    if (candidates_[i].slot != kSlotsMax) empty_slot(viewer, candidates_[i].slot);
  unsigned slot = 0;
  for (std::size_t i = 0; i < chosen; ++i) {
    Candidate& candidate = candidates_[i];
    if (candidate.slot == kSlotsMax) {
      while (viewer.taken.has(slot)) ++slot;
      candidate.slot = static_cast<std::uint8_t>(slot);
      viewer.rows[slot] = candidate.row;
      viewer.seen[slot] = 0;
      viewer.taken.add(slot);
    }
    if (candidate.score == kChosenBefore) viewer.wandering.add(candidate.slot);
  }
  set_rates(viewer, chosen);
}

void Interest::set_rates(Viewer& viewer, std::size_t chosen) {
  viewer.half_rate.clear();
  viewer.quarter_rate.clear();
  if (chosen <= kFullRateSlots) return;
  const auto begin = candidates_.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(chosen);
  const auto by_score = [](const Candidate& a, const Candidate& b) { return a.score < b.score; };
  std::nth_element(begin, begin + kFullRateSlots, end, by_score);
  for (auto c = begin + kFullRateSlots; c != end; ++c) viewer.half_rate.add(c->slot);
  if (chosen <= 2 * kFullRateSlots) return;
  std::nth_element(begin + kFullRateSlots, begin + 2 * kFullRateSlots, end, by_score);
  for (auto c = begin + 2 * kFullRateSlots; c != end; ++c) {
    viewer.half_rate.remove(c->slot);
    viewer.quarter_rate.add(c->slot);
  }
}

}  // namespace citiverse::presence
