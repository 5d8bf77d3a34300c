// ETSI GS CIM 009 V1.9.1, 5.15.1, 5.2.40 and 6.33.
#include <gmock/gmock.h>

#include "api/ngsi_ld/test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::HasSubstr;

TEST(SourceIdentity, says_who_the_node_is_since_when_and_what_time_it_has) {
  TestNode node;
  node.api.node_name = "citiverse-abc";
  const auto reply = node.get("/info/sourceIdentity");
  EXPECT_EQ(reply.status, 200) << reply.body;
  const auto read = base::JsonDocument::parse(reply.body);
  ASSERT_TRUE(read);
  const auto root = read->root();
  EXPECT_EQ(root.find("id").text(), "urn:ngsi-ld:ContextSourceIdentity:citiverse-abc");
  EXPECT_EQ(root.find("type").text(), "ContextSourceIdentity");
  EXPECT_EQ(root.find("contextSourceAlias").text(), "citiverse-abc");
  EXPECT_TRUE(twin::parse_duration(root.find("contextSourceUptime").text().value_or("")));
  EXPECT_EQ(root.find("contextSourceTimeAt").text(), "2020-09-13T12:26:40Z");
}

TEST(SourceIdentity, of_a_tenant_is_its_own) {
  TestNode node;
  node.api.node_name = "citiverse-abc";
  node.ask(net::Method::post, "/entities", R"({"id":"urn:x:1","type":"Bus"})", {.tenant = "city2"});
  EXPECT_THAT(node.ask(net::Method::get, "/info/sourceIdentity", {}, {.tenant = "city2"}).body,
              HasSubstr(R"("contextSourceAlias":"citiverse-abc.city2")"));
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
