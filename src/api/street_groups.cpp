// Pieces of a name are few, so that comparing their boxes in pairs is cheap.
#include "api/street_groups.h"

#include <algorithm>
#include <numeric>

#include "city/measure.h"

namespace citiverse::api {
namespace {

using city::FeatureIndex;

// Splits pieces of one name into streets, by joining boxes that are near each other.
void add_streets(const city::City& city, std::span<const FeatureIndex> pieces, std::vector<NamedStreet>& streets) {
  constexpr std::size_t kPairedMax = 2000;  // A name with more pieces is one street: pairs would cost more than they tell.
  std::vector<std::size_t> root(pieces.size());
  std::iota(root.begin(), root.end(), 0u);
  const auto find = [&](std::size_t i) {
    while (root[i] != i) i = root[i] = root[root[i]];
    return i;
  };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces.size() > kPairedMax) {
      root[i] = 0;
      continue;
    }
    const geo::Box2d near = city.feature(pieces[i]).box.grown_by(kStreetGapM);
    for (std::size_t j = 0; j < i; ++j) {
      if (near.intersects(city.feature(pieces[j]).box)) root[std::max(find(i), find(j))] = std::min(find(i), find(j));
    }
  }
  std::vector<std::size_t> street_of(pieces.size(), SIZE_MAX);
  std::vector<double> longest;
  const std::size_t first = streets.size();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::size_t& at = street_of[find(i)];
    if (at == SIZE_MAX) {
      at = streets.size();
      streets.emplace_back();
      longest.push_back(-1);
    }
    NamedStreet& street = streets[at];
    const double length = city::length_m(city, city.feature(pieces[i]));
    street.length_m += length;
    street.pieces.push_back(pieces[i]);
    if (length > longest[at - first]) {
      longest[at - first] = length;
      street.longest = pieces[i];
    }
  }
}

}  // namespace

std::vector<NamedStreet> named_streets(const city::City& city) {
  const city::Run run = city.of_kind(city::FeatureKind::street);
  std::vector<FeatureIndex> pieces;
  for (FeatureIndex i = run.first; i < run.first + run.count; ++i) {
    if (!city.feature(i).name.empty()) pieces.push_back(i);
  }
  const auto name = [&](FeatureIndex i) { return city.text(city.feature(i).name); };
  std::stable_sort(pieces.begin(), pieces.end(), [&](FeatureIndex a, FeatureIndex b) { return name(a) < name(b); });
  std::vector<NamedStreet> streets;
  for (std::size_t begin = 0; begin < pieces.size();) {
    std::size_t end = begin + 1;
    while (end < pieces.size() && name(pieces[end]) == name(pieces[begin])) ++end;
    add_streets(city, std::span(pieces).subspan(begin, end - begin), streets);
    begin = end;
  }
  return streets;
}

}  // namespace citiverse::api
