// /subscriptions and /csourceSubscriptions, and each by its id (ETSI GS CIM 009 V1.9.1, 5.8.1 to 5.8.5, 5.11.2 to 5.11.6, 6.10
// to 6.13). Who reads them needs the right to write, since receiverInfo holds what opens other systems.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/errors.h"
#include "api/ngsi_ld/json_value_text.h"
#include "api/ngsi_ld/snapshots.h"
#include "api/ngsi_ld/subscription_book.h"
#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::JsonValue;

void write_name(base::JsonWriter& json, std::string_view iri, const Context& context) {
  json.text(iri == "id" || iri == "type" || iri == "scope" ? std::string(iri) : context.terms().compact(iri));
}

// "(IRI;IRI)|IRI" in the reader's words.
std::string compact_selection(std::string_view text, const Context& context) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("();|,"), text.size());
    if (end > 0) out += context.terms().compact(text.substr(0, end));
    if (end < text.size()) out += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// A member of an object as it is kept; names of types and attributes in the reader's words.
void write_value(base::JsonWriter& json, std::string_view name, JsonValue value, const Context& context) {
  const bool is_names = name == "watchedAttributes" || name == "attributes" || name == "pick" || name == "omit";
  if (is_names && value.is_array()) {
    json.begin_array();
    for (std::size_t i = 0; i < value.size(); ++i) write_name(json, value[i].text().value_or(""), context);
    json.end_array();
  } else if (name == "entities" && value.is_array()) {
    json.begin_array();
    for (std::size_t i = 0; i < value.size(); ++i) {
      json.begin_object();
      for (std::size_t k = 0; k < value[i].size(); ++k) {
        const auto [member, inner] = value[i].member(k);
        json.key(member);
        write_value(json, member == "type" ? "typeSelection" : member, inner, context);
      }
      json.end_object();
    }
    json.end_array();
  } else if (name == "typeSelection" && value.text()) {
    json.text(compact_selection(*value.text(), context));
  } else if (name == "geoproperty" && value.text()) {
    write_name(json, *value.text(), context);
  } else {
    std::string plain;
    append_json(plain, value);
    json.raw(plain);
  }
}

void write_time(base::JsonWriter& json, std::string_view name, twin::TimeUs time_us) {
  if (time_us != twin::kNoTime) json.member(name, twin::moment_text(time_us));
}

void write_counts(base::JsonWriter& json, const twin::NotificationCounts& counts) {
  if (counts.last_success_us != twin::kNoTime || counts.last_failure_us != twin::kNoTime)
    json.member("status", counts.last_success_us >= counts.last_failure_us ? "ok" : "failed");
  if (counts.times_sent > 0) json.key("timesSent").integer(counts.times_sent);
  if (counts.times_failed > 0) json.key("timesFailed").integer(counts.times_failed);
  write_time(json, "lastNotification", counts.last_notification_us);
  write_time(json, "lastFailure", counts.last_failure_us);
  write_time(json, "lastSuccess", counts.last_success_us);
}

void write_subscription(std::string& out, const SubscriptionView& view, const Asked& asked) {
  const Context& context = *asked.context;
  base::JsonWriter json(out);
  json.begin_object().member("id", view.id).member("type", "Subscription");
  for (const auto& [name, text] : view.document.members) {
    const auto read = base::JsonDocument::parse(text, kEntityJsonDepthMax);
    if (name == "id" || !read) continue;
    json.key(name);
    if (name != "notification" && name != "geoQ") {
      write_value(json, name, read->root(), context);
      continue;
    }
    json.begin_object();
    for (std::size_t i = 0; i < read->root().size(); ++i) {
      const auto [member, value] = read->root().member(i);
      json.key(member);
      write_value(json, member, value, context);
    }
    if (name == "notification") write_counts(json, view.counts);
    json.end_object();
  }
  if (view.has_triggers && find_member(view.document.members, "notificationTrigger") == nullptr &&
      find_member(view.document.members, "timeInterval") == nullptr)
    json.key("notificationTrigger").begin_array().text("attributeCreated").text("attributeUpdated").end_array();
  json.member("status", view.status);
  if (asked.has_option("sysAttrs")) {
    write_time(json, "createdAt", view.created_us);
    write_time(json, "modifiedAt", view.modified_us);
  }
  if (asked.accept == MediaType::ld_json) json.key("@context").raw(context.json());
  json.end_object();
}

net::Reply book_problem(const base::Error& error) {
  if (error.code == base::ErrorCode::denied) return problem(ErrorType::bad_request_data, error.message);
  return error.code == base::ErrorCode::unavailable ? context_problem(error) : problem(error);
}

// Subscriptions to entities, or to registrations of context sources: the same operations (5.8, 5.11).
struct SubscriptionDoor {
  SubscriptionBook& book;
  std::string_view path;
};
using SubscriptionMaker = net::Reply (*)(const NgsiLdApi&, const SubscriptionDoor&, const net::Call&);

net::Reply create_subscription_reply(const NgsiLdApi& api, const SubscriptionDoor& door, const net::Call& call) {
  auto request = ask_with_body(api, call, BodyShape::object, {.makes_tenant = true});
  if (!request) return std::move(request.error());
  const JsonValue body = request->body.root();
  if (body.find("type").text() != "Subscription")
    return problem(ErrorType::bad_request_data, "type: \"Subscription\" is needed (5.2.12)");
  auto members = canonical_members(body, *request->asked.context);
  if (!members) return problem(members.error());
  std::erase_if(*members, [](const auto& each) { return each.second == "null"; });
  auto terms = terms_of_q(*members, *request->asked.context, api.store.names());
  if (!terms) return problem(terms.error());
  SubscriptionDocument document{*std::move(members), *std::move(terms), request->asked.context->json()};
  const auto id = door.book.add(request->asked.tenant, std::move(document));
  if (!id) return book_problem(id.error());
  return done(request->asked, 201, location_field(std::string(door.path) + "/", *id));
}

