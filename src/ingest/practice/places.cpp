// Trades by numbers of people that one of each lives from, as in European towns of this size.
#include "ingest/practice/places.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace citiverse::ingest::practice {
namespace {

using city::PlaceClass;
using city::Wheelchair;

struct Trade {
  PlaceClass place_class;
  const char* subtype;
  const char* word;  ///< In the city's language.
  double people_for_one;
  double centrality;  ///< 0: where people live; 1 and more: towards the market.
  double apart_m;     ///< From its like.
  std::array<const char*, 3> hours;
};

constexpr std::array<Trade, 40> kTrades = {{
    {PlaceClass::shop,
     "bakery",
     "Panaria",
     1300,
     0.3,
     170,
     {"Mo-Fr 06:30-18:30; Sa 06:30-13:00; Su 07:30-11:00", "Mo-Sa 06:00-12:30,15:00-18:30; Su,PH off",
      "Tu-Sa 06:30-19:00; Su 07:00-12:30"}},
    {PlaceClass::shop,
     "supermarket",
     "Mercato",
     2600,
     0.1,
     320,
     {"Mo-Sa 07:30-20:00; Su,PH off", "Mo-Sa 08:00-21:00; Su 09:00-13:00", "Mo-Fr 08:00-20:00; Sa 08:00-19:00; Su,PH off"}},
    {PlaceClass::shop,
     "convenience",
     "Kiosko",
     2400,
     0.2,
     250,
     {"Mo-Su 07:00-22:00", "Mo-Sa 06:30-20:00; Su 08:00-13:00", "Mo-Fr 06:00-19:00; Sa 07:00-14:00"}},
    {PlaceClass::shop,
     "butcher",
     "Karnaria",
     4200,
     0.5,
     200,
     {"Tu-Fr 08:00-12:30,15:00-18:30; Sa 08:00-12:30", "Mo-Fr 08:00-18:00; Sa 08:00-13:00", ""}},
    {PlaceClass::shop,
     "greengrocer",
     "Frutaria",
     5000,
     0.5,
     200,
     {"Mo-Fr 08:30-18:30; Sa 08:30-14:00", "Mo-Sa 08:00-13:00", ""}},
    {PlaceClass::shop,
     "clothes",
     "Vestara",
     1500,
     1.6,
     25,
     {"Mo-Fr 10:00-18:30; Sa 10:00-16:00", "Mo-Fr 09:30-12:30,14:00-18:30; Sa 10:00-17:00", "Mo-Sa 10:00-19:00"}},
    {PlaceClass::shop, "shoes", "Kalzara", 4500, 1.6, 60, {"Mo-Fr 09:30-18:30; Sa 10:00-16:00", "Tu-Sa 10:00-18:00", ""}},
    {PlaceClass::shop,
     "books",
     "Libraria",
     6000,
     1.4,
     150,
     {"Mo-Fr 09:30-18:30; Sa 10:00-17:00", "Tu-Fr 10:00-13:00,14:00-18:30; Sa 10:00-16:00", ""}},
    {PlaceClass::shop,
     "florist",
     "Floraria",
     4500,
     0.8,
     200,
     {"Mo-Fr 08:30-18:00; Sa 08:30-14:00", "Tu-Sa 09:00-18:00; Su 10:00-12:00", ""}},
    {PlaceClass::shop,
     "hairdresser",
     "Kapilara",
     900,
     0.4,
     90,
     {"Tu-Fr 09:00-18:00; Sa 09:00-14:00", "Tu-Sa 08:30-12:00,13:30-18:30", "We-Fr 10:00-20:00; Sa 10:00-16:00"}},
    {PlaceClass::shop,
     "bicycle",
     "Veloria",
     7000,
     0.5,
     300,
     {"Tu-Fr 09:00-12:30,14:00-18:30; Sa 09:00-13:00", "Mo-Fr 10:00-18:00; Sa 10:00-14:00", ""}},
    {PlaceClass::shop, "hardware", "Ferraria", 8000, 0.3, 400, {"Mo-Fr 08:00-18:30; Sa 08:00-16:00", "Mo-Sa 08:00-19:00", ""}},
    {PlaceClass::shop,
     "optician",
     "Optara",
     6000,
     1.3,
     120,
     {"Mo-Fr 09:00-18:00; Sa 09:30-13:00", "Tu-Fr 09:00-12:30,14:00-18:00; Sa 09:30-15:00", ""}},
    {PlaceClass::shop, "toys", "Jokara", 9000, 1.3, 200, {"Mo-Fr 10:00-18:00; Sa 10:00-15:00", "", ""}},
    {PlaceClass::shop, "gift", "Dona", 6000, 1.8, 40, {"Mo-Sa 10:00-18:00; Jul-Aug Su 11:00-17:00", "Tu-Su 10:00-18:00", ""}},
    {PlaceClass::shop, "laundry", "Lavaria", 8000, 0.3, 300, {"Mo-Su 07:00-22:00", "Mo-Fr 08:00-18:00; Sa 08:00-12:00", ""}},
    {PlaceClass::food,
     "restaurant",
     "Restora",
     520,
     1.0,
     30,
     {"Tu-Su 11:30-14:30,18:00-22:30", "Mo-Sa 11:30-14:00,17:30-23:00; Su off", "We-Su 17:00-23:00"}},
    {PlaceClass::food,
     "cafe",
     "Kafara",
     800,
     1.1,
     45,
     {"Mo-Fr 07:30-18:30; Sa-Su 09:00-18:00", "Tu-Su 09:00-19:00", "Mo-Sa 08:00-20:00"}},
    {PlaceClass::food,
     "bar",
     "Vinara",
     1700,
     1.3,
     45,
     {"Tu-Th 18:00-24:00; Fr-Sa 18:00-02:00", "Mo-Sa 17:00-01:00", "Th-Sa 19:00-03:00"}},
    {PlaceClass::food, "fast_food", "Rapida", 2100, 0.7, 90, {"Mo-Su 11:00-22:00", "Mo-Sa 11:00-21:00; Su 12:00-21:00", ""}},
    {PlaceClass::food, "ice_cream", "Gelara", 6000, 1.4, 150, {"Mar-Oct Mo-Su 10:30-22:00", "Apr-Sep Mo-Su 11:00-21:00", ""}},
    {PlaceClass::pharmacy,
     "pharmacy",
     "Apteka",
     3500,
     0.4,
     330,
     {"Mo-Fr 08:30-12:30,14:00-18:30; Sa 08:30-12:30", "Mo-Fr 08:00-18:30; Sa 08:30-13:00", "Mo-Sa 08:00-20:00"}},
    {PlaceClass::health,
     "doctors",
     "Medika",
     1400,
     0.4,
     90,
     {"Mo,Tu,Th 08:00-12:00,15:00-18:00; We,Fr 08:00-12:00", "Mo-Fr 08:00-13:00; Tu,Th 15:00-19:00", ""}},
    {PlaceClass::health,
     "dentist",
     "Dentara",
     1900,
     0.5,
     90,
     {"Mo-Th 08:00-12:00,13:30-17:30; Fr 08:00-13:00", "Mo-Fr 09:00-17:00", ""}},
    {PlaceClass::health,
     "physiotherapist",
     "Fizika",
     4500,
     0.3,
     200,
     {"Mo-Fr 07:30-19:00", "Mo-Th 08:00-18:00; Fr 08:00-14:00", ""}},
    {PlaceClass::health, "veterinary", "Animara", 9000, 0.1, 400, {"Mo-Fr 09:00-12:00,16:00-19:00; Sa 09:00-11:00", "", ""}},
    {PlaceClass::finance,
     "bank",
     "Banka",
     3800,
     1.3,
     80,
     {"Mo-Fr 08:30-12:30,13:30-16:00; Th 13:30-18:00", "Mo-We,Fr 08:30-16:00; Th 08:30-18:00", ""}},
    {PlaceClass::culture,
     "arts_centre",
     "Arta",
     8000,
     1.0,
     200,
     {"We-Sa 14:00-19:00; Su 11:00-17:00", "Th-Su 12:00-18:00", ""}},
    {PlaceClass::sport,
     "fitness_centre",
     "Fitara",
     6000,
     0.4,
     350,
     {"Mo-Fr 06:30-22:30; Sa-Su 09:00-20:00", "Mo-Su 06:00-23:00", ""}},
    {PlaceClass::lodging, "guest_house", "Hospicia", 4500, 0.9, 100, {"", "", ""}},
    {PlaceClass::office, "lawyer", "Jura", 3200, 1.0, 50, {"Mo-Fr 09:00-12:00,14:00-17:00", "", ""}},
    {PlaceClass::office, "estate_agent", "Imora", 5000, 1.0, 80, {"Mo-Fr 09:00-18:00", "", ""}},
    {PlaceClass::office, "company", "Firma", 900, 0.5, 20, {"Mo-Fr 08:00-17:00", "", ""}},
    {PlaceClass::office, "association", "Socia", 4500, 0.6, 90, {"Mo,We 15:00-18:00", "Tu,Th 10:00-13:00", ""}},
    {PlaceClass::city_office,
     "social_centre",
     "Sociala",
     9000,
     0.2,
     500,
     {"Mo-Fr 09:00-12:00; Tu,Th 14:00-18:00", "Mo-Th 09:00-16:00; Fr 09:00-12:00", ""}},
    {PlaceClass::childcare, "childcare", "Petita", 4500, 0.1, 300, {"Mo-Fr 07:00-17:30", "Mo-Fr 07:30-18:00", ""}},
    {PlaceClass::school, "music_school", "Musika Skolo", 20000, 0.6, 900, {"Mo-Fr 13:00-20:00", "", ""}},
    {PlaceClass::school, "language_school", "Lingva", 14000, 0.9, 400, {"Mo-Fr 09:00-20:00; Sa 09:00-13:00", "", ""}},
    {PlaceClass::post, "post_partner", "Posta", 8000, 0.2, 600, {"Mo-Fr 08:00-18:00; Sa 08:00-12:00", "", ""}},
    {PlaceClass::shop,
     "car_repair",
     "Motora",
     4000,
     0.0,
     250,
     {"Mo-Fr 07:30-17:30", "Mo-Th 07:30-12:00,13:00-17:30; Fr 07:30-15:00", ""}},
}};

Wheelchair wheelchair_of(base::Random& random, std::uint32_t year) {
  const double easy = year > 1990 ? 0.85 : year > 1900 ? 0.45 : 0.3;
  const double luck = random.uniform();
  return luck < easy         ? Wheelchair::yes
         : luck < easy + 0.3 ? Wheelchair::limited
         : luck < easy + 0.5 ? Wheelchair::no
                             : Wheelchair::unknown;
}

/// A point just inside the door.
Vec2d inside(const House& h) {
  Vec2d middle;
  for (const Vec2d p : h.outline) middle = middle + p * (1.0 / static_cast<double>(h.outline.size()));
  const Vec2d p = h.door + unit(middle - h.door) * 3;
  return contains(h.outline, p) ? p : contains(h.outline, middle) ? middle : h.door;
}

void open_trades(const Draft& draft, Names& names, std::vector<PlannedPlace>& places) {
  const auto& houses = draft.town.houses.all();
  const double old_m = draft.setting.old_radius_m(), town_m = draft.setting.town_radius_m();
  std::vector<std::uint32_t> rooms;  // Houses with a shop's room left.
  for (std::uint32_t h = 0; h < houses.size(); ++h)
    if (houses[h].name.empty() && houses[h].work_area_m2 > 12 && houses[h].use != city::BuildingUse::school &&
        houses[h].use != city::BuildingUse::health)
      rooms.push_back(h);
  std::vector<double> central(houses.size(), 0);
  for (const std::uint32_t h : rooms) {
    const std::uint32_t w = houses[h].street;
    const LineKind kind = w < draft.ways.size() ? draft.ways[w].kind : LineKind::minor;
    const double street = kind == LineKind::high_street ? 1.5 : kind <= LineKind::tertiary ? 1.2 : 0.8;
    central[h] = street * smooth_step(town_m, old_m * 0.2, length(houses[h].door)) + 0.02;
  }
  std::vector<bool> taken(houses.size(), false);
  for (std::size_t t = 0; t < kTrades.size(); ++t) {
    const Trade& trade = kTrades[t];
    base::Random random(draft.setting.seed(), 900'000 + t);
    const int count = std::max(draft.setting.people() >= 5'000 ? 1 : 0,
                               static_cast<int>(draft.setting.people() / trade.people_for_one + 0.5));
    std::vector<std::pair<double, std::uint32_t>> order;
    for (const std::uint32_t h : rooms)
      if (!taken[h]) order.emplace_back(-(random.uniform() + 0.02) * std::pow(central[h], trade.centrality), h);
    std::sort(order.begin(), order.end());
    std::vector<Vec2d> like;
    for (const auto& [score, h] : order) {
      if (static_cast<int>(like.size()) >= count) break;
      if (std::any_of(like.begin(), like.end(), [&](Vec2d p) { return distance(p, houses[h].door) < trade.apart_m; })) continue;
      like.push_back(houses[h].door);
      taken[h] = true;
      const std::string own = random.chance(0.45) ? names.person() : names.word();
      const std::string name = random.chance(0.7) ? std::string(trade.word) + " " + own : own;
      const char* hours = trade.hours[random.below(3)];
      places.push_back({inside(houses[h]),
                        trade.place_class,
                        trade.subtype,
                        {name, "", "", "", ""},
                        *hours != 0 ? hours : trade.hours[0],
                        wheelchair_of(random, houses[h].year),
                        0,
                        h});
    }
  }
}

struct Institution {
  const char* house;
  PlaceClass place_class;
  const char* subtype;
  Name name;  ///< Empty local: a fresh or a block's name.
  const char* hours;
};

const std::vector<Institution>& institutions() {
  static const std::vector<Institution> all = {
      {"town_hall",
       PlaceClass::city_office,
       "townhall",
       {"Komuna Sala", "Town Hall", "Hôtel de Ville", "Ayuntamiento", "مبنى البلدية"},
       "Mo-We 08:00-12:00,13:30-16:00; Th 08:00-12:00,13:30-18:00; Fr 08:00-13:00"},
      {"city_office",
       PlaceClass::city_office,
       "government",
       {"Komuna Servica", "Citizens’ Office", "Bureau des citoyens", "Oficina de atención ciudadana", "مكتب خدمات المواطنين"},
       "Mo-Fr 08:00-16:00; Th 08:00-18:00"},
      {"museum",
       PlaceClass::culture,
       "museum",
       {"Muzeo", "City Museum", "Musée de la Ville", "Museo de la Ciudad", "متحف المدينة"},
       "Tu-Su 10:00-17:00; Th 10:00-20:00"},
      {"theatre",
       PlaceClass::culture,
       "theatre",
       {"Teatra", "City Theatre", "Théâtre municipal", "Teatro municipal", "المسرح البلدي"},
       "Tu-Sa 16:00-22:00"},
      {"library",
       PlaceClass::culture,
       "library",
       {"Biblioteka", "City Library", "Bibliothèque municipale", "Biblioteca municipal", "المكتبة البلدية"},
       "Tu-Fr 10:00-18:30; Sa 10:00-14:00"},
      {"cinema",
       PlaceClass::culture,
       "cinema",
       {"Kinema Stela", "Star Cinema", "Cinéma Étoile", "Cine Estrella", "سينما النجمة"},
       "Mo-Su 14:00-23:30"},
      {"post_office",
       PlaceClass::post,
       "post_office",
       {"Posta", "Post Office", "Bureau de poste", "Oficina de Correos", "مكتب البريد"},
       "Mo-Fr 08:00-18:00; Sa 08:00-12:00"},
      {"fire_station",
       PlaceClass::emergency,
       "fire_station",
       {"Fogara", "Fire Station", "Caserne de pompiers", "Parque de bomberos", "محطة الإطفاء"},
       "24/7"},
      {"police", PlaceClass::emergency, "police", {"Polica", "Police", "Police", "Policía", "الشرطة"}, "24/7"},
      {"minster",
       PlaceClass::worship,
       "place_of_worship",
       {"Minstra Kirka", "Minster", "Collégiale", "Colegiata", "الكنيسة الكبرى"},
       "Mo-Sa 08:00-18:00; Su 12:30-18:00"},
      {"church", PlaceClass::worship, "place_of_worship", {}, "Mo-Su 09:00-18:00"},
      {"castle",
       PlaceClass::sight,
       "castle",
       {"Kastla", "Castle", "Château", "Castillo", "القلعة"},
       "Apr-Oct Mo-Su 09:30-18:00; Nov-Mar Sa-Su 10:00-16:00"},
      {"station",
       PlaceClass::transport,
       "station",
       {"Garna", "Railway Station", "Gare", "Estación de tren", "محطة القطار"},
       "24/7"},
      {"hospital", PlaceClass::health, "hospital", {"Hospitala", "City Hospital", "Hôpital", "Hospital", "المستشفى"}, "24/7"},
      {"clinic", PlaceClass::health, "clinic", {}, "Mo-Fr 07:30-18:00; Sa 09:00-12:00"},
      {"university",
       PlaceClass::university,
       "university",
       {"Universa", "University", "Université", "Universidad", "الجامعة"},
       "Mo-Fr 07:00-21:00; Sa 08:00-14:00"},
      {"school", PlaceClass::school, "school", {}, "Mo-Fr 07:30-16:00; SH off"},
      {"kindergarten", PlaceClass::childcare, "kindergarten", {}, "Mo-Fr 07:00-17:00"},
      {"sports_hall", PlaceClass::sport, "sports_centre", {}, "Mo-Fr 08:00-22:00; Sa-Su 09:00-20:00"},
      {"hotel", PlaceClass::lodging, "hotel", {}, "24/7"},
  };
  return all;
}

void open_institutions(const Draft& draft, Names& names, std::vector<PlannedPlace>& places) {
  const auto& houses = draft.town.houses.all();
  base::Random random(draft.setting.seed(), 950'000);
  for (std::uint32_t h = 0; h < houses.size(); ++h) {
    if (houses[h].name.empty()) continue;
    const auto at = std::find_if(institutions().begin(), institutions().end(),
                                 [&](const Institution& i) { return houses[h].name == i.house; });
    if (at == institutions().end()) continue;
    PlannedPlace place{
        inside(houses[h]), at->place_class, at->subtype, at->name, at->hours, wheelchair_of(random, houses[h].year + 60), 0, h};
    if (houses[h].name == "school" || houses[h].name == "kindergarten") {
      place.name = draft.block_names[houses[h].block];
      // Pupils of a catchment: about a tenth of its people, a third of that in a kindergarten.
      place.capacity = houses[h].name == "school" ? 280 + 20 * random.below(18) : 40 + 20 * random.below(5);
    } else if (houses[h].name == "church") {
      place.name = names.fresh(NameKind::church);
    } else if (houses[h].name == "clinic") {
      const std::string own = names.word();
      place.name = {"Klinika " + own, own + " Clinic", "Clinique " + own, "Clínica " + own, "عيادة " + in_arabic(own)};
    } else if (houses[h].name == "hotel") {
      place.name = {"Hotela " + names.word(), "", "", "", ""};
      place.capacity = 30 + 10 * random.below(15);
    } else if (houses[h].name == "sports_hall") {
      const std::string own = names.word();
      place.name = {own + " Sporta", own + " Sports Hall", "Salle de sport " + own, "Polideportivo " + own,
                    "القاعة الرياضية " + in_arabic(own)};
    }
    places.push_back(std::move(place));
  }
}

void furnish(const Draft& draft, std::vector<PlannedPlace>& places) {
  base::Random random(draft.setting.seed(), 960'000);
  const auto put = [&](Vec2d p, PlaceClass place_class, const char* subtype, Wheelchair wheelchair, std::uint32_t capacity) {
    if (!draft.town.houses.is_near(p, 0.5))
      places.push_back({geo::snapped_to_mm(p), place_class, subtype, {}, "", wheelchair, capacity, 0xFFFFFFFFu});
  };
  for (std::size_t i = 0; i < draft.blocks.size(); ++i) {
    const Block& b = draft.blocks[i];
    const bool square = b.use == BlockUse::market || b.use == BlockUse::minster || b.use == BlockUse::small_square ||
                        b.use == BlockUse::station_square;
    if (b.land.empty() || !(square || b.use == BlockUse::park)) continue;
    const auto around = [&](double share) {
      return b.centre + Vec2d{random.uniform(-1, 1), random.uniform(-1, 1)} * (b.depth_m * share);
    };
    for (int k = 0; k < (square ? 4 : 6); ++k) put(around(0.6), PlaceClass::bench, "bench", Wheelchair::unknown, 3);
    put(around(0.5), PlaceClass::water_point, "drinking_water", Wheelchair::yes, 0);
    if (square || random.chance(0.5))
      put(around(0.6), PlaceClass::toilet, "toilets", random.chance(0.7) ? Wheelchair::yes : Wheelchair::no, 0);
    put(around(0.6), PlaceClass::bicycle, "bicycle_parking", Wheelchair::unknown, 8 + 4 * random.below(10));
    if (b.use == BlockUse::park) {
      places.push_back({b.centre, PlaceClass::park, "park", draft.block_names[i], "", Wheelchair::yes, 0, 0xFFFFFFFFu});
      put(around(0.4), PlaceClass::park, "playground", Wheelchair::limited, 0);
    }
    if (b.use == BlockUse::station_square) put(around(0.5), PlaceClass::parking, "parking", Wheelchair::yes, 60);
  }
  for (const Way& way : draft.ways) {
    if (way.kind != LineKind::promenade && way.kind != LineKind::quay) continue;
    for (double at = 40; at < path_length(way.path) - 20; at += 85) {
      const PathPoint p = point_along(way.path, at);
      put(p.point + left_of(p.direction) * (way.street.width_m / 2 + 1), PlaceClass::bench, "bench", Wheelchair::unknown, 3);
    }
  }
}

}  // namespace

std::vector<PlannedPlace> open_places(const Draft& draft, Names& names) {
  std::vector<PlannedPlace> places;
  open_institutions(draft, names, places);
  open_trades(draft, names, places);
  furnish(draft, places);
  return places;
}

}  // namespace citiverse::ingest::practice
