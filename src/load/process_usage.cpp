// /proc is read as text: the fields after the last parenthesis, since a program's name may hold anything.
#include "load/process_usage.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>

namespace citiverse::load {

base::Result<ProcessUsage> usage_of(int process) {
  const std::string folder = process == 0 ? "/proc/self" : fmt::format("/proc/{}", process);
  std::ifstream file(folder + "/stat");
  std::string stat((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t end = stat.rfind(')');
  if (end == std::string::npos) {
    return base::fail(base::ErrorCode::not_found, fmt::format("process {}: it does not run; give the node's id", process));
  }
  std::istringstream fields(stat.substr(end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  for (int field = 16; field < 24; ++field) fields >> skipped;
  std::uint64_t resident_pages = 0;
  fields >> resident_pages;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return ProcessUsage{.user_s = static_cast<double>(user) / ticks,
                      .system_s = static_cast<double>(system) / ticks,
                      .resident_bytes = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

}  // namespace citiverse::load
