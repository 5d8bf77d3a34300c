// Water, green, land use, paved ground, bridges, barriers and trees.
#include <algorithm>
#include <cmath>

#include "ingest/osm_mapping.h"
#include "ingest/osm_values.h"

namespace citiverse::ingest {
namespace {

constexpr double kWaterWidthMaxM = 5000;
constexpr double kBarrierHeightMaxM = 50;
constexpr double kTreeHeightMaxM = 130;  // The tallest tree there is has 116 m.

template <class Class>
struct SurfaceRow {
  std::string_view value;
  Class as;
};

template <class Class, std::size_t N>
std::optional<Class> look_up(const SurfaceRow<Class> (&rows)[N], std::string_view value) {
  if (value.empty()) return std::nullopt;
  for (const auto& row : rows) {
    if (row.value == value) return row.as;
  }
  return std::nullopt;
}

using city::GreenClass;
constexpr SurfaceRow<GreenClass> kGreenLeisure[] = {
    {"park", GreenClass::park},           {"garden", GreenClass::garden},
    {"pitch", GreenClass::pitch},         {"playground", GreenClass::playground},
    {"golf_course", GreenClass::golf},    {"nature_reserve", GreenClass::meadow},
    {"dog_park", GreenClass::grass},      {"recreation_ground", GreenClass::grass},
    {"common", GreenClass::grass},        {"track", GreenClass::pitch},
    {"miniature_golf", GreenClass::golf}, {"beach_resort", GreenClass::beach}};
constexpr SurfaceRow<GreenClass> kGreenLandUse[] = {
    {"grass", GreenClass::grass},         {"meadow", GreenClass::meadow},           {"forest", GreenClass::forest},
    {"cemetery", GreenClass::cemetery},   {"allotments", GreenClass::allotments},   {"orchard", GreenClass::orchard},
    {"vineyard", GreenClass::vineyard},   {"farmland", GreenClass::farmland},       {"farm", GreenClass::farmland},
    {"village_green", GreenClass::grass}, {"recreation_ground", GreenClass::grass}, {"greenfield", GreenClass::grass},
    {"flowerbed", GreenClass::garden},    {"plant_nursery", GreenClass::orchard},   {"greenery", GreenClass::grass},
    {"logging", GreenClass::scrub}};
constexpr SurfaceRow<GreenClass> kGreenNatural[] = {
    {"wood", GreenClass::forest},      {"scrub", GreenClass::scrub},    {"heath", GreenClass::scrub},
    {"grassland", GreenClass::meadow}, {"fell", GreenClass::meadow},    {"beach", GreenClass::beach},
    {"sand", GreenClass::beach},       {"shingle", GreenClass::beach},  {"bare_rock", GreenClass::rock},
    {"scree", GreenClass::rock},       {"rock", GreenClass::rock},      {"wetland", GreenClass::wetland},
    {"mud", GreenClass::wetland},      {"shrubbery", GreenClass::scrub}};

using city::LandUseClass;
constexpr SurfaceRow<LandUseClass> kLandUses[] = {{"residential", LandUseClass::residential},
                                                  {"commercial", LandUseClass::commercial},
                                                  {"retail", LandUseClass::retail},
                                                  {"industrial", LandUseClass::industrial},
                                                  {"education", LandUseClass::education},
                                                  {"healthcare", LandUseClass::health},
                                                  {"railway", LandUseClass::railway},
                                                  {"harbour", LandUseClass::harbour},
                                                  {"port", LandUseClass::harbour},
                                                  {"military", LandUseClass::military},
                                                  {"construction", LandUseClass::construction},
                                                  {"quarry", LandUseClass::quarry},
                                                  {"landfill", LandUseClass::quarry},
                                                  {"brownfield", LandUseClass::brownfield},
                                                  {"religious", LandUseClass::religious},
                                                  {"garages", LandUseClass::other},
                                                  {"institutional", LandUseClass::other},
                                                  {"farmyard", LandUseClass::other},
                                                  {"depot", LandUseClass::industrial},
                                                  {"civic_admin", LandUseClass::other}};

using city::WaterClass;
constexpr SurfaceRow<WaterClass> kWaters[] = {{"river", WaterClass::river},         {"stream", WaterClass::stream},
                                              {"tidal_channel", WaterClass::river}, {"canal", WaterClass::canal},
                                              {"drain", WaterClass::ditch},         {"ditch", WaterClass::ditch},
                                              {"riverbank", WaterClass::river},     {"dock", WaterClass::dock}};
constexpr SurfaceRow<WaterClass> kWaterKinds[] = {{"river", WaterClass::river},       {"oxbow", WaterClass::lake},
                                                  {"canal", WaterClass::canal},       {"ditch", WaterClass::ditch},
                                                  {"lock", WaterClass::canal},        {"lake", WaterClass::lake},
                                                  {"lagoon", WaterClass::lake},       {"pond", WaterClass::pond},
                                                  {"reservoir", WaterClass::lake},    {"basin", WaterClass::basin},
                                                  {"stream", WaterClass::stream},     {"harbour", WaterClass::dock},
                                                  {"moat", WaterClass::pond},         {"wastewater", WaterClass::basin},
                                                  {"fountain", WaterClass::fountain}, {"reflecting_pool", WaterClass::basin}};

std::optional<WaterClass> water_class_of(const OsmTags& tags, bool is_area) {
  const auto waterway = look_up(kWaters, tags["waterway"]);
  if (!is_area) {
    const bool area_only = is_any(tags["waterway"], "riverbank", "dock");
    return area_only ? std::nullopt : waterway;
  }
  if (tags.is("natural", "water") || is_any(tags["landuse"], "reservoir", "basin") ||
      is_any(tags["waterway"], "riverbank", "dock"))
    return look_up(kWaterKinds, tags["water"])
        .value_or(waterway.value_or(tags.is("landuse", "basin") ? WaterClass::basin : WaterClass::lake));
  if (is_any(tags["natural"], "bay", "strait")) return std::nullopt;  // Names of parts of the sea, which is there already.
  if (tags.is("leisure", "swimming_pool") || tags.is("amenity", "swimming_pool")) return WaterClass::pool;
  if (tags.is("amenity", "fountain")) return WaterClass::fountain;
  return std::nullopt;
}

}  // namespace

bool means_area(const OsmTags& tags) {
  const auto area = tags["area"];
  if (area == "yes") return true;
  if (area == "no") return false;
  if (tags.says_yes("building") || tags.says_yes("building:part") || tags.has("area:highway")) return true;
  if (tags.has("landuse") || tags.has("amenity") || tags.has("shop") || tags.has("tourism") || tags.has("office") ||
      tags.has("boundary") || tags.has("place") || tags.has("historic") || tags.has("military") || tags.has("aeroway") ||
      tags.has("craft") || tags.has("healthcare") || tags.has("club"))
    return !tags.has("highway") && !is_any(tags["aeroway"], "runway", "taxiway") && !tags.has("barrier");
  if (const auto natural = tags["natural"]; !natural.empty())
    return !is_any(natural, "coastline", "cliff", "ridge", "tree_row", "arete", "valley");
  if (const auto leisure = tags["leisure"]; !leisure.empty()) return !is_any(leisure, "slipway") && !tags.has("highway");
  if (is_any(tags["railway"], "platform", "station") || is_any(tags["public_transport"], "platform", "station")) return true;
  if (is_any(tags["waterway"], "riverbank", "dock", "boatyard", "dam")) return true;
  if (is_any(tags["man_made"], "bridge", "pier", "quay", "storage_tank", "water_tower", "wastewater_plant", "works"))
    return true;
  return is_any(tags["highway"], "services", "rest_area", "platform");
}

std::optional<city::Water> water_from(const OsmTags& tags, bool is_area, ValueFaults& faults) {
  if (tags.is("intermittent", "dry") || tags.is("indoor", "yes")) return std::nullopt;
  const auto water_class = water_class_of(tags, is_area);
  if (!water_class) return std::nullopt;
  city::Water w;
  w.water_class = *water_class;
  w.structure = structure_from(tags);
  if (tags.is("tunnel", "culvert")) w.structure = city::Structure::tunnel;
  w.layer = layer_from(tags);
  if (is_area) return w;
  w.width_m = *water_class == WaterClass::river    ? 12.0f
              : *water_class == WaterClass::canal  ? 8.0f
              : *water_class == WaterClass::stream ? 2.0f
                                                   : 1.0f;
  if (const auto text = tags["width"]; !text.empty()) {
    const auto width = length_m_from(text);
    if (width && *width > 0 && *width <= kWaterWidthMaxM) {
      w.width_m = static_cast<float>(*width);
    } else {
      faults.push_back({"width of water that is no length from 0 to 5000 m", "estimated from its class instead", text});
    }
  }
  return w;
}

std::optional<city::Green> green_from(const OsmTags& tags) {
  for (const auto found : {look_up(kGreenLeisure, tags["leisure"]), look_up(kGreenLandUse, tags["landuse"]),
                           look_up(kGreenNatural, tags["natural"])}) {
    if (found) return city::Green{*found};
  }
  if (tags.is("amenity", "grave_yard")) return city::Green{GreenClass::cemetery};
  return std::nullopt;
}

std::optional<city::LandUse> land_use_from(const OsmTags& tags) {
  if (const auto found = look_up(kLandUses, tags["landuse"])) return city::LandUse{*found};
  if (tags.has("building")) return std::nullopt;  // Then the object is a house, not the grounds around it.
  if (is_any(tags["amenity"], "school", "university", "college", "kindergarten")) return city::LandUse{LandUseClass::education};
  if (is_any(tags["amenity"], "hospital", "clinic")) return city::LandUse{LandUseClass::health};
  if (is_any(tags["leisure"], "sports_centre", "stadium")) return city::LandUse{LandUseClass::sport};
  if (is_any(tags["leisure"], "marina")) return city::LandUse{LandUseClass::harbour};
  if (tags.has("military")) return city::LandUse{LandUseClass::military};
  return std::nullopt;
}

std::optional<city::Paved> paved_from(const OsmTags& tags) {
  using city::PavedClass;
  if (tags.has("building") || tags.has("building:part")) return std::nullopt;
  city::Paved p;
  const auto highway = tags["highway"];
  const auto area_highway = tags["area:highway"];
  if (is_any(highway, "pedestrian") || tags.is("place", "square") || tags.is("amenity", "marketplace"))
    p.paved_class = PavedClass::square;
  else if (is_any(tags["amenity"], "parking", "bicycle_parking", "motorcycle_parking", "bus_station", "parking_space") &&
           !is_any(tags["parking"], "underground", "multi-storey", "rooftop"))
    p.paved_class = PavedClass::parking;
  else if (is_any(tags["man_made"], "pier", "quay", "breakwater", "groyne"))
    p.paved_class = PavedClass::pier;
  else if (tags.is("railway", "platform") || tags.is("public_transport", "platform") || highway == "platform")
    p.paved_class = PavedClass::platform;
  else if (is_any(highway, "footway", "path", "steps", "corridor", "cycleway") ||
           is_any(area_highway, "footway", "path", "steps", "cycleway", "pedestrian", "crossing", "bicycle_crossing"))
    p.paved_class = PavedClass::footway;
  else if (!area_highway.empty() ||
           is_any(highway, "service", "residential", "living_street", "unclassified", "tertiary", "secondary", "primary",
                  "services", "rest_area") ||
           is_any(tags["aeroway"], "apron", "helipad", "runway", "taxiway"))
    p.paved_class = PavedClass::roadway;
  else
    return std::nullopt;
  p.surface = surface_from(tags["surface"]);
  p.structure = structure_from(tags);
  p.layer = layer_from(tags);
  return p;
}

std::optional<city::Bridge> bridge_from(const OsmTags& tags) {
  if (!tags.is("man_made", "bridge")) return std::nullopt;
  const auto layer = number_from(tags["layer"]);
  return city::Bridge{static_cast<std::int8_t>(std::lround(std::clamp(layer.value_or(1), -10.0, 10.0)))};
}

std::optional<city::Barrier> barrier_from(const OsmTags& tags, ValueFaults& faults) {
  using city::BarrierClass;
  city::Barrier b;
  const auto barrier = tags["barrier"];
  if (barrier == "wall")
    b.barrier_class = BarrierClass::wall, b.height_m = 1.8f;
  else if (barrier == "retaining_wall")
    b.barrier_class = BarrierClass::retaining_wall, b.height_m = 1.5f;
  else if (barrier == "city_wall")
    b.barrier_class = BarrierClass::city_wall, b.height_m = 6.0f;
  else if (barrier == "fence")
    b.barrier_class = BarrierClass::fence, b.height_m = 1.5f;
  else if (barrier == "hedge")
    b.barrier_class = BarrierClass::hedge, b.height_m = 1.5f;
  else if (is_any(barrier, "guard_rail", "handrail", "jersey_barrier"))
    b.barrier_class = BarrierClass::guard_rail, b.height_m = 0.8f;
  else if (tags.is("historic", "citywalls"))
    b.barrier_class = BarrierClass::city_wall, b.height_m = 6.0f;
  else
    return std::nullopt;
  if (const auto text = tags["height"]; !text.empty()) {
    const auto height = length_m_from(text);
    if (height && *height > 0 && *height <= kBarrierHeightMaxM) {
      b.height_m = static_cast<float>(*height);
      b.height_estimated = false;
    } else {
      faults.push_back({"height of a barrier that is no length from 0 to 50 m", "estimated from its class instead", text});
    }
  }
  return b;
}

city::Tree tree_from(const OsmTags& tags, ValueFaults& faults) {
  city::Tree t;
  const auto leaf = tags["leaf_type"];
  const auto genus = tags["genus"];
  if (leaf == "broadleaved")
    t.leaf = city::LeafType::broadleaved;
  else if (leaf == "needleleaved")
    t.leaf = city::LeafType::needleleaved;
  else if (leaf == "palm" || is_any(genus, "Phoenix", "Washingtonia", "Trachycarpus") || tags.is("type", "palm"))
    t.leaf = city::LeafType::palm;
  if (t.leaf == city::LeafType::palm) t.crown_diameter_m = 4;
  bool height_known = false;
  if (const auto text = tags["height"]; !text.empty()) {
    const auto height = length_m_from(text);
    if (height && *height > 0.2 && *height <= kTreeHeightMaxM) {
      t.height_m = static_cast<float>(*height);
      t.crown_diameter_m = std::clamp(t.height_m * 0.6f, 0.3f, 20.0f);
      height_known = true;
    } else {
      faults.push_back({"height of a tree that is no length from 0.2 to 130 m", "the usual height is taken", text});
    }
  }
  const auto crown = length_m_from(tags["diameter_crown"]);
  const bool crown_known = crown && *crown > 0.1 && *crown < 60;
  if (crown_known) t.crown_diameter_m = static_cast<float>(*crown);
  t.is_estimated = !(height_known && crown_known);
  return t;
}

}  // namespace citiverse::ingest
