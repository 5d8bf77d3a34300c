// Links change one at a time and always on both sides; each person is told once a tick what became of theirs.
#include "presence/voice.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "presence/json_copy.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::string_view name_of(VoiceScope scope) { return scope == VoiceScope::near ? "near" : "group"; }

double distance_m(const Reach& reach, PersonId one, PersonId other) {
  const auto a = reach.place(one);
  const auto b = reach.place(other);
  if (!a || !b) return 1e9;
  return std::sqrt((std::pow(a->x - b->x, 2) + std::pow(a->y - b->y, 2) + std::pow(a->z - b->z, 2))) / 100;
}

// Whether a nearer voice is worth a farther one: clearly nearer, or two would take turns.
bool is_worth_changing(double nearer_m, double farther_m) { return nearer_m * 1.5 + 2 < farther_m; }

bool holds(const std::vector<PersonId>& sorted, PersonId person) { return std::ranges::binary_search(sorted, person); }
void insert(std::vector<PersonId>& sorted, PersonId person) { sorted.insert(std::ranges::lower_bound(sorted, person), person); }

void write_people(base::JsonWriter& json, std::string_view name, const std::vector<PersonId>& people) {
  json.key(name).begin_array();
  for (const PersonId person : people) json.integer(person);
  json.end_array();
}

}  // namespace

const VoiceScope* Voice::scope_of(PersonId person) const {
  const auto found = speakers_.find(person);
  return found != speakers_.end() ? &found->second.scope : nullptr;
}

std::vector<PersonId> Voice::peers_of(PersonId person) const {
  const auto found = speakers_.find(person);
  return found != speakers_.end() ? found->second.peers : std::vector<PersonId>{};
}

bool Voice::is_on_gateway(PersonId person) const {
  const auto found = speakers_.find(person);
  return found != speakers_.end() && found->second.room != 0;
}

bool Voice::may_link(PersonId one, PersonId other, bool share_group) const {
  if (!reach_.may_meet(one, other) || reach_.is_hidden(one) || reach_.is_hidden(other)) return false;
  const Profile* a = reach_.profile(one);
  const Profile* b = reach_.profile(other);
  return a != nullptr && b != nullptr && rules_.hears(*a, *b) && rules_.hears(*b, *a) &&
         rules_.may_speak_together(*a, *b, share_group);
}

bool Voice::is_linked(const Speaker& speaker, PersonId other) const { return holds(speaker.peers, other); }

void Voice::link(PersonId one, PersonId other) {
  insert(speakers_.at(one).peers, other);
  insert(speakers_.at(other).peers, one);
}

void Voice::unlink(PersonId one, PersonId other) {
  std::erase(speakers_.at(one).peers, other);
  std::erase(speakers_.at(other).peers, one);
}

void Voice::unlink_all(PersonId person, Speaker& speaker) {
  for (const PersonId peer : speaker.peers) std::erase(speakers_.at(peer).peers, person);
  speaker.peers.clear();
}

base::Result<void> Voice::turn(PersonId person, bool on, VoiceScope scope) {
  if (!on) {
    left(person);
    return {};
  }
  const Profile* profile = reach_.profile(person);
  if (profile == nullptr) return fail(ErrorCode::not_found, "you are not in this space");
  const TalkLimits limits = rules_.limits(*profile);
  if (scope == VoiceScope::near ? !limits.may_speak_near : !limits.may_speak_in_groups)
    return fail(ErrorCode::denied,
                fmt::format("scope: your account may not speak to '{}' now; see /api/v1/voice and the consent 'voice'",
                            name_of(scope)));
  if (reach_.is_hidden(person)) return fail(ErrorCode::denied, "on: you are invisible; show yourself before you speak");
  if (scope == VoiceScope::group) {
    std::vector<PersonId> members;
    reach_.group_of(person, members);
    std::erase_if(members, [&](PersonId other) {
      const VoiceScope* theirs = scope_of(other);
      return other == person || theirs == nullptr || *theirs != VoiceScope::group;
    });
    if (reach_.group_of(person, found_); found_.empty()) return fail(ErrorCode::bad_input, "scope: you are in no group");
    const bool needs_gateway =
        members.size() >= kMeshPeople || std::ranges::any_of(members, [&](PersonId other) { return is_on_gateway(other); });
    if (needs_gateway && (relay_ == nullptr || !relay_->is_available()))
      return fail(ErrorCode::limit,
                  fmt::format("scope: {} people speak already, and this node has no voice gateway for more", members.size()));
    if (needs_gateway && !std::ranges::all_of(members, [&](PersonId other) { return may_link(person, other, true); }))
      return fail(ErrorCode::denied, "scope: in this conversation is somebody from whom you are kept apart");
  }
  const auto known = speakers_.find(person);
  if (known != speakers_.end() && known->second.scope != scope) left(person);
  speakers_[person].scope = scope;
  if (scope == VoiceScope::near)
    review_near(person, speakers_.at(person));
  else
    review_group(person);
  return {};
}

