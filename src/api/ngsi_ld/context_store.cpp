// Documents are kept as text; what a request needs is made of them when it is first asked for.
#include "api/ngsi_ld/context_store.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/ngsi_ld/json_value_text.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "formats/json_ld_processor.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::ErrorCode;
using base::JsonValue;

constexpr std::string_view kOwnDocument =
    R"({"@context":{"citiverse":"https://citiverse.org/ns#","anchor":"citiverse:anchor","source":"citiverse:source",)"
    R"("quality":"citiverse:quality","valueStatus":"citiverse:status",)"
    R"("derivedBy":"citiverse:rule","valueBasis":"citiverse:basis"}})";

// The host of an https or http URL, lower case, without a port.
std::string host_of(std::string_view url) {
  const std::size_t begin = url.find("://");
  if (begin == std::string_view::npos) return {};
  std::string_view host = url.substr(begin + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.contains('@')) return {};
  host = host.substr(0, host.find(':'));
  std::string lower(host);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

std::string json_text(std::string_view text) {
  std::string out;
  base::JsonWriter(out).text(text);
  return out;
}

// As an answer shows it: the core context last (4.4).
std::string shown_json(JsonValue value) {
  std::string out = "[";
  const auto add = [&](JsonValue each) {
    if (each.text() && formats::is_ngsi_ld_core_url(*each.text())) return;
    append_json(out, each);
    out += ',';
  };
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) add(value[i]);
  else
    add(value);
  if (out == "[") return json_text(formats::kNgsiLdCoreUrl);
  return out + json_text(formats::kNgsiLdCoreUrl) + "]";
}

std::string hex_of(std::uint64_t number) { return fmt::format("{:016x}", number); }

// Same text, same id: a context that is needed twice is made once.
std::string id_of(std::string_view text) {
  std::uint64_t a = 0x243F6A8885A308D3ull, b = text.size();
  for (const char c : text) {
    a = base::mix64(a ^ static_cast<unsigned char>(c));
    b = base::mix64(b + a);
  }
  return hex_of(a) + hex_of(b);
}

}  // namespace

ContextStore::ContextStore(Options options, const twin::Names& names)
    : options_(std::move(options)),
      names_(names),
      core_(std::make_shared<const Context>(formats::ngsi_ld_core_context(), std::string(formats::kNgsiLdCoreUrl),
                                            json_text(formats::kNgsiLdCoreUrl), names)) {
  Kept own;
  own.entry = {.id = std::string(kOwnContextId),
               .url = std::string(kContextsPath) + std::string(kOwnContextId),
               .kind = Kind::hosted,
               .created_us = options_.now_us(),
               .document = std::make_shared<const std::string>(kOwnDocument)};
  hosted_.emplace(kOwnContextId, std::move(own));
  load_folder();
}

ContextStore::Kept* ContextStore::locate(std::string_view url_or_id) {
  if (const auto cached = cached_.find(url_or_id); cached != cached_.end()) return &cached->second;
  // Whatever name this node has to the one who asks.
  const std::size_t path = url_or_id.find(kContextsPath);
  const std::string_view id = path == std::string_view::npos ? url_or_id : url_or_id.substr(path + kContextsPath.size());
  if (const auto hosted = hosted_.find(id); hosted != hosted_.end()) return &hosted->second;
  for (auto& [url, kept] : cached_)
    if (kept.entry.id == id) return &kept;
  return nullptr;
}

base::Result<std::shared_ptr<const std::string>> ContextStore::document(std::string_view url) {
  {
    const std::unique_lock lock(mutex_);
    Kept* kept = locate(url);
    const twin::TimeUs now = options_.now_us();
    if (kept != nullptr && (kept->entry.kind != Kind::cached || kept->fresh_until_us > now)) {
      kept->entry.used_us = now;
      ++kept->entry.hits;
      return kept->entry.document;
    }
  }
  return fetch(std::string(url), false);
}

