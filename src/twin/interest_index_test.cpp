// Whoever may want to know is found, and whoever cannot is not looked at.
#include "twin/interest_index.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/query/query_test_city.h"

namespace citiverse::twin {
namespace {

using testing::ElementsAre;

class Interests : public testing::Test {
 protected:
  EntityPtr bus(double lon, double lat, std::string_view type = "Bus") {
    return world_.entity(
        "urn:bus:1", type,
        {world_.attribute("speed", lon),
         world_.attribute("location", Json{fmt::format(R"({{"type":"Point","coordinates":[{},{}]}})", lon, lat)})});
  }
  std::vector<InterestId> found(EntityPtr before, EntityPtr after) {
    Change change;
    change.before = std::move(before);
    change.after = std::move(after);
    std::vector<InterestId> found;
    index_.find(change, found);
    return found;
  }
  Narrowing box(double west, double south, double east, double north, std::vector<NameId> types = {}) {
    Narrowing narrowing;
    narrowing.types = std::move(types);
    narrowing.box = LonLatBox{west, south, east, north};
    return narrowing;
  }
  TestWorld world_;
  InterestIndex index_{world_.terms.name("location")};
};

TEST_F(Interests, are_found_by_id_type_attribute_or_in_everything) {
  index_.add(1, {.ids = {"urn:bus:1"}, .types = {world_.terms.name("Tram")}});
  index_.add(2, {.ids = {"urn:bus:2"}});
  index_.add(3, {.types = {world_.terms.name("Bus"), world_.terms.name("Tram")}});
  index_.add(4, {.types = {world_.terms.name("Tram")}});
  index_.add(5, {.attributes = {world_.terms.name("speed")}});
  index_.add(6, {.attributes = {world_.terms.name("delay")}});
  index_.add(7, {});
  EXPECT_THAT(found(nullptr, bus(8, 40)), ElementsAre(1, 3, 5, 7));
  EXPECT_THAT(found(bus(8, 40), nullptr), ElementsAre(1, 3, 5, 7));
  index_.remove(3);
  EXPECT_THAT(found(nullptr, bus(8, 40)), ElementsAre(1, 5, 7));
  EXPECT_EQ(index_.size(), 6u);
}

TEST_F(Interests, in_an_area_are_found_by_where_a_thing_is_and_where_it_was) {
  index_.add(1, box(7.99, 39.99, 8.01, 40.01));
  index_.add(2, box(8.99, 39.99, 9.01, 40.01));
  index_.add(3, box(7, 39, 9, 41, {world_.terms.name("Bus")}));
  index_.add(4, box(7, 39, 9, 41, {world_.terms.name("Tram")}));
  index_.add(5, box(-180, -90, 180, 90));
  EXPECT_THAT(found(nullptr, bus(8, 40)), ElementsAre(1, 3, 5));
  EXPECT_THAT(found(bus(8, 40), bus(9, 40)), ElementsAre(1, 2, 3, 5)) << "who loses sight of it is told";
  EXPECT_THAT(found(nullptr, bus(8, 40, "Tram")), ElementsAre(1, 4, 5));
  EXPECT_THAT(found(nullptr, bus(100, 0)), ElementsAre(5));
}

TEST_F(Interests, in_an_area_across_the_antimeridian_are_found_on_both_sides) {
  index_.add(1, box(179.9, -0.1, -179.9, 0.1));
  EXPECT_THAT(found(nullptr, bus(179.95, 0)), ElementsAre(1));
  EXPECT_THAT(found(nullptr, bus(-179.95, 0)), ElementsAre(1));
  EXPECT_THAT(found(nullptr, bus(0, 0)), ElementsAre());
}

TEST_F(Interests, in_an_area_are_always_asked_about_what_is_not_a_point) {
  index_.add(1, box(7.99, 39.99, 8.01, 40.01));
  const auto line = world_.entity(
      "urn:road:1", "Road", {world_.attribute("location", Json{R"({"type":"LineString","coordinates":[[0,0],[9,41]]})"})});
  EXPECT_THAT(found(nullptr, line), ElementsAre(1));
}

TEST_F(Interests, ten_thousand_in_other_things_are_not_met) {
  for (InterestId id = 0; id < 10'000; ++id) index_.add(id, {.types = {world_.terms.name(fmt::format("Type{}", id / 16))}});
  EXPECT_EQ(found(nullptr, bus(8, 40, "Type7")).size(), 16u);
}

}  // namespace
}  // namespace citiverse::twin
