// ETSI GS CIM 009 V1.9.1, 5.9 (registration), 5.10 (discovery), 5.12 (matching), 6.8, 6.9 and the data types of 5.2.8
// to 5.2.11.
#include <filesystem>

#include <gmock/gmock.h>

#include "api/ngsi_ld/test_registry.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;
using testing::Not;

class RegistrationRoutes : public Registry {};

TEST_F(RegistrationRoutes, create_gives_the_address_and_retrieve_gives_back_what_was_said) {  // 5.9.2, 5.10.1
  const auto made =
      register_source(R"(,"description":"speeds","tenant":"other","location":{"type":"Point","coordinates":[7,43]})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_THAT(made.fields, HasSubstr("Location: /ngsi-ld/v1/csourceRegistrations/urn:r:1\r\n"));
  EXPECT_EQ(node_.get("/csourceRegistrations/urn:r:1").body,
            R"({"id":"urn:r:1","type":"ContextSourceRegistration","endpoint":"https://source.example/ngsi",)"
            R"("information":[{"entities":[{"type":"Vehicle"}],"propertyNames":["speed"]}],"description":"speeds",)"
            R"("tenant":"other","location":{"type":"Point","coordinates":[7,43]}})");
  EXPECT_THAT(node_.get("/csourceRegistrations/urn:r:1", "options=sysAttrs").body,
              HasSubstr(R"("createdAt":"2020-09-13T12:26:40Z","modifiedAt":"2020-09-13T12:26:40Z"})"));
}

TEST_F(RegistrationRoutes, create_makes_an_id_where_there_is_none) {  // 5.9.2.4
  const auto made = node_.post("/csourceRegistrations", R"({"type":"ContextSourceRegistration","endpoint":"https://a.example",)"
                                                        R"("information":[{"propertyNames":["speed"]}]})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_THAT(made.fields, HasSubstr("/csourceRegistrations/urn:ngsi-ld:ContextSourceRegistration:"));
}

TEST_F(RegistrationRoutes, create_of_an_id_that_is_there_is_AlreadyExists) {  // 5.9.2.4
  register_source();
  EXPECT_EQ(error_type(register_source()), "AlreadyExists");
}

TEST_F(RegistrationRoutes, create_refuses_what_the_data_types_do_not_allow) {  // 5.2.8 to 5.2.11, 5.2.34, 4.3.6.6
  for (const char* more : {R"(,"mode":"sideways")",
                           R"(,"operations":[])",
                           R"(,"operations":["fly"])",
                           R"(,"expiresAt":"2019-01-01T00:00:00Z")",
                           R"(,"expiresAt":"tomorrow")",
                           R"(,"location":{"type":"Point"})",
                           R"(,"location":"here")",
                           R"(,"observationInterval":{})",
                           R"(,"managementInterval":{"startAt":"2020-01-01T00:00:00Z","endAt":"2019-01-01T00:00:00Z"})",
                           R"(,"refreshRate":"often")",
                           R"(,"contextSourceAlias":"a b")",
                           R"(,"registrationName":"")",
                           R"(,"scope":"no slash")",
                           R"(,"datasetId":[])",
                           R"(,"datasetId":["no URI"])",
                           R"(,"management":{"timeout":0})",
                           R"(,"management":{"localOnly":"yes"})",
                           R"(,"management":{"cacheDuration":"long"})",
                           R"(,"contextSourceInfo":[{"key":"accept","value":"text/html"}])",
                           R"(,"contextSourceInfo":[{"key":"ngsildConformance","value":"new"}])",
                           R"(,"contextSourceInfo":[{"key":"jsonldContext","value":"no URL"}])",
                           R"(,"contextSourceInfo":[{"key":"X-A","value":"a\r\nX-B: b"}])",
                           R"(,"contextSourceInfo":[{"key":"X-A"}])",
                           R"(,"not a name!":1)"})
    EXPECT_EQ(refusal(more), "BadRequestData") << more;
  for (const char* information :
       {"[]", "{}", "[{}]", R"([{"entities":[]}])", R"([{"entities":[{"id":"urn:v:1"}]}])",
        R"([{"entities":[{"type":"Vehicle","id":"no URI"}]}])", R"([{"entities":[{"type":"Vehicle","idPattern":"("}]}])",
        R"([{"entities":[{"type":[]}]}])", R"([{"propertyNames":[]}])", R"([{"propertyNames":"speed"}])",
        R"([{"attributes":["speed"]}])"})
    EXPECT_EQ(refusal("", information), "BadRequestData") << information;
  EXPECT_EQ(error_type(node_.post("/csourceRegistrations", R"({"type":"ContextSourceRegistration"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.post("/csourceRegistrations", R"({"type":"Subscription"})")), "BadRequestData");
  EXPECT_EQ(registrations_.size(), 0u);
}

TEST_F(RegistrationRoutes,
       an_exclusive_source_names_one_entity_and_its_attributes_and_nobody_else_has_them) {  // 4.3.6.3, 5.9.2.4
  constexpr std::string_view kWhole = R"([{"entities":[{"type":"Vehicle","id":"urn:v:1"}],"propertyNames":["speed"]}])";
  EXPECT_EQ(refusal(R"(,"mode":"exclusive")"), "BadRequestData");
  EXPECT_EQ(refusal(R"(,"mode":"exclusive")", R"([{"entities":[{"type":"Vehicle","id":"urn:v:1"}]}])"), "BadRequestData");
  ASSERT_EQ(register_source(R"(,"mode":"exclusive")", "urn:r:1", kWhole).status, 201);
  const auto again = register_source(R"(,"mode":"exclusive")", "urn:r:2", kWhole);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(error_type(again), "Conflict");
  EXPECT_EQ(error_type(register_source(R"(,"mode":"redirect")", "urn:r:2", kWhole)), "Conflict");
  EXPECT_EQ(register_source("", "urn:r:2", kWhole).status, 201) << "an inclusive one takes nothing away";
  constexpr std::string_view kOther = R"([{"entities":[{"type":"Vehicle","id":"urn:v:1"}],"propertyNames":["colour"]}])";
  EXPECT_EQ(register_source(R"(,"mode":"exclusive")", "urn:r:3", kOther).status, 201) << "another attribute";
}

TEST_F(RegistrationRoutes, a_proxied_source_has_nothing_that_this_node_holds) {  // 5.9.2.4
  put("30");
  EXPECT_EQ(
      refusal(R"(,"mode":"exclusive")", R"([{"entities":[{"type":"Vehicle","id":"urn:v:1"}],"propertyNames":["speed"]}])"),
      "Conflict");
  EXPECT_EQ(refusal(R"(,"mode":"redirect")"), "Conflict");
  EXPECT_EQ(refusal(R"(,"mode":"redirect")", R"([{"entities":[{"type":"Bus"}]}])"), "it was taken");
}

TEST_F(RegistrationRoutes, an_auxiliary_source_is_only_read) {  // 5.9.2.4
  EXPECT_EQ(refusal(R"(,"mode":"auxiliary")"), "BadRequestData");
  EXPECT_EQ(refusal(R"(,"mode":"auxiliary","operations":["retrieveOps","createEntity"])"), "BadRequestData");
  EXPECT_EQ(refusal(R"(,"mode":"auxiliary","operations":["retrieveEntity","queryEntity"])"), "it was taken");
}

TEST_F(RegistrationRoutes, update_replaces_members_and_holds_the_whole_against_the_rules) {  // 5.9.3
  register_source(R"(,"description":"old","scope":["/a"])");
  const auto changed = node_.patch("/csourceRegistrations/urn:r:1", R"({"description":"new","scope":"urn:ngsi-ld:null"})");
  EXPECT_EQ(changed.status, 204) << changed.body;
  const auto body = node_.get("/csourceRegistrations/urn:r:1").body;
  EXPECT_THAT(body, HasSubstr(R"("description":"new")"));
  EXPECT_THAT(body, Not(HasSubstr("scope")));
  EXPECT_EQ(error_type(node_.patch("/csourceRegistrations/urn:r:1", R"({"mode":"exclusive"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch("/csourceRegistrations/urn:r:1", R"({"endpoint":"urn:ngsi-ld:null"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch("/csourceRegistrations/urn:r:1", R"({"id":"urn:r:2"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch("/csourceRegistrations/urn:r:1", "{}")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch("/csourceRegistrations/urn:r:9", R"({"description":"new"})")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.patch("/csourceRegistrations/nothing", R"({"description":"new"})")), "BadRequestData");
}

TEST_F(RegistrationRoutes, delete_takes_it_away) {  // 5.9.4
  register_source();
  EXPECT_EQ(node_.remove("/csourceRegistrations/urn:r:1").status, 204);
  EXPECT_EQ(error_type(node_.remove("/csourceRegistrations/urn:r:1")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.get("/csourceRegistrations/urn:r:1")), "ResourceNotFound");
}

TEST_F(RegistrationRoutes, one_that_has_expired_is_gone) {  // 5.9.2.4
  register_source(R"(,"expiresAt":"2020-09-13T12:27:00Z")");
  EXPECT_EQ(found("type=Vehicle"), " urn:r:1");
  node_.now_us += 20'000'000;
  EXPECT_EQ(found("type=Vehicle"), "");
  EXPECT_EQ(error_type(node_.get("/csourceRegistrations/urn:r:1")), "ResourceNotFound");
  registrations_.tick();
  EXPECT_EQ(registrations_.size(), 0u);
}

TEST_F(RegistrationRoutes, a_search_asks_something) {  // 5.10.2.4
  EXPECT_EQ(found(""), "BadRequestData");
  EXPECT_EQ(found("id=urn:v:1"), "BadRequestData");
  EXPECT_EQ(found("type=Vehicle&id=no%20URI"), "BadRequestData");
  EXPECT_EQ(found("type=Vehicle&q=speed%3E"), "BadRequestData");
  EXPECT_EQ(found("type=Vehicle&csf=%3D%3D"), "BadRequestData");
  EXPECT_EQ(found("type=Vehicle&timerel=before"), "BadRequestData");
}

TEST_F(RegistrationRoutes, sources_fit_by_types_ids_patterns_and_attributes) {  // 5.12
  register_source("", "urn:r:1", R"([{"entities":[{"type":"Vehicle","id":"urn:v:1"}],"propertyNames":["speed"]}])");
  register_source("", "urn:r:2", R"([{"entities":[{"type":["Vehicle","Bus"],"idPattern":"^urn:v:"}]}])");
  register_source("", "urn:r:3", R"([{"entities":[{"type":"Tree"}]},{"relationshipNames":["drivenBy"]}])");
  EXPECT_EQ(found("type=Vehicle"), " urn:r:1 urn:r:2 urn:r:3") << "an element without entities may have any";
  EXPECT_EQ(found("type=Vehicle&attrs=speed"), " urn:r:1 urn:r:2");
  EXPECT_EQ(found("type=Vehicle&attrs=colour"), " urn:r:2");
  EXPECT_EQ(found("attrs=drivenBy"), " urn:r:2 urn:r:3");
  EXPECT_EQ(found("type=Vehicle&q=speed%3E10"), " urn:r:1 urn:r:2") << "what q asks of are attributes";
  EXPECT_EQ(found("type=Vehicle&attrs=speed&id=urn:v:2"), " urn:r:2");
  EXPECT_EQ(found("type=Vehicle&attrs=speed&id=urn:x:2"), "");
  EXPECT_EQ(found("type=Vehicle&attrs=speed&idPattern=v:1$"), " urn:r:1 urn:r:2") << "two patterns may fit the same";
  EXPECT_EQ(found("type=(Vehicle;Bus)&attrs=speed"), " urn:r:2");
  EXPECT_EQ(found("type=Tree&attrs=speed"), " urn:r:3");
}

TEST_F(RegistrationRoutes, only_what_fits_of_its_information_is_shown) {  // 5.10.2.5
  register_source("", "urn:r:1", R"([{"entities":[{"type":"Vehicle"}]},{"entities":[{"type":"Tree"}]}])");
  EXPECT_THAT(node_.get("/csourceRegistrations", "type=Tree").body,
              HasSubstr(R"("information":[{"entities":[{"type":"Tree"}]}])"));
}

TEST_F(RegistrationRoutes, sources_fit_by_place_scope_dataset_and_their_own_properties) {  // 5.10.2.4, 4.9
  register_source(R"(,"location":{"type":"Polygon","coordinates":[[[7,43],[8,43],[8,44],[7,44],[7,43]]]},"scope":"/a/b",)"
                  R"("datasetId":["urn:d:1"],"quality":5)",
                  "urn:r:1");
  register_source(R"(,"location":{"type":"Point","coordinates":[20,20]},"registrationName":"second")", "urn:r:2");
  register_source("", "urn:r:3");
  EXPECT_EQ(found("georel=near%3BmaxDistance%3D%3D100&geometry=Point&coordinates=[7.5,43.5]"), " urn:r:1");
  EXPECT_EQ(found("georel=within&geometry=Polygon&coordinates=[[[7.5,43.5],[9,43.5],[9,45],[7.5,45],[7.5,43.5]]]"), " urn:r:1")
      << "a part of the area may hold what is asked for";
  EXPECT_EQ(found("type=Vehicle&scopeQ=/a/%23"), " urn:r:1");
  EXPECT_EQ(found("type=Vehicle&datasetId=urn:d:2"), " urn:r:2 urn:r:3");
  EXPECT_EQ(found("type=Vehicle&csf=quality%3E4"), " urn:r:1");
  EXPECT_EQ(found("type=Vehicle&csf=registrationName%3D%3D%22second%22"), " urn:r:2");
  EXPECT_EQ(found("type=Vehicle&csf=contextSourceInfo"), "") << "secrets are no properties";
}

TEST_F(RegistrationRoutes, sources_of_what_was_are_found_by_time_only) {  // 5.10.2.4
  register_source("", "urn:r:now");
  register_source(R"(,"observationInterval":{"startAt":"2020-01-01T00:00:00Z","endAt":"2020-02-01T00:00:00Z"})", "urn:r:seen");
  register_source(R"(,"managementInterval":{"startAt":"2020-01-01T00:00:00Z"})", "urn:r:kept");
  EXPECT_EQ(found("type=Vehicle"), " urn:r:now");
  EXPECT_EQ(found("type=Vehicle&timerel=after&timeAt=2020-01-15T00:00:00Z"), " urn:r:seen");
  EXPECT_EQ(found("type=Vehicle&timerel=after&timeAt=2020-03-01T00:00:00Z"), "");
  EXPECT_EQ(found("type=Vehicle&timerel=before&timeAt=2020-01-01T00:00:00Z"), " urn:r:seen");
  EXPECT_EQ(found("type=Vehicle&timerel=between&timeAt=2019-01-01T00:00:00Z&endTimeAt=2019-02-01T00:00:00Z"), "");
  EXPECT_EQ(found("type=Vehicle&timerel=after&timeAt=2030-01-01T00:00:00Z&timeproperty=modifiedAt"), " urn:r:kept");
}

TEST_F(RegistrationRoutes, answers_are_cut_into_pages_and_counted) {  // 5.5.9, 6.3.10
  for (const char* id : {"urn:r:1", "urn:r:2", "urn:r:3"}) register_source("", id);
  const auto page = node_.get("/csourceRegistrations", "type=Vehicle&limit=1&offset=1&count=true");
  EXPECT_THAT(page.body, HasSubstr("urn:r:2"));
  EXPECT_THAT(page.fields, HasSubstr("NGSILD-Results-Count: 3\r\n"));
  EXPECT_THAT(page.fields, HasSubstr("limit=1&offset=2>; rel=\"next\""));
  EXPECT_THAT(page.fields, HasSubstr("limit=1&offset=0>; rel=\"prev\""));
}

TEST_F(RegistrationRoutes, tenants_do_not_see_each_others_sources) {  // 4.14
  ASSERT_EQ(node_.ask(net::Method::post, "/csourceRegistrations", source(""), {.tenant = "city2"}).status, 201);
  EXPECT_EQ(found("type=Vehicle"), "");
  EXPECT_THAT(node_.ask(net::Method::get, "/csourceRegistrations", {}, {.tenant = "city2"}, "type=Vehicle").body,
              HasSubstr("urn:r:1"));
}

TEST_F(RegistrationRoutes, are_there_again_when_the_node_is) {
  const auto folder = std::filesystem::temp_directory_path() / "citiverse_registrations_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  {
    const auto records = twin::SubscriptionRecords::open(folder / "registrations.db");
    ASSERT_TRUE(records);
    RegistrationBook book({.now_us = [this] { return node_.now_us; }, .records = records->get()}, node_.store);
    RegistrationDocument document{{{"id", "\"urn:r:1\""},
                                   {"endpoint", "\"https://a.example\""},
                                   {"information", R"([{"propertyNames":["https://a.example/speed"]}])"}},
                                  {},
                                  "{}"};
    ASSERT_TRUE(book.add(twin::kDefaultTenant, document));
    document.members[0].second = "\"urn:r:2\"";
    ASSERT_TRUE(book.add(twin::kDefaultTenant, document));
    ASSERT_TRUE(book.remove(twin::kDefaultTenant, "urn:r:2"));
  }
  const auto records = twin::SubscriptionRecords::open(folder / "registrations.db");
  ASSERT_TRUE(records);
  RegistrationBook book({.now_us = [this] { return node_.now_us; }, .records = records->get()}, node_.store);
  ASSERT_TRUE(book.load());
  EXPECT_EQ(book.size(), 1u);
  ASSERT_NE(book.find(twin::kDefaultTenant, "urn:r:1"), nullptr);
  EXPECT_EQ(book.find(twin::kDefaultTenant, "urn:r:1")->created_us, node_.now_us);
  std::filesystem::remove_all(folder);
}

TEST(RegistrationOperations, groups_hold_what_the_standard_lists) {  // 4.20
  const auto in = [](std::string_view operation, std::string_view group) {
    return (*operations_named(operation) & ~*operations_named(group)) == 0;
  };
  EXPECT_EQ(usual_operations(), operations_named("federationOps"));
  EXPECT_TRUE(in("retrieveEntityMap", "federationOps"));
  EXPECT_FALSE(in("retrieveEntityMap", "associationOps"));
  EXPECT_TRUE(in("purgeEntity", "redirectionOps"));
  EXPECT_FALSE(in("createBatch", "redirectionOps"));
  EXPECT_TRUE(in("replaceAttrs", "updateOps"));
  EXPECT_FALSE(in("createEntityMapQueryTemporal", "federationOps"));
  EXPECT_FALSE(operations_named("everything"));
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
