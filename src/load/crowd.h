// Many visitors in an open loop, and what they saw of the node.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "load/joiner.h"
#include "load/process_usage.h"
#include "load/visitor.h"

namespace citiverse::load {

inline constexpr std::uint32_t kVisitorsMax = 50'000;

struct CrowdPlan {
  Entrance entrance;
  std::uint32_t visitors = 1000;
  Gathering gathering = Gathering::spread;
  VisitorWishes wishes;
  double joins_per_second = 500;
  double says_per_minute = 0.5;    ///< Of each visitor.
  std::chrono::seconds settle{3};  ///< After all have come in.
  std::chrono::seconds measure{30};
  bool keeps_turn = true;   ///< Moves leave shortly before the node takes them, as protocol/presence.md advises.
  bool comes_back = false;  ///< Who is lost comes back as protocol/presence.md says: after 0.5 to 1.5 s, then twice as long.
  int node_process = 0;     ///< Its CPU and memory are read when not 0.
  std::filesystem::path cookies;  ///< Sessions of earlier runs are used again, new ones are kept here. Empty: nothing is kept.
  std::uint32_t hostile = 0;      ///< So many who break the rules, beside the visitors.
  std::uint64_t seed = 1;
};

struct CrowdReport {
  std::uint32_t came_in = 0;
  std::uint32_t refused = 0;
  std::string first_refusal;
  std::uint32_t here_at_end = 0;
  std::uint32_t lost = 0;  ///< In the time measured, and what they were lost with: the commonest close code.
  std::uint16_t lost_with = 0;
  std::uint8_t rate_hz = 0;  ///< That the node serves.
  double measured_s = 0;
  double on_time_percent = 0;  ///< Ticks that came before the next was due, of all that should have come.
  Seen seen;
  Percentiles back;        ///< From losing the connection to the next welcome.
  Percentiles lateness;    ///< Of the generator itself: from when a move was due to when it was sent.
  double node_user_s = 0;  ///< Outside the kernel, of node_cpu_s.
  double node_cpu_s = 0;   ///< In the time measured.
  double generator_cpu_s = 0;
  std::uint64_t node_bytes_before = 0;  ///< Resident, before the first came in.
  std::uint64_t node_bytes_after = 0;
  std::uint64_t hostile_attempts = 0;

  std::uint64_t pairs() const { return seen.moves; }
};

/// Brings the visitors in, lets them walk, measures, and leaves. Takes at most visitors / joins_per_second + settle + measure,
/// and as long again as coming in when the node is slow to let them in.
/// Fails: bad_input for a city without paths; unavailable when nobody could come in.
base::Result<CrowdReport> measure_crowd(const city::City& city, const CrowdPlan& plan);

/// Lines "name value unit" for people and scripts.
std::string text_of(const CrowdPlan& plan, const CrowdReport& report);

}  // namespace citiverse::load
