// A queue that is bounded by what stands: of each thing, its newest place and whether it goes.
#include "api/node_things.h"

#include <utility>

#include "base/log.h"
#include "identity/policy.h"
#include "presence/talk_pace.h"

namespace citiverse::api {
namespace {

using base::ErrorCode;
using base::fail;
using presence::KeptObject;

void log_thing_failure(std::string_view what, const base::Result<void>& done) {
  if (!done && done.error().code != ErrorCode::not_found)
    base::log(base::LogLevel::error, what, {{"reason", std::string_view(done.error().message)}});
}

}  // namespace

NodeThings::NodeThings(PeopleSafety& safety, PresenceDoor& door) : safety_(safety), door_(door) {
  safety_.things().set_listener([&door](const KeptObject& object, bool stands) { door.thing_changed(object, stands); });
  writer_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

NodeThings::~NodeThings() {
  writer_.request_stop();
  writer_.join();
  safety_.things().set_listener(nullptr);
}

base::Result<void> NodeThings::may_stay(const presence::Profile& who, std::string_view text) {
  constexpr auto kPermission = identity::Permission::leave_things;
  if (!identity::allows(kPermission, who.roles))
    return fail(ErrorCode::denied, "stays: " + std::string(identity::policy_of(kPermission).needs));
  if (!safety_.talk().limits(who).may_link && presence::holds_link(text))
    return fail(ErrorCode::denied, "text: your account may not put web addresses on things yet; say it without");
  return {};
}

base::Result<void> NodeThings::keep(ThingAsker asker, KeptObject object) {
  const std::lock_guard lock(mutex_);
  if (waiting_.wishes.size() >= kWishesMax)
    return fail(ErrorCode::limit, "stays: too many put something down at once; try again in a moment");
  waiting_.wishes.push_back({std::move(asker), std::move(object)});
  filled_.notify_one();
  return {};
}

void NodeThings::settled(KeptObject object) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t id = object.id;
  waiting_.settled.insert_or_assign(id, std::move(object));
  filled_.notify_one();
}

void NodeThings::taken_away(std::uint64_t owner, std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  waiting_.taken_away.insert_or_assign(id, owner);
  filled_.notify_one();
}

void NodeThings::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (filled_.wait(lock, stop, [this] { return !waiting_.is_empty(); })) {
    Waiting taken = std::exchange(waiting_, {});
    lock.unlock();
    write(taken);
    lock.lock();
  }
}

void NodeThings::write(Waiting& waiting) {
  presence::ObjectBook& book = safety_.things();
  for (Wish& wish : waiting.wishes) door_.thing_answered(std::move(wish.asker), book.keep(std::move(wish.object)));
  for (const auto& [id, object] : waiting.settled)
    log_thing_failure("thing_not_moved", book.settle(id, object.at, object.orientation, object.is_locked));
  for (const auto& [id, owner] : waiting.taken_away) log_thing_failure("thing_not_removed", book.remove(owner, id));
}

void NodeThings::review_account(identity::AccountId account) {
  const auto known = safety_.identity().accounts().get(account);
  if (!known || !known->is_minor) return;
  log_thing_failure("thing_not_removed", safety_.things().remove_all_of(account.value));
}

}  // namespace citiverse::api
