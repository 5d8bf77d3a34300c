// A node for tests of what was: the standard's vehicle with three speeds, and a history in a folder of its own.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "api/ngsi_ld/test_node.h"
#include "twin/history/feed.h"

namespace citiverse::api::ngsi_ld {

class TemporalTest : public testing::Test {
 protected:
  TemporalTest() {
    std::string name = (std::filesystem::temp_directory_path() / "temporal-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    auto opened = twin::history::History::open(
        {.folder = folder_, .clock = [this] { return node_.now_us; }, .waits_for_disk = false}, node_.store.names());
    EXPECT_TRUE(opened);
    history_ = std::move(*opened);
    twin::history::feed_history(node_.store, *history_);
    node_.api.history = history_.get();
    add_temporal_query_routes(node_.router, node_.api);
    add_temporal_write_routes(node_.router, node_.api);
  }
  ~TemporalTest() override {
    node_.store.flush();
    history_.reset();
    std::filesystem::remove_all(folder_);
  }

  // ETSI GS CIM 009 V1.9.1, C.5.6: 120, 80 and 100 km/h.
  void add_vehicle(std::string_view id = "urn:ngsi-ld:Vehicle:B9211") {
    const auto reply =
        node_.post("/temporal/entities", R"({"id":")" + std::string(id) +
                                             R"(","type":"Vehicle","brandName":[{"type":"Property","value":"Volvo"}],"speed":[)"
                                             R"({"type":"Property","value":120,"observedAt":"2018-08-01T12:03:00Z"},)"
                                             R"({"type":"Property","value":80,"observedAt":"2018-08-01T12:05:00Z"},)"
                                             R"({"type":"Property","value":100,"observedAt":"2018-08-01T12:07:00Z"}]})");
    ASSERT_EQ(reply.status, 201) << reply.body;
  }
  std::string evolution(std::string_view query = {}, std::string_view id = "urn:ngsi-ld:Vehicle:B9211") {
    return node_.get("/temporal/entities/" + std::string(id), query).body;
  }
  // The speeds that are there, as values with their times.
  std::string speeds(std::string_view query = {}) {
    const auto text =
        evolution("format=temporalValues&attrs=speed" + std::string(query.empty() ? "" : "&") + std::string(query));
    const auto begin = text.find("\"values\":");
    return begin == std::string::npos ? text : text.substr(begin + 9, text.size() - begin - 11);
  }
  // Of the instance of a speed.
  std::string instance_id(std::string_view value) {
    const auto text = evolution("attrs=speed");
    const auto at = text.find("\"value\":" + std::string(value) + ",");
    const auto begin = text.find("urn:ngsi-ld:instance:", at);
    return at == std::string::npos ? "none" : text.substr(begin, text.find('"', begin) - begin);
  }

  std::filesystem::path folder_;
  TestNode node_;
  std::unique_ptr<twin::history::History> history_;
};

}  // namespace citiverse::api::ngsi_ld
