// A registration is on the disk before anybody can find it, and cannot be found any more before it is gone from there.
#include "api/ngsi_ld/registration_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/entity_reader.h"
#include "base/log.h"
#include "twin/expiry.h"

namespace citiverse::api::ngsi_ld {

RegistrationBook::RegistrationBook(Options options, twin::Store& store) : options_(std::move(options)), store_(store) {}

base::Result<std::shared_ptr<KeptRegistration>> RegistrationBook::make(twin::TenantId tenant, std::string id,
                                                                       RegistrationDocument document) {
  auto read = read_registration(document, store_.names());
  if (!read) return std::unexpected(read.error());
  auto kept = std::make_shared<KeptRegistration>();
  kept->tenant = tenant;
  kept->tenant_name = store_.tenant_name(tenant).value_or("");
  kept->id = std::move(id);
  kept->document = std::move(document);
  kept->registration = *std::move(read);
  kept->registration.properties.id = kept->id;
  return kept;
}

bool RegistrationBook::holds_an_entity_of(const KeptRegistration& registration, const RegistrationInfo& info) const {
  bool is_held = false;
  const twin::TimeUs now_us = options_.now_us();
  store_.scan(registration.tenant, narrowing_of(info), 0, [&](twin::Slot, const twin::EntityPtr& kept) {
    const twin::EntityPtr entity = twin::without_expired(kept, now_us);
    is_held = entity != nullptr && is_claimed(info, *entity);
    return !is_held;
  });
  return is_held;
}

// 5.9.2.4 and 5.9.3.4: a proxied source has what it has alone.
base::Result<void> RegistrationBook::check(const KeptRegistration& registration) const {
  const Registration& mine = registration.registration;
  if (mine.mode != RegistrationMode::exclusive && mine.mode != RegistrationMode::redirect) return {};
  {
    const std::lock_guard lock(mutex_);
    for (auto each = kept_.lower_bound(Key(registration.tenant, ""));
         each != kept_.end() && each->first.first == registration.tenant; ++each)
      if (each->first.second != registration.id && !has_expired(*each->second) &&
          claim_the_same(mine, each->second->registration))
        return base::fail(base::ErrorCode::denied,
                          "information: another source is registered for the same attributes of this entity (4.3.6.3)");
  }
  for (const RegistrationInfo& info : mine.information)
    if (holds_an_entity_of(registration, info))
      return base::fail(base::ErrorCode::denied,
                        "information: this node holds an entity that the source would have alone (5.9.2.4)");
  return {};
}

bool RegistrationBook::has_expired(const KeptRegistration& registration) const {
  const twin::TimeUs expires_us = registration.registration.expires_us;
  return expires_us != twin::kNoTime && expires_us <= options_.now_us();
}

base::Result<void> RegistrationBook::save(const KeptRegistration& registration) {
  if (options_.records == nullptr) return {};
  return options_.records->put({.tenant = registration.tenant_name,
                                .id = registration.id,
                                .document = registration.document.text(),
                                .created_us = registration.created_us,
                                .modified_us = registration.modified_us,
                                .counts = {}});
}

void RegistrationBook::publish(RegistrationPtr before, RegistrationPtr after) {
  RegistrationChange change{.sequence = 0, .before = std::move(before), .after = std::move(after)};
  {
    const std::lock_guard lock(mutex_);
    const KeptRegistration& either = change.after ? *change.after : *change.before;
    if (change.after)
      kept_[Key(either.tenant, either.id)] = change.after;
    else
      kept_.erase(Key(either.tenant, either.id));
    change.sequence = ++sequence_;
  }
  for (const auto& listener : listeners_) listener(change);
}

base::Result<void> RegistrationBook::load() {
  if (options_.records == nullptr) return {};
  auto records = options_.records->all();
  if (!records) return std::unexpected(records.error());
  for (const twin::SubscriptionRecord& record : *records) {
    const auto tenant = store_.tenant(record.tenant);
    auto document = RegistrationDocument::parse(record.document);
    auto kept = !tenant     ? std::unexpected(tenant.error())
                : !document ? std::unexpected(document.error())
                            : make(*tenant, record.id, *std::move(document));
    if (!kept) {
      // It stays on the disk, for a program that reads it.
      base::log(base::LogLevel::warning, "registration_unread", {{"reason", std::string_view(kept.error().message)}});
      continue;
    }
    (*kept)->created_us = record.created_us;
    (*kept)->modified_us = record.modified_us;
    publish(nullptr, *std::move(kept));
  }
  return {};
}

base::Result<std::string> RegistrationBook::add(twin::TenantId tenant, RegistrationDocument document) {
  const std::lock_guard changing(changing_mutex_);
  auto named = id_of_new(document.members, "ContextSourceRegistration");
  if (!named) return named;
  const std::string& id = *named;
  if (find(tenant, id) != nullptr) return base::fail(base::ErrorCode::conflict, "id: there is a registration of this id");
  if (size() >= kRegistrationsMax)
    return base::fail(base::ErrorCode::limit, fmt::format("this node keeps {} registrations at most", kRegistrationsMax));
  auto kept = make(tenant, id, std::move(document));
  if (!kept) return std::unexpected(kept.error());
  if (has_expired(**kept)) return base::fail(base::ErrorCode::bad_input, "expiresAt: a time to come is needed (5.9.2.4)");
  if (auto checked = check(**kept); !checked) return std::unexpected(checked.error());
  (*kept)->created_us = (*kept)->modified_us = options_.now_us();
  if (auto saved = save(**kept); !saved) return std::unexpected(saved.error());
  publish(nullptr, *std::move(kept));
  return id;
}

base::Result<void> RegistrationBook::change(twin::TenantId tenant, std::string_view id, const JsonMembers& fragment) {
  const std::lock_guard changing(changing_mutex_);
  const RegistrationPtr before = find(tenant, id);
  if (before == nullptr) return base::fail(base::ErrorCode::not_found, "there is no such registration");
  RegistrationDocument document = before->document;
  replace_members(document.members, fragment);
  auto after = make(tenant, before->id, std::move(document));
  if (!after) return std::unexpected(after.error());
  if (has_expired(**after)) return base::fail(base::ErrorCode::bad_input, "expiresAt: a time to come is needed (5.9.2.4)");
  if (auto checked = check(**after); !checked) return checked;
  (*after)->created_us = before->created_us;
  (*after)->modified_us = options_.now_us();
  if (auto saved = save(**after); !saved) return saved;
  publish(before, *std::move(after));
  return {};
}

base::Result<void> RegistrationBook::remove(twin::TenantId tenant, std::string_view id) {
  const std::lock_guard changing(changing_mutex_);
  const RegistrationPtr before = find(tenant, id);
  if (before == nullptr) return base::fail(base::ErrorCode::not_found, "there is no such registration");
  if (options_.records != nullptr)
    if (auto removed = options_.records->remove(before->tenant_name, id); !removed) return removed;
  publish(before, nullptr);
  return {};
}

RegistrationPtr RegistrationBook::find(twin::TenantId tenant, std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto place = kept_.find(Key(tenant, id));
  return place == kept_.end() || has_expired(*place->second) ? nullptr : place->second;
}

std::vector<FittingRegistration> RegistrationBook::fitting(twin::TenantId tenant, const RegistrationQuestion& question,
                                                           std::uint64_t* sequence) const {
  std::vector<RegistrationPtr> all;
  {
    const std::lock_guard lock(mutex_);
    for (auto each = kept_.lower_bound(Key(tenant, "")); each != kept_.end() && each->first.first == tenant; ++each)
      if (!has_expired(*each->second)) all.push_back(each->second);
    if (sequence != nullptr) *sequence = sequence_;
  }
  std::vector<FittingRegistration> fitting;
  for (RegistrationPtr& each : all) {
    auto information = fitting_information(each->registration, question, store_.names());
    if (!information.empty()) fitting.push_back({std::move(each), std::move(information)});
  }
  return fitting;
}

std::size_t RegistrationBook::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

std::uint64_t RegistrationBook::sequence() const {
  const std::lock_guard lock(mutex_);
  return sequence_;
}

void RegistrationBook::tick() {
  std::vector<RegistrationPtr> expired;
  const std::lock_guard changing(changing_mutex_);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, kept] : kept_)
      if (has_expired(*kept)) expired.push_back(kept);
  }
  for (RegistrationPtr& each : expired) {
    // Where the disk refuses it is tried again; nobody finds it meanwhile.
    if (options_.records != nullptr && !options_.records->remove(each->tenant_name, each->id)) continue;
    publish(std::move(each), nullptr);
  }
}

}  // namespace citiverse::api::ngsi_ld
