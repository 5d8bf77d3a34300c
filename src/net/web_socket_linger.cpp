// Never waits: whoever does not take the last words within the time has had his chance.
#include "net/web_socket_linger.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "net/limits.h"

namespace citiverse::net {

void LingeringSockets::add(FileHandle socket, std::vector<std::byte> left, std::shared_ptr<AddressAccount> account,
                           std::chrono::nanoseconds now) {
  Lingering lingering;
  lingering.socket = std::move(socket);
  lingering.left = std::move(left);
  lingering.account = std::move(account);
  lingering.deadline = now + time_;
  sockets_.push_back(std::move(lingering));
}

bool LingeringSockets::has_ended(Lingering& lingering) {
  const int descriptor = lingering.socket.get();
  if (!lingering.has_said_all) {
    const std::size_t count = lingering.left.size() - lingering.sent;
    const ssize_t sent =
        count == 0 ? 0 : ::send(descriptor, lingering.left.data() + lingering.sent, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return true;
    lingering.sent += sent > 0 ? static_cast<std::size_t>(sent) : 0;
    if (lingering.sent < lingering.left.size()) return false;
    ::shutdown(descriptor, SHUT_WR);
    lingering.has_said_all = true;
  }
  std::array<std::byte, kReadBufferBytes> dropped;
  const ssize_t count = ::recv(descriptor, dropped.data(), dropped.size(), MSG_DONTWAIT);
  if (count <= 0) return count == 0 || (errno != EAGAIN && errno != EINTR);
  lingering.dropped += static_cast<std::size_t>(count);
  return lingering.dropped > kLingerBytesMax;
}

std::size_t LingeringSockets::sweep(std::chrono::nanoseconds now) {
  return std::erase_if(sockets_, [&](Lingering& lingering) {
    if (now < lingering.deadline && !has_ended(lingering)) return false;
    AddressBook::close(*lingering.account);
    return true;
  });
}

}  // namespace citiverse::net
