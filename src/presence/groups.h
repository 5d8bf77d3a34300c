// Groups that stay together and tours that somebody leads: who belongs to whom, by a code that only members know.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "presence/wire.h"

namespace citiverse::presence {

inline constexpr std::size_t kGroupPeopleMax = 50;  ///< A school class with its teachers.
inline constexpr std::size_t kGroupCodeBytesMin = 16;
inline constexpr std::size_t kGroupCodeBytesMax = 32;

struct Group {
  std::string code;  ///< A secret: who knows it may join. Letters and digits.
  PersonId leader = kNobody;
  std::vector<PersonId> members;  ///< In order of joining.
  std::vector<PersonId> on_tour;  ///< Members who follow the leader.
  bool is_touring = false;
};

/// Of one space, one thread; at most one group a person. Groups end with their last member; a code that nobody is in any more
/// makes a new group, so that after a node's restart all who come back with it are together again.
class Groups {
 public:
  const Group* of(PersonId person) const;
  /// Nothing when nobody is in it.
  const Group* find(std::string_view code) const;
  std::size_t count() const { return by_code_.size(); }

  /// `code`: fresh, from a source of secrets.
  base::Result<void> make(PersonId person, std::string code);
  base::Result<void> join(PersonId person, std::string_view code);
  void leave(PersonId person);
  base::Result<void> remove(PersonId leader, PersonId member);
  base::Result<void> hand_over(PersonId leader, PersonId member);
  base::Result<void> set_tour(PersonId leader, bool is_touring);
  base::Result<void> join_tour(PersonId member, bool joins);

 private:
  Group* group_of(PersonId person);
  base::Result<Group*> led_by(PersonId person);

  std::unordered_map<std::string, Group> by_code_;
  std::unordered_map<PersonId, Group*> of_;
};

}  // namespace citiverse::presence
