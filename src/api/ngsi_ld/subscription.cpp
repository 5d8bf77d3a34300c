// Each member is read by a function of its own, from the form in which it is kept: what was taken once is taken after a
// restart.
#include "api/ngsi_ld/subscription.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "api/ngsi_ld/date_time.h"
#include "api/ngsi_ld/entity_reader.h"
#include "net/request.h"
#include "twin/query/q_parser.h"

namespace citiverse::api::ngsi_ld {
namespace {

using base::JsonValue;
using base::Result;

std::unexpected<base::Error> bad(std::string message) { return base::fail(base::ErrorCode::bad_input, std::move(message)); }

// Names as they are kept: IRIs, but for those of q.
class KeptTerms : public twin::Terms {
 public:
  KeptTerms(const std::map<std::string, std::string>& known, twin::Names& names, std::string_view before = {})
      : known_(known), names_(names), before_(before) {}
  std::string expand(std::string_view term) const override {
    const auto found = known_.find(std::string(before_).append(term));
    return found == known_.end() ? std::string(term) : found->second;
  }
  twin::NameId name(std::string_view term) const override { return names_.intern(expand(term)); }

 private:
  const std::map<std::string, std::string>& known_;
  twin::Names& names_;
  std::string_view before_;
};

// One reading: the members of a document, parsed.
class Reading {
 public:
  Reading(JsonValue root, const twin::Terms& terms, const twin::Terms& csf_terms, bool is_of_registrations)
      : root_(root), terms_(terms), csf_terms_(csf_terms), is_of_registrations_(is_of_registrations) {}

  Result<Subscription> run() {
    for (const auto step :
         {&Reading::read_whom, &Reading::read_conditions, &Reading::read_sources, &Reading::read_triggers, &Reading::read_times,
          &Reading::read_notification, &Reading::read_projection, &Reading::read_endpoint})
      if (auto done = (this->*step)(); !done) return std::unexpected(done.error());
    return std::move(out_);
  }

 private:
  Result<void> read_whom();
  Result<void> read_conditions();
  Result<void> read_sources();
  Result<void> read_triggers();
  Result<void> read_times();
  Result<void> read_notification();
  Result<void> read_projection();
  Result<void> read_endpoint();
  Result<void> read_receiver(JsonValue list);
  Result<void> read_notifier(JsonValue list);
  Result<double> positive(JsonValue from, std::string_view name, double least, double most) const;
  Result<bool> flag(JsonValue from, std::string_view name) const;
  Result<std::vector<twin::NameId>> names(JsonValue list) const;

