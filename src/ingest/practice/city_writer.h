// From the draft to a City: every decision becomes a feature with id, source and attributes.
#pragma once

#include "city/city_builder.h"
#include "ingest/practice/draft.h"

namespace citiverse::ingest::practice {

class CityWriter {
 public:
  CityWriter(const Draft& draft, city::CityBuilder& builder);
  void write();

 private:
  city::FeatureId next_id(city::FeatureKind kind);
  city::Geometry areas(const Polygon& polygon);
  city::Geometry line(const Path& path);
  city::Geometry point(Vec2d p);
  template <class Detail>
  city::FeatureIndex add(city::FeatureKind kind, const city::Geometry& geometry, std::string_view name, const Detail& detail);

  void write_streets();
  void write_buildings();
  void write_water_and_green();
  void write_railway();
  void write_squares();
  void write_barriers();

  const Draft& draft_;
  city::CityBuilder& builder_;
  std::uint32_t source_ = 0;
  std::array<std::uint64_t, city::kFeatureKinds> numbers_{};
};

}  // namespace citiverse::ingest::practice
