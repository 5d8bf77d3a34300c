// Summing once, over anchors: a building counts in every area that holds its anchor.
#include "api/area_tree.h"

#include <algorithm>

#include "city/measure.h"

namespace citiverse::api {

using city::FeatureIndex;
using city::FeatureKind;

AreaTree::AreaTree(const city::City& city) : city_(city) {
  const city::Run run = city.of_kind(FeatureKind::area);
  for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    AreaFacts facts;
    facts.area = i;
    facts.area_m2 = city::area_m2(city, city.feature(i));
    areas_.push_back(facts);
  }
  std::stable_sort(areas_.begin(), areas_.end(), [&](const AreaFacts& a, const AreaFacts& b) {
    const city::Feature& fa = city.feature(a.area);
    const city::Feature& fb = city.feature(b.area);
    if (city.area(fa).area_class != city.area(fb).area_class) return city.area(fa).area_class < city.area(fb).area_class;
    return city.text(fa.name) < city.text(fb.name);
  });
  by_feature_.resize(run.count);
  for (std::uint32_t at = 0; at < areas_.size(); ++at) by_feature_[areas_[at].area - run.first] = at;
  for (AreaFacts& facts : areas_) {
    for (const FeatureIndex holder : holding(city.anchor(city.feature(facts.area)))) {
      const AreaFacts* larger = find(holder);
      const bool broader = city.area(city.feature(holder)).area_class < city.area(city.feature(facts.area)).area_class;
      if (!broader || larger->area_m2 <= facts.area_m2) continue;
      facts.parent = holder;
      break;
    }
  }
  const city::Run buildings = city.of_kind(FeatureKind::building);
  for (FeatureIndex i = buildings.first; i < buildings.first + buildings.count; ++i) {
    const city::Building& building = city.building(city.feature(i));
    add_to_areas(city.anchor(city.feature(i)), [&](AreaFacts& facts) {
      facts.people += building.people;
      facts.jobs += building.jobs;
      facts.homes += building.homes;
      ++facts.buildings;
    });
  }
  const city::Run places = city.of_kind(FeatureKind::place);
  for (FeatureIndex i = places.first; i < places.first + places.count; ++i) {
    const auto place_class = static_cast<std::size_t>(city.place(city.feature(i)).place_class);
    add_to_areas(city.anchor(city.feature(i)), [&](AreaFacts& facts) {
      ++facts.places;
      ++facts.places_by_class[place_class];
    });
  }
}

template <class Add>
void AreaTree::add_to_areas(geo::Vec2d point, Add&& add) {
  const city::Run run = city_.of_kind(FeatureKind::area);
  for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    if (city::contains(city_, city_.feature(i), point)) add(areas_[by_feature_[i - run.first]]);
  }
}

const AreaFacts* AreaTree::find(FeatureIndex area) const {
  const city::Run run = city_.of_kind(FeatureKind::area);
  if (area < run.first || area >= run.first + run.count) return nullptr;
  return &areas_[by_feature_[area - run.first]];
}

std::vector<FeatureIndex> AreaTree::holding(geo::Vec2d point) const {
  std::vector<FeatureIndex> holders;
  const city::Run run = city_.of_kind(FeatureKind::area);
  for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    if (city::contains(city_, city_.feature(i), point)) holders.push_back(i);
  }
  std::stable_sort(holders.begin(), holders.end(),
                   [&](FeatureIndex a, FeatureIndex b) { return find(a)->area_m2 < find(b)->area_m2; });
  return holders;
}

}  // namespace citiverse::api
