// People in a space: what they send, and time.
#include "presence/space.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"
#include "base/random.h"

namespace citiverse::presence {
namespace {

constexpr unsigned kIndexPerSecond = 10;
constexpr std::int64_t kOldStepsUs = 1'500'000;  // So long after a teleport steps of before may still come.

}  // namespace

Space::Space(SpaceOptions options, const Ground& ground, Teller& teller)
    : options_(std::move(options)), ground_(ground), teller_(teller), crowd_(options_.bounds) {
  blocks_.set_shelter([this](Row viewer, Row minor) { return is_sheltered(viewer, minor); });
  CITIVERSE_CHECK(options_.ticks_per_second >= 2 && options_.ticks_per_second <= 255, "a tick's rate is told in one byte");
  CITIVERSE_CHECK(options_.people_max < (1u << kRowBits), "a person's number has so many bits for its row");
}

Row Space::find(PersonId person) const {
  const Row row = row_of(person);
  if (person == kNobody || row >= bodies_.size() || bodies_[row].person != person) return kNoRow;
  return bodies_[row].is_here ? row : kNoRow;
}

void Space::expect(PersonId person) const {
  constexpr std::size_t kLine = 64;
  const Row row = row_of(person);
  if (row >= bodies_.size()) return;
  __builtin_prefetch(&bodies_[row], 1);
  __builtin_prefetch(&movers_[row], 1);
  const auto* const viewer = reinterpret_cast<const std::byte*>(viewers_[row].get());
  for (std::size_t line = 0; line < offsetof(Viewer, rows); line += kLine) __builtin_prefetch(viewer + line, 1);
  for (std::size_t line = 0; line < Interest::kFullRateSlots * sizeof(Row); line += kLine) {
    __builtin_prefetch(viewer + offsetof(Viewer, rows) + line);
    __builtin_prefetch(viewer + offsetof(Viewer, seen) + line, 1);
  }
}

void Space::take(PersonId person, const Move& move, std::int64_t now_us) {
  const Row row = find(person);
  if (row == kNoRow) return;
  Mover& mover = movers_[row];
  if (mover.has_sequence && static_cast<std::int16_t>(static_cast<std::uint16_t>(move.sequence - mover.sequence)) <= 0) return;
  mover.sequence = move.sequence;
  mover.has_sequence = true;
  Body& body = bodies_[row];
  Viewer& viewer = *viewers_[row];
  viewer.acknowledged = move.sequence;
  // Until the client has been told where it is, it speaks of where it was.
  if (viewer.correction == Correction::teleport) return;
  const Mover before = mover;
  const Step step = judge_step(mover, body.at, move.place, now_us, options_.bounds, ground_);
  if (step.correction == Correction::speed && cards_[row]->went_us >= 0 && now_us - cards_[row]->went_us < kOldStepsUs) {
    // A step from where one was before, sent before one had heard: it must not drag anybody back.
    mover = before;
    viewer.correction = Correction::teleport;
    viewer.correction_place = body.at;
    viewer.correction_heading = body.heading;
    return;
  }
  if (step.correction != Correction::none) {
    viewer.correction = step.correction;
    viewer.correction_place = step.place;
    viewer.correction_heading = move.heading;
  }
  if (move.pose != nullptr) {
    if (poses_.size() < bodies_.size()) poses_.resize(bodies_.capacity());
    std::copy_n(move.pose, kPoseBytes, poses_[row].begin());
  }
  publish(body, step.place, move.heading, move.state, move.pose != nullptr);
}

void Space::take(PersonId person, const View& view) {
  const Row row = find(person);
  if (row == kNoRow) return;
  Viewer& viewer = *viewers_[row];
  for (unsigned slot = view.slots; slot < viewer.slots; ++slot)
    if (viewer.taken.has(slot)) Interest::empty_slot(viewer, slot);
  viewer.slots = view.slots;
  viewer.rate_hz = view.rate_hz;
  viewer.radius_m = view.radius_m;
  viewer.heading = view.heading;
  viewer.half_opening = view.half_opening;
}

void Space::take(PersonId person, const ObjectMove& move) {
  const Row row = find(person);
  if (row != kNoRow) objects_.move(person, bodies_[row].at, move, options_.bounds, tick_);
}

void Space::advance(std::int64_t now_us) {
  if (began_us_ < 0) began_us_ = now_us;
  now_us_ = now_us;
  const std::uint32_t last = tick_;
  const std::int64_t tick_us = 1'000'000 / options_.ticks_per_second;
  tick_ = std::max(last, static_cast<std::uint32_t>((now_us - began_us_) / tick_us) + 1);
  if (tick_ == last) return;
  const std::uint32_t ticks_per_second = options_.ticks_per_second;
  if (tick_ - index_tick_ >= ticks_per_second / kIndexPerSecond || index_tick_ == 0) {
    index_.build(bodies_);
    settled_rows_.clear();
    index_tick_ = tick_;
  }
  if (tick_ - crowd_tick_ >= ticks_per_second || crowd_tick_ == 0) {
    crowd_.build(bodies_);
    crowd_tick_ = tick_;
    end_suspensions(now_us);
    free_rows();
  }
  // Whoever is told nothing for a while, since they do not read, must not keep rows of people who have gone.
  const std::uint32_t passed = std::min(tick_ - last, refresh_ticks());
  for (std::uint32_t t = tick_ - passed + 1; t <= tick_; ++t)
    for (Row row = t % refresh_ticks(); row < bodies_.size(); row += refresh_ticks())
      if (bodies_[row].is_here && tick_ - refreshed_ticks_[row] > refresh_ticks()) refresh(row);
}

void Space::refresh(Row row) {
  refreshed_ticks_[row] = tick_;
  pins_.clear();
  if (bodies_[row].is_pinning) {
    const PersonCard& card = *cards_[row];
    const PersonId person = bodies_[row].person;
    if (const Group* group = groups_.of(person)) {
      for (const PersonId member : group->members)
        if (const Row member_row = find(member); member_row != kNoRow && member_row != row) pins_.push_back(member_row);
    }
    if (const Row followed = find(card.following); followed != kNoRow) {
      const double dx = static_cast<double>(bodies_[followed].at.x) - bodies_[row].at.x;
      const double dy = static_cast<double>(bodies_[followed].at.y) - bodies_[row].at.y;
      if (dx * dx + dy * dy <= 1e4 * kRadiusMaxM * kRadiusMaxM) pins_.push_back(followed);
    }
  }
  interest_.refresh(row, *viewers_[row], bodies_, index_, blocks_, pins_);
}

bool Space::has_turn(PersonId person) {
  const Row row = find(person);
  if (row == kNoRow) return false;
  Viewer& viewer = *viewers_[row];
  const auto early = static_cast<std::int32_t>(viewer.turn_tick - tick_);
  if (early > 0) return false;
  // From the last turn and not from now, so that a rate which is no part of the sweeps' rate holds on average.
  const std::uint32_t period = std::max(1u, options_.ticks_per_second / viewer.rate_hz);
  viewer.turn_tick = (-early < static_cast<std::int32_t>(period) ? viewer.turn_tick : tick_) + period;
  return true;
}

std::size_t Space::write_tick(PersonId person, std::uint8_t* out) {
  const Row row = find(person);
  if (row == kNoRow) return 0;
  // Here and not for all at once: the load is even, and what is kept of the viewer is in the processor's cache.
  if (tick_ - refreshed_ticks_[row] >= refresh_ticks()) refresh(row);
  const auto may_see_object = [this, person](const SharedObject& object) { return may_see(person, object); };
  return presence::write_tick({bodies_, poses_, crowd_, objects_, may_see_object, tick_, options_.ticks_per_second}, row,
                              *viewers_[row], out);
}

void Space::set_blocked(PersonId one, PersonId other, bool is_blocked) {
  const Row a = find(one);
  const Row b = find(other);
  if (a == kNoRow || b == kNoRow || a == b) return;
  if (!is_blocked) {
    blocks_.remove(a, b);
    return;
  }
  blocks_.add(a, b);
  bodies_[a].has_blocks = true;
  bodies_[b].has_blocks = true;
  const auto part = [&](Row viewer_row, Row gone) {
    Viewer& viewer = *viewers_[viewer_row];
    viewer.taken.for_each([&](unsigned slot) {
      if (viewer.rows[slot] == gone) Interest::empty_slot(viewer, slot);
    });
    if (cards_[viewer_row]->following == bodies_[gone].person) cards_[viewer_row]->following = kNobody;
  };
  part(a, b);
  part(b, a);
}

void Space::set_hidden(PersonId person, bool is_hidden) {
  const Row row = find(person);
  if (row == kNoRow) return;
  if (cards_[row]->is_hidden != is_hidden) hidden_ = is_hidden ? hidden_ + 1 : hidden_ - 1;
  cards_[row]->is_hidden = is_hidden;
  set_away(bodies_[row], is_hidden);
}

void Space::set_personal_space(PersonId person, float personal_m) {
  if (const Row row = find(person); row != kNoRow) cards_[row]->personal_m = personal_m;
}

void Space::set_profile(PersonId person, Profile profile) {
  const Row row = find(person);
  if (row == kNoRow) return;
  bodies_[row].is_minor = profile.is_minor;
  cards_[row]->profile = std::move(profile);
}

Place Space::standing(geo::Vec2d point_m) const {
  const auto cm = [](double m) { return static_cast<std::int32_t>(std::lround(std::clamp(m, -2e7, 2e7) * 100)); };
  const Bounds& bounds = options_.bounds;
  const geo::Vec2d within{std::clamp(point_m.x, bounds.low.x / 100.0, bounds.high.x / 100.0),
                          std::clamp(point_m.y, bounds.low.y / 100.0, bounds.high.y / 100.0)};
  const geo::Vec2d at = ground_.standing_place(within);
  return {std::clamp(cm(at.x), bounds.low.x, bounds.high.x), std::clamp(cm(at.y), bounds.low.y, bounds.high.y),
          stepped_height(std::clamp(cm(ground_.height_m(at)), bounds.low.z, bounds.high.z))};
}

bool Space::may_teleport(PersonId person, std::int64_t now_us) const {
  const Row row = find(person);
  return row != kNoRow && (cards_[row]->went_us < 0 || now_us - cards_[row]->went_us >= kTeleportUs);
}

bool Space::may_announce(PersonId person, std::int64_t now_us) {
  const Row row = find(person);
  if (row == kNoRow) return false;
  std::int64_t& announced_us = cards_[row]->announced_us;
  if (announced_us >= 0 && now_us - announced_us < kAnnounceUs) return false;
  announced_us = now_us;
  return true;
}

Place Space::teleport(PersonId person, geo::Vec2d point_m, std::int64_t now_us) {
  const Row row = find(person);
  if (row == kNoRow) return standing(point_m);
  const Place place = free_place(standing(point_m), row, Clearance::wishes);
  Body& body = bodies_[row];
  settled_rows_.push_back(row);
  publish_whole(body, place, body.heading, body.state);
  settle(movers_[row], now_us);
  movers_[row].ground_allowance_cm = movers_[row].climb_allowance_cm = 0;  // So that steps from before stand out.
  cards_[row]->went_us = now_us;
  Viewer& viewer = *viewers_[row];
  viewer.correction = Correction::teleport;
  viewer.correction_place = place;
  viewer.correction_heading = body.heading;
  refresh(row);
  return place;
}

void Space::set_following(PersonId person, PersonId followed) {
  const Row row = find(person);
  if (row == kNoRow) return;
  cards_[row]->following = followed;
  regroup({&person, 1});
}

PersonId Space::following(PersonId person) const {
  const Row row = find(person);
  return row == kNoRow ? kNobody : cards_[row]->following;
}

void Space::regroup(std::span<const PersonId> people) {
  for (const PersonId person : people) {
    const Row row = find(person);
    if (row == kNoRow) continue;
    bodies_[row].is_pinning = groups_.of(person) != nullptr || cards_[row]->following != kNobody;
    refresh(row);
  }
}

}  // namespace citiverse::presence
