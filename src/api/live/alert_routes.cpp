// A wish is read member by member and written anew: what is kept is what the contract says, and nothing else.
#include "api/live/alert_routes.h"

#include <cmath>
#include <expected>

#include "api/json_body.h"
#include "api/safety_replies.h"
#include "base/text.h"
#include "identity/ids.h"

namespace citiverse::api {
namespace {

using base::JsonWriter;
using identity::Permission;

constexpr std::size_t kIriCharactersMax = 256;
constexpr std::size_t kPlaceCharactersMax = 120;
constexpr std::size_t kThanCharactersMax = 200;
constexpr std::size_t kObjectCharactersMax = 64;
constexpr std::size_t kUnitCharactersMax = 64;
constexpr double kAlertRadiusMinM = 10;
constexpr double kAlertRadiusMaxM = 5'000;
constexpr int kDegreeDecimals = 7;
constexpr int kValueDecimals = 9;

class AlertReader {
 public:
  explicit AlertReader(std::string_view bytes) : body_(bytes), json_(document_) {}

  std::expected<std::string, Parameters::Failure> read() {
    json_.begin_object();
    text("type", kIriCharactersMax);
    text("attribute", kIriCharactersMax);
    if (body_.has("unit")) text("unit", kUnitCharactersMax);
    read_condition();
    text("place", kPlaceCharactersMax);
    read_area();
    json_.end_object();
    if (const auto& failure = body_.failure()) return std::unexpected(*failure);
    return std::move(document_);
  }

 private:
  void text(std::string_view name, std::size_t characters_max) {
    json_.member(name, clean_text_of(body_, name, characters_max));
  }

  void read_condition() {
    const std::string is = body_.required_text("is", 1, 20);
    const bool is_compared = is == "above" || is == "below";
    if (!is_compared && is != "becomes") body_.fail("is", "is must be above, below or becomes");
    json_.member("is", is).key("than");
    const base::JsonValue than = body_.value("than");
    const auto number = than.number();
    const auto words = than.text();
    if (number && std::isfinite(*number)) {
      json_.number(*number, kValueDecimals);
    } else if (is_compared) {
      body_.fail("than", "than must be a number");
      json_.null();
    } else if (words && words->size() <= kThanCharactersMax) {
      json_.text(base::clean_text(*words, kThanCharactersMax));
    } else if (than.boolean()) {
      json_.boolean(*than.boolean());
    } else {
      body_.fail("than", "than must be a number, a text of at most 200 characters, or true or false");
      json_.null();
    }
  }

  void number(std::string_view name, double least, double most, int decimals) {
    const auto found = body_.value(name).number();
    if (!found || *found < least || *found > most)
      body_.fail(name, std::string(name) + " must be a number; lat, lon and radius_m (10 to 5000), or object, say where");
    json_.key(name).number(found.value_or(0), decimals);
  }

  void read_area() {
    if (body_.has("object")) return text("object", kObjectCharactersMax);
    number("lat", -90, 90, kDegreeDecimals);
    number("lon", -180, 180, kDegreeDecimals);
    number("radius_m", kAlertRadiusMinM, kAlertRadiusMaxM, 1);
  }

  JsonBody body_;
  std::string document_;
  JsonWriter json_;
};

// The id before the members of the document.
void write_alert(JsonWriter& json, std::uint64_t id, std::string_view document) {
  std::string whole;
  JsonWriter(whole).begin_object().member("id", identity::id_text(id));
  json.raw(whole + "," + std::string(document.substr(1)));
}

base::Result<void> write_alerts(JsonWriter& json, twin::AlertBook& book, identity::AccountId account) {
  const auto kept = book.of(account.value);
  if (!kept) return std::unexpected(kept.error());
  json.begin_array();
  for (const twin::KeptAlert& each : *kept) write_alert(json, each.id, each.document);
  json.end_array();
  return {};
}

net::Reply alerts_reply(PersonalAlerts& alerts, const net::Call& call) {
  std::string list;
  JsonWriter json(list);
  if (auto written = write_alerts(json, alerts.book(), account_of(call)); !written) return refusal(written.error());
  return json_for_one(200, [&](JsonWriter& reply) { reply.begin_object().key("alerts").raw(list).end_object(); });
}

net::Reply add_alert_reply(PersonalAlerts& alerts, const net::Call& call) {
  const auto document = AlertReader(call.request.body).read();
  if (!document) return bad_parameter(document.error());
  const std::uint64_t id = identity::random_id_value(alerts.people().surroundings());
  if (auto added = alerts.book().add(account_of(call).value, id, *document); !added) return refusal(added.error());
  return json_for_one(201, [&](JsonWriter& json) { write_alert(json, id, *document); });
}

net::Reply remove_alert_reply(PersonalAlerts& alerts, const net::Call& call) {
  const auto id = id_in_path(call);
  if (!id) return refusal(id.error());
  if (auto removed = alerts.book().remove(account_of(call).value, *id); !removed) return refusal(removed.error());
  return done_reply();
}

}  // namespace

base::Result<std::string> PersonalAlerts::export_json(identity::AccountId account) {
  std::string text;
  JsonWriter json(text);
  if (auto written = write_alerts(json, book_, account); !written) return std::unexpected(written.error());
  return text;
}

void add_alert_routes(net::Router& router, PersonalAlerts& alerts) {
  add_route(router, net::Method::get, "/api/v1/me/alerts", Permission::own_account,
            [&alerts](const net::Call& call) { return alerts_reply(alerts, call); });
  add_route(router, net::Method::post, "/api/v1/me/alerts", Permission::own_account,
            [&alerts](const net::Call& call) { return add_alert_reply(alerts, call); });
  add_route(router, net::Method::delete_, "/api/v1/me/alerts/{id}", Permission::own_account,
            [&alerts](const net::Call& call) { return remove_alert_reply(alerts, call); });
}

}  // namespace citiverse::api
