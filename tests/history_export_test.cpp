// `citiverse history export` gives all that a twin has kept, in the forms that it promises, and says what it cannot do.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "twin/history/feed.h"
#include "twin/report.h"

namespace citiverse {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr twin::TimeUs kMinuteUs = 60'000'000;
constexpr twin::TimeUs kNoonUs = 1'767'268'800'000'000;  // 2026-01-01T12:00:00Z
constexpr std::string_view kHead = "entity,attribute,dataset,at,value,unit,status,source,modified_at\r\n";

twin::TimeUs one_o_clock() { return kNoonUs + 60 * kMinuteUs; }
twin::TimeUs one_past_one() { return one_o_clock() + kMinuteUs; }

struct Ran {
  int exit_code = -1;
  std::string out, err;
};

class HistoryExport : public testing::Test {
 protected:
  HistoryExport()
      : scratch_(fs::temp_directory_path() / fmt::format("citiverse-history-export-{}", ::getpid())), city_(scratch_ / "city") {
    fs::remove_all(scratch_);
    fs::create_directories(city_);
  }
  ~HistoryExport() override { fs::remove_all(scratch_); }

  fs::path twin_folder() const { return scratch_ / "city.state" / "twin"; }

  struct Told {
    std::string entity, attribute;
    twin::Value value;
    int minute = 0;
    std::string unit;
  };
  // What a node keeps when it is told at one o'clock; or a minute later, when it dies before history knows.
  void keep(const std::vector<Told>& values, bool has_history = true) {
    twin::journal::Recovered recovered;
    const auto clock = has_history ? one_o_clock : one_past_one;
    auto store = twin::Store::open(clock, twin::Durability::batched, twin_folder(), recovered);
    ASSERT_TRUE(store) << store.error().message;
    twin::Names& names = (*store)->names();
    auto kept = twin::history::History::open({.folder = twin_folder() / "history", .clock = clock}, names);
    ASSERT_TRUE(kept) << kept.error().message;
    if (has_history) twin::history::feed_history(**store, **kept);
    const twin::ReportTerms terms(names);
    for (const Told& each : values) {
      twin::Report report{.id = each.entity, .type = names.intern("https://example.org/Sensor"), .attributes = {}};
      twin::Attribute& attribute = report.attributes.emplace_back();
      attribute.name = names.intern("https://example.org/" + each.attribute);
      attribute.value = each.value;
      attribute.unit = names.intern(each.unit);
      attribute.observed_us = kNoonUs + each.minute * kMinuteUs;
      twin::say_of(attribute, terms, twin::ValueStatus::raw, "office", "");
      std::vector<twin::Report> reports;
      reports.push_back(std::move(report));
      const twin::ReportWrites writes(std::move(reports), clock());
      ASSERT_TRUE((*store)->write(twin::kDefaultTenant, writes.writes()));
    }
    (*store)->flush();
    store->reset();
  }

  Ran run(std::vector<std::string> options) const {
    std::vector<std::string> words{CITIVERSE_PROGRAM, "history", "export", city_.string()};
    std::ranges::move(options, std::back_inserter(words));
    const fs::path out = scratch_ / "stdout", err = scratch_ / "stderr";
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(::open(out.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), STDOUT_FILENO);
      ::dup2(::open(err.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), STDERR_FILENO);
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      ::execv(CITIVERSE_PROGRAM, arguments.data());
      ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(out), text_of(err)};
  }
  static std::string text_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
  }
  // A line as RFC 4180 has it, of a value at a minute after noon.
  static std::string line(std::string_view entity, std::string_view attribute, int minute, std::string_view value,
                          std::string_view unit, std::string_view modified = "13:00") {
    return fmt::format(
        "\"{}\",\"https://example.org/{}\",\"\",2026-01-01T12:{:02}:00Z,{},\"{}\",\"raw\",\"office\","
        "2026-01-01T{}:00Z\r\n",
        entity, attribute, minute, value, unit, modified);
  }

  fs::path scratch_, city_;
};

