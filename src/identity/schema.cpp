// What belongs to one account goes with it (ON DELETE CASCADE); the audit log stays and names random numbers only.
#include "identity/schema.h"

#include <array>

namespace citiverse::identity {
namespace {

constexpr std::array<std::string_view, 3> kSteps{R"sql(
CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  is_guest INTEGER NOT NULL,
  is_minor INTEGER NOT NULL,
  sign_in_name TEXT,
  sign_in_key TEXT UNIQUE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  pronouns TEXT NOT NULL,
  languages TEXT NOT NULL,
  access_needs INTEGER NOT NULL,
  look TEXT NOT NULL,
  roles INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  restricted_until INTEGER,
  erase_at INTEGER
) STRICT;
CREATE INDEX accounts_to_erase ON accounts (erase_at) WHERE erase_at IS NOT NULL;
CREATE INDEX guests_by_last_visit ON accounts (seen_at) WHERE is_guest = 1;

CREATE TABLE verifications (
  account INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  person_hash BLOB NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  by TEXT NOT NULL
) STRICT;

CREATE TABLE passwords (
  account INTEGER PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  hash TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  hash BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  token_hash BLOB NOT NULL UNIQUE,
  replaced_hash BLOB,
  method INTEGER NOT NULL,
  device TEXT NOT NULL,
  signed_in_at INTEGER NOT NULL,
  token_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_account ON sessions (account);

CREATE TABLE organisations (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  about TEXT NOT NULL,
  is_verified INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE organisation_members (
  organisation INTEGER NOT NULL REFERENCES organisations ON DELETE CASCADE,
  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  role INTEGER NOT NULL,
  state INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (organisation, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX organisations_of_account ON organisation_members (account);

CREATE TABLE consents (
  account INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  is_given INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX consents_of_account ON consents (account, purpose);

CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  act TEXT NOT NULL,
  subject INTEGER NOT NULL,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_actor ON audit (actor) WHERE actor <> 0;
CREATE INDEX audit_by_subject ON audit (subject) WHERE subject <> 0;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
)sql",
                                                 R"sql(
CREATE TABLE machines (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  permissions TEXT NOT NULL,
  tenants TEXT NOT NULL,
  organisation INTEGER REFERENCES organisations ON DELETE CASCADE,
  requests_per_second INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  token_hash BLOB NOT NULL UNIQUE
) STRICT;
)sql",
                                                 R"sql(
CREATE TABLE sign_in_failures (
  key INTEGER PRIMARY KEY,
  failures INTEGER NOT NULL,
  window_end INTEGER NOT NULL,
  wait_until INTEGER NOT NULL
) STRICT;
)sql"};

}  // namespace

std::span<const std::string_view> schema_steps() { return kSteps; }

}  // namespace citiverse::identity
