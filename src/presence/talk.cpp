// Each kind reads its members, asks the rules, and tells whom it reaches; nothing is stored.
#include "presence/talk.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/text.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;

constexpr std::array<std::string_view, 4> kSayToNames = {"near", "group", "place", "person"};

std::optional<SayTo> say_to_named(std::string_view name) {
  const auto found = std::ranges::find(kSayToNames, name);
  if (found == kSayToNames.end()) return std::nullopt;
  return static_cast<SayTo>(found - kSayToNames.begin());
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Cleaned text of a bounded length, or what is wrong with it.
base::Result<std::string> read_text(JsonValue members, std::size_t characters_max) {
  const auto text = members.find("text").text();
  if (!text) return fail(ErrorCode::bad_input, "text: what to say is missing");
  std::string clean = base::clean_text(*text, text->size());
  if (clean.empty()) return fail(ErrorCode::bad_input, "text: there is nothing to read in it");
  if (characters_in(clean) > characters_max)
    return fail(ErrorCode::limit, fmt::format("text: {} characters are the most", characters_max));
  return clean;
}

base::Result<std::string> read_language(JsonValue members) {
  const JsonValue value = members.find("lang");
  if (value.is_absent()) return std::string();
  const auto text = value.text();
  const auto is_tag_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (!text || text->size() < 2 || text->size() > kLanguageBytesMax || !std::ranges::all_of(*text, is_tag_character))
    return fail(ErrorCode::bad_input, "lang: a language tag such as fr or pt-BR is needed");
  return std::string(*text);
}

base::Result<PersonId> read_person(JsonValue members) {
  const auto number = members.find("person").integer();
  if (!number || *number < 0 || *number > 0xFFFFFFFFll)
    return fail(ErrorCode::bad_input, "person: the number of a person is needed");
  return static_cast<PersonId>(*number);
}

}  // namespace

template <base::Result<void> (Talk::*Handler)(PersonId, JsonValue, std::uint64_t)>
base::Result<void> Talk::call(void* self, PersonId from, JsonValue members, std::uint64_t now_ms) {
  return (static_cast<Talk*>(self)->*Handler)(from, members, now_ms);
}

void Talk::add_to(SayTable& table) {
  table.add("say", {"to", "person", "text", "lang"}, this, &call<&Talk::say>);
  table.add("caption", {"text", "final", "lang"}, this, &call<&Talk::caption>);
  table.add("captions", {"on"}, this, &call<&Talk::captions>);
  table.add("voice", {"on", "scope"}, this, &call<&Talk::turn_voice>);
  table.add("signal", {"person", "data"}, this, &call<&Talk::signal>);
}

void Talk::tick(std::uint64_t now_ms) {
  constexpr std::uint64_t kSweepMs = 60'000;
  voice_.tick();
  if (now_ms - swept_at_ms_ < kSweepMs) return;
  swept_at_ms_ = now_ms;
  pace_.sweep(now_ms);
}

void Talk::left(PersonId person) {
  voice_.left(person);
  caption_readers_.erase(person);
}

base::Result<void> Talk::say(PersonId from, JsonValue members, std::uint64_t now_ms) {
  const Profile* sender = reach_.profile(from);
  if (sender == nullptr) return fail(ErrorCode::not_found, "you are not in this space");
  const auto to_name = members.find("to").text();
  const auto to = to_name ? say_to_named(*to_name) : std::nullopt;
  if (!to) return fail(ErrorCode::bad_input, "to: near, group or person");
  if (*to == SayTo::place)
    return fail(ErrorCode::bad_input, "to: what is said to a place stays there; post it to /api/v1/notices");
  if (*to != SayTo::person && !members.find("person").is_absent())
    return fail(ErrorCode::bad_input, "person: only a message to a person has one");
  const auto text = read_text(members, kSayCharactersMax);
  if (!text) return std::unexpected(text.error());
  const auto lang = read_language(members);
  if (!lang) return std::unexpected(lang.error());
  const TalkLimits limits = rules_.limits(*sender);
  if (limits.messages_per_minute > 0 && !limits.may_link && holds_link(*text))
    return fail(ErrorCode::denied, "text: your account may not send web addresses yet; say it without");
  if (*to == SayTo::person) return say_directly(from, *sender, members, *text, *lang, now_ms);
  found_.clear();
  if (*to == SayTo::group) {
    reach_.group_of(from, found_);
    if (found_.empty()) return fail(ErrorCode::bad_input, "to: you are in no group");
  }
  if (auto paced = pace_.say(sender->account, *text, limits.messages_per_minute, now_ms); !paced) return paced;
  if (*to == SayTo::near) reach_.near(from, kEarshotM, kListenersMax, found_);
  deliver(from, *sender, *to, kNobody, *text, *lang);
  return {};
}

