// From the draft to a City: every decision becomes a feature with id, source and attributes.
#pragma once

#include "city/city_builder.h"
#include "ingest/practice/naming.h"
#include "ingest/practice/places.h"
#include "ingest/practice/transit.h"

namespace citiverse::ingest::practice {

class CityWriter {
 public:
  CityWriter(const Draft& draft, const Names& names, city::CityBuilder& builder);
  void write(const std::vector<PlannedPlace>& places, const Transit& transit);

 private:
  city::FeatureId next_id(city::FeatureKind kind);
  city::Geometry areas(const Polygon& polygon);
  city::Geometry line(const Path& path);
  city::Geometry point(Vec2d p);
  template <class Detail>
  city::FeatureIndex add(city::FeatureKind kind, const city::Geometry& geometry, const Name& name, const Detail& detail);
  void set_address(city::FeatureIndex feature, const House& house);

  void write_streets();
  void write_buildings(const std::vector<PlannedPlace>& places);
  void write_water_and_green();
  void write_railway();
  void write_squares();
  void write_barriers();
  void write_areas();
  void write_places(const std::vector<PlannedPlace>& places);
  void write_transit(const Transit& transit);

  const Draft& draft_;
  const Names& names_;
  city::CityBuilder& builder_;
  std::uint32_t source_ = 0;
  std::array<std::uint64_t, city::kFeatureKinds> numbers_{};
};

}  // namespace citiverse::ingest::practice
