// `citiverse generate`: a practice city from nothing but a seed becomes a city folder.
#include <cstdio>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "city/city_folder.h"
#include "ingest/practice/practice_city.h"
#include "subcommands.h"

namespace citiverse {
namespace {

struct Options {
  ingest::practice::PracticeOptions practice;
  std::filesystem::path out;
};

void run(const Options& options) {
  const auto made = ingest::practice::make_practice_city(options.practice);
  if (!made) stop(made.error());
  if (auto saved = city::save_city(*made, options.out); !saved) stop(saved.error());
  fmt::print("{}: {} features\n", made->name(), made->features().size());
  for (std::size_t k = 1; k < city::kFeatureKinds; ++k) {
    const auto kind = static_cast<city::FeatureKind>(k);
    fmt::print("{:>8}  {}\n", made->of_kind(kind).count, city::name_of(kind));
  }
}

}  // namespace

void add_generate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("generate", "Make a practice city from a seed: nothing in it is real");
  command->add_option("--seed", options->practice.seed, "The same seed and people give the same city")->capture_default_str();
  command->add_option("--people", options->practice.people, "How many live there, 2000 to 200000")->capture_default_str();
  command->add_option("--out", options->out, "The city folder to make; one that is there is replaced")->required();
  command->callback([options] { run(*options); });
}

}  // namespace citiverse
