// How much light falls on roofs and façades in a year: what solar cells, plants and rooms live on.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "formats/epw.h"
#include "sim/sun/sky.h"
#include "sim/sun/sun_scene.h"

namespace citiverse::sim {

/// A year of light over one place, hour by hour, and where it is from.
struct YearOfLight {
  struct Hour {
    SunPosition sun;  ///< In the middle of the hour.
    SkyLight light;
    std::uint16_t day = 0;  ///< Of the year, from 0.
    std::uint8_t hour = 0;  ///< Of local mean or standard time, 0 to 23.
  };
  std::vector<Hour> hours;  ///< Those with the sun up or the sky bright.
  std::string source;       ///< For whoever reads the numbers, such as "clear sky all year, Linke turbidity 3".
  double convergence_deg = 0;
};

/// Every day cloudless: an upper bound.
YearOfLight clear_year(const city::City& city, geo::Vec2d point, std::chrono::year year, const ClearSky& air);
/// The year of a weather file, with the sun of the city's own place. The file's place should be near: its distance is for the
/// caller to judge.
YearOfLight weather_year(const city::City& city, geo::Vec2d point, const formats::EpwWeather& weather);

/// Of one point, kWh/m² a year on its surface.
struct Irradiation {
  float direct = 0;  ///< The sun's beam and the bright sky around it.
  float sky = 0;
  float ground = 0;  ///< Thrown back by the ground, as if nothing stood on it.
  float open = 0;    ///< What the sum would be without anything in the way.
  float total() const { return direct + sky + ground; }
};

struct IrradiationOptions {
  double ground_albedo = kGroundAlbedo;
  int days_together = 7;  ///< Whose shadows are taken as one day's; their light is added hour by hour.
};
inline constexpr int kDaysTogetherMax = 31;
/// Sky is looked at in this many directions: the part of it that a point sees is right within kSkyErrorPart.
inline constexpr std::size_t kSkyDirections = 256;
inline constexpr double kSkyErrorPart = 0.02;
/// Surfaces are taken to face this close to their normal.
inline constexpr double kOrientationErrorDeg = 0.5;

/// Irradiation of each point, in order; points need a normal. Sky by Perez (light_on_slope): direct light and the light around
/// the sun are hidden with the sun; the dome by the part of it that is seen; the horizon's band by the part that is seen of it.
/// What hides the sky throws nothing back: in narrow streets some light is missing. Same numbers with any number of threads.
/// Fails: limit, bad_input, conflict.
base::Result<std::vector<Irradiation>> irradiation(const SunScene& scene, std::span<const SunPoint> points,
                                                   const YearOfLight& year, const IrradiationOptions& options = {},
                                                   const ModelRun& run = {});

/// The part of the sky's light that a point sees of what its surface would see in the open, 0 to 1: an even sky, by cosine.
float sky_seen(const SunScene& scene, const SunPoint& point);

}  // namespace citiverse::sim
