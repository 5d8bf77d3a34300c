// The slope profiles of roofs, and the two families that make_roof chooses from beside the flat ones.
#pragma once

#include <span>

#include "tiles/roof.h"
#include "tiles/roof_surface.h"

namespace citiverse::tiles {

/// Height over the way from eaves to ridge, both from 0 to 1.
std::span<const ProfileKnot> profile_of(city::RoofShape shape);
double height_at(std::span<const ProfileKnot> profile, double t);
/// Which straight piece of the profile t lies in.
std::uint32_t band_of(std::span<const ProfileKnot> profile, double t);

/// Sides rise to meet each other by straight skeleton. With gables, the ends of wings stand upright (for half-hipped in their
/// lower part); false when no end can, when the outline has too many points, or when the skeleton refuses.
bool make_skeleton_roof(const Outline& outline, const RoofWish& wish, bool with_gables, Roof& roof);

/// Rings of the outline's shape shrink towards its centre of area: pyramidal, dome, onion. False when a side cannot be seen
/// from there.
bool make_revolved_roof(const Outline& outline, const RoofWish& wish, Roof& roof);

}  // namespace citiverse::tiles
