// Conversations too large for browser to browser, mixed by a Janus gateway that runs beside the node.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/http_client.h"
#include "presence/voice_relay.h"

namespace citiverse::api {

struct JanusOptions {
  std::string url;         ///< Of its plain HTTP interface, such as "http://127.0.0.1:8088/janus".
  std::string api_secret;  ///< Its general.api_secret, or empty.
  std::string admin_key;   ///< Its AudioBridge's admin_key, or empty.
};

/// Speaks Janus' HTTP interface and its AudioBridge plugin (https://janus.conf.meetecho.com/docs/rest.html, audiobridge.html;
/// tested with 1.1.2 of Debian 12). Browsers never reach Janus' interface: all that they say to it comes through here, so only
/// the node decides who is in which room. Rooms are private, have a random secret and PIN, and end with the last person.
/// When Janus is lost, everybody on it is told (RelayWord::has_failed), and it is looked for again every kJanusRetryTime.
/// Threads: signal(), leave() and drain() from one thread, is_available() from any; two threads of its own do the waiting.
class JanusRelay : public presence::VoiceRelay {
 public:
  static constexpr std::chrono::seconds kJanusRetryTime{5};
  static constexpr std::size_t kJobsMax = 4096;
  static constexpr std::size_t kWordsMax = 4096;

  /// `random`: 63 random bits; called from a thread of this.
  JanusRelay(JanusOptions options, std::function<std::uint64_t()> random);
  ~JanusRelay() override;

  bool is_available() const override { return is_up_.load(std::memory_order_relaxed); }
  base::Result<void> signal(presence::RelayRoom room, presence::PersonId from, std::string_view data_json) override;
  void leave(presence::PersonId person) override;
  void drain(const std::function<void(const presence::RelayWord&)>& take) override;

 private:
  struct Job {
    presence::PersonId person = presence::kNobody;
    presence::RelayRoom room = 0;
    std::string data_json;  ///< Empty: the person leaves.
  };
  struct Member {
    std::uint64_t handle = 0;
    presence::RelayRoom room = 0;
  };
  struct Room {
    std::uint64_t number = 0;  ///< In Janus.
    std::string secret;
    std::string pin;
    int members = 0;
  };

  // On the working thread.
  void work(const std::stop_token& stop);
  void run(const Job& job);
  base::Result<void> say(const Job& job);
  void part(presence::PersonId person);
  base::Result<void> connect();
  base::Result<Room*> room(presence::RelayRoom wanted);
  base::Result<Member> member(const Job& job);
  void lose();
  base::Result<std::uint64_t> ask_for_id(std::string path, std::string_view request_json);
  base::Result<std::string> post(std::string path, std::string body);
  std::string request(std::string_view janus, std::string_view further_members = {});
  std::string plugin_message(std::string_view body_json, std::string_view jsep_json = {});

  // On the listening thread.
  void listen(const std::stop_token& stop);
  /// False: the session has ended.
  bool hear(std::string_view events_json);

  void tell(presence::RelayWord word);

  JanusOptions options_;
  std::function<std::uint64_t()> random_;
  net::HttpClient client_;
  net::HttpClient patient_client_;
  std::atomic<bool> is_up_{false};
  std::atomic<bool> is_lost_{false};  ///< The listener heard that the session has ended; the worker cleans up.

  std::mutex jobs_mutex_;
  std::condition_variable_any jobs_changed_;
  std::deque<Job> jobs_;

  std::mutex words_mutex_;
  std::vector<presence::RelayWord> words_;

  /// The worker alone changes what follows, under this; the listener reads session_ and handles_ under it.
  std::mutex state_mutex_;
  std::uint64_t session_ = 0;
  std::uint64_t control_handle_ = 0;
  std::map<presence::PersonId, Member> members_;
  std::map<std::uint64_t, presence::PersonId> handles_;
  std::map<presence::RelayRoom, Room> rooms_;
  std::condition_variable_any session_changed_;

  std::jthread worker_;
  std::jthread listener_;
};

}  // namespace citiverse::api
