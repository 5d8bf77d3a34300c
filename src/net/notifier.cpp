// An endpoint is a few lanes, each a queue and a connection; what one endpoint waits for, no other sees.
#include "net/notifier.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/notifier_address.h"
#include "net/notifier_connection.h"

namespace citiverse::net {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLateCheckTime{100};
constexpr auto kAwaitTimer = asio::as_tuple(asio::use_awaitable);

struct Waiting {
  Delivery delivery;
  std::string target;
  std::uint32_t attempts = 0;
  std::uint64_t place = 0;  // In the order of coming, over all lanes.
};

struct Lane {
  std::deque<Waiting> queue;
  std::optional<Waiting> current;  // On its way.
  Clock::time_point retry_at{};
  asio::steady_timer* waits = nullptr;
  bool is_running = false;
};

struct Endpoint {
  Endpoint(NotifierAddress where, std::size_t lane_count) : address(std::move(where)), lanes(lane_count) {}
  const NotifierAddress address;
  std::vector<Lane> lanes;
  std::size_t waiting = 0;  // Without those that are on their way.
  std::size_t bytes = 0;
  Clock::time_point rests_until{};
  Clock::time_point cools_until{};
  std::chrono::milliseconds rest{0};
  std::uint32_t failures = 0;
  bool is_trying = false;  // After a rest one delivery goes first.

  void wake_all() {
    for (Lane& each : lanes)
      if (each.waits != nullptr) each.waits->cancel();
  }
  Lane& with_oldest() {
    return *std::ranges::min_element(
        lanes, {}, [](const Lane& each) { return each.queue.empty() ? UINT64_MAX : each.queue.front().place; });
  }
};

}  // namespace

struct Notifier::Impl {
  explicit Impl(NotifierOptions chosen) : options(std::move(chosen)), tls(asio::ssl::context::tls_client) {
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    tls.set_verify_mode(asio::ssl::verify_peer);
  }

  // Reading the system's authorities takes tens of milliseconds, which the start of a node need not wait for.
  void read_authorities() {
    boost::system::error_code ignored;
    tls.set_default_verify_paths(ignored);
    if (!options.authorities.empty()) tls.load_verify_file(options.authorities.string(), ignored);
  }

  bool is_trusted(const OutgoingUrl& url) const {
    return options.allows_private || std::ranges::find(options.trusted_hosts, url.authority()) != options.trusted_hosts.end();
  }
  base::Result<NotifierAddress> checked(std::string_view text) const;
  void enqueue(NotifierAddress address, Delivery delivery);
  bool replace_waiting(Endpoint& endpoint, Lane& lane, Waiting& waiting);
  void put(const std::shared_ptr<Endpoint>& endpoint, Lane& lane, Waiting waiting);
  Waiting take(Endpoint& endpoint, Lane& lane);
  void end(Waiting& waiting, int status, std::atomic<std::uint64_t>& count);
  asio::awaitable<void> serve(std::shared_ptr<Endpoint> endpoint, std::size_t lane_number);
  std::optional<Clock::time_point> must_wait(const Endpoint& endpoint, const Lane& lane, Clock::time_point now) const;
  asio::awaitable<void> wait(Lane& lane, Clock::time_point until);
  void settle(Endpoint& endpoint, Lane& lane, Waiting waiting, int status);
  void rest(Endpoint& endpoint);
  void forget_if_idle(const Endpoint& endpoint);
  asio::awaitable<void> watch();
  std::chrono::milliseconds with_chance(std::chrono::milliseconds time) {
    std::uniform_int_distribution<long> more(0, std::max<long>(1, time.count() / 2));
    return time + std::chrono::milliseconds(more(random));
  }

