// What an edit may ask for: every limit of a plan in one place, with where it comes from.
#pragma once

#include <cstddef>
#include <cstdint>

namespace citiverse::plan {

// ---- how much a plan holds -----------------------------------------------------------------------------------------

inline constexpr std::size_t kEditsMax = 10'000;         ///< In one plan, those that were undone included.
inline constexpr std::size_t kEditsAtOnceMax = 500;      ///< In one entry of the log.
inline constexpr std::size_t kVersionsMax = 200;         ///< Named versions of one plan.
inline constexpr std::size_t kSuggestionsOpenMax = 500;  ///< That wait for the owner.
inline constexpr std::size_t kCommentsMax = 5000;        ///< Of one plan.
inline constexpr std::size_t kSavedBytesMax = 8u << 20;  ///< A saved plan as a file.
inline constexpr std::size_t kNameCharactersMax = 200;
inline constexpr std::size_t kTextBytesMax = 1000;
inline constexpr std::size_t kCommentBytesMax = 4000;

// ---- geometry ------------------------------------------------------------------------------------------------------

inline constexpr std::size_t kOutlinePointsMax = 500;
inline constexpr std::size_t kRingsMax = 20;    ///< Outer rings and courtyards of one outline.
inline constexpr double kOutlineAreaMinM2 = 2;  ///< Less is no building, bed or pond that a plan needs to show.
inline constexpr double kLineLengthMinM = 1;
inline constexpr double kLineLengthMaxM = 50'000;
/// Two buildings may share this much ground: walls that are drawn twice, and outlines of two sources.
inline constexpr double kOverlapMaxM2 = 1.0;
inline constexpr double kBuildingLevelsMax = 200;  ///< The tallest building there is has 163 (Burj Khalifa).
inline constexpr double kBuildingHeightMinM = 1.5;
inline constexpr double kBuildingHeightMaxM = 1000;  ///< The tallest planned one, Jeddah Tower, is to be about as high.
inline constexpr double kLevelHeightM = 3;           ///< Where no height is given; OSM Simple 3D Buildings.
inline constexpr double kLevelHeightMinM = 2.2;      ///< Rooms of 2.0 m, and a ceiling; building codes ask for 2.3 and more.
inline constexpr double kLevelHeightMaxM = 20;
inline constexpr double kTreeHeightMaxM = 120;  ///< The tallest tree known stands 116 m high (Hyperion).
inline constexpr double kTreeCrownMaxM = 60;
inline constexpr double kWaterLineWidthMaxM = 500;

// ---- streets -------------------------------------------------------------------------------------------------------
// Least widths are those below which the thing does not work, not those that a guide recommends.

/// Cars are up to 2.0 m wide with mirrors beyond; the least lane where speeds are low. RASt 06 (FGSV 2006), 6.1.1.2: two lanes
/// of 2.25 m to 2.5 m only where cars meet cars.
inline constexpr double kDriveLaneMinM = 2.5;
/// Buses and lorries are up to 2.55 m wide without mirrors: Directive 96/53/EC, annex I, 1.2.
inline constexpr double kBusLaneMinM = 3.0;
/// Absolute least of a lane on the carriageway: LTN 1/20 (Department for Transport, 2020), table 5-2.
inline constexpr double kBicycleLaneMinM = 1.5;
inline constexpr double kBicycleBothWaysMinM = 2.0;  ///< The same table, a track for both directions.
inline constexpr double kParkingMinM = 1.8;          ///< Along the kerb; RASt 06 asks for 2.0 m as a rule.
/// Inclusive Mobility (Department for Transport, 2021), 4.2: 1.5 m is the least where 2.0 m cannot be had.
inline constexpr double kPavementMinM = 1.5;
inline constexpr double kTreeStripMinM = 1.0;
inline constexpr double kMedianMinM = 0.5;
inline constexpr double kBufferMinM = 0.25;
inline constexpr double kLaneMaxM = 12;
inline constexpr double kWideStripMaxM = 40;  ///< Pavements, strips of trees and medians may be squares.
inline constexpr std::size_t kLanesMax = 24;
inline constexpr double kSectionMaxM = 120;
inline constexpr std::size_t kCrossingsMax = 50;
inline constexpr double kSpeedMaxKmh = 130;
inline constexpr double kLivingStreetSpeedMaxKmh = 20;  ///< Where people walk on the carriageway.
inline constexpr double kStreetTreeSpacingM = 8;        ///< Between the trees of a strip.
/// A new street's vertex this near to another street's line meets it.
inline constexpr double kMeetDistanceM = 0.5;
inline constexpr double kJunctionDistanceM = 15;  ///< A junction's control stands this near to a street.
inline constexpr double kSignalCycleMinS = 20;
inline constexpr double kSignalCycleMaxS = 240;

// ---- public transport ----------------------------------------------------------------------------------------------

inline constexpr std::size_t kLineStopsMax = 200;
inline constexpr double kHeadwayMinMin = 1;
inline constexpr double kHeadwayMaxMin = 240;
inline constexpr double kLineSpeedMaxKmh = 120;
/// Buses in European cities travel at 15 to 20 km/h, stops included; assumed where a line gives no speed.
inline constexpr double kLineSpeedKmh = 17;
inline constexpr double kStopDwellS = 20;

// ---- policy --------------------------------------------------------------------------------------------------------

inline constexpr double kParkingPriceMax = 50;       ///< Of the city's currency an hour.
inline constexpr double kRemoteWorkShareMax = 0.9;   ///< Of all jobs, on an average day.
inline constexpr double kCarsPerThousandMax = 1500;  ///< The most car-owning countries have under 1000.

}  // namespace citiverse::plan
