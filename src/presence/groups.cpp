// Joining, leaving and leading groups.
#include "presence/groups.h"

#include <algorithm>

#include <fmt/format.h>

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;

bool is_code(std::string_view code) {
  return code.size() >= kGroupCodeBytesMin && code.size() <= kGroupCodeBytesMax && std::ranges::all_of(code, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

bool holds(std::span<const PersonId> people, PersonId person) { return std::ranges::find(people, person) != people.end(); }

}  // namespace

Group* Groups::group_of(PersonId person) {
  const auto found = of_.find(person);
  return found == of_.end() ? nullptr : found->second;
}

const Group* Groups::of(PersonId person) const {
  const auto found = of_.find(person);
  return found == of_.end() ? nullptr : found->second;
}

const Group* Groups::find(std::string_view code) const {
  const auto found = by_code_.find(std::string(code));
  return found == by_code_.end() ? nullptr : &found->second;
}

base::Result<Group*> Groups::led_by(PersonId person) {
  Group* group = group_of(person);
  if (group == nullptr) return fail(ErrorCode::conflict, "you are in no group; make or join one first");
  if (group->leader != person) return fail(ErrorCode::denied, "only the group's leader may do this");
  return group;
}

base::Result<void> Groups::make(PersonId person, std::string code) {
  if (!is_code(code)) return fail(ErrorCode::bad_input, "code: 16 to 32 letters and digits");
  leave(person);
  const auto [group, is_new] = by_code_.try_emplace(code);
  if (!is_new) return fail(ErrorCode::conflict, "this code is a group's already");
  group->second = {std::move(code), person, {person}, {}, false};
  of_[person] = &group->second;
  return {};
}

base::Result<void> Groups::join(PersonId person, std::string_view code) {
  if (!is_code(code)) return fail(ErrorCode::bad_input, "join: a group's code has 16 to 32 letters and digits");
  const auto found = by_code_.find(std::string(code));
  if (found == by_code_.end()) return make(person, std::string(code));
  Group& group = found->second;
  if (group_of(person) == &group) return {};
  if (group.members.size() >= kGroupPeopleMax)
    return fail(ErrorCode::limit, fmt::format("the group has its {} members", kGroupPeopleMax));
  leave(person);
  group.members.push_back(person);
  of_[person] = &group;
  return {};
}

void Groups::leave(PersonId person) {
  Group* group = group_of(person);
  if (group == nullptr) return;
  of_.erase(person);
  std::erase(group->members, person);
  std::erase(group->on_tour, person);
  if (group->members.empty()) {
    by_code_.erase(std::string(group->code));
    return;
  }
  if (group->leader != person) return;
  group->leader = group->members.front();
  group->is_touring = false;
  group->on_tour.clear();
}

base::Result<void> Groups::remove(PersonId leader, PersonId member) {
  const auto group = led_by(leader);
  if (!group) return std::unexpected(group.error());
  if (member == leader || !holds((*group)->members, member))
    return fail(ErrorCode::not_found, "remove: names nobody else of your group");
  leave(member);
  return {};
}

base::Result<void> Groups::hand_over(PersonId leader, PersonId member) {
  const auto group = led_by(leader);
  if (!group) return std::unexpected(group.error());
  if (!holds((*group)->members, member)) return fail(ErrorCode::not_found, "lead: names nobody of your group");
  (*group)->leader = member;
  (*group)->is_touring = false;
  (*group)->on_tour.clear();
  return {};
}

base::Result<void> Groups::set_tour(PersonId leader, bool is_touring) {
  const auto group = led_by(leader);
  if (!group) return std::unexpected(group.error());
  (*group)->is_touring = is_touring;
  (*group)->on_tour.clear();
  return {};
}

base::Result<void> Groups::join_tour(PersonId member, bool joins) {
  Group* group = group_of(member);
  if (group == nullptr || !group->is_touring || group->leader == member)
    return fail(ErrorCode::conflict, "nobody else leads a tour in your group");
  std::erase(group->on_tour, member);
  if (joins) group->on_tour.push_back(member);
  return {};
}

}  // namespace citiverse::presence
