// Coming to a space, losing it for a moment, and going; and what talk may ask of it.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "presence/bytes.h"
#include "presence/space.h"

namespace citiverse::presence {
namespace {

constexpr std::size_t kSuspendedMax = 4096;
constexpr unsigned kFreePlacesTried = 64;
constexpr float kFreePlacesM = 7;  // So far away they lie at most.
constexpr float kWishMaxM = 3;
constexpr std::size_t kNeighboursMax = 256;                     // In a denser crowd there is no free place to be found.
constexpr float kBodyM = 0.5f;                                  // Nobody is put nearer to another, whatever both chose.
constexpr std::int32_t kStoreyCm = 200;                         // Who is higher or lower is on another floor.
constexpr unsigned kGenerations = (1u << (32 - kRowBits)) - 1;  // 1 to this: 0 would make the first person nobody.

std::uint64_t key_of(const ResumeToken& token) { return get<std::uint64_t>(token.data()); }

}  // namespace

Row Space::take_row() {
  if (!free_rows_.empty()) {
    const Row row = free_rows_.front();
    free_rows_.pop_front();
    return row;
  }
  const auto row = static_cast<Row>(bodies_.size());
  bodies_.emplace_back();
  movers_.emplace_back();
  viewers_.push_back(std::make_unique<Viewer>());
  refreshed_ticks_.push_back(0);
  cards_.push_back(std::make_unique<PersonCard>());
  generations_.push_back(static_cast<std::uint16_t>(base::mix64(options_.seed ^ row) % kGenerations));
  return row;
}

Row Space::suspended_row(const ResumeToken& token, std::uint64_t account) {
  const auto found = tokens_.find(key_of(token));
  if (found == tokens_.end()) return kNoRow;
  const PersonCard& card = *cards_[found->second];
  if (card.token != token || card.profile.account != account || card.suspended_us < 0) return kNoRow;
  return found->second;
}

void Space::forget_token(const PersonCard& card) { tokens_.erase(key_of(card.token)); }

void Space::clear_view(Row row) {
  Viewer& viewer = *viewers_[row];
  viewer = {};
}

base::Result<Row> Space::row_for(const Profile& profile, const Hello& hello, std::int64_t now_us, bool& is_resumed) {
  is_resumed = false;
  if (hello.token) {
    const Row row = suspended_row(*hello.token, profile.account);
    if (row != kNoRow) {
      is_resumed = true;
      std::erase(suspended_rows_, row);
      return row;
    }
  }
  if (people_ + suspended_rows_.size() >= options_.people_max) {
    if (suspended_rows_.empty())
      return base::fail(base::ErrorCode::limit, "the space " + options_.name + " is full; try again when somebody has left");
    end_suspensions(now_us + kResumeUs);
  }
  const Row row = take_row();
  generations_[row] = static_cast<std::uint16_t>(generations_[row] % kGenerations + 1);
  bodies_[row].person = (static_cast<PersonId>(generations_[row]) << kRowBits) | row;
  return row;
}

void Space::settle_place(Row row, const Hello& hello, std::int64_t now_us) {
  Place place;
  if (hello.has_place) {
    place = standing({hello.place.x / 100.0, hello.place.y / 100.0});
    // Upstairs or on a bridge stays there.
    const std::int32_t above = hello.place.z;
    if (above > place.z && above <= options_.bounds.high.z) place.z = stepped_height(above);
    place = free_place(place, row, Clearance::bodies);
  } else {
    place = free_place(standing({options_.spawn.x / 100.0, options_.spawn.y / 100.0}), row, Clearance::wishes);
  }
  publish_whole(bodies_[row], place, hello.heading, hello.state);
  settle(movers_[row], now_us);
  settled_rows_.push_back(row);
}

// Who is near enough to be in the way of somebody who is put at `place` or around it, into `out`; how many.
std::size_t Space::neighbours_of(Place place, Row self, Clearance clearance, std::span<Neighbour> out) const {
  constexpr double kReach2Cm = 1e4 * (kFreePlacesM + kWishMaxM) * (kFreePlacesM + kWishMaxM);
  unsigned level = 0;
  while (level + 1 < CellIndex::kLevels && CellIndex::size_cm(level) * CellIndex::size_cm(level) < kReach2Cm) ++level;
  const float own_m = clearance == Clearance::wishes ? std::max(kBodyM, cards_[self]->personal_m) : kBodyM;
  std::size_t count = 0;
  const auto offer = [&](Row row) {
    const Body& body = bodies_[row];
    if (row == self || body.is_away || body.person == kNobody || std::abs(body.at.z - place.z) > kStoreyCm) return;
    const double dx = static_cast<double>(body.at.x) - place.x;
    const double dy = static_cast<double>(body.at.y) - place.y;
    if (dx * dx + dy * dy > kReach2Cm) return;
    const float wish_m = clearance == Clearance::wishes ? std::max(own_m, cards_[row]->personal_m) : own_m;
    out[count++] = {static_cast<float>(dx / 100), static_cast<float>(dy / 100), wish_m};
  };
  for (std::size_t i = settled_rows_.size(); i > 0 && count < out.size(); --i) offer(settled_rows_[i - 1]);
  for (const CellIndex::Run& run : index_.around(place, level))
    for (std::uint32_t i = run.begin; i < run.end && count < out.size(); ++i) offer(index_.row(i));
  return count;
}

Place Space::free_place(Place wanted, Row self, Clearance clearance) const {
  std::array<Neighbour, kNeighboursMax> storage;
  const std::span<const Neighbour> neighbours = std::span(storage).first(neighbours_of(wanted, self, clearance, storage));
  // Who comes back into a crowd where all is taken is where they were.
  const bool may_stay = clearance == Clearance::bodies;
  if (neighbours.empty() || (may_stay && neighbours.size() == kNeighboursMax)) return wanted;
  // What is left to the nearest after their wish, or own.
  const auto room_m = [&](float east_m, float north_m) {
    float room = kFreePlacesM;
    for (const Neighbour& each : neighbours)
      room = std::min(room, std::hypot(each.east_m - east_m, each.north_m - north_m) - each.wish_m);
    return room;
  };
  const geo::Vec2d from{wanted.x / 100.0, wanted.y / 100.0};
  const std::int32_t ground_z = standing(from).z;
  Place best = wanted;
  float best_m = room_m(0, 0);
  // In Vogel's spiral, 1979, doi:10.1016/0025-5564(79)90080-4.
  for (unsigned n = 1; n < kFreePlacesTried && best_m < 0; ++n) {
    const double turn = n * 2.399963229728653;
    const double reach = kFreePlacesM * std::sqrt(static_cast<double>(n) / kFreePlacesTried);
    const geo::Vec2d to{from.x + reach * std::cos(turn), from.y + reach * std::sin(turn)};
    // The ground is asked only for places that are better than what is known.
    if (room_m(static_cast<float>(to.x - from.x), static_cast<float>(to.y - from.y)) <= best_m) continue;
    Place place = standing(to);
    const geo::Vec2d found{place.x / 100.0, place.y / 100.0};
    const float found_m = room_m(static_cast<float>(found.x - from.x), static_cast<float>(found.y - from.y));
    if (found_m <= best_m || ground_.is_walled(from, found)) continue;
    if (wanted.z > ground_z) place.z = std::max(place.z, wanted.z);  // Upstairs.
    best = place;
    best_m = found_m;
  }
  return may_stay && best_m < 0 ? wanted : best;
}

base::Result<Welcome> Space::join(Profile profile, const Hello& hello, const ResumeToken& token, std::int64_t now_us) {
  if (began_us_ < 0) advance(now_us);
  bool is_resumed = false;
  const auto found = row_for(profile, hello, now_us, is_resumed);
  if (!found) return std::unexpected(found.error());
  const Row row = *found;
  PersonCard& card = *cards_[row];
  if (is_resumed)
    forget_token(card);
  else
    card = {};
  card.profile = std::move(profile);
  card.token = token;
  card.suspended_us = -1;
  bodies_[row].is_here = true;
  card.is_hidden = card.is_hidden || hello.is_hidden;
  tokens_[key_of(token)] = row;
  ++people_;
  if (card.is_hidden) ++hidden_;
  objects_.adopt(bodies_[row].person, card.profile.account);
  clear_view(row);
  movers_[row].has_sequence = false;
  if (!is_resumed || hello.has_place) {
    const bool is_near = is_resumed && std::abs(hello.place.x - std::int64_t{bodies_[row].at.x}) <= kReachCm &&
                         std::abs(hello.place.y - std::int64_t{bodies_[row].at.y}) <= kReachCm;
    if (!is_resumed || is_near) settle_place(row, hello, now_us);
  }
  Body& body = bodies_[row];
  if (!is_resumed) body.has_blocks = body.is_pinning = false;
  body.is_minor = card.profile.is_minor;
  set_away(body, card.is_hidden);
  Viewer& viewer = *viewers_[row];
  viewer.slots = hello.slots;
  viewer.rate_hz = hello.rate_hz;
  viewer.radius_m = hello.radius_m;
  viewer.turn_tick = tick_;
  viewer.sent_tick = viewer.density_tick = tick_;
  refresh(row);
  const std::int64_t tick_us = 1'000'000 / options_.ticks_per_second;
  const Bounds& bounds = options_.bounds;
  return Welcome{.person = body.person,
                 .slots = viewer.slots,
                 .rate_hz = viewer.rate_hz,
                 .radius_m = viewer.radius_m,
                 .ticks_per_second = static_cast<std::uint8_t>(options_.ticks_per_second),
                 .is_resumed = is_resumed,
                 .tick = static_cast<std::uint16_t>(tick_),
                 .tick_at_us = static_cast<std::uint64_t>(began_us_ + (tick_ - std::int64_t{1}) * tick_us),
                 .token = token,
                 .place = body.at,
                 .heading = body.heading,
                 .origin_lat_deg = options_.origin.lat_deg,
                 .origin_lon_deg = options_.origin.lon_deg,
                 .west = bounds.low.x,
                 .south = bounds.low.y,
                 .east = bounds.high.x,
                 .north = bounds.high.y};
}

void Space::count_out(const PersonCard& card) {
  --people_;
  if (card.is_hidden) --hidden_;
}

void Space::suspend(PersonId person, std::int64_t now_us) {
  const Row row = find(person);
  if (row == kNoRow) return;
  if (suspended_rows_.size() >= kSuspendedMax) {
    leave(person);
    return;
  }
  set_away(bodies_[row], true);
  clear_view(row);
  cards_[row]->suspended_us = now_us;
  bodies_[row].is_here = false;
  suspended_rows_.push_back(row);
  count_out(*cards_[row]);
}

void Space::leave(PersonId person) {
  const Row row = row_of(person);
  if (person == kNobody || row >= bodies_.size() || bodies_[row].person != person) return;
  PersonCard& card = *cards_[row];
  teller_.goes(person);
  if (card.suspended_us >= 0)
    std::erase(suspended_rows_, row);
  else
    count_out(card);
  forget_token(card);
  groups_.leave(person);
  objects_.forget(person);
  blocks_.forget(row);
  set_away(bodies_[row], true);
  bodies_[row].person = kNobody;
  bodies_[row].is_here = false;
  clear_view(row);
  card = {};
  card.is_leaving = true;
  card.leaving_tick = tick_;
  leaving_rows_.push_back(row);
}

void Space::end_suspensions(std::int64_t now_us) {
  while (!suspended_rows_.empty() && now_us - cards_[suspended_rows_.front()]->suspended_us >= kResumeUs)
    leave(bodies_[suspended_rows_.front()].person);
}

void Space::free_rows() {
  // Every viewer has been refreshed since, so none has the row any more.
  std::erase_if(leaving_rows_, [&](Row row) {
    if (tick_ - cards_[row]->leaving_tick <= 2 * refresh_ticks()) return false;
    cards_[row]->is_leaving = false;
    free_rows_.push_back(row);
    return true;
  });
}

const Profile* Space::profile(PersonId person) const {
  const Row row = find(person);
  return row == kNoRow ? nullptr : &cards_[row]->profile;
}

std::optional<Place> Space::place(PersonId person) const {
  const Row row = find(person);
  if (row == kNoRow) return std::nullopt;
  return bodies_[row].at;
}

void Space::near(PersonId who, double radius_m, std::size_t people_max, std::vector<PersonId>& out) const {
  out.clear();
  const Row self = find(who);
  if (self == kNoRow) return;
  const double radius_cm = radius_m * 100;
  unsigned level = 0;
  while (level + 1 < CellIndex::kLevels && CellIndex::size_cm(level) < radius_cm) ++level;
  std::vector<std::pair<double, PersonId>> found;
  for (const CellIndex::Run& run : index_.around(bodies_[self].at, level)) {
    for (std::uint32_t i = run.begin; i < run.end; ++i) {
      const Row row = index_.row(i);
      const Body& body = bodies_[row];
      // Who does not see a minor does not hear them either.
      if (row == self || body.is_away || blocks_.has(self, row) || (bodies_[self].is_minor && is_sheltered(row, self)))
        continue;
      const double dx = static_cast<double>(body.at.x) - bodies_[self].at.x;
      const double dy = static_cast<double>(body.at.y) - bodies_[self].at.y;
      if (dx * dx + dy * dy <= radius_cm * radius_cm) found.emplace_back(dx * dx + dy * dy, body.person);
    }
  }
  const std::size_t count = std::min(people_max, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end());
  for (std::size_t i = 0; i < count; ++i) out.push_back(found[i].second);
}

void Space::people_around(Place place, double radius_m, std::size_t people_max, std::vector<PersonId>& out) const {
  out.clear();
  const double radius2_cm = radius_m * radius_m * 1e4;
  for_each_person([&](PersonId person) {
    const Place at = bodies_[row_of(person)].at;
    const double dx = static_cast<double>(at.x) - place.x;
    const double dy = static_cast<double>(at.y) - place.y;
    if (dx * dx + dy * dy <= radius2_cm && out.size() < people_max) out.push_back(person);
  });
}

bool Space::is_within_reach(PersonId person, Place place) const {
  const Row row = find(person);
  if (row == kNoRow) return false;
  const Bounds& bounds = options_.bounds;
  const double dx = static_cast<double>(bodies_[row].at.x) - place.x;
  const double dy = static_cast<double>(bodies_[row].at.y) - place.y;
  return dx * dx + dy * dy <= static_cast<double>(kReachCm) * kReachCm && place.x >= bounds.low.x && place.y >= bounds.low.y &&
         place.z >= bounds.low.z && place.x <= bounds.high.x && place.y <= bounds.high.y && place.z <= bounds.high.z;
}

bool Space::may_see(PersonId viewer, PersonId other) const {
  const Row row = row_of(viewer);
  const Row other_row = row_of(other);
  if (other == kNobody || row == other_row || row >= bodies_.size() || other_row >= bodies_.size() ||
      bodies_[other_row].person != other)
    return true;
  return !blocks_.hides(row, bodies_[row], other_row, bodies_[other_row]);
}

void Space::set_apart_from(PersonId person, std::vector<std::uint64_t> accounts) {
  const Row row = find(person);
  if (row != kNoRow) cards_[row]->apart_from = std::move(accounts);
}

void Space::set_apart_from(PersonId person, std::uint64_t account, bool is_apart) {
  const Row row = find(person);
  if (row == kNoRow) return;
  std::erase(cards_[row]->apart_from, account);
  if (is_apart) cards_[row]->apart_from.push_back(account);
  // Who has lost the connection may come back, and what they own is here.
  for (const Row other : suspended_rows_) {
    if (cards_[other]->profile.account != account) continue;
    if (!is_apart) {
      blocks_.remove(row, other);
      continue;
    }
    blocks_.add(row, other);
    bodies_[row].has_blocks = bodies_[other].has_blocks = true;
  }
}

bool Space::is_apart_from(PersonId person, std::uint64_t account) const {
  const Row row = account == 0 ? kNoRow : find(person);
  return row != kNoRow && std::ranges::find(cards_[row]->apart_from, account) != cards_[row]->apart_from.end();
}

bool Space::is_sheltered(Row viewer, Row minor) const {
  if (viewer == minor) return false;
  if (!bodies_[viewer].is_pinning && cards_[viewer]->profile.organisations.empty()) return true;
  const Profile& child = cards_[minor]->profile;
  const Group* group = groups_.of(bodies_[minor].person);
  if (group != nullptr && std::ranges::find(group->members, bodies_[viewer].person) != group->members.end()) return false;
  const std::vector<std::uint64_t>& others = cards_[viewer]->profile.organisations;
  return std::ranges::none_of(child.organisations,
                              [&](std::uint64_t each) { return std::ranges::find(others, each) != others.end(); });
}

bool Space::may_meet(PersonId one, PersonId other) const {
  const Row a = find(one);
  const Row b = find(other);
  return a != kNoRow && b != kNoRow && a != b && !blocks_.has(a, b);
}

bool Space::is_hidden(PersonId person) const {
  // Of who lost the connection as well: they may come back.
  const Row row = row_of(person);
  return person != kNobody && row < bodies_.size() && bodies_[row].person == person && cards_[row]->is_hidden;
}

void Space::group_of(PersonId who, std::vector<PersonId>& out) const {
  out.clear();
  if (const Group* group = groups_.of(who)) out = group->members;
}

bool Space::tell(PersonId to, std::string_view json) { return is_here(to) && teller_.tell(to, json); }

bool Space::is_known_to(PersonId viewer, PersonId other) const {
  const Row row = find(viewer);
  const Row other_row = find(other);
  if (row == kNoRow || other_row == kNoRow || !may_see(viewer, other)) return false;
  if (row == other_row) return true;
  bool is_known = false;
  viewers_[row]->taken.for_each([&](unsigned slot) { is_known = is_known || viewers_[row]->rows[slot] == other_row; });
  if (is_known) return !bodies_[other_row].is_away;
  const Group* group = groups_.of(viewer);
  return group != nullptr && std::ranges::find(group->members, other) != group->members.end();
}

float Space::personal_m(PersonId person) const {
  const Row row = find(person);
  return row == kNoRow ? 0 : cards_[row]->personal_m;
}

}  // namespace citiverse::presence
