// What a node needs to know people: their files, the gate before every route, and the sweep that erases what is due.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "api/identity_api.h"
#include "base/result.h"
#include "identity/identity.h"

namespace citiverse {

struct PeopleOptions {
  std::filesystem::path state;               ///< Empty: "<city folder>.state".
  std::filesystem::path breached_passwords;  ///< Empty: none.
  std::string public_origin;
  std::string city_name;  ///< A word that no password may lean on.
};

/// The state folder of a city folder, unless one was named.
std::filesystem::path state_folder_of(const std::filesystem::path& city_folder, const std::filesystem::path& named);

/// Stays where it is: routes point into it.
class NodePeople {
 public:
  static base::Result<std::unique_ptr<NodePeople>> open(const PeopleOptions& options);

  identity::Identity& identity() { return *identity_; }
  const api::IdentityApi& api() const { return *api_; }
  net::Gate& gate() { return *gate_; }
  /// Once everything that stores personal data is registered with identity().erasure(). The thread must end before all of that
  /// does: let it be the last thing made.
  std::jthread start_sweeping();

 private:
  NodePeople() = default;

  std::optional<identity::BreachedPasswords> breached_;
  std::unique_ptr<identity::Identity> identity_;
  std::optional<api::IdentityApi> api_;
  std::optional<api::IdentityGate> gate_;
};

}  // namespace citiverse
