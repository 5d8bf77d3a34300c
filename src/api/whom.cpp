// An object of exactly one of four forms: anything else is refused by name.
#include "api/whom.h"

#include <fmt/format.h>

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;
using identity::AccountId;

constexpr std::string_view kForms = "whom: give {person, space}, {message: {text, proof}}, {notice} or {thing}";

struct Opened {
  safety::Said said;
  safety::Exhibit exhibit;
};

base::Result<Opened> open_message(PeopleSafety& safety, JsonValue message, std::string_view place) {
  const auto text = message.find("text").text();
  const auto proof = message.find("proof").text();
  if (!text || !proof || message.size() != 2)
    return fail(ErrorCode::bad_input, fmt::format("{}: text and proof of the message are needed, exactly as received", place));
  const auto said = safety.seal().open(*proof, *text, safety.identity().surroundings().now());
  if (!said) return fail(said.error().code, fmt::format("{}: {}", place, said.error().message));
  return Opened{*said, {std::string(*text), said->said_at, said->audience}};
}

base::Result<Whom> whom_of_person(PeopleMet& met, AccountId asking, JsonValue value) {
  const auto person = value.find("person").integer();
  const auto space = value.find("space").text();
  if (!person || *person < 1 || *person > 0xFFFFFFFFll || !space || value.size() != 2)
    return fail(ErrorCode::bad_input, std::string(kForms));
  auto found = met.find(asking, *space, static_cast<presence::PersonId>(*person));
  if (!found)
    return fail(ErrorCode::not_found, "whom: that person is not here with you any more; name them by a message that you got");
  return Whom{.account = found->account, .name = std::move(found->name)};
}

}  // namespace

base::Result<Whom> read_whom(PeopleSafety& safety, PeopleMet& met, AccountId asking, JsonValue value) {
  if (!value.find("person").is_absent()) return whom_of_person(met, asking, value);
  if (value.size() != 1) return fail(ErrorCode::bad_input, std::string(kForms));
  if (const JsonValue message = value.find("message"); !message.is_absent()) {
    auto opened = open_message(safety, message, "whom");
    if (!opened) return std::unexpected(opened.error());
    const auto account = safety.identity().accounts().get(opened->said.speaker);
    if (!account) return fail(ErrorCode::not_found, "whom: this account is gone");
    return Whom{.account = opened->said.speaker, .name = account->profile.name, .message = std::move(opened->exhibit)};
  }
  const bool is_thing = !value.find("thing").is_absent();
  const auto text = value.find(is_thing ? "thing" : "notice").text();
  const auto id = text ? identity::parse_id_text(*text) : std::nullopt;
  if (!id) return fail(ErrorCode::bad_input, std::string(kForms));
  if (is_thing) {
    auto thing = safety.things().get(*id);
    if (!thing) return fail(thing.error().code, "whom: " + thing.error().message);
    return Whom{.account = AccountId{thing->owner}, .name = std::move(thing->owner_name), .left = {.thing = *id}};
  }
  auto notice = safety.notices().get(*id);
  if (!notice) return fail(notice.error().code, "whom: " + notice.error().message);
  return Whom{.account = AccountId{notice->author}, .name = std::move(notice->author_name), .left = {.notice = *id}};
}

base::Result<std::vector<safety::Exhibit>> read_evidence(PeopleSafety& safety, AccountId subject, JsonValue value) {
  std::vector<safety::Exhibit> exhibits;
  if (value.is_absent()) return exhibits;
  if (!value.is_array() || value.size() > safety::kEvidenceMax)
    return fail(ErrorCode::bad_input, fmt::format("evidence: a list of at most {} messages is needed", safety::kEvidenceMax));
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto opened = open_message(safety, value[i], fmt::format("evidence[{}]", i));
    if (!opened) return std::unexpected(opened.error());
    if (opened->said.speaker != subject)
      return fail(ErrorCode::bad_input,
                  fmt::format("evidence[{}]: this was said by somebody else; report them on their own", i));
    exhibits.push_back(std::move(opened->exhibit));
  }
  return exhibits;
}

}  // namespace citiverse::api