  NotifierOptions options;
  asio::ssl::context tls;
  std::map<std::string, std::shared_ptr<Endpoint>> endpoints;  // Of the notifier's thread, as what follows.
  std::set<NotifierConnection*> connections;
  std::mt19937 random{std::random_device{}()};
  std::uint64_t next_place = 1;
  std::uint64_t next_connection = 1;
  const std::string client_id = fmt::format("citiverse{:08x}", random());  // A broker ends an older client of the same name.
  std::size_t waiting_bytes = 0;
  std::atomic<std::uint64_t> due{0}, delivered{0}, dropped{0}, replaced{0}, waiting_now{0}, retried{0}, known{0}, resting{0};
  std::mutex incoming_mutex;
  std::vector<std::pair<NotifierAddress, Delivery>> incoming;
  asio::io_context io{1};  // Its coroutines use all of the above.
  NameLookups names;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::thread thread;
};

base::Result<NotifierAddress> Notifier::Impl::checked(std::string_view text) const {
  auto address = parse_notifier_address(text);
  if (!address || is_trusted(address->url)) return address;
  const OutgoingUrl* const url = &address->url;
  if (!url->is_tls)
    return base::fail(base::ErrorCode::denied,
                      fmt::format("{}: plain {} is for hosts that the operator trusts (serve --notify-host); use {}",
                                  url->authority(), address->is_mqtt ? "mqtt" : "http", address->is_mqtt ? "mqtts" : "https"));
  boost::system::error_code error;
  const auto numeric = asio::ip::make_address_v4(url->host, error);
  if (!error && !is_public_ipv4(numeric.to_uint()))
    return base::fail(base::ErrorCode::denied,
                      url->authority() + ": not a public address; the operator can allow it (serve --notify-host)");
  return address;
}

void Notifier::Impl::end(Waiting& waiting, int status, std::atomic<std::uint64_t>& count) {
  count.fetch_add(1);
  waiting_now.fetch_sub(1);
  if (waiting.delivery.done) waiting.delivery.done(status);
}

void Notifier::Impl::enqueue(NotifierAddress address, Delivery delivery) {
  const std::string key = address.key();
  Waiting waiting{std::move(delivery), address.url.target, 0, next_place++};
  if (waiting_bytes + waiting.delivery.body.size() > options.waiting_bytes_max) return end(waiting, 0, dropped);
  auto place = endpoints.find(key);
  if (place == endpoints.end()) {
    if (endpoints.size() >= options.endpoints_max) return end(waiting, 0, dropped);
    place =
        endpoints.emplace(key, std::make_shared<Endpoint>(std::move(address), std::max<std::size_t>(1, options.lanes))).first;
    known.store(endpoints.size());
  }
  const std::shared_ptr<Endpoint> endpoint = place->second;
  if (waiting.delivery.cooldown.count() > 0 && Clock::now() < endpoint->cools_until) return end(waiting, 0, dropped);
  Lane& lane = endpoint->lanes[waiting.delivery.order % endpoint->lanes.size()];
  if (replace_waiting(*endpoint, lane, waiting)) return;
  const std::size_t bytes = waiting.delivery.body.size();
  while (endpoint->waiting > 0 &&
         (endpoint->waiting >= options.queue_max || endpoint->bytes + bytes > options.queue_bytes_max)) {
    Waiting oldest = take(*endpoint, endpoint->with_oldest());
    end(oldest, 0, dropped);
  }
  put(endpoint, lane, std::move(waiting));
}

bool Notifier::Impl::replace_waiting(Endpoint& endpoint, Lane& lane, Waiting& waiting) {
  if (waiting.delivery.replaces == 0) return false;
  const auto same =
      std::ranges::find(lane.queue, waiting.delivery.replaces, [](const Waiting& each) { return each.delivery.replaces; });
  if (same == lane.queue.end()) return false;
  const std::size_t before = same->delivery.body.size();
  endpoint.bytes += waiting.delivery.body.size() - before;
  waiting_bytes += waiting.delivery.body.size() - before;
  replaced.fetch_add(1);
  waiting_now.fetch_sub(1);
  same->delivery = std::move(waiting.delivery);
  same->target = std::move(waiting.target);
  return true;
}

