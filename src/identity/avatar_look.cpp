// A test holds this table against protocol/avatar_look.json.
#include "identity/avatar_look.h"

#include <fmt/format.h>

#include "base/json_writer.h"

namespace citiverse::identity {
namespace {

struct Member {
  std::string_view name;
  std::int64_t largest;
};
constexpr std::array<Member, 14> kMembers{{{"skin", 10},
                                           {"body", 4},
                                           {"height", 4},
                                           {"hair", 7},
                                           {"hair_colour", 7},
                                           {"beard", 2},
                                           {"cover", 7},
                                           {"face", 3},
                                           {"outfit", 5},
                                           {"top", 13},
                                           {"bottom", 13},
                                           {"accent", 13},
                                           {"aid", 6},
                                           {"companion", 3}}};

}  // namespace

base::Result<std::string> checked_look(base::JsonValue look) {
  const auto refuse = [](std::string why) { return base::fail(base::ErrorCode::bad_input, std::move(why)); };
  if (!look.is_object()) return refuse("look is an object");
  for (std::size_t i = 0; i < look.size(); ++i) {
    if (std::ranges::find(kMembers, look.member(i).first, &Member::name) == kMembers.end())
      return refuse("look has a member that protocol/avatar_look.md does not list");
  }
  std::string text;
  base::JsonWriter json(text);
  json.begin_object();
  for (const auto& [name, largest] : kMembers) {
    const base::JsonValue value = look.find(name);
    if (value.is_absent()) continue;
    const auto number = value.integer();
    if (!number || *number < 0 || *number > largest)
      return refuse(fmt::format("look: {} is a whole number from 0 to {}", name, largest));
    json.key(name).integer(*number);
  }
  json.end_object();
  return text;
}

}  // namespace citiverse::identity