base::Result<std::shared_ptr<const std::string>> ContextStore::fetch(const std::string& url, bool is_reload) {
  const std::string host = host_of(url);
  const bool is_allowed =
      std::ranges::any_of(options_.allowed_hosts, [&](const auto& each) { return each == "*" || each == host; });
  if (host.empty() || !is_allowed || !options_.fetch)
    return base::fail(ErrorCode::denied,
                      fmt::format("@context: this node does not fetch contexts from '{}'; an operator can allow it",
                                  base::clean_text(host, 100)));
  const std::lock_guard one_at_a_time(fetch_mutex_);
  const twin::TimeUs now = options_.now_us();
  std::shared_ptr<const std::string> old;
  {
    const std::shared_lock lock(mutex_);
    if (const auto cached = cached_.find(url); cached != cached_.end()) {
      old = cached->second.entry.document;
      if (!is_reload && cached->second.fresh_until_us > now) return old;
    }
  }
  if (const auto failed = failed_.find(url); failed != failed_.end() && !is_reload) {
    if (failed->second.first > now)
      return old != nullptr ? base::Result<std::shared_ptr<const std::string>>(old) : std::unexpected(failed->second.second);
    failed_.erase(failed);
  }
  auto fetched = options_.fetch(url);
  if (!fetched) {
    if (failed_.size() >= kCachedContextsMax) failed_.clear();
    const auto wait_us = std::chrono::duration_cast<std::chrono::microseconds>(options_.failed_time).count();
    failed_.insert_or_assign(url, std::pair(now + wait_us, fetched.error()));
    // What was right an hour ago is better than nothing.
    if (old != nullptr && !is_reload) return old;
    return std::unexpected(std::move(fetched.error()));
  }
  const auto age =
      fetched->max_age.count() > 0 ? std::min(fetched->max_age, std::chrono::seconds(7 * 24 * 3600)) : options_.fresh_time;
  auto text = std::make_shared<const std::string>(std::move(fetched->text));
  const std::unique_lock lock(mutex_);
  if (!cached_.contains(url)) make_room();
  Kept& kept = cached_[url];
  kept.entry = {.id = id_of(url),
                .url = url,
                .kind = Kind::cached,
                .created_us = now,
                .used_us = now,
                .hits = kept.entry.hits + 1,
                .document = text};
  kept.fresh_until_us = now + std::chrono::duration_cast<std::chrono::microseconds>(age).count();
  // Whatever was made with the old text is made again.
  for (auto& [other, each] : cached_) each.context = nullptr;
  for (auto& [id, each] : hosted_) each.context = nullptr;
  inline_.clear();
  return text;
}

void ContextStore::make_room() {
  if (cached_.size() < kCachedContextsMax) return;
  cached_.erase(std::ranges::min_element(cached_, {}, [](const auto& each) { return each.second.entry.used_us; }));
}

base::Result<ContextPtr> ContextStore::make(const std::shared_ptr<const std::string>& text, const std::string& url) {
  auto terms = formats::process_json_ld_document(*text, url, [this](std::string_view each) { return document(each); });
  if (!terms) return std::unexpected(std::move(terms.error()));
  return std::make_shared<const Context>(std::move(*terms), url,
                                         fmt::format("[{},{}]", json_text(url), json_text(formats::kNgsiLdCoreUrl)), names_);
}

base::Result<ContextPtr> ContextStore::by_url(std::string_view url) {
  if (formats::is_ngsi_ld_core_url(url)) return core_;
  {
    const std::shared_lock lock(mutex_);
    const Kept* kept = locate(url);
    if (kept != nullptr && kept->context != nullptr && kept->context->url() == url &&
        (kept->entry.kind != Kind::cached || kept->fresh_until_us > options_.now_us()))
      return kept->context;
  }
  auto text = document(url);
  if (!text) return std::unexpected(std::move(text.error()));
  auto context = make(*text, std::string(url));
  if (!context) return context;
  const std::unique_lock lock(mutex_);
  if (Kept* kept = locate(url); kept != nullptr && kept->entry.document == *text) kept->context = *context;
  return context;
}

base::Result<ContextPtr> ContextStore::of_value(JsonValue value) {
  if (const auto url = value.text()) return by_url(*url);
  if (value.is_array()) {
    // One address and perhaps the core's: the same as that address alone.
    std::optional<std::string_view> only;
    std::size_t others = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto url = value[i].text();
      if (url && formats::is_ngsi_ld_core_url(*url)) continue;
      ++others;
      only = url;
    }
    if (others == 0) return core_;
    if (others == 1 && only) return by_url(*only);
  }
  std::string text;
  append_json(text, value);
  if (text.size() > kInlineContextBytesMax)
    return base::fail(ErrorCode::limit, fmt::format("@context: at most {} bytes within a body", kInlineContextBytesMax));
  {
    const std::shared_lock lock(mutex_);
    if (const auto known = inline_.find(text); known != inline_.end()) return known->second;
  }
  auto terms = formats::process_json_ld_context(value, {}, [this](std::string_view each) { return document(each); });
  if (!terms) return std::unexpected(std::move(terms.error()));
  auto context = std::make_shared<const Context>(std::move(*terms), "", shown_json(value), names_);
  const std::unique_lock lock(mutex_);
  if (inline_.size() >= kInlineContextsMax) inline_.clear();
  inline_.emplace(std::move(text), context);
  return context;
}

base::Result<std::string> ContextStore::address_of(const Context& context) {
  if (!context.url().empty()) return context.url();
  auto id = add("{\"@context\":" + context.json() + "}", Kind::implicit);
  if (!id) return id;
  return std::string(kContextsPath) + *id;
}