  JsonValue root_;
  const twin::Terms& terms_;
  const twin::Terms& csf_terms_;
  const bool is_of_registrations_;
  Subscription out_;
};

Result<double> Reading::positive(JsonValue from, std::string_view name, double least, double most) const {
  const JsonValue value = from.find(name);
  if (value.is_absent()) return 0;
  const auto number = value.number();
  if (!number || !(*number > 0)) return bad(fmt::format("{}: a number greater than 0 is needed", name));
  if (*number < least || *number > most) return bad(fmt::format("{}: {} to {}", name, least, most));
  return *number;
}

Result<bool> Reading::flag(JsonValue from, std::string_view name) const {
  const JsonValue value = from.find(name);
  if (value.is_absent()) return false;
  const auto boolean = value.boolean();
  if (!boolean) return bad(fmt::format("{}: true or false is needed", name));
  return *boolean;
}

Result<std::vector<twin::NameId>> Reading::names(JsonValue list) const {
  std::vector<twin::NameId> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    all.push_back(terms_.name(list[i].text().value_or("")));
    if (all.back() == twin::kNoName) return base::fail(base::ErrorCode::limit, "the twin's names are used up");
  }
  return all;
}

Result<void> Reading::read_whom() {
  for (const std::string_view text : {"subscriptionName", "description", "lang", "csf", "expandValues", "jsonKeys"})
    if (const JsonValue value = root_.find(text); !value.is_absent() && !value.text())
      return bad(fmt::format("{}: a text is needed", text));
  const JsonValue entities = root_.find("entities");
  for (std::size_t i = 0; i < entities.size(); ++i) {
    auto selector = read_selector(entities[i], terms_);
    if (!selector) return std::unexpected(selector.error());
    for (const std::string& id : selector->ids)
      if (auto checked = check_uri("entities: id", id); !checked) return checked;
    out_.watch.query.selectors.push_back(*std::move(selector));
  }
  auto watched = names(root_.find("watchedAttributes"));
  if (!watched) return std::unexpected(watched.error());
  out_.watch.watched = *std::move(watched);
  const auto local = flag(root_, "localOnly");
  const auto splits = flag(root_, "splitEntities");
  if (!local || !splits) return std::unexpected((!local ? local : splits).error());
  if (entities.is_absent() && out_.watch.watched.empty() && !*local)
    return bad("entities: at least one of entities and watchedAttributes is needed (5.2.12)");
  return {};
}

Result<void> Reading::read_conditions() {
  if (const auto q = root_.find("q").text()) {
    std::vector<std::string> expanded;
    std::string_view rest = root_.find("expandValues").text().value_or("");
    while (!rest.empty()) {
      expanded.emplace_back(rest.substr(0, rest.find(',')));
      rest.remove_prefix(std::min(expanded.back().size() + 1, rest.size()));
    }
    auto parsed = twin::parse_q(*q, terms_, expanded);
    if (!parsed) return std::unexpected(parsed.error());
    out_.watch.query.q = *std::move(parsed);
  } else if (!root_.find("q").is_absent()) {
    return bad("q: a text is needed (4.9)");
  }
  if (const JsonValue geo = root_.find("geoQ"); !geo.is_absent()) {
    auto parsed = read_geo_query(geo, terms_);
    if (!parsed) return std::unexpected(parsed.error());
    out_.watch.query.geo = *std::move(parsed);
  }
  if (const JsonValue scope = root_.find("scopeQ"); !scope.is_absent()) {
    auto parsed = twin::ScopeQuery::parse(scope.text().value_or(""));
    if (!parsed) return std::unexpected(parsed.error());
    out_.watch.query.scope = *std::move(parsed);
  }
  return {};
}

// What only registrations of context sources are asked (5.2.21, 4.9).
Result<void> Reading::read_sources() {
  if (const auto csf = root_.find("csf").text()) {
    auto parsed = twin::parse_q(*csf, csf_terms_, {});
    if (!parsed) return bad("csf: " + parsed.error().message);
    out_.csf = *std::move(parsed);
  }
  const JsonValue temporal = root_.find("temporalQ");
  if (temporal.is_absent()) return {};
  if (!is_of_registrations_) return bad("temporalQ: in subscriptions to registrations of context sources only (5.2.12)");
  const auto relation = temporal.find("timerel").text().value_or("");
  const auto at = parse_date_time(temporal.find("timeAt").text().value_or(""));
  const auto end = parse_date_time(temporal.find("endTimeAt").text().value_or(""));
  const auto property = temporal.find("timeproperty").text().value_or("observedAt");
  if (relation != "before" && relation != "after" && relation != "between")
    return bad("temporalQ: timerel: one of before, after, between (4.11)");
  if (!at || (relation == "between" && (!end || *end < *at)))
    return bad("temporalQ: timeAt, and endTimeAt for between: times such as 2018-08-07T12:00:00Z are needed (4.11)");
  if (property != "observedAt" && property != "createdAt" && property != "modifiedAt" && property != "deletedAt")
    return bad("temporalQ: timeproperty: one of observedAt, createdAt, modifiedAt, deletedAt (4.8)");
  TemporalQuestion question{.is_of_management = property != "observedAt"};
  if (relation != "before") question.from_us = *at;
  if (relation == "before") question.until_us = *at;
  if (relation == "between") question.until_us = *end;
  out_.temporal = question;
  return {};
}

Result<void> Reading::read_triggers() {
  const JsonValue list = root_.find("notificationTrigger");
  if (list.is_absent()) return {};
  constexpr std::array<std::pair<std::string_view, std::uint8_t>, 6> kTriggers{
      {{"entityCreated", twin::trigger::kEntityCreated},
       {"entityUpdated", twin::trigger::kEntityUpdated},
       {"entityDeleted", twin::trigger::kEntityDeleted},
       {"attributeCreated", twin::trigger::kAttributeCreated},
       {"attributeUpdated", twin::trigger::kAttributeUpdated},
       {"attributeDeleted", twin::trigger::kAttributeDeleted}}};
  out_.watch.triggers = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto known = std::ranges::find(kTriggers, list[i].text().value_or(""), [](const auto& each) { return each.first; });
    if (known == kTriggers.end()) break;
    out_.watch.triggers |= known->second;
    if (i + 1 == list.size()) return {};
  }
  return bad(
      "notificationTrigger: an array of entityCreated, entityUpdated, entityDeleted, attributeCreated, attributeUpdated, "
      "attributeDeleted is needed (5.2.12)");
}

