// One thread: each move when its time has come, and in between whatever the node has sent.
#include "load/crowd.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <map>

#include <fmt/format.h>

#include "base/thread_share.h"
#include "load/arrivals.h"
#include "load/hostile.h"
#include "load/timetable.h"

namespace citiverse::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::uint32_t kCheckedEvery = 50;  // Of so many visitors, one holds every tick against the protocol.
constexpr int kEventsMax = 512;
constexpr std::uint32_t kFetchedAhead = 4;
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr nanoseconds kTurn = std::chrono::microseconds(500);  // Of the loop: times are this exact.
constexpr nanoseconds kAfterTurns = milliseconds(1500);        // Until nothing is under way that was sent at another time.
constexpr nanoseconds kBackLeast = milliseconds(500);
constexpr nanoseconds kBackMost = std::chrono::seconds(30);

nanoseconds steady_now() { return std::chrono::steady_clock::now().time_since_epoch(); }

void raise_descriptor_limit() {
  const rlimit raised{kVisitorsMax + 1000, kVisitorsMax + 1000};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) return;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::vector<std::string> read_cookies(const std::filesystem::path& file, std::uint32_t count) {
  std::vector<std::string> cookies;
  std::ifstream in(file);
  for (std::string line; cookies.size() < count && std::getline(in, line);) cookies.push_back(std::move(line));
  cookies.resize(count);
  return cookies;
}

void write_cookies(const std::filesystem::path& file, const std::vector<std::string>& cookies) {
  if (file.empty()) return;
  std::ofstream out(file);
  for (const std::string& cookie : cookies) out << cookie << '\n';
}

class Crowd {
 public:
  Crowd(const CrowdPlan& plan, Walkers walkers)
      : plan_(plan),
        walkers_(std::move(walkers)),
        visitors_(plan.visitors),
        tries_(plan.visitors),
        lost_at_(plan.visitors),
        arrivals_(plan.entrance, read_cookies(plan.cookies, plan.visitors)),
        random_(plan.seed, 0xBACC),
        timetable_(plan.visitors, plan.wishes.move_period),
        epoll_(::epoll_create1(0)) {}
  ~Crowd() {
    for (Visitor& visitor : visitors_) visitor.leave();
    ::close(epoll_);
    write_cookies(plan_.cookies, arrivals_.finish());
  }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  CrowdReport run();

 private:
  void let_come_in();
  void send_due();
  void read_all();
  void read_from(std::uint32_t i);
  void come_back_later(std::uint32_t i);
  void keep_turns();
  void walk_until(nanoseconds end);
  std::uint32_t here() const {
    return static_cast<std::uint32_t>(
        std::ranges::count_if(visitors_, [](const Visitor& v) { return v.state() == Visitor::State::here; }));
  }

  const CrowdPlan& plan_;
  Walkers walkers_;
  std::vector<Visitor> visitors_;
  std::vector<std::uint8_t> tries_;
  std::vector<nanoseconds> lost_at_;
  Arrivals arrivals_;
  base::Random random_;
  Timetable timetable_;
  int epoll_;
  std::vector<std::uint8_t> space_ = std::vector<std::uint8_t>(kReadBytes);
  nanoseconds start_{0};
  std::uint32_t answered_ = 0;
  std::map<std::uint16_t, std::uint32_t> lost_codes_;
  bool is_measuring_ = false;
  CrowdReport report_;
};

void Crowd::let_come_in() {
  for (Arrivals::Arrival& arrival : arrivals_.take()) {
    const std::uint32_t i = arrival.visitor;
    if (lost_at_[i].count() == 0) ++answered_;
    if (arrival.socket < 0) {
      if (plan_.comes_back && lost_at_[i].count() != 0) {
        come_back_later(i);
        continue;
      }
      ++report_.refused;
      if (report_.first_refusal.empty()) report_.first_refusal = arrival.refusal;
      continue;
    }
    visitors_[i].greet(arrival.socket, walkers_.now(i), plan_.wishes, i % kCheckedEvery == 0);
    // Told once of what comes, and read to its end: the kernel need not ask each socket a second time.
    epoll_event event{.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data = {.u32 = i}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, arrival.socket, &event);
  }
}

