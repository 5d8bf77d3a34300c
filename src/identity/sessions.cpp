// Sessions in memory and on the disk. A token's hash is all that is kept of it, so that whoever reads the file can sign in
// nowhere.
#include "identity/sessions.h"

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include <sodium.h>

#include "identity/account_rows.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;
using storage::Database;

using TokenHash = std::array<unsigned char, 32>;
struct HashOfHash {
  std::size_t operator()(const TokenHash& hash) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, hash.data(), sizeof value);
    return value;
  }
};

// Plain: the token has 256 random bits, so that there is nothing to guess.
TokenHash hash_of(std::string_view token) {
  TokenHash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(), nullptr, 0);
  return hash;
}
storage::Blob blob_of(const TokenHash& hash) { return {{reinterpret_cast<const char*>(hash.data()), hash.size()}}; }
std::optional<TokenHash> hash_from(std::string_view blob) {
  TokenHash hash;
  if (blob.size() != hash.size()) return std::nullopt;
  std::memcpy(hash.data(), blob.data(), blob.size());
  return hash;
}

// The token that was replaced last is taken until the new one has arrived, which its first use shows, and a little longer.
constexpr std::int64_t kNotYetArrived = std::numeric_limits<std::int64_t>::max();

struct Session {
  SessionId id;
  AccountId account;
  SignInMethod method = SignInMethod::guest;
  std::string device;
  Time signed_in_at;
  Time token_at;
  TokenHash token{};
  std::optional<TokenHash> replaced;
  mutable std::atomic<std::int64_t> replaced_until{kNotYetArrived};

  bool is_over(Time now) const {
    const auto idle = method == SignInMethod::guest ? kGuestTime : kSessionIdleTime;
    return now - signed_in_at >= kSessionTime || now - token_at >= idle;
  }
};

struct Person {
  Account account;  // Without its profile.
  std::vector<SessionId> sessions;
};

}  // namespace

std::string_view name_of(SignInMethod method) {
  constexpr std::array<std::string_view, 5> kNames{"guest", "password", "passkey", "oidc", "recovery_code"};
  return kNames[static_cast<std::size_t>(method)];
}

struct Sessions::Table {
  mutable std::shared_mutex mutex;
  std::unordered_map<TokenHash, const Session*, HashOfHash> tokens;
  std::unordered_map<SessionId, std::shared_ptr<Session>> sessions;
  std::unordered_map<AccountId, Person> people;
  std::vector<std::function<void(AccountId, SessionId)>> ended;

  // The mutex is held for all of these.
  void insert(std::shared_ptr<Session> session, Account account) {
    account.profile = {};
    Person& person = people[session->account];
    person.account = std::move(account);
    person.sessions.push_back(session->id);
    tokens[session->token] = session.get();
    if (session->replaced) tokens[*session->replaced] = session.get();
    sessions[session->id] = std::move(session);
  }
  void erase(SessionId id) {
    const auto found = sessions.find(id);
    if (found == sessions.end()) return;
    const Session& session = *found->second;
    tokens.erase(session.token);
    if (session.replaced) tokens.erase(*session.replaced);
    const auto person = people.find(session.account);
    std::erase(person->second.sessions, id);
    if (person->second.sessions.empty()) people.erase(person);
    sessions.erase(found);
  }
  void set_token(Session& session, const TokenHash& token, std::optional<TokenHash> replaced) {
    tokens.erase(session.token);
    if (session.replaced) tokens.erase(*session.replaced);
    session.token = token;
    session.replaced = replaced;
    session.replaced_until = kNotYetArrived;
    tokens[token] = &session;
    if (replaced) tokens[*replaced] = &session;
  }
  // The session of a token that is good now. `now` in seconds.
  const Session* find(std::string_view token, Time now) const {
    if (token.size() != kTokenCharacters) return nullptr;
    const TokenHash hash = hash_of(token);
    const auto found = tokens.find(hash);
    if (found == tokens.end() || found->second->is_over(now)) return nullptr;
    const Session& session = *found->second;
    if (session.replaced && hash == *session.replaced)
      return seconds_of(now) <= session.replaced_until.load() ? &session : nullptr;
    std::int64_t expected = kNotYetArrived;
    if (session.replaced) session.replaced_until.compare_exchange_strong(expected, seconds_of(now + kReplacedTokenTime));
    return &session;
  }
  std::vector<std::pair<AccountId, SessionId>> erase_all(const std::vector<SessionId>& ids) {
    std::vector<std::pair<AccountId, SessionId>> gone;
    for (const SessionId id : ids) {
      const auto found = sessions.find(id);
      if (found == sessions.end()) continue;
      gone.emplace_back(found->second->account, id);
      erase(id);
    }
    return gone;
  }
  // Takes sessions out and tells of it, without holding the mutex while others are told.
  void end(const std::vector<SessionId>& ids) {
    std::vector<std::pair<AccountId, SessionId>> gone;
    {
      const std::scoped_lock hold(mutex);
      gone = erase_all(ids);
    }
    for (const auto& [account, session] : gone)
      for (const auto& each : ended) each(account, session);
  }
};

