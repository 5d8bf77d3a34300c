// ETSI GS CIM 009 V1.9.1, 5.7.2.4: the conditions of one query hold together; and indexes lose nothing that matches.
#include "twin/query/entity_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/query/q_parser.h"
#include "twin/query/query_test_city.h"

namespace citiverse::twin {
namespace {

class Query : public testing::Test {
 protected:
  void SetUp() override {
    entity_ = world_.entity("urn:ngsi-ld:Bus:7", "Bus",
                            {world_.attribute("speed", 50.0), world_.attribute("line", std::string("C3")),
                             world_.attribute("location", Json{R"({"type":"Point","coordinates":[8,40]})"})});
  }
  bool matches(const EntityQuery& query) { return query.matches(*entity_, {world_.names, {}}); }
  void set_q(EntityQuery& query, std::string_view q) { query.q = *parse_q(q, world_.terms); }
  NameId name(std::string_view term) { return world_.terms.name(term); }
  std::vector<NameId> needed(std::string_view q) { return attributes_needed(*parse_q(q, world_.terms)); }

  TestWorld world_;
  EntityPtr entity_;
};

TEST_F(Query, one_selector_of_several_is_enough_and_all_else_must_hold) {
  EntityQuery query;
  EXPECT_TRUE(matches(query));
  EntitySelector by_id;
  by_id.ids = {"urn:ngsi-ld:Bus:8"};
  query.selectors.push_back(std::move(by_id));
  EXPECT_FALSE(matches(query));
  EntitySelector by_type;
  by_type.types = *TypeSelection::parse("Bus", world_.terms);
  by_type.id_pattern = *Pattern::compile("idPattern", "^urn:ngsi-ld:Bus:[0-9]$");
  query.selectors.push_back(std::move(by_type));
  EXPECT_TRUE(matches(query));
  query.attributes = {name("delay"), name("speed")};
  set_q(query, "speed>40");
  query.geo = *GeoQuery::parse({"near;maxDistance==100", "Point", "[8,40]", name("location")});
  EXPECT_TRUE(matches(query));
  set_q(query, "speed>60");
  EXPECT_FALSE(matches(query));
  set_q(query, "speed>40");
  query.attributes = {name("delay")};
  EXPECT_FALSE(matches(query));
}

TEST_F(Query, the_attributes_that_every_match_has_are_read_from_the_expression) {
  EXPECT_THAT(needed("speed>3"), testing::ElementsAre(name("speed")));
  EXPECT_THAT(needed("speed>3|line"), testing::UnorderedElementsAre(name("speed"), name("line")));
  EXPECT_THAT(needed("(speed>3|line);delay"), testing::ElementsAre(name("delay")));
  EXPECT_THAT(needed("speed>3|createdAt>2020-01-01T00:00:00Z"), testing::IsEmpty());
  EXPECT_THAT(needed("stop{name}==\"A\""), testing::ElementsAre(name("stop")));
}

TEST_F(Query, narrows_by_ids_and_types_only_when_every_selector_has_them) {
  EntityQuery query;
  query.selectors.resize(2);
  query.selectors[0].ids = {"urn:b", "urn:a"};
  query.selectors[0].types = *TypeSelection::parse("Bus", world_.terms);
  query.selectors[1].types = *TypeSelection::parse("Tram", world_.terms);
  auto narrowing = query.narrowing();
  ASSERT_TRUE(narrowing);
  EXPECT_THAT(narrowing->ids, testing::IsEmpty());
  EXPECT_THAT(narrowing->types, testing::UnorderedElementsAre(name("Bus"), name("Tram")));
  query.selectors[1].ids = {"urn:a"};
  narrowing = query.narrowing();
  EXPECT_THAT(narrowing->ids, testing::ElementsAre("urn:a", "urn:b"));
}

TEST_F(Query, what_nothing_bears_needs_no_search) {
  const PlainTerms plain(world_.names);
  EntityQuery query;
  query.selectors.resize(1);
  query.selectors[0].types = *TypeSelection::parse("https://example.org/Unheard", plain);
  EXPECT_FALSE(query.narrowing());
  query.selectors.clear();
  query.q = *parse_q("https://example.org/unheard==3", plain);
  EXPECT_FALSE(query.narrowing());
  query.q = *parse_q("https://example.org/unheard==3|https://example.org/speed", plain);
  EXPECT_TRUE(query.narrowing());
}

}  // namespace
}  // namespace citiverse::twin
