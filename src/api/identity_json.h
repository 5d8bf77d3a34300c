// The contract's schemas about people, written.
#pragma once

#include <string>
#include <string_view>

#include "api/identity_api.h"
#include "base/json_writer.h"

namespace citiverse::api {

/// Me of a session; of nobody when there is none.
base::Result<std::string> me_json(const IdentityApi& api, const std::optional<identity::ActiveSession>& session);
/// 200 or `status` with Me, for nobody else's eyes, and with further header fields.
net::Reply me_reply(const IdentityApi& api, const std::optional<identity::ActiveSession>& session, int status = 200,
                    std::string fields = {});
void write_account_summary(base::JsonWriter& json, const identity::Account& account);
void write_organisation(base::JsonWriter& json, const identity::Organisation& organisation);
void write_member(base::JsonWriter& json, const identity::OrganisationMember& member);
std::string policy_json();

/// A 200 or `status` with JSON for the one who asks.
net::Reply personal_reply(std::string body, int status = 200);
/// 204.
net::Reply done_reply(std::string fields = {});

/// "Firefox on Android" of a User-Agent field: enough to know one's own device again, too little to follow anybody.
std::string device_name(std::string_view user_agent);

}  // namespace citiverse::api
