// One accepting socket, whose connections go to the loops in turn: with SO_REUSEPORT the kernel would spread a few dozen
// connections unevenly, and a second program on the same port would not be noticed.
#include "net/server.h"

#include <sys/resource.h>

#include <csignal>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/check.h"
#include "base/log.h"
#include "net/connection.h"
#include "net/peer_address.h"

namespace citiverse::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int kLongWorkNiceness = 10;

std::uint32_t or_cores(std::uint32_t count) { return count > 0 ? count : std::max(1u, std::thread::hardware_concurrency()); }

// Connections and open files together pass the 1024 descriptors that a shell gives; the system's own limit still holds.
void raise_descriptor_limit(const Limits& limits) {
  const rlim_t wanted = kOpenFilesMax + limits.connections_max + limits.web_sockets_max;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  const rlimit raised{wanted, std::max(limit.rlim_max, wanted)};  // More than the hard limit is for root only.
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) return;
  limit.rlim_cur = std::min(limit.rlim_max, wanted);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// Where every address is listened on, no name is known to be ours: then the one that a request was sent to is.
base::Result<OwnOrigin> own_origin(const ServerOptions& options, const asio::ip::address& address, std::uint16_t port) {
  if (!options.public_origin.empty()) return OwnOrigin::parse(options.public_origin);
  if (address.is_unspecified()) return OwnOrigin();
  return OwnOrigin::parse(address.is_v6() ? fmt::format("http://[{}]:{}", address.to_string(), port)
                                          : fmt::format("http://{}:{}", address.to_string(), port));
}

std::string date_field_now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return "Date: " + http_date(now.time_since_epoch().count()) + "\r\n";
}

}  // namespace

struct Server::Impl {
  Impl(const Router& router, Metrics& metrics_, ServerOptions options_)
      : options(std::move(options_)),
        metrics(metrics_),
        doorway{options.gate, {}, options.tell_refusal},
        brief(or_cores(options.brief_workers), options.limits.pending_max),
        long_(or_cores(options.long_workers), options.limits.pending_max, kLongWorkNiceness),
        shared{router, doorway, options.web_sockets, metrics, options.limits, brief, long_, options.logs_requests},
        book(options.limits) {
    shared.book = &book;
  }

  void accept();
  void welcome(tcp::socket socket, Loop& loop);
  bool make_room(Loop& loop);
  void tick(Loop& loop, asio::steady_timer& timer);
  void stop_on_loop(Loop& loop);

  ServerOptions options;
  Metrics& metrics;
  Doorway doorway;
  WorkerPool brief;
  WorkerPool long_;
  Shared shared;
  AddressBook book;
  std::vector<std::uint64_t> proxies;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::unique_ptr<asio::steady_timer>> timers;
  std::unique_ptr<tcp::acceptor> acceptor;
  std::vector<std::jthread> threads;
  std::size_t next_loop = 0;
  std::uint16_t port = 0;
  std::atomic<bool> forced{false};
  Connection::Clock::time_point stop_deadline;
};

void Server::Impl::accept() {
  Loop& loop = *loops[next_loop++ % loops.size()];
  acceptor->async_accept(loop.io, [this, &loop](const error_code& error, tcp::socket socket) {
    if (shared.stopping.load()) return;
    if (!error) {
      asio::post(loop.io,
                 [this, &loop, moved = std::make_shared<tcp::socket>(std::move(socket))] { welcome(std::move(*moved), loop); });
      return accept();
    }
    // Most likely out of descriptors: try again when some have been closed, instead of spinning.
    metrics.connections_refused.fetch_add(1, std::memory_order_relaxed);
    auto pause = std::make_shared<asio::steady_timer>(acceptor->get_executor(), std::chrono::milliseconds(50));
    pause->async_wait([this, pause](const error_code& cancelled) {
      if (!cancelled && !shared.stopping.load()) accept();
    });
  });
}

// Of those who hold a place and ask nothing, the one who has held it longest leaves: half-open connections cannot lock others
// out.
bool Server::Impl::make_room(Loop& loop) {
  while (!loop.half_open.empty()) {
    const auto connection = loop.half_open.front().lock();
    loop.half_open.pop_front();
    if (connection == nullptr || !connection->is_half_open()) continue;
    connection->close();
    metrics.connections_refused.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  return false;
}

void Server::Impl::welcome(tcp::socket socket, Loop& loop) {
  metrics.connections_accepted.fetch_add(1, std::memory_order_relaxed);
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error || shared.stopping.load()) return;
  std::shared_ptr<AddressAccount> account;
  const std::uint64_t address = address_key(peer.address());
  const bool is_proxy = std::ranges::find(proxies, address) != proxies.end();
  if (metrics.connections_open.load(std::memory_order_relaxed) < options.limits.connections_max || make_room(loop)) {
    const auto now = Connection::Clock::now().time_since_epoch();
    account = is_proxy ? book.open_proxy(address, now) : book.open(address, now);
  }
  if (account == nullptr) {
    metrics.connections_refused.fetch_add(1, std::memory_order_relaxed);
    return;  // Closed without an answer: writing one would cost what is lacking.
  }
  auto connection = std::make_shared<Connection>(shared, loop, std::move(socket), std::move(account), address, is_proxy);
  loop.connections.push_back(connection);
  loop.half_open.push_back(connection);
  connection->start();
}