Result<void> Reading::read_times() {
  const auto throttling = positive(root_, "throttling", 0, kNotificationIntervalMaxS);
  const auto interval = positive(root_, "timeInterval", kNotificationIntervalMinS, kNotificationIntervalMaxS);
  if (!throttling || !interval) return std::unexpected((!throttling ? throttling : interval).error());
  if (*interval > 0 && *throttling > 0) return bad("throttling: not together with timeInterval (5.2.12)");
  if (*interval > 0 && !root_.find("watchedAttributes").is_absent())
    return bad("watchedAttributes: not together with timeInterval (5.2.12)");
  if (*interval > 0 && root_.find("entities").is_absent() && root_.find("localOnly").boolean() != true)
    return bad("entities: needed together with timeInterval (5.2.12)");
  out_.watch.throttling_us = std::llround(*throttling * 1e6);
  out_.watch.interval_us = std::llround(*interval * 1e6);
  if (const JsonValue expires = root_.find("expiresAt"); !expires.is_absent()) {
    const auto time = parse_date_time(expires.text().value_or(""));
    if (!time) return bad("expiresAt: a time such as 2030-08-07T12:00:00Z is needed (4.6.3)");
    out_.expires_us = out_.watch.expires_us = *time;
  }
  const JsonValue active = root_.find("isActive");
  if (!active.is_absent() && !active.boolean()) return bad("isActive: true or false is needed");
  out_.is_active = active.boolean().value_or(true);
  return {};
}

Result<void> Reading::read_notification() {
  const JsonValue notification = root_.find("notification");
  if (!notification.is_object()) return bad("notification: an object is needed (5.2.14)");
  NotificationForm& form = out_.form;
  if (const JsonValue format = notification.find("format"); !format.is_absent()) {
    const auto word = format.text().value_or("");
    if (word == "concise")
      form.kind = Form::concise;
    else if (word == "simplified" || word == "keyValues")
      form.kind = Form::simplified;
    else if (word != "normalized")
      return bad("format: one of normalized, concise, simplified, keyValues");
  }
  const auto system = flag(notification, "sysAttrs");
  const auto changes = flag(notification, "showChanges");
  if (!system || !changes) return std::unexpected((!system ? system : changes).error());
  form.shows_system_attributes = *system;
  form.shows_changes = *changes;
  if (form.shows_changes && form.kind == Form::simplified)
    return bad("showChanges: not together with the format keyValues or simplified (5.2.14)");
  if (const JsonValue join = notification.find("join"); !join.is_absent() && join.text() != "@none") {
    if (join.text() != "flat" && join.text() != "inline") return bad("join: one of flat, inline, @none");
    form.join = join.text() == "flat" ? Join::flat : Join::inline_;
  }
  if (const JsonValue level = notification.find("joinLevel"); !level.is_absent()) {
    const auto number = level.integer();
    if (!number || *number < 1 || *number > static_cast<std::int64_t>(kJoinLevelMax))
      return bad(fmt::format("joinLevel: 1 to {}", kJoinLevelMax));
    form.join_level = static_cast<std::size_t>(*number);
  }
  form.language = root_.find("lang").text().value_or("");
  const JsonValue datasets = root_.find("datasetId");
  for (std::size_t i = 0; i < datasets.size(); ++i) {
    const std::string_view dataset = datasets[i].text().value_or("");
    if (dataset != "@none")
      if (auto checked = check_uri("datasetId", dataset); !checked) return checked;
    form.datasets.emplace_back(dataset);
  }
  if (!datasets.is_absent() && form.datasets.empty()) return bad("datasetId: an array of URIs and \"@none\" is needed");
  return {};
}

