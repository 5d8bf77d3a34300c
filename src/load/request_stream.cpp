// One thread and one epoll: the generator shares its machine with the node, so what it costs is kept small.
#include "load/request_stream.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <deque>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "load/joiner.h"

namespace citiverse::load {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kAnswerHeadBytesMax = 32 * 1024;
constexpr std::size_t kRefusalShownBytes = 1024;
constexpr int kEventsAtOnce = 256;

// An answer as it comes in: its head is kept, its body only counted.
class AnswerReader {
 public:
  // Takes what came; true when the answer is whole. Nothing may follow it: one request is under way at a time.
  bool take(std::string_view bytes) {
    if (!in_body_) {
      head_.append(bytes);
      const std::size_t end = head_.find("\r\n\r\n");
      if (end == std::string::npos) {
        is_broken_ = head_.size() > kAnswerHeadBytesMax;
        return false;
      }
      read_head(end);
      const std::size_t in_hand = head_.size() - end - 4;
      left_ -= std::min(left_, in_hand);
      in_body_ = true;
    } else {
      if (status_ >= 300 && head_.size() < kRefusalShownBytes) head_.append(bytes);
      left_ -= std::min(left_, bytes.size());
    }
    return left_ == 0;
  }
  int status() const { return status_; }
  bool is_broken() const { return is_broken_; }
  std::string_view shown() const { return std::string_view(head_).substr(0, kRefusalShownBytes); }
  void reset() {
    head_.clear();
    in_body_ = false;
    left_ = 0;
  }

 private:
  void read_head(std::size_t end) {
    const std::string_view head = std::string_view(head_).substr(0, end + 2);
    std::from_chars(head.data() + std::min<std::size_t>(head.size(), 9), head.data() + head.size(), status_);
    constexpr std::string_view kField = "\r\nContent-Length: ";
    const std::size_t at = head.find(kField);
    left_ = 0;
    if (at != std::string_view::npos) std::from_chars(head.data() + at + kField.size(), head.data() + head.size(), left_);
    is_broken_ = head.find("\r\nTransfer-Encoding:") != std::string_view::npos;  // Answers of known length only.
  }

  std::string head_;
  std::size_t left_ = 0;
  int status_ = 0;
  bool in_body_ = false;
  bool is_broken_ = false;
};

struct StreamSocket {
  int socket = -1;
  Clock::time_point due{};
  std::string out;
  std::size_t sent = 0;
  AnswerReader answer;
};

class Stream {
 public:
  Stream(const RequestPlan& plan, const WriteRequest& write) : plan_(plan), write_(write), epoll_(::epoll_create1(0)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    for (const StreamSocket& each : sockets_) {
      if (each.socket >= 0) ::close(each.socket);
    }
    ::close(epoll_);
  }

  base::Result<void> connect() {
    sockets_.resize(std::clamp<std::uint32_t>(plan_.connections, 1, kStreamConnectionsMax));
    Entrance entrance;
    entrance.host = plan_.host;
    entrance.port = plan_.port;
    for (std::uint32_t i = 0; i < sockets_.size(); ++i) {
      auto doorstep = Doorstep::connect(entrance, i);
      if (!doorstep) return std::unexpected(doorstep.error());
      const int socket = sockets_[i].socket = doorstep->release();
      ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
      epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.u32 = i}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
      free_.push_back(i);
    }
    return {};
  }

  base::Result<RequestReport> run() {
    begin_ = Clock::now();
    counted_from_ = begin_ + plan_.warm_up;
    const auto end = counted_from_ + plan_.measure;
    for (auto now = begin_; now < end && answers_ < plan_.requests_max; now = Clock::now()) {
      send_due(now);
      if (!wait(now)) return base::fail(base::ErrorCode::unavailable, "the node closed every connection");
    }
    // What was due and not sent counts: whoever leaves it out flatters a node that stalls.
    report_.seconds = std::chrono::duration<double>(std::min(Clock::now(), end) - counted_from_).count();
    if (plan_.rate > 0) report_.due = static_cast<std::uint64_t>(plan_.rate * report_.seconds);
    return std::move(report_);
  }