void Server::Impl::tick(Loop& loop, asio::steady_timer& timer) {
  loop.date_field = date_field_now();
  const auto now = Connection::Clock::now();
  std::erase_if(loop.half_open, [](const std::weak_ptr<Connection>& weak) {
    const auto connection = weak.lock();
    return connection == nullptr || !connection->is_half_open();
  });
  const bool stopping = shared.stopping.load();
  const bool too_late = stopping && now >= stop_deadline;
  std::erase_if(loop.connections, [&](const std::weak_ptr<Connection>& weak) {
    const auto connection = weak.lock();
    if (connection == nullptr) return true;
    if (too_late)
      connection->close();
    else
      connection->check_time(now);
    return false;
  });
  if (stopping && (too_late || loop.connections.empty())) return;  // Nothing waits any more: the loop runs out of work.
  timer.expires_after(std::chrono::milliseconds(stopping ? 20 : 1000));
  timer.async_wait([this, &loop, &timer](const error_code&) { tick(loop, timer); });
}

void Server::Impl::stop_on_loop(Loop& loop) {
  for (const auto& weak : loop.connections) {
    if (const auto connection = weak.lock()) connection->stop_soon();
  }
}

Server::Server(const Router& router, Metrics& metrics, ServerOptions options)
    : impl_(std::make_unique<Impl>(router, metrics, std::move(options))) {
  std::vector<std::string> names;
  for (const Route& route : router.routes()) {
    const bool reads = route.method == Method::get;
    names.push_back(reads ? route.pattern : fmt::format("{} {}", name_of(route.method), route.pattern));
  }
  metrics.set_routes(std::move(names));
}

Server::~Server() {
  stop();
  wait();
}

base::Result<void> Server::start() {
  Impl& in = *impl_;
  CITIVERSE_CHECK(in.loops.empty(), "a server is started once");
  error_code error;
  const auto address = asio::ip::make_address(in.options.host, error);
  if (error) {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("{}: not a numeric address; give one such as 127.0.0.1, 0.0.0.0 or ::", in.options.host));
  }
  for (const std::string& proxy : in.options.trusted_proxies) {
    const auto trusted = asio::ip::make_address(proxy, error);
    if (error) {
      return base::fail(base::ErrorCode::bad_input, fmt::format("{}: not a numeric address of a proxy", proxy));
    }
    in.proxies.push_back(address_key(trusted));
  }
  raise_descriptor_limit(in.options.limits);
  // sendfile(2) has no MSG_NOSIGNAL: a client that goes away in the middle of a file would end the program.
  std::signal(SIGPIPE, SIG_IGN);
  for (std::uint32_t i = 0; i < or_cores(in.options.threads); ++i) in.loops.push_back(std::make_unique<Loop>());
  in.acceptor = std::make_unique<tcp::acceptor>(in.loops[0]->io);
  const tcp::endpoint endpoint(address, in.options.port);
  in.acceptor->open(endpoint.protocol(), error);
  if (!error) in.acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) in.acceptor->bind(endpoint, error);
  if (!error) in.acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    in.acceptor.reset();  // It lives in the first loop, so it goes before it.
    in.loops.clear();
    return base::fail(base::ErrorCode::unavailable, fmt::format("cannot listen on {} port {}: {}; choose another with --port",
                                                                in.options.host, in.options.port, error.message()));
  }
  in.port = in.acceptor->local_endpoint().port();
  auto origin = own_origin(in.options, address, in.port);
  if (!origin) {
    in.acceptor.reset();
    in.loops.clear();
    return std::unexpected(origin.error());
  }
  in.doorway.origin = std::move(*origin);
  if (in.options.web_sockets != nullptr) in.options.web_sockets->start();
  for (auto& loop : in.loops) {
    in.timers.push_back(std::make_unique<asio::steady_timer>(loop->io));
    in.tick(*loop, *in.timers.back());
  }
  in.accept();
  for (auto& loop : in.loops) {
    in.threads.emplace_back([&io = loop->io] { io.run(); });
  }
  return {};
}

std::uint16_t Server::port() const { return impl_->port; }
bool Server::is_stopping() const { return impl_->shared.stopping.load(); }

void Server::stop() {
  Impl& in = *impl_;
  if (in.loops.empty() || in.forced.exchange(true)) return;
  in.stop_deadline = Connection::Clock::now() + in.options.limits.stop_time;
  in.shared.stopping.store(true);
  asio::post(in.loops[0]->io, [&in] {
    error_code ignored;
    in.acceptor->close(ignored);
  });
  for (std::size_t i = 0; i < in.loops.size(); ++i) {
    asio::post(in.loops[i]->io, [&in, i] {
      in.stop_on_loop(*in.loops[i]);
      in.timers[i]->cancel();  // Ticks now, and faster from now on.
    });
  }
}

void Server::wait() {
  if (impl_->options.web_sockets != nullptr && is_stopping()) impl_->options.web_sockets->stop();
  impl_->threads.clear();
  for (auto& loop : impl_->loops) loop->later.close();
}

void Server::run_until_signal() {
  asio::io_context io(1);
  asio::signal_set signals(io, SIGINT, SIGTERM);
  int which = 0;
  signals.async_wait([&](const error_code&, int signal) { which = signal; });
  io.run();
  base::log(base::LogLevel::info, "stopping", {{"signal", static_cast<std::int64_t>(which)}});
  stop();
  wait();
}

}  // namespace citiverse::net
