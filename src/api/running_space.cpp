// Putting one space together.
#include "api/running_space.h"

namespace citiverse::api {

RunningSpace::RunningSpace(std::string id, presence::SpaceOptions options, const presence::Ground& ground,
                           SpaceSurroundings surroundings)
    : id_(std::move(id)),
      carrier_(surroundings.carrier),
      rules_(*this, surroundings.accounts),
      relay_(surroundings.relay == nullptr ? nullptr : surroundings.relay->port()),
      space_(std::move(options), ground, *this),
      gathering_(space_, rules_),
      talk_(space_, surroundings.talk_rules, relay_.get(), &surroundings.pace) {
  gathering_.add_to(says_);
  talk_.add_to(says_);
}

void RunningSpace::goes(presence::PersonId person) {
  gathering_.goes(person);
  talk_.left(person);
  carrier_.went(*this, person);
}

}  // namespace citiverse::api
