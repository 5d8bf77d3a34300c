// Each attempt is one kind of misuse, chosen by seed; its connection is kept for a while, so that half-open ones pile up.
#include "load/hostile.h"

#include <sys/socket.h>

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/random.h"
#include "presence/client_messages.h"

namespace citiverse::load {
namespace {

enum class Misuse : std::uint32_t {
  half_open,
  foreign_origin,
  forged_session,
  password_spraying,
  unmasked_frame,
  oversized_frame,
  malformed_message,
  flood,
  teleport,
  out_of_order,
  nonsense,
  count
};

std::string frame(std::string_view payload) {
  std::string bytes("\x82", 1);
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80u | payload.size());
  } else {
    bytes += static_cast<char>(0xFE);
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size() & 0xFFu);
  }
  return bytes.append(4, '\0').append(payload);  // A mask of zeros is a mask.
}

std::string move_frame(std::uint16_t sequence, std::int32_t x) {
  presence::Move move;
  move.sequence = sequence;
  move.place.x = x;
  std::array<std::uint8_t, presence::kMoveBytes + presence::kPoseBytes> bytes{};
  const std::size_t size = presence::write_move(move, bytes.data());
  return frame({reinterpret_cast<const char*>(bytes.data()), size});
}

std::string hello_frame() {
  const auto bytes = presence::hello_bytes({});
  return frame({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// What is said on a socket that stands, to break something.
std::string words_of(Misuse misuse, base::Random& random) {
  std::string words = hello_frame();
  switch (misuse) {
    case Misuse::unmasked_frame: return std::string("\x82\x01x", 3);
    case Misuse::oversized_frame: return std::string("\x82\xFF\x00\x00\x00\x01\x00\x00\x00\x00mask", 14);
    case Misuse::malformed_message: return words + frame("\x02 too short");
    case Misuse::flood:
      for (std::uint16_t i = 0; i < 2000; ++i) words += move_frame(i, 0);
      return words;
    case Misuse::teleport:
      for (std::uint16_t i = 0; i < 20; ++i) words += move_frame(i, static_cast<std::int32_t>(random.next()));
      return words;
    case Misuse::out_of_order:
      for (std::uint16_t i = 100; i > 80; --i) words += move_frame(i, 0);
      return words;
    default:
      for (int i = 0; i < 500; ++i) words += static_cast<char>(random.next());
      return words;
  }
}

}  // namespace

Hostile::Hostile(Entrance entrance, std::uint32_t clients, std::uint64_t seed) : entrance_(std::move(entrance)) {
  if (clients == 0) return;
  thread_ = std::jthread([this, clients, seed](const std::stop_token& stop) { run(stop, clients, seed); });
}

Hostile::~Hostile() { finish(); }

std::uint64_t Hostile::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  return attempts_.load();
}

void Hostile::run(const std::stop_token& stop, std::uint32_t clients, std::uint64_t seed) {
  base::Random random(seed, 0xBAD);
  std::vector<std::optional<Doorstep>> places(clients);
  std::string cookie;
  const Entrance own = entrance_;
  if (auto in = join(own, 1'000'003, cookie)) ::shutdown(*in, SHUT_RDWR);  // One session, which is used again and again.
  const auto between =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(1 / kAttemptsPerSecond));
  auto due = std::chrono::steady_clock::now();
  for (std::uint32_t turn = 0; !stop.stop_requested(); turn = (turn + 1) % clients) {
    std::this_thread::sleep_until(due += between);
    auto doorstep = Doorstep::connect(own, 1'000'003 + turn);
    if (!doorstep) continue;
    attempts_.fetch_add(1);
    const auto misuse = static_cast<Misuse>(random.below(static_cast<std::uint32_t>(Misuse::count)));
    const std::string handshake = handshake_request(own, cookie, own.own_origin());
    switch (misuse) {
      case Misuse::half_open: doorstep->say(handshake.substr(0, 60)); break;
      case Misuse::foreign_origin: (void)doorstep->ask(handshake_request(own, cookie, "https://elsewhere.example")); break;
      case Misuse::forged_session:
        (void)doorstep->ask(handshake_request(own, fmt::format("citiverse_session={:064x}", random.next()), own.own_origin()));
        break;
      case Misuse::password_spraying: {
        const std::string body = fmt::format(R"({{"sign_in_name":"person{}","password":"Winter2026!"}})", random.below(100000));
        doorstep->say(  // Whoever tries thousands of passwords does not wait for answers.
            fmt::format("POST /api/v1/sign-in/password HTTP/1.1\r\nHost: x\r\nOrigin: {}\r\nContent-Type: "
                        "application/json\r\nContent-Length: {}\r\n\r\n{}",
                        own.own_origin(), body.size(), body));
        break;
      }
      default:
        if (doorstep->ask(handshake)) doorstep->say(words_of(misuse, random));
    }
    places[turn] = std::move(*doorstep);
  }
}

}  // namespace citiverse::load