void Voice::drop_strangers(PersonId person, Speaker& speaker) {
  const std::vector<PersonId> peers = speaker.peers;
  std::vector<PersonId> members;
  reach_.group_of(person, members);
  for (const PersonId peer : peers) {
    const bool share_group = std::ranges::find(members, peer) != members.end();
    const bool is_in_reach = speaker.scope == VoiceScope::group ? share_group : distance_m(reach_, person, peer) <= kVoiceEndsM;
    if (!is_in_reach || !may_link(person, peer, share_group)) unlink(person, peer);
  }
}

void Voice::review_near(PersonId person, Speaker& speaker) {
  drop_strangers(person, speaker);
  if (reach_.is_hidden(person)) return;
  std::vector<PersonId> members;
  reach_.group_of(person, members);
  const auto farthest = [&](PersonId of, const Speaker& at) {
    PersonId found = kNobody;
    double most_m = -1;
    for (const PersonId peer : at.peers) {
      if (const double away_m = distance_m(reach_, of, peer); away_m > most_m) {
        most_m = away_m;
        found = peer;
      }
    }
    return std::pair(found, most_m);
  };
  reach_.near(person, kVoiceBeginsM, kVoiceCandidatesMax, found_);
  const std::vector<PersonId> candidates = found_;
  for (const PersonId other : candidates) {
    const auto there = speakers_.find(other);
    if (there == speakers_.end() || there->second.scope != VoiceScope::near || is_linked(speaker, other)) continue;
    if (!may_link(person, other, std::ranges::find(members, other) != members.end())) continue;
    const double away_m = distance_m(reach_, person, other);
    const auto mine = farthest(person, speaker);
    const auto theirs = farthest(other, there->second);
    const bool i_am_full = speaker.peers.size() >= kVoicePeersMax;
    const bool they_are_full = there->second.peers.size() >= kVoicePeersMax;
    if (i_am_full && !is_worth_changing(away_m, mine.second)) continue;
    if (they_are_full && !is_worth_changing(away_m, theirs.second)) continue;
    if (i_am_full) unlink(person, mine.first);
    if (they_are_full && speakers_.at(other).peers.size() >= kVoicePeersMax) unlink(other, theirs.first);
    link(person, other);
  }
}

bool Voice::part_room(RelayRoom room, const std::vector<PersonId>& members) {
  std::vector<PersonId> inside;
  std::vector<PersonId> outside;
  for (const auto& [person, speaker] : speakers_) {
    if (speaker.room != room) continue;
    (std::ranges::find(members, person) != members.end() ? inside : outside).push_back(person);
  }
  if (outside.empty()) return true;
  for (const PersonId person : inside.size() > outside.size() ? outside : inside) left(person);
  return false;
}

void Voice::review_group(PersonId person) {
  Speaker& speaker = speakers_.at(person);
  drop_strangers(person, speaker);
  std::vector<PersonId> members;
  reach_.group_of(person, members);
  std::erase_if(members, [&](PersonId other) {
    const VoiceScope* theirs = scope_of(other);
    return theirs == nullptr || *theirs != VoiceScope::group;
  });
  if (std::ranges::find(members, person) == members.end()) return left(person);  // The group is gone, or one has left it.
  RelayRoom room = 0;
  for (const PersonId member : members) {
    if (const RelayRoom theirs = speakers_.at(member).room; theirs != 0 && !part_room(theirs, members)) return;
    room = std::max(room, speakers_.at(member).room);
  }
  const bool has_relay = relay_ != nullptr && relay_->is_available();
  if (has_relay && (room != 0 || members.size() > kMeshPeople)) {
    // Larger than a mesh: all go to the gateway, and stay there while the conversation lasts.
    if (room == 0) room = members.front();
    for (const PersonId member : members) {
      unlink_all(member, speakers_.at(member));
      speakers_.at(member).room = room;
    }
    return;
  }
  for (const PersonId other : members) {
    Speaker& there = speakers_.at(other);
    if (other == person || is_linked(speaker, other) || speaker.peers.size() >= kVoicePeersMax) continue;
    if (there.peers.size() < kVoicePeersMax && may_link(person, other, true)) link(person, other);
  }
}