Sessions::Sessions(storage::Store& store, const Surroundings& surroundings)
    : store_(store), surroundings_(surroundings), table_(std::make_unique<Table>()) {}
Sessions::~Sessions() = default;

Result<void> Sessions::load() {
  return store_.read([&](Database& database) -> Result<void> {
    std::vector<std::unique_ptr<Session>> found;
    const auto rows = storage::each_row(
        database,
        "SELECT id, account, method, device, signed_in_at, token_at, token_hash, replaced_hash FROM sessions ORDER BY id",
        [&](const storage::Statement& row) {
          auto session = std::make_unique<Session>();
          const auto token = hash_from(row.text(6));
          if (!token || row.integer(2) < 0 || row.integer(2) > static_cast<std::int64_t>(SignInMethod::recovery_code)) return;
          session->id = {static_cast<std::uint64_t>(row.integer(0))};
          session->account = {static_cast<std::uint64_t>(row.integer(1))};
          session->method = static_cast<SignInMethod>(row.integer(2));
          session->device = row.text(3);
          session->signed_in_at = Time(std::chrono::seconds(row.integer(4)));
          session->token_at = Time(std::chrono::seconds(row.integer(5)));
          session->token = *token;
          session->replaced = hash_from(row.text(7));
          found.push_back(std::move(session));
        });
    if (!rows) return std::unexpected(rows.error());
    const std::scoped_lock hold(table_->mutex);
    for (auto& session : found) {
      auto account = account_in(database, session->account);
      if (!account) return std::unexpected(account.error());
      table_->insert(std::move(session), *std::move(account));
    }
    return {};
  });
}

