// Names of machines as addresses, asked on threads of their own: a name server that hangs holds up nobody who has an address.
// Private to the room: it speaks Asio.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace citiverse::net {

/// Threads: safe. The destructor waits for look-ups that run, as long as the system's resolver takes.
class NameLookups {
 public:
  static constexpr std::size_t kThreads = 4;
  static constexpr std::size_t kWaitingMax = 4'096;  ///< Look-ups that wait; beyond, they fail at once.

  NameLookups();
  ~NameLookups();
  NameLookups(const NameLookups&) = delete;
  NameLookups& operator=(const NameLookups&) = delete;

  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  /// Calls `done` once, on a thread of this object, or at once where no look-up is needed or possible; empty: the name is not
  /// known.
  void find(const std::string& host, std::uint16_t port, std::function<void(Endpoints)> done);

 private:
  struct Job {
    std::string host;
    std::uint16_t port = 0;
    std::function<void(Endpoints)> done;
  };
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> jobs_;
  std::vector<std::jthread> threads_;
};

}  // namespace citiverse::net
