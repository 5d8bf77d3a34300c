// Machines in memory and on the disk. A token's hash is all that is kept of it.
#include "identity/machines.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include <fmt/format.h>
#include <sodium.h>

#include "base/text.h"
#include "identity/account_rows.h"
#include "identity/sessions.h"
#include "identity/unicode_forms.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;
using storage::Database;

constexpr std::array<Permission, 1> kMachinePermissions{Permission::write_live_values};

// Plain: the token has 256 random bits, so that there is nothing to guess.
std::string hash_of(std::string_view token) {
  std::array<unsigned char, 32> hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(), nullptr, 0);
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::optional<Permission> permission_from(std::string_view name) {
  for (const Permission permission : kMachinePermissions)
    if (policy_of(permission).name == name) return permission;
  return std::nullopt;
}

template <class OnWord>
void each_word(std::string_view text, OnWord&& on_word) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) on_word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string permission_words(const Machine& machine) {
  std::string text;
  for (const Permission permission : machine.permissions) text.append(policy_of(permission).name).append(" ");
  return text;
}
std::string tenant_words(const Machine& machine) {
  std::string text;
  for (const std::string& tenant : machine.tenants) text.append(tenant).append(" ");
  return text;
}

Machine machine_from(const storage::Statement& row) {
  Machine machine;
  machine.id = {static_cast<std::uint64_t>(row.integer(0))};
  machine.name = row.text(1);
  each_word(row.text(2), [&](std::string_view word) {
    if (const auto permission = permission_from(word)) machine.permissions.push_back(*permission);
  });
  each_word(row.text(3), [&](std::string_view word) { machine.tenants.emplace_back(word); });
  machine.organisation = {static_cast<std::uint64_t>(row.integer(4))};
  machine.requests_per_second = static_cast<std::uint32_t>(row.integer(5));
  machine.made_at = Time(std::chrono::seconds(row.integer(6)));
  machine.expires_at = Time(std::chrono::seconds(row.integer(7)));
  return machine;
}

Result<void> refuse_bad_tenants(const std::vector<std::string>& tenants) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  const auto is_name = [&](const std::string& tenant) {
    return tenant == "*" ||
           (!tenant.empty() && tenant.size() <= kMachineTenantBytesMax && std::ranges::all_of(tenant, is_plain));
  };
  if (tenants.size() <= kMachineTenantsMax && std::ranges::all_of(tenants, is_name)) return {};
  return base::fail(
      ErrorCode::bad_input,
      fmt::format("tenants: at most {}, each of the characters a-z, A-Z, 0-9, _ and -, or * for all", kMachineTenantsMax));
}

// What was asked, cleaned.
Result<Machine> checked(Machine machine, Time now) {
  if (!base::is_utf8(machine.name)) return base::fail(ErrorCode::bad_input, "name: this is not UTF-8");
  machine.name = base::clean_text(machine.name, machine.name.size());
  if (character_count(machine.name) < 2 || character_count(machine.name) > kMachineNameCharactersMax)
    return base::fail(ErrorCode::bad_input, fmt::format("name: 2 to {} characters", kMachineNameCharactersMax));
  for (const Permission permission : machine.permissions)
    if (std::ranges::find(kMachinePermissions, permission) == kMachinePermissions.end())
      return base::fail(ErrorCode::bad_input, fmt::format("permissions: {} is for persons only", policy_of(permission).name));
  if (auto good = refuse_bad_tenants(machine.tenants); !good) return std::unexpected(good.error());
  if (machine.expires_at <= now || machine.expires_at > now + kMachineTimeMax)
    return base::fail(ErrorCode::bad_input, fmt::format("days: 1 to {}", kMachineTimeMax.count()));
  if (machine.requests_per_second < 1 || machine.requests_per_second > kMachineRequestsPerSecondMax)
    return base::fail(ErrorCode::bad_input, fmt::format("requests_per_second: 1 to {}", kMachineRequestsPerSecondMax));
  return machine;
}

}  // namespace

std::span<const Permission> machine_permissions() { return kMachinePermissions; }

bool Machine::may(Permission permission) const {
  return permission == Permission::everyone || std::ranges::find(permissions, permission) != permissions.end();
}
bool Machine::may_use_tenant(std::string_view tenant) const {
  return std::ranges::any_of(tenants, [&](const std::string& each) { return each == "*" || each == tenant; });
}

struct Machines::Table {
  struct Entry {
    std::shared_ptr<const Machine> machine;
    std::shared_ptr<std::atomic<std::int64_t>> full_at_ns;  // When a second's worth of requests would be there again.
  };
  mutable std::shared_mutex mutex;
  std::unordered_map<std::string, Entry> by_hash;
  std::unordered_map<MachineId, std::string> hashes;
};

Machines::Machines(storage::Store& store, const Surroundings& surroundings)
    : store_(store), surroundings_(surroundings), table_(std::make_unique<Table>()) {}
Machines::~Machines() = default;

Result<void> Machines::load() {
  const std::int64_t now = seconds_of(surroundings_.now());
  std::vector<std::pair<std::string, Machine>> found;
  return store_.read([&](Database& database) -> Result<void> {
    const auto rows = storage::each_row(
        database,
        "SELECT id, name, permissions, tenants, coalesce(organisation, 0), requests_per_second, made_at, expires_at, "
        "token_hash "
        "FROM machines WHERE expires_at > ?",
        [&](const storage::Statement& row) { found.emplace_back(row.text(8), machine_from(row)); }, now);
    if (!rows) return std::unexpected(rows.error());
    // While the store is held: a token that is made or revoked meanwhile is neither lost nor kept.
    const std::scoped_lock hold(table_->mutex);
    std::unordered_map<std::string, Table::Entry> by_hash;
    table_->hashes.clear();
    for (auto& [hash, machine] : found) {
      const auto before = table_->by_hash.find(hash);
      auto full_at =
          before == table_->by_hash.end() ? std::make_shared<std::atomic<std::int64_t>>(0) : before->second.full_at_ns;
      table_->hashes[machine.id] = hash;
      by_hash[hash] = {std::make_shared<const Machine>(std::move(machine)), std::move(full_at)};
    }
    table_->by_hash = std::move(by_hash);
    return {};
  });
}