base::Result<void> Talk::say_directly(PersonId from, const Profile& sender, JsonValue members, std::string_view text,
                                      std::string_view lang, std::uint64_t now_ms) {
  const auto to = read_person(members);
  if (!to) return std::unexpected(to.error());
  const Profile* recipient = reach_.profile(*to);
  // Somebody who is apart is not there at all.
  if (recipient == nullptr || *to == from || !reach_.may_meet(from, *to))
    return fail(ErrorCode::not_found, "person: nobody here has this number");
  reach_.group_of(from, found_);
  const bool share_group = std::ranges::find(found_, *to) != found_.end();
  const bool has_been_written_to = pace_.has_written(recipient->account, sender.account);
  if (auto may = rules_.may_write(sender, *recipient, has_been_written_to, share_group); !may) return may;
  const TalkLimits limits = rules_.limits(sender);
  if (auto may = pace_.write(sender.account, recipient->account, limits.direct_new_per_hour, now_ms); !may && !share_group)
    return may;
  if (auto paced = pace_.say(sender.account, text, limits.messages_per_minute, now_ms); !paced) return paced;
  found_.assign(1, *to);
  deliver(from, sender, SayTo::person, *to, text, lang);
  return {};
}

void Talk::deliver(PersonId from, const Profile& speaker, SayTo to, PersonId only, std::string_view text,
                   std::string_view lang) {
  const Witness witness = rules_.witness(speaker, to, text);
  std::string json;
  base::JsonWriter writer(json);
  writer.begin_object().member("t", "said").key("id").integer(next_said_++).key("from").integer(from);
  writer.member("name", speaker.name).member("to", kSayToNames[static_cast<std::size_t>(to)]);
  if (only != kNobody) writer.key("person").integer(only);
  writer.member("text", text)
      .member_if_known("lang", lang)
      .member("at", witness.at)
      .member("proof", witness.proof)
      .end_object();
  for (const PersonId listener : found_) {
    const Profile* profile = reach_.profile(listener);
    if (listener == from || profile == nullptr || !reach_.may_meet(from, listener)) continue;
    if (rules_.hears(*profile, speaker)) reach_.tell(listener, json);
  }
  reach_.tell(from, json);
}

base::Result<Witness> Talk::put_on_thing(const Profile& who, std::string_view text, std::uint64_t now_ms) {
  const TalkLimits limits = rules_.limits(who);
  if (limits.messages_per_minute > 0 && !limits.may_link && holds_link(text))
    return fail(ErrorCode::denied, "text: your account may not put web addresses on things yet; say it without");
  if (auto paced = pace_.say(who.account, text, limits.messages_per_minute, now_ms); !paced)
    return std::unexpected(paced.error());
  return rules_.witness(who, SayTo::near, text);
}

base::Result<void> Talk::caption(PersonId from, JsonValue members, std::uint64_t now_ms) {
  const Profile* speaker = reach_.profile(from);
  if (speaker == nullptr) return fail(ErrorCode::not_found, "you are not in this space");
  const TalkLimits limits = rules_.limits(*speaker);
  if (limits.messages_per_minute <= 0) return fail(ErrorCode::denied, "you may not talk now; see /api/v1/me/contact");
  if (!limits.may_caption)
    return fail(ErrorCode::denied, "captions of what you say need your consent: PUT /api/v1/me/consents/captions");
  const auto text = read_text(members, kCaptionCharactersMax);
  if (!text) return std::unexpected(text.error());
  const auto lang = read_language(members);
  if (!lang) return std::unexpected(lang.error());
  const bool is_final = members.find("final").boolean().value_or(false);
  if (!limits.may_link && holds_link(*text))
    return fail(ErrorCode::denied, "text: your account may not send web addresses yet");
  if (!pace_.caption(speaker->account, now_ms)) return {};
  // What is spoken to the group is read by the group only.
  const VoiceScope* scope = voice_.scope_of(from);
  if (scope != nullptr && *scope == VoiceScope::group)
    reach_.group_of(from, found_);
  else
    reach_.near(from, kEarshotM, kListenersMax, found_);
  std::string json;
  base::JsonWriter writer(json);
  writer.begin_object().member("t", "caption").key("from").integer(from).member("text", *text);
  writer.key("final").boolean(is_final).member_if_known("lang", *lang).end_object();
  for (const PersonId listener : found_) {
    if (listener == from || !caption_readers_.contains(listener) || !reach_.may_meet(from, listener)) continue;
    const Profile* profile = reach_.profile(listener);
    if (profile != nullptr && rules_.hears(*profile, *speaker)) reach_.tell(listener, json);
  }
  return {};
}

base::Result<void> Talk::captions(PersonId from, JsonValue members, std::uint64_t) {
  const auto on = members.find("on").boolean();
  if (!on) return fail(ErrorCode::bad_input, "on: true or false");
  if (*on)
    caption_readers_.insert(from);
  else
    caption_readers_.erase(from);
  return {};
}

base::Result<void> Talk::turn_voice(PersonId from, JsonValue members, std::uint64_t) {
  const auto on = members.find("on").boolean();
  if (!on) return fail(ErrorCode::bad_input, "on: true or false");
  const auto scope = members.find("scope").text();
  if (*on && scope != "near" && scope != "group") return fail(ErrorCode::bad_input, "scope: near or group");
  return voice_.turn(from, *on, scope == "group" ? VoiceScope::group : VoiceScope::near);
}

base::Result<void> Talk::signal(PersonId from, JsonValue members, std::uint64_t now_ms) {
  const auto to = read_person(members);
  if (!to) return std::unexpected(to.error());
  return voice_.signal(from, *to, members.find("data"), now_ms);
}

}  // namespace citiverse::presence
