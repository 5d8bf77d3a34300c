// The algorithm of the standard, with a count of everything that a stranger's context could make large.
#include "formats/json_ld_processor.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace citiverse::formats {
namespace {

using base::ErrorCode;
using base::JsonValue;
using Done = base::Result<void>;

constexpr std::size_t kDocumentDepthMax = 8;

std::unexpected<base::Error> wrong(std::string_view message) {
  return base::fail(ErrorCode::bad_input, fmt::format("@context: {}", message));
}

// A name as a message may show it.
std::string shown(std::string_view name) { return std::string(name.substr(0, std::min<std::size_t>(name.size(), 80))); }

class Processor {
 public:
  Processor(const JsonLdLoader& load, std::shared_ptr<const JsonLdContext> core) : load_(load), core_(std::move(core)) {}

  Done process(JsonValue local, const std::string& base_url, std::size_t nesting) {
    if (nesting > kJsonLdNestingMax)
      return base::fail(ErrorCode::limit, fmt::format("@context: nested deeper than {} levels", kJsonLdNestingMax));
    if (local.is_null()) return forget();
    if (local.is_array()) {
      for (std::size_t i = 0; i < local.size(); ++i)
        if (auto done = process(local[i], base_url, nesting + 1); !done) return done;
      return {};
    }
    if (const auto text = local.text()) return process_remote(*text, base_url, nesting);
    if (!local.is_object()) return wrong("an object, an address, or an array of these is needed");
    return process_object(local, base_url, nesting);
  }

  std::shared_ptr<const JsonLdContext> take() {
    return std::make_shared<const JsonLdContext>(core_, std::move(terms_), std::move(vocabulary_));
  }

 private:
  Done forget() {
    for (const auto& [name, term] : terms_)
      if (term.is_protected) return wrong("null after protected terms");
    terms_.clear();
    vocabulary_.clear();
    sees_core_ = false;
    return {};
  }

  base::Result<base::JsonDocument> read_remote(const std::string& url) {
    if (++documents_ > kJsonLdDocumentsMax)
      return base::fail(ErrorCode::limit, fmt::format("@context: leads to more than {} documents", kJsonLdDocumentsMax));
    auto text = load_(url);
    if (!text) return std::unexpected(std::move(text.error()));
    if ((*text)->size() > kJsonLdDocumentBytesMax)
      return base::fail(ErrorCode::limit,
                        fmt::format("@context: {} has more than {} bytes", shown(url), kJsonLdDocumentBytesMax));
    auto document = base::JsonDocument::parse(**text, kDocumentDepthMax);
    if (!document) return wrong(fmt::format("{} is {}", shown(url), document.error().message));
    if (document->root().find("@context").is_absent()) return wrong(shown(url) + " has no member @context");
    return document;
  }

  Done process_remote(std::string_view reference, const std::string& base_url, std::size_t nesting) {
    if (reference.size() > kJsonLdNameBytesMax) return wrong("an address is too long");
    const std::string url = resolve_iri(base_url, reference);
    if (is_ngsi_ld_core_url(url)) {
      vocabulary_.clear();
      sees_core_ = true;
      return {};
    }
    if (!is_absolute_iri(url)) return wrong("'" + shown(reference) + "' is no absolute address");
    if (std::ranges::find(visiting_, url) != visiting_.end()) return wrong(shown(url) + " refers to itself");
    auto document = read_remote(url);
    if (!document) return std::unexpected(std::move(document.error()));
    visiting_.push_back(url);
    auto done = process(document->root().find("@context"), url, nesting + 1);
    visiting_.pop_back();
    return done;
  }

  Done process_import(JsonValue import, const std::string& base_url, JsonValue over) {
    const auto reference = import.text();
    if (!reference) return wrong("@import must be an address");
    const std::string url = resolve_iri(base_url, *reference);
    if (!is_absolute_iri(url)) return wrong("@import '" + shown(*reference) + "' is no absolute address");
    auto document = read_remote(url);
    if (!document) return std::unexpected(std::move(document.error()));
    const JsonValue imported = document->root().find("@context");
    if (!imported.is_object()) return wrong(shown(url) + ", which is imported, must hold one object");
    if (!imported.find("@import").is_absent()) return wrong(shown(url) + ", which is imported, imports again");
    return define_all(imported, over);
  }

