// Places, stops, areas and lines: what people come for, and how they get there.
#include <algorithm>
#include <cmath>

#include "ingest/osm_mapping.h"
#include "ingest/osm_values.h"

namespace citiverse::ingest {
namespace {

using city::PlaceClass;

struct PlaceRow {
  std::string_view value;
  PlaceClass as;
};

constexpr PlaceRow kAmenities[] = {{"restaurant", PlaceClass::food},
                                   {"cafe", PlaceClass::food},
                                   {"fast_food", PlaceClass::food},
                                   {"bar", PlaceClass::food},
                                   {"pub", PlaceClass::food},
                                   {"ice_cream", PlaceClass::food},
                                   {"biergarten", PlaceClass::food},
                                   {"food_court", PlaceClass::food},
                                   {"nightclub", PlaceClass::culture},
                                   {"school", PlaceClass::school},
                                   {"music_school", PlaceClass::school},
                                   {"language_school", PlaceClass::school},
                                   {"driving_school", PlaceClass::school},
                                   {"prep_school", PlaceClass::school},
                                   {"kindergarten", PlaceClass::childcare},
                                   {"childcare", PlaceClass::childcare},
                                   {"university", PlaceClass::university},
                                   {"college", PlaceClass::university},
                                   {"research_institute", PlaceClass::university},
                                   {"hospital", PlaceClass::health},
                                   {"clinic", PlaceClass::health},
                                   {"doctors", PlaceClass::health},
                                   {"dentist", PlaceClass::health},
                                   {"veterinary", PlaceClass::health},
                                   {"nursing_home", PlaceClass::health},
                                   {"social_facility", PlaceClass::health},
                                   {"pharmacy", PlaceClass::pharmacy},
                                   {"theatre", PlaceClass::culture},
                                   {"cinema", PlaceClass::culture},
                                   {"library", PlaceClass::culture},
                                   {"arts_centre", PlaceClass::culture},
                                   {"community_centre", PlaceClass::culture},
                                   {"casino", PlaceClass::culture},
                                   {"conference_centre", PlaceClass::culture},
                                   {"exhibition_centre", PlaceClass::culture},
                                   {"events_venue", PlaceClass::culture},
                                   {"planetarium", PlaceClass::culture},
                                   {"social_centre", PlaceClass::culture},
                                   {"studio", PlaceClass::culture},
                                   {"public_bookcase", PlaceClass::culture},
                                   {"townhall", PlaceClass::city_office},
                                   {"courthouse", PlaceClass::city_office},
                                   {"embassy", PlaceClass::city_office},
                                   {"public_building", PlaceClass::city_office},
                                   {"prison", PlaceClass::city_office},
                                   {"register_office", PlaceClass::city_office},
                                   {"police", PlaceClass::emergency},
                                   {"fire_station", PlaceClass::emergency},
                                   {"ambulance_station", PlaceClass::emergency},
                                   {"place_of_worship", PlaceClass::worship},
                                   {"monastery", PlaceClass::worship},
                                   {"bank", PlaceClass::finance},
                                   {"atm", PlaceClass::finance},
                                   {"bureau_de_change", PlaceClass::finance},
                                   {"money_transfer", PlaceClass::finance},
                                   {"post_office", PlaceClass::post},
                                   {"post_box", PlaceClass::post},
                                   {"parcel_locker", PlaceClass::post},
                                   {"toilets", PlaceClass::toilet},
                                   {"shower", PlaceClass::toilet},
                                   {"drinking_water", PlaceClass::water_point},
                                   {"fountain", PlaceClass::water_point},
                                   {"water_point", PlaceClass::water_point},
                                   {"recycling", PlaceClass::waste},
                                   {"waste_basket", PlaceClass::waste},
                                   {"waste_disposal", PlaceClass::waste},
                                   {"bench", PlaceClass::bench},
                                   {"shelter", PlaceClass::bench},
                                   {"parking", PlaceClass::parking},
                                   {"parking_entrance", PlaceClass::parking},
                                   {"motorcycle_parking", PlaceClass::parking},
                                   {"bicycle_parking", PlaceClass::bicycle},
                                   {"bicycle_rental", PlaceClass::bicycle},
                                   {"bicycle_repair_station", PlaceClass::bicycle},
                                   {"charging_station", PlaceClass::transport},
                                   {"fuel", PlaceClass::transport},
                                   {"taxi", PlaceClass::transport},
                                   {"car_rental", PlaceClass::transport},
                                   {"car_sharing", PlaceClass::transport},
                                   {"car_wash", PlaceClass::transport},
                                   {"bus_station", PlaceClass::transport},
                                   {"ferry_terminal", PlaceClass::transport},
                                   {"boat_rental", PlaceClass::transport},
                                   {"marketplace", PlaceClass::shop},
                                   {"vending_machine", PlaceClass::shop},
                                   {"swimming_pool", PlaceClass::sport},
                                   {"dive_centre", PlaceClass::sport},
                                   {"dojo", PlaceClass::sport},
                                   {"gym", PlaceClass::sport},
                                   {"clock", PlaceClass::sight},
                                   {"telephone", PlaceClass::other},
                                   {"animal_shelter", PlaceClass::other},
                                   {"grave_yard", PlaceClass::other},
                                   {"crematorium", PlaceClass::other},
                                   {"coworking_space", PlaceClass::office},
                                   {"internet_cafe", PlaceClass::other},
                                   {"payment_terminal", PlaceClass::finance},
                                   {"stripclub", PlaceClass::other},
                                   {"lounger", PlaceClass::bench},
                                   {"watering_place", PlaceClass::water_point},
                                   {"bbq", PlaceClass::park},
                                   {"compressed_air", PlaceClass::bicycle},
                                   {"information", PlaceClass::sight}};
constexpr PlaceRow kTourism[] = {
    {"hotel", PlaceClass::lodging},      {"hostel", PlaceClass::lodging},       {"guest_house", PlaceClass::lodging},
    {"motel", PlaceClass::lodging},      {"apartment", PlaceClass::lodging},    {"chalet", PlaceClass::lodging},
    {"camp_site", PlaceClass::lodging},  {"caravan_site", PlaceClass::lodging}, {"museum", PlaceClass::culture},
    {"gallery", PlaceClass::culture},    {"aquarium", PlaceClass::culture},     {"zoo", PlaceClass::culture},
    {"theme_park", PlaceClass::culture}, {"artwork", PlaceClass::sight},        {"attraction", PlaceClass::sight},
    {"viewpoint", PlaceClass::sight},    {"information", PlaceClass::sight},    {"picnic_site", PlaceClass::park}};
constexpr PlaceRow kLeisure[] = {{"park", PlaceClass::park},
                                 {"garden", PlaceClass::park},
                                 {"playground", PlaceClass::park},
                                 {"dog_park", PlaceClass::park},
                                 {"nature_reserve", PlaceClass::park},
                                 {"sports_centre", PlaceClass::sport},
                                 {"stadium", PlaceClass::sport},
                                 {"pitch", PlaceClass::sport},
                                 {"swimming_area", PlaceClass::sport},
                                 {"fitness_centre", PlaceClass::sport},
                                 {"fitness_station", PlaceClass::sport},
                                 {"golf_course", PlaceClass::sport},
                                 {"ice_rink", PlaceClass::sport},
                                 {"sports_hall", PlaceClass::sport},
                                 {"marina", PlaceClass::sport},
                                 {"horse_riding", PlaceClass::sport},
                                 {"dance", PlaceClass::culture},
                                 {"beach_resort", PlaceClass::park},
                                 {"amusement_arcade", PlaceClass::culture},
                                 {"picnic_table", PlaceClass::bench},
                                 {"track", PlaceClass::sport}};
constexpr PlaceRow kOffices[] = {{"government", PlaceClass::city_office},
                                 {"administrative", PlaceClass::city_office},
                                 {"diplomatic", PlaceClass::city_office},
                                 {"employment_agency", PlaceClass::city_office}};
constexpr PlaceRow kHealth[] = {{"pharmacy", PlaceClass::pharmacy}};

template <std::size_t N>
std::optional<PlaceTags> look_up(const PlaceRow (&rows)[N], std::string_view value) {
  if (value.empty()) return std::nullopt;
  for (const auto& row : rows) {
    if (row.value == value) return PlaceTags{row.as, row.value};
  }
  return std::nullopt;
}

bool is_closed_down(std::string_view value) { return value.empty() || is_any(value, "no", "vacant", "disused"); }

}  // namespace

std::optional<PlaceTags> place_from(const OsmTags& tags) {
  if (const auto place = look_up(kAmenities, tags["amenity"])) return place;
  if (const auto shop = tags["shop"]; !is_closed_down(shop)) return PlaceTags{PlaceClass::shop, shop};
  if (const auto place = look_up(kTourism, tags["tourism"])) return place;
  if (const auto place = look_up(kHealth, tags["healthcare"])) return place;
  if (const auto health = tags["healthcare"]; !is_closed_down(health)) return PlaceTags{PlaceClass::health, health};
  if (const auto place = look_up(kLeisure, tags["leisure"])) {
    // Unnamed lawns, courts and pools are ground, not destinations.
    const bool must_have_name = is_any(place->subtype, "garden", "pitch", "nature_reserve", "track");
    if (!must_have_name || tags.has("name")) return place;
  }
  if (const auto place = look_up(kOffices, tags["office"])) return place;
  if (const auto office = tags["office"]; !is_closed_down(office)) return PlaceTags{PlaceClass::office, office};
  if (const auto craft = tags["craft"]; !is_closed_down(craft)) return PlaceTags{PlaceClass::shop, craft};
  if (const auto club = tags["club"]; !is_closed_down(club)) return PlaceTags{PlaceClass::culture, club};
  if (tags.is("emergency", "defibrillator")) return PlaceTags{PlaceClass::emergency, "defibrillator"};
  if (const auto historic = tags["historic"]; !historic.empty() && historic != "no" && historic != "citywalls")
    return PlaceTags{PlaceClass::sight, historic};
  if (tags.is("man_made", "lighthouse")) return PlaceTags{PlaceClass::sight, "lighthouse"};
  if (tags.has("amenity") && !is_closed_down(tags["amenity"]) && tags.has("name"))
    return PlaceTags{PlaceClass::other, tags["amenity"]};
  return std::nullopt;
}

city::Wheelchair wheelchair_from(const OsmTags& tags) {
  const auto value = tags["wheelchair"];
  if (is_any(value, "yes", "designated")) return city::Wheelchair::yes;
  if (value == "limited") return city::Wheelchair::limited;
  if (value == "no") return city::Wheelchair::no;
  return city::Wheelchair::unknown;
}

std::optional<city::Stop> stop_from(const OsmTags& tags) {
  using city::TransitMode;
  city::Stop s;
  s.wheelchair = wheelchair_from(tags);
  s.has_shelter = tags.is("shelter", "yes");
  const auto railway = tags["railway"];
  const bool pt_station = tags.is("public_transport", "station");
  const bool pt_platform = tags.is("public_transport", "platform");
  if (tags.is("highway", "bus_stop") || tags.is("amenity", "bus_station")) {
    s.mode = tags.is("trolleybus", "yes") ? TransitMode::trolleybus : TransitMode::bus;
    s.is_station = tags.is("amenity", "bus_station");
  } else if (railway == "tram_stop" || (pt_platform && tags.is("tram", "yes"))) {
    s.mode = TransitMode::tram;
  } else if (is_any(railway, "station", "halt") || pt_station) {
    s.is_station = true;
    s.mode = tags.is("station", "subway") || tags.is("subway", "yes")           ? TransitMode::subway
             : tags.is("station", "funicular") || tags.is("funicular", "yes")   ? TransitMode::funicular
             : tags.is("station", "light_rail") || tags.is("light_rail", "yes") ? TransitMode::tram
             : tags.is("ferry", "yes")                                          ? TransitMode::ferry
             : tags.is("bus", "yes")                                            ? TransitMode::bus
                                                                                : TransitMode::rail;
  } else if (tags.is("amenity", "ferry_terminal") || (pt_platform && tags.is("ferry", "yes"))) {
    s.mode = TransitMode::ferry;
  } else if (tags.is("aerialway", "station")) {
    s.mode = TransitMode::cable_car;
    s.is_station = true;
  } else if (pt_platform && (tags.is("bus", "yes") || tags.has("name")) && railway.empty() && !tags.is("train", "yes")) {
    s.mode = TransitMode::bus;
  } else {
    return std::nullopt;
  }
  return s;
}

std::optional<city::Area> area_from(const OsmTags& tags) {
  using city::AreaClass;
  city::Area a;
  if (const auto population = number_from(tags["population"]); population && *population >= 0 && *population < 1e9)
    a.population = static_cast<std::uint32_t>(*population);
  const auto level = number_from(tags["admin_level"]);
  const bool administrative = tags.is("boundary", "administrative") && level && *level >= 1 && *level <= 12;
  const auto place = tags["place"];
  if (administrative) {
    a.admin_level = static_cast<std::uint8_t>(std::lround(*level));
    // OSM wiki "Tag:boundary=administrative", by the commonest meaning; a place tag on the boundary says it better below.
    constexpr AreaClass by_level[] = {AreaClass::country,      AreaClass::country, AreaClass::country,       AreaClass::region,
                                      AreaClass::region,       AreaClass::region,  AreaClass::county,        AreaClass::county,
                                      AreaClass::municipality, AreaClass::borough, AreaClass::neighbourhood, AreaClass::block,
                                      AreaClass::block};
    a.area_class = by_level[a.admin_level];
  }
  if (is_any(place, "city", "town", "village", "municipality"))
    a.area_class = AreaClass::municipality;
  else if (place == "borough")
    a.area_class = AreaClass::borough;
  else if (is_any(place, "suburb", "district"))
    a.area_class = AreaClass::district;
  else if (is_any(place, "neighbourhood", "quarter", "hamlet", "allotments"))
    a.area_class = AreaClass::neighbourhood;
  else if (is_any(place, "city_block", "block"))
    a.area_class = AreaClass::block;
  else if (!administrative)
    return std::nullopt;
  if (!tags.has("name")) return std::nullopt;
  return a;
}

std::optional<city::TransitMode> route_mode_from(const OsmTags& tags) {
  using city::TransitMode;
  const auto route = tags.has("route_master") ? tags["route_master"] : tags["route"];
  if (is_any(route, "bus", "minibus", "share_taxi", "coach")) return TransitMode::bus;
  if (route == "trolleybus") return TransitMode::trolleybus;
  if (is_any(route, "tram", "light_rail")) return TransitMode::tram;
  if (is_any(route, "subway", "monorail")) return TransitMode::subway;
  if (is_any(route, "train")) return TransitMode::rail;
  if (route == "ferry") return TransitMode::ferry;
  if (route == "funicular") return TransitMode::funicular;
  if (is_any(route, "aerialway")) return TransitMode::cable_car;
  return std::nullopt;
}

}  // namespace citiverse::ingest
