// Access of every home of a city of 50,000: the first count, and the count after an edit in its middle.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include <time.h>

#include "city/city_folder.h"
#include "sim/access/access.h"

using namespace citiverse;
using Clock = std::chrono::steady_clock;

namespace {

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Of all threads: what others do on the machine is not in it.
double cpu_s() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const auto city = city::open_city(argv[1]);
  if (!city) return std::fprintf(stderr, "%s\n", city.error().message.c_str()), 1;
  for (const auto& [name, mode] : {std::pair{"walk", sim::AccessMode::walk}, std::pair{"bicycle", sim::AccessMode::bicycle},
                                   std::pair{"wheelchair", sim::AccessMode::wheelchair}}) {
    sim::AccessOptions options;
    options.mode = mode;
    double whole_s = 1e9;
    double edit_s = 1e9;
    double edit_cpu_s = 1e9;
    std::size_t computed = 0;
    std::size_t homes = 0;
    for (int run = 0; run < 5; ++run) {
      auto start = Clock::now();
      const auto report = sim::find_access(*city, options);
      whole_s = std::min(whole_s, seconds_since(start));
      if (!report) return std::fprintf(stderr, "%s\n", report.error().message.c_str()), 1;
      homes = report->homes.size();
      // An edit as large as a crossing, where the town is densest.
      const geo::Vec2d middle = city->box().center();
      start = Clock::now();
      const double cpu_start = cpu_s();
      const auto after = sim::find_access_after(*city, *report, {middle - geo::Vec2d{20, 20}, middle + geo::Vec2d{20, 20}});
      edit_s = std::min(edit_s, seconds_since(start));
      edit_cpu_s = std::min(edit_cpu_s, cpu_s() - cpu_start);
      if (!after) return 1;
      computed = after->homes_computed;
    }
    std::printf("%s_whole_s %.3f\n%s_edit_s %.3f\n%s_edit_cpu_s %.3f\n", name, whole_s, name, edit_s, name, edit_cpu_s);
    std::printf("(%zu homes, %zu counted again after the edit)\n", homes, computed);
  }
  return 0;
}
