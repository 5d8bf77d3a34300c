// ETSI GS CIM 009 V1.9.1, 5.13: contexts stored, listed, served, deleted, fetched once and again.
#include <filesystem>

#include <gmock/gmock.h>

#include "api/ngsi_ld/test_node.h"

namespace citiverse::api::ngsi_ld {
namespace {

using net::Method;
using testing::HasSubstr;

std::string path_of(const net::Reply& reply) {
  const std::size_t at = reply.fields.find("/jsonldContexts/");
  return at == std::string::npos ? "" : reply.fields.substr(at, reply.fields.find('\r', at) - at);
}

TEST(NgsiLdContexts, a_hosted_context_is_served_used_and_deleted_5_13_2_to_5_13_5) {
  TestNode node;
  const net::Reply added = node.post("/jsonldContexts", R"({"@context": {"Car": "https://ex.org/Car"}})");
  ASSERT_EQ(added.status, 201) << added.body;
  const std::string path = path_of(added);
  EXPECT_EQ(node.get(path).body, R"({"@context":{"Car":"https://ex.org/Car"}})");
  EXPECT_EQ(node.get(path).media_type, "application/ld+json");
  EXPECT_THAT(node.get("/jsonldContexts").body, HasSubstr(path));
  EXPECT_THAT(node.get(path, "details=true").body, HasSubstr(R"("kind":"Hosted","createdAt":"2020-09-13T12:26:40Z")"));
  const TestNode::Headers link{.link = "https://whatever.example/ngsi-ld/v1" + path};
  EXPECT_EQ(node.ask(Method::post, "/entities", R"({"id":"urn:c:1","type":"Car"})", link).status, 201);
  EXPECT_THAT(node.values("urn:c:1"), HasSubstr("https://ex.org/Car"));
  EXPECT_EQ(node.remove(path).status, 204);
  EXPECT_EQ(node.get(path).status, 404);
  EXPECT_EQ(node.remove(path).status, 404);
}

TEST(NgsiLdContexts, what_is_no_context_is_not_stored) {
  TestNode node;
  EXPECT_EQ(error_type(node.post("/jsonldContexts", "{")), "InvalidRequest");
  for (const char* body : {"{}", R"({"@context": {"a": 7}})", R"({"@context": {"a": "a:b"}})",
                           R"({"@context": {"a": {"@id": "https://ex.org/a", "@context": {}}}})"})
    EXPECT_EQ(error_type(node.post("/jsonldContexts", body)), "BadRequestData") << body;
  EXPECT_EQ(error_type(node.post("/jsonldContexts", R"({"@context": "https://other.example/c"})")), "LdContextNotAvailable");
}

TEST(NgsiLdContexts, fetched_contexts_are_listed_not_served_and_reloaded_5_13_5) {
  TestNode node;
  node.remote["https://ctx.example/c"] = R"({"@context":{"a":"https://ex.org/one"}})";
  const TestNode::Headers link{.link = "https://ctx.example/c"};
  node.ask(Method::post, "/entities", R"({"id":"urn:c:1","type":"T","a":1})", link);
  EXPECT_EQ(node.get("/jsonldContexts", "kind=Cached").body, R"(["https://ctx.example/c"])");
  const auto details = base::JsonDocument::parse(node.get("/jsonldContexts", "kind=Cached&details=true").body);
  const std::string path = "/jsonldContexts/" + std::string(details->root()[0].find("localId").text().value_or(""));
  EXPECT_EQ(error_type(node.get(path)), "OperationNotSupported");
  node.remote["https://ctx.example/c"] = R"({"@context":{"a":"https://ex.org/two"}})";
  EXPECT_EQ(node.remove(path, "reload=true").status, 204);
  node.ask(Method::post, "/entities", R"({"id":"urn:c:2","type":"T","a":1})", link);
  EXPECT_THAT(node.values("urn:c:2"), HasSubstr("https://ex.org/two"));
  node.remote.clear();
  EXPECT_EQ(node.remove(path, "reload=true").status, 504);
  node.now_us += 3'601ll * 1'000'000;
  EXPECT_EQ(node.ask(Method::get, "/entities/urn:c:2", {}, link).status, 200) << "an old document is better than none";
}

TEST(NgsiLdContexts, failures_are_remembered_for_a_while) {
  TestNode node;
  const TestNode::Headers link{.link = "https://ctx.example/missing"};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(node.ask(Method::get, "/entities/urn:c:1", {}, link).status, 504);
  EXPECT_EQ(node.fetches, 1);
  node.now_us += 31'000'000;
  node.ask(Method::get, "/entities/urn:c:1", {}, link);
  EXPECT_EQ(node.fetches, 2);
}

TEST(NgsiLdContexts, hosted_contexts_outlive_the_process) {
  const auto folder = std::filesystem::temp_directory_path() / "citiverse_contexts_test";
  std::filesystem::remove_all(folder);
  std::string path;
  {
    TestNode node(folder);
    path = path_of(node.post("/jsonldContexts", R"({"@context": {"Car": "https://ex.org/Car"}})"));
  }
  TestNode node(folder);
  EXPECT_EQ(node.get(path).body, R"({"@context":{"Car":"https://ex.org/Car"}})");
  EXPECT_EQ(node.remove(path).status, 204);
  TestNode third(folder);
  EXPECT_EQ(third.get(path).status, 404);
  std::filesystem::remove_all(folder);
}

TEST(NgsiLdContexts, the_nodes_own_terms_are_there) {
  TestNode node;
  EXPECT_THAT(node.get("/jsonldContexts/citiverse").body, HasSubstr("https://citiverse.org/ns#"));
  EXPECT_EQ(node.remove("/jsonldContexts/citiverse").status, 400);
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
