// The noticeboard: /api/v1/notices and /me/notices. Reading is everybody's, writing is for accounts.
#include "api/anchor_body.h"
#include "api/parameters.h"
#include "api/safety_json.h"
#include "api/safety_replies.h"
#include "api/safety_routes.h"
#include "presence/talk_pace.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::JsonWriter;
using base::Result;
using identity::Permission;
using presence::Notice;

constexpr std::int64_t kDaysUsual = 30;
constexpr double kRadiusUsualM = 500;
constexpr double kNoticeRadiusMaxM = 20'000;

net::Reply page_reply(const std::vector<Notice>& notices, std::size_t limit, identity::AccountId reader) {
  return json_for_one(200, [&](JsonWriter& json) {
    json.begin_object().key("items").begin_array();
    for (const Notice& notice : notices) write_notice(json, notice, reader);
    json.end_array();
    if (notices.size() == limit) json.member("next_cursor", identity::id_text(notices.back().id));
    json.end_object();
  });
}

net::Reply list_reply(PeopleSafety& safety, const CityModel& model, const net::Call& call) {
  Parameters parameters(call.request.query);
  presence::NoticeQuery query;
  query.object = parameters.text("object", 64).value_or("");
  query.place = parameters.place();
  query.radius_m = parameters.number_or("radius_m", 1, kNoticeRadiusMaxM, kRadiusUsualM);
  query.count = parameters.count_or("limit", 1, presence::kNoticesPageMax, 50);
  if (query.place) static_cast<void>(plane_point(model.city(), *query.place, parameters));
  if (!query.object.empty() && query.place) parameters.fail("object", "give object, or lat and lon");
  if (const auto cursor = parameters.text("cursor", 200)) {
    const auto id = identity::parse_id_text(*cursor);
    if (!id) parameters.fail("cursor", "cursor is the next_cursor of the page before");
    query.after = id.value_or(0);
  }
  if (const auto& failure = parameters.failure()) return bad_parameter(*failure);
  if (const identity::AccountId reader = account_of(call); reader.is_known()) {
    for (const auto& unheard : {safety.relations().apart_from(reader), safety.relations().muted_by(reader)})
      for (const identity::AccountId each : unheard) query.not_by.push_back(each.value);
  }
  const auto notices = safety.notices().list(query);
  if (!notices) return refusal(notices.error());
  return page_reply(*notices, query.count, account_of(call));
}

net::Reply add_reply(PeopleSafety& safety, const CityModel& model, const net::Call& call) {
  JsonBody body(call.request.body);
  Notice notice{.author = call.visitor.account};
  notice.text = clean_text_of(body, "text", presence::kNoticeCharactersMax);
  notice.lang = language_of(body);
  const std::int64_t days = body.integer("days", 1, presence::kNoticeDaysMax).value_or(kDaysUsual);
  auto anchor = read_anchor(body, model);
  if (const auto& failure = body.failure()) return bad_parameter(*failure);
  if (!anchor) return refusal(anchor.error());
  notice.object = std::move(anchor->object);
  notice.object_name = std::move(anchor->object_name);
  notice.place = anchor->place;
  const auto facts = safety.facts(account_of(call));
  if (!facts) return refusal(facts.error());
  const safety::ContactLimits limits = safety::limits_of(*facts, safety.identity().surroundings().now());
  if (limits.notices_per_day == 0)
    return refusal({ErrorCode::denied, "your account may not post notices now; see /api/v1/me/contact"});
  // A point may be where the author stands; a city object is where everybody goes.
  if (facts->is_minor && notice.object.empty())
    return refusal({ErrorCode::denied, "object: pin it to an object of the city; a point could tell where you are"});
  if (!limits.may_link && presence::holds_link(notice.text))
    return refusal({ErrorCode::denied, "text: your account may not post web addresses yet; say it without"});
  const auto account = safety.identity().accounts().get(account_of(call));
  if (!account) return refusal(account.error());
  notice.author_name = account->profile.name;
  const auto posted = safety.notices().post(std::move(notice), static_cast<int>(days), limits.notices_per_day);
  if (!posted) return refusal(posted.error());
  return json_for_one(201, [&](JsonWriter& json) { write_notice(json, *posted, account_of(call)); });
}

net::Reply notice_reply(const Result<Notice>& notice, const net::Call& call) {
  if (!notice) return refusal(notice.error());
  return json_for_one(200, [&](JsonWriter& json) { write_notice(json, *notice, account_of(call)); });
}

net::Reply get_reply(PeopleSafety& safety, const net::Call& call) {
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  const auto notice = safety.notices().get(*id);
  const identity::AccountId reader = account_of(call);
  // Of somebody who is apart, one is told what one is told of nobody.
  if (notice && reader.is_known() && safety.relations().are_apart(reader, {notice->author}))
    return refusal({ErrorCode::not_found, "there is no such notice; it may have expired or been taken down"});
  return notice_reply(notice, call);
}

net::Reply remove_reply(PeopleSafety& safety, const net::Call& call) {
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  if (auto removed = safety.notices().remove(call.visitor.account, *id); !removed) return refusal(removed.error());
  return done_reply();
}

net::Reply restore_reply(PeopleSafety& safety, const net::Call& call) {
  const auto id = id_in_path(call);
  return id ? notice_reply(safety.notices().restore(call.visitor.account, *id), call) : refusal(id.error());
}

net::Reply own_notices_reply(PeopleSafety& safety, const net::Call& call) {
  const auto notices = safety.notices().of_author(call.visitor.account);
  if (!notices) return refusal(notices.error());
  return page_reply(*notices, presence::kNoticesPageMax + 1, account_of(call));
}

}  // namespace

void add_notice_routes(net::Router& router, PeopleSafety& safety, const CityModel& model) {
  using net::Method;
  add_route(router, Method::get, "/api/v1/notices", Permission::everyone,
            [&safety, &model](const net::Call& call) { return list_reply(safety, model, call); });
  add_route(router, Method::post, "/api/v1/notices", Permission::post_notices,
            [&safety, &model](const net::Call& call) { return add_reply(safety, model, call); });
  add_route(router, Method::get, "/api/v1/notices/{id}", Permission::everyone,
            [&safety](const net::Call& call) { return get_reply(safety, call); });
  add_route(router, Method::delete_, "/api/v1/notices/{id}", Permission::own_account,
            [&safety](const net::Call& call) { return remove_reply(safety, call); });
  add_route(router, Method::post, "/api/v1/notices/{id}/restoration", Permission::own_account,
            [&safety](const net::Call& call) { return restore_reply(safety, call); });
  add_route(router, Method::get, "/api/v1/me/notices", Permission::own_account,
            [&safety](const net::Call& call) { return own_notices_reply(safety, call); });
}

}  // namespace citiverse::api