void Notifier::Impl::put(const std::shared_ptr<Endpoint>& endpoint, Lane& lane, Waiting waiting) {
  ++endpoint->waiting;
  endpoint->bytes += waiting.delivery.body.size();
  waiting_bytes += waiting.delivery.body.size();
  lane.queue.push_back(std::move(waiting));
  if (lane.waits != nullptr) lane.waits->cancel();
  if (std::exchange(lane.is_running, true)) return;
  asio::co_spawn(io, serve(endpoint, static_cast<std::size_t>(&lane - endpoint->lanes.data())), asio::detached);
}

Waiting Notifier::Impl::take(Endpoint& endpoint, Lane& lane) {
  Waiting waiting = std::move(lane.queue.front());
  lane.queue.pop_front();
  --endpoint.waiting;
  endpoint.bytes -= waiting.delivery.body.size();
  waiting_bytes -= waiting.delivery.body.size();
  return waiting;
}

std::optional<Clock::time_point> Notifier::Impl::must_wait(const Endpoint& endpoint, const Lane& lane,
                                                           Clock::time_point now) const {
  const Clock::time_point until = std::max(endpoint.rests_until, lane.retry_at);
  if (now < until) return until;
  if (endpoint.failures >= options.failures_to_open && endpoint.is_trying) return now + options.idle_time;
  return std::nullopt;
}

asio::awaitable<void> Notifier::Impl::wait(Lane& lane, Clock::time_point until) {
  asio::steady_timer timer(io, until);
  lane.waits = &timer;
  co_await timer.async_wait(kAwaitTimer);
  lane.waits = nullptr;
}

asio::awaitable<void> Notifier::Impl::serve(std::shared_ptr<Endpoint> endpoint, std::size_t lane_number) {
  struct Known {
    Known(Impl& all, NotifierConnection& one) : impl(all), connection(one) { impl.connections.insert(&connection); }
    ~Known() { impl.connections.erase(&connection); }
    Impl& impl;
    NotifierConnection& connection;
  };
  Lane& lane = endpoint->lanes[lane_number];
  const auto connection = make_notifier_connection({io, tls, names, client_id}, endpoint->address,
                                                   is_trusted(endpoint->address.url), next_connection++);
  const Known is_known(*this, *connection);
  Clock::time_point last_used = Clock::now();
  while (true) {
    const auto now = Clock::now();
    if (lane.queue.empty()) {
      if (now >= last_used + options.idle_time) break;
      co_await wait(lane, last_used + options.idle_time);
      continue;
    }
    if (const auto until = must_wait(*endpoint, lane, now)) {
      co_await wait(lane, *until);
      continue;
    }
    lane.current = take(*endpoint, lane);
    endpoint->is_trying = true;
    const auto asked = lane.current->delivery.request_time;
    const auto time = asked.count() > 0 ? std::min(asked, options.request_time) : options.request_time;
    const int status = co_await connection->post(lane.current->delivery, lane.current->target, now + time);
    endpoint->is_trying = false;
    last_used = Clock::now();
    Waiting sent = *std::exchange(lane.current, std::nullopt);
    settle(*endpoint, lane, std::move(sent), status);
  }
  lane.is_running = false;
  forget_if_idle(*endpoint);
}

void Notifier::Impl::settle(Endpoint& endpoint, Lane& lane, Waiting waiting, int status) {
  if (status >= 200 && status < 300) {
    if (endpoint.failures >= options.failures_to_open) resting.fetch_sub(1);
    const bool was_failing = std::exchange(endpoint.failures, 0) > 0;
    endpoint.rest = std::chrono::milliseconds(0);
    lane.retry_at = {};
    end(waiting, status, delivered);
    if (was_failing) endpoint.wake_all();
    return;
  }
  const auto now = Clock::now();
  const auto cooldown = waiting.delivery.cooldown;
  if (cooldown.count() > 0) endpoint.cools_until = endpoint.rests_until = std::max(endpoint.rests_until, now + cooldown);
  // Somebody is there and refuses: asking again would not change its mind.
  const bool is_refused = status >= 300 && status < 500 && status != 408 && status != 429;
  ++waiting.attempts;
  if (is_refused || waiting.attempts >= options.attempts_max) {
    end(waiting, status, dropped);
    lane.retry_at = {};
  } else {
    retried.fetch_add(1);
    lane.retry_at = now + with_chance(options.retry_time * (1u << (waiting.attempts - 1)));
    ++endpoint.waiting;
    endpoint.bytes += waiting.delivery.body.size();
    waiting_bytes += waiting.delivery.body.size();
    lane.queue.push_front(std::move(waiting));
  }
  if (!is_refused) rest(endpoint);
  endpoint.wake_all();
}

