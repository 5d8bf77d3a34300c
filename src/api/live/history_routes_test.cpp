// What people see of the past: steps with gaps for a chart, and every value to take away, page by page.
#include "api/live/history_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/json_reader.h"
#include "twin/history/feed.h"

namespace citiverse::api {
namespace {

using testing::HasSubstr;
constexpr twin::TimeUs kStartUs = 1'767'225'600'000'000;  // 2026-01-01T00:00Z
constexpr twin::TimeUs kMinuteUs = 60'000'000;

class HistoryRoutes : public testing::Test {
 protected:
  HistoryRoutes() {
    std::string name = (std::filesystem::temp_directory_path() / "history-routes-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    auto opened = twin::history::History::open(
        {.folder = folder_, .clock = [] { return kStartUs + 600 * kMinuteUs; }, .waits_for_disk = false}, store_.names());
    EXPECT_TRUE(opened);
    history_ = std::move(*opened);
    add_history_routes(router_, store_, *history_);
  }
  ~HistoryRoutes() override {
    history_.reset();
    std::filesystem::remove_all(folder_);
  }
  void keep(int minute, twin::Value value) {
    twin::history::Sample sample;
    sample.attribute.name = store_.names().intern("https://uri.etsi.org/ngsi-ld/default-context/level");
    sample.attribute.unit = store_.names().intern("2N");
    sample.attribute.observed_us = kStartUs + minute * kMinuteUs;
    sample.attribute.modified_us = sample.attribute.observed_us + 1'000'000;
    sample.attribute.value = std::move(value);
    sample.attribute.about.push_back(
        {.name = store_.names().intern("https://citiverse.org/ns#status"), .value = std::string("simulated")});
    ASSERT_TRUE(history_->record({.id = "urn:n:1"}, {&sample, 1}));
  }
  net::Reply ask(std::string_view path, std::string_view query) {
    net::Request request;
    request.path = path;
    request.query = query;
    const auto match = router_.match(path);
    return router_.routes()[router_.route_of(match, net::Method::get)].make({request});
  }

  std::filesystem::path folder_;
  twin::Store store_{[] { return kStartUs + 600 * kMinuteUs; }};
  std::unique_ptr<twin::history::History> history_;
  net::Router router_;
};

TEST_F(HistoryRoutes, give_least_mean_and_greatest_of_each_step_with_unit_status_and_gaps) {
  for (const int minute : {0, 1, 2, 3, 10, 11}) keep(minute, std::int64_t{minute});
  const auto reply =
      ask("/api/v1/live/history", "entity=urn:n:1&attribute=level&from=2026-01-01T00:00:00Z&to=2026-01-01T00:20:00Z&step=120");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto document = base::JsonDocument::parse(reply.body);
  const auto points = document->root().find("points");
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[1].find("at").text(), "2026-01-01T00:02:00Z");
  EXPECT_EQ(points[1].find("min").number(), 2);
  EXPECT_EQ(points[1].find("avg").number(), 2.5);
  EXPECT_EQ(points[1].find("max").number(), 3);
  EXPECT_EQ(document->root().find("unit").text(), "2N");
  EXPECT_EQ(document->root().find("status").text(), "simulated");
  const auto gaps = document->root().find("gaps");
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].find("from").text(), "2026-01-01T00:04:00Z");
  EXPECT_EQ(gaps[0].find("to").text(), "2026-01-01T00:10:00Z");
}

TEST_F(HistoryRoutes, name_what_is_wrong) {
  keep(0, 1.5);
  for (const auto& [query, parameter] : {std::pair("attribute=level", "entity"), std::pair("entity=urn:n:1", "attribute"),
                                         std::pair("entity=urn:n:1&attribute=level&from=soon", "from"),
                                         std::pair("entity=urn:n:1&attribute=level&step=0", "step"),
                                         std::pair("entity=urn:n:1&attribute=level&step=1", "step")}) {
    const auto reply = ask("/api/v1/live/history", query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body, HasSubstr(std::string("\"parameter\":\"") + parameter)) << query;
  }
  EXPECT_EQ(ask("/api/v1/live/history", "entity=urn:n:1&attribute=weight").status, 404);
  EXPECT_EQ(ask("/api/v1/live/history", "entity=urn:n:2&attribute=level").status, 404);
}

TEST_F(HistoryRoutes, export_every_value_page_by_page_in_a_form_that_no_spreadsheet_takes_for_a_formula) {
  keep(0, std::string("=1+1, \"or so\""));
  for (int minute = 1; minute <= static_cast<int>(kHistoryExportRowsMax); ++minute) keep(minute, minute / 8.0);
  const auto csv =
      ask("/api/v1/live/history/export", "entity=urn:n:1&attribute=level&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z");
  ASSERT_EQ(csv.status, 200);
  EXPECT_TRUE(
      csv.body.starts_with("at,value,unit,status,source,modified_at\r\n"
                           "2026-01-01T00:00:00Z,\"'=1+1, \"\"or so\"\"\",\"2N\",\"simulated\",\"\",2026-01-01T00:00:01Z\r\n"
                           "2026-01-01T00:01:00Z,0.125,"));
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv.body, '\n')), kHistoryExportRowsMax + 1);
  ASSERT_THAT(csv.fields, HasSubstr("rel=\"next\""));
  const std::size_t begin = csv.fields.find('?') + 1;
  const std::string rest = csv.fields.substr(begin, csv.fields.find('>') - begin);
  const auto last = ask("/api/v1/live/history/export", rest);
  EXPECT_EQ(std::ranges::count(last.body, '\n'), 2);
  EXPECT_THAT(last.body, HasSubstr(",2500,"));
  EXPECT_EQ(last.fields, "");
  const auto lines = ask("/api/v1/live/history/export",
                         "entity=urn:n:1&attribute=level&from=2026-01-01T00:00:00Z&to=2026-01-01T00:02:00Z&format=jsonl");
  EXPECT_THAT(lines.body, HasSubstr(R"({"at":"2026-01-01T00:01:00Z","value":0.125,"unit":"2N","status":"simulated",)"));
}

}  // namespace
}  // namespace citiverse::api
