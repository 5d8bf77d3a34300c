// Putting one space together.
#include "api/running_space.h"

#include <cmath>

#include "geo/city_plane.h"
#include "identity/ids.h"

namespace citiverse::api {

RunningSpace::RunningSpace(std::string id, presence::SpaceOptions options, const presence::Ground& ground,
                           SpaceSurroundings surroundings)
    : id_(std::move(id)),
      carrier_(surroundings.carrier),
      rules_(*this, surroundings.accounts),
      keeper_(*this),
      relay_(surroundings.relay == nullptr ? nullptr : surroundings.relay->port()),
      space_(std::move(options), ground, *this),
      talk_(space_, surroundings.talk_rules, relay_.get(), &surroundings.pace),
      gathering_(space_, rules_, &keeper_, &talk_) {
  gathering_.add_to(says_);
  talk_.add_to(says_);
}

void RunningSpace::goes(presence::PersonId person) {
  gathering_.goes(person);
  talk_.left(person);
  carrier_.went(*this, person);
}

// ---- things that stay ------------------------------------------------------------------------------------------------

void RunningSpace::set_things(ThingKeeper& things, std::uint64_t running) {
  things_ = &things;
  running_ = running;
  for (presence::KeptObject& kept : things.in_space(id_)) stand(std::move(kept));
}

void RunningSpace::stand(presence::KeptObject kept) {
  const geo::LatLon here = space_.options().origin;
  // A city that is read anew may have its middle elsewhere.
  if (id_ == kCitySpace && (kept.origin.lat_deg != here.lat_deg || kept.origin.lon_deg != here.lon_deg)) {
    const geo::LatLon place = geo::CityPlane(kept.origin).to_lat_lon({kept.at.x / 100.0, kept.at.y / 100.0});
    const geo::Vec2d point = geo::CityPlane(here).to_plane(place);
    kept.at.x = static_cast<std::int32_t>(std::lround(point.x * 100));
    kept.at.y = static_cast<std::int32_t>(std::lround(point.y * 100));
  }
  gathering_.stand(kept, identity::id_text(kept.id));
}

void RunningSpace::answered(const ThingAsker& asker, const base::Result<presence::KeptObject>& kept) {
  // The space ended meanwhile, and runs again: what was kept stands, and what was not is gone already.
  if (asker.running != running_) {
    if (kept) stand(*kept);
  } else if (kept) {
    gathering_.kept(asker.object, *kept, identity::id_text(kept->id));
  } else {
    gathering_.not_kept(asker.object, kept.error());
  }
}

void RunningSpace::thing_changed(const presence::KeptObject& object, bool stands) {
  if (stands)
    stand(object);
  else
    gathering_.gone(object.id);
}

base::Result<void> RunningSpace::Keeper::may_stay(const presence::Profile& who, std::string_view text) {
  if (space_.things_ == nullptr) return base::fail(base::ErrorCode::denied, "stays: in this space nothing stays");
  return space_.things_->may_stay(who, text);
}

base::Result<void> RunningSpace::Keeper::keep(const presence::SharedObject& object) {
  return space_.things_->keep({space_.id_, space_.running_, object.id}, to_keep(object));
}

void RunningSpace::Keeper::settled(const presence::SharedObject& object) { space_.things_->settled(to_keep(object)); }

void RunningSpace::Keeper::taken_away(const presence::SharedObject& object) {
  space_.things_->taken_away(object.account, object.kept);
}

presence::KeptObject RunningSpace::Keeper::to_keep(const presence::SharedObject& object) const {
  return {.id = object.kept,
          .space = space_.id_,
          .owner = object.account,
          .owner_name = object.by,
          .shape = object.shape,
          .text = object.text,
          .origin = space_.space_.options().origin,
          .at = object.at,
          .orientation = object.orientation,
          .is_locked = object.is_locked};
}

}  // namespace citiverse::api