 private:
  Clock::time_point due_of(std::uint64_t index) const {
    return begin_ + std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(index) * 1e9 / plan_.rate));
  }
  void send_due(Clock::time_point now) {
    while (!free_.empty() && (plan_.rate <= 0 || due_of(next_) <= now)) {
      StreamSocket& one = sockets_[free_.front()];
      free_.pop_front();
      one.due = plan_.rate > 0 ? due_of(next_) : now;
      if (plan_.rate <= 0 && now >= counted_from_) ++report_.due;
      one.out.clear();
      one.sent = 0;
      one.answer.reset();
      write_(next_++, one.out);
      flush(one);
    }
  }
  static void flush(StreamSocket& one) {
    while (one.sent < one.out.size()) {
      const ssize_t sent = ::send(one.socket, one.out.data() + one.sent, one.out.size() - one.sent, MSG_NOSIGNAL);
      if (sent <= 0) return;  // The socket says when there is room, or that it is closed.
      one.sent += static_cast<std::size_t>(sent);
    }
  }
  // Until something came or the next request is due. False when no connection is left.
  bool wait(Clock::time_point now) {
    int patience_ms = 100;
    if (plan_.rate > 0 && !free_.empty()) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(due_of(next_) - now).count();
      patience_ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, 100));
    }
    std::array<epoll_event, kEventsAtOnce> events;
    const int count = ::epoll_wait(epoll_, events.data(), kEventsAtOnce, patience_ms);
    for (int i = 0; i < count; ++i) {
      const std::uint32_t index = events[static_cast<std::size_t>(i)].data.u32;
      StreamSocket& one = sockets_[index];
      if (one.socket < 0) continue;
      flush(one);
      receive(one, index);
    }
    return closed_ < sockets_.size();
  }
  void receive(StreamSocket& one, std::uint32_t index) {
    for (;;) {
      const ssize_t got = ::recv(one.socket, buffer_.data(), buffer_.size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (got <= 0) return close(one);
      report_.bytes_in += static_cast<std::size_t>(got);
      const bool is_whole = one.answer.take({buffer_.data(), static_cast<std::size_t>(got)});
      if (one.answer.is_broken()) return close(one);
      if (!is_whole) continue;
      count(one);
      free_.push_back(index);
      return;
    }
  }
  void count(const StreamSocket& one) {
    ++answers_;
    const bool is_good = one.answer.status() / 100 == 2;
    if (!is_good && report_.first_refusal.empty()) report_.first_refusal = one.answer.shown();
    if (one.due < counted_from_) return;
    ++(is_good ? report_.answered : report_.refused);
    report_.time.add(Clock::now() - one.due);
  }
  void close(StreamSocket& one) {
    ::close(one.socket);
    one.socket = -1;
    ++closed_;
    ++report_.refused;
    if (report_.first_refusal.empty()) report_.first_refusal = "the node closed the connection";
  }

  const RequestPlan& plan_;
  const WriteRequest& write_;
  int epoll_;
  std::vector<StreamSocket> sockets_;
  std::deque<std::uint32_t> free_;
  std::array<char, 64 * 1024> buffer_{};
  RequestReport report_;
  Clock::time_point begin_{};
  Clock::time_point counted_from_{};
  std::uint64_t next_ = 0;
  std::uint64_t answers_ = 0;
  std::size_t closed_ = 0;
};

}  // namespace

base::Result<RequestReport> measure_requests(const RequestPlan& plan, const WriteRequest& write) {
  Stream stream(plan, write);
  if (auto connected = stream.connect(); !connected) return std::unexpected(connected.error());
  return stream.run();
}

}  // namespace citiverse::load
