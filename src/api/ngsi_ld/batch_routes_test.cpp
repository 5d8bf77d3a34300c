// ETSI GS CIM 009 V1.9.1, 5.6.7 to 5.6.10, 5.6.20, 5.5.11: many entities at once, each with its own fate.
#include <gmock/gmock.h>

#include "api/ngsi_ld/test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

using net::Method;
using testing::HasSubstr;
using testing::Not;

TEST(NgsiLdBatch, creates_all_or_tells_which_not_5_6_7) {
  TestNode node;
  const net::Reply all = node.post("/entityOperations/create", R"([{"id":"urn:c:1","type":"T"},{"id":"urn:c:2","type":"T"}])");
  EXPECT_EQ(all.status, 201);
  EXPECT_EQ(all.body, R"(["urn:c:1","urn:c:2"])");
  const net::Reply some =
      node.post("/entityOperations/create",
                R"([{"id":"urn:c:2","type":"T"},{"id":"urn:c:3","type":"T"},{"id":"urn:c:4"},{"type":"T"},7])");
  EXPECT_EQ(some.status, 207);
  EXPECT_THAT(some.body, HasSubstr(R"("success":["urn:c:3"])"));
  EXPECT_THAT(some.body,
              HasSubstr(R"({"entityId":"urn:c:2","error":{"type":"https://uri.etsi.org/ngsi-ld/errors/AlreadyExists")"));
  EXPECT_THAT(some.body,
              HasSubstr(R"({"entityId":"urn:c:4","error":{"type":"https://uri.etsi.org/ngsi-ld/errors/BadRequestData")"));
  EXPECT_EQ(node.get("/entities/urn:c:3").status, 200);
}

TEST(NgsiLdBatch, upserts_replace_or_update_5_6_8) {
  TestNode node;
  EXPECT_EQ(node.post("/entityOperations/upsert", R"([{"id":"urn:c:1","type":"T","a":1,"b":2}])").status, 201);
  const net::Reply both =
      node.post("/entityOperations/upsert", R"([{"id":"urn:c:1","type":"T","a":3},{"id":"urn:c:2","type":"T"}])");
  EXPECT_EQ(both.status, 201);
  EXPECT_EQ(both.body, R"(["urn:c:2"])");
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"T","a":3})");
  EXPECT_EQ(node.post("/entityOperations/upsert", R"([{"id":"urn:c:1","type":"T","b":4}])", "options=update").status, 204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"T","a":3,"b":4})");
}

TEST(NgsiLdBatch, one_entity_several_times_is_taken_in_order_5_5_11_2) {
  TestNode node;
  node.post("/entityOperations/upsert",
            R"([{"id":"urn:c:1","type":"T","a":1},{"id":"urn:c:1","type":"T","b":2},{"id":"urn:c:1","type":"T","b":3}])",
            "options=update");
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"T","a":1,"b":3})");
}

TEST(NgsiLdBatch, updates_and_merges_what_is_there_5_6_9_and_5_6_20) {
  TestNode node;
  node.post("/entities", R"({"id":"urn:c:1","type":"T","a":{"value":{"x":1,"y":2}},"b":1})");
  EXPECT_EQ(node.post("/entityOperations/merge", R"([{"id":"urn:c:1","a":{"value":{"y":3}}}])").status, 204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"T","a":{"x":1,"y":3},"b":1})");
  EXPECT_EQ(node.post("/entityOperations/update", R"([{"id":"urn:c:1","type":"T","b":"urn:ngsi-ld:null","c":5}])").status, 204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"T","a":{"x":1,"y":3},"c":5})");
  EXPECT_EQ(node.post("/entityOperations/update", R"([{"id":"urn:c:1","type":"T","c":6,"d":7}])", "options=noOverwrite").status,
            204);
  EXPECT_EQ(node.values("urn:c:1"), R"({"id":"urn:c:1","type":"T","a":{"x":1,"y":3},"c":5,"d":7})");
  const net::Reply none = node.post("/entityOperations/update", R"([{"id":"urn:c:9","type":"T","c":6}])");
  EXPECT_EQ(none.status, 207);
  EXPECT_THAT(none.body, HasSubstr(R"("success":[])"));
  EXPECT_THAT(none.body, HasSubstr("ResourceNotFound"));
}

TEST(NgsiLdBatch, deletes_by_id_the_second_time_in_vain_5_5_11_4) {
  TestNode node;
  node.post("/entities", R"({"id":"urn:c:1","type":"T"})");
  const net::Reply reply = node.post("/entityOperations/delete", R"(["urn:c:1","urn:c:1"])");
  EXPECT_EQ(reply.status, 207);
  EXPECT_THAT(reply.body, HasSubstr(R"({"success":["urn:c:1"],"errors":[{"entityId":"urn:c:1")"));
  node.post("/entities", R"({"id":"urn:c:1","type":"T"})");
  EXPECT_EQ(node.post("/entityOperations/delete", R"(["urn:c:1"])").status, 204);
}

TEST(NgsiLdBatch, each_entity_has_its_own_context_in_ld_json_6_3_5) {
  TestNode node;
  const net::Reply reply = node.ask(
      Method::post, "/entityOperations/create",
      R"([{"id":"urn:c:1","type":"T","@context":{"T":"https://ex.org/T"}},{"id":"urn:c:2","type":"T","@context":[]},{"id":"urn:c:3","type":"T"}])",
      {.content_type = "application/ld+json"});
  EXPECT_EQ(reply.status, 207);
  EXPECT_THAT(reply.body, HasSubstr(R"("success":["urn:c:1","urn:c:2"])"));
  EXPECT_THAT(node.values("urn:c:1"), HasSubstr("https://ex.org/T"));
  EXPECT_THAT(node.values("urn:c:2"), Not(HasSubstr("https://ex.org/T")));
}

TEST(NgsiLdBatch, an_empty_array_and_null_are_refused_whole_5_6_7_4) {
  TestNode node;
  for (const char* body : {"[]", "[null]", "{}", R"([{"id":"urn:c:1","type":"T"},null])"})
    EXPECT_EQ(node.post("/entityOperations/create", body).status, 400) << body;
  EXPECT_EQ(node.get("/entities/urn:c:1").status, 404);
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
