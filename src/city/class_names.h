// The words for every class of feature.h, the same in files, layers and the API.
#pragma once

#include <string_view>

#include "city/city.h"

namespace citiverse::city {

// Each is the lower-case name of the enumerator, such as "living_street". Threads: safe; the text is static.
std::string_view name_of(BuildingUse value);
std::string_view name_of(RoofShape value);
std::string_view name_of(RoofOrientation value);
std::string_view name_of(StreetClass value);
std::string_view name_of(Surface value);
std::string_view name_of(Structure value);
std::string_view name_of(RailClass value);
std::string_view name_of(WaterClass value);
std::string_view name_of(GreenClass value);
std::string_view name_of(LandUseClass value);
std::string_view name_of(PavedClass value);
std::string_view name_of(BarrierClass value);
std::string_view name_of(LeafType value);
std::string_view name_of(PlaceClass value);
std::string_view name_of(Wheelchair value);
std::string_view name_of(TransitMode value);
std::string_view name_of(AreaClass value);

/// The class of a feature within its kind: a building's use, a street's class, a stop's mode ("station" for a station), and so
/// on; "point" for an address, "bridge" for a bridge, "tree" for a tree.
std::string_view class_of(const City& city, const Feature& feature);

}  // namespace citiverse::city
