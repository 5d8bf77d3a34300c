// Where sun is counted: points spread over façades, roofs and the ground.
#pragma once

#include <vector>

#include "city/city.h"
#include "sim/sun/sun_scene.h"

namespace citiverse::sim {

/// One value an entry in each: a point, what it stands for, whose it is.
struct SunSamples {
  std::vector<SunPoint> points;
  std::vector<float> areas_m2;
  std::vector<city::FeatureIndex> features;
  std::size_t size() const { return points.size(); }
};

/// How far apart. A value of an area is a mean over points; where shadows have edges, their share is right to about
/// perimeter of shadow × spacing / 2.
struct SampleSpacing {
  double along_m = 3;  ///< On façades and roofs, and in the ground's grid.
  double level_m = 3;  ///< Height of a storey: windows are looked at 1.6 m above each floor.
  double clear_m = 0;  ///< Of the ground: points nearer than this to its border are left out.
};
inline constexpr double kWindowHeightM = 1.6;
inline constexpr std::size_t kSamplesOfFeatureMax = 200'000;

/// Façades of a building or part, from outlines as the city has them: each side in columns at most along_m wide, each storey
/// with the middle of its windows, up to the eaves. A building that has parts has their façades. Points inside a neighbour,
/// on walls that two houses share, are dark all day.
void add_facades(const city::City& city, city::FeatureIndex building, const SampleSpacing& spacing, SunSamples& samples);

/// The roof as it is drawn, each triangle with points evenly over it, along_m apart.
void add_roof(const city::City& city, city::FeatureIndex building, const SampleSpacing& spacing, SunSamples& samples);

/// An area's ground in a square grid of the plane, its holes and the buildings on it left out; of a line, points every along_m
/// across its width and along it. The grid widens where it would have more than kSamplesOfFeatureMax points.
void add_ground(const city::City& city, city::FeatureIndex feature, const SampleSpacing& spacing, SunSamples& samples);

/// Façades along a street, of the buildings whose outline is within `reach_m` of its centre line, and its own ground.
void add_street(const city::City& city, city::FeatureIndex street, double reach_m, const SampleSpacing& spacing,
                SunSamples& samples);

/// Of all points in the plane: what a scene must be made for.
geo::Box2d box_of(const SunSamples& samples);

}  // namespace citiverse::sim
