// `citiverse tiles`: all 3D and map tiles of a city folder, ahead of the first visitor.
#include "tiles/tile_run.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "city/city_folder.h"
#include "subcommands.h"

namespace citiverse {
namespace {

struct Options {
  std::filesystem::path folder;
  unsigned threads = 0;
  bool quiet = false;
};

void run(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto city = city::open_city(options.folder);
  if (!city) stop(city.error());
  tiles::TileStore store(*city, options.folder / "tiles");
  std::size_t shown_percent = 0;
  const auto progress = [&](std::size_t done, std::size_t of) {
    const std::size_t percent = done * 100 / of;
    if (options.quiet || percent < shown_percent + 5) return;
    shown_percent = percent;
    std::fprintf(stderr, "%3zu %%  %zu of %zu tiles\n", percent, done, of);
  };
  const auto made = tiles::make_all_tiles(store, options.threads, progress);
  if (!made) stop(made.error());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("{}: {} 3D tiles ({:.1f} MB), {} subtrees, {} map tiles ({:.1f} MB) in {:.2f} s: {}\n", city->name(),
             made->contents, static_cast<double>(made->content_bytes) / 1e6, made->subtrees, made->map_tiles,
             static_cast<double>(made->map_bytes) / 1e6, took.count(), store.folder().string());
}

}  // namespace

void add_tiles(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("tiles", "Make all 3D and map tiles of a city folder");
  command->add_option("folder", options->folder, "The city folder")->required()->check(CLI::ExistingDirectory);
  command->add_option("--threads", options->threads, "Tiles made at the same time; 0 is one a core")->check(CLI::Range(0, 256));
  command->add_flag("--quiet", options->quiet, "No progress on stderr");
  command->callback([options] { run(*options); });
}

}  // namespace citiverse