  Done process_object(JsonValue local, const std::string& base_url, std::size_t) {
    if (const JsonValue version = local.find("@version"); !version.is_absent() && version.number() != 1.1)
      return wrong("@version must be the number 1.1");
    if (const JsonValue propagate = local.find("@propagate"); !propagate.is_absent() && !propagate.boolean())
      return wrong("@propagate must be true or false");
    if (const JsonValue base = local.find("@base"); !base.is_absent() && !base.is_null() && !base.text())
      return wrong("@base must be an address or null");
    if (const JsonValue import = local.find("@import"); !import.is_absent())
      if (auto done = process_import(import, base_url, local); !done) return done;
    return define_all(local, {});
  }

  // `over` are definitions that stand instead of equal names in `local`.
  Done define_all(JsonValue local, JsonValue over) {
    const JsonValue protects = local.find("@protected");
    if (!protects.is_absent() && !protects.boolean()) return wrong("@protected must be true or false");
    if (auto done = set_vocabulary(over.find("@vocab").is_absent() ? local.find("@vocab") : over.find("@vocab")); !done)
      return done;
    if (auto done = set_language(local.find("@language")); !done) return done;
    Defining defining{local, over, protects.boolean().value_or(false), {}};
    for (std::size_t i = 0; i < local.size(); ++i) {
      const auto [name, definition] = local.member(i);
      static constexpr std::array<std::string_view, 8> kNoTerms{"@base",      "@direction", "@import",  "@language",
                                                                "@propagate", "@protected", "@version", "@vocab"};
      if (std::ranges::find(kNoTerms, name) != kNoTerms.end()) continue;
      if (auto done = define(name, defining, 0); !done) return done;
    }
    return {};
  }

  Done set_vocabulary(JsonValue vocab) {
    if (vocab.is_absent()) return {};
    if (vocab.is_null()) {
      vocabulary_.clear();
      sees_core_vocabulary_ = false;
      return {};
    }
    const auto text = vocab.text();
    if (!text || text->size() > kJsonLdNameBytesMax) return wrong("@vocab must be an IRI or null");
    const std::string iri = text->empty() ? vocabulary_ : expand_known(*text);
    if (!iri.empty() && !is_absolute_iri(iri) && !iri.starts_with("_:")) return wrong("@vocab must be an absolute IRI");
    vocabulary_ = iri;
    sees_core_vocabulary_ = false;
    return {};
  }

  // The language of plain texts changes nothing in NGSI-LD, whose languages are said by LanguageProperty.
  static Done set_language(JsonValue language) {
    if (!language.is_absent() && !language.is_null() && !language.text()) return wrong("@language must be a text or null");
    return {};
  }

  struct Defining {
    JsonValue local;
    JsonValue over;
    bool is_protected;
    std::map<std::string, bool, std::less<>> is_defined;
  };

  Done define(std::string_view name, Defining& defining, std::size_t depth) {
    if (const auto known = defining.is_defined.find(name); known != defining.is_defined.end()) {
      if (known->second) return {};
      return wrong("'" + shown(name) + "' is defined by itself");
    }
    if (depth > kJsonLdNestingMax * 4)
      return base::fail(ErrorCode::limit, "@context: terms defined by terms, too many in a row");
    if (name.empty() || name.size() > kJsonLdNameBytesMax) return wrong("an empty or too long term");
    if (terms_.size() >= kJsonLdTermsMax)
      return base::fail(ErrorCode::limit, fmt::format("@context: more than {} terms", kJsonLdTermsMax));
    JsonValue definition = defining.over.find(name);
    if (definition.is_absent()) definition = defining.local.find(name);
    if (name == "@type") return check_type_term(definition);
    if (is_json_ld_keyword(name)) return wrong("the keyword " + shown(name) + " cannot be defined");
    if (has_keyword_form(name)) return {};
    defining.is_defined.emplace(name, false);
    auto term = read_term(name, definition, defining, depth);
    if (!term) return std::unexpected(std::move(term.error()));
    defining.is_defined.find(name)->second = true;
    if (!*term) return {};
    const auto before = terms_.find(name);
    if (before != terms_.end() && before->second.is_protected) {
      (*term)->is_protected = true;
      if (before->second != **term) return wrong("'" + shown(name) + "' is protected and cannot be defined anew");
    }
    terms_.insert_or_assign(std::string(name), std::move(**term));
    return {};
  }

