// All that the node knows of persons, opened as one.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "identity/accounts.h"
#include "identity/audit_log.h"
#include "identity/consents.h"
#include "identity/erasure.h"
#include "identity/machines.h"
#include "identity/organisations.h"
#include "identity/passwords.h"
#include "identity/recovery_codes.h"
#include "identity/sessions.h"
#include "identity/sign_in_throttle.h"
#include "identity/surroundings.h"
#include "storage/store.h"

namespace citiverse::identity {

/// The parts share one file, people.db. Everything in it is safe to use from several threads.
class Identity {
 public:
  /// Opens or makes `<state folder>/people.db` and the node's secret key beside it. Fails: unavailable, corrupt.
  static base::Result<std::unique_ptr<Identity>> open(const std::filesystem::path& state_folder, Surroundings surroundings,
                                                      Passwords::Options options);
  ~Identity();
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  /// For rooms that keep their tables in the same file (safety, passkeys); migrate under a part's name of your own.
  storage::Store& store();
  const Surroundings& surroundings() const;

  Accounts& accounts();
  Passwords& passwords();
  RecoveryCodes& recovery_codes();
  Sessions& sessions();
  SignInThrottle& throttle();
  Organisations& organisations();
  Machines& machines();
  Consents& consents();
  AuditLog& audit();
  Erasure& erasure();

  /// Erases what is due, forgets what has run out, notices what `citiverse grant` gave. Call every few seconds.
  base::Result<void> sweep();

 private:
  struct Parts;
  explicit Identity(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace citiverse::identity
