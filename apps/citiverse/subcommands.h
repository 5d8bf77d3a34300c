// The subcommands of the program, each in a file of its own name.
#pragma once

#include "base/result.h"

namespace CLI {
class App;
}

namespace citiverse {

void add_bench(CLI::App& app);
void add_bench_twin(CLI::App& bench);
void add_generate(CLI::App& app);
void add_grant(CLI::App& app);
void add_history(CLI::App& app);
void add_ingest(CLI::App& app);
void add_serve(CLI::App& app);
void add_simulate_sensors(CLI::App& app);
void add_token(CLI::App& app);
void add_tiles(CLI::App& app);

/// Ends a subcommand: the message goes to stderr and the program returns 1.
[[noreturn]] void stop(const base::Error& error);

}  // namespace citiverse