base::Result<std::string> ContextStore::add(std::string_view text, Kind kind) {
  auto terms = formats::process_json_ld_document(text, {}, [this](std::string_view each) { return document(each); });
  if (!terms) return std::unexpected(std::move(terms.error()));
  const auto read = base::JsonDocument::parse(text);
  std::string document = "{\"@context\":";
  append_json(document, read->root().find("@context"));
  document += '}';
  const twin::TimeUs now = options_.now_us();
  const std::unique_lock lock(mutex_);
  // What somebody hosts is theirs alone to delete, even where two host the same.
  std::string id = kind == Kind::implicit
                       ? id_of(document)
                       : hex_of(base::mix64(static_cast<std::uint64_t>(now))) + id_of(document).substr(0, 16);
  for (std::uint64_t more = 0; kind == Kind::hosted && hosted_.contains(id); ++more) id = id_of(id + hex_of(more));
  if (hosted_.contains(id)) return id;
  if (hosted_.size() >= kHostedContextsMax) return base::fail(ErrorCode::limit, "this node keeps no more contexts");
  Kept kept;
  kept.entry = {.id = id,
                .url = std::string(kContextsPath) + id,
                .kind = kind,
                .created_us = now,
                .used_us = now,
                .document = std::make_shared<const std::string>(std::move(document))};
  if (auto done = save(kept); !done) return std::unexpected(std::move(done.error()));
  hosted_.emplace(id, std::move(kept));
  return id;
}

std::vector<ContextStore::Entry> ContextStore::list() const {
  const std::shared_lock lock(mutex_);
  std::vector<Entry> entries;
  for (const auto& [id, kept] : hosted_) entries.push_back(kept.entry);
  for (const auto& [url, kept] : cached_) entries.push_back(kept.entry);
  return entries;
}

std::optional<ContextStore::Entry> ContextStore::find(std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const Kept* kept = locate(id);
  return kept == nullptr ? std::nullopt : std::optional(kept->entry);
}

base::Result<void> ContextStore::remove(std::string_view id) {
  const std::unique_lock lock(mutex_);
  const Kept* kept = locate(id);
  if (kept == nullptr) return base::fail(ErrorCode::not_found, "no such @context");
  if (kept->entry.id == kOwnContextId) return base::fail(ErrorCode::bad_input, "the node's own @context stays");
  std::error_code ignored;
  if (kept->entry.kind != Kind::cached && !options_.folder.empty())
    std::filesystem::remove(options_.folder / (kept->entry.id + ".json"), ignored);
  if (kept->entry.kind == Kind::cached)
    cached_.erase(std::string(kept->entry.url));
  else
    hosted_.erase(std::string(kept->entry.id));
  inline_.clear();
  return {};
}

base::Result<void> ContextStore::reload(std::string_view id) {
  const auto entry = find(id);
  if (!entry) return base::fail(ErrorCode::not_found, "no such @context");
  if (entry->kind != Kind::cached)
    return base::fail(ErrorCode::bad_input, "only contexts that were fetched can be fetched again (5.13.5)");
  auto text = fetch(entry->url, true);
  if (!text) return std::unexpected(std::move(text.error()));
  return {};
}

base::Result<void> ContextStore::save(const Kept& kept) const {
  if (options_.folder.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(options_.folder, error);
  std::string text;
  base::JsonWriter json(text);
  json.begin_object().member("kind", kept.entry.kind == Kind::implicit ? "implicit" : "hosted");
  json.key("created_us").integer(kept.entry.created_us).key("document").raw(*kept.entry.document).end_object();
  return base::write_file_atomically(options_.folder / (kept.entry.id + ".json"), text);
}

void ContextStore::load_folder() {
  std::error_code error;
  if (options_.folder.empty() || !std::filesystem::is_directory(options_.folder, error)) return;
  for (const auto& file : std::filesystem::directory_iterator(options_.folder, error)) {
    if (file.path().extension() != ".json" || hosted_.size() >= kHostedContextsMax) continue;
    const auto text = base::read_file(file.path(), formats::kJsonLdDocumentBytesMax * 2);
    const auto read = text ? base::JsonDocument::parse(*text) : base::Result<base::JsonDocument>(std::unexpected(text.error()));
    if (!read || !read->root().find("document").is_object()) {
      base::log(base::LogLevel::warning, "context_unreadable", {{"file", std::string_view(file.path().filename().native())}});
      continue;
    }
    std::string document;
    append_json(document, read->root().find("document"));
    const std::string id = file.path().stem().string();
    Kept kept;
    kept.entry = {.id = id,
                  .url = std::string(kContextsPath) + id,
                  .kind = read->root().find("kind").text() == "implicit" ? Kind::implicit : Kind::hosted,
                  .created_us = read->root().find("created_us").integer().value_or(0),
                  .document = std::make_shared<const std::string>(std::move(document))};
    hosted_.emplace(id, std::move(kept));
  }
}

}  // namespace citiverse::api::ngsi_ld