void Voice::tick() {
  if (speakers_.empty()) return;
  std::vector<PersonId> round;
  auto next = speakers_.upper_bound(reviewed_);
  for (std::size_t i = 0; i < std::min(kVoiceReviewsPerTick, speakers_.size()); ++i, ++next) {
    if (next == speakers_.end()) next = speakers_.begin();
    round.push_back(next->first);
  }
  for (const PersonId person : round) {
    const auto found = speakers_.find(person);
    if (found == speakers_.end()) continue;
    reviewed_ = person;
    const Profile* profile = reach_.profile(person);
    const TalkLimits limits = profile != nullptr ? rules_.limits(*profile) : TalkLimits{};
    if (found->second.scope == VoiceScope::near ? !limits.may_speak_near : !limits.may_speak_in_groups)
      left(person);
    else if (found->second.scope == VoiceScope::near)
      review_near(person, found->second);
    else
      review_group(person);
  }
  if (relay_ != nullptr) {
    relay_->drain([&](const RelayWord& word) {
      if (word.has_failed) return left(word.to);
      std::string json;
      base::JsonWriter(json)
          .begin_object()
          .member("t", "signal")
          .key("from")
          .integer(0)
          .key("data")
          .raw(word.data_json)
          .end_object();
      reach_.tell(word.to, json);
    });
  }
  tell_all_changes();
}

void Voice::review_all() {
  for (auto& [person, speaker] : speakers_) drop_strangers(person, speaker);
  tell_all_changes();
}

void Voice::left(PersonId person) {
  const auto found = speakers_.find(person);
  if (found == speakers_.end()) return;
  unlink_all(person, found->second);
  if (found->second.room != 0 && relay_ != nullptr) relay_->leave(person);
  const Speaker was = std::move(found->second);
  speakers_.erase(found);
  std::string json;
  base::JsonWriter writer(json);
  writer.begin_object().member("t", "voice").member("scope", name_of(was.scope)).key("on").boolean(false);
  write_people(writer, "peers", {});
  write_people(writer, "off", was.told);
  writer.end_object();
  reach_.tell(person, json);
}

void Voice::tell_changes(PersonId person, Speaker& speaker) {
  const bool on_gateway = speaker.room != 0;
  if (speaker.is_told && speaker.told == speaker.peers && speaker.told_gateway == on_gateway) return;
  std::vector<PersonId> gone;
  std::ranges::set_difference(speaker.told, speaker.peers, std::back_inserter(gone));
  std::string json;
  base::JsonWriter writer(json);
  writer.begin_object().member("t", "voice").member("scope", name_of(speaker.scope)).key("on").boolean(true);
  write_people(writer, "peers", speaker.peers);
  write_people(writer, "off", gone);
  if (on_gateway) writer.key("gateway").boolean(true);
  writer.end_object();
  if (!reach_.tell(person, json)) return;  // Again in the next tick.
  speaker.told = speaker.peers;
  speaker.told_gateway = on_gateway;
  speaker.is_told = true;
}

void Voice::tell_all_changes() {
  for (auto& [person, speaker] : speakers_) tell_changes(person, speaker);
}

base::Result<void> Voice::signal(PersonId from, PersonId to, base::JsonValue data, std::uint64_t now_ms) {
  const auto found = speakers_.find(from);
  if (found == speakers_.end()) return fail(ErrorCode::denied, "signal: turn your voice on first");
  Speaker& speaker = found->second;
  const std::uint64_t passed_ms = now_ms > speaker.signal_at_ms ? now_ms - speaker.signal_at_ms : 0;
  const double most = kSignalsPerMinute / 6.0;
  speaker.signal_tokens = std::min(most, speaker.signal_tokens + static_cast<double>(passed_ms) * kSignalsPerMinute / 60'000);
  speaker.signal_at_ms = now_ms;
  if (speaker.signal_tokens < 1) return fail(ErrorCode::limit, "signal: too many; wait a moment");
  speaker.signal_tokens -= 1;
  if (!data.is_object()) return fail(ErrorCode::bad_input, "data: a JSON object is needed");
  std::string json;
  base::JsonWriter writer(json);
  copy_json(writer, data);
  if (json.size() > kSignalBytesMax) return fail(ErrorCode::limit, fmt::format("data: at most {} bytes", kSignalBytesMax));
  if (to == kNobody) {
    if (speaker.room == 0 || relay_ == nullptr) return fail(ErrorCode::denied, "person: you are not on the gateway");
    return relay_->signal(speaker.room, from, json);
  }
  if (!is_linked(speaker, to)) return fail(ErrorCode::denied, "person: your voices are not linked; see the last 'voice'");
  std::string told;
  base::JsonWriter(told).begin_object().member("t", "signal").key("from").integer(from).key("data").raw(json).end_object();
  if (!reach_.tell(to, told)) return fail(ErrorCode::unavailable, "person: not reached; try again");
  return {};
}

}  // namespace citiverse::presence
