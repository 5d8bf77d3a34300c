// What a route answers, before it is known how it will be sent.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "net/asset.h"

namespace citiverse::net {

class EventStream;
class LaterReply;

/// An asset, a status with a body made for this request, or a promise of one of these.
struct Reply {
  int status = 200;
  std::string_view media_type = "application/json";
  std::string_view cache_control = "no-store";
  Audience audience = Audience::open_data;  ///< What a rule guards is sent as `personal` in any case.
  std::string body;
  std::string fields;     ///< Further fields, each ending in CRLF; never text from outside.
  bool has_etag = false;  ///< A validator is made from the body.
  std::shared_ptr<const Asset> asset;
  std::shared_ptr<EventStream> events;  ///< Goes on after the head (net/event_stream.h); a 200 without a body.
  std::shared_ptr<LaterReply> later;    ///< Nothing else counts: what it will be given is sent, and no thread waits for it.
};

/// For a route whose answer waits for something, such as the disk: the route gives its own copy of the pointer to whoever will
/// know. Let go without an answer, it answers 503. Threads: safe.
class LaterReply {
 public:
  LaterReply() = default;
  ~LaterReply();
  LaterReply(const LaterReply&) = delete;
  LaterReply& operator=(const LaterReply&) = delete;

  /// Once.
  void give(Reply reply);
  /// Once, by net. Called at once when the answer is there already, otherwise on the thread that gives it.
  void when_given(std::function<void(Reply)> send);

 private:
  std::mutex mutex_;
  std::optional<Reply> reply_;
  std::function<void(Reply)> send_;
  bool is_given_ = false;
};

/// A problem document (RFC 9457). `code` is stable and from the contract; `detail` may hold text from outside: it is escaped.
/// `parameter` names what was wrong in path or query, or is empty.
Reply problem(int status, std::string_view code, std::string_view detail, std::string_view parameter = {});

/// The reason phrase of a status that this program sends.
std::string_view reason_of(int status);

}  // namespace citiverse::net
