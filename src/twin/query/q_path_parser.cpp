// Names end where an operator or a bracket begins; in an IRI a dot is part of the name, else it leads to a sub-attribute.
#include "twin/query/q_path_parser.h"

#include <algorithm>
#include <array>
#include <utility>

namespace citiverse::twin {
namespace {

using Kind = QStep::Kind;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '@' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_byte(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ':'; }

constexpr std::string_view kIriEnds = "=!<>~;&|(){}[], \"";

// A name, or an IRI where "://" or "urn:" says that it is one.
base::Result<std::string_view> read_name(TextCursor& cursor) {
  if (!is_letter(cursor.peek())) return cursor.expected("a name, which begins with a letter");
  const std::string_view rest = cursor.rest();
  const std::string_view iri = rest.substr(0, rest.find_first_of(kIriEnds));
  if (iri.find("://") != std::string_view::npos || iri.starts_with("urn:")) {
    cursor.skip(iri.size());
    return iri;
  }
  const auto end = std::ranges::find_if_not(rest, is_name_byte);
  const std::string_view name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  cursor.skip(name.size());
  return name;
}

Kind kind_of(std::string_view name, bool is_first) {
  static constexpr std::array<std::pair<std::string_view, Kind>, 3> kAnywhere{
      {{"createdAt", Kind::created_at}, {"modifiedAt", Kind::modified_at}, {"expiresAt", Kind::expires_at}}};
  static constexpr std::array<std::pair<std::string_view, Kind>, 4> kOfAttributes{{{"observedAt", Kind::observed_at},
                                                                                   {"unitCode", Kind::unit_code},
                                                                                   {"datasetId", Kind::dataset_id},
                                                                                   {"objectType", Kind::object_type}}};
  for (const auto& [text, kind] : kAnywhere)
    if (text == name) return kind;
  if (!is_first)
    for (const auto& [text, kind] : kOfAttributes)
      if (text == name) return kind;
  return Kind::attribute;
}

base::Result<void> read_members(TextCursor& cursor, QPath& path) {
  do {
    const std::string_view member = cursor.take_until(".]");
    if (member.empty()) return cursor.expected("the name of a member");
    if (path.members.size() == kQueryDepthMax) return cursor.expected("']': a path has at most 16 members");
    path.members.emplace_back(member);
  } while (cursor.take("."));
  if (!cursor.take("]")) return cursor.expected("']'");
  return {};
}

// "Device,Sensor:" before a name: a hint of what the other end is.
std::vector<NameId> read_type_hint(TextCursor& cursor, const Terms& terms) {
  const std::string_view rest = cursor.rest();
  const std::size_t colon = rest.find(':');
  const std::size_t end = rest.find_first_of(".{}[");
  if (colon == std::string_view::npos || colon > end || rest.substr(colon).starts_with("://")) return {};
  std::vector<NameId> types;
  std::string_view list = rest.substr(0, colon);
  while (true) {
    const std::size_t comma = list.find(',');
    types.push_back(terms.name(list.substr(0, comma)));
    if (comma == std::string_view::npos || types.size() == kQueryDepthMax) break;
    list.remove_prefix(comma + 1);
  }
  cursor.skip(colon + 1);
  return types;
}

base::Result<void> read_steps(TextCursor& cursor, const Terms& terms, QPath& path, std::string_view first) {
  std::string_view name = first;
  while (true) {
    const Kind kind = kind_of(name, path.steps.empty());
    path.steps.push_back({kind, kind == Kind::attribute ? terms.name(name) : kNoName});
    if (cursor.peek() != '.' || cursor.peek(1) == '.') break;
    cursor.skip(1);
    if (path.steps.size() == kQueryDepthMax) return cursor.expected("an operator: a path has at most 16 names");
    const auto next = read_name(cursor);
    if (!next) return std::unexpected(next.error());
    name = *next;
  }
  if (cursor.take("[")) return read_members(cursor, path);
  return {};
}

}  // namespace

base::Result<ReadPath> read_path(TextCursor& cursor, const Terms& terms) {
  ReadPath read;
  std::vector<NameId> types;
  while (true) {
    const auto name = read_name(cursor);
    if (!name) return std::unexpected(name.error());
    if (read.first_name.empty()) read.first_name = *name;
    if (!cursor.take("{")) {
      if (auto steps = read_steps(cursor, terms, read.path, *name); !steps) return std::unexpected(steps.error());
      break;
    }
    if (read.path.links.size() == kQueryDepthMax) return cursor.expected("an attribute: at most 16 links are followed");
    read.path.links.push_back({terms.name(*name), read_type_hint(cursor, terms)});
  }
  for (std::size_t i = 0; i < read.path.links.size(); ++i)
    if (!cursor.take("}")) return cursor.expected("'}'");
  return read;
}

}  // namespace citiverse::twin
