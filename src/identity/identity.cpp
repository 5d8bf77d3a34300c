// Opening the parts in the order in which they need each other, and telling sessions when a standing changes.
#include "identity/identity.h"

#include <cstring>

#include "base/file.h"
#include "identity/account_data.h"
#include "identity/schema.h"

namespace citiverse::identity {
namespace {

using base::Result;

// The key is made once; without it verified persons would not be recognised and recovery codes would be worth nothing.
Result<void> take_node_key(const std::filesystem::path& file, Surroundings& surroundings) {
  const auto bytes = std::as_writable_bytes(std::span(surroundings.node_key));
  if (!std::filesystem::exists(file)) {
    surroundings.fill_random(bytes);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (auto kept = base::write_file_atomically(file, text); !kept) return kept;
    std::error_code error;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    if (error) return base::fail(base::ErrorCode::unavailable, fmt::format("{}: {}", file.string(), error.message()));
    return {};
  }
  const auto text = base::read_file(file, bytes.size());
  if (!text) return std::unexpected(text.error());
  if (text->size() != bytes.size())
    return base::fail(base::ErrorCode::corrupt,
                      fmt::format("{}: this must be {} bytes; bring back the backup", file.string(), bytes.size()));
  std::memcpy(bytes.data(), text->data(), bytes.size());
  return {};
}

}  // namespace

struct Identity::Parts {
  Parts(std::unique_ptr<storage::Store> opened, Surroundings given, Passwords::Options options)
      : surroundings(std::move(given)),
        store(std::move(opened)),
        accounts(*store, surroundings),
        passwords(*store, surroundings, accounts, std::move(options)),
        recovery_codes(*store, surroundings),
        sessions(*store, surroundings),
        throttle(*store, surroundings),
        organisations(*store, surroundings),
        machines(*store, surroundings),
        consents(*store, surroundings),
        audit(*store, surroundings),
        own_data(*store, accounts),
        erasure(*store, surroundings, accounts, own_data) {
    accounts.changed = [this](AccountId account) { sessions.standing_changed(account); };
  }

  Surroundings surroundings;
  std::unique_ptr<storage::Store> store;
  Accounts accounts;
  Passwords passwords;
  RecoveryCodes recovery_codes;
  Sessions sessions;
  SignInThrottle throttle;
  Organisations organisations;
  Machines machines;
  Consents consents;
  AuditLog audit;
  AccountData own_data;
  Erasure erasure;
};

Identity::Identity(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Identity::~Identity() = default;

Result<std::unique_ptr<Identity>> Identity::open(const std::filesystem::path& state_folder, Surroundings surroundings,
                                                 Passwords::Options options) {
  auto store = storage::Store::open(state_folder / "people.db");
  if (!store) return std::unexpected(store.error());
  if (auto key = take_node_key(state_folder / "node.key", surroundings); !key) return std::unexpected(key.error());
  if (auto tables = (*store)->migrate(kSchemaPart, schema_steps()); !tables) return std::unexpected(tables.error());
  auto parts = std::make_unique<Parts>(*std::move(store), std::move(surroundings), std::move(options));
  if (auto loaded = parts->sessions.load(); !loaded) return std::unexpected(loaded.error());
  if (auto loaded = parts->machines.load(); !loaded) return std::unexpected(loaded.error());
  if (auto loaded = parts->throttle.load(); !loaded) return std::unexpected(loaded.error());
  return std::unique_ptr<Identity>(new Identity(std::move(parts)));
}

storage::Store& Identity::store() { return *parts_->store; }
const Surroundings& Identity::surroundings() const { return parts_->surroundings; }
Accounts& Identity::accounts() { return parts_->accounts; }
Passwords& Identity::passwords() { return parts_->passwords; }
RecoveryCodes& Identity::recovery_codes() { return parts_->recovery_codes; }
Sessions& Identity::sessions() { return parts_->sessions; }
SignInThrottle& Identity::throttle() { return parts_->throttle; }
Organisations& Identity::organisations() { return parts_->organisations; }
Machines& Identity::machines() { return parts_->machines; }
Consents& Identity::consents() { return parts_->consents; }
AuditLog& Identity::audit() { return parts_->audit; }
Erasure& Identity::erasure() { return parts_->erasure; }

Result<void> Identity::sweep() {
  if (auto done = parts_->sessions.sweep(); !done) return done;
  if (auto done = parts_->throttle.sweep(); !done) return done;
  if (auto done = parts_->machines.load(); !done) return done;
  if (auto done = parts_->audit.sweep(); !done) return done;
  if (auto done = parts_->erasure.erase_due(); !done) return std::unexpected(done.error());
  return {};
}

}  // namespace citiverse::identity
