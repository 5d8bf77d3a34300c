// What the routes of safety and talk share: how an answer and a refusal look.
#pragma once

#include <string>

#include "api/identity_api.h"
#include "api/identity_json.h"
#include "api/json_body.h"
#include "api/people_safety.h"
#include "base/json_writer.h"
#include "net/router.h"

namespace citiverse::api {

/// A problem document; a limit of a person is theirs (429), not the node's. What stands before ": " in the message and is the
/// name of a member or parameter is told as such.
net::Reply refusal(const base::Error& error);

/// An answer for one person only.
template <class Write>
net::Reply json_for_one(int status, Write&& write) {
  net::Reply reply;
  reply.status = status;
  base::JsonWriter json(reply.body);
  write(json);
  return reply;
}
/// The random id in the address. Fails: not_found.
base::Result<std::uint64_t> id_in_path(const net::Call& call);

/// Text of a member after cleaning; marks it as wrong when nothing readable is left.
std::string clean_text_of(JsonBody& body, std::string_view name, std::size_t characters_max);
/// The member lang, or empty.
std::string language_of(JsonBody& body);

}  // namespace citiverse::api