void Crowd::send_due() {
  const nanoseconds now = steady_now();
  const double period_s = static_cast<double>(plan_.wishes.move_period.count()) / 1e9;
  const double says_each_move = plan_.says_per_minute / 60 * period_s;
  for (; timetable_.next().due <= now; timetable_.advance()) {
    const auto [i, due] = timetable_.next();
    const std::uint32_t ahead = timetable_.visitor_after(kFetchedAhead);
    walkers_.expect(ahead);
    __builtin_prefetch(&visitors_[ahead], 1);
    __builtin_prefetch(reinterpret_cast<const std::byte*>(&visitors_[ahead]) + 64, 1);
    const Step step = walkers_.walk(i, period_s);
    Visitor& visitor = visitors_[i];
    if (visitor.state() != Visitor::State::here) continue;
    visitor.move(step, due, plan_.wishes, report_.seen);
    if (is_measuring_) report_.lateness.add(steady_now() - due);
    if (visitor.state() == Visitor::State::here && random_.chance(says_each_move)) {
      visitor.say(R"({"t":"say","to":"near","text":"What a fine day to be out and about.","lang":"en"})", report_.seen);
    }
    if (visitor.state() == Visitor::State::away) come_back_later(i);
  }
}

void Crowd::come_back_later(std::uint32_t i) {
  const nanoseconds now = steady_now();
  if (lost_at_[i].count() == 0) {
    lost_at_[i] = now;
    tries_[i] = 0;
    if (is_measuring_) ++report_.lost;
    ++lost_codes_[visitors_[i].close_code()];
  }
  if (!plan_.comes_back) return;
  // Half to one and a half of a time that doubles, so that not all come at once.
  const nanoseconds base = std::min(kBackMost, nanoseconds(milliseconds(1000)) * (1 << std::min<int>(tries_[i]++, 5)));
  const auto wait = nanoseconds(static_cast<std::int64_t>(static_cast<double>(base.count()) * random_.uniform(0.5, 1.5)));
  arrivals_.expect(i, now + std::max(kBackLeast, wait));
}

// Reads once a turn all that has come meanwhile: waking up for each message would cost more than the message, and differently
// for a node that sends fast than for one that sends slowly.
void Crowd::read_all() {
  std::array<epoll_event, kEventsMax> events;
  for (int count = kEventsMax; count == kEventsMax;) {
    count = ::epoll_wait(epoll_, events.data(), kEventsMax, 0);
    for (int e = 0; e < count; ++e) {
      if (e + 4 < count) __builtin_prefetch(&visitors_[events[static_cast<std::size_t>(e) + 4].data.u32], 1);
      const epoll_event& event = events[static_cast<std::size_t>(e)];
      read_from(event.data.u32);
      // The end came with what was read just now, and is not told again.
      if ((event.events & EPOLLRDHUP) != 0 && visitors_[event.data.u32].state() != Visitor::State::away)
        read_from(event.data.u32);
    }
  }
}

void Crowd::read_from(std::uint32_t i) {
  Visitor& visitor = visitors_[i];
  const bool was_here = visitor.state() == Visitor::State::here;
  if (visitor.read(space_, steady_now(), plan_.wishes, report_.seen)) walkers_.turn_back(i);
  if (visitor.state() == Visitor::State::away) come_back_later(i);
  if (was_here || visitor.state() != Visitor::State::here) return;
  if (lost_at_[i].count() == 0) {
    ++report_.came_in;
    return;
  }
  report_.back.add(steady_now() - lost_at_[i]);
  lost_at_[i] = nanoseconds(0);
}

