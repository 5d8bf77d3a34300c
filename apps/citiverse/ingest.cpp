// `citiverse ingest`: a city's own files become a city folder.
#include <CLI/CLI.hpp>

#include "subcommands.h"

namespace citiverse {

void add_ingest(CLI::App& app) { app.add_subcommand("ingest", "Make a city folder from OpenStreetMap and elevation files"); }

}  // namespace citiverse
