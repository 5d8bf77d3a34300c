// Answers that come from other threads, brought to the event loop whose connections wait for them: one wake-up for many.
// Private to the room: it posts to Asio.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "net/reply.h"

namespace citiverse::net {

class Connection;

/// Of one event loop. Whoever gives an answer holds only the part that outlives the loop, so that an answer which comes after
/// the server has gone is dropped. Threads: the loop's, but for the giving.
class LaterReplies {
 public:
  explicit LaterReplies(boost::asio::io_context& io);
  ~LaterReplies();
  LaterReplies(const LaterReplies&) = delete;
  LaterReplies& operator=(const LaterReplies&) = delete;

  /// Keeps the connection alive until `later` is given, and calls `send` with it then, on the loop's thread.
  void wait_for(LaterReply& later, std::shared_ptr<Connection> connection, void (*send)(Connection&, Reply));
  /// Nothing is sent any more. After the loop's thread has ended.
  void close();

 private:
  struct Post;
  struct Waiting {
    std::shared_ptr<Connection> connection;
    void (*send)(Connection&, Reply);
  };
  void deliver();

  boost::asio::io_context& io_;
  std::shared_ptr<Post> post_;
  std::unordered_map<Connection*, Waiting> waiting_;
};

}  // namespace citiverse::net
