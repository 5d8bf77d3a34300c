// What presence costs a visitor and tick: a second of simulated time, ten moves and ten ticks each, spread and at one point.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <vector>

#include "base/random.h"
#include "presence/space.h"

namespace citiverse::presence {
namespace {

class Silent : public Teller {
 public:
  bool tell(PersonId, std::string_view) override { return true; }
  void goes(PersonId) override {}
};

// Walkers who keep their heading for a while, at 1.4 m/s, within a square.
class Walkers {
 public:
  Walkers(unsigned people, double edge_m, unsigned slots)
      : edge_cm_(edge_m * 100),
        space_(std::make_unique<Space>(SpaceOptions{.bounds = {{-1000, -1000, -1000},
                                                               {static_cast<std::int32_t>(edge_m * 100) + 1000,
                                                                static_cast<std::int32_t>(edge_m * 100) + 1000, 10'000}},
                                                    .people_max = people},
                                       ground_, teller_)) {
    base::Random random(7);
    for (unsigned i = 0; i < people; ++i) {
      Hello hello{.slots = static_cast<std::uint8_t>(slots), .radius_m = 100, .has_place = true};
      hello.place = {static_cast<std::int32_t>(random.uniform() * edge_cm_),
                     static_cast<std::int32_t>(random.uniform() * edge_cm_), 0};
      ResumeToken token{};
      for (auto& byte : token) byte = static_cast<std::uint8_t>(random.next());
      const auto welcome = space_->join({.account = i + 1}, hello, token, 0);
      people_.push_back({welcome->person, static_cast<double>(welcome->place.x), static_cast<double>(welcome->place.y),
                         random.uniform(0, 6.28)});
    }
  }

  // One server tick of 10 ms: a tenth of the people move and are told.
  std::size_t step(unsigned tick) {
    std::size_t bytes = 0;
    const std::int64_t now_us = static_cast<std::int64_t>(tick) * 10'000;
    for (std::size_t i = tick % 10; i < people_.size(); i += 10) move(people_[i], now_us);
    space_->advance(now_us);
    for (std::size_t i = tick % 10; i < people_.size(); i += 10)
      if (space_->has_turn(people_[i].id)) bytes += space_->write_tick(people_[i].id, out_);
    return bytes;
  }

 private:
  struct Walker {
    PersonId id;
    double x;
    double y;
    double heading;
    std::uint16_t sequence = 0;
  };

  void move(Walker& walker, std::int64_t now_us) {
    ++walker.sequence;
    if (walker.sequence % 64 == 0) walker.heading += 1;
    walker.x += 14 * std::sin(walker.heading);
    walker.y += 14 * std::cos(walker.heading);
    if (walker.x < 0 || walker.y < 0 || walker.x > edge_cm_ || walker.y > edge_cm_) walker.heading += 3.14;
    Move step{walker.sequence, {static_cast<std::int32_t>(walker.x), static_cast<std::int32_t>(walker.y), 0}, 0, 0};
    step.heading = static_cast<std::uint8_t>(walker.heading * 40.7);
    space_->take(walker.id, step, now_us);
  }

  double edge_cm_;
  OpenGround ground_;
  Silent teller_;
  std::unique_ptr<Space> space_;
  std::vector<Walker> people_;
  std::uint8_t out_[kTickBytesMax];
};

// people, edge in metres, slots. 5,000 in 700 m have 51 others within 40 m; in 1 m they stand at one point; in 71 m one a
// square metre.
void walking(benchmark::State& state) {
  const auto people = static_cast<unsigned>(state.range(0));
  Walkers walkers(people, static_cast<double>(state.range(1)), static_cast<unsigned>(state.range(2)));
  unsigned tick = 0;
  for (; tick < 200; ++tick) walkers.step(tick);
  std::size_t bytes = 0;
  std::size_t ticks = 0;
  for (auto _ : state) {
    for (unsigned i = 0; i < 100; ++i) bytes += walkers.step(tick++);
    ticks += people * 10;
  }
  state.counters["us_a_visitor_tick"] =
      benchmark::Counter(static_cast<double>(ticks) / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes_a_visitor_second"] = static_cast<double>(bytes) * 10 / static_cast<double>(ticks);
}
BENCHMARK(walking)
    ->ArgNames({"people", "edge_m", "slots"})
    ->Args({5000, 700, 32})
    ->Args({5000, 1400, 32})
    ->Args({5000, 1, 32})
    ->Args({5000, 71, 32})
    ->Args({5000, 71, 128})
    ->Args({9000, 1400, 32})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace citiverse::presence
