// `citiverse ingest`: a city's own files become a city folder.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "city/city_folder.h"
#include "ingest/ingest.h"
#include "subcommands.h"

namespace citiverse {
namespace {

struct Options {
  ingest::IngestRequest request;
  std::filesystem::path out;
  bool quiet = false;
};

void run(const Options& options) {
  std::string last;
  int last_percent = -1;
  const ingest::Progress progress = [&](std::string_view doing, double fraction) {
    const int percent = static_cast<int>(fraction * 20) * 5;
    if (options.quiet || (doing == last && percent == last_percent)) return;
    last = doing;
    last_percent = percent;
    std::fprintf(stderr, "%3d %%  %s\n", percent, last.c_str());
  };
  auto made = ingest::ingest(options.request, progress);
  if (!made) stop(made.error());
  progress("writing the city", 0);
  if (auto saved = city::save_city(made->city, options.out, made->findings.to_json()); !saved) stop(saved.error());
  fmt::print("{}: {} features\n", made->city.name(), made->city.features().size());
  for (std::size_t k = 1; k < city::kFeatureKinds; ++k) {
    const auto kind = static_cast<city::FeatureKind>(k);
    fmt::print("{:>8}  {}\n", made->city.of_kind(kind).count, city::name_of(kind));
  }
  fmt::print("{} findings\n{}", made->findings.total(), made->findings.summary(20));
}

}  // namespace

void add_ingest(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("ingest", "Make a city folder from OpenStreetMap and elevation files");
  command->add_option("files", options->request.files, "OpenStreetMap PBF or XML, elevation as .hgt, .hgt.zip or GeoTIFF")
      ->required();
  command->add_option("--out", options->out, "The city folder to make; one that is there is replaced")->required();
  command->add_option("--name", options->request.name, "The city's name; otherwise as the data says");
  command->add_option("--time-zone", options->request.time_zone, "IANA name such as Europe/Monaco; otherwise as the data says");
  command->add_flag("--quiet", options->quiet, "No progress on stderr");
  command->callback([options] { run(*options); });
}

}  // namespace citiverse
