// The ground of a city from elevation rasters: resampled to the city's grid, holes filled, noise smoothed, still water level.
#pragma once

#include <filesystem>
#include <span>

#include "base/result.h"
#include "city/terrain.h"
#include "ingest/reader.h"
#include "ingest/shape.h"

namespace citiverse::ingest {

inline constexpr double kTerrainStepMinM = 10;
inline constexpr double kTerrainStepMaxM = 25;
inline constexpr std::size_t kTerrainGridMax = 6'000'000;  ///< Samples; a larger city gets a coarser grid.
inline constexpr double kStillWaterMinM2 = 2000;           ///< Smaller ponds do not shape the ground.

/// The terrain of draft.box from draft.elevations, where the first file that has a height counts. Flat at 0 m, with a finding,
/// when no file reaches the box; two samples a side then.
///
/// Smoothing: a binomial filter with a standard deviation of half a pixel of the coarsest source. Radar elevation (SRTM)
/// carries noise of some metres and house tops; half a pixel takes the lumps and keeps every slope that the source resolves.
/// Water: the sea is at 0 m; lakes, ponds, docks and basins above kStillWaterMinM2 are level at a low quantile of their
/// heights.
base::Result<city::Terrain> make_terrain(CityDraft& draft);

}  // namespace citiverse::ingest
