// All contexts that this node knows: built in, given to it to serve, and fetched from others once.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/ngsi_ld/context.h"
#include "base/json_reader.h"
#include "base/result.h"
#include "twin/attribute.h"

namespace citiverse::api::ngsi_ld {

inline constexpr std::size_t kHostedContextsMax = 1'000;
inline constexpr std::size_t kCachedContextsMax = 256;  ///< Fetched documents; the one not used for longest goes first.
inline constexpr std::size_t kInlineContextsMax = 256;  ///< Contexts within bodies that stay ready.
inline constexpr std::size_t kInlineContextBytesMax = 64 * 1024;
inline constexpr std::string_view kContextsPath = "/ngsi-ld/v1/jsonldContexts/";
/// The node's own terms, served under this id: anchor, source, quality and so on.
inline constexpr std::string_view kOwnContextId = "citiverse";

/// Where remote contexts come from.
struct Fetched {
  std::string text;
  std::chrono::seconds max_age{0};  ///< As the other machine says; 0: it says nothing.
};
using FetchContext = std::function<base::Result<Fetched>(std::string_view url)>;

/// Threads: safe. A remote document is fetched by one thread at a time; those who ask for the same one meanwhile wait.
class ContextStore {
 public:
  struct Options {
    std::filesystem::path folder;            ///< Of hosted contexts, a file each; empty: they are kept in memory only.
    std::vector<std::string> allowed_hosts;  ///< Of remote contexts; "*" allows all that the fetcher does.
    FetchContext fetch;                      ///< May be empty: nothing is fetched.
    std::function<twin::TimeUs()> now_us;
    std::chrono::seconds fresh_time{24 * 3600};  ///< Of a document whose sender says nothing.
    std::chrono::seconds failed_time{30};        ///< A document that could not be had is not asked for again so soon.
  };
  enum class Kind : std::uint8_t { hosted, cached, implicit };

  /// Reads what the folder holds; files that do not read are left alone and named in the log.
  ContextStore(Options options, const twin::Names& names);

  ContextPtr core() const { return core_; }
  /// Fails: denied (the host), unavailable, bad_input, limit.
  base::Result<ContextPtr> by_url(std::string_view url);
  /// The value of a member "@context": a URL, an object, or an array of these. Fails as by_url().
  base::Result<ContextPtr> of_value(base::JsonValue value);
  /// A URL, or the path of one that is made for it, where a Link header can point to (5.13.1, ImplicitlyCreated).
  base::Result<std::string> address_of(const Context& context);

  // The standard's own management (5.13). An id is what add() gave, or the URL of a cached one.
  struct Entry {
    std::string id;
    std::string url;  ///< Where it was fetched from; otherwise the path where it is served.
    Kind kind = Kind::hosted;
    twin::TimeUs created_us = 0;
    twin::TimeUs used_us = 0;
    std::uint64_t hits = 0;
    std::shared_ptr<const std::string> document;  ///< A JSON object with the member "@context".
  };
  /// The id. Fails: bad_input (the document), limit, unavailable (the disk).
  base::Result<std::string> add(std::string_view document, Kind kind = Kind::hosted);
  std::vector<Entry> list() const;
  std::optional<Entry> find(std::string_view id) const;
  /// Fails: not_found; bad_input for what stays (the node's own).
  base::Result<void> remove(std::string_view id);
  /// Fetches a cached one again; the old one stays when that fails. Fails: not_found, bad_input (not cached), unavailable.
  base::Result<void> reload(std::string_view id);

 private:
  struct Kept {
    Entry entry;
    twin::TimeUs fresh_until_us = 0;
    ContextPtr context;  ///< Made when it is first asked for.
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  base::Result<std::shared_ptr<const std::string>> document(std::string_view url);
  base::Result<std::shared_ptr<const std::string>> fetch(const std::string& url, bool is_reload);
  base::Result<ContextPtr> make(const std::shared_ptr<const std::string>& document, const std::string& url);
  Kept* locate(std::string_view url_or_id);
  const Kept* locate(std::string_view url_or_id) const { return const_cast<ContextStore*>(this)->locate(url_or_id); }
  void make_room();
  void load_folder();
  base::Result<void> save(const Kept& kept) const;

  Options options_;
  const twin::Names& names_;
  ContextPtr core_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, Kept, std::less<>> hosted_;  // By id.
  std::map<std::string, Kept, std::less<>> cached_;  // By URL.
  std::unordered_map<std::string, ContextPtr, Hash, std::equal_to<>> inline_;
  std::mutex fetch_mutex_;
  std::map<std::string, std::pair<twin::TimeUs, base::Error>, std::less<>> failed_;  // Under fetch_mutex_.
};

}  // namespace citiverse::api::ngsi_ld
