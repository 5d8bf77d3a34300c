// All rows or none, unless who sends asks for the good ones; each bad row is named in the answer.
#include "api/feeds/report_routes.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "api/parameters.h"
#include "api/problem.h"
#include "api/routes.h"
#include "base/check.h"
#include "base/json_writer.h"

namespace citiverse::api::feeds {
namespace {

constexpr std::size_t kRowsInDetail = 5;

// The plain form: a row a value.
constexpr std::string_view kPlainRules = R"({"rules":[{
  "rule":"plain", "post":true, "each":"$[*]", "id":"$.id", "type":"$.type", "name":"$.name", "anchor":"$.anchor",
  "location":{"lat":"$.lat","lon":"$.lon"}, "observed_at":["$.observed_at","arrival"],
  "source":"$.source", "status":["$.status","raw"],
  "quality":"$.quality", "attributes":{"{$.attribute}":{"value":"$.value","unit":"$.unit"}}
}]})";

constexpr std::string_view kBodies = "application/json, text/csv, text/plain, application/x-protobuf, application/octet-stream";

void write_rows(base::JsonWriter& json, const std::vector<RowProblem>& problems) {
  json.key("rows").begin_array();
  for (const RowProblem& each : problems)
    json.begin_object().key("row").integer(each.row).member("reason", each.reason).end_object();
  json.end_array();
}

net::Reply rows_are_wrong(const Intake& intake) {
  std::string detail = fmt::format("{} of {} rows cannot be used, so none was", intake.refused, intake.rows);
  for (std::size_t i = 0; i < std::min(kRowsInDetail, intake.problems.size()); ++i)
    detail += fmt::format("; row {}: {}", intake.problems[i].row, intake.problems[i].reason);
  net::Reply reply;
  reply.status = 400;
  reply.media_type = "application/problem+json";
  base::JsonWriter json(reply.body);
  json.begin_object().member("type", "about:blank").member("title", net::reason_of(400)).key("status").integer(400);
  json.member("detail", detail).member("code", "bad_input");
  write_rows(json, intake.problems);
  json.end_object();
  return reply;
}

net::Reply taken_reply(const Intake& counted, std::size_t taken, std::size_t refused) {
  net::Reply reply;
  base::JsonWriter json(reply.body);
  json.begin_object().key("items").integer(counted.rows).key("taken").integer(taken).key("refused").integer(refused);
  write_rows(json, counted.problems);
  json.end_object();
  return reply;
}

class ReportDoor {
 public:
  explicit ReportDoor(Feeds& feeds) : feeds_(feeds) {
    auto plain = read_mapping(kPlainRules, "plain", feeds.twin().store.names());
    CITIVERSE_CHECK(plain.has_value(), "the built-in rules are right");
    plain_json_ = plain->rules[0];
    plain_csv_ = std::move(plain->rules[0]);
    plain_csv_.payload = Payload::csv;
  }

  net::Reply plain(const net::Call& call) {
    const std::string_view type = call.request.content_type;
    const bool is_csv =
        net::equal_without_case(type.substr(0, std::min(type.size(), std::string_view("text/csv").size())), "text/csv");
    return take(is_csv ? plain_csv_ : plain_json_, call);
  }

  net::Reply mapped(const net::Call& call) {
    const auto& rules = feeds_.mapping().rules;
    const auto found = std::ranges::find(rules, call.parameters[0], &Rule::name);
    if (found == rules.end() || !std::holds_alternative<FromPost>(found->from))
      return net::problem(404, "not_found", "the mapping file has no rule of this name with \"post\": true", "rule");
    return take(*found, call);
  }

 private:
  net::Reply take(const Rule& rule, const net::Call& call) {
    Parameters parameters(call.request.query);
    const auto on_error = parameters.text("on_error", 16).value_or("refuse");
    if (on_error != "refuse" && on_error != "skip")
      parameters.fail("on_error", "on_error is refuse (all rows or none) or skip (the good ones)");
    if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
    feeds_.figures().messages.fetch_add(1, std::memory_order_relaxed);
    const twin::TimeUs now_us = feeds_.twin().store.now_us();
    auto intake = feeds_.mapper().map(rule, call.request.body, {}, now_us, kLiveBatchItemsMax);
    if (intake && intake->rows == 0)
      intake = base::fail(base::ErrorCode::bad_input,
                          "no rows were found: an array of objects, or a table with named columns, is needed");
    if (!intake) {
      feeds_.figures().messages_refused.fetch_add(1, std::memory_order_relaxed);
      const bool is_large = intake.error().code == base::ErrorCode::limit;
      return is_large ? net::problem(413, "body_too_large", intake.error().message) : problem_from(intake.error());
    }
    feeds_.figures().refused.fetch_add(intake->refused, std::memory_order_relaxed);
    if (intake->refused > 0 && on_error == "refuse") return rows_are_wrong(*intake);
    return write(*std::move(intake), now_us);
  }

  net::Reply write(Intake intake, twin::TimeUs now_us) {
    const twin::ReportWrites writes(std::move(intake.reports), now_us);
    const auto answer = [&](WriteResults results) {
      std::size_t failed = 0;
      for (const auto& each : results) failed += each ? 0 : 1;
      const std::size_t taken = writes.size() - std::min(failed, writes.size());
      feeds_.figures().taken.fetch_add(taken, std::memory_order_relaxed);
      return taken_reply(intake, taken, intake.refused + failed);
    };
    return write_and_answer(feeds_.twin(), twin::kDefaultTenant, writes.writes(), answer,
                            [](const base::Error& error) { return problem_from(error); });
  }

  Feeds& feeds_;
  Rule plain_json_, plain_csv_;
};

}  // namespace

void add_report_routes(net::Router& router, Feeds& feeds) {
  const auto door = std::make_shared<ReportDoor>(feeds);
  LiveRoute route{.method = net::Method::post, .is_batch = true, .body_media_types = kBodies};
  route.pattern = "/api/v1/live/reports";
  route.answer = [door](const net::Call& call) { return door->plain(call); };
  add_live_route(router, route);
  route.pattern = "/api/v1/live/reports/{rule}";
  route.answer = [door](const net::Call& call) { return door->mapped(call); };
  add_live_route(router, std::move(route));
}

}  // namespace citiverse::api::feeds