  static Done check_type_term(JsonValue definition) {
    if (!definition.is_object() || definition.find("@container").text() != "@set") return wrong("@type cannot be defined");
    for (std::size_t i = 0; i < definition.size(); ++i)
      if (const auto name = definition.member(i).first; name != "@container" && name != "@protected")
        return wrong("@type takes @container and @protected only");
    return {};
  }

  // Nothing for a definition that the standard passes over.
  base::Result<std::optional<JsonLdTerm>> read_term(std::string_view name, JsonValue definition, Defining& defining,
                                                    std::size_t depth) {
    JsonLdTerm term;
    term.is_protected = defining.is_protected;
    if (definition.is_null()) return term;
    const bool is_simple = definition.text().has_value();
    if (!is_simple && !definition.is_object()) return wrong("'" + shown(name) + "' must be an IRI, an object or null");
    if (auto done = check_members(name, definition, term); !done) return std::unexpected(std::move(done.error()));
    const JsonValue reverse = definition.find("@reverse");
    const JsonValue id = is_simple ? definition : !reverse.is_absent() ? reverse : definition.find("@id");
    if (!reverse.is_absent() && (!definition.find("@id").is_absent() || !definition.find("@nest").is_absent()))
      return wrong("'" + shown(name) + "': @reverse stands without @id and @nest");
    term.is_reverse = !reverse.is_absent();
    if (id.is_null()) return term;
    if (!id.is_absent() && !id.text()) return wrong("'" + shown(name) + "': @id must be a text");
    auto iri = iri_of(name, id, defining, depth);
    if (!iri) return std::unexpected(std::move(iri.error()));
    if (iri->empty()) return std::optional<JsonLdTerm>{};
    if (auto done = check_iri(name, *iri, id, defining, depth); !done) return std::unexpected(std::move(done.error()));
    term.iri = std::move(*iri);
    const bool is_plain_name = name.find_first_of(":/") == std::string_view::npos;
    if (is_simple) term.is_prefix = is_plain_name && (term.iri.starts_with("_:") || ends_as_prefix(term.iri));
    if (auto done = read_prefix(name, definition.find("@prefix"), is_plain_name, term); !done)
      return std::unexpected(std::move(done.error()));
    if (auto done = read_type(name, definition.find("@type"), defining, depth, term); !done)
      return std::unexpected(std::move(done.error()));
    return term;
  }

  static bool ends_as_prefix(std::string_view iri) { return std::string_view(":/?#[]@").contains(iri.back()); }

  static Done check_members(std::string_view name, JsonValue definition, JsonLdTerm& term) {
    static constexpr std::array<std::string_view, 10> kMembers{
        "@id", "@reverse", "@container", "@index", "@language", "@direction", "@nest", "@prefix", "@protected", "@type"};
    for (std::size_t i = 0; i < definition.size(); ++i) {
      const std::string_view member = definition.member(i).first;
      if (member == "@context")
        return wrong("'" + shown(name) + "' has a scoped context, which NGSI-LD does not allow (ETSI GS CIM 009, 5.5.7)");
      if (std::ranges::find(kMembers, member) == kMembers.end())
        return wrong("'" + shown(name) + "' has the member '" + shown(member) + "', which no term has");
    }
    if (const JsonValue protects = definition.find("@protected"); !protects.is_absent()) {
      if (!protects.boolean()) return wrong("'" + shown(name) + "': @protected must be true or false");
      term.is_protected = *protects.boolean();
    }
    if (const JsonValue language = definition.find("@language"); !language.is_absent()) {
      if (!language.is_null() && !language.text()) return wrong("'" + shown(name) + "': @language must be a text or null");
      term.has_language = true;
      term.language = language.text().value_or("");
    }
    return read_containers(name, definition.find("@container"), term);
  }

