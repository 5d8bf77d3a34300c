// What a city is made of: one table of features, and one table of details a kind. All values are plain, so that a city is
// written, mapped and shared as arrays. Stored in files: change kPackVersion in city_pack.h when a struct changes.
#pragma once

#include <cstdint>

#include "city/column.h"
#include "city/feature_id.h"
#include "geo/box.h"

namespace citiverse::city {

/// Position of a feature in City::features(). Only valid within one city value; FeatureId is what lasts.
using FeatureIndex = std::uint32_t;
inline constexpr std::uint32_t kNone = 0xFFFFFFFFu;

/// A run of bytes in the city's text pool: UTF-8, cleaned, at most kTextBytesMax bytes. Empty is 'not known'.
struct TextRef {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool empty() const { return count == 0; }
  friend bool operator==(const TextRef&, const TextRef&) = default;
};
inline constexpr std::uint32_t kTextBytesMax = 1000;

enum class GeometryType : std::uint8_t { point, lines, polygons };

/// One ring or line: vertices [first, first + count). Rings are stored open (first vertex not repeated); outer rings are
/// counter-clockwise, holes clockwise and directly after their outer ring.
struct Part {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool is_hole = false;
  std::uint8_t reserved[3] = {};  // No padding: the same city has the same bytes.
};

struct Geometry {
  GeometryType type = GeometryType::point;
  std::uint8_t reserved[3] = {};
  Run parts;
};

/// A key and value of the source that has no field of its own, such as name:fr or wikidata.
struct Attribute {
  TextRef key;
  TextRef value;
};

struct Address {
  TextRef house_number;
  TextRef street;
  TextRef postcode;
  TextRef city;
};

/// Every city object. `detail` is its row in the table of its kind; `address` and `source` are rows too, or kNone.
struct Feature {
  FeatureId id;
  geo::Box2d box;  ///< Of its geometry, metres in the city plane.
  Geometry geometry;
  TextRef name;
  std::uint32_t detail = kNone;
  std::uint32_t address = kNone;
  std::uint32_t source = kNone;
  Run attributes;
};

/// Where data comes from; shown beside everything that is made from it.
struct Source {
  TextRef title;
  TextRef licence;
  TextRef attribution;
  TextRef date;  ///< ISO 8601 date of the data, empty when the file does not say.
};

// ---- buildings -----------------------------------------------------------------------------------------------------

enum class BuildingUse : std::uint8_t {
  unknown,
  residential,
  apartments,
  house,
  commercial,
  office,
  retail,
  industrial,
  civic,
  school,
  health,
  culture,
  worship,
  transport,
  hotel,
  garage,
  hut,
  greenhouse,
  ruin,
  construction
};
enum class RoofShape : std::uint8_t {
  unknown,
  flat,
  gabled,
  hipped,
  half_hipped,
  pyramidal,
  skillion,
  gambrel,
  mansard,
  dome,
  onion,
  round
};
enum class RoofOrientation : std::uint8_t { along, across };  ///< Ridge along or across the longer side.

/// Which fields of a Building were not in the source but estimated. Bit set.
enum BuildingEstimate : std::uint8_t { kHeightEstimated = 1, kLevelsEstimated = 2, kRoofEstimated = 4, kPeopleEstimated = 8 };

/// A building or a building part (OSM Simple 3D Buildings).
struct Building {
  float height_m = 0;             ///< Top of the roof above ground.
  float min_height_m = 0;         ///< Underside above ground; 0 for what stands on the ground.
  float roof_height_m = 0;        ///< Part of height_m that is roof.
  float roof_direction_deg = -1;  ///< Downhill direction of a skillion, clockwise from north; −1: not known.
  std::uint32_t colour_rgb = kNone;
  std::uint32_t roof_colour_rgb = kNone;
  FeatureIndex parent = kNone;  ///< For a part: its building.
  std::uint32_t homes = 0;
  std::uint32_t people = 0;
  std::uint32_t jobs = 0;
  std::uint16_t levels = 0;
  std::uint16_t year_built = 0;  ///< 0: not known.
  BuildingUse use = BuildingUse::unknown;
  RoofShape roof = RoofShape::unknown;
  RoofOrientation roof_orientation = RoofOrientation::along;
  std::uint8_t estimated = 0;  ///< Of BuildingEstimate.
  bool has_parts = false;      ///< Its parts are drawn instead of its own body.
  std::uint8_t reserved[3] = {};
};

// ---- ways ----------------------------------------------------------------------------------------------------------

enum class StreetClass : std::uint8_t {
  motorway,
  trunk,
  primary,
  secondary,
  tertiary,
  residential,
  living_street,
  service,
  pedestrian,
  track,
  cycleway,
  footway,
  path,
  steps,
  busway,
  corridor,
  construction
};
enum Mode : std::uint8_t { kWalk = 1, kCycle = 2, kDrive = 4, kBus = 8 };
enum class Surface : std::uint8_t { unknown, asphalt, concrete, paving, sett, gravel, ground, grass, sand, wood, metal };
enum class Structure : std::uint8_t { ground, bridge, tunnel, covered };
/// Which fields of a Street were estimated from its class. Bit set.
enum StreetEstimate : std::uint8_t { kSpeedEstimated = 1, kLanesEstimated = 2, kWidthEstimated = 4, kPavementEstimated = 8 };

/// A street or path; its geometry is its centre line, in the direction of `forward`. Streets meet where they share a vertex.
struct Street {
  float width_m = 0;          ///< Of the carriageway or path, without pavements.
  float pavement_left_m = 0;  ///< 0: none.
  float pavement_right_m = 0;
  std::uint16_t speed_kmh = 0;
  StreetClass street_class = StreetClass::residential;
  std::uint8_t forward = 0;        ///< Modes allowed along the geometry. Of Mode.
  std::uint8_t backward = 0;       ///< Modes allowed against it.
  std::uint8_t lanes_forward = 0;  ///< For vehicles.
  std::uint8_t lanes_backward = 0;
  Surface surface = Surface::unknown;
  Structure structure = Structure::ground;
  std::int8_t layer = 0;
  bool is_lit = false;
  bool is_roundabout = false;
  std::uint8_t estimated = 0;  ///< Of StreetEstimate.
  std::uint8_t reserved[3] = {};
};

enum class RailClass : std::uint8_t { rail, light_rail, tram, subway, funicular, monorail, narrow_gauge, preserved };
struct Rail {
  float gauge_m = 1.435f;
  RailClass rail_class = RailClass::rail;
  Structure structure = Structure::ground;
  std::int8_t layer = 0;
  bool is_service = false;  ///< Sidings and yards.
};

// ---- surfaces ------------------------------------------------------------------------------------------------------

enum class WaterClass : std::uint8_t { sea, river, stream, canal, lake, pond, basin, pool, fountain, dock, ditch };
struct Water {
  float width_m = 0;  ///< Of a line; 0 for an area.
  WaterClass water_class = WaterClass::lake;
  Structure structure = Structure::ground;
  std::int8_t layer = 0;
  std::uint8_t reserved = 0;
};

enum class GreenClass : std::uint8_t {
  park,
  garden,
  grass,
  meadow,
  forest,
  scrub,
  pitch,
  playground,
  cemetery,
  allotments,
  orchard,
  vineyard,
  farmland,
  beach,
  rock,
  wetland,
  golf
};
struct Green {
  GreenClass green_class = GreenClass::grass;
};

enum class LandUseClass : std::uint8_t {
  residential,
  commercial,
  retail,
  industrial,
  education,
  health,
  railway,
  harbour,
  military,
  construction,
  quarry,
  brownfield,
  religious,
  sport,
  other
};
struct LandUse {
  LandUseClass land_use_class = LandUseClass::other;
};

enum class PavedClass : std::uint8_t { square, parking, pier, platform, roadway, footway };
struct Paved {
  PavedClass paved_class = PavedClass::square;
  Surface surface = Surface::unknown;
  Structure structure = Structure::ground;
  std::int8_t layer = 0;
};

struct Bridge {
  std::int8_t layer = 1;
};

enum class BarrierClass : std::uint8_t { wall, retaining_wall, city_wall, fence, hedge, guard_rail };
struct Barrier {
  float height_m = 1;
  BarrierClass barrier_class = BarrierClass::fence;
  bool height_estimated = true;
  std::uint8_t reserved[2] = {};
};

enum class LeafType : std::uint8_t { unknown, broadleaved, needleleaved, palm };
struct Tree {
  float height_m = 8;
  float crown_diameter_m = 5;
  LeafType leaf = LeafType::unknown;
  bool is_estimated = true;
  std::uint8_t reserved[2] = {};
};

// ---- life ----------------------------------------------------------------------------------------------------------

enum class PlaceClass : std::uint8_t {
  shop,
  food,
  school,
  childcare,
  university,
  health,
  pharmacy,
  culture,
  city_office,
  emergency,
  worship,
  lodging,
  sport,
  park,
  transport,
  parking,
  bicycle,
  finance,
  post,
  office,
  toilet,
  water_point,
  waste,
  bench,
  sight,
  other
};
enum class Wheelchair : std::uint8_t { unknown, yes, limited, no };

/// Somewhere with a purpose: a shop, a school, a town hall. A point, or an area of its own.
struct Place {
  TextRef subtype;        ///< In the words of the source, such as "bakery".
  TextRef opening_hours;  ///< OSM opening_hours syntax.
  TextRef website;
  TextRef phone;
  TextRef operator_name;
  std::uint32_t capacity = 0;
  PlaceClass place_class = PlaceClass::other;
  Wheelchair wheelchair = Wheelchair::unknown;
  std::uint8_t reserved[2] = {};
};

enum class TransitMode : std::uint8_t { bus, tram, subway, rail, ferry, funicular, trolleybus, cable_car };

/// Where one boards; a station is a stop with is_station.
struct Stop {
  TextRef code;
  TransitMode mode = TransitMode::bus;
  Wheelchair wheelchair = Wheelchair::unknown;
  bool is_station = false;
  bool has_shelter = false;
};

enum class AreaClass : std::uint8_t { country, region, county, municipality, borough, district, neighbourhood, block };
struct Area {
  std::uint32_t population = 0;  ///< 0: not known.
  AreaClass area_class = AreaClass::neighbourhood;
  std::uint8_t admin_level = 0;  ///< OSM admin_level; 0: none.
  std::uint8_t reserved[2] = {};
};

/// A line of public transport; its geometry is its course. Its patterns are rows of City::patterns().
struct Line {
  TextRef reference;  ///< What is written on the vehicle, such as "2" or "T1".
  TextRef operator_name;
  TextRef from;
  TextRef to;
  std::uint32_t colour_rgb = kNone;
  Run patterns;
  TransitMode mode = TransitMode::bus;
  std::uint8_t reserved[3] = {};
};

/// One course of a line: its stops in order, and the seconds from the first departure to each.
/// `stops` is a run of City::pattern_stops().
struct Pattern {
  Run stops;
  Run trips;  ///< Of City::trips(), ordered by departure.
};
struct PatternStop {
  FeatureIndex stop = kNone;
  std::uint32_t arrival_s = 0;  ///< After the departure from the first stop.
  std::uint32_t departure_s = 0;
};
/// Days of service, bit 0 is Monday, bit 7 public holidays.
struct Trip {
  std::uint32_t departure_s = 0;  ///< After midnight, local time; may pass 86,400.
  std::uint8_t days = 0x7F;
  std::uint8_t reserved[3] = {};
};

}  // namespace citiverse::city
