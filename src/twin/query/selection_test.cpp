// ETSI GS CIM 009 V1.9.1, 4.17 and 4.19: types and scopes, by the examples of both clauses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/query/query_test_city.h"
#include "twin/query/scope_query.h"
#include "twin/query/type_selection.h"

namespace citiverse::twin {
namespace {

class Selection : public testing::Test {
 protected:
  bool types(std::string_view text, std::vector<std::string_view> types) {
    Entity entity;
    for (const auto type : types) entity.types.push_back(world_.terms.name(type));
    const auto selection = TypeSelection::parse(text, world_.terms);
    EXPECT_TRUE(selection) << text;
    return selection && selection->matches(entity);
  }
  bool scopes(std::string_view text, std::vector<std::string_view> scopes) {
    Entity entity;
    for (const auto scope : scopes) entity.scopes.push_back(world_.names.intern(scope));
    const auto query = ScopeQuery::parse(text);
    EXPECT_TRUE(query) << text << (query ? "" : query.error().message);
    return query && query->matches(entity, world_.names);
  }
  TestWorld world_;
};

TEST_F(Selection, types_are_alternatives_and_groups_in_parentheses_come_together) {
  for (const char* either : {"Building|House", "Building,House"}) {
    EXPECT_TRUE(types(either, {"House"}));
    EXPECT_TRUE(types(either, {"Shed", "Building"}));
    EXPECT_FALSE(types(either, {"Shed"}));
  }
  EXPECT_TRUE(types("(Home;Vehicle)", {"Vehicle", "Home"}));
  EXPECT_FALSE(types("(Home;Vehicle)", {"Vehicle"}));
  for (const char* text : {"(Home;Vehicle)|Motorhome", "(Home;Vehicle),Motorhome"}) {
    EXPECT_TRUE(types(text, {"Motorhome"}));
    EXPECT_TRUE(types(text, {"Home", "Vehicle"}));
    EXPECT_FALSE(types(text, {"Home"}));
  }
  EXPECT_TRUE(types("https://example.org/Home", {"Home"}));
}

TEST_F(Selection, the_types_that_an_index_needs_are_one_of_each_group) {
  const auto selection = TypeSelection::parse("(Home;Vehicle)|Motorhome|Home", world_.terms);
  ASSERT_TRUE(selection);
  EXPECT_THAT(selection->narrowing(), testing::UnorderedElementsAre(world_.terms.name("Home"), world_.terms.name("Motorhome")));
}

TEST_F(Selection, complaints_about_types_name_the_place) {
  EXPECT_THAT(TypeSelection::parse("", world_.terms).error().message, testing::HasSubstr("at its end: expected a type"));
  EXPECT_THAT(TypeSelection::parse("A;B", world_.terms).error().message, testing::HasSubstr("at byte 2, ';B'"));
  EXPECT_THAT(TypeSelection::parse("(A;B", world_.terms).error().message, testing::HasSubstr("expected ';' or ')'"));
}

TEST_F(Selection, a_scope_is_itself_and_a_tree_is_all_below) {
  EXPECT_TRUE(scopes("/Madrid", {"/Madrid"}));
  EXPECT_FALSE(scopes("/Madrid", {"/Madrid/Gardens"}));
  for (const char* scope : {"/Madrid/Gardens", "/Madrid/Gardens/ParqueNorte", "/Madrid/Gardens/ParqueNorte/Parterre1"})
    EXPECT_TRUE(scopes("/Madrid/Gardens/#", {scope}));
  EXPECT_FALSE(scopes("/Madrid/Gardens/#", {"/Madrid"}));
  EXPECT_FALSE(scopes("/Madrid/Gardens/#", {"/Madrid/GardensOld"}));
  EXPECT_TRUE(scopes("/Madrid/+/ParqueNorte", {"/Madrid/Sights/ParqueNorte"}));
  EXPECT_FALSE(scopes("/Madrid/+/ParqueNorte", {"/Madrid/ParqueNorte"}));
  EXPECT_TRUE(scopes("/#", {"/Any"}));
  EXPECT_FALSE(scopes("/#", {}));
}

TEST_F(Selection, scopes_combine_as_types_do) {
  EXPECT_TRUE(scopes("(/Madrid/Districts;/CompanyA)", {"/CompanyA", "/Madrid/Districts"}));
  EXPECT_FALSE(scopes("(/Madrid/Districts;/CompanyA)", {"/CompanyA"}));
  for (const char* text : {"(/Madrid/Districts;/CompanyA)|CompanyB", "(/Madrid/Districts;/CompanyA),CompanyB"})
    EXPECT_TRUE(scopes(text, {"/CompanyB"}));
}

TEST_F(Selection, complaints_about_scopes_name_the_place) {
  for (const char* wrong : {"", "/", "/a//b", "/a/#/b", "/a/b+", "(/a;/b", "/a;/b", "/a#"})
    EXPECT_THAT(ScopeQuery::parse(wrong).error().message, testing::HasSubstr("expected")) << wrong;
}

}  // namespace
}  // namespace citiverse::twin
