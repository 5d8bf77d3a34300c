// How bright the sky is: sunlight and skylight of a clear day, and what of them falls on a slope.
#pragma once

#include "sim/sun/sun_position.h"

namespace citiverse::sim {

/// Irradiance, W/m²: of the sun's beam on a surface that faces it, and of the sky on a level surface.
struct SkyLight {
  double direct_normal = 0;
  double diffuse_level = 0;
  double global_level(const SunPosition& sun) const;
};

/// How clear the air is: Linke's turbidity, 2 for very clean cold air, 3 for rural, 4 to 5 for towns, more for haze.
struct ClearSky {
  double linke_turbidity = 3;
  double elevation_m = 0;
};

/// The light of a cloudless sky; none with the sun below the horizon. An upper bound of real light over a year, not its mean.
/// Source: Ineichen & Perez 2002, "A new airmass independent formulation for the Linke turbidity coefficient",
/// doi:10.1016/S0038-092X(02)00045-2; air mass: Kasten & Young 1989, doi:10.1364/AO.28.004735.
SkyLight clear_sky(const SunPosition& sun, const ClearSky& air);

/// Path through the air relative to the zenith's; not corrected for pressure. Infinite below the horizon.
double relative_air_mass(double zenith_deg);

/// The sun's beam outside the air, W/m², at a distance in astronomical units: 1361 W/m² at 1 (Kopp & Lean 2011).
double beam_outside_air(double distance_au);

/// What of the sky's light falls on a slope in the open, W/m², by where in the sky it comes from. Any may be hidden by a house.
struct SlopeLight {
  double direct = 0;       ///< The sun's beam.
  double isotropic = 0;    ///< The whole dome, evenly.
  double circumsolar = 0;  ///< From around the sun: hidden with it.
  double horizon = 0;      ///< The bright, or under clouds dark, band along the horizon; may be negative.
  double ground = 0;       ///< Thrown back by the ground.
  double total() const { return direct + isotropic + circumsolar + horizon + ground; }
};

/// Source: Perez, Ineichen, Seals, Michalsky & Stewart 1990, "Modeling daylight availability and irradiance components from
/// direct and global irradiance", doi:10.1016/0038-092X(90)90055-H, equation 9 with table 1; the ground's share isotropic.
SlopeLight light_on_slope(const SkyLight& sky, const SunPosition& sun, double slope_deg, double facing_deg,
                          double ground_albedo);

/// Of grey ground and old asphalt with some grass: the usual value where none is known.
inline constexpr double kGroundAlbedo = 0.2;

}  // namespace citiverse::sim
