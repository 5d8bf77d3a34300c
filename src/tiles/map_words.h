// What the enums of a city are called in map tiles, and the zoom from which each class is drawn.
#pragma once

#include <cstdint>
#include <string_view>

#include "city/feature.h"

namespace citiverse::tiles {

/// The deepest map tiles; clients draw closer views from them.
inline constexpr std::uint32_t kMapZoomMax = 14;
/// More than any zoom: never drawn.
inline constexpr std::uint32_t kMapNever = 99;

// Names are the enumerators' own.
std::string_view word_for(city::BuildingUse use);
std::string_view word_for(city::StreetClass street_class);
std::string_view word_for(city::Structure structure);
std::string_view word_for(city::RailClass rail_class);
std::string_view word_for(city::WaterClass water_class);
std::string_view word_for(city::GreenClass green_class);
std::string_view word_for(city::LandUseClass land_use_class);
std::string_view word_for(city::PavedClass paved_class);
std::string_view word_for(city::BarrierClass barrier_class);
std::string_view word_for(city::LeafType leaf);
std::string_view word_for(city::PlaceClass place_class);
std::string_view word_for(city::TransitMode mode);
std::string_view word_for(city::AreaClass area_class);

std::uint32_t zoom_min(const city::Street& street);
std::uint32_t zoom_min(const city::Rail& rail);
/// Of water that is a line; areas are drawn as soon as they are large enough to see.
std::uint32_t zoom_min(city::WaterClass line);
std::uint32_t zoom_min(const city::Place& place);
std::uint32_t zoom_min(const city::Stop& stop);
std::uint32_t zoom_min(city::AreaClass area_class);

}  // namespace citiverse::tiles
