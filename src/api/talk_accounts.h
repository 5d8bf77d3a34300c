// What accounts allow in talk, answered from memory: the space's thread never waits for a disk.
#pragma once

#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "identity/ids.h"
#include "presence/talk_rules.h"
#include "safety/contact_rules.h"

namespace citiverse::api {

class PeopleSafety;

/// Keeps what the rules need of each account that was asked about lately. What is not known yet counts as a guest without
/// consents, and is known a moment later; what is older than kKnownTime is read anew on the side. Threads: safe.
class TalkAccounts : public presence::TalkRules {
 public:
  static constexpr std::chrono::seconds kKnownTime{2};
  static constexpr std::size_t kKnownMax = 100'000;

  explicit TalkAccounts(PeopleSafety& safety);
  ~TalkAccounts() override;

  /// Reads an account now: call before a person enters a space, and where somebody waits for what they just changed.
  void learn(identity::AccountId account);
  /// What was known is no longer true.
  void forget(identity::AccountId account);

  presence::TalkLimits limits(const presence::Profile& who) override;
  bool hears(const presence::Profile& listener, const presence::Profile& speaker) override;
  base::Result<void> may_write(const presence::Profile& sender, const presence::Profile& recipient, bool has_been_written_to,
                               bool share_group) override;
  bool may_speak_together(const presence::Profile& one, const presence::Profile& other, bool share_group) override;
  presence::Witness witness(const presence::Profile& speaker, presence::SayTo to, std::string_view text) override;

 private:
  struct Known {
    safety::AccountFacts facts;
    safety::DirectFrom direct = safety::DirectFrom::nobody;
    bool consents_to_voice = false;
    bool consents_to_captions = false;
    safety::Time read_at{};
  };
  Known known(const presence::Profile& profile);
  void work(const std::stop_token& stop);

  PeopleSafety& safety_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<identity::AccountId, Known> known_;
  std::mutex queue_mutex_;
  std::condition_variable_any queue_filled_;
  std::vector<identity::AccountId> queue_;
  std::jthread reader_;
};

}  // namespace citiverse::api