  static Done read_containers(std::string_view name, JsonValue container, JsonLdTerm& term) {
    if (container.is_absent() || container.is_null()) return {};
    static constexpr std::array<std::string_view, 7> kContainers{"@graph", "@id",  "@index", "@language",
                                                                 "@list",  "@set", "@type"};
    const auto add = [&](JsonValue each) {
      const auto text = each.text();
      if (!text || std::ranges::find(kContainers, *text) == kContainers.end()) return false;
      term.containers.emplace_back(*text);
      return true;
    };
    bool is_right = container.is_array() ? container.size() <= kContainers.size() : add(container);
    for (std::size_t i = 0; container.is_array() && i < container.size() && is_right; ++i) is_right = add(container[i]);
    std::ranges::sort(term.containers);
    const bool has_list = std::ranges::find(term.containers, "@list") != term.containers.end();
    if (!is_right || (has_list && term.containers.size() > 1)) return wrong("'" + shown(name) + "': no such @container");
    return {};
  }

  base::Result<std::string> iri_of(std::string_view name, JsonValue id, Defining& defining, std::size_t depth) {
    if (const auto text = id.text(); text && *text != name) {
      if (text->size() > kJsonLdNameBytesMax) return wrong("'" + shown(name) + "': its IRI is too long");
      if (has_keyword_form(*text) && !is_json_ld_keyword(*text)) return std::string();
      return expand(*text, defining, depth);
    }
    if (name.find(':', 1) != std::string_view::npos || name.contains('/')) return expand_parts(name, defining, depth);
    const std::string& vocab = current_vocabulary();
    if (vocab.empty()) return wrong("'" + shown(name) + "' has no @id, and there is no @vocab");
    return vocab + std::string(name);
  }

  Done check_iri(std::string_view name, const std::string& iri, JsonValue id, Defining& defining, std::size_t depth) {
    if (iri == "@context") return wrong("'" + shown(name) + "' cannot stand for @context");
    if (!is_json_ld_keyword(iri) && !iri.starts_with("_:") && !is_absolute_iri(iri))
      return wrong("'" + shown(name) + "' is mapped to '" + shown(iri) + "', which is no IRI");
    const std::size_t colon = name.find(':', 1);
    const bool has_form_of_iri = (colon != std::string_view::npos && colon + 1 < name.size()) || name.contains('/');
    if (id.is_absent() || !has_form_of_iri) return {};
    auto own = expand_parts(name, defining, depth);
    if (!own) return std::unexpected(std::move(own.error()));
    if (*own != iri) return wrong("'" + shown(name) + "' looks like an IRI and is mapped to another one");
    return {};
  }

  static Done read_prefix(std::string_view name, JsonValue prefix, bool is_plain_name, JsonLdTerm& term) {
    if (prefix.is_absent()) return {};
    if (!prefix.boolean() || !is_plain_name) return wrong("'" + shown(name) + "' cannot have this @prefix");
    if (*prefix.boolean() && is_json_ld_keyword(term.iri)) return wrong("'" + shown(name) + "': a keyword is no prefix");
    term.is_prefix = *prefix.boolean();
    return {};
  }

  Done read_type(std::string_view name, JsonValue type, Defining& defining, std::size_t depth, JsonLdTerm& term) {
    if (type.is_absent()) return {};
    const auto text = type.text();
    if (!text || text->size() > kJsonLdNameBytesMax) return wrong("'" + shown(name) + "': @type must be a text");
    auto iri = expand(*text, defining, depth);
    if (!iri) return std::unexpected(std::move(iri.error()));
    const bool is_keyword = *iri == "@id" || *iri == "@vocab" || *iri == "@json" || *iri == "@none";
    if (!is_keyword && !is_absolute_iri(*iri)) return wrong("'" + shown(name) + "': @type '" + shown(*text) + "' is no IRI");
    term.type = std::move(*iri);
    return {};
  }

  const std::string& current_vocabulary() const {
    return vocabulary_.empty() && sees_core_ && sees_core_vocabulary_ && core_ != nullptr ? core_->vocabulary() : vocabulary_;
  }

  const JsonLdTerm* known(std::string_view name) const {
    if (const auto found = terms_.find(name); found != terms_.end()) return &found->second;
    return sees_core_ && core_ != nullptr ? core_->find(name) : nullptr;
  }

