// GET /api/v1/live/history: least, mean and greatest by steps, with gaps; /api/v1/live/history/export: every value, page by
// page.
#include "api/live/history_routes.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "api/live/history_lines.h"
#include "api/live/live_json.h"
#include "api/parameters.h"
#include "api/problem.h"
#include "api/routes.h"
#include "twin/moment.h"

namespace citiverse::api {
namespace {

namespace history = twin::history;

constexpr std::size_t kUriBytesMax = 1024;
constexpr twin::TimeUs kSecondUs = 1'000'000;
constexpr double kStepMaxS = 366 * 86'400.0;
constexpr twin::TimeUs kUsualSteps = 300;
constexpr std::size_t kGapsMax = 100;

struct Asked {
  std::string entity;
  std::string attribute;
  std::string dataset;
  history::TimeRange range;
};

std::optional<twin::TimeUs> moment(Parameters& parameters, std::string_view name) {
  const auto text = parameters.text(name, 40);
  if (!text) return std::nullopt;
  const auto time = twin::parse_moment(*text);
  if (!time) parameters.fail(name, fmt::format("{} is a time such as 2026-05-04T18:30:00Z", name));
  return time;
}

Asked read_asked(Parameters& parameters, twin::TimeUs now_us) {
  Asked asked;
  const auto required = [&](std::string_view name) {
    const auto text = parameters.text(name, kUriBytesMax);
    if (!text || text->empty()) parameters.fail(name, fmt::format("{} is needed, as /api/v1/live names it", name));
    return text.value_or("");
  };
  asked.entity = required("entity");
  asked.attribute = required("attribute");
  asked.dataset = parameters.text("dataset", kUriBytesMax).value_or("");
  asked.range.until_us = moment(parameters, "to").value_or(now_us + 1);
  asked.range.from_us = moment(parameters, "from").value_or(asked.range.until_us - twin::kDayUs);
  if (asked.range.from_us >= asked.range.until_us) parameters.fail("from", "from must be before to");
  return asked;
}

std::optional<history::SeriesFacts> find_series(const history::History& history, const twin::Names& names, const Asked& asked) {
  const auto entity = history.find_entity("", asked.entity);
  if (!entity) return std::nullopt;
  for (const history::SeriesFacts& each : entity->series) {
    const std::string_view iri = names.text(each.attribute);
    if ((iri == asked.attribute || short_name(iri) == asked.attribute) && names.text(each.dataset) == asked.dataset)
      return each;
  }
  return std::nullopt;
}

net::Reply no_series() {
  return net::problem(404, "not_found", "nothing is kept of this attribute of this entity", "attribute");
}

/// The newest single value within a range, which says what the unit and the source are.
base::Result<std::optional<history::Sample>> newest(const history::History& history, history::SeriesId series,
                                                    const history::TimeRange& range) {
  std::optional<history::Sample> sample;
  auto read = history.view(series).each_run(range, history::Part::all, history::SeriesView::Direction::backward,
                                            [&](const history::Rows& rows) {
                                              sample = history.sample_of(series, rows, rows.points.back());
                                              return false;
                                            });
  if (!read) return std::unexpected(read.error());
  return sample;
}

void write_number(base::JsonWriter& json, double value) { json.raw(std::isfinite(value) ? fmt::format("{}", value) : "null"); }

void write_moment(base::JsonWriter& json, std::string_view name, twin::TimeUs time_us) {
  json.member(name, twin::moment_text(time_us));
}

void write_points(base::JsonWriter& json, const std::vector<history::Bucket>& buckets) {
  json.key("points").begin_array();
  for (const history::Bucket& each : buckets) {
    json.begin_object();
    write_moment(json, "at", each.start_us);
    write_number(json.key("min"), each.values.min);
    write_number(json.key("avg"), each.values.average());
    write_number(json.key("max"), each.values.max);
    json.key("count").integer(each.values.count).end_object();
  }
  json.end_array();
}

/// A gap is where steps are without a value between steps that have one; a reader draws no line across it.
void write_gaps(base::JsonWriter& json, const std::vector<history::Bucket>& buckets, twin::TimeUs step_us) {
  json.key("gaps").begin_array();
  std::size_t gaps = 0;
  for (std::size_t i = 1; i < buckets.size() && gaps < kGapsMax; ++i) {
    if (buckets[i].start_us - buckets[i - 1].start_us <= step_us) continue;
    ++gaps;
    json.begin_object();
    write_moment(json, "from", buckets[i - 1].start_us + step_us);
    write_moment(json, "to", buckets[i].start_us);
    json.end_object();
  }
  json.end_array();
}

net::Reply chart(const twin::Store& store, const history::History& history, const net::Call& call) {
  Parameters parameters(call.request.query);
  const Asked asked = read_asked(parameters, store.now_us());
  const auto step_s = parameters.number("step", 1, kStepMaxS);
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const twin::TimeUs span_us = asked.range.until_us - asked.range.from_us;
  const twin::TimeUs step_us = step_s
                                   ? static_cast<twin::TimeUs>(*step_s * 1e6)
                                   : std::max<twin::TimeUs>((span_us / kUsualSteps + kSecondUs - 1) / kSecondUs, 1) * kSecondUs;
  if (span_us / step_us > static_cast<twin::TimeUs>(kHistoryStepsMax))
    return bad_parameter({"step", fmt::format("gives more than {} steps; take a longer step", kHistoryStepsMax)});
  const auto series = find_series(history, store.names(), asked);
  if (!series) return no_series();
  const auto buckets = history.aggregate(series->series, asked.range, asked.range.from_us, step_us);
  if (!buckets) return problem_from(buckets.error());
  const auto last = newest(history, series->series, asked.range);
  if (!last) return problem_from(last.error());
  std::string body;
  base::JsonWriter json(body);
  json.begin_object().member("entity", asked.entity).member("attribute", store.names().text(series->attribute));
  json.member_if_known("dataset", asked.dataset);
  if (*last) {
    const twin::Attribute& attribute = (*last)->attribute;
    json.member_if_known("unit", store.names().text(attribute.unit));
    for (const std::string_view term : {"source", "status"})
      json.member_if_known(term, text_about(attribute, store.names(), term));
  }
  write_moment(json, "from", asked.range.from_us);
  write_moment(json, "to", asked.range.until_us);
  write_number(json.key("step_s"), static_cast<double>(step_us) / 1e6);
  write_points(json, *buckets);
  write_gaps(json, *buckets, step_us);
  json.end_object();
  net::Reply reply = json_reply(std::move(body));
  reply.cache_control = "no-cache";
  return reply;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-._~").contains(c);
    out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string next_link(const Asked& asked, bool is_csv, twin::TimeUs from_us) {
  return fmt::format("Link: </api/v1/live/history/export?entity={}&attribute={}{}&from={}&to={}&format={}>; rel=\"next\"\r\n",
                     encoded(asked.entity), encoded(asked.attribute),
                     asked.dataset.empty() ? "" : "&dataset=" + encoded(asked.dataset), encoded(twin::moment_text(from_us)),
                     encoded(twin::moment_text(asked.range.until_us)), is_csv ? "csv" : "jsonl");
}

net::Reply take_away(const twin::Store& store, const history::History& history, const net::Call& call) {
  Parameters parameters(call.request.query);
  const Asked asked = read_asked(parameters, store.now_us());
  const std::string format = parameters.text("format", 8).value_or("csv");
  if (format != "csv" && format != "jsonl") parameters.fail("format", "format is csv or jsonl");
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  const bool is_csv = format == "csv";
  const auto series = find_series(history, store.names(), asked);
  if (!series) return no_series();
  net::Reply reply;
  reply.media_type = is_csv ? "text/csv; charset=utf-8; header=present" : "application/jsonl";
  if (is_csv) reply.body = kHistoryCsvHead;
  std::size_t rows_written = 0;
  auto read =
      history.view(series->series)
          .each_run(asked.range, history::Part::all, history::SeriesView::Direction::forward, [&](const history::Rows& rows) {
            for (const history::Point& point : rows.points) {
              if (rows_written == kHistoryExportRowsMax) {
                reply.fields = next_link(asked, is_csv, point.time_us);
                return false;
              }
              const auto sample = history.sample_of(series->series, rows, point);
              (is_csv ? append_history_csv : append_history_json)(reply.body, sample, point.time_us, store.names());
              ++rows_written;
            }
            return true;
          });
  if (!read) return problem_from(read.error());
  return reply;
}

}  // namespace

void add_history_routes(net::Router& router, const twin::Store& store, const twin::history::History& history) {
  net::Route route;
  route.access = net::kOpenToAll;
  route.work = net::Work::long_;
  route.pattern = "/api/v1/live/history";
  route.make = [&](const net::Call& call) { return chart(store, history, call); };
  router.add(route);
  route.pattern = "/api/v1/live/history/export";
  route.make = [&](const net::Call& call) { return take_away(store, history, call); };
  router.add(std::move(route));
}

}  // namespace citiverse::api
