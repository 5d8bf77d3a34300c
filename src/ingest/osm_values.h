// Numbers and colours as people write them in tags: "12", "12 m", "39'4\"", "30 mph", "RO:urban", "#aabbcc", "C18".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace citiverse::ingest {

/// Metres from "12", "12.5 m", "12,5", "39 ft", "39'", "39'4\"", "0.5 km", "100 cm". Nothing for anything else, or when not
/// finite. Source: OSM wiki "Map features/Units", "Key:height".
std::optional<double> length_m_from(std::string_view text);

/// km/h from "50", "50 km/h", "30 mph", "10 knots", "walk", "none", and the country forms "DE:urban", "IT:rural",
/// "RO:motorway". Source: OSM wiki "Key:maxspeed". Country forms are read by their road type, by the commonest limit of that
/// type.
std::optional<std::uint16_t> speed_kmh_from(std::string_view text);

/// A plain decimal number with nothing after it, such as a count of levels: "4", "2.5", "-1". With lists ("3;4") the largest.
std::optional<double> number_from(std::string_view text);

/// 0xRRGGBB from "#rgb", "#rrggbb" or a CSS colour name that is common in the data.
std::optional<std::uint32_t> colour_from(std::string_view text);

/// Degrees clockwise from north from "123", "NNW" or "north".
std::optional<double> direction_deg_from(std::string_view text);

/// The year of a start_date: "1897", "1897-05", "~1897", "before 1897", "C18" and "1890s" by their middle. Between 500 and
/// 2100.
std::optional<std::uint16_t> year_from(std::string_view text);

}  // namespace citiverse::ingest