Result<MadeMachine> Machines::make(const Machine& asked) {
  const Time now = surroundings_.now();
  auto machine = checked(asked, now);
  if (!machine) return std::unexpected(machine.error());
  machine->id = {random_id_value(surroundings_)};
  machine->made_at = now;
  std::string token = std::string(kMachineTokenPrefix) + random_token(surroundings_, kTokenBytes);
  const std::string hash = hash_of(token);
  const auto done = store_.write([&](Database& database) -> Result<void> {
    if (auto gone = storage::execute(database, "DELETE FROM machines WHERE expires_at <= ?", seconds_of(now)); !gone)
      return std::unexpected(gone.error());
    const auto count = storage::one_integer(database, "SELECT count(*) FROM machines");
    if (!count) return std::unexpected(count.error());
    if (count->value_or(0) >= static_cast<std::int64_t>(kMachinesMax))
      return base::fail(ErrorCode::limit, "this node keeps 1000 machines at most; revoke those that are not needed");
    std::optional<std::uint64_t> organisation;
    if (machine->organisation.is_known()) {
      const auto there =
          storage::one_integer(database, "SELECT 1 FROM organisations WHERE id = ?", machine->organisation.value);
      if (!there) return std::unexpected(there.error());
      if (!*there) return base::fail(ErrorCode::not_found, "organisation: there is none with this id");
      organisation = machine->organisation.value;
    }
    const auto kept = storage::execute(
        database,
        "INSERT INTO machines (id, name, permissions, tenants, organisation, requests_per_second, made_at, expires_at, "
        "token_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        machine->id.value, std::string_view(machine->name), std::string_view(permission_words(*machine)),
        std::string_view(tenant_words(*machine)), organisation, machine->requests_per_second, seconds_of(machine->made_at),
        seconds_of(machine->expires_at), storage::Blob{hash});
    if (!kept) return std::unexpected(kept.error());
    store_.after_commit([this, machine = *machine, hash] {
      const std::scoped_lock hold(table_->mutex);
      table_->hashes[machine.id] = hash;
      table_->by_hash[hash] = {std::make_shared<const Machine>(machine), std::make_shared<std::atomic<std::int64_t>>(0)};
    });
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return MadeMachine{*std::move(machine), std::move(token)};
}

std::vector<Machine> Machines::list() const {
  const Time now = surroundings_.now();
  std::vector<Machine> machines;
  {
    const std::shared_lock hold(table_->mutex);
    for (const auto& [hash, entry] : table_->by_hash)
      if (entry.machine->expires_at > now) machines.push_back(*entry.machine);
  }
  std::ranges::sort(machines, {}, [](const Machine& each) { return std::tie(each.name, each.id); });
  return machines;
}

Result<void> Machines::revoke(MachineId machine) {
  return store_.write([&](Database& database) -> Result<void> {
    const auto gone = storage::execute(database, "DELETE FROM machines WHERE id = ?", machine.value);
    if (!gone) return std::unexpected(gone.error());
    if (*gone == 0) return base::fail(ErrorCode::not_found, "there is no such machine");
    store_.after_commit([this, machine] {
      const std::scoped_lock hold(table_->mutex);
      if (const auto found = table_->hashes.extract(machine); !found.empty()) table_->by_hash.erase(found.mapped());
    });
    return {};
  });
}

std::shared_ptr<const Machine> Machines::find(std::string_view token) const {
  if (token.size() != kMachineTokenPrefix.size() + kTokenCharacters || !token.starts_with(kMachineTokenPrefix)) return nullptr;
  const std::string hash = hash_of(token);
  const std::shared_lock hold(table_->mutex);
  const auto found = table_->by_hash.find(hash);
  if (found == table_->by_hash.end() || found->second.machine->expires_at <= surroundings_.now()) return nullptr;
  return found->second.machine;
}

std::shared_ptr<const Machine> Machines::get(MachineId machine) const {
  const std::shared_lock hold(table_->mutex);
  const auto hash = table_->hashes.find(machine);
  return hash == table_->hashes.end() ? nullptr : table_->by_hash.at(hash->second).machine;
}

// The generic cell rate algorithm (ITU-T I.371, annex A) with a burst of one second.
bool Machines::take(const Machine& machine, std::chrono::nanoseconds now) const {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  std::shared_ptr<std::atomic<std::int64_t>> full_at;
  {
    const std::shared_lock hold(table_->mutex);
    const auto hash = table_->hashes.find(machine.id);
    if (hash == table_->hashes.end()) return false;
    full_at = table_->by_hash.at(hash->second).full_at_ns;
  }
  const std::int64_t step = kSecondNs / machine.requests_per_second;
  std::int64_t full = full_at->load(std::memory_order_relaxed);
  while (true) {
    const std::int64_t next = std::max(full, now.count()) + step;
    if (next - now.count() > kSecondNs) return false;
    if (full_at->compare_exchange_weak(full, next, std::memory_order_relaxed)) return true;
  }
}

}  // namespace citiverse::identity
