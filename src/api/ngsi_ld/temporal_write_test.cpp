// ETSI GS CIM 009 V1.9.1, 5.6.11 to 5.6.16, 6.18 to 6.22: writing into what was.
#include <gmock/gmock.h>

#include "api/ngsi_ld/temporal_test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kVehicle = "/temporal/entities/urn:ngsi-ld:Vehicle:B9211";

class TemporalWrites : public TemporalTest {
 protected:
  std::string at(std::string_view rest) { return std::string(kVehicle) + std::string(rest); }
};

TEST_F(TemporalWrites, an_evolution_is_created_once_and_then_added_to) {
  add_vehicle();
  const auto again =
      node_.post("/temporal/entities", R"({"id":"urn:ngsi-ld:Vehicle:B9211","type":["Vehicle","Car"],"speed":)"
                                       R"([{"type":"Property","value":90,"observedAt":"2018-08-01T12:04:00Z"}]})");
  EXPECT_EQ(again.status, 204) << again.body;
  EXPECT_EQ(speeds(), R"([[120,"2018-08-01T12:03:00Z"],[90,"2018-08-01T12:04:00Z"],[80,"2018-08-01T12:05:00Z"],)"
                      R"([100,"2018-08-01T12:07:00Z"]])");
  EXPECT_THAT(evolution(), HasSubstr(R"("type":["Vehicle","Car"])")) << "types are added (5.6.11)";
  EXPECT_EQ(node_.get("/entities/urn:ngsi-ld:Vehicle:B9211").status, 404) << "what lives now stays as it is";
}

TEST_F(TemporalWrites, its_location_leads_to_it) {
  const auto reply = node_.post("/temporal/entities", R"({"id":"urn:a:b","type":"T","x":[{"type":"Property","value":1}]})");
  EXPECT_EQ(reply.status, 201);
  EXPECT_THAT(reply.fields, HasSubstr("Location: /ngsi-ld/v1/temporal/entities/urn:a:b\r\n"));
}

TEST_F(TemporalWrites, attributes_are_added_to_what_is_known_only) {
  constexpr std::string_view kMore = R"({"fuel":[{"type":"Property","value":7,"observedAt":"2018-08-01T12:03:00Z"}]})";
  EXPECT_EQ(error_type(node_.post(at("/attrs"), kMore)), "ResourceNotFound");
  add_vehicle();
  EXPECT_EQ(node_.post(at("/attrs"), kMore).status, 204);
  EXPECT_THAT(evolution("format=temporalValues&attrs=fuel"), HasSubstr(R"("values":[[7,"2018-08-01T12:03:00Z"]])"));
}

TEST_F(TemporalWrites, an_attribute_is_deleted_by_dataset_or_whole) {
  add_vehicle();
  ASSERT_EQ(node_.post(at("/attrs"), R"({"speed":[{"type":"Property","value":5,"datasetId":"urn:d:gps"}]})").status, 204);
  EXPECT_EQ(node_.remove(at("/attrs/speed"), "datasetId=urn:d:gps").status, 204);
  EXPECT_THAT(evolution(), Not(HasSubstr("urn:d:gps")));
  EXPECT_THAT(evolution(), HasSubstr("\"value\":120"));
  EXPECT_EQ(error_type(node_.remove(at("/attrs/speed"), "datasetId=urn:d:gps")), "ResourceNotFound");
  EXPECT_EQ(node_.remove(at("/attrs/speed"), "deleteAll=true").status, 204);
  EXPECT_THAT(evolution(), Not(HasSubstr("speed")));
  EXPECT_THAT(evolution(), HasSubstr("brandName"));
  EXPECT_EQ(error_type(node_.remove(at("/attrs/never"))), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.remove(at("/attrs/speed%20"))), "BadRequestData");
}