void Notifier::Impl::rest(Endpoint& endpoint) {
  if (++endpoint.failures < options.failures_to_open) return;
  if (endpoint.failures == options.failures_to_open) resting.fetch_add(1);
  endpoint.rest = std::clamp(endpoint.rest * 2, options.rest_time, options.rest_time_max);
  endpoint.rests_until = std::max(endpoint.rests_until, Clock::now() + with_chance(endpoint.rest));
}

void Notifier::Impl::forget_if_idle(const Endpoint& endpoint) {
  if (std::ranges::any_of(endpoint.lanes, &Lane::is_running)) return;
  if (endpoint.failures >= options.failures_to_open) resting.fetch_sub(1);
  endpoints.erase(endpoint.address.key());
  known.store(endpoints.size());
}

asio::awaitable<void> Notifier::Impl::watch() {
  asio::steady_timer timer(io);
  while (true) {
    timer.expires_after(kLateCheckTime);
    co_await timer.async_wait(kAwaitTimer);
    const auto now = Clock::now();
    for (NotifierConnection* each : connections) each->end_if_late(now);
  }
}

Notifier::Notifier(NotifierOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {
  impl_->work.emplace(asio::make_work_guard(impl_->io));
  asio::co_spawn(impl_->io, impl_->watch(), asio::detached);
  impl_->thread = std::thread([impl = impl_.get()] {
    impl->read_authorities();
    impl->io.run();
  });
}

Notifier::~Notifier() {
  impl_->io.stop();
  impl_->thread.join();
  for (auto& [address, delivery] : impl_->incoming) {
    Waiting waiting{std::move(delivery), {}, 0, 0};
    impl_->end(waiting, 0, impl_->dropped);
  }
  for (auto& [key, endpoint] : impl_->endpoints)
    for (Lane& lane : endpoint->lanes) {
      if (lane.current) impl_->end(*lane.current, 0, impl_->dropped);
      for (Waiting& waiting : lane.queue) impl_->end(waiting, 0, impl_->dropped);
    }
}

base::Result<void> Notifier::check(std::string_view url) const {
  const auto checked = impl_->checked(url);
  if (!checked) return std::unexpected(checked.error());
  return {};
}

base::Result<void> Notifier::send(Delivery delivery) {
  auto address = impl_->checked(delivery.url);
  if (!address) return std::unexpected(address.error());
  address->version = delivery.mqtt_version;
  impl_->due.fetch_add(1);
  impl_->waiting_now.fetch_add(1);
  bool wakes = false;
  {
    const std::lock_guard lock(impl_->incoming_mutex);
    wakes = impl_->incoming.empty();
    impl_->incoming.emplace_back(std::move(*address), std::move(delivery));
  }
  if (!wakes) return {};
  asio::post(impl_->io, [impl = impl_.get()] {
    std::vector<std::pair<NotifierAddress, Delivery>> batch;
    {
      const std::lock_guard lock(impl->incoming_mutex);
      batch.swap(impl->incoming);
    }
    for (auto& [where, each] : batch) impl->enqueue(std::move(where), std::move(each));
  });
  return {};
}

NotifierCounts Notifier::counts() const {
  return {.due = impl_->due,
          .delivered = impl_->delivered,
          .dropped = impl_->dropped,
          .replaced = impl_->replaced,
          .waiting = impl_->waiting_now,
          .retried = impl_->retried,
          .endpoints = impl_->known,
          .resting = impl_->resting};
}

}  // namespace citiverse::net
