// Randomness from a seed, the same on every machine: std:: distributions differ between standard libraries, these do not.
#pragma once

#include <cstdint>

namespace citiverse::base {

/// SplitMix64's output function: a good 64-bit mixer, also used to derive independent streams from (seed, key).
/// Source: Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

/// A SplitMix64 stream. Not for secrets. Threads: one owner each.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}
  /// An independent stream for one purpose: the same (seed, key) gives the same stream, whatever was drawn elsewhere.
  constexpr Random(std::uint64_t seed, std::uint64_t key) : state_(mix64(seed) ^ mix64(key ^ 0xD1B54A32D192ED03ull)) {}

  constexpr std::uint64_t next() {
    const std::uint64_t result = mix64(state_);
    state_ += 0x9E3779B97F4A7C15ull;
    return result;
  }
  /// Uniform in [0, 1), 53 bits.
  constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// Uniform in [low, high).
  constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform integer in [0, bound), bound ≥ 1. Bias below 2^-32 for bounds under 2^32 (Lemire's multiply, without rejection).
  constexpr std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32); }
  /// True with probability p.
  constexpr bool chance(double p) { return uniform() < p; }
  /// Normal by Irwin–Hall (12 uniforms): no libm call, so the same bits everywhere; support is mean ± 6 deviations.
  constexpr double normal(double mean, double deviation) {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return mean + deviation * sum;
  }

 private:
  std::uint64_t state_;
};

}  // namespace citiverse::base
