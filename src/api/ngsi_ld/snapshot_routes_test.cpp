// ETSI GS CIM 009 V1.9.1, 5.16 (snapshots), 5.2.41, 5.3.4, 5.5.15, 6.3.22 and 6.36 to 6.38.
#include <gmock/gmock.h>

#include "api/ngsi_ld/test_subscriber.h"

namespace citiverse::api::ngsi_ld {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kOfFast = R"({"type":"Query","entities":[{"type":"Vehicle"}],"q":"speed>50"})";
constexpr std::string_view kOfAll = R"({"type":"Query","entities":[{"type":"Vehicle"}]})";

class SnapshotRoutes : public Subscriber {
 protected:
  void SetUp() override {
    put("80", R"(,"colour":{"type":"Property","value":"red"})", "urn:v:1");
    put("30", "", "urn:v:2");
  }
  net::Reply create(std::string_view queries = kOfFast, std::string_view more = "", std::string_view tenant = "") {
    return node_.ask(net::Method::post, "/snapshots",
                     fmt::format(R"({{"type":"Snapshot","snapshotQueries":[{}]{}}})", queries, more),
                     {.tenant = std::string(tenant)});
  }
  // The path of a new snapshot.
  std::string created(std::string_view queries = kOfFast, std::string_view more = "") { return path_in(create(queries, more)); }
  static std::string path_in(const net::Reply& reply) {
    EXPECT_EQ(reply.status, 201) << reply.body;
    constexpr std::string_view kBefore = "Location: /ngsi-ld/v1";
    const std::size_t begin = reply.fields.find(kBefore) + kBefore.size();
    return reply.fields.substr(begin, reply.fields.find("\r\n", begin) - begin);
  }
  static std::string id_in(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }
  net::Reply within(std::string_view snapshot, net::Method method, std::string_view path, std::string_view body = "",
                    std::string_view query = "", std::string_view tenant = "") {
    return node_.ask(method, path, body, {.tenant = std::string(tenant), .snapshot = std::string(snapshot)}, query);
  }
  std::string values_within(std::string_view snapshot, std::string_view query = "type=Vehicle&options=keyValues") {
    return within(snapshot, net::Method::get, "/entities", "", query).body;
  }
};

TEST_F(SnapshotRoutes, a_snapshot_holds_what_its_queries_found_and_stays_as_it_was) {
  const std::string path = created();
  const std::string body = node_.get(path).body;
  EXPECT_THAT(body,
              AllOf(HasSubstr(R"("type":"Snapshot")"), HasSubstr(R"("snapshotStatus":"success")"),
                    HasSubstr(R"("snapshotQueriesDetails":[{"resultStatus":"success"}],"snapshotPriority":5)"),
                    HasSubstr(R"("createdAt":"2020-09-13T12:26:40Z")"), HasSubstr(R"("expiresAt":"2020-09-13T13:26:40Z")"),
                    HasSubstr(std::string(R"("snapshotQueries":[)").append(kOfFast))));
  put("99", "", "urn:v:1");
  put("99", "", "urn:v:3");
  const auto reply = within(id_in(path), net::Method::get, "/entities", "", "type=Vehicle&options=keyValues");
  EXPECT_EQ(reply.body, R"([{"id":"urn:v:1","type":"Vehicle","speed":80,"colour":"red"}])");
  EXPECT_THAT(reply.fields, HasSubstr("NGSILD-Snapshot: " + id_in(path) + "\r\n"));
  EXPECT_EQ(within(id_in(path), net::Method::get, "/entities/urn:v:2").status, 404);
  EXPECT_THAT(within(id_in(path), net::Method::get, "/types").body, HasSubstr(R"("typeList":["Vehicle"])"));
}

TEST_F(SnapshotRoutes, what_is_tried_in_a_snapshot_is_not_seen_outside) {
  const std::string id = id_in(created(kOfAll));
  EXPECT_EQ(within(id, net::Method::patch, "/entities/urn:v:2/attrs", R"({"speed":{"type":"Property","value":31}})").status,
            204);
  EXPECT_EQ(within(id, net::Method::delete_, "/entities/urn:v:1").status, 204);
  EXPECT_EQ(within(id, net::Method::post, "/entities", R"({"id":"urn:v:9","type":"Vehicle"})").status, 201);
  EXPECT_EQ(values_within(id), R"([{"id":"urn:v:2","type":"Vehicle","speed":31},{"id":"urn:v:9","type":"Vehicle"}])");
  EXPECT_EQ(node_.get("/entities", "type=Vehicle&options=keyValues").body,
            R"([{"id":"urn:v:1","type":"Vehicle","speed":80,"colour":"red"},{"id":"urn:v:2","type":"Vehicle","speed":30}])");
  node_.store.flush();
}

TEST_F(SnapshotRoutes, queries_add_up_and_each_says_how_it_ended) {
  const std::string picking = R"({"type":"Query","entities":[{"type":"Vehicle"}],"pick":["id","type","speed"]})";
  const std::string path = created(picking + R"(,{"type":"Query","entities":[{"type":"Ship"}]})");
  EXPECT_THAT(node_.get(path).body, AllOf(HasSubstr(R"("snapshotStatus":"success")"),
                                          HasSubstr(R"([{"resultStatus":"success"},{"resultStatus":"empty"}])")));
  EXPECT_EQ(values_within(id_in(path)),
            R"([{"id":"urn:v:1","type":"Vehicle","speed":80},{"id":"urn:v:2","type":"Vehicle","speed":30}])");
  EXPECT_THAT(node_.get(created(R"({"type":"Query","entities":[{"type":"Ship"}]})")).body,
              HasSubstr(R"("snapshotStatus":"empty")"));
}

TEST_F(SnapshotRoutes, what_is_wrong_is_said_and_nothing_is_kept) {
  const auto refusal = [&](std::string_view body) {
    const auto reply = node_.post("/snapshots", body);
    return fmt::format("{} {}", reply.status, error_type(reply));
  };
  EXPECT_EQ(refusal(R"({"type":"Snapshot"})"), "400 BadRequestData");
  EXPECT_EQ(refusal(R"({"type":"Snapshot","snapshotQueries":[]})"), "400 BadRequestData");
  EXPECT_EQ(refusal(fmt::format(R"({{"type":"Photo","snapshotQueries":[{}]}})", kOfAll)), "400 BadRequestData");
  EXPECT_EQ(refusal(R"({"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"V"}],"temporalQ":{}}]})"),
            "400 BadRequestData");
  EXPECT_EQ(refusal(R"({"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"V"}],"q":"a=="}]})"),
            "400 BadRequestData");
  EXPECT_EQ(refusal(R"({"type":"Snapshot","snapshotTemporalQueries":[]})"), "422 OperationNotSupported");
  for (const char* more :
       {R"(,"snapshotPriority":11)", R"(,"snapshotPriority":0)", R"(,"snapshotLifetime":"soon")",
        R"(,"endpoint":"ftp://a.example")", R"(,"receiverInfo":[{"key":"a b","value":"c"}])", R"(,"snapshotStatus":"success")",
        R"(,"id":"not a uri")", R"(,"id":"urn:\u00fc")", R"(,"colour":"red")"})
    EXPECT_EQ(error_type(create(kOfAll, more)), "BadRequestData") << more;
}

