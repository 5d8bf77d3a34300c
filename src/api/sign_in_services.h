// Passkeys and other sign-in services of a node, opened as one, and their routes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/identity_api.h"
#include "base/result.h"
#include "identity/oidc_provider.h"
#include "identity/passkeys.h"
#include "identity/provider_accounts.h"
#include "identity/sealed_tickets.h"
#include "net/router.h"

namespace citiverse::api {

/// The operator's file of other sign-in services, in the state folder (docs/guides/operator.md).
inline constexpr std::string_view kSignInFile = "sign_in.json";

/// Must outlive the router.
struct SignInServices {
  SignInServices(const IdentityApi& people_, std::string public_origin_, std::string city_name_)
      : people(people_),
        public_origin(std::move(public_origin_)),
        city_name(std::move(city_name_)),
        tickets(people_.identity.surroundings()) {}

  const IdentityApi& people;
  std::string public_origin;  ///< "https://city.example", without a path.
  std::string city_name;
  identity::SealedTickets tickets;
  std::unique_ptr<identity::Passkeys> passkeys;
  std::unique_ptr<identity::ProviderAccounts> provider_accounts;
  std::vector<std::unique_ptr<identity::OidcProvider>> providers;  ///< In the operator's order.

  /// Opens the tables, reads `<state_folder>/sign_in.json` where there is one, and registers what is stored about persons for
  /// export and erasure. Fails: bad_input, naming what is wrong in the file; unavailable, corrupt.
  static base::Result<std::unique_ptr<SignInServices>> open(const IdentityApi& people,
                                                            const std::filesystem::path& state_folder,
                                                            std::string public_origin, std::string city_name);

  /// Nothing when there is no such provider.
  identity::OidcProvider* find_provider(std::string_view id) const;
  /// Whether the account can still be signed in to when one passkey or provider goes.
  base::Result<bool> has_two_ways_in(identity::AccountId account) const;
};

void add_passkey_routes(net::Router& router, const SignInServices& services);
void add_provider_routes(net::Router& router, const SignInServices& services);

/// 409 last_way_in.
net::Reply last_way_in();

}  // namespace citiverse::api
