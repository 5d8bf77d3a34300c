// From a client's JSON message to who answers it: size, form, kind and members are checked here, for all kinds alike.
#include <algorithm>

#include "base/json_writer.h"
#include "presence/reach.h"

namespace citiverse::presence {

void tell_problem(Reach& reach, PersonId to, std::string_view about, std::string_view code, std::string_view detail) {
  std::string json;
  base::JsonWriter(json)
      .begin_object()
      .member("t", "problem")
      .member("code", code)
      .member("detail", detail)
      .member_if_known("about", about)
      .end_object();
  reach.tell(to, json);
}

bool dispatch_say(const SayTable& table, Reach& reach, PersonId from, std::string_view json, std::uint64_t now_ms) {
  const auto document = base::JsonDocument::parse(json);
  if (!document || !document->root().is_object()) return false;
  const base::JsonValue members = document->root();
  const std::optional<std::string_view> kind_name = members.find("t").text();
  if (!kind_name) return false;
  const auto kind = std::ranges::find(table.kinds(), *kind_name, &SayTable::Kind::name);
  if (kind == table.kinds().end()) {
    tell_problem(reach, from, *kind_name, "unknown_kind", "this node knows no message with this t; see protocol/presence.md");
    return true;
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string_view name = members.member(i).first;
    if (name == "t" || std::ranges::find(kind->members, name) != kind->members.end()) continue;
    tell_problem(reach, from, kind->name, "unknown_member", "a message of this kind has no member '" + std::string(name) + "'");
    return true;
  }
  if (const auto done = kind->handler(kind->self, from, members, now_ms); !done)
    tell_problem(reach, from, kind->name, base::name_of(done.error().code), done.error().message);
  return true;
}

}  // namespace citiverse::presence
