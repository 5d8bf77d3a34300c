// What is asked for first is made first; nothing is made at the start, which is why the node is ready at once.
#include "api/city_model.h"

#include <algorithm>
#include <map>

namespace citiverse::api {
namespace {

using city::FeatureIndex;
using city::FeatureKind;

// Languages of name:xx attributes that name at least a hundredth as many objects as the commonest does.
std::vector<std::string> languages_of(const city::City& city) {
  constexpr std::size_t kLanguagesMax = 12;
  std::map<std::string, std::size_t, std::less<>> counts;
  for (const city::Attribute& attribute : city.columns().attributes) {
    std::string_view key = city.text(attribute.key);
    if (!key.starts_with("name:")) continue;
    key.remove_prefix(5);
    const bool is_language = (key.size() == 2 || key.size() == 3) &&
                             std::all_of(key.begin(), key.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!is_language) continue;
    if (const auto known = counts.find(key); known != counts.end())
      ++known->second;
    else
      counts.emplace(key, 1);
  }
  std::vector<std::pair<std::string, std::size_t>> ordered(counts.begin(), counts.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> languages;
  for (const auto& [language, count] : ordered) {
    if (languages.size() == kLanguagesMax || count * 100 < ordered.front().second) break;
    languages.push_back(language);
  }
  return languages;
}

CityTotals totals_of(const city::City& city) {
  CityTotals totals;
  const city::Run buildings = city.of_kind(FeatureKind::building);
  for (FeatureIndex i = buildings.first; i < buildings.first + buildings.count; ++i) {
    const city::Building& building = city.building(city.feature(i));
    totals.people += building.people;
    totals.jobs += building.jobs;
    totals.homes += building.homes;
  }
  const city::Run places = city.of_kind(FeatureKind::place);
  for (FeatureIndex i = places.first; i < places.first + places.count; ++i) {
    ++totals.places_by_class[static_cast<std::size_t>(city.place(city.feature(i)).place_class)];
  }
  totals.languages = languages_of(city);
  totals.generated = !city.features().empty() && city.features().front().id.source() == city::IdSource::generated;
  return totals;
}

}  // namespace

const city::SearchIndex& CityModel::search() const {
  return *search_.get([&] { return std::make_unique<city::SearchIndex>(city_); });
}
const AreaTree& CityModel::areas() const {
  return *areas_.get([&] { return std::make_unique<AreaTree>(city_); });
}
const std::vector<NamedStreet>& CityModel::streets() const {
  return streets_.get([&] { return named_streets(city_); });
}
const Timetable& CityModel::timetable() const {
  return *timetable_.get([&] { return std::make_unique<Timetable>(city_); });
}
const std::vector<Viewpoint>& CityModel::viewpoints() const {
  return viewpoints_.get([&] { return find_viewpoints(city_); });
}
const CityTotals& CityModel::totals() const {
  return totals_.get([&] { return totals_of(city_); });
}

void CityModel::warm_up() const {
  totals();
  viewpoints();
  search();
  areas();
  streets();
  timetable();
}

}  // namespace citiverse::api
