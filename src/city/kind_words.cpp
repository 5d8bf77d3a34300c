// A table of subtypes as OpenStreetMap names them, then a row a class for what the table does not hold.
#include "city/kind_words.h"

#include <algorithm>
#include <array>

namespace citiverse::city {
namespace {

struct Words {
  std::string_view subtype;
  std::string_view words;
};

// Sorted by subtype.
constexpr auto kSubtypes = std::to_array<Words>({
    {"arts_centre", "arts centre|centre culturel|centro cultural|مركز فنون"},
    {"atm", "atm|cash machine|distributeur|cajero|صراف"},
    {"attraction", "sight|attraction|curiosite|atraccion|معلم"},
    {"bakery", "bakery|boulangerie|panaderia|مخبز"},
    {"bank", "bank|banque|banco|مصرف|بنك"},
    {"bar", "bar|بار"},
    {"bench", "bench|banc|banco|مقعد"},
    {"bicycle_parking", "bicycle parking|bike parking|parking velo|aparcabicis|موقف دراجات"},
    {"bicycle_rental", "bicycle rental|bike share|location velo|alquiler de bicicletas|تاجير دراجات"},
    {"books", "bookshop|librairie|libreria|مكتبة كتب"},
    {"butcher", "butcher|boucherie|carniceria|جزار"},
    {"cafe", "cafe|coffee|cafeteria|مقهى"},
    {"charging_station", "charging station|borne de recharge|cargador|شحن"},
    {"childcare", "childcare|nursery|creche|guarderia|حضانة"},
    {"cinema", "cinema|cine|سينما"},
    {"clinic", "clinic|clinique|clinica|عيادة"},
    {"clothes", "clothes|vetements|ropa|ملابس"},
    {"college", "college|lycee|instituto|كلية"},
    {"community_centre", "community centre|maison de quartier|centro comunitario|مركز مجتمعي"},
    {"convenience", "convenience|corner shop|epicerie|ultramarinos|بقالة"},
    {"dentist", "dentist|dentiste|dentista|طبيب اسنان"},
    {"doctors", "doctor|medecin|medico|طبيب"},
    {"drinking_water", "drinking water|tap|eau potable|agua potable|مياه شرب"},
    {"fire_station", "fire station|pompiers|bomberos|اطفاء"},
    {"florist", "florist|flowers|fleuriste|floristeria|زهور"},
    {"fountain", "fountain|fontaine|fuente|نافورة"},
    {"fuel", "fuel|petrol|gas station|essence|gasolinera|وقود"},
    {"hairdresser", "hairdresser|coiffeur|peluqueria|حلاق"},
    {"hospital", "hospital|hopital|مستشفى"},
    {"hotel", "hotel|فندق"},
    {"kindergarten", "kindergarten|nursery|maternelle|jardin de infancia|روضة"},
    {"library", "library|bibliotheque|mediatheque|biblioteca|مكتبة"},
    {"marketplace", "market|marche|mercado|سوق"},
    {"museum", "museum|musee|museo|متحف"},
    {"optician", "optician|opticien|optica|نظارات"},
    {"park", "park|parc|parque|حديقة"},
    {"parking", "parking|car park|aparcamiento|موقف سيارات"},
    {"pharmacy", "pharmacy|chemist|pharmacie|farmacia|صيدلية"},
    {"place_of_worship", "church|mosque|synagogue|temple|eglise|mosquee|iglesia|mezquita|كنيسة|مسجد"},
    {"playground", "playground|aire de jeux|parque infantil|ملعب اطفال"},
    {"police", "police|policia|شرطة"},
    {"post_office", "post office|poste|correos|بريد"},
    {"pub", "pub|bar"},
    {"restaurant", "restaurant|restaurante|مطعم"},
    {"school", "school|ecole|escuela|colegio|مدرسة"},
    {"sports_centre", "sports centre|gym|centre sportif|polideportivo|مركز رياضي"},
    {"supermarket", "supermarket|supermarche|supermercado|سوبرماركت"},
    {"swimming_pool", "swimming pool|piscine|piscina|مسبح"},
    {"theatre", "theatre|theater|teatro|مسرح"},
    {"toilets", "toilets|wc|restroom|toilettes|aseos|مراحيض|حمام"},
    {"townhall", "town hall|city hall|mairie|hotel de ville|ayuntamiento|بلدية"},
    {"university", "university|universite|universidad|جامعة"},
    {"veterinary", "veterinary|vet|veterinaire|veterinario|بيطري"},
    {"viewpoint", "viewpoint|view|belvedere|mirador|اطلالة"},
});

constexpr auto kSorted = [] {
  return std::is_sorted(kSubtypes.begin(), kSubtypes.end(),
                        [](const Words& a, const Words& b) { return a.subtype < b.subtype; });
}();
static_assert(kSorted, "the table is searched by halves");

std::string_view words_of_class(PlaceClass place_class) {
  switch (place_class) {
    case PlaceClass::shop: return "shop|store|magasin|boutique|tienda|متجر";
    case PlaceClass::food: return "food|restaurant|restaurante|مطعم";
    case PlaceClass::school: return "school|ecole|escuela|مدرسة";
    case PlaceClass::childcare: return "childcare|creche|guarderia|حضانة";
    case PlaceClass::university: return "university|universite|universidad|جامعة";
    case PlaceClass::health: return "health|doctor|sante|salud|صحة";
    case PlaceClass::pharmacy: return "pharmacy|pharmacie|farmacia|صيدلية";
    case PlaceClass::culture: return "culture|cultura|ثقافة";
    case PlaceClass::city_office: return "city office|administration|mairie|oficina municipal|بلدية";
    case PlaceClass::worship: return "worship|culte|culto|عبادة";
    case PlaceClass::lodging: return "hotel|lodging|hebergement|alojamiento|فندق";
    case PlaceClass::sport: return "sport|deporte|رياضة";
    case PlaceClass::finance: return "bank|banque|banco|بنك";
    case PlaceClass::post: return "post|poste|correos|بريد";
    default: return {};
  }
}

std::string_view words_of_stop(TransitMode mode) {
  switch (mode) {
    case TransitMode::bus:
    case TransitMode::trolleybus: return "bus stop|arret de bus|parada de autobus|موقف حافلة";
    case TransitMode::tram: return "tram stop|arret de tram|parada de tranvia|محطة ترام";
    case TransitMode::subway: return "metro|subway|station|estacion|مترو";
    case TransitMode::rail: return "station|train|gare|estacion|محطة قطار";
    case TransitMode::ferry: return "ferry|bac|عبارة";
    default: return "stop|arret|parada|موقف";
  }
}

}  // namespace

std::string_view kind_words(const City& city, const Feature& feature) {
  switch (feature.id.kind()) {
    case FeatureKind::place: {
      const Place& place = city.place(feature);
      const std::string_view subtype = city.text(place.subtype);
      const auto at = std::lower_bound(kSubtypes.begin(), kSubtypes.end(), subtype,
                                       [](const Words& w, std::string_view wanted) { return w.subtype < wanted; });
      if (at != kSubtypes.end() && at->subtype == subtype) return at->words;
      const std::string_view by_class = words_of_class(place.place_class);
      return by_class.empty() ? subtype : by_class;
    }
    case FeatureKind::stop: return words_of_stop(city.stop(feature).mode);
    case FeatureKind::green:
      switch (city.green(feature).green_class) {
        case GreenClass::park: return "park|parc|parque|حديقة";
        case GreenClass::playground: return "playground|aire de jeux|parque infantil|ملعب اطفال";
        case GreenClass::cemetery: return "cemetery|cimetiere|cementerio|مقبرة";
        case GreenClass::beach: return "beach|plage|playa|شاطئ";
        case GreenClass::forest: return feature.name.empty() ? std::string_view{} : "forest|wood|foret|bosque|غابة";
        default: return {};
      }
    default: return {};
  }
}

}  // namespace citiverse::city
