// The one program of a city: reads the command line and calls a subcommand.
// Returns 0 when done, 1 when the work failed (the reason is on stderr), 2 when the command line is wrong.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "subcommands.h"

namespace citiverse {

void stop(const base::Error& error) {
  std::fprintf(stderr, "citiverse: %s\n", error.message.c_str());
  throw CLI::RuntimeError(1);  // The way out that CLI11 gives to a subcommand; main catches it.
}

}  // namespace citiverse

int main(int argc, char** argv) {
  CLI::App app{"CitiVerse: a living twin of a city"};
  app.require_subcommand(1);
  citiverse::add_bench(app);
  citiverse::add_generate(app);
  citiverse::add_grant(app);
  citiverse::add_history(app);
  citiverse::add_ingest(app);
  citiverse::add_serve(app);
  citiverse::add_simulate_sensors(app);
  citiverse::add_tiles(app);
  citiverse::add_token(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& failed) {
    return failed.get_exit_code();
  } catch (const CLI::ParseError& usage) {
    return app.exit(usage) == 0 ? 0 : 2;
  }
  return 0;
}