Result<void> Reading::read_projection() {
  const JsonValue notification = root_.find("notification");
  const JsonValue attributes = notification.find("attributes");
  const JsonValue pick = notification.find("pick");
  const JsonValue omit = notification.find("omit");
  if (attributes.is_absent() && pick.is_absent() && omit.is_absent()) return {};
  if (!attributes.is_absent() && !(pick.is_absent() && omit.is_absent()))
    return bad("attributes: not together with pick or omit (5.2.14)");
  if (!pick.is_absent() && !omit.is_absent()) return bad("pick: not together with omit");
  const JsonValue list = !attributes.is_absent() ? attributes : pick.is_absent() ? omit : pick;
  Projection projection;
  projection.only = omit.is_absent();
  if (!pick.is_absent()) projection.id = projection.type = projection.scope = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string_view name = list[i].text().value_or("");
    bool* const member = attributes.is_absent() ? (name == "id"      ? &projection.id
                                                   : name == "type"  ? &projection.type
                                                   : name == "scope" ? &projection.scope
                                                                     : nullptr)
                                                : nullptr;
    if (member != nullptr)
      *member = projection.only;
    else
      projection.names.push_back(terms_.name(name));
  }
  out_.form.projection = std::move(projection);
  return {};
}

Result<void> Reading::read_receiver(JsonValue list) {
  auto fields = receiver_fields(list);
  if (!fields) return std::unexpected(fields.error());
  out_.form.fields = *std::move(fields);
  for (std::size_t i = 0; i < list.size(); ++i)
    if (net::equal_without_case(list[i].find("key").text().value_or(""), "Prefer") &&
        list[i].find("value").text().value_or("").contains("body=json") && out_.form.accept == MediaType::geo_json)
      out_.form.has_link = true;
  return {};
}

// Table 7.2-1; what else stands there says nothing to this node.
Result<void> Reading::read_notifier(JsonValue list) {
  if (list.is_absent()) return {};
  if (!list.is_array() || list.size() > kReceiverFieldsMax)
    return bad(fmt::format("notifierInfo: an array of at most {} objects with key and value (5.2.22)", kReceiverFieldsMax));
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto key = list[i].find("key").text();
    const auto value = list[i].find("value").text();
    if (!key || !value) return bad("notifierInfo: key and value are texts (5.2.22)");
    if (*key == "MQTT-QoS") {
      if (value->size() != 1 || value->front() < '0' || value->front() > '2')
        return bad("notifierInfo: MQTT-QoS: 0, 1 or 2 (7.2)");
      out_.form.mqtt_quality = static_cast<std::uint8_t>(value->front() - '0');
    } else if (*key == "MQTT-Version") {
      if (*value != "mqtt3.1.1" && *value != "mqtt5.0") return bad("notifierInfo: MQTT-Version: mqtt3.1.1 or mqtt5.0 (7.2)");
      out_.form.mqtt_version = *value == "mqtt5.0" ? net::MqttVersion::v5_0 : net::MqttVersion::v3_1_1;
    }
  }
  return {};
}

