// A list under a lock; only who finds it empty wakes the loop.
#include "net/later_replies.h"

#include <boost/asio/post.hpp>

namespace citiverse::net {

struct LaterReplies::Post {
  std::mutex mutex;
  LaterReplies* replies = nullptr;  // Null once the loop is gone.
  std::vector<std::pair<Connection*, Reply>> given;
};

LaterReplies::LaterReplies(boost::asio::io_context& io) : io_(io), post_(std::make_shared<Post>()) { post_->replies = this; }
LaterReplies::~LaterReplies() { close(); }

void LaterReplies::wait_for(LaterReply& later, std::shared_ptr<Connection> connection, void (*send)(Connection&, Reply)) {
  Connection* const key = connection.get();
  waiting_.emplace(key, Waiting{std::move(connection), send});
  later.when_given([post = post_, key](Reply reply) {
    const std::lock_guard lock(post->mutex);
    if (post->replies == nullptr) return;
    const bool sleeps = post->given.empty();
    post->given.emplace_back(key, std::move(reply));
    LaterReplies* const replies = post->replies;
    if (sleeps) boost::asio::post(replies->io_, [replies] { replies->deliver(); });
  });
}

void LaterReplies::deliver() {
  std::vector<std::pair<Connection*, Reply>> given;
  {
    const std::lock_guard lock(post_->mutex);
    given.swap(post_->given);
  }
  for (auto& [key, reply] : given) {
    auto node = waiting_.extract(key);
    if (!node.empty()) node.mapped().send(*node.mapped().connection, std::move(reply));
  }
}

void LaterReplies::close() {
  {
    const std::lock_guard lock(post_->mutex);
    post_->replies = nullptr;
    post_->given.clear();
  }
  waiting_.clear();
}

}  // namespace citiverse::net