Result<StartedSession> Sessions::start(AccountId account, SignInMethod method, std::string_view device,
                                       std::string_view replaced_token) {
  const Time now = surroundings_.now();
  StartedSession started{{random_id_value(surroundings_)}, random_token(surroundings_, kTokenBytes)};
  std::vector<SessionId> ends;
  const auto session = std::make_shared<Session>();
  session->id = started.id;
  session->account = account;
  session->method = method;
  session->device = device.substr(0, kDeviceBytesMax);
  session->signed_in_at = session->token_at = now;
  session->token = hash_of(started.token);
  {
    const std::shared_lock hold(table_->mutex);
    if (table_->sessions.size() >= kSessionsMax)
      return base::fail(ErrorCode::limit, "too many people are signed in on this node; try again later");
    if (const Session* before = table_->find(replaced_token, now)) ends.push_back(before->id);
    if (const auto person = table_->people.find(account); person != table_->people.end()) {
      auto ids = person->second.sessions;
      std::erase_if(ids, [&](SessionId id) { return std::ranges::find(ends, id) != ends.end(); });
      std::ranges::sort(ids, {}, [&](SessionId id) { return std::pair(table_->sessions.at(id)->token_at, id); });
      if (ids.size() >= kSessionsPerAccountMax)
        ends.insert(ends.end(), ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(kSessionsPerAccountMax - 1));
    }
  }
  const auto done = store_.write([&](Database& database) -> Result<void> {
    const auto owner = account_in(database, account);
    if (!owner) return std::unexpected(owner.error());
    for (const SessionId id : ends) {
      if (const auto gone = storage::execute(database, "DELETE FROM sessions WHERE id = ?", id.value); !gone)
        return std::unexpected(gone.error());
    }
    const auto kept = storage::execute(
        database,
        "INSERT INTO sessions (id, account, method, device, signed_in_at, token_at, token_hash) VALUES (?,?,?,?,?,?,?)",
        session->id.value, account.value, static_cast<int>(method), session->device, seconds_of(now), seconds_of(now),
        blob_of(session->token));
    if (!kept) return std::unexpected(kept.error());
    // By value: within an outer write this runs after we have returned.
    store_.after_commit([this, ends, session, owner = *owner] {
      table_->end(ends);
      const std::scoped_lock hold(table_->mutex);
      table_->insert(session, owner);
    });
    return touched_one(
        storage::execute(database, "UPDATE accounts SET seen_at = ? WHERE id = ?", seconds_of(now), account.value));
  });
  if (!done) return std::unexpected(done.error());
  return started;
}

std::optional<ActiveSession> Sessions::find(std::string_view token) const {
  const Time now = surroundings_.now();
  const std::shared_lock hold(table_->mutex);
  const Session* session = table_->find(token, now);
  if (session == nullptr) return std::nullopt;
  const Account& account = table_->people.at(session->account).account;
  ActiveSession active;
  active.account = session->account;
  active.session = session->id;
  active.method = session->method;
  active.standing = account.standing_at(now);
  const auto age = now - session->signed_in_at;
  if (age >= kPrivilegedTime) {
    active.dormant = active.standing & kPrivilegedRoles;
    active.standing &= ~kPrivilegedRoles;
  }
  // A guest has no other way to show who they are than the session.
  active.is_fresh = account.is_guest || age < kFreshTime;
  active.token_is_due = now - session->token_at >= kTokenTime;
  return active;
}

Result<std::string> Sessions::rotate(std::string_view token) { return renew(token, std::nullopt); }
Result<std::string> Sessions::refresh(std::string_view token, SignInMethod method) { return renew(token, method); }

Result<std::string> Sessions::renew(std::string_view token, std::optional<SignInMethod> proved_by) {
  const Time now = surroundings_.now();
  const std::string renewed = random_token(surroundings_, kTokenBytes);
  const TokenHash hash = hash_of(renewed);
  // Whoever has just proved who they are leaves the old token behind at once; otherwise the new one may be lost on its way.
  const std::optional<TokenHash> replaced = proved_by ? std::nullopt : std::optional(hash_of(token));
  const auto done = store_.write([&](Database& database) -> Result<void> {
    SessionId id;
    AccountId account;
    {
      const std::shared_lock hold(table_->mutex);
      const Session* session = table_->find(token, now);
      if (session == nullptr) return base::fail(ErrorCode::not_found, "this session has ended; sign in again");
      id = session->id;
      account = session->account;
    }
    const std::optional<storage::Blob> replaced_blob = replaced ? std::optional(blob_of(*replaced)) : std::nullopt;
    const std::optional<std::int64_t> signed_in = proved_by ? std::optional(seconds_of(now)) : std::nullopt;
    const std::optional<int> method = proved_by ? std::optional(static_cast<int>(*proved_by)) : std::nullopt;
    const auto kept = touched_one(storage::execute(
        database,
        "UPDATE sessions SET token_hash = ?, replaced_hash = ?, token_at = ?, signed_in_at = coalesce(?, signed_in_at), "
        "method = coalesce(?, method) WHERE id = ?",
        blob_of(hash), replaced_blob, seconds_of(now), signed_in, method, id.value));
    if (!kept) return kept;
    store_.after_commit([this, id, hash, replaced, now, proved_by] {
      const std::scoped_lock hold(table_->mutex);
      const auto found = table_->sessions.find(id);
      if (found == table_->sessions.end()) return;
      Session& session = *found->second;
      table_->set_token(session, hash, replaced);
      session.token_at = now;
      if (proved_by) session.signed_in_at = now;
      if (proved_by) session.method = *proved_by;
    });
    return touched_one(
        storage::execute(database, "UPDATE accounts SET seen_at = ? WHERE id = ?", seconds_of(now), account.value));
  });
  if (!done) return std::unexpected(done.error());
  return renewed;
}

