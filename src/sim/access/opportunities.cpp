// Places by class and subtype; green by its border; work by its buildings.
#include "sim/access/opportunities.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "city/measure.h"

namespace citiverse::sim {
namespace {

using city::FeatureIndex;
using city::FeatureKind;
using city::PlaceClass;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void add_place(const city::City& city, FeatureIndex i, std::vector<Opportunity>& all) {
  const city::Feature& f = city.feature(i);
  const city::Place& place = city.place(f);
  const std::string_view subtype = city.text(place.subtype);
  const auto add = [&](Destination kind) {
    Opportunity o{.kind = kind, .feature = i, .door = city.anchor(f)};
    if (place.capacity > 0) o.capacity = static_cast<float>(place.capacity);
    all.push_back(o);
  };
  switch (place.place_class) {
    case PlaceClass::shop:
      if (is_one_of(subtype, {"supermarket", "convenience", "grocery", "greengrocer", "general"})) add(Destination::groceries);
      return add(Destination::shop);
    case PlaceClass::food: return add(Destination::food);
    case PlaceClass::school:
      if (subtype.empty() || subtype == "school") add(Destination::school);
      return;
    case PlaceClass::childcare: return add(Destination::childcare);
    case PlaceClass::health:
      if (is_one_of(subtype, {"doctors", "doctor", "clinic", "hospital", "centre", "health_centre"})) add(Destination::doctor);
      return;
    case PlaceClass::pharmacy: return add(Destination::pharmacy);
    case PlaceClass::culture: return add(Destination::culture);
    case PlaceClass::sport: return add(Destination::sport);
    case PlaceClass::park:
      if (subtype == "playground") add(Destination::playground);
      return;
    default: return;
  }
}

bool is_public_green(const city::City& city, const city::Feature& f) {
  using enum city::GreenClass;
  const city::GreenClass c = city.green(f).green_class;
  if (c == park || c == forest) return true;
  return (c == garden || c == grass || c == meadow || c == wetland || c == scrub) && !f.name.empty();
}

void add_green(const city::City& city, FeatureIndex i, std::vector<Opportunity>& all) {
  const city::Feature& f = city.feature(i);
  if (f.geometry.type != city::GeometryType::polygons) return;
  if (city.green(f).green_class == city::GreenClass::playground) {
    all.push_back({.kind = Destination::playground, .feature = i, .door = city.anchor(f)});
    return;
  }
  if (!is_public_green(city, f) || city::area_m2(city, f) < kGreenLeastM2) return;
  float weight = 1;
  for (const city::Part& part : city.parts(f.geometry)) {
    if (part.is_hole) continue;
    const auto ring = city.vertices(part);
    double next_m = 0;
    for (std::size_t v = 0; v < ring.size(); ++v) {
      const geo::Vec2d side = ring[(v + 1) % ring.size()] - ring[v];
      const double side_m = length(side);
      for (; next_m < side_m; next_m += kGreenDoorsM) {
        all.push_back({.kind = Destination::green,
                       .feature = i,
                       .door = ring[v] + side * (next_m / side_m),
                       .weight = weight,
                       .capacity = weight});
        weight = 0;
      }
      next_m -= side_m;
    }
  }
}

}  // namespace

std::string_view name_of(Destination d) {
  constexpr std::array<std::string_view, kDestinations> kNames{"groceries", "shop",    "pharmacy",   "doctor", "school",
                                                               "childcare", "green",   "playground", "sport",  "culture",
                                                               "food",      "transit", "work"};
  return kNames[static_cast<std::size_t>(d)];
}

std::vector<Opportunity> opportunities_of(const city::City& city) {
  std::vector<Opportunity> all;
  const auto each = [&](FeatureKind kind, auto&& f) {
    const city::Run run = city.of_kind(kind);
    for (FeatureIndex i = run.first; i < run.first + run.count; ++i) f(i);
  };
  each(FeatureKind::place, [&](FeatureIndex i) { add_place(city, i, all); });
  each(FeatureKind::green, [&](FeatureIndex i) { add_green(city, i, all); });
  each(FeatureKind::stop, [&](FeatureIndex i) {
    all.push_back({.kind = Destination::transit, .feature = i, .door = city.anchor(city.feature(i))});
  });
  each(FeatureKind::building, [&](FeatureIndex i) {
    const auto jobs = static_cast<float>(city.building(city.feature(i)).jobs);
    if (jobs > 0) {
      all.push_back(
          {.kind = Destination::work, .feature = i, .door = city.anchor(city.feature(i)), .weight = jobs, .capacity = jobs});
    }
  });
  std::stable_sort(all.begin(), all.end(), [](const Opportunity& a, const Opportunity& b) { return a.feature < b.feature; });
  return all;
}

}  // namespace citiverse::sim