TEST_F(HistoryExport, every_value_is_a_line_also_one_that_history_had_not_been_told) {
  keep({{"urn:s:1", "level", 20.5, 0, "CEL"},
        {"urn:s:1", "level", std::int64_t{22}, 2, "CEL"},
        {"urn:s:2", "note", "a \"b\"", 1, ""}});
  keep({{"urn:s:1", "level", 21.25, 5, "CEL"}}, false);
  const Ran ran = run({});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, std::string(kHead) + line("urn:s:1", "level", 0, "20.5", "CEL") +
                         line("urn:s:1", "level", 2, "22", "CEL") + line("urn:s:1", "level", 5, "21.25", "CEL", "13:01") +
                         line("urn:s:2", "note", 1, "\"a \"\"b\"\"\"", ""));
  EXPECT_THAT(ran.err, HasSubstr("4 values"));
}

TEST_F(HistoryExport, entity_attribute_and_times_narrow_it) {
  keep({{"urn:s:1", "level", 1.5, 0, ""},
        {"urn:s:1", "level", 2.5, 10, ""},
        {"urn:s:1", "level", 3.5, 20, ""},
        {"urn:s:1", "flow", 7.5, 10, ""},
        {"urn:s:2", "level", 9.5, 10, ""}});
  const Ran ran =
      run({"--entity", "urn:s:1", "--attribute", "level", "--from", "2026-01-01T12:10:00Z", "--to", "2026-01-01T12:20:00Z"});
  EXPECT_EQ(ran.out, std::string(kHead) + line("urn:s:1", "level", 10, "2.5", "")) << ran.err;
  EXPECT_EQ(run({"--attribute", "https://example.org/flow"}).out, std::string(kHead) + line("urn:s:1", "flow", 10, "7.5", ""));
  EXPECT_EQ(run({"--from", "2026-01-02"}).out, kHead);
  EXPECT_EQ(run({"--tenant", "other"}).out, kHead);
}

TEST_F(HistoryExport, json_lines_go_to_a_file_and_each_is_json) {
  keep({{"urn:s:1", "level", 1.5, 0, "MTR"}, {"urn:s:1", "level", std::int64_t{-2}, 1, "MTR"}});
  const fs::path file = scratch_ / "out.jsonl";
  const Ran ran = run({"--format", "jsonl", "--out", file.string()});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  std::istringstream lines(text_of(file));
  std::string text;
  std::vector<double> values;
  while (std::getline(lines, text)) {
    const auto document = base::JsonDocument::parse(text);
    ASSERT_TRUE(document) << text;
    const base::JsonValue row = document->root();
    EXPECT_EQ(row.find("entity").text(), "urn:s:1");
    EXPECT_EQ(row.find("attribute").text(), "https://example.org/level");
    EXPECT_EQ(row.find("unit").text(), "MTR");
    EXPECT_EQ(row.find("source").text(), "office");
    values.push_back(row.find("value").number().value_or(0));
  }
  EXPECT_THAT(values, testing::ElementsAre(1.5, -2));
}

TEST_F(HistoryExport, a_spreadsheet_is_given_no_formula) {
  keep({{"urn:s:1", "note", "=1+1", 0, ""}});
  EXPECT_EQ(run({}).out, std::string(kHead) + line("urn:s:1", "note", 0, "\"'=1+1\"", ""));
}

TEST_F(HistoryExport, what_it_cannot_do_is_said_with_the_way_out) {
  const Ran none = run({});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("holds no history; is --state needed?"));
  keep({{"urn:s:1", "level", 1.5, 0, ""}});
  const Ran day = run({"--from", "yesterday"});
  EXPECT_EQ(day.exit_code, 1);
  EXPECT_THAT(day.err, HasSubstr("--from: a day or a time"));
  EXPECT_EQ(run({"--format", "xml"}).exit_code, 2);
  const Ran nowhere = run({"--out", (scratch_ / "no" / "folder.csv").string()});
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("cannot be written"));
  EXPECT_EQ(run({"--state", (scratch_ / "city.state").string()}).exit_code, 0);
}

TEST_F(HistoryExport, a_twin_that_a_node_holds_is_left_to_the_node) {
  keep({{"urn:s:1", "level", 1.5, 0, ""}});
  twin::journal::Recovered recovered;
  const auto store = twin::Store::open(one_o_clock, twin::Durability::batched, twin_folder(), recovered);
  ASSERT_TRUE(store);
  const Ran ran = run({});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("/api/v1/live/history/export"));
}

}  // namespace
}  // namespace citiverse
