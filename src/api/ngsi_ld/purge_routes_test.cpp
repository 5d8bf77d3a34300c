// ETSI GS CIM 009 V1.9.1, 5.6.21 and 6.4.3.3: what a query finds goes, and nothing else does.
#include <gmock/gmock.h>

#include "api/ngsi_ld/test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

class PurgeRoutes : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 1; i <= 4; ++i) {
      const std::string_view type = i % 2 == 0 ? "Bus" : "Tree";
      const auto made = node_.post(
          "/entities", fmt::format(R"({{"id":"urn:x:{}","type":"{}","speed":{{"type":"Property","value":{}}},)"
                                   R"("colour":{{"type":"Property","value":"red"}},"scope":"/a/n{}",)"
                                   R"("location":{{"type":"GeoProperty","value":{{"type":"Point","coordinates":[{},43]}}}}}})",
                                   i, type, i * 10, i, i));
      ASSERT_EQ(made.status, 201) << made.body;
    }
  }
  // The numbers of the entities that are left.
  std::string left() {
    std::string out;
    for (char i = '1'; i <= '4'; ++i)
      if (node_.get(std::string("/entities/urn:x:") + i).status == 200) out += i;
    return out;
  }
  int purge(std::string_view query) { return node_.remove("/entities", query).status; }

  TestNode node_;
};

TEST_F(PurgeRoutes, all_that_match_every_condition_go) {
  EXPECT_EQ(purge("type=Bus&q=speed%3E30"), 204);
  EXPECT_EQ(left(), "123");
  EXPECT_EQ(purge("type=Tree&scopeQ=/a/n3"), 204);
  EXPECT_EQ(left(), "12");
  EXPECT_EQ(purge("type=Tree&id=urn:x:1,urn:x:2"), 204);
  EXPECT_EQ(left(), "2");
  EXPECT_EQ(purge("type=Nothing"), 204) << "nothing to purge is purged";
  EXPECT_EQ(left(), "2");
}

TEST_F(PurgeRoutes, by_attributes_patterns_and_places) {
  EXPECT_EQ(purge("attrs=height"), 204);
  EXPECT_EQ(left(), "1234");
  EXPECT_EQ(purge("attrs=speed&idPattern=[34]$"), 204);
  EXPECT_EQ(left(), "12");
  EXPECT_EQ(purge("georel=near%3BmaxDistance%3D%3D1000&geometry=Point&coordinates=%5B1%2C43%5D"), 204);
  EXPECT_EQ(left(), "2");
}

TEST_F(PurgeRoutes, of_everything_only_locally) {
  EXPECT_EQ(purge("type=*&local=false"), 400);
  EXPECT_EQ(left(), "1234");
  EXPECT_EQ(purge("type=*"), 204);
  EXPECT_EQ(left(), "");
}

TEST_F(PurgeRoutes, drop_takes_attributes_and_keep_takes_the_others) {
  EXPECT_EQ(purge("type=Bus&drop=colour,location"), 204);
  EXPECT_EQ(node_.values("urn:x:2"), R"({"id":"urn:x:2","type":"Bus","scope":"/a/n2","speed":20})");
  EXPECT_EQ(purge("type=Tree&keep=colour"), 204);
  EXPECT_EQ(node_.values("urn:x:1"), R"({"id":"urn:x:1","type":"Tree","scope":"/a/n1","colour":"red"})");
  EXPECT_EQ(left(), "1234");
}

TEST_F(PurgeRoutes, what_is_too_wide_or_wrong_changes_nothing) {
  for (const char* query : {"", "id=urn:x:1", "idPattern=.*", "scopeQ=/a/n1", "q=createdAt%3E2000-01-01T00:00:00Z",
                            "type=Bus&id=nothing", "type=Bus&q=speed%3E", "type=Bus&csf=%3D%3D", "type=Bus&keep=a&drop=b",
                            "type=Bus&drop=", "type=Bus&idPattern=(", "type=Bus&q=ownedBy%7Bname%7D%3D%3D%22a%22"})
    EXPECT_EQ(error_type(node_.remove("/entities", query)), "BadRequestData") << query;
  EXPECT_EQ(left(), "1234");
}

TEST_F(PurgeRoutes, of_more_than_one_chunk_goes_whole) {
  std::string body = "[";
  for (int i = 0; i < 2'500; ++i) body += fmt::format(R"({}{{"id":"urn:y:{}","type":"Leaf"}})", i > 0 ? "," : "", i);
  ASSERT_EQ(node_.post("/entityOperations/create", body + "]").status, 201);
  EXPECT_EQ(node_.store.size(twin::kDefaultTenant), 2'504u);
  EXPECT_EQ(purge("type=Leaf"), 204);
  EXPECT_EQ(node_.store.size(twin::kDefaultTenant), 4u);
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
