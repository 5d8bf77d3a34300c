// Opening the twin for a node: listeners are added before the first write, routes after all of them.
#include "node_twin.h"

#include <chrono>
#include <random>

#include <fmt/format.h>

#include "api/live/history_routes.h"
#include "api/live/live_routes.h"
#include "api/ngsi_ld/context_fetch.h"
#include "api/rules/rule_routes.h"
#include "base/file.h"
#include "base/log.h"
#include "twin/rules/past_values.h"

namespace citiverse {
namespace {

twin::TimeUs real_time_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

twin::TimeUs steady_time_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

constexpr std::chrono::milliseconds kTickTime{100};
constexpr std::uint64_t kTicksBetweenSweeps = 10;

// Made once and kept, since brokers know this node by it (ETSI GS CIM 009 V1.9.1, 5.2.40).
base::Result<std::string> node_name(const std::filesystem::path& folder) {
  const auto path = folder / "node_name";
  constexpr std::size_t kNameBytesMax = 64;
  auto known = base::read_file(path, kNameBytesMax);
  if (known || known.error().code != base::ErrorCode::not_found) return known;
  std::random_device device;
  const std::string name = fmt::format("citiverse-{:08x}{:08x}", device(), device());
  if (auto written = base::write_file_atomically(path, name); !written) return std::unexpected(written.error());
  return name;
}

void add_notification_metrics(net::Metrics& metrics, const api::ngsi_ld::SubscriptionBook& book,
                              const net::Notifier& notifier) {
  metrics.add_value("citiverse_subscriptions", "Subscriptions that are kept.", "gauge",
                    [&book] { return static_cast<double>(book.size()); });
  metrics.add_value("citiverse_subscriptions_active", "Subscriptions that are watched for.", "gauge",
                    [&book] { return static_cast<double>(book.active()); });
  metrics.add_value("citiverse_notifications_lost_total",
                    "Changes that were not told, since too many things changed while a throttled subscription had to wait.",
                    "counter", [&book] { return static_cast<double>(book.lost()); });
  using Counts = net::NotifierCounts;
  const auto add = [&](const char* name, const char* help, const char* type, std::uint64_t Counts::* count) {
    metrics.add_value(name, help, type, [&notifier, count] { return static_cast<double>(notifier.counts().*count); });
  };
  add("citiverse_notifications_due_total", "Notifications to send: delivered, dropped, replaced and waiting together.",
      "counter", &Counts::due);
  add("citiverse_notifications_delivered_total", "Notifications that were answered with 2xx.", "counter", &Counts::delivered);
  add("citiverse_notifications_dropped_total", "Dead letters: refused, given up, or too many waited.", "counter",
      &Counts::dropped);
  add("citiverse_notifications_replaced_total", "Notifications replaced by newer ones while they waited.", "counter",
      &Counts::replaced);
  add("citiverse_notifications_waiting", "Notifications that wait or are under way.", "gauge", &Counts::waiting);
  add("citiverse_notifications_retried_total", "Attempts after a failed one.", "counter", &Counts::retried);
  add("citiverse_notification_endpoints", "Endpoints that were told lately.", "gauge", &Counts::endpoints);
  add("citiverse_notification_endpoints_resting", "Of these, those that failed too often in a row.", "gauge", &Counts::resting);
}

}  // namespace

base::Result<std::unique_ptr<NodeTwin>> NodeTwin::open(const TwinOptions& options, const city::City& city,
                                                       identity::Identity& people, net::Metrics& metrics) {
  std::unique_ptr<NodeTwin> node(new NodeTwin);
  twin::journal::Recovered recovered;
  const twin::history::Options of_history{.folder = options.folder / "history",
                                          .clock = real_time_us,
                                          .waits_for_disk = options.durability != twin::Durability::memory,
                                          .retention = options.retention};
  auto both = twin::history::open_with_history(real_time_us, options.durability, options.folder, of_history, recovered);
  if (!both) return std::unexpected(both.error());
  node->history_ = std::move(both->history);
  node->store_ = std::move(both->store);
  if (recovered.torn_bytes > 0)
    base::log(base::LogLevel::warning, "twin_torn",
              {{"bytes", static_cast<std::int64_t>(recovered.torn_bytes)},
               {"meaning", "a write that nobody was told of was cut off at the end of the log"}});
  node->api_.emplace(api::TwinApi{*node->store_, [&people](const net::Visitor& visitor, std::string_view tenant) {
                                    if (visitor.machine == 0)
                                      return identity::allows(identity::Permission::write_live_values, visitor.roles);
                                    const auto machine = people.machines().get({visitor.machine});
                                    return machine != nullptr && machine->may_use_tenant(tenant);
                                  }});
  const bool has_hosts = !options.context_hosts.empty();
  node->contexts_.emplace(api::ngsi_ld::ContextStore::Options{.folder = options.folder / "contexts",
                                                              .allowed_hosts = has_hosts ? options.context_hosts
                                                                                         : api::ngsi_ld::usual_context_hosts(),
                                                              .fetch = api::ngsi_ld::fetch_by_http({}),
                                                              .now_us = real_time_us},
                          node->store_->names());
  node->live_ = std::make_unique<api::LiveHub>(*node->store_);
  node->feed_history(metrics);
  node->ngsi_ld_.emplace(api::ngsi_ld::NgsiLdApi{*node->api_, *node->contexts_, node->history_.get()});
  auto name = node_name(options.folder);
  if (!name) return std::unexpected(name.error());
  node->ngsi_ld_->node_name = *std::move(name);
  node->ngsi_ld_->entity_maps = &node->entity_maps_.emplace(real_time_us);
  node->sensor_things_.emplace(api::sensor_things::SensorThingsApi{*node->api_, *node->history_, options.public_origin});
  if (auto opened = node->open_subscriptions(options, metrics); !opened) return std::unexpected(opened.error());
  if (auto opened = node->open_registrations(options, metrics); !opened) return std::unexpected(opened.error());
  node->ngsi_ld_->snapshots = &node->snapshots_.emplace(real_time_us, node->notifier_.get());
  node->start_ticking(metrics);
  if (auto opened = node->open_alerts(options, people); !opened) return std::unexpected(opened.error());
  if (auto opened = node->open_rules(options, city, metrics); !opened) return std::unexpected(opened.error());
  metrics.add_value("citiverse_live_streams", "Readers of live values.", "gauge",
                    [&live = *node->live_] { return static_cast<double>(live.streams()); });
  metrics.add_value("citiverse_twin_entities", "Entities of the default tenant.", "gauge",
                    [&store = *node->store_] { return static_cast<double>(store.size(twin::kDefaultTenant)); });
  return node;
}

base::Result<void> NodeTwin::open_subscriptions(const TwinOptions& options, net::Metrics& metrics) {
  auto records = twin::SubscriptionRecords::open(options.folder / "subscriptions.db");
  if (!records) return std::unexpected(records.error());
  records_ = *std::move(records);
  notifier_ = std::make_unique<net::Notifier>(options.notifier);
  using api::ngsi_ld::SubscriptionBook;
  subscriptions_ = std::make_unique<SubscriptionBook>(
      SubscriptionBook::Options{
          .now_us = real_time_us, .steady_us = steady_time_us, .origin = options.public_origin, .records = records_.get()},
      *store_, *contexts_, *notifier_);
  if (auto loaded = subscriptions_->load(); !loaded) return loaded;
  store_->listen([book = subscriptions_.get()](std::span<const twin::Change> changes) { book->on_changes(changes); });
  ngsi_ld_->subscriptions = subscriptions_.get();
  add_notification_metrics(metrics, *subscriptions_, *notifier_);
  return {};
}

base::Result<void> NodeTwin::open_registrations(const TwinOptions& options, net::Metrics& metrics) {
  auto records = twin::SubscriptionRecords::open(options.folder / "registrations.db");
  if (!records) return std::unexpected(records.error());
  registration_records_ = *std::move(records);
  using namespace api::ngsi_ld;
  registrations_ = std::make_unique<RegistrationBook>(
      RegistrationBook::Options{.now_us = real_time_us, .records = registration_records_.get()}, *store_);
  if (auto loaded = registrations_->load(); !loaded) return loaded;
  auto subscription_records = twin::SubscriptionRecords::open(options.folder / "registration_subscriptions.db");
  if (!subscription_records) return std::unexpected(subscription_records.error());
  registration_subscription_records_ = *std::move(subscription_records);
  registration_subscriptions_ = std::make_unique<RegistrationSubscriptionBook>(
      SubscriptionBook::Options{.now_us = real_time_us,
                                .steady_us = steady_time_us,
                                .origin = options.public_origin,
                                .records = registration_subscription_records_.get()},
      *store_, *contexts_, *notifier_, *registrations_);
  if (auto loaded = registration_subscriptions_->load(); !loaded) return loaded;
  registrations_->listen(
      [book = registration_subscriptions_.get()](const RegistrationChange& change) { book->on_change(change); });
  ngsi_ld_->registrations = registrations_.get();
  ngsi_ld_->registration_subscriptions = registration_subscriptions_.get();
  metrics.add_value("citiverse_context_sources", "Registrations of context sources.", "gauge",
                    [&book = *registrations_] { return static_cast<double>(book.size()); });
  return {};
}

// What the store holds already is noted on the thread that ticks, so that a node is ready without waiting for it.
void NodeTwin::start_ticking(net::Metrics& metrics) {
  expiry_ = std::make_unique<twin::Expiry>(*store_);
  store_->listen([expiry = expiry_.get()](std::span<const twin::Change> changes) { expiry->on_changes(changes); });
  metrics.add_value("citiverse_twin_transient", "Entities of which something expires.", "gauge",
                    [expiry = expiry_.get()] { return static_cast<double>(expiry->waiting()); });
  ticking_ = std::jthread([this](const std::stop_token& stop) {
    expiry_->load();
    for (std::uint64_t ticks = 0; !stop.stop_requested(); ++ticks) {
      std::this_thread::sleep_for(kTickTime);
      subscriptions_->tick();
      registration_subscriptions_->tick();
      if (ticks % kTicksBetweenSweeps != 0) continue;
      expiry_->sweep();
      registrations_->tick();
      snapshots_->tick();
    }
  });
}

void NodeTwin::feed_history(net::Metrics& metrics) {
  const auto fed = twin::history::feed_history(*store_, *history_);
  metrics.add_value("citiverse_history_bytes", "History in files.", "gauge",
                    [&kept = *history_] { return static_cast<double>(kept.figures().bytes); });
  metrics.add_value("citiverse_history_values", "Single values that history holds.", "gauge", [&kept = *history_] {
    const auto figures = kept.figures();
    return static_cast<double>(figures.points + figures.open_points);
  });
  metrics.add_value("citiverse_history_lost", "Changes that history could not keep.", "counter",
                    [fed] { return static_cast<double>(fed->lost.load()); });
}

base::Result<void> NodeTwin::open_alerts(const TwinOptions& options, identity::Identity& people) {
  auto book = twin::AlertBook::open(options.folder / "alerts.db");
  if (!book) return std::unexpected(book.error());
  alert_book_ = *std::move(book);
  alerts_.emplace(*alert_book_, people);
  people.erasure().add(*alerts_);
  return {};
}

base::Result<void> NodeTwin::open_rules(const TwinOptions& options, const city::City& city, net::Metrics& metrics) {
  std::vector<twin::rules::Rule> rules;
  if (!options.rules.empty()) {
    auto read = api::rules::read_rules_file(options.rules, store_->names(), api::rules::areas_in(city));
    if (!read) return std::unexpected(read.error());
    rules = *std::move(read);
  }
  deriver_ = std::make_unique<twin::rules::Deriver>(*store_, std::move(rules),
                                                    twin::rules::past_values_in(*history_, store_->names()));
  store_->listen([deriver = deriver_.get()](std::span<const twin::Change> changes) { deriver->on_changes(changes); });
  using twin::rules::DeriverFigures;
  const auto count = [&](const char* name, const char* help, std::atomic<std::uint64_t> DeriverFigures::* figure) {
    metrics.add_value(name, help, "counter",
                      [&figures = deriver_->figures(), figure] { return static_cast<double>((figures.*figure).load()); });
  };
  count("citiverse_derived_values_total", "Values that rules have given.", &DeriverFigures::written);
  count("citiverse_derived_conflicts_total", "Of them, those left out since another has written the attribute.",
        &DeriverFigures::conflicts);
  count("citiverse_derived_left_out_total", "Values that did not fit into windows and counts.", &DeriverFigures::left_out);
  count("citiverse_derived_lost_total", "Changes that rules did not see one by one.", &DeriverFigures::lost);
  return {};
}

void NodeTwin::start() {
  deriving_ = std::jthread([deriver = deriver_.get()](const std::stop_token& stop) { deriver->run(stop); });
}

// Each standard's routes in a line of their own.
void NodeTwin::add_routes(net::Router& router) {
  api::add_live_routes(router, *live_, history_.get());
  api::ngsi_ld::add_ngsi_ld_routes(router, *ngsi_ld_);
  api::sensor_things::add_sensor_things_routes(router, *sensor_things_);
  api::add_history_routes(router, *store_, *history_);
  api::add_alert_routes(router, *alerts_);
  api::rules::add_rule_routes(router, deriver_->rules(), store_->names());
}

}  // namespace citiverse
