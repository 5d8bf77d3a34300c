// An ingest that is killed (SIGKILL) at any moment leaves the old city or the new one, whole, and the next run cleans up.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "city/city_folder.h"

namespace citiverse {
namespace {

namespace fs = std::filesystem;
using std::chrono::microseconds;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 24;

// Rows of square houses, enough of them that writing takes a while.
fs::path write_world(const fs::path& path, int houses) {
  std::ofstream out(path);
  out << R"(<?xml version="1.0"?><osm version="0.6">)" << '\n';
  const auto lat = [](int house, int corner) { return 50 + 0.0002 * (house / 100) + (corner >= 2 ? 0.0001 : 0); };
  const auto lon = [](int house, int corner) {
    return 10 + 0.0002 * (house % 100) + (corner == 1 || corner == 2 ? 0.0001 : 0);
  };
  for (int h = 0; h < houses; ++h) {
    for (int c = 0; c < 4; ++c)
      out << fmt::format("<node id=\"{}\" lat=\"{:.6f}\" lon=\"{:.6f}\"/>\n", 4 * h + c + 1, lat(h, c), lon(h, c));
  }
  for (int h = 0; h < houses; ++h) {
    const int first = 4 * h + 1;
    out << fmt::format(R"(<way id="{}"><nd ref="{}"/><nd ref="{}"/><nd ref="{}"/><nd ref="{}"/><nd ref="{}"/>)", h + 1, first,
                       first + 1, first + 2, first + 3, first)
        << R"(<tag k="building" v="house"/></way>)" << '\n';
  }
  out << "</osm>\n";
  return path;
}

pid_t start_ingest(const fs::path& folder, const fs::path& source) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execl(CITIVERSE_PROGRAM, CITIVERSE_PROGRAM, "ingest", "--out", folder.c_str(), source.c_str(), nullptr);
    ::_exit(127);
  }
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

// Whether it has ended by itself; it stays to be waited for.
bool has_ended(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child;
}

std::size_t buildings_in(const fs::path& folder) {
  const auto city = city::open_city(folder);
  if (!city) {
    ADD_FAILURE() << city.error().message;
    return 0;
  }
  return city->of_kind(city::FeatureKind::building).count;
}

TEST(KilledIngest, leaves_the_old_city_or_the_new_one) {
  const fs::path scratch = fs::temp_directory_path() / fmt::format("citiverse-killed-{}", ::getpid());
  fs::remove_all(scratch);
  fs::create_directories(scratch);
  const fs::path folder = scratch / "city";
  const fs::path aside = folder.string() + ".writing";
  const fs::path sources[] = {write_world(scratch / "a.osm", 3000), write_world(scratch / "b.osm", 4000)};
  const std::size_t counts[] = {3000, 4000};

  const auto begin = Clock::now();
  ASSERT_EQ(wait_for(start_ingest(folder, sources[0])), 0);
  const auto whole = std::chrono::duration_cast<microseconds>(Clock::now() - begin);
  std::size_t present = counts[0];
  int killed_while_writing = 0;
  base::Random random(1);
  for (int round = 0; round < kRounds; ++round) {
    const std::size_t next = present == counts[0] ? 1 : 0;
    const pid_t child = start_ingest(folder, sources[next]);
    // From the first byte that is written aside, at every phase of the writing.
    while (!fs::exists(aside) && !has_ended(child)) std::this_thread::sleep_for(microseconds(200));
    std::this_thread::sleep_for(
        microseconds(static_cast<std::int64_t>(random.uniform(0, 0.6 * static_cast<double>(whole.count())))));
    ::kill(child, SIGKILL);
    const int status = wait_for(child);
    if (WIFSIGNALED(status) && fs::exists(aside)) ++killed_while_writing;
    const std::size_t found = buildings_in(folder);
    ASSERT_TRUE(found == counts[0] || found == counts[1]) << "round " << round << ": " << found << " buildings";
    present = found;
  }
  EXPECT_GT(killed_while_writing, 0) << "no round met the writing: this test shows nothing";

  ASSERT_EQ(wait_for(start_ingest(folder, sources[1])), 0);
  EXPECT_EQ(buildings_in(folder), counts[1]);
  EXPECT_FALSE(fs::exists(aside)) << "what killed runs have left stays";
  fs::remove_all(scratch);
}

}  // namespace
}  // namespace citiverse
