// Names are looked up in the core context first, then in the user's; the way back is one table of IRIs.
#include "formats/json_ld_context.h"

#include <algorithm>
#include <array>

namespace citiverse::formats {
namespace {

bool is_better(std::string_view candidate, std::string_view best) {
  if (best.empty() || candidate.size() != best.size()) return best.empty() || candidate.size() < best.size();
  return candidate < best;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Bytes of the scheme and its colon, or 0.
std::size_t scheme_bytes(std::string_view text) {
  if (text.empty() || !is_letter(text[0])) return 0;
  std::size_t at = 1;
  while (at < text.size() &&
         (is_letter(text[at]) || (text[at] >= '0' && text[at] <= '9') || std::string_view("+-.").contains(text[at])))
    ++at;
  return at < text.size() && text[at] == ':' ? at + 1 : 0;
}

// U+061C, U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069, and the controls of Latin-1.
bool turns_direction(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0u; };
  if (byte(0) == 0xC2) return byte(1) < 0xA0;
  if (byte(0) == 0xD8) return byte(1) == 0x9C;
  if (byte(0) != 0xE2) return false;
  if (byte(1) == 0x80) return byte(2) == 0x8E || byte(2) == 0x8F || (byte(2) >= 0xAA && byte(2) <= 0xAE);
  return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_in_folder = false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    ends_in_folder = segment == "." || segment == "..";
    if (segment == "..") {
      if (kept.size() > 1) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    at = end + 1;
  }
  std::string result;
  for (std::size_t i = 0; i < kept.size(); ++i) result.append(i == 0 ? "" : "/").append(kept[i]);
  if (ends_in_folder && !result.ends_with('/')) result += '/';
  return result;
}

}  // namespace

bool has_keyword_form(std::string_view text) {
  return text.size() > 1 && text[0] == '@' && std::ranges::all_of(text.substr(1), is_letter);
}

bool is_json_ld_keyword(std::string_view text) {
  static constexpr std::array<std::string_view, 22> kKeywords{
      "@base",  "@container", "@context",  "@direction", "@graph", "@id",     "@import", "@included",
      "@index", "@json",      "@language", "@list",      "@nest",  "@none",   "@prefix", "@propagate",
      "@type",  "@reverse",   "@set",      "@value",     "@vocab", "@version"};
  return text == "@protected" || std::ranges::find(kKeywords, text) != kKeywords.end();
}

bool is_absolute_iri(std::string_view text) {
  if (scheme_bytes(text) == 0) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c <= 0x20 || c == 0x7F || std::string_view("<>\"{}|\\^`").contains(static_cast<char>(c))) return false;
    if (c >= 0xC2 && turns_direction(text.substr(i))) return false;
  }
  return true;
}

std::string resolve_iri(std::string_view base, std::string_view reference) {
  if (scheme_bytes(reference) > 0) return std::string(reference);
  const std::size_t scheme = scheme_bytes(base);
  if (reference.starts_with("//")) return std::string(base.substr(0, scheme)).append(reference);
  base = base.substr(0, std::min(base.find('#'), base.size()));
  if (reference.empty()) return std::string(base);
  if (reference[0] == '#') return std::string(base).append(reference);
  const std::size_t query = std::min(base.find('?'), base.size());
  if (reference[0] == '?') return std::string(base.substr(0, query)).append(reference);
  base = base.substr(0, query);
  const std::size_t path = base.substr(scheme).starts_with("//") ? std::min(base.find('/', scheme + 2), base.size()) : scheme;
  const std::size_t cut = std::min(reference.find_first_of("?#"), reference.size());
  std::string joined;
  if (reference[0] != '/') {
    const std::size_t folder = base.rfind('/');
    joined = folder == std::string_view::npos || folder < path ? "/" : std::string(base.substr(path, folder + 1 - path));
  }
  joined.append(reference.substr(0, cut));
  return std::string(base.substr(0, path)).append(without_dots(joined)).append(reference.substr(cut));
}

JsonLdContext::JsonLdContext(std::shared_ptr<const JsonLdContext> core, Terms terms, std::string vocabulary)
    : core_(std::move(core)), terms_(std::move(terms)), vocabulary_(std::move(vocabulary)) {
  for (const auto& [name, term] : terms_) {
    if (core_ != nullptr && core_->terms_.contains(name)) continue;
    if (term.iri.empty() || term.is_reverse) continue;
    prefer(term.iri, name);
    if (term.is_prefix) prefixes_by_iri_.emplace_back(term.iri, name);
  }
}

void JsonLdContext::prefer(std::string_view iri, std::string_view term) {
  auto& best = terms_by_iri_[iri];
  if (is_better(term, best)) best = term;
}

const JsonLdTerm* JsonLdContext::find(std::string_view term) const {
  if (core_ != nullptr)
    if (const JsonLdTerm* found = core_->find(term)) return found;
  const auto found = terms_.find(term);
  return found == terms_.end() ? nullptr : &found->second;
}

std::string JsonLdContext::expand(std::string_view name) const {
  if (is_json_ld_keyword(name)) return std::string(name);
  if (has_keyword_form(name)) return {};
  if (const JsonLdTerm* term = find(name)) return term->iri;
  const std::size_t colon = name.find(':', 1);
  if (colon != std::string_view::npos && colon > 0) {
    const std::string_view prefix = name.substr(0, colon);
    const std::string_view suffix = name.substr(colon + 1);
    if (prefix == "_" || suffix.starts_with("//")) return std::string(name);
    const JsonLdTerm* term = find(prefix);
    if (term != nullptr && term->is_prefix && !term->iri.empty()) return term->iri + std::string(suffix);
    if (is_absolute_iri(name)) return std::string(name);
  }
  return vocabulary() + std::string(name);
}

std::string_view JsonLdContext::term_of(std::string_view iri) const {
  std::string_view best = core_ == nullptr ? std::string_view() : core_->term_of(iri);
  if (const auto found = terms_by_iri_.find(iri); found != terms_by_iri_.end() && is_better(found->second, best))
    best = found->second;
  return best;
}

std::string JsonLdContext::compact(std::string_view iri) const {
  if (const std::string_view term = term_of(iri); !term.empty()) return std::string(term);
  const std::string& vocab = vocabulary();
  if (!vocab.empty() && iri.size() > vocab.size() && iri.starts_with(vocab)) {
    const std::string_view rest = iri.substr(vocab.size());
    // What would not come back as this IRI stays long.
    if (find(rest) == nullptr && rest[0] != '@' && expand(rest) == iri) return std::string(rest);
  }
  std::string best;
  for (const JsonLdContext* context = this; context != nullptr; context = context->core_.get()) {
    for (const auto& [prefix_iri, prefix] : context->prefixes_by_iri_) {
      if (iri.size() <= prefix_iri.size() || !iri.starts_with(prefix_iri)) continue;
      const std::string_view rest = iri.substr(prefix_iri.size());
      if (rest.starts_with("//")) continue;
      std::string candidate = std::string(prefix).append(":").append(rest);
      if (find(candidate) == nullptr && is_better(candidate, best)) best = std::move(candidate);
    }
  }
  return best.empty() ? std::string(iri) : best;
}

}  // namespace citiverse::formats
