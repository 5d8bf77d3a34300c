// A space without an engine, for tests of talk: people at places, groups and blocks as a test puts them, and what each was
// told.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "presence/reach.h"
#include "presence/talk_rules.h"

namespace citiverse::presence {

class ReachOnPaper : public Reach {
 public:
  struct Someone {
    Profile profile;
    Place place;
    int group = 0;
    bool hidden = false;
    std::vector<std::string> told;
  };

  PersonId enter(std::uint64_t account, double x_m, int group = 0) {
    const auto person = static_cast<PersonId>(people.size() + 1);
    Someone& someone = people[person];
    someone.profile.account = account;
    someone.profile.name = "N" + std::to_string(account);
    someone.place.x = static_cast<std::int32_t>(std::lround(x_m * 100));
    someone.group = group;
    return person;
  }
  /// All that a person was told since the last call.
  std::vector<std::string> take(PersonId person) { return std::exchange(people.at(person).told, {}); }

  bool is_here(PersonId person) const override { return people.contains(person); }
  const Profile* profile(PersonId person) const override {
    const auto found = people.find(person);
    return found != people.end() ? &found->second.profile : nullptr;
  }
  std::optional<Place> place(PersonId person) const override {
    const auto found = people.find(person);
    return found != people.end() ? std::optional(found->second.place) : std::nullopt;
  }
  void near(PersonId who, double radius_m, std::size_t people_max, std::vector<PersonId>& out) const override {
    out.clear();
    const auto from = people.find(who);
    if (from == people.end()) return;
    std::vector<std::pair<std::int64_t, PersonId>> found;
    for (const auto& [person, someone] : people) {
      const std::int64_t away_cm = std::abs(std::int64_t{someone.place.x} - from->second.place.x);
      if (person == who || someone.hidden || !may_meet(who, person) || static_cast<double>(away_cm) > radius_m * 100) continue;
      found.emplace_back(away_cm, person);
    }
    std::ranges::sort(found);
    for (std::size_t i = 0; i < std::min(found.size(), people_max); ++i) out.push_back(found[i].second);
  }
  bool may_meet(PersonId one, PersonId other) const override {
    return is_here(one) && is_here(other) && !apart.contains({std::min(one, other), std::max(one, other)});
  }
  bool is_hidden(PersonId person) const override { return is_here(person) && people.at(person).hidden; }
  void group_of(PersonId who, std::vector<PersonId>& out) const override {
    out.clear();
    const auto found = people.find(who);
    if (found == people.end() || found->second.group == 0) return;
    for (const auto& [person, someone] : people)
      if (someone.group == found->second.group) out.push_back(person);
  }
  bool tell(PersonId to, std::string_view json) override {
    const auto found = people.find(to);
    if (found == people.end()) return false;
    found->second.told.emplace_back(json);
    return true;
  }

  std::map<PersonId, Someone> people;
  std::set<std::pair<PersonId, PersonId>> apart;
};

/// Rules that a test turns: everything is allowed at first.
class RulesOnPaper : public TalkRules {
 public:
  TalkLimits limits(const Profile& who) override {
    const auto found = limits_of.find(who.account);
    return found != limits_of.end() ? found->second : usual;
  }
  bool hears(const Profile& listener, const Profile& speaker) override {
    return !muted.contains({listener.account, speaker.account});
  }
  base::Result<void> may_write(const Profile&, const Profile& recipient, bool has_been_written_to, bool) override {
    if (closed.contains(recipient.account) && !has_been_written_to)
      return base::fail(base::ErrorCode::denied, "person: not reached");
    return {};
  }
  bool may_speak_together(const Profile& one, const Profile& other, bool share_group) override {
    return share_group || (!one.is_minor && !other.is_minor);
  }
  Witness witness(const Profile& speaker, SayTo, std::string_view text) override {
    return {"2027-01-15T08:00:00Z", std::to_string(speaker.account) + ":" + std::string(text)};
  }

  TalkLimits usual{.messages_per_minute = 30,
                   .direct_new_per_hour = 3,
                   .may_link = true,
                   .may_speak_near = true,
                   .may_speak_in_groups = true,
                   .may_caption = true};
  std::map<std::uint64_t, TalkLimits> limits_of;
  std::set<std::pair<std::uint64_t, std::uint64_t>> muted;  ///< Listener, speaker.
  std::set<std::uint64_t> closed;                           ///< Accounts that take no first word.
};

}  // namespace citiverse::presence
