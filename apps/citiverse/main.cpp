// The one program of a city: reads the command line and calls a subcommand.
#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app{"CitiVerse: a living twin of a city"};
  app.require_subcommand(1);
  CLI11_PARSE(app, argc, argv);
  return 0;
}
