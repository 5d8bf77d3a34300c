// A damaged journal is read up to the damage: no bytes crash the reader or make it read beyond them.
#include "twin/journal/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::twin;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Names names;
  std::string again;
  const bool is_whole = journal::read_steps(bytes, names, [&](journal::Step&& step) {
    if (step.what == journal::Step::What::put) journal::put_entity(again, step.tenant, *step.entity, names);
  });
  // What was read and is written is read again.
  std::size_t steps = 0;
  if (!journal::read_steps(again, names, [&](journal::Step&&) { ++steps; })) __builtin_trap();
  std::string_view records = bytes;
  while (journal::take_record(records)) {
  }
  return is_whole && steps > 1'000'000 ? 1 : 0;
}
