// Programs that act for the city or an organisation, such as sensor gateways: named access tokens with few rights and an end.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/ids.h"
#include "identity/policy.h"
#include "identity/surroundings.h"
#include "storage/store.h"

namespace citiverse::identity {

using MachineId = RandomId<struct MachineTag>;

inline constexpr std::size_t kMachinesMax = 1000;
inline constexpr std::size_t kMachineNameCharactersMax = 80;
inline constexpr std::size_t kMachineTenantsMax = 16;
inline constexpr std::size_t kMachineTenantBytesMax = 64;
inline constexpr std::chrono::days kMachineTimeMax{1096};  ///< A token ends at the latest three years after it was made.
inline constexpr std::uint32_t kMachineRequestsPerSecondMax = 1'000'000;
inline constexpr std::uint32_t kMachineRequestsPerSecond = 20'000;  ///< Unless it is made with another pace.
/// Before the 43 characters of base64url that are the secret, so that scanners of leaked secrets find it.
inline constexpr std::string_view kMachineTokenPrefix = "cvm_";

struct Machine {
  MachineId id;
  std::string name;                     ///< Chosen by who made it.
  std::vector<Permission> permissions;  ///< Of machine_permissions().
  std::vector<std::string> tenants;     ///< Beside the default one; "*": all.
  OrganisationId organisation;          ///< Whose program it is; unknown: the city's. It ends with the organisation.
  std::uint32_t requests_per_second = kMachineRequestsPerSecond;
  Time made_at;
  Time expires_at;

  bool may(Permission permission) const;
  bool may_use_tenant(std::string_view tenant) const;
};

/// What a machine can be allowed to do; what only persons do is not among it.
std::span<const Permission> machine_permissions();

struct MadeMachine {
  Machine machine;
  std::string token;  ///< Shown once; the node keeps a hash.
};

/// All tokens are in memory; each change is on the disk before it is told. Threads: safe.
/// Source: RFC 6750 (Bearer), OWASP ASVS 5.0, V9 (opaque tokens).
class Machines {
 public:
  Machines(storage::Store& store, const Surroundings& surroundings);
  ~Machines();
  Machines(const Machines&) = delete;
  Machines& operator=(const Machines&) = delete;
  /// Reads the tokens that have not ended. Also what notices those that another process made or revoked, and organisations that
  /// have closed: call every few seconds.
  base::Result<void> load();

  /// `asked` says everything but id and made_at. Fails: bad_input naming what is wrong; not_found for an unknown organisation;
  /// limit.
  base::Result<MadeMachine> make(const Machine& asked);
  /// By name.
  std::vector<Machine> list() const;
  /// From now on the token is worth nothing. Fails: not_found.
  base::Result<void> revoke(MachineId machine);

  /// The machine of a token that is good now, or null. A hash and a look-up; never waits for the disk.
  std::shared_ptr<const Machine> find(std::string_view token) const;
  std::shared_ptr<const Machine> get(MachineId machine) const;
  /// Takes one request of the machine's pace; false when it has used up a second's worth. `now` is of any steady clock.
  bool take(const Machine& machine, std::chrono::nanoseconds now) const;

 private:
  struct Table;
  storage::Store& store_;
  const Surroundings& surroundings_;
  std::unique_ptr<Table> table_;
};

}  // namespace citiverse::identity
