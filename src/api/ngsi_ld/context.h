// The @context of one request, ready for the hot path: names of the twin as the texts that this caller reads.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "formats/json_ld_context.h"
#include "twin/names.h"
#include "twin/query/terms.h"

namespace citiverse::api::ngsi_ld {

/// Shared by all requests that use the same context. Threads: safe.
class Context {
 public:
  static constexpr std::size_t kNamesKeptMax = 65'536;  ///< Names whose short form is kept; others are made each time.
  static constexpr std::size_t kTermsKeptMax = 10'000;  ///< Terms whose number is kept.

  /// `url` is where the context is served, or empty for one that came within a body; `json` is the value of "@context" as an
  /// answer shows it, the core context last.
  Context(std::shared_ptr<const formats::JsonLdContext> terms, std::string url, std::string json, const twin::Names& names);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const formats::JsonLdContext& terms() const { return *terms_; }
  const std::string& url() const { return url_; }
  const std::string& json() const { return json_; }

  /// The short form of a name as a JSON text with its quotation marks, escaped. Valid as long as the context, or, beyond
  /// kNamesKeptMax, until `spare` changes. Cost: two loads.
  std::string_view quoted(twin::NameId name, std::string& spare) const;
  /// The number of a term's IRI, added to `names` when it is new. kNoName when the context takes the term out, when it is a
  /// keyword, and when the twin's names are used up.
  twin::NameId intern(std::string_view term, twin::Names& names) const;

 private:
  static constexpr std::size_t kPageNames = 256;
  using Page = std::array<std::atomic<const std::string*>, kPageNames>;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::string make_quoted(twin::NameId name) const;

  std::shared_ptr<const formats::JsonLdContext> terms_;
  std::string url_;
  std::string json_;
  const twin::Names& names_;
  mutable std::array<std::atomic<Page*>, kNamesKeptMax / kPageNames> pages_{};
  mutable std::shared_mutex numbers_mutex_;
  mutable std::unordered_map<std::string, twin::NameId, Hash, std::equal_to<>> numbers_;
};

using ContextPtr = std::shared_ptr<const Context>;

/// A context as queries ask it: names that nothing bears are not added.
class ContextTerms : public twin::Terms {
 public:
  ContextTerms(const Context& context, const twin::Names& names) : context_(context), names_(names) {}
  std::string expand(std::string_view term) const override { return context_.terms().expand(term); }
  twin::NameId name(std::string_view term) const override { return names_.find(expand(term)); }

 private:
  const Context& context_;
  const twin::Names& names_;
};

}  // namespace citiverse::api::ngsi_ld
