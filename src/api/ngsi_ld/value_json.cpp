// Values as answers show them: most as they are kept, some in the caller's words or language.
#include <algorithm>
#include <charconv>

#include "api/ngsi_ld/entity_json.h"
#include "api/ngsi_ld/json_value_text.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace citiverse::api::ngsi_ld {
namespace {

using twin::AttributeKind;

void write_plain(std::string& out, const twin::Value& value) {
  struct Writer {
    std::string& out;
    void operator()(std::monostate) const { out += "null"; }
    void operator()(bool flag) const { out += flag ? "true" : "false"; }
    void operator()(std::int64_t number) const { base::JsonWriter(out).integer(number); }
    void operator()(double number) const { append_number(out, number); }
    void operator()(const std::string& text) const { base::JsonWriter(out).text(text); }
    void operator()(const twin::Json& json) const { out += json.text; }
  };
  std::visit(Writer{out}, value);
}

void write_terms(std::string& out, const twin::Value& value, const Context& context) {
  if (const auto* iri = std::get_if<std::string>(&value)) {
    base::JsonWriter(out).text(context.terms().compact(*iri));
    return;
  }
  const auto* json = std::get_if<twin::Json>(&value);
  const auto read = base::JsonDocument::parse(json == nullptr ? "[]" : json->text, 4);
  out += '[';
  for (std::size_t i = 0; read && i < read->root().size(); ++i) {
    if (i > 0) out += ',';
    base::JsonWriter(out).text(context.terms().compact(read->root()[i].text().value_or("")));
  }
  out += ']';
}

void write_objects(std::string& out, const twin::Value& value) {
  // NGSI-LD Null, where a notification says that it went.
  if (std::holds_alternative<std::string>(value)) return write_plain(out, value);
  const auto* json = std::get_if<twin::Json>(&value);
  const auto read = base::JsonDocument::parse(json == nullptr ? "[]" : json->text, 4);
  out += '[';
  for (std::size_t i = 0; read && i < read->root().size(); ++i) {
    out += i > 0 ? ",{\"object\":" : "{\"object\":";
    base::JsonWriter(out).text(read->root()[i].text().value_or(""));
    out += '}';
  }
  out += ']';
}

struct Wish {
  std::string_view tag;
  double weight = 1;
};

// RFC 9110, 12.5.4: the heaviest first, equals in the order given.
std::vector<Wish> wishes_of(std::string_view wanted) {
  std::vector<Wish> wishes;
  while (!wanted.empty() && wishes.size() < 32) {
    const std::size_t end = std::min(wanted.find(','), wanted.size());
    std::string_view each = wanted.substr(0, end);
    wanted.remove_prefix(std::min(end + 1, wanted.size()));
    Wish wish;
    if (const std::size_t semicolon = each.find(';'); semicolon != std::string_view::npos) {
      std::string_view weight = base::trimmed(each.substr(semicolon + 1));
      each = each.substr(0, semicolon);
      if (weight.starts_with("q=")) std::from_chars(weight.data() + 2, weight.data() + weight.size(), wish.weight);
    }
    wish.tag = base::trimmed(each);
    if (!wish.tag.empty() && wish.weight > 0) wishes.push_back(wish);
  }
  std::ranges::stable_sort(wishes, std::greater{}, &Wish::weight);
  return wishes;
}

bool fits(std::string_view tag, std::string_view wish) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (tag.size() < wish.size()) return false;
  for (std::size_t i = 0; i < wish.size(); ++i)
    if (lower(tag[i]) != lower(wish[i])) return false;
  return tag.size() == wish.size() || tag[wish.size()] == '-';
}

}  // namespace

void write_value(std::string& out, const twin::Attribute& attribute, const Context& context, bool is_simplified) {
  switch (attribute.kind) {
    case AttributeKind::language_property:
      if (is_simplified) out += "{\"languageMap\":";
      write_plain(out, attribute.value);
      if (is_simplified) out += '}';
      return;
    case AttributeKind::vocab_property:
      if (is_simplified) out += "{\"vocab\":";
      write_terms(out, attribute.value, context);
      if (is_simplified) out += '}';
      return;
    case AttributeKind::json_property:
      if (is_simplified) out += "{\"json\":";
      write_plain(out, attribute.value);
      if (is_simplified) out += '}';
      return;
    case AttributeKind::list_relationship:
      if (is_simplified)
        write_plain(out, attribute.value);
      else
        write_objects(out, attribute.value);
      return;
    default: write_plain(out, attribute.value);
  }
}

LanguageChoice choose_language(std::string_view language_map, std::string_view wanted) {
  const auto read = base::JsonDocument::parse(language_map, 4);
  LanguageChoice choice{"@none", "\"\""};
  if (!read || read->root().size() == 0) return choice;
  const base::JsonValue map = read->root();
  const auto take = [&](std::size_t place) {
    choice.language = map.member(place).first;
    choice.json.clear();
    append_json(choice.json, map.member(place).second);
  };
  for (const Wish& wish : wishes_of(wanted)) {
    if (wish.tag == "*") break;
    for (std::size_t i = 0; i < map.size(); ++i)
      if (fits(map.member(i).first, wish.tag)) return take(i), choice;
    for (std::string_view shorter = wish.tag; shorter.contains('-');) {
      shorter = shorter.substr(0, shorter.rfind('-'));
      for (std::size_t i = 0; i < map.size(); ++i)
        if (fits(shorter, map.member(i).first) && map.member(i).first.size() == shorter.size()) return take(i), choice;
    }
  }
  for (std::size_t i = 0; i < map.size(); ++i)
    if (map.member(i).first == "@none") return take(i), choice;
  return take(0), choice;
}

}  // namespace citiverse::api::ngsi_ld
