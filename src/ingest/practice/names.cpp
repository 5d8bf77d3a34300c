// The words of the invented language: syllables for names, stems with a meaning, and the word for each kind of place.
#include "ingest/practice/names.h"

#include <algorithm>
#include <array>

namespace citiverse::ingest::practice {
namespace {

constexpr std::array kStarts = {"Bel", "Cor", "Dra", "Esk", "Fal", "Gor", "Hal", "Ist", "Jar", "Kal", "Lin",
                                "Mar", "Nor", "Ol",  "Per", "Rav", "Sel", "Tor", "Ul",  "Var", "Vel", "Zor",
                                "Bra", "Cal", "Dor", "El",  "Fen", "Gal", "Hes", "Kor", "Lor", "Mel", "Nav",
                                "Or",  "Pal", "Ros", "Sav", "Tal", "Ver", "Vin", "Bor", "Tre"};
constexpr std::array kMiddles = {"", "", "", "a", "i", "o", "en", "av", "il", "or", "et", "is", "an", "un"};
constexpr std::array kEnds = {"va",  "dor",  "mont", "na",  "lin", "ska", "rin", "tara",
                              "bek", "mira", "dova", "sel", "ten", "vik", "ora", "nica"};

struct Meaning {
  const char *local, *en, *fr, *es, *ar;
};
// Trades, trees, things of the town: the stems of old streets everywhere.
constexpr std::array<Meaning, 48> kMeanings = {{
    {"Molna", "Mill", "du Moulin", "del Molino", "الطاحونة"},
    {"Pana", "Baker", "des Boulangers", "de los Panaderos", "الخبازين"},
    {"Fera", "Smith", "des Forgerons", "de los Herreros", "الحدادين"},
    {"Linda", "Lime Tree", "des Tilleuls", "de los Tilos", "الزيزفون"},
    {"Kastana", "Chestnut", "des Marronniers", "de los Castaños", "الكستناء"},
    {"Ripa", "Shore", "du Rivage", "de la Ribera", "الشاطئ"},
    {"Pesca", "Fisher", "des Pêcheurs", "de los Pescadores", "الصيادين"},
    {"Salna", "Salt", "du Sel", "de la Sal", "الملح"},
    {"Vina", "Wine", "du Vin", "del Vino", "النبيذ"},
    {"Rosna", "Rose", "des Roses", "de las Rosas", "الورود"},
    {"Fonta", "Fountain", "de la Fontaine", "de la Fuente", "النافورة"},
    {"Muresa", "Wall", "du Rempart", "de la Muralla", "السور"},
    {"Torna", "Tower", "de la Tour", "de la Torre", "البرج"},
    {"Klosta", "Abbey", "de l’Abbaye", "de la Abadía", "الدير"},
    {"Skola", "School", "de l’École", "de la Escuela", "المدرسة"},
    {"Telara", "Weaver", "des Tisserands", "de los Tejedores", "النساجين"},
    {"Kordara", "Rope Maker", "des Cordiers", "de los Cordeleros", "الحبالين"},
    {"Sutra", "Cobbler", "des Cordonniers", "de los Zapateros", "الإسكافيين"},
    {"Orfava", "Goldsmith", "des Orfèvres", "de los Orfebres", "الصاغة"},
    {"Cavala", "Horse", "des Chevaux", "de los Caballos", "الخيول"},
    {"Alda", "Old", "Ancienne", "Vieja", "القديمة"},
    {"Sola", "Sun", "du Soleil", "del Sol", "الشمس"},
    {"Luna", "Moon", "de la Lune", "de la Luna", "القمر"},
    {"Stela", "Star", "de l’Étoile", "de la Estrella", "النجمة"},
    {"Norda", "North", "du Nord", "del Norte", "الشمال"},
    {"Suda", "South", "du Sud", "del Sur", "الجنوب"},
    {"Esta", "East", "de l’Est", "del Este", "الشرق"},
    {"Vesta", "West", "de l’Ouest", "del Oeste", "الغرب"},
    {"Prada", "Meadow", "du Pré", "del Prado", "المرج"},
    {"Silva", "Forest", "de la Forêt", "del Bosque", "الغابة"},
    {"Pomara", "Apple", "des Pommiers", "de los Manzanos", "التفاح"},
    {"Cerasa", "Cherry", "des Cerisiers", "de los Cerezos", "الكرز"},
    {"Nuka", "Walnut", "des Noyers", "de los Nogales", "الجوز"},
    {"Betula", "Birch", "des Bouleaux", "de los Abedules", "البتولا"},
    {"Kverna", "Oak", "des Chênes", "de los Robles", "البلوط"},
    {"Fraxa", "Ash", "des Frênes", "de los Fresnos", "الدردار"},
    {"Alona", "Lark", "de l’Alouette", "de la Alondra", "القبرة"},
    {"Merla", "Blackbird", "du Merle", "del Mirlo", "الشحرور"},
    {"Cigna", "Swan", "du Cygne", "del Cisne", "البجعة"},
    {"Liberta", "Freedom", "de la Liberté", "de la Libertad", "الحرية"},
    {"Paca", "Peace", "de la Paix", "de la Paz", "السلام"},
    {"Konkorda", "Concord", "de la Concorde", "de la Concordia", "الوئام"},
    {"Musica", "Music", "de la Musique", "de la Música", "الموسيقى"},
    {"Gardina", "Garden", "des Jardins", "de los Jardines", "الحدائق"},
    {"Kolina", "Hill", "de la Colline", "de la Colina", "التل"},
    {"Vala", "Valley", "de la Vallée", "del Valle", "الوادي"},
    {"Ponta", "Bridge", "du Pont", "del Puente", "الجسر"},
    {"Labora", "Labour", "du Travail", "del Trabajo", "العمل"},
}};

// The word for each kind: local, and around the stem in the others ("{}" is the stem).
struct KindWord {
  const char *local, *en, *fr, *es, *ar;
};
constexpr std::array<KindWord, 16> kKinds = {{
    {" Gassa", " Street", "Rue ", "Calle ", "شارع "},
    {" Vicla", " Lane", "Ruelle ", "Callejón ", "زقاق "},
    {" Alea", " Avenue", "Avenue ", "Avenida ", "جادة "},
    {" Riva", " Quay", "Quai ", "Muelle ", "رصيف "},
    {" Ronda", " Ring", "Boulevard ", "Ronda ", "طريق دائري "},
    {" Skalna", " Steps", "Escalier ", "Escalera ", "درج "},
    {" Senda", " Path", "Sentier ", "Sendero ", "ممر "},
    {" Strada", " Road", "Route ", "Carretera ", "طريق "},
    {" Platz", " Square", "Place ", "Plaza ", "ساحة "},
    {" Ponto", " Bridge", "Pont ", "Puente ", "جسر "},
    {" Parko", " Park", "Parc ", "Parque ", "حديقة "},
    {"", "", "", "", "حي "},
    {" Kirka", " Church", "Église ", "Iglesia ", "كنيسة "},
    {" Skolo", " School", "École ", "Escuela ", "مدرسة "},
    {" Kinderia", " Kindergarten", "Jardin d’enfants ", "Jardín de infancia ", "روضة "},
    {"", "", "", "", ""},
}};

}  // namespace

std::string in_arabic(std::string_view latin) {
  std::string out;
  for (std::size_t i = 0; i < latin.size(); ++i) {
    const char c = static_cast<char>(latin[i] >= 'A' && latin[i] <= 'Z' ? latin[i] + 32 : latin[i]);
    const char next = i + 1 < latin.size() ? latin[i + 1] : ' ';
    switch (c) {
      case 'a': out += "ا"; break;
      case 'b': out += "ب"; break;
      case 'c':
      case 'k': out += "ك"; break;
      case 'd': out += "د"; break;
      case 'e': out += i == 0 ? "إ" : next == ' ' ? "ه" : ""; break;
      case 'f': out += "ف"; break;
      case 'g': out += "غ"; break;
      case 'h': out += "ه"; break;
      case 'i': out += i == 0 ? "إي" : "ي"; break;
      case 'j': out += "ج"; break;
      case 'l': out += "ل"; break;
      case 'm': out += "م"; break;
      case 'n': out += "ن"; break;
      case 'o':
      case 'u': out += i == 0 ? "أو" : "و"; break;
      case 'p': out += "ب"; break;
      case 'r': out += "ر"; break;
      case 's': out += "س"; break;
      case 't': out += "ت"; break;
      case 'v': out += "ف"; break;
      case 'z': out += "ز"; break;
      case ' ': out += " "; break;
      default: break;
    }
  }
  return out;
}

Names::Names(std::uint64_t seed) : random_(seed, 51) {
  for (std::uint32_t i = 0; i < kMeanings.size(); ++i) meanings_.push_back(i);
  for (std::size_t i = meanings_.size(); i > 1; --i)
    std::swap(meanings_[i - 1], meanings_[random_.below(static_cast<std::uint32_t>(i))]);
  const std::string name = word(), stream = word();
  city_ = {name, name, name, name, in_arabic(name)};
  river_ = {stream, "River " + stream, stream, "Río " + stream, "نهر " + in_arabic(stream)};
}

std::string Names::word() {
  for (int attempt = 0;; ++attempt) {
    std::string w = kStarts[random_.below(kStarts.size())];
    w += kMiddles[random_.below(kMiddles.size())];
    if (attempt > 40) w += kMiddles[3 + random_.below(kMiddles.size() - 3)];
    w += kEnds[random_.below(kEnds.size())];
    if (used_.insert(w).second) return w;
  }
}

std::string Names::person() { return std::string(1, static_cast<char>('A' + random_.below(22))) + ". " + word(); }

Name Names::stem() {
  if (next_meaning_ < meanings_.size() && random_.chance(0.5)) {
    const Meaning& m = kMeanings[meanings_[next_meaning_++]];
    return {m.local, m.en, m.fr, m.es, m.ar};
  }
  const std::string w = word();
  return {w, w, w, w, in_arabic(w)};
}

Name Names::with(NameKind kind, const Name& stem) const {
  const KindWord& k = kKinds[static_cast<std::size_t>(kind)];
  return {stem.local + k.local, stem.en + k.en, k.fr + stem.fr, k.es + stem.es, k.ar + stem.ar};
}

Name Names::fresh(NameKind kind) {
  for (;;) {
    Name name = with(kind, stem());
    if (used_.insert(name.local).second || kind == NameKind::district) return name;
  }
}

Name Names::market() { return {"Markata", "Market", "du Marché", "del Mercado", "السوق"}; }
Name Names::minster() { return {"Minstra", "Minster", "de la Collégiale", "de la Colegiata", "الكنيسة الكبرى"}; }
Name Names::station() { return {"Garna", "Station", "de la Gare", "de la Estación", "المحطة"}; }
Name Names::old() { return {"Alda", "Old", "Vieux", "Viejo", "القديم"}; }
Name Names::university() { return {"Universa", "University", "de l’Université", "de la Universidad", "الجامعة"}; }
Name Names::hospital() { return {"Hospitala", "Hospital", "de l’Hôpital", "del Hospital", "المستشفى"}; }

}  // namespace citiverse::ingest::practice
