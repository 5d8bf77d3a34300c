// Any bytes as messages of either side: refused or read, and what was read of a client writes back to the same.
#include <cstdlib>
#include <vector>

#include "presence/client_messages.h"
#include "presence/server_messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::presence;
  const std::span<const std::uint8_t> message(data, size);
  if (const auto hello = read_hello(message); hello && read_hello(hello_bytes(*hello)) != hello) std::abort();
  if (const auto view = read_view(message); view && read_view(view_bytes(*view)) != view) std::abort();
  if (const auto move = read_object_move(message); move && read_object_move(object_move_bytes(*move)) != move) std::abort();
  if (const auto move = read_move(message)) {
    std::vector<std::uint8_t> written(kMoveBytes + kPoseBytes);
    if (write_move(*move, written.data()) != size) std::abort();
  }
  (void)read_welcome(message);
  // Several ticks in a row, each with its length before it, against one table.
  SlotTable table;
  for (std::size_t at = 0; at < size;) {
    const std::size_t bytes = std::min<std::size_t>(data[at], size - at - 1);
    if (const auto tick = read_tick(message.subspan(at + 1, bytes))) (void)table.apply(*tick);
    at += 1 + bytes;
  }
  return 0;
}
