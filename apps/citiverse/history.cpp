// `citiverse history export`: all that a city's twin has kept, as files for other tools.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "api/live/history_lines.h"
#include "api/live/live_json.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "node_people.h"
#include "subcommands.h"
#include "twin/history/feed.h"
#include "twin/moment.h"
#include "twin/store.h"

namespace citiverse {
namespace {

namespace history = twin::history;

constexpr std::size_t kWriteBytes = 1 << 20;

struct ExportOptions {
  std::filesystem::path folder;
  std::filesystem::path state;
  std::filesystem::path out;
  std::string entity, attribute, tenant, from, to;
  std::string format = "csv";
};

twin::TimeUs real_time_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

twin::TimeUs moment_in(std::string_view option, const std::string& text, twin::TimeUs otherwise) {
  if (text.empty()) return otherwise;
  auto time = twin::parse_moment(text);
  if (!time) time = twin::parse_day(text);
  if (!time)
    stop({base::ErrorCode::bad_input, fmt::format("{}: a day or a time such as 2026-05-04T18:30:00Z is needed", option)});
  return *time;
}

// Lines on their way to a file, or to the standard output.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& out)
      : file_(out.empty() ? stdout : std::fopen(out.c_str(), "wb")), is_own_(!out.empty()) {
    if (file_ == nullptr) stop({base::ErrorCode::unavailable, fmt::format("{}: cannot be written", out.string())});
  }
  ~Lines() {
    if (is_own_ && file_ != nullptr) std::fclose(file_);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  std::string& text() { return text_; }
  void line_is_whole() {
    ++count_;
    if (text_.size() >= kWriteBytes) write();
  }
  std::size_t finish() {
    write();
    if (std::fflush(file_) != 0 || has_failed_)
      stop({base::ErrorCode::unavailable, "the export could not be written; is the disk full?"});
    return count_;
  }
  bool has_failed() const { return has_failed_; }

 private:
  void write() {
    has_failed_ = has_failed_ || std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size();
    text_.clear();
  }

  std::FILE* file_;
  bool is_own_;
  std::string text_;
  std::size_t count_ = 0;
  bool has_failed_ = false;
};

class Exporter {
 public:
  Exporter(const ExportOptions& options, const twin::Names& names, const history::History& kept)
      : options_(options),
        names_(names),
        history_(kept),
        range_{moment_in("--from", options.from, INT64_MIN), moment_in("--to", options.to, INT64_MAX)},
        lines_(options.out) {}

  std::size_t run() {
    if (is_csv()) lines_.text() = "entity,attribute,dataset," + std::string(api::kHistoryCsvHead);
    history_.each_entity(options_.tenant, 0, [&](std::size_t, const history::KeptEntity& entity) {
      if (!options_.entity.empty() && entity.id != options_.entity) return true;
      for (const history::SeriesFacts& series : entity.series)
        if (is_wanted(series)) write(entity, series);
      return !failure_ && !lines_.has_failed();
    });
    if (failure_) stop(*failure_);
    return lines_.finish();
  }

 private:
  bool is_csv() const { return options_.format == "csv"; }
  bool is_wanted(const history::SeriesFacts& series) const {
    const std::string_view iri = names_.text(series.attribute);
    return options_.attribute.empty() || iri == options_.attribute || api::short_name(iri) == options_.attribute;
  }

  void write(const history::KeptEntity& entity, const history::SeriesFacts& series) {
    const std::string head = head_of(entity, series);
    auto read =
        history_.view(series.series)
            .each_run(range_, history::Part::all, history::SeriesView::Direction::forward, [&](const history::Rows& rows) {
              for (const history::Point& point : rows.points) write(head, series, rows, point);
              return true;
            });
    if (!read) failure_ = read.error();
  }

  // What every line of a series begins with.
  std::string head_of(const history::KeptEntity& entity, const history::SeriesFacts& series) const {
    std::string head;
    const std::string_view attribute = names_.text(series.attribute), dataset = names_.text(series.dataset);
    if (is_csv()) {
      for (const std::string_view text : {std::string_view(entity.id), attribute, dataset}) {
        api::append_csv_field(head, text);
        head += ',';
      }
      return head;
    }
    base::JsonWriter json(head);
    json.begin_object().member("entity", entity.id).member("attribute", attribute).member_if_known("dataset", dataset);
    return head + ',';
  }

  void write(const std::string& head, const history::SeriesFacts& series, const history::Rows& rows,
             const history::Point& point) {
    const auto sample = history_.sample_of(series.series, rows, point);
    std::string& text = lines_.text();
    text += head;
    if (is_csv()) {
      api::append_history_csv(text, sample, point.time_us, names_);
    } else {
      const std::size_t begin = text.size();
      api::append_history_json(text, sample, point.time_us, names_);
      text.erase(begin, 1);  // The head opened the object.
    }
    lines_.line_is_whole();
  }

  const ExportOptions& options_;
  const twin::Names& names_;
  const history::History& history_;
  const history::TimeRange range_;
  Lines lines_;
  std::optional<base::Error> failure_;
};

// The store is opened as well: it holds the folder's lock, knows what history had not been told yet, and has the names.
void export_history(const ExportOptions& options) {
  const std::filesystem::path folder = state_folder_of(options.folder, options.state) / "twin";
  if (!std::filesystem::exists(folder / "history"))
    stop({base::ErrorCode::not_found, fmt::format("{}: holds no history; is --state needed?", folder.string())});
  twin::journal::Recovered recovered;
  const auto both = history::open_with_history(real_time_us, twin::Durability::batched, folder,
                                               {.folder = folder / "history", .clock = real_time_us}, recovered);
  if (!both) stop({both.error().code, both.error().message + "; while a node runs, ask it at /api/v1/live/history/export"});
  const std::size_t count = Exporter(options, both->store->names(), *both->history).run();
  fmt::print(stderr, "{} values\n", count);
}

}  // namespace

void add_history(CLI::App& app) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = app.add_subcommand("history", "What a city's twin has kept");
  command->require_subcommand(1);
  CLI::App* exporting = command->add_subcommand("export", "Write every value as CSV or JSON lines; not while a node runs");
  exporting->add_option("folder", options->folder, "City folder, as it is served")->required();
  exporting->add_option("--format", options->format, "csv or jsonl")
      ->check(CLI::IsMember({"csv", "jsonl"}))
      ->capture_default_str();
  exporting->add_option("--entity", options->entity, "Only of this entity");
  exporting->add_option("--attribute", options->attribute, "Only of attributes of this name or IRI");
  exporting->add_option("--from", options->from, "First day or time, such as 2026-05-04");
  exporting->add_option("--to", options->to, "Day or time before which to end");
  exporting->add_option("--tenant", options->tenant, "Of this tenant; otherwise the default one");
  exporting->add_option("--out", options->out, "File to write; otherwise the standard output");
  exporting->add_option("--state", options->state, "State folder, where serve was given one");
  exporting->callback([options] { export_history(*options); });
}

}  // namespace citiverse
