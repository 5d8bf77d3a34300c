// The addresses of safety, moderation, noticeboard and voice. What is passed must outlive the router.
#pragma once

#include "api/city_model.h"
#include "api/people_met.h"
#include "api/people_safety.h"
#include "api/voice_servers.h"
#include "net/router.h"

namespace citiverse::api {

/// /me/blocks, /me/mutes, /me/contact.
void add_relation_routes(net::Router& router, PeopleSafety& safety, PeopleMet& met);
/// POST /reports, /me/reports, /me/decisions, appeals.
void add_report_routes(net::Router& router, PeopleSafety& safety, PeopleMet& met);
/// The moderators' queue, decisions, appeals, and /moderation for everybody.
void add_moderation_routes(net::Router& router, PeopleSafety& safety, PeopleMet& met);
/// /notices, /me/notices.
void add_notice_routes(net::Router& router, PeopleSafety& safety, const CityModel& model);
/// /voice.
void add_voice_routes(net::Router& router, PeopleSafety& safety, const VoiceServers& servers);

}  // namespace citiverse::api