TEST_F(TemporalWrites, an_instance_is_corrected_and_keeps_when_it_was_created) {
  add_vehicle();
  const std::string id = instance_id("80");
  node_.now_us += 60'000'000;
  const auto reply = node_.patch(at("/attrs/speed/" + id),
                                 R"({"speed":[{"type":"Property","value":85,"observedAt":"2018-08-01T12:06:00Z"}]})");
  EXPECT_EQ(reply.status, 204) << reply.body;
  EXPECT_EQ(speeds(), R"([[120,"2018-08-01T12:03:00Z"],[85,"2018-08-01T12:06:00Z"],[100,"2018-08-01T12:07:00Z"]])");
  EXPECT_EQ(instance_id("85"), id);
  EXPECT_THAT(evolution("options=sysAttrs"),
              HasSubstr(R"("value":85,"observedAt":"2018-08-01T12:06:00Z","createdAt":"2020-09-13T12:26:40Z",)"
                        R"("modifiedAt":"2020-09-13T12:27:40Z")"));
  EXPECT_EQ(error_type(node_.patch(at("/attrs/speed/" + id), R"({"fuel":[{"type":"Property","value":1}]})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch(at("/attrs/brandName/" + id), R"({"brandName":[{"type":"Property","value":1}]})")),
            "ResourceNotFound");
  EXPECT_EQ(error_type(node_.patch(at("/attrs/speed/no-uri"), R"({"speed":[{"type":"Property","value":1}]})")),
            "BadRequestData");
}

TEST_F(TemporalWrites, an_instance_is_deleted_alone) {
  add_vehicle();
  const std::string id = instance_id("80");
  EXPECT_EQ(node_.remove(at("/attrs/speed/" + id)).status, 204);
  EXPECT_EQ(speeds(), R"([[120,"2018-08-01T12:03:00Z"],[100,"2018-08-01T12:07:00Z"]])");
  EXPECT_EQ(error_type(node_.remove(at("/attrs/speed/" + id))), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.remove(at("/attrs/speed/urn:ngsi-ld:instance:99-1"))), "ResourceNotFound");
}

TEST_F(TemporalWrites, an_evolution_is_deleted_and_what_lives_goes_on) {
  ASSERT_EQ(node_.post("/entities", R"({"id":"urn:a:b","type":"T","x":{"type":"Property","value":1}})").status, 201);
  node_.store.flush();
  EXPECT_EQ(node_.get("/temporal/entities/urn:a:b").status, 200) << "every change is kept";
  EXPECT_EQ(node_.remove("/temporal/entities/urn:a:b").status, 204);
  EXPECT_EQ(error_type(node_.remove("/temporal/entities/urn:a:b")), "ResourceNotFound");
  EXPECT_EQ(node_.get("/entities/urn:a:b").status, 200);
}

TEST_F(TemporalWrites, what_is_deleted_in_the_present_is_a_null_with_its_time) {
  ASSERT_EQ(node_.post("/entities", R"({"id":"urn:a:b","type":"T","x":{"type":"Property","value":1}})").status, 201);
  node_.now_us += 1'000'000;
  ASSERT_EQ(node_.remove("/entities/urn:a:b/attrs/x").status, 204);
  node_.store.flush();
  const auto body = node_.get("/temporal/entities/urn:a:b").body;
  EXPECT_THAT(body, HasSubstr(R"({"type":"Property","value":"urn:ngsi-ld:null","instanceId":")"));
  EXPECT_THAT(body, HasSubstr(R"("deletedAt":"2020-09-13T12:26:41Z"})"));
  EXPECT_THAT(node_.get("/temporal/entities/urn:a:b", "timeproperty=deletedAt").body, Not(HasSubstr("\"value\":1")));
}

TEST_F(TemporalWrites, tenants_do_not_see_each_other) {
  constexpr std::string_view kBody = R"({"id":"urn:a:b","type":"T","x":[{"type":"Property","value":1}]})";
  EXPECT_EQ(node_.ask(net::Method::post, "/temporal/entities", kBody, {.tenant = "city_a"}).status, 201);
  EXPECT_EQ(node_.get("/temporal/entities/urn:a:b").status, 404);
  EXPECT_EQ(node_.ask(net::Method::get, "/temporal/entities/urn:a:b", {}, {.tenant = "city_a"}).status, 200);
  EXPECT_EQ(error_type(node_.ask(net::Method::post, "/temporal/entities", kBody, {.tenant = "elsewhere"})),
            "NonexistentTenant");
}

TEST_F(TemporalWrites, what_is_no_evolution_changes_nothing) {
  for (const char* body :
       {R"({"type":"T","x":[{"type":"Property","value":1}]})", R"({"id":"urn:a:b","x":[{"type":"Property","value":1}]})",
        R"({"id":"urn:a:b","type":"T"})", R"({"id":"urn:a:b","type":"T","x":[{"type":"Property"}]})",
        R"({"id":"urn:a:b","type":"T","x":[{"type":"Property","value":1,"observedAt":"yesterday"}]})",
        R"({"id":"no uri","type":"T","x":[{"type":"Property","value":1}]})"}) {
    const auto reply = node_.post("/temporal/entities", body);
    EXPECT_EQ(error_type(reply), "BadRequestData") << body;
  }
  EXPECT_EQ(node_.get("/temporal/entities/urn:a:b").status, 404);
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
