// Whatever bytes stand in a history file: they are read or refused, and what is read is written and read again the same.
#include "base/check.h"
#include "twin/history/block.h"
#include "twin/history/checked_bytes.h"
#include "twin/history/columns.h"
#include "twin/history/roll_up.h"

using namespace citiverse::twin;
using namespace citiverse::twin::history;

namespace {

void try_columns(std::string_view bytes, std::size_t count) {
  std::vector<std::int64_t> whole(count);
  ByteReader integers(bytes);
  take_integers(integers, whole);
  if (integers.ok() && count > 0) {
    std::string again;
    ByteWriter writer(again);
    put_integers(writer, whole);
    std::vector<std::int64_t> back(count);
    ByteReader reader(again);
    take_integers(reader, back);
    CITIVERSE_CHECK(reader.ok() && back == whole, "integers come back");
  }
  std::vector<double> numbers(count);
  ByteReader in(bytes);
  take_numbers(in, numbers);
  if (in.ok() && count > 0) {
    std::string again;
    ByteWriter writer(again);
    put_numbers(writer, numbers);
    std::vector<double> back(count);
    ByteReader reader(again);
    take_numbers(reader, back);
    CITIVERSE_CHECK(reader.ok() && std::memcmp(back.data(), numbers.data(), count * sizeof(double)) == 0, "numbers come back");
  }
  ByteReader dictionary(bytes);
  take_texts(dictionary, 1000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try_columns(bytes, data[0]);
  Rows rows;
  // The check over the bytes would refuse nearly everything: the second try has it right.
  static_cast<void>(decode_block(bytes, Part::all, rows));
  if (bytes.size() < kCheckBytes) return 0;
  bytes = with_check(std::move(bytes));
  static_cast<void>(decode_buckets(bytes));
  rows = {};
  if (!decode_block(bytes, Part::all, rows)) return 0;
  const std::string again = encode_block(rows.points, rows);
  Rows back;
  CITIVERSE_CHECK(decode_block(again, Part::all, back), "what was written can be read");
  CITIVERSE_CHECK(encode_block(back.points, back) == again, "the same points give the same bytes");
  return 0;
}
