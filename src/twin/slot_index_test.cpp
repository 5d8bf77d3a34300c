// What an index finds is held against looking at every entity, while entities come, move, change type and go.
#include "twin/slot_index.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace citiverse::twin {
namespace {

TEST(SlotIndex, reads_the_extent_of_every_geometry) {
  const auto extent = [](std::string_view json) {
    const auto box = extent_of_geometry(json);
    return box ? std::vector{box->west_deg, box->south_deg, box->east_deg, box->north_deg} : std::vector<double>{};
  };
  using Box = std::vector<double>;
  EXPECT_EQ(extent(R"({"type":"Point","coordinates":[-3.7,40.4,650]})"), (Box{-3.7, 40.4, -3.7, 40.4}));
  EXPECT_EQ(extent(R"({"coordinates":[[7,43],[7.5,42.5],[6.5,43.25]],"type":"LineString"})"), (Box{6.5, 42.5, 7.5, 43.25}));
  EXPECT_EQ(extent(R"({"type":"MultiPolygon","coordinates":[[[[1,2],[3,2],[3,4],[1,2]]],[[[-1e1,0],[0,0],[0,5],[-10,0]]]]})"),
            (Box{-10, 0, 3, 5}));
  EXPECT_EQ(extent(R"({"type":"a \"[9,9]","coordinates":[1,2]})"), (Box{1, 2, 1, 2}));
  EXPECT_EQ(extent(R"({"type":"Point","coordinates":[]})"), Box{});
  EXPECT_EQ(extent(R"({"type":"Point","coordinates":[200,2]})"), Box{});
}

class IndexedStore : public testing::Test {
 protected:
  EntityPtr entity(const std::string& id, std::vector<NameId> types, std::optional<std::pair<double, double>> place,
                   double width = 0) {
    auto made = std::make_shared<Entity>();
    made->id = id;
    made->types = std::move(types);
    if (place) {
      auto location = std::make_shared<Attribute>();
      location->name = location_;
      location->kind = AttributeKind::geo_property;
      location->value = Json{"{\"type\":\"LineString\",\"coordinates\":[[" + std::to_string(place->first) + "," +
                             std::to_string(place->second) + "],[" + std::to_string(place->first + width) + "," +
                             std::to_string(place->second) + "]]}"};
      made->put(std::move(location));
    }
    return made;
  }
  /// What fits by looking at each entity.
  std::vector<std::string> fitting(const Narrowing& narrowing) {
    std::vector<std::string> ids;
    store_.scan(kDefaultTenant, {}, 0, [&](Slot, const EntityPtr& each) {
      bool fits = narrowing.types.empty();
      for (const NameId type : narrowing.types) fits = fits || std::ranges::find(each->types, type) != each->types.end();
      if (narrowing.box) {
        const Attribute* const location = each->find(location_);
        const auto box = location == nullptr ? std::nullopt : extent_of_geometry(std::get<Json>(location->value).text);
        const LonLatBox& asked = *narrowing.box;
        const auto meets = [&](double west, double east) { return box->west_deg <= east && box->east_deg >= west; };
        fits = fits && box && box->south_deg <= asked.north_deg && box->north_deg >= asked.south_deg &&
               (asked.west_deg <= asked.east_deg ? meets(asked.west_deg, asked.east_deg)
                                                 : meets(asked.west_deg, 180) || meets(-180, asked.east_deg));
      }
      if (fits) ids.push_back(each->id);
      return true;
    });
    return ids;
  }
  std::vector<std::string> offered(const Narrowing& narrowing) {
    std::vector<std::string> ids;
    Slot last = 0;
    store_.scan(kDefaultTenant, narrowing, 0, [&](Slot slot, const EntityPtr& each) {
      EXPECT_LT(last, slot);
      last = slot;
      ids.push_back(each->id);
      return true;
    });
    return ids;
  }

  Store store_{[] { return TimeUs{1}; }};
  NameId location_ = store_.names().intern("https://uri.etsi.org/ngsi-ld/location");
  std::vector<NameId> types_{store_.names().intern("A"), store_.names().intern("B"), store_.names().intern("C")};
};

TEST_F(IndexedStore, offers_all_that_fit_in_the_order_of_creation_and_little_else) {
  base::Random random(11);
  const auto place = [&] { return std::pair(random.uniform(-180, 180) / 90, random.uniform(-1, 1)); };
  std::size_t fit = 0, offers = 0;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 1500; ++i) {
      const std::uint64_t number = random.below(1200);
      const std::string id = "urn:" + std::to_string(number);
      std::vector<NameId> types{types_[random.below(3)]};
      if (random.below(10) == 0) types = {types_[0], types_[1]};
      // Half of them stand at a place of their own: their type changes there.
      const auto own = std::pair(static_cast<double>(number) / 600 - 1, 0.25);
      const auto where = random.below(2) == 0 ? own : place();
      EntityPtr after;
      if (random.below(5) > 0)
        after = entity(id, types, random.below(6) == 0 ? std::nullopt : std::optional(where),
                       random.below(50) == 0  ? 0.5
                       : random.below(2) == 0 ? 0
                                              : random.uniform(0, 0.004));
      ASSERT_TRUE(store_.write(kDefaultTenant, id, [&](const EntityPtr&) { return after; }));
    }
    for (int i = 0; i < 40; ++i) {
      Narrowing narrowing;
      if (random.below(2) == 0) narrowing.types = {types_[random.below(3)]};
      if (random.below(4) == 0) narrowing.types = {types_[0], types_[2]};
      if (random.below(3) > 0) {
        const auto [lon, lat] = place();
        const double size = random.below(4) == 0 ? 3 : 0.05;
        narrowing.box = LonLatBox{lon, lat, lon + size, std::min(lat + size, 90.0)};
      }
      const auto expected = fitting(narrowing);
      const auto got = offered(narrowing);
      EXPECT_TRUE(std::ranges::includes(std::set(got.begin(), got.end()), std::set(expected.begin(), expected.end())));
      fit += expected.size();
      offers += got.size();
    }
  }
  EXPECT_LT(offers, fit * 13 / 10) << "entities that cannot fit are passed over";
}

TEST_F(IndexedStore, looks_across_the_antimeridian) {
  for (const auto& [id, lon] : {std::pair("urn:east", 179.9), std::pair("urn:west", -179.9), std::pair("urn:far", 0.0)}) {
    const EntityPtr after = entity(id, {types_[0]}, std::pair(lon, 10.0));
    ASSERT_TRUE(store_.write(kDefaultTenant, id, [&](const EntityPtr&) { return after; }));
  }
  Narrowing narrowing;
  narrowing.box = LonLatBox{179.5, 9, -179.5, 11};
  EXPECT_EQ(offered(narrowing), (std::vector<std::string>{"urn:east", "urn:west"}));
}

}  // namespace
}  // namespace citiverse::twin