net::Reply change_subscription_reply(const NgsiLdApi& api, const SubscriptionDoor& door, const net::Call& call) {
  const auto id = uri_in_path("subscriptionId", call.parameters[0]);
  if (!id) return id.error();
  auto request = ask_with_body(api, call, BodyShape::object);
  if (!request) return std::move(request.error());
  const JsonValue body = request->body.root();
  if (const JsonValue given = body.find("id"); !given.is_absent() && given.text() != *id)
    return problem(ErrorType::bad_request_data, "id: cannot be changed (5.2.12)");
  auto fragment = canonical_members(body, *request->asked.context);
  if (!fragment) return problem(fragment.error());
  std::erase_if(*fragment, [](const auto& each) { return each.first == "id"; });
  if (fragment->empty()) return problem(ErrorType::bad_request_data, "the body: says nothing that could be changed");
  auto terms = terms_of_q(*fragment, *request->asked.context, api.store.names());
  if (!terms) return problem(terms.error());
  const auto changed = door.book.change(request->asked.tenant, *id, *fragment, *terms);
  return changed ? done(request->asked, 204) : book_problem(changed.error());
}

net::Reply retrieve_subscription_reply(const NgsiLdApi& api, const SubscriptionDoor& door, const net::Call& call) {
  const auto id = uri_in_path("subscriptionId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto view = door.book.find(asked->tenant, *id);
  if (!view) return problem(ErrorType::resource_not_found, "there is no such subscription");
  std::string body;
  write_subscription(body, *view, *asked);
  return answer(api, *asked, std::move(body));
}

Answered<std::size_t> whole_number(const Asked& asked, std::string_view name, std::size_t otherwise, std::size_t most) {
  const std::string* text = asked.find(name);
  if (text == nullptr) return otherwise;
  std::size_t number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size())
    return std::unexpected(
        problem(ErrorType::bad_request_data, fmt::format("{}: a whole number of 0 or more is needed", name)));
  if (number > most)
    return std::unexpected(problem(ErrorType::too_many_results, fmt::format("{}: at most {}; follow the links", name, most)));
  return number;
}

net::Reply list_subscriptions_reply(const NgsiLdApi& api, const SubscriptionDoor& door, const net::Call& call) {
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto limit = whole_number(*asked, "limit", kPageDefault, kPageMax);
  const auto offset = whole_number(*asked, "offset", 0, kOffsetMax);
  if (!limit) return limit.error();
  if (!offset) return offset.error();
  const bool counts = asked->is_true("count") || asked->has_option("count");
  if (*limit == 0 && !counts) return problem(ErrorType::bad_request_data, "limit: 0 goes with count=true only (6.3.13)");
  std::size_t count = 0;
  const auto views = door.book.list(asked->tenant, *offset, *limit, count);
  std::string body = "[";
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (i > 0) body += ',';
    write_subscription(body, views[i], *asked);
  }
  net::Reply reply = answer(api, *asked, body + "]");
  if (counts) reply.fields += fmt::format("NGSILD-Results-Count: {}\r\n", count);
  const auto link = [&](std::size_t at, std::string_view relation) {
    reply.fields +=
        fmt::format("Link: <{}{}?limit={}&offset={}{}{}>; rel=\"{}\"\r\n", kBase, door.path, *limit, at,
                    counts ? "&count=true" : "", asked->has_option("sysAttrs") ? "&options=sysAttrs" : "", relation);
  };
  if (*limit > 0 && *offset > 0) link(*offset - std::min(*offset, *limit), "prev");
  if (*limit > 0 && *offset + *limit < count) link(*offset + *limit, "next");
  return reply;
}

net::Reply remove_subscription_reply(const NgsiLdApi& api, const SubscriptionDoor& door, const net::Call& call) {
  const auto id = uri_in_path("subscriptionId", call.parameters[0]);
  if (!id) return id.error();
  auto asked = ask(api, call);
  if (!asked) return std::move(asked.error());
  const auto removed = door.book.remove(asked->tenant, *id);
  return removed ? done(*asked, 204) : book_problem(removed.error());
}

void add_door(net::Router& router, const NgsiLdApi& api, const SubscriptionDoor& door) {
  using net::Method;
  const auto add = [&](Method method, std::string_view below, SubscriptionMaker make) {
    add_live_route(
        router,
        {.method = method,
         .pattern = std::string(kBase).append(door.path).append(below),
         .answer = within_snapshots(
             api, door.path, [door, make](const NgsiLdApi& given, const net::Call& call) { return make(given, door, call); }),
         .is_guarded = true,
         .body_media_types = method == Method::patch ? kJsonPatchBodies : kJsonLdBodies});
  };
  add(Method::post, "", create_subscription_reply);
  add(Method::get, "", list_subscriptions_reply);
  add(Method::get, "/{id}", retrieve_subscription_reply);
  add(Method::patch, "/{id}", change_subscription_reply);
  add(Method::delete_, "/{id}", remove_subscription_reply);
}

}  // namespace

void add_subscription_routes(net::Router& router, const NgsiLdApi& api) {
  add_door(router, api, {*api.subscriptions, "/subscriptions"});
}

void add_registration_subscription_routes(net::Router& router, const NgsiLdApi& api) {
  add_door(router, api, {*api.registration_subscriptions, "/csourceSubscriptions"});
}

}  // namespace citiverse::api::ngsi_ld