Result<void> Reading::read_endpoint() {
  const JsonValue endpoint = root_.find("notification").find("endpoint");
  const auto uri = endpoint.find("uri").text();
  if (!uri) return bad("notification: endpoint: uri: a URI is needed (5.2.15)");
  NotificationForm& form = out_.form;
  form.uri = *uri;
  if (const JsonValue accept = endpoint.find("accept"); !accept.is_absent()) {
    const auto type = accept.text().value_or("");
    if (type == "application/ld+json")
      form.accept = MediaType::ld_json;
    else if (type == "application/geo+json")
      form.accept = MediaType::geo_json;
    else if (type != "application/json")
      return bad("endpoint: accept: one of application/json, application/ld+json, application/geo+json");
  }
  form.has_link = form.accept == MediaType::json;
  form.is_mqtt = uri->starts_with("mqtt://") || uri->starts_with("mqtts://");
  if (form.is_mqtt && form.accept == MediaType::geo_json)
    return bad("endpoint: accept: application/json or application/ld+json, where notifications go by MQTT (7.2)");
  if (auto read = read_notifier(endpoint.find("notifierInfo")); !read) return read;
  constexpr double kLongestMs = 24 * 3600 * 1e3;
  const auto timeout = positive(endpoint, "timeout", 0, kLongestMs);
  const auto cooldown = positive(endpoint, "cooldown", 0, kLongestMs);
  if (!timeout || !cooldown) return std::unexpected((!timeout ? timeout : cooldown).error());
  form.request_time = std::chrono::milliseconds(std::llround(std::ceil(*timeout)));
  form.cooldown = std::chrono::milliseconds(std::llround(std::ceil(*cooldown)));
  if (const JsonValue context = root_.find("jsonldContext"); !context.is_absent()) {
    form.context_url = context.text().value_or("");
    if (auto checked = check_uri("jsonldContext", form.context_url); !checked) return checked;
  }
  return read_receiver(endpoint.find("receiverInfo"));
}

}  // namespace

Result<void> check_receiver_field(std::string_view key, std::string_view value) {
  constexpr std::array<std::string_view, 18> kOwn{"Host",
                                                  "Content-Length",
                                                  "Content-Type",
                                                  "Content-Encoding",
                                                  "Transfer-Encoding",
                                                  "Connection",
                                                  "Keep-Alive",
                                                  "Upgrade",
                                                  "TE",
                                                  "Trailer",
                                                  "Expect",
                                                  "Link",
                                                  "User-Agent",
                                                  "NGSILD-Tenant",
                                                  "NGSILD-Snapshot",
                                                  "Proxy-Connection",
                                                  "Proxy-Authorization",
                                                  "Date"};
  const auto is_token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
  };
  if (key.empty() || key.size() > kReceiverFieldBytesMax || !std::ranges::all_of(key, is_token))
    return bad("receiverInfo: key: the name of an HTTP field is needed (RFC 9110, 5.1)");
  if (std::ranges::any_of(kOwn, [&](std::string_view own) { return net::equal_without_case(own, key); }))
    return bad(fmt::format("receiverInfo: {}: the node sets this field itself", key));
  const auto is_plain = [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); };
  if (value.size() > kReceiverFieldBytesMax || !std::ranges::all_of(value, is_plain))
    return bad(fmt::format("receiverInfo: {}: at most {} printable ASCII characters, without line breaks", key,
                           kReceiverFieldBytesMax));
  return {};
}

Result<std::string> receiver_fields(JsonValue list) {
  std::string fields;
  if (list.is_absent()) return fields;
  if (!list.is_array() || list.size() > kReceiverFieldsMax)
    return bad(fmt::format("receiverInfo: an array of at most {} objects with key and value (5.2.22)", kReceiverFieldsMax));
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto key = list[i].find("key").text();
    const auto value = list[i].find("value").text();
    if (!key || !value) return bad("receiverInfo: key and value are texts (5.2.22)");
    if (auto checked = check_receiver_field(*key, *value); !checked) return std::unexpected(checked.error());
    fields += fmt::format("{}: {}\r\n", *key, *value);
  }
  return fields;
}

Result<Subscription> read_subscription(const SubscriptionDocument& document, twin::Names& names, bool is_of_registrations) {
  std::string text = "{";
  for (std::size_t i = 0; i < document.members.size(); ++i)
    text += fmt::format("{}\"{}\":{}", i > 0 ? "," : "", document.members[i].first, document.members[i].second);
  const auto read = base::JsonDocument::parse(text + "}", kEntityJsonDepthMax);
  if (!read) return std::unexpected(read.error());
  const KeptTerms terms(document.terms, names);
  const KeptTerms csf_terms(document.terms, names, kCsfTerm);
  return Reading(read->root(), terms, csf_terms, is_of_registrations).run();
}

}  // namespace citiverse::api::ngsi_ld
