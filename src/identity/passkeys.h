// People's passkeys: kept as public keys, proved by challenges that this node made and takes once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/accounts.h"
#include "identity/personal_data.h"
#include "identity/sealed_tickets.h"
#include "identity/webauthn.h"
#include "storage/store.h"

namespace citiverse::identity {

using PasskeyId = RandomId<struct PasskeyTag>;

inline constexpr std::size_t kPasskeysPerAccountMax = 20;
inline constexpr std::size_t kPasskeyLabelCharactersMax = 60;
inline constexpr std::size_t kChallengeBytes = 32;   ///< WebAuthn Level 3, 13.4.3: at least 16.
inline constexpr std::size_t kUserHandleBytes = 32;  ///< Random: it says nothing of the person (clause 14.6.1).
inline constexpr std::chrono::minutes kCeremonyTime{5};

struct Passkey {
  PasskeyId id;
  std::string label;
  Time created_at;
  std::optional<Time> used_on;  ///< To the day.
  bool is_synced = false;       ///< May be on several devices of its owner.
};

/// What begins a ceremony: the challenge for the browser, and the ticket that comes back with its answer.
struct PasskeyCeremony {
  std::string challenge;
  std::string ticket;
};

struct PasskeyRegistration {
  PasskeyCeremony ceremony;
  std::string user_handle;
  std::vector<std::string> credential_ids;  ///< Those that the account has: no device makes a second one.
};

/// The tables of passkeys. Threads: safe.
class Passkeys : public PersonalData {
 public:
  /// Makes the tables. What is passed must outlive this.
  static base::Result<std::unique_ptr<Passkeys>> open(storage::Store& store, const Surroundings& surroundings,
                                                      Accounts& accounts, SealedTickets& tickets, PasskeySite site);

  const PasskeySite& site() const { return site_; }

  /// Fails: conflict when the account has kPasskeysPerAccountMax, or the node has no name for passkeys.
  base::Result<PasskeyRegistration> begin(AccountId account);
  /// Keeps a passkey; a guest becomes a member. Fails: bad_input, denied (the ticket, another account's too; the proof),
  /// conflict.
  base::Result<Passkey> add(AccountId account, std::string_view ticket, std::string_view label,
                            std::string_view client_data_json, std::string_view attestation_object);

  PasskeyCeremony begin_sign_in() const;
  /// Whose passkey it is. Fails: denied, without saying which part was wrong beyond what its holder knows anyway; bad_input;
  /// limit.
  base::Result<AccountId> sign_in(std::string_view ticket, std::string_view credential_id, std::string_view user_handle,
                                  const Assertion& assertion);

  base::Result<std::vector<Passkey>> list(AccountId account);
  /// Fails: not_found.
  base::Result<void> remove(AccountId account, PasskeyId passkey);

  std::string_view name() const override { return "passkeys"; }
  base::Result<std::string> export_json(AccountId account) override;
  base::Result<void> erase(AccountId account) override;

 private:
  Passkeys(storage::Store& store, const Surroundings& surroundings, Accounts& accounts, SealedTickets& tickets,
           PasskeySite site)
      : store_(store), surroundings_(surroundings), accounts_(accounts), tickets_(tickets), site_(std::move(site)) {}
  base::Result<std::string> user_handle(AccountId account);

  storage::Store& store_;
  const Surroundings& surroundings_;
  Accounts& accounts_;
  SealedTickets& tickets_;
  PasskeySite site_;
};

/// The relying party of a node whose pages are at `public_origin`, such as "https://city.example:8443". Browsers make passkeys
/// for names by https, and for localhost, which numeric loopback addresses stand for here; otherwise rp_id is empty, and no
/// passkey is made or taken (WebAuthn Level 3, 5.1.3, steps 6 to 8).
PasskeySite passkey_site_of(std::string_view public_origin);

}  // namespace citiverse::identity