Result<std::vector<SessionEntry>> Sessions::list(AccountId account) {
  std::vector<SessionEntry> entries;
  const Time now = surroundings_.now();
  const std::shared_lock hold(table_->mutex);
  const auto person = table_->people.find(account);
  if (person == table_->people.end()) return entries;
  for (const SessionId id : person->second.sessions) {
    const Session& session = *table_->sessions.at(id);
    if (!session.is_over(now)) entries.push_back({id, session.method, session.device, session.signed_in_at, session.token_at});
  }
  std::ranges::sort(entries, [](const SessionEntry& a, const SessionEntry& b) {
    return std::pair(b.used_at, b.id) < std::pair(a.used_at, a.id);
  });
  return entries;
}

Result<void> Sessions::end_these(std::vector<SessionId> ids) {
  return store_.write([&](Database& database) -> Result<void> {
    for (const SessionId id : ids) {
      if (const auto gone = storage::execute(database, "DELETE FROM sessions WHERE id = ?", id.value); !gone)
        return std::unexpected(gone.error());
    }
    store_.after_commit([this, ids] { table_->end(ids); });
    return {};
  });
}

Result<void> Sessions::end(AccountId account, SessionId session) {
  {
    const std::shared_lock hold(table_->mutex);
    const auto found = table_->sessions.find(session);
    if (found == table_->sessions.end() || found->second->account != account)
      return base::fail(ErrorCode::not_found, "there is no such session; GET …/me/sessions lists them");
  }
  return end_these({session});
}

Result<void> Sessions::end_all(AccountId account, SessionId except) {
  std::vector<SessionId> ids;
  {
    const std::shared_lock hold(table_->mutex);
    if (const auto person = table_->people.find(account); person != table_->people.end()) ids = person->second.sessions;
  }
  std::erase(ids, except);
  return end_these(std::move(ids));
}

Result<void> Sessions::sweep() {
  const Time now = surroundings_.now();
  const auto is_changed = store_.was_changed_elsewhere();
  if (!is_changed) return std::unexpected(is_changed.error());
  if (*is_changed) {
    std::vector<AccountId> accounts;
    {
      const std::shared_lock hold(table_->mutex);
      for (const auto& [account, person] : table_->people) accounts.push_back(account);
    }
    for (const AccountId account : accounts) standing_changed(account);
  }
  std::vector<SessionId> over;
  {
    const std::shared_lock hold(table_->mutex);
    for (const auto& [id, session] : table_->sessions)
      if (session->is_over(now)) over.push_back(id);
  }
  if (over.empty()) return {};
  return end_these(std::move(over));
}

void Sessions::standing_changed(AccountId account) {
  auto found = store_.read([&](Database& database) { return account_in(database, account); });
  std::vector<SessionId> orphans;
  {
    const std::scoped_lock hold(table_->mutex);
    const auto person = table_->people.find(account);
    if (person == table_->people.end()) return;
    if (found) {
      found->profile = {};
      person->second.account = *std::move(found);
      return;
    }
    // Gone, or not to be read: nobody goes on with rights that cannot be looked up.
    orphans = person->second.sessions;
  }
  table_->end(orphans);
}

void Sessions::on_ended(std::function<void(AccountId, SessionId)> ended) { table_->ended.push_back(std::move(ended)); }

std::size_t Sessions::count() const {
  const std::shared_lock hold(table_->mutex);
  return table_->sessions.size();
}

}  // namespace citiverse::identity
