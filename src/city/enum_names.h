// The words by which enumerated fields stand in the GeoPackage: readable in any GIS, and stable when an enum grows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "city/feature.h"

namespace citiverse::city {

/// The word for the value with this number, e.g. "half_hipped". The enums are those of feature.h.
std::string_view word_for(BuildingUse value);
std::string_view word_for(RoofShape value);
std::string_view word_for(RoofOrientation value);
std::string_view word_for(StreetClass value);
std::string_view word_for(Surface value);
std::string_view word_for(Structure value);
std::string_view word_for(RailClass value);
std::string_view word_for(WaterClass value);
std::string_view word_for(GreenClass value);
std::string_view word_for(LandUseClass value);
std::string_view word_for(PavedClass value);
std::string_view word_for(BarrierClass value);
std::string_view word_for(LeafType value);
std::string_view word_for(PlaceClass value);
std::string_view word_for(Wheelchair value);
std::string_view word_for(TransitMode value);
std::string_view word_for(AreaClass value);

/// The value that has this word; nothing when none has.
template <class Enum>
std::optional<Enum> value_for(std::string_view word);

/// All words of an enum, in its order.
template <class Enum>
std::span<const std::string_view> words_of();

/// Mode bits as words: "walk cycle". Empty for none.
std::string words_for_modes(std::uint8_t modes);
std::optional<std::uint8_t> modes_for(std::string_view words);

}  // namespace citiverse::city
