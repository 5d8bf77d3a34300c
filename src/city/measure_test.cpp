#include "city/measure.h"

#include <gtest/gtest.h>

#include "city/city_builder.h"
#include "city/class_names.h"

namespace citiverse::city {
namespace {

using geo::Vec2d;

// A building of 20 m × 10 m with a courtyard of 4 m × 2 m, and a street of 3-4-5 triangles.
City courtyard_city() {
  CityBuilder builder("Test", {43.7, 7.4});
  Geometry block = builder.begin(GeometryType::polygons);
  builder.add_part(block, std::vector<Vec2d>{{0, 0}, {20, 0}, {20, 10}, {0, 10}});
  builder.add_part(block, std::vector<Vec2d>{{8, 4}, {12, 4}, {12, 6}, {8, 6}}, true);
  builder.add(FeatureId::of(FeatureKind::building, IdSource::generated, 1), block, {}, Building{});
  Geometry line = builder.begin(GeometryType::lines);
  builder.add_part(line, std::vector<Vec2d>{{30, 0}, {33, 4}, {36, 0}});
  Street street;
  street.street_class = StreetClass::living_street;
  builder.add(FeatureId::of(FeatureKind::street, IdSource::generated, 1), line, {}, street);
  return std::move(builder).build();
}

const Feature& first_of(const City& city, FeatureKind kind) { return city.feature(city.of_kind(kind).first); }

TEST(Measure, area_leaves_out_the_courtyard) {
  const City city = courtyard_city();
  EXPECT_DOUBLE_EQ(area_m2(city, first_of(city, FeatureKind::building)), 192.0);
  EXPECT_DOUBLE_EQ(length_m(city, first_of(city, FeatureKind::building)), 72.0);
}

TEST(Measure, a_courtyard_is_not_inside) {
  const City city = courtyard_city();
  const Feature& block = first_of(city, FeatureKind::building);
  EXPECT_TRUE(contains(city, block, {2, 2}));
  EXPECT_FALSE(contains(city, block, {10, 5}));
  EXPECT_FALSE(contains(city, block, {21, 5}));
  EXPECT_DOUBLE_EQ(nearest_point(city, block, {10, 5}).distance_m, 1.0);
  EXPECT_DOUBLE_EQ(nearest_point(city, block, {2, 2}).distance_m, 0.0);
}

TEST(Measure, the_nearest_point_of_a_street_lies_on_it) {
  const City city = courtyard_city();
  const Feature& street = first_of(city, FeatureKind::street);
  EXPECT_DOUBLE_EQ(length_m(city, street), 10.0);
  EXPECT_FALSE(contains(city, street, {33, 1}));
  const NearestPoint nearest = nearest_point(city, street, {33, 9});
  EXPECT_DOUBLE_EQ(nearest.distance_m, 5.0);
  EXPECT_EQ(nearest.point, (Vec2d{33, 4}));
}

TEST(ClassNames, are_the_enumerators) {
  const City city = courtyard_city();
  EXPECT_EQ(class_of(city, first_of(city, FeatureKind::street)), "living_street");
  EXPECT_EQ(class_of(city, first_of(city, FeatureKind::building)), "unknown");
  EXPECT_EQ(name_of(PlaceClass::other), "other");
  EXPECT_EQ(name_of(AreaClass::block), "block");
  EXPECT_EQ(name_of(TransitMode::cable_car), "cable_car");
}

}  // namespace
}  // namespace citiverse::city
