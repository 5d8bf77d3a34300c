// The newest form, written and read.
#include "plan/saved_plan.h"

#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/edit_json.h"
#include "plan/limits.h"

namespace citiverse::plan {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;
using base::JsonWriter;
using base::Result;

std::string text_in(JsonValue root, std::string_view name) {
  return base::clean_text(root.find(name).text().value_or(""), kTextBytesMax);
}

Result<void> read_log(JsonValue log, Plan& plan, const Request& reader) {
  if (!log.is_array()) return fail(ErrorCode::bad_input, "log: an array of entries is needed");
  if (log.size() > kEditsMax)
    return fail(ErrorCode::limit, fmt::format("log: {} entries; {} is the most", log.size(), kEditsMax));
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto in_entry = [&](const base::Error& error) {
      return fail(error.code, fmt::format("entry {}: {}", i + 1, error.message));
    };
    Request request = reader;
    request.time_s = log[i].find("time_s").integer().value_or(reader.time_s);
    if (const JsonValue undoes = log[i].find("undoes"); !undoes.is_absent()) {
      const auto done = plan.undo(request, static_cast<std::uint64_t>(std::max<std::int64_t>(0, undoes.integer().value_or(0))));
      if (!done) return in_entry(done.error());
      continue;
    }
    auto edits = read_edits(log[i].find("edits"), plan.base().plane(), plan);
    if (!edits) return in_entry(edits.error());
    if (auto done = plan.append(request, std::move(*edits)); !done) return in_entry(done.error());
  }
  return {};
}

Result<void> read_versions(JsonValue versions, Plan& plan, const Request& reader) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    Request request = reader;
    request.time_s = versions[i].find("time_s").integer().value_or(reader.time_s);
    const auto sequence = versions[i].find("sequence").integer().value_or(-1);
    if (sequence < 0) return fail(ErrorCode::bad_input, fmt::format("versions: number {} has no sequence", i + 1));
    if (auto done = plan.name_version(request, text_in(versions[i], "name"), static_cast<std::uint64_t>(sequence)); !done)
      return fail(done.error().code, fmt::format("version {}: {}", i + 1, done.error().message));
  }
  return {};
}

}  // namespace

std::string saved_plan(const Plan& plan, const SavedHeader& header) {
  std::string text;
  JsonWriter json(text);
  std::map<std::uint64_t, std::size_t> people;
  const auto number_of = [&](std::uint64_t author) { return people.try_emplace(author, people.size() + 1).first->second; };
  json.begin_object().member("format", kSavedFormat).key("form").integer(kSavedForm).member("name", header.name);
  json.member_if_known("about", header.about).member("city", header.city).member("base", header.base_version);
  json.key("log").begin_array();
  for (const Entry& entry : plan.log()) {
    json.begin_object().key("by").integer(number_of(entry.author)).key("time_s").integer(entry.time_s);
    if (entry.undoes != 0) {
      json.key("undoes").integer(entry.undoes);
    } else {
      json.key("edits").begin_array();
      for (const Edit& edit : entry.edits) write_edit(json, plan.base().plane(), edit);
      json.end_array();
    }
    json.end_object();
  }
  json.end_array().key("versions").begin_array();
  for (const NamedVersion& version : plan.versions()) {
    json.begin_object().member("name", version.name).key("sequence").integer(version.sequence);
    json.key("by").integer(number_of(version.author)).key("time_s").integer(version.time_s).end_object();
  }
  json.end_array().end_object();
  return text;
}

Result<LoadedPlan> load_plan(std::string_view text, const city::City& base, std::uint64_t seed, const Request& reader) {
  if (text.size() > kSavedBytesMax)
    return fail(ErrorCode::limit, fmt::format("the file has {} bytes; {} is the most", text.size(), kSavedBytesMax));
  auto newest = in_newest_form(text);
  if (!newest) return std::unexpected(newest.error());
  auto document = base::JsonDocument::parse(*newest);
  if (!document) return std::unexpected(document.error());
  const JsonValue root = document->root();
  LoadedPlan loaded{{text_in(root, "name"), text_in(root, "about"), text_in(root, "city"), text_in(root, "base")},
                    Plan(base, seed)};
  if (auto good = read_log(root.find("log"), loaded.plan, reader); !good) return std::unexpected(good.error());
  if (auto good = read_versions(root.find("versions"), loaded.plan, reader); !good) return std::unexpected(good.error());
  return loaded;
}

}  // namespace citiverse::plan
