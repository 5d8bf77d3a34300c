// A document is on the disk before it is watched, and not watched any more before it is gone from there.
#include "api/ngsi_ld/subscription_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/kept_subscription.h"
#include "base/log.h"

namespace citiverse::api::ngsi_ld {
namespace {

constexpr std::string_view kLocation = "https://uri.etsi.org/ngsi-ld/location";

}  // namespace

SubscriptionBook::SubscriptionBook(Options options, twin::Store& store, ContextStore& contexts, net::Notifier& notifier)
    : options_(std::move(options)),
      store_(store),
      contexts_(contexts),
      notifier_(notifier),
      watching_(store, store.names().intern(kLocation), options_.steady_us,
                [this](twin::InterestId watch, std::span<const twin::Noticed> noticed) { tell(watch, noticed); }),
      written_(std::make_unique<Written>()) {}

SubscriptionBook::~SubscriptionBook() {
  if (auto saved = save_counts(); !saved)
    base::log(base::LogLevel::warning, "subscription_counts", {{"reason", std::string_view(saved.error().message)}});
}

base::Result<void> SubscriptionBook::choose_context(Kept& kept, bool is_loading) {
  const std::string& url = kept.subscription.form.context_url;
  base::Result<ContextPtr> context = kept.context;
  if (!url.empty()) {
    context = contexts_.by_url(url);
  } else {
    const auto value = base::JsonDocument::parse(kept.document.context, kEntityJsonDepthMax);
    context = value ? contexts_.of_value(value->root()) : base::Result<ContextPtr>(std::unexpected(value.error()));
  }
  kept.has_context = context.has_value();
  if (!context && !is_loading) return std::unexpected(context.error());
  // Until it can be had, names are told in full.
  kept.context = context ? *context : contexts_.core();
  const NotificationForm& form = kept.subscription.form;
  kept.fields = form.fields;
  if (!kept.tenant_name.empty()) kept.fields += fmt::format("NGSILD-Tenant: {}\r\n", kept.tenant_name);
  if (form.has_link) {
    const auto address = contexts_.address_of(*kept.context);
    if (!address && !is_loading) return std::unexpected(address.error());
    if (address)
      kept.fields += fmt::format("Link: <{}{}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"\r\n",
                                 address->starts_with('/') ? options_.origin : "", *address);
  }
  // Without showing changes, and linked to nothing, entities look as their form says.
  const auto* notification = find_member(kept.document.members, "notification");
  if (!form.shows_changes && form.join == Join::none && kept.subscription.watch.triggers == twin::trigger::kDefault)
    kept.look = fmt::format("{} {} {} {}", static_cast<const void*>(kept.context.get()), form.language,
                            fmt::join(form.datasets, ","), form.shows_system_attributes);
  if (!kept.look.empty() && notification != nullptr) {
    kept.look += fmt::format(" {} {}", static_cast<int>(form.kind), static_cast<int>(form.accept));
    if (form.projection)
      kept.look += fmt::format(" {}{}{}{} {}", form.projection->id, form.projection->type, form.projection->scope,
                               form.projection->only, fmt::join(form.projection->names, ","));
  }
  return {};
}

base::Result<SubscriptionBook::KeptPtr> SubscriptionBook::make(twin::TenantId tenant, std::string id,
                                                               SubscriptionDocument document, bool is_loading) {
  auto read = read_subscription(document, store_.names(), options_.is_of_registrations);
  if (!read) return std::unexpected(read.error());
  if (auto checked = notifier_.check(read->form.uri); !checked && !is_loading)
    return base::fail(base::ErrorCode::bad_input, "notification: endpoint: uri: " + checked.error().message);
  auto kept = std::make_shared<Kept>();
  kept->tenant = tenant;
  kept->tenant_name = store_.tenant_name(tenant).value_or("");
  kept->id = std::move(id);
  kept->document = std::move(document);
  kept->subscription = *std::move(read);
  kept->subscription.watch.tenant = tenant;
  kept->watched = kept->subscription.watch.watched;
  if (auto chosen = choose_context(*kept, is_loading); !chosen) return std::unexpected(chosen.error());
  return kept;
}

base::Result<void> SubscriptionBook::save(const Kept& kept) {
  if (options_.records == nullptr) return {};
  twin::SubscriptionRecord record{.tenant = kept.tenant_name,
                                  .id = kept.id,
                                  .document = kept.document.text(),
                                  .created_us = kept.created_us,
                                  .modified_us = kept.modified_us,
                                  .counts = {}};
  {
    const std::lock_guard lock(kept.counted->mutex);
    record.counts = kept.counted->counts;
  }
  return options_.records->put(record);
}

void SubscriptionBook::watch(Kept& kept) {
  if (!kept.subscription.is_active || status_of(kept) != "active") return;
  auto watch = watching_.add(std::move(kept.subscription.watch));
  if (watch) kept.watch = *watch;
}

void SubscriptionBook::unwatch(Kept& kept) {
  if (kept.watch == 0) return;
  watching_.remove(kept.watch);
  forget_watch(kept);
}

void SubscriptionBook::forget_watch(Kept& kept) {
  watches_.erase(kept.watch);
  kept.watch = 0;
}

base::Result<SubscriptionBook::KeptPtr> SubscriptionBook::read_record(const twin::SubscriptionRecord& record) {
  const auto tenant = store_.tenant(record.tenant);
  if (!tenant) return std::unexpected(tenant.error());
  auto document = SubscriptionDocument::parse(record.document);
  if (!document) return std::unexpected(document.error());
  return make(*tenant, record.id, *std::move(document), true);
}

base::Result<void> SubscriptionBook::load() {
  if (options_.records == nullptr) return {};
  auto records = options_.records->all();
  if (!records) return std::unexpected(records.error());
  for (twin::SubscriptionRecord& record : *records) {
    auto kept = read_record(record);
    if (!kept) {
      // It stays on the disk, for a program that reads it.
      base::log(base::LogLevel::warning, "subscription_unread", {{"reason", std::string_view(kept.error().message)}});
      continue;
    }
    (*kept)->created_us = record.created_us;
    (*kept)->modified_us = record.modified_us;
    (*kept)->counted->counts = record.counts;
    const std::lock_guard lock(mutex_);
    watch(**kept);
    if ((*kept)->watch != 0) watches_.emplace((*kept)->watch, *kept);
    kept_.emplace(Key((*kept)->tenant, record.id), *kept);
  }
  return {};
}

base::Result<std::string> SubscriptionBook::add(twin::TenantId tenant, SubscriptionDocument document) {
  const std::lock_guard changing(changing_mutex_);
  auto named = id_of_new(document.members, "Subscription");
  if (!named) return named;
  const std::string& id = *named;
  {
    const std::lock_guard lock(mutex_);
    if (kept_.contains(Key(tenant, id))) return base::fail(base::ErrorCode::conflict, "id: there is a subscription of this id");
    if (kept_.size() >= twin::Subscriptions::kSubscriptionsMax)
      return base::fail(base::ErrorCode::limit,
                        fmt::format("this node keeps {} subscriptions at most", twin::Subscriptions::kSubscriptionsMax));
  }
  auto kept = make(tenant, id, std::move(document), false);
  if (!kept) return std::unexpected(kept.error());
  const twin::TimeUs now_us = options_.now_us();
  if ((*kept)->subscription.expires_us != twin::kNoTime && (*kept)->subscription.expires_us <= now_us)
    return base::fail(base::ErrorCode::bad_input, "expiresAt: a time to come is needed");
  (*kept)->created_us = (*kept)->modified_us = now_us;
  if (auto saved = save(**kept); !saved) return std::unexpected(saved.error());
  const std::lock_guard lock(mutex_);
  watch(**kept);
  if ((*kept)->watch != 0) watches_.emplace((*kept)->watch, *kept);
  kept_.emplace(Key(tenant, id), *kept);
  return id;
}

base::Result<void> SubscriptionBook::change(twin::TenantId tenant, std::string_view id, const JsonMembers& fragment,
                                            const std::map<std::string, std::string>& terms) {
  const std::lock_guard changing(changing_mutex_);
  KeptPtr before;
  {
    const std::lock_guard lock(mutex_);
    const auto place = kept_.find(Key(tenant, id));
    if (place == kept_.end()) return base::fail(base::ErrorCode::not_found, "there is no such subscription");
    before = place->second;
  }
  SubscriptionDocument document = before->document;
  replace_members(document.members, fragment);
  replace_terms(document.terms, fragment, terms);
  auto after = make(tenant, before->id, std::move(document), false);
  if (!after) return std::unexpected(after.error());
  const twin::TimeUs now_us = options_.now_us();
  const std::string* expires = find_member(fragment, "expiresAt");
  if (expires != nullptr && *expires != "null" && (*after)->subscription.expires_us <= now_us)
    return base::fail(base::ErrorCode::bad_input, "expiresAt: a time to come is needed (5.8.2)");
  (*after)->created_us = before->created_us;
  (*after)->modified_us = fragment.empty() ? before->modified_us : now_us;
  (*after)->counted = before->counted;
  if (auto saved = save(**after); !saved) return saved;
  const std::lock_guard lock(mutex_);
  unwatch(*before);
  watch(**after);
  if ((*after)->watch != 0) watches_.emplace((*after)->watch, *after);
  kept_[Key(tenant, id)] = *after;
  return {};
}

base::Result<void> SubscriptionBook::remove(twin::TenantId tenant, std::string_view id) {
  const std::lock_guard changing(changing_mutex_);
  KeptPtr kept;
  {
    const std::lock_guard lock(mutex_);
    const auto place = kept_.find(Key(tenant, id));
    if (place == kept_.end()) return base::fail(base::ErrorCode::not_found, "there is no such subscription");
    kept = place->second;
  }
  if (options_.records != nullptr)
    if (auto removed = options_.records->remove(kept->tenant_name, id); !removed) return removed;
  const std::lock_guard lock(mutex_);
  unwatch(*kept);
  kept_.erase(Key(tenant, id));
  return {};
}

std::string_view SubscriptionBook::status_of(const Kept& kept) const {
  const twin::TimeUs expires_us = kept.subscription.expires_us;
  if (expires_us != twin::kNoTime && expires_us <= options_.now_us()) return "expired";
  return kept.subscription.is_active ? "active" : "paused";
}

SubscriptionView SubscriptionBook::view_of(const Kept& kept) const {
  SubscriptionView view{.id = kept.id,
                        .document = kept.document,
                        .status = status_of(kept),
                        .has_triggers = !options_.is_of_registrations,
                        .created_us = kept.created_us,
                        .modified_us = kept.modified_us,
                        .counts = {}};
  const std::lock_guard lock(kept.counted->mutex);
  view.counts = kept.counted->counts;
  return view;
}

SubscriptionBook::KeptPtr SubscriptionBook::watched_by(twin::InterestId watch) const {
  const std::lock_guard lock(mutex_);
  const auto place = watches_.find(watch);
  return place == watches_.end() ? nullptr : place->second;
}

std::optional<SubscriptionView> SubscriptionBook::find(twin::TenantId tenant, std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto place = kept_.find(Key(tenant, id));
  if (place == kept_.end()) return std::nullopt;
  return view_of(*place->second);
}

std::vector<SubscriptionView> SubscriptionBook::list(twin::TenantId tenant, std::size_t offset, std::size_t limit,
                                                     std::size_t& count) const {
  std::vector<SubscriptionView> views;
  count = 0;
  const std::lock_guard lock(mutex_);
  for (auto each = kept_.lower_bound(Key(tenant, "")); each != kept_.end() && each->first.first == tenant; ++each, ++count)
    if (count >= offset && views.size() < limit) views.push_back(view_of(*each->second));
  return views;
}

std::size_t SubscriptionBook::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace citiverse::api::ngsi_ld
