// ETSI GS CIM 009 V1.9.1, 4.23: its examples, and the order of values of mixed types.
#include "twin/query/entity_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/query/query_test_city.h"

namespace citiverse::twin {
namespace {

using testing::ElementsAre;

class Order : public testing::Test {
 protected:
  EntityPtr person(std::string id, std::vector<Attribute> attributes) {
    return world_.entity(std::move(id), "Person", std::move(attributes));
  }
  Attribute said(std::string_view term, Value value) { return world_.attribute(term, std::move(value)); }
  std::string order(std::string_view text, std::vector<EntityPtr> entities, std::string_view collation = {}) {
    const auto order = EntityOrder::parse(text, world_.terms, LonLat{8, 40}, collation);
    EXPECT_TRUE(order) << (order ? "" : order.error().message);
    if (!order) return {};
    order->sort(entities, {world_.names, {}});
    std::string ids;
    for (const auto& each : entities) ids += each->id;
    return ids;
  }
  TestWorld world_;
};

TEST_F(Order, by_name_then_by_age_downwards) {
  const std::vector<EntityPtr> people{person("a", {said("name", std::string("Bo")), said("age", 3.0)}),
                                      person("b", {said("name", std::string("Al")), said("age", 1.0)}),
                                      person("c", {said("name", std::string("Al")), said("age", 2.0)})};
  EXPECT_EQ(order("name", people), "bca");
  EXPECT_EQ(order("name,age;desc", people), "cba");
  EXPECT_EQ(order("age;desc", people), "acb");
}

TEST_F(Order, texts_follow_the_collation) {
  const std::vector<EntityPtr> words{
      person("1", {said("name", std::string("zebra"))}), person("2", {said("name", std::string("Äpfel"))}),
      person("3", {said("name", std::string("apple"))}), person("4", {said("name", std::string("Banana"))})};
  EXPECT_EQ(order("name", words), "2341") << "neither case nor marks count first";
  EXPECT_EQ(order("name", words, "sv"), "3412") << "in Swedish Ä comes after Z";
}

TEST_F(Order, values_of_mixed_types_and_missing_ones_last) {
  const std::vector<EntityPtr> all{person("m", {}),
                                   person("b", {said("v", true)}),
                                   person("t", {said("v", std::string("x"))}),
                                   person("o", {said("v", Json{R"({"a":1})"})}),
                                   person("n", {said("v", 5.0)}),
                                   person("r", {said("v", Json{"[1]"})})};
  EXPECT_EQ(order("v", all), "ntorbm");
  EXPECT_EQ(order("v;desc", all), "brotnm");
}

TEST_F(Order, by_distance_and_by_parts_of_values) {
  const auto at = [&](const char* lon) {
    return said("location", Json{std::string(R"({"type":"Point","coordinates":[)") + lon + ",40]}"});
  };
  const std::vector<EntityPtr> places{person("far", {at("9")}), person("near", {at("8.1")}), person("none", {})};
  EXPECT_EQ(order("location;dist-asc", places), "nearfarnone");
  EXPECT_EQ(order("location;dist-desc", places), "farnearnone");
  const std::vector<EntityPtr> homes{person("1", {said("address", Json{R"({"city":"Rome"})"})}),
                                     person("2", {said("address", Json{R"({"city":"Berlin"})"})})};
  EXPECT_EQ(order("address[city]", homes), "21");
}

TEST_F(Order, complaints_name_the_place) {
  const auto complaint = [&](std::string_view text, std::string_view collation = {}) {
    return EntityOrder::parse(text, world_.terms, std::nullopt, collation).error().message;
  };
  EXPECT_THAT(complaint("name;up"), testing::HasSubstr("at byte 6, 'up': expected asc"));
  EXPECT_THAT(complaint("name,"), testing::HasSubstr("expected a name"));
  EXPECT_THAT(complaint("location;dist-asc"), testing::HasSubstr("orderFrom"));
}

}  // namespace
}  // namespace citiverse::twin