TEST_F(SnapshotRoutes, a_snapshot_that_is_not_there_is_not_found) {
  EXPECT_EQ(error_type(within("urn:s:none", net::Method::get, "/entities", "", "type=Vehicle")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.get("/snapshots/urn:s:none")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.patch("/snapshots/urn:s:none", R"({"snapshotPriority":2})")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.remove("/snapshots/urn:s:none")), "ResourceNotFound");
  EXPECT_EQ(error_type(node_.post("/snapshots/urn:s:none/clone", R"({"type":"Snapshot"})")), "ResourceNotFound");
  EXPECT_EQ(error_type(within(id_in(created()), net::Method::get, "/subscriptions")), "OperationNotSupported");
}

TEST_F(SnapshotRoutes, a_change_says_how_long_and_how_much_it_is_wanted) {
  const std::string path = created();
  EXPECT_EQ(node_.patch(path, R"({"snapshotPriority":9,"snapshotLifetime":"PT2H"})").status, 204);
  EXPECT_THAT(node_.get(path).body, AllOf(HasSubstr(R"("snapshotPriority":9)"), HasSubstr(R"("snapshotLifetime":"PT2H")"),
                                          HasSubstr(R"("expiresAt":"2020-09-13T14:26:40Z")")));
  EXPECT_EQ(error_type(node_.patch(path, R"({"snapshotQueries":[]})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch(path, R"({"expiresAt":"2030-01-01T00:00:00Z"})")), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch(path, "{}")), "BadRequestData");
  node_.now_us += 600'000'000;
  EXPECT_EQ(error_type(node_.patch(path, R"({"snapshotLifetime":"PT1M"})")), "BadRequestData");
  node_.now_us += 7'200'000'000;
  EXPECT_EQ(node_.get(path).status, 404);
}

TEST_F(SnapshotRoutes, a_clone_goes_on_without_its_original) {
  const std::string path = created(kOfAll);
  EXPECT_EQ(within(id_in(path), net::Method::delete_, "/entities/urn:v:1").status, 204);
  EXPECT_EQ(node_.post(path + "/clone", fmt::format(R"({{"type":"Snapshot","snapshotQueries":[{}]}})", kOfAll)).status, 400);
  const std::string clone =
      path_in(node_.post(path + "/clone", R"({"type":"Snapshot","id":"urn:s:clone","snapshotPriority":7})"));
  EXPECT_EQ(clone, "/snapshots/urn:s:clone");
  EXPECT_EQ(error_type(node_.post(path + "/clone", R"({"type":"Snapshot","id":"urn:s:clone"})")), "AlreadyExists");
  EXPECT_EQ(node_.remove(path).status, 204);
  EXPECT_EQ(node_.get(path).status, 404);
  EXPECT_EQ(values_within("urn:s:clone"), R"([{"id":"urn:v:2","type":"Vehicle","speed":30}])");
  EXPECT_THAT(node_.get(clone).body, AllOf(HasSubstr(R"("snapshotPriority":7)"), HasSubstr(R"("snapshotStatus":"success")")));
}

TEST_F(SnapshotRoutes, a_purge_takes_those_that_its_q_means) {
  const std::string low = created(kOfAll, R"(,"snapshotPriority":2)");
  const std::string high = created(kOfAll, R"(,"snapshotPriority":8)");
  EXPECT_EQ(error_type(node_.remove("/snapshots")), "BadRequestData");
  EXPECT_EQ(error_type(node_.remove("/snapshots", "q=speed>5")), "BadRequestData");
  EXPECT_EQ(node_.remove("/snapshots", "q=snapshotPriority<5;snapshotStatus==%22success%22").status, 204);
  EXPECT_EQ(node_.get(low).status, 404);
  EXPECT_EQ(node_.get(high).status, 200);
  EXPECT_EQ(node_.remove("/snapshots", "q=createdAt>2030-01-01T00:00:00Z").status, 204);
  EXPECT_EQ(node_.get(high).status, 200);
}

TEST_F(SnapshotRoutes, those_of_low_priority_make_room_for_others) {
  const std::string low = created(kOfAll, R"(,"snapshotPriority":2)");
  for (std::size_t i = 1; i < Snapshots::kSnapshotsMax; ++i) created(kOfAll, R"(,"snapshotPriority":6)");
  EXPECT_EQ(node_.get(low).status, 200);
  EXPECT_EQ(create(kOfAll, R"(,"snapshotPriority":3)").status, 201);
  EXPECT_EQ(node_.get(low).status, 404);
  EXPECT_EQ(create(kOfAll, R"(,"snapshotPriority":6)").status, 201);
  EXPECT_EQ(create(kOfAll, R"(,"snapshotPriority":1)").status, 503);
}

TEST_F(SnapshotRoutes, a_use_is_noted_and_a_look_at_its_state_is_none) {
  const std::string path = created();
  node_.now_us += 60'000'000;
  EXPECT_THAT(node_.get(path).body, HasSubstr(R"("lastUsedAt":"2020-09-13T12:26:40Z")"));
  values_within(id_in(path));
  EXPECT_THAT(node_.get(path).body, HasSubstr(R"("lastUsedAt":"2020-09-13T12:27:40Z")"));
}

TEST_F(SnapshotRoutes, a_snapshot_is_of_its_tenant) {
  node_.ask(net::Method::post, "/entities", R"({"id":"urn:v:7","type":"Vehicle"})", {.tenant = "city7"});
  const std::string path = path_in(create(kOfAll, "", "city7"));
  EXPECT_EQ(node_.get(path).status, 404);
  EXPECT_EQ(within(id_in(path), net::Method::get, "/entities", "", "type=Vehicle").status, 404);
  EXPECT_EQ(within(id_in(path), net::Method::get, "/entities", "", "type=Vehicle", "city7").body,
            R"([{"id":"urn:v:7","type":"Vehicle"}])");
  EXPECT_EQ(error_type(within(id_in(path), net::Method::get, "/entities", "", "type=Vehicle", "other")), "NonexistentTenant");
}

TEST_F(SnapshotRoutes, an_endpoint_is_told_what_becomes_of_it) {
  Snapshots snapshots([this] { return node_.now_us; }, &notifier_);
  node_.api.snapshots = &snapshots;
  const std::string path = created(kOfFast, fmt::format(R"(,"endpoint":"{}")", receiver_.url()));
  EXPECT_EQ(node_.patch(path, R"({"snapshotPriority":3})").status, 204);
  EXPECT_EQ(node_.remove(path).status, 204);
  const auto told = receiver_.wait_for(3);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_THAT(
      told[0].body,
      AllOf(HasSubstr(R"("type":"SnapshotNotification","snapshotId":")" + id_in(path)),
            HasSubstr(R"("notifiedAt":"2020-09-13T12:26:40Z","expiresAt":"2020-09-13T13:26:40Z")"),
            HasSubstr(
                R"("snapshotPriority":5,"snapshotStatus":"success","snapshotQueriesDetails":[{"resultStatus":"success"}])")));
  EXPECT_THAT(told[1].body, HasSubstr(R"("snapshotPriority":3)"));
  EXPECT_THAT(told[2].body, HasSubstr(R"("notifiedAt":"2020-09-13T12:26:40Z","expiresAt":"2020-09-13T12:26:39.999999Z")"));
  node_.api.snapshots = &node_.snapshots;
}

TEST_F(SnapshotRoutes, an_endpoint_in_the_own_network_is_refused) {
  net::Notifier strict({});
  Snapshots snapshots([this] { return node_.now_us; }, &strict);
  node_.api.snapshots = &snapshots;
  const std::string endpoint = fmt::format(R"("endpoint":"{}")", receiver_.url());
  EXPECT_EQ(error_type(create(kOfFast, "," + endpoint)), "BadRequestData");
  EXPECT_EQ(error_type(node_.patch(created(), "{" + endpoint + "}")), "BadRequestData");
  node_.api.snapshots = &node_.snapshots;
}

}  // namespace
}  // namespace citiverse::api::ngsi_ld
