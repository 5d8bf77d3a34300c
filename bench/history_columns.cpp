// What history costs and gives, beside other ways to code the same values: bytes a value, and times over ten million of them.
// Built and run by bench/history_columns.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <sqlite3.h>
#include <tbb/parallel_for.h>
#include <zstd.h>

#include "base/random.h"
#include "twin/history/columns.h"
#include "twin/history/history.h"

namespace {

using namespace citiverse;
using namespace citiverse::twin;
using namespace citiverse::twin::history;

constexpr TimeUs kMinuteUs = 60'000'000;
constexpr TimeUs kStartUs = 1'767'225'600'000'000;  // 2026-01-01T00:00Z
constexpr std::size_t kMonth = 43'200;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// A slow walk with noise, reported with two decimals once a minute.
std::vector<double> sensor(std::uint64_t seed, std::size_t count) {
  base::Random random(seed);
  std::vector<double> values;
  double walk = 20;
  for (std::size_t i = 0; i < count; ++i) {
    walk += random.normal(0, 0.05);
    values.push_back(std::round((walk + random.normal(0, 0.1)) * 100) / 100);
  }
  return values;
}

/// Bits of Gorilla's values (Pelkonen et al. 2015, 4.1.2): what a window of meaningful bits costs, without writing them.
double gorilla_bytes(const std::vector<double>& values) {
  std::uint64_t bits = 64;
  int lead = -1;
  int trail = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const auto x = std::bit_cast<std::uint64_t>(values[i]) ^ std::bit_cast<std::uint64_t>(values[i - 1]);
    bits += 1;
    if (x == 0) continue;
    const int l = std::min(std::countl_zero(x), 31);
    const int t = std::countr_zero(x);
    if (lead >= 0 && l >= lead && t >= trail) {
      bits += 1 + static_cast<std::uint64_t>(64 - lead - trail);
    } else {
      lead = l;
      trail = t;
      bits += 1 + 5 + 6 + static_cast<std::uint64_t>(64 - l - t);
    }
  }
  return static_cast<double>(bits) / 8 / static_cast<double>(values.size());
}

double zstd_bytes(const std::vector<double>& values) {
  std::string out(ZSTD_compressBound(values.size() * 8), '\0');
  return static_cast<double>(ZSTD_compress(out.data(), out.size(), values.data(), values.size() * 8, 3)) /
         static_cast<double>(values.size());
}

double column_bytes(const std::vector<double>& values) {
  std::string out;
  ByteWriter writer(out);
  for (std::size_t i = 0; i < values.size(); i += kBlockPointsMax)
    put_numbers(writer, std::span(values).subspan(i, std::min(kBlockPointsMax, values.size() - i)));
  return static_cast<double>(out.size()) / static_cast<double>(values.size());
}