void Crowd::walk_until(nanoseconds end) {
  for (nanoseconds turn = steady_now(); turn < end; turn = std::max(turn + kTurn, steady_now())) {
    const timespec until{turn.count() / 1'000'000'000, turn.count() % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    let_come_in();
    send_due();
    read_all();
  }
}

// The turns are known from ticks; who is not in yet keeps what time there is.
void Crowd::keep_turns() {
  std::vector<nanoseconds> turns(visitors_.size());
  nanoseconds tick_period = plan_.wishes.move_period;
  for (std::size_t i = 0; i < visitors_.size(); ++i) {
    if (visitors_[i].state() != Visitor::State::here) continue;
    turns[i] = visitors_[i].turn();
    tick_period = nanoseconds(1'000'000'000 / std::max<int>(1, visitors_[i].welcome()->rate_hz));
  }
  timetable_.keep_turns(turns, tick_period, steady_now());
}

CrowdReport Crowd::run() {
  base::step_forward();  // As the node's sockets do: what measures must not be late either.
  if (auto usage = usage_of(plan_.node_process); usage && plan_.node_process > 0)
    report_.node_bytes_before = usage->resident_bytes;
  start_ = steady_now();
  timetable_.begin(start_);
  for (std::uint32_t i = 0; i < plan_.visitors; ++i) {
    arrivals_.expect(i, start_ + nanoseconds(static_cast<std::int64_t>(i * 1e9 / plan_.joins_per_second)));
  }
  const nanoseconds patience =
      nanoseconds(static_cast<std::int64_t>(2e9 * plan_.visitors / plan_.joins_per_second)) + std::chrono::seconds(60);
  while (answered_ < plan_.visitors && steady_now() < start_ + patience) walk_until(steady_now() + milliseconds(50));
  walk_until(steady_now() + plan_.settle);
  if (plan_.keeps_turn) {
    keep_turns();
    walk_until(steady_now() + kAfterTurns);
  }
  for (const Visitor& visitor : visitors_) {
    if (visitor.welcome() != nullptr) report_.rate_hz = visitor.welcome()->rate_hz;
  }
  report_.seen = {};
  is_measuring_ = true;
  Hostile hostile(plan_.entrance, plan_.hostile, plan_.seed);
  const std::uint32_t here_at_begin = here();
  const auto node_before = usage_of(plan_.node_process);
  const auto own_before = usage_of(0);
  const nanoseconds begin = steady_now();
  walk_until(begin + plan_.measure);
  const auto node_after = usage_of(plan_.node_process);
  const auto own_after = usage_of(0);
  report_.measured_s = static_cast<double>((steady_now() - begin).count()) / 1e9;
  if (plan_.node_process > 0 && node_before && node_after) {
    report_.node_user_s = node_after->user_s - node_before->user_s;
    report_.node_cpu_s = node_after->cpu_s() - node_before->cpu_s();
    report_.node_bytes_after = node_after->resident_bytes;
  }
  if (own_before && own_after) report_.generator_cpu_s = own_after->cpu_s() - own_before->cpu_s();
  report_.hostile_attempts = hostile.finish();
  report_.here_at_end = here();
  const double expected = here_at_begin * report_.measured_s * report_.rate_hz;
  const double period_ms = report_.rate_hz > 0 ? 1000.0 / report_.rate_hz : 0;
  const auto on_time = static_cast<double>(report_.seen.tick_to_client.within(period_ms));
  report_.on_time_percent = expected > 0 ? std::min(100.0, 100.0 * on_time / expected) : 0;
  const auto commonest = std::ranges::max_element(lost_codes_, {}, [](const auto& entry) { return entry.second; });
  if (commonest != lost_codes_.end()) report_.lost_with = commonest->first;
  return std::move(report_);
}

}  // namespace

base::Result<CrowdReport> measure_crowd(const city::City& city, const CrowdPlan& plan) {
  raise_descriptor_limit();
  auto walkers = Walkers::make(city, plan.visitors, plan.gathering, plan.seed);
  if (!walkers) return std::unexpected(walkers.error());
  if (plan.node_process > 0) {
    if (auto usage = usage_of(plan.node_process); !usage) return std::unexpected(usage.error());
  }
  CrowdReport report = Crowd(plan, std::move(*walkers)).run();
  if (report.came_in == 0)
    return base::fail(base::ErrorCode::unavailable, fmt::format("nobody came in: {}", report.first_refusal));
  return report;
}

std::string text_of(const CrowdPlan& plan, const CrowdReport& report) {
  const Seen& seen = report.seen;
  const double s = report.measured_s;
  const double n = std::max(1u, report.here_at_end);
  std::string text;
  const auto line = [&](std::string_view name, double value, std::string_view unit) {
    fmt::format_to(std::back_inserter(text), "{:<28} {:>12.2f} {}\n", name, value, unit);
  };
  const auto times = [&](std::string_view name, const Percentiles& p) {
    line(fmt::format("{}_p50", name), p.at_ms(0.5), "ms");
    line(fmt::format("{}_p99", name), p.at_ms(0.99), "ms");
    line(fmt::format("{}_max", name), p.max_ms(), "ms");
  };
  line("visitors", plan.visitors, "asked to come");
  line("came_in", report.came_in, "people");
  line("here_at_end", report.here_at_end, "people");
  line("lost", report.lost, "people");
  if (report.lost > 0) line("lost_with", report.lost_with, "close code");
  if (report.refused > 0) fmt::format_to(std::back_inserter(text), "refused {}: {}\n", report.refused, report.first_refusal);
  line("measured", s, "s");
  line("rate", report.rate_hz, "ticks a second and visitor");
  line("frames_on_time", report.on_time_percent, "%");
  times("tick_to_client", seen.tick_to_client);
  times("input_age", seen.input_age);
  times("generator_late", report.lateness);
  if (report.back.count() > 0) times("back", report.back);
  line("down", static_cast<double>(seen.bytes_down) / s / n, "B/s a visitor");
  line("up", static_cast<double>(seen.bytes_up) / s / n, "B/s a visitor");
  line("moving_neighbours", static_cast<double>(seen.moving_neighbours) / std::max<double>(1, static_cast<double>(seen.ticks)),
       "a tick");
  line("moving_neighbour_bytes",
       static_cast<double>(seen.moving_bytes) / std::max<double>(1, static_cast<double>(seen.moving_neighbours)), "B each");
  line("neighbours", static_cast<double>(seen.slots_filled) / std::max<double>(1, static_cast<double>(seen.slots_looked_at)),
       "in slots");
  line("corrections", static_cast<double>(seen.corrections) / s * 60 / n, "a visitor and minute");
  line("tells", static_cast<double>(seen.tells) / s, "a second");
  line("moves_blocked", static_cast<double>(seen.moves_blocked), "moves");
  line("protocol_errors", static_cast<double>(seen.protocol_errors), "messages");
  line("generator_cpu", report.generator_cpu_s / s, "cores");
  if (plan.node_process > 0) {
    line("node_cpu", report.node_cpu_s / s, "cores");
    const double pairs = std::max<double>(1, static_cast<double>(report.pairs()));
    line("cpu_a_pair", (report.node_cpu_s + report.generator_cpu_s) * 1e6 / pairs, "us, all");
    line("node_cpu_a_pair", report.node_cpu_s * 1e6 / pairs, "us");
    line("node_user_a_pair", report.node_user_s * 1e6 / pairs, "us");
    const auto grown = static_cast<double>(report.node_bytes_after) - static_cast<double>(report.node_bytes_before);
    line("node_memory_a_visitor", grown / n, "B");
  }
  if (plan.hostile > 0) line("hostile_attempts", static_cast<double>(report.hostile_attempts), "");
  return text;
}

}  // namespace citiverse::load
