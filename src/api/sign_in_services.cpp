// Where identity's parts meet the network: its provider calls go out by net's bounded client.
#include "api/sign_in_services.h"

#include "base/log.h"
#include "net/http_client.h"

namespace citiverse::api {
namespace {

using base::Result;

identity::Transport transport_by(std::shared_ptr<const net::HttpClient> client) {
  return [client = std::move(client)](const identity::OutgoingCall& call) -> Result<identity::CallAnswer> {
    auto answer = client->send({.method = call.is_post ? net::Method::post : net::Method::get,
                                .url = call.url,
                                .content_type = call.content_type,
                                .authorization = call.authorization,
                                .body = call.body});
    if (!answer) return std::unexpected(answer.error());
    return identity::CallAnswer{answer->status, std::move(answer->body)};
  };
}

}  // namespace

Result<std::unique_ptr<SignInServices>> SignInServices::open(const IdentityApi& people,
                                                             const std::filesystem::path& state_folder,
                                                             std::string public_origin, std::string city_name) {
  const identity::Surroundings& surroundings = people.identity.surroundings();
  auto settings = identity::read_sign_in_settings(state_folder / kSignInFile);
  if (!settings) return std::unexpected(settings.error());
  auto services = std::make_unique<SignInServices>(people, std::move(public_origin), std::move(city_name));
  auto passkeys = identity::Passkeys::open(people.identity.store(), surroundings, people.identity.accounts(), services->tickets,
                                           identity::passkey_site_of(services->public_origin));
  if (!passkeys) return std::unexpected(passkeys.error());
  services->passkeys = std::move(*passkeys);
  auto links = identity::ProviderAccounts::open(people.identity.store(), surroundings, people.identity.accounts(),
                                                people.identity.audit());
  if (!links) return std::unexpected(links.error());
  services->provider_accounts = std::move(*links);
  const auto client = std::make_shared<const net::HttpClient>(
      net::OutgoingPolicy{.trusted_hosts = settings->trusted_hosts, .authorities = settings->authorities});
  for (identity::OidcSettings& provider : settings->providers)
    services->providers.push_back(
        std::make_unique<identity::OidcProvider>(std::move(provider), surroundings, transport_by(client)));
  people.identity.erasure().add(*services->passkeys);
  people.identity.erasure().add(*services->provider_accounts);
  if (services->passkeys->site().rp_id.empty())
    base::log(base::LogLevel::warning, "no_passkeys",
              {{"fix", "passkeys need https and a name: give --public-origin https://NAME, or visit http://localhost"}});
  return services;
}

identity::OidcProvider* SignInServices::find_provider(std::string_view id) const {
  for (const auto& provider : providers) {
    if (provider->settings().id == id) return provider.get();
  }
  return nullptr;
}

Result<bool> SignInServices::has_two_ways_in(identity::AccountId account) const {
  const auto has_password = people.identity.passwords().has(account);
  if (!has_password) return std::unexpected(has_password.error());
  const auto own_passkeys = passkeys->list(account);
  if (!own_passkeys) return std::unexpected(own_passkeys.error());
  const auto links = provider_accounts->list(account);
  if (!links) return std::unexpected(links.error());
  // A provider that the operator no longer names lets nobody in.
  const auto usable = std::ranges::count_if(*links, [&](const auto& link) { return find_provider(link.provider) != nullptr; });
  return (*has_password ? 1u : 0u) + own_passkeys->size() + static_cast<std::size_t>(usable) >= 2;
}

net::Reply last_way_in() {
  return net::problem(409, "last_way_in",
                      "no other way to sign in would be left; add a passkey, a password or a provider first");
}

}  // namespace citiverse::api