/// The same values in a table of SQLite, as one would write it by hand: one transaction, one prepared statement.
bool measure_sqlite(const std::filesystem::path& file, const std::vector<TimeUs>& times,
                    const std::vector<std::vector<double>>& values) {
  sqlite3* db = nullptr;
  sqlite3_stmt* put = nullptr;
  const char* const table =
      "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
      "CREATE TABLE v(series INTEGER,at INTEGER,value REAL,PRIMARY KEY(series,at)) WITHOUT ROWID;BEGIN";
  if (sqlite3_open(file.c_str(), &db) != SQLITE_OK || sqlite3_exec(db, table, nullptr, nullptr, nullptr) != SQLITE_OK ||
      sqlite3_prepare_v2(db, "INSERT INTO v VALUES(?,?,?)", -1, &put, nullptr) != SQLITE_OK)
    return false;
  auto begin = std::chrono::steady_clock::now();
  for (std::size_t s = 0; s < values.size(); ++s)
    for (std::size_t i = 0; i < times.size(); ++i) {
      sqlite3_bind_int64(put, 1, static_cast<sqlite3_int64>(s));
      sqlite3_bind_int64(put, 2, times[i]);
      sqlite3_bind_double(put, 3, values[s][i]);
      if (sqlite3_step(put) != SQLITE_DONE) return false;
      sqlite3_reset(put);
    }
  sqlite3_finalize(put);
  sqlite3_exec(db, "COMMIT;PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr);
  const double count = static_cast<double>(values.size() * times.size());
  std::printf("sqlite_bulk %.0f\nsqlite_bytes_a_value %.3f\n", count / seconds_since(begin),
              static_cast<double>(std::filesystem::file_size(file)) / count);
  const auto time_of = [&](const std::string& query) {
    begin = std::chrono::steady_clock::now();
    const bool done =
        sqlite3_exec(db, query.c_str(), [](void*, int, char**, char**) { return 0; }, nullptr, nullptr) == SQLITE_OK;
    return done ? seconds_since(begin) * 1e3 : -1.0;
  };
  const std::string from = std::to_string(times[10 * 1440]);
  const std::string until = std::to_string(times[11 * 1440]);
  std::printf("sqlite_day_ms %.3f\n", time_of("SELECT at,value FROM v WHERE series=7 AND at>=" + from + " AND at<" + until));
  std::printf("sqlite_month_ms %.1f\n", time_of("SELECT series,at/3600000000,avg(value) FROM v WHERE series<100 GROUP BY 1,2"));
  sqlite3_close(db);
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::filesystem::path folder = arguments[1];
  const auto one = sensor(1, kMonth);
  std::printf("coding doubles %.3f\ncoding zstd %.3f\ncoding gorilla %.3f\ncoding decimals %.3f\n", 8.0, zstd_bytes(one),
              gorilla_bytes(one), column_bytes(one));

  Names names;
  auto opened = History::open({.folder = folder, .clock = [] { return kStartUs; }}, names);
  if (!opened) return 1;
  History& kept = **opened;
  const NameId attribute = names.intern("https://example.org/temperature");
  constexpr std::size_t kSensors = 232;  // Of a month each: ten million values.
  std::vector<SeriesId> series;
  std::vector<std::vector<double>> values;
  std::vector<TimeUs> times;
  for (std::size_t i = 0; i < kMonth; ++i) times.push_back(kStartUs + static_cast<TimeUs>(i) * kMinuteUs);
  for (std::size_t i = 0; i < kSensors; ++i) {
    const std::string id = "urn:ngsi-ld:Sensor:" + std::to_string(i);
    series.push_back(*kept.series({.id = id}, attribute, kNoName));
    values.push_back(sensor(i, kMonth));
  }
  auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < kSensors; i += 29) {
    std::vector<History::Column> columns;
    for (std::size_t k = i; k < std::min(i + 29, kSensors); ++k) columns.push_back({series[k], times, values[k], kNoName});
    if (!kept.load(columns)) return 1;
  }
  std::printf("bulk %.0f\n", static_cast<double>(kSensors * kMonth) / seconds_since(begin));
  const Figures figures = kept.figures();
  std::printf("values %llu\nbytes_a_value %.3f\n", static_cast<unsigned long long>(figures.points),
              static_cast<double>(figures.bytes) / static_cast<double>(figures.points));

  const TimeRange day{kStartUs + 10 * 1440 * kMinuteUs, kStartUs + 11 * 1440 * kMinuteUs};
  std::vector<double> day_ms;
  for (const SeriesId each : series) {
    std::size_t met = 0;
    begin = std::chrono::steady_clock::now();
    if (!kept.view(each).each_run(day, Part::all, SeriesView::Direction::forward, [&](const Rows& rows) {
          for (const Point& point : rows.points) met += kept.sample_of(each, rows, point).attribute.observed_us != kNoTime;
          return true;
        }))
      return 1;
    day_ms.push_back(seconds_since(begin) * 1e3);
    if (met != 1440) return 1;
  }
  std::sort(day_ms.begin(), day_ms.end());
  std::printf("day_ms %.3f\nday_worst_ms %.3f\n", day_ms[day_ms.size() / 2], day_ms.back());
  std::vector<double> month_ms;
  for (int round = 0; round < 9; ++round) {
    begin = std::chrono::steady_clock::now();
    tbb::parallel_for(std::size_t{0}, std::size_t{100}, [&](std::size_t i) {
      const auto hours =
          kept.aggregate(series[i], {kStartUs, kStartUs + static_cast<TimeUs>(kMonth) * kMinuteUs}, 0, 60 * kMinuteUs);
      if (!hours || hours->size() != 720) std::abort();
    });
    month_ms.push_back(seconds_since(begin) * 1e3);
  }
  std::sort(month_ms.begin(), month_ms.end());
  std::printf("month_ms %.1f\n", month_ms[month_ms.size() / 2]);

  if (!measure_sqlite(folder / "peer.db", times, values)) return 1;

  const std::size_t live = 400'000;
  base::Random delay(5);
  Sample sample;
  sample.attribute.name = attribute;
  sample.attribute.created_us = kStartUs;
  begin = std::chrono::steady_clock::now();
  std::uint64_t position = 0;
  for (std::size_t i = 0; i < live; ++i) {
    sample.attribute.observed_us = kStartUs + static_cast<TimeUs>(kMonth + i / kSensors) * kMinuteUs;
    sample.attribute.modified_us = sample.attribute.observed_us + static_cast<TimeUs>(100'000 + delay.below(400'000));
    sample.attribute.value = values[i % kSensors][i / kSensors];
    const std::string id = "urn:ngsi-ld:Live:" + std::to_string(i % kSensors);
    position = *kept.record({.id = id}, {&sample, 1});
  }
  if (!kept.wait(position)) return 1;
  std::printf("live %.0f\n", static_cast<double>(live) / seconds_since(begin));
  if (!kept.tidy()) return 1;
  const Figures after = kept.figures();
  std::printf("live_bytes_a_value %.3f\n",
              static_cast<double>(after.bytes - figures.bytes) / static_cast<double>(after.points - figures.points));
  return 0;
}
