// The yardstick for presence: a server that only moves bytes. Each tick it receives from all sockets and sends all of them a
// frame made by hand, with 32 neighbours of 8 bytes each, always the same ones: no accounts, no interest, no rules, no deltas.
// What a real server costs beyond this is its own.
//   g++ -O2 -std=c++20 bench/presence_yardstick.cpp -o yardstick && ./yardstick PORT [PHASES] [HZ]
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

namespace {

constexpr int kNeighbours = 32;
constexpr const char* kAccepted =  // For the key of RFC 6455, 1.3, which the generator uses.
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: citiverse.presence.1\r\n\r\n";

struct Client {
  int socket = -1;
  bool greeted = false;
  bool entered = false;
  std::uint16_t sequence = 0;
  std::uint8_t record[8] = {};  // As it goes out: slot (filled for each who sees it), x, y, z, heading, state.
  std::int32_t place[3] = {};
};

std::vector<Client> clients;

template <class T>
void put(std::uint8_t* at, T value) {
  std::memcpy(at, &value, sizeof value);
}
template <class T>
T get(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::int64_t now_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000ll + t.tv_nsec;
}

void accept_some(int listener) {
  for (;;) {
    const int socket = accept4(listener, nullptr, nullptr, 0);
    if (socket < 0) return;
    std::string request;
    char bytes[2048];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = recv(socket, bytes, sizeof bytes, 0);
      if (count <= 0) break;
      request.append(bytes, static_cast<std::size_t>(count));
    }
    (void)!send(socket, kAccepted, std::strlen(kAccepted), MSG_NOSIGNAL);
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Client client;
    client.socket = socket;
    clients.push_back(client);
  }
}

void send_frame(Client& client, const std::uint8_t* payload, std::size_t size) {
  std::uint8_t out[4096];
  std::size_t at = 0;
  out[at++] = 0x82;
  if (size < 126) {
    out[at++] = static_cast<std::uint8_t>(size);
  } else {
    out[at++] = 126;
    out[at++] = static_cast<std::uint8_t>(size >> 8);
    out[at++] = static_cast<std::uint8_t>(size);
  }
  std::memcpy(out + at, payload, size);
  (void)!send(client.socket, out, at + size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void greet(Client& client, std::uint32_t person, std::uint16_t tick, std::int64_t due_ns, int hz) {
  std::uint8_t welcome[84] = {0x81, 1};
  put(welcome + 2, person);
  welcome[6] = kNeighbours;
  welcome[7] = static_cast<std::uint8_t>(hz);
  put<std::uint16_t>(welcome + 8, 100);
  welcome[10] = static_cast<std::uint8_t>(hz);
  put(welcome + 12, tick);
  put<std::uint64_t>(welcome + 14, static_cast<std::uint64_t>(due_ns / 1000));
  client.greeted = true;
  send_frame(client, welcome, sizeof welcome);
}

void take_place(Client& client, const std::uint8_t* place) {
  for (int k = 0; k < 3; ++k) client.place[k] = get<std::int32_t>(place + 4 * k);
  put(client.record + 1, static_cast<std::uint16_t>(client.place[0]));
  put(client.record + 3, static_cast<std::uint16_t>(client.place[1]));
  client.record[5] = static_cast<std::uint8_t>(client.place[2] / 5);
}

void receive(Client& client, std::uint32_t person, std::uint16_t tick, std::int64_t due_ns, int hz) {
  std::uint8_t in[16384];
  const ssize_t count = recv(client.socket, in, sizeof in, MSG_DONTWAIT);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
    close(client.socket);
    client.socket = -1;
    return;
  }
  for (std::size_t at = 0; count > 0 && at + 6 <= static_cast<std::size_t>(count);) {
    const std::size_t size = in[at + 1] & 0x7Fu;
    if (size >= 126) return;  // The generator's chat: not taken here.
    std::uint8_t* const payload = in + at + 6;
    for (std::size_t i = 0; i < size; ++i) payload[i] ^= in[at + 2 + i % 4];
    if (payload[0] == 1) {
      take_place(client, payload + 24);
      greet(client, person, tick, due_ns, hz);
    } else if (payload[0] == 2) {
      client.sequence = get<std::uint16_t>(payload + 1);
      take_place(client, payload + 4);
      client.record[6] = payload[16];
      client.record[7] = payload[17];
    }
    at += 6 + size;
  }
}

void tell(std::size_t i, std::uint16_t tick) {
  Client& client = clients[i];
  std::uint8_t out[2048];
  out[0] = 0x82;
  put(out + 1, tick);
  put(out + 3, client.sequence);
  std::size_t at = 6;
  out[5] = client.entered ? 8 : 4;
  out[at++] = kNeighbours;
  for (int k = 0; k < kNeighbours; ++k) {
    const std::size_t other = (i + static_cast<std::size_t>(k) + 1) % clients.size();
    const Client& neighbour = clients[other];
    if (client.entered) {
      std::memcpy(out + at, neighbour.record, 8);
      out[at] = static_cast<std::uint8_t>(k);
      at += 8;
    } else {
      out[at] = static_cast<std::uint8_t>(k);
      put(out + at + 1, static_cast<std::uint32_t>(other + 1));
      for (int c = 0; c < 3; ++c) put(out + at + 5 + 4 * c, c == 2 ? neighbour.place[c] / 5 * 5 : neighbour.place[c]);
      out[at + 17] = out[at + 18] = 0;
      at += 19;
    }
  }
  client.entered = true;
  send_frame(client, out, at);
}

}  // namespace

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 9100;
  const std::size_t phases = argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 10;
  const int hz = argc > 3 ? std::atoi(argv[3]) : 10;
  const rlimit limit{60'000, 60'000};
  setrlimit(RLIMIT_NOFILE, &limit);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener, 4096) != 0) {
    std::perror("listen");
    return 1;
  }
  clients.reserve(60'000);
  const std::int64_t step_ns = 1'000'000'000ll / hz / static_cast<std::int64_t>(phases);
  std::int64_t due_ns = now_ns();
  for (std::uint64_t step = 0;; ++step, due_ns += step_ns) {
    const timespec until{due_ns / 1'000'000'000, due_ns % 1'000'000'000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    const std::size_t phase = step % phases;
    const auto tick = static_cast<std::uint16_t>(step / phases);
    accept_some(listener);
    for (std::size_t i = phase; i < clients.size(); i += phases) {
      if (clients[i].socket >= 0) receive(clients[i], static_cast<std::uint32_t>(i + 1), tick, due_ns, hz);
    }
    for (std::size_t i = phase; i < clients.size(); i += phases) {
      if (clients[i].socket >= 0 && clients[i].greeted) tell(i, tick);
    }
  }
}