  // With what is defined by now.
  std::string expand_known(std::string_view name) const {
    if (is_json_ld_keyword(name)) return std::string(name);
    if (const JsonLdTerm* term = known(name)) return term->iri;
    const std::size_t colon = name.find(':', 1);
    if (colon != std::string_view::npos) {
      const std::string_view suffix = name.substr(colon + 1);
      if (name.starts_with("_:") || suffix.starts_with("//")) return std::string(name);
      const JsonLdTerm* term = known(name.substr(0, colon));
      if (term != nullptr && term->is_prefix && !term->iri.empty()) return term->iri + std::string(suffix);
      if (is_absolute_iri(name)) return std::string(name);
    }
    return current_vocabulary() + std::string(name);
  }

  bool is_to_come(std::string_view name, const Defining& defining) const {
    if (defining.local.find(name).is_absent() || is_json_ld_keyword(name)) return false;
    const auto found = defining.is_defined.find(name);
    return found == defining.is_defined.end() || !found->second;
  }

  base::Result<std::string> expand(std::string_view name, Defining& defining, std::size_t depth) {
    if (is_to_come(name, defining)) {
      if (auto done = define(name, defining, depth + 1); !done) return std::unexpected(std::move(done.error()));
      return expand_known(name);
    }
    return expand_parts(name, defining, depth);
  }

  base::Result<std::string> expand_parts(std::string_view name, Defining& defining, std::size_t depth) {
    const std::size_t colon = name.find(':', 1);
    if (colon != std::string_view::npos && !name.substr(colon + 1).starts_with("//")) {
      const std::string_view prefix = name.substr(0, colon);
      if (is_to_come(prefix, defining))
        if (auto done = define(prefix, defining, depth + 1); !done) return std::unexpected(std::move(done.error()));
    }
    return expand_known(name);
  }

  const JsonLdLoader& load_;
  std::shared_ptr<const JsonLdContext> core_;
  JsonLdContext::Terms terms_;
  std::string vocabulary_;
  bool sees_core_ = false;  // The core context stood before what comes now.
  bool sees_core_vocabulary_ = true;
  std::vector<std::string> visiting_;
  std::size_t documents_ = 0;
};

base::Result<std::shared_ptr<const JsonLdContext>> make(JsonValue context, std::string_view base_url, const JsonLdLoader& load,
                                                        std::shared_ptr<const JsonLdContext> core) {
  Processor processor(load, std::move(core));
  if (auto done = processor.process(context, std::string(base_url), 0); !done) return std::unexpected(std::move(done.error()));
  return processor.take();
}

}  // namespace

base::Result<std::shared_ptr<const JsonLdContext>> process_json_ld_context(JsonValue context, std::string_view base_url,
                                                                           const JsonLdLoader& load) {
  return make(context, base_url, load, ngsi_ld_core_context());
}

base::Result<std::shared_ptr<const JsonLdContext>> process_json_ld_document(std::string_view document,
                                                                            std::string_view base_url,
                                                                            const JsonLdLoader& load) {
  if (document.size() > kJsonLdDocumentBytesMax)
    return base::fail(ErrorCode::limit, fmt::format("@context: more than {} bytes", kJsonLdDocumentBytesMax));
  const auto read = base::JsonDocument::parse(document, kDocumentDepthMax);
  if (!read) return wrong("it is " + read.error().message);
  const JsonValue context = read->root().find("@context");
  if (context.is_absent()) return wrong("the document has no member @context");
  return make(context, base_url, load, ngsi_ld_core_context());
}

const std::shared_ptr<const JsonLdContext>& ngsi_ld_core_context() {
  static const std::shared_ptr<const JsonLdContext> kCore = [] {
    const auto read = base::JsonDocument::parse(ngsi_ld_core_document(), kDocumentDepthMax);
    const JsonLdLoader no_load = [](std::string_view) { return base::fail(ErrorCode::unavailable, "nothing is loaded here"); };
    return make(read->root().find("@context"), {}, no_load, nullptr).value();
  }();
  return kCore;
}

}  // namespace citiverse::formats
