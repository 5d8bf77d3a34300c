// The pieces that most answers are made of: an object in a list, a point, an address, a source.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/city_model.h"
#include "base/json_writer.h"
#include "city/measure.h"

namespace citiverse::api {

/// Decimals of what is written: degrees to about a centimetre, metres to the centimetre.
inline constexpr int kDegreeDecimals = 7;
inline constexpr int kMetreDecimals = 2;

/// How a list shows its objects.
struct SummaryView {
  std::string_view language;
  std::optional<geo::Vec2d> from;  ///< Adds distance and bearing.
  std::optional<Moment> time;      ///< Adds whether it is open.
};

/// Writes the contract's Summary. `nearest` saves measuring again.
void write_summary(base::JsonWriter& json, const CityModel& model, city::FeatureIndex feature, const SummaryView& view,
                   const city::NearestPoint* nearest = nullptr);

/// Members lat and lon.
void write_place(base::JsonWriter& json, const city::City& city, geo::Vec2d point);
void write_box(base::JsonWriter& json, const city::City& city, const geo::Box2d& box);
void write_source(base::JsonWriter& json, const city::City& city, const city::Source& source);

/// "Rue Grimaldi 12, 98000 Monaco"; empty without an address.
std::string address_line(const city::City& city, const city::Feature& feature);
/// "#rrggbb".
std::string colour_text(std::uint32_t rgb);
/// Whether a place is open; nothing when its hours are not known or not understood.
std::optional<bool> open_at(const city::City& city, const city::Feature& feature, const Moment& time);

}  // namespace citiverse::api
