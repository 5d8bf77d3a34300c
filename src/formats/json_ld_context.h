// Short names as IRIs and back: a JSON-LD context after processing, with NGSI-LD's core context above everything.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace citiverse::formats {

/// What a context says of a term (W3C JSON-LD 1.1 API, 4.2).
struct JsonLdTerm {
  std::string iri;   ///< Absolute, or a keyword for an alias such as "id"; empty: the term says nothing.
  std::string type;  ///< "@id", "@vocab", "@json", "@none", or the IRI of a data type; empty without coercion.
  std::vector<std::string> containers;  ///< "@list", "@set", "@language" and so on, sorted.
  std::string language;
  bool has_language = false;
  bool is_prefix = false;
  bool is_reverse = false;
  bool is_protected = false;
  bool operator==(const JsonLdTerm&) const = default;
};

/// An active context (JSON-LD 1.1 API, 4.1) that never changes once made; make one by json_ld_processor.h. Terms of NGSI-LD's
/// core context win wherever they stand (ETSI GS CIM 009, 4.4 and 5.5.7). Threads: reading is safe.
class JsonLdContext {
 public:
  using Terms = std::map<std::string, JsonLdTerm, std::less<>>;

  /// `core` is null only for the core context itself.
  JsonLdContext(std::shared_ptr<const JsonLdContext> core, Terms terms, std::string vocabulary);

  const JsonLdTerm* find(std::string_view term) const;
  /// The IRI of a name: a term, "prefix:name", an IRI, or a name of the vocabulary (JSON-LD 1.1 API, 5.2.2 with vocab).
  /// A keyword gives itself; empty where the context takes a term out, and for what only looks like a keyword.
  std::string expand(std::string_view name) const;
  /// The name of an IRI: the shortest term, the least of several; then its place in the vocabulary; then the shortest
  /// "prefix:name"; then the IRI itself (JSON-LD 1.1 API, 6.2.2, without regard to values: NGSI-LD's names have one meaning).
  std::string compact(std::string_view iri) const;

  const std::string& vocabulary() const { return core_ == nullptr ? vocabulary_ : core_->vocabulary_; }

 private:
  void prefer(std::string_view iri, std::string_view term);
  std::string_view term_of(std::string_view iri) const;

  std::shared_ptr<const JsonLdContext> core_;
  Terms terms_;
  std::string vocabulary_;
  std::unordered_map<std::string_view, std::string_view> terms_by_iri_;         // Into terms_.
  std::vector<std::pair<std::string_view, std::string_view>> prefixes_by_iri_;  // IRI, prefix; into terms_.
};

/// True for what looks like a keyword, "@" and letters, which no context may define (JSON-LD 1.1, 1.4).
bool has_keyword_form(std::string_view text);
bool is_json_ld_keyword(std::string_view text);
/// A scheme, a colon, and none of the characters that no IRI holds: white space, controls, <>"{}|\^` (RFC 3987, 2.2), nor
/// characters that turn the direction of text.
bool is_absolute_iri(std::string_view text);
/// `reference` as seen from `base` (RFC 3986, 5.2), without removal of fragments.
std::string resolve_iri(std::string_view base, std::string_view reference);

}  // namespace citiverse::formats
