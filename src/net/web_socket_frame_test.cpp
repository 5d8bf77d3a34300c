// Frames as RFC 6455 shows them, and every rule that it makes for a client's.
#include "net/web_socket_frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citiverse::net {
namespace {

using State = FrameRead::State;

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}
std::string payload_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

FrameRead read(std::vector<std::byte>& bytes, std::size_t max = 1000) { return read_client_frame(bytes, max); }
int refusal_of(std::initializer_list<int> values, std::size_t max = 1000) {
  auto bytes = bytes_of(values);
  const FrameRead frame = read(bytes, max);
  return frame.state == State::refused ? frame.close_code : 0;
}

TEST(Frames, reads_the_rfcs_masked_hello) {
  auto bytes = bytes_of({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58});  // RFC 6455, 5.7.
  const FrameRead frame = read(bytes);
  ASSERT_EQ(frame.state, State::whole);
  EXPECT_EQ(frame.frame.opcode, Opcode::text);
  EXPECT_TRUE(frame.frame.is_final);
  EXPECT_EQ(frame.bytes, 11u);
  EXPECT_EQ(payload_text(frame.frame.payload), "Hello");
}

TEST(Frames, waits_for_the_whole_and_says_how_much_that_is) {
  const auto whole = bytes_of({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::vector<std::byte> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const FrameRead frame = read(part);
    EXPECT_EQ(frame.state, State::need_more) << size;
    EXPECT_EQ(frame.bytes, size < 2 ? 0u : 11u);
  }
}

TEST(Frames, refuses_what_the_rfc_forbids) {
  EXPECT_EQ(refusal_of({0x81, 0x05, 'H', 'e', 'l', 'l', 'o'}), 1002) << "no mask (5.1)";
  EXPECT_EQ(refusal_of({0xC2}), 1002) << "reserved bit (5.2)";
  EXPECT_EQ(refusal_of({0x83}), 1002) << "reserved opcode";
  EXPECT_EQ(refusal_of({0x8B}), 1002) << "reserved control opcode";
  EXPECT_EQ(refusal_of({0x09}), 1002) << "a cut control frame (5.5)";
  EXPECT_EQ(refusal_of({0x89, 0xFE}), 1002) << "a long control frame (5.5)";
  EXPECT_EQ(refusal_of({0x82, 0xFE, 0x00, 0x7D}), 1002) << "length not in the shortest form (5.2)";
  EXPECT_EQ(refusal_of({0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}), 1002) << "length not in the shortest form (5.2)";
  EXPECT_EQ(refusal_of({0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0}, SIZE_MAX), 1002) << "the highest bit of a length (5.2)";
  EXPECT_EQ(refusal_of({0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0}), 1009) << "refused by its header, before it comes";
}

TEST(Frames, writes_lengths_in_their_shortest_form) {
  for (const std::size_t size : {0u, 125u, 126u, 65535u, 65536u}) {
    std::array<std::byte, kOwnFrameHeaderBytesMax> header{};
    const std::size_t header_size = write_frame_header(header, Opcode::binary, size);
    EXPECT_EQ(header_size, size < 126 ? 2u : size < 65536 ? 4u : 10u);
    EXPECT_EQ(header_size, frame_header_bytes(size));
    EXPECT_EQ(header[0], std::byte{0x82});
    // Made a client's frame by its mask, it reads back with its length.
    std::vector<std::byte> bytes(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(header_size));
    bytes[1] |= std::byte{0x80};
    bytes.resize(bytes.size() + 4 + size);
    const FrameRead frame = read(bytes, 70'000);
    ASSERT_EQ(frame.state, State::whole);
    EXPECT_EQ(frame.frame.payload.size(), size);
  }
}

TEST(Frames, masks_at_every_length_as_byte_by_byte) {
  const std::array<std::byte, 4> mask = {std::byte{0x11}, std::byte{0x92}, std::byte{0xA3}, std::byte{0x04}};
  for (std::size_t size = 0; size < 40; ++size) {
    std::vector<std::byte> payload(size);
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<std::byte>(i * 7);
    apply_mask(payload, mask);
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(payload[i], static_cast<std::byte>(i * 7) ^ mask[i % 4]);
  }
}

Frame frame_of(Opcode opcode, bool is_final, std::vector<std::byte>& payload) { return {opcode, is_final, payload}; }

TEST(Fragments, join_in_order_and_in_nothing_else) {
  auto hel = bytes_of({'H', 'e', 'l'});
  auto lo = bytes_of({'l', 'o'});
  MessageJoiner joiner;
  EXPECT_FALSE(joiner.take(frame_of(Opcode::text, false, hel), 10).is_whole);
  const auto joined = joiner.take(frame_of(Opcode::continuation, true, lo), 10);
  ASSERT_TRUE(joined.is_whole);
  EXPECT_EQ(joined.opcode, Opcode::text);
  EXPECT_EQ(payload_text(joined.message), "Hello");
  EXPECT_EQ(joiner.take(frame_of(Opcode::continuation, true, lo), 10).close_code, 1002) << "nothing to continue";
  EXPECT_FALSE(joiner.take(frame_of(Opcode::binary, false, hel), 10).is_whole);
  EXPECT_EQ(joiner.take(frame_of(Opcode::binary, true, hel), 10).close_code, 1002) << "a new message inside another";
}

TEST(Fragments, grow_no_further_than_a_message_may) {
  std::vector<std::byte> part(6);
  MessageJoiner joiner;
  EXPECT_EQ(joiner.take(frame_of(Opcode::binary, false, part), 10).close_code, 0);
  EXPECT_EQ(joiner.take(frame_of(Opcode::continuation, false, part), 10).close_code, 1009);
}

TEST(CloseCodes, are_those_that_may_travel) {
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1013, 1014, 3000, 4999}) {
    EXPECT_TRUE(is_sendable_close_code(static_cast<std::uint16_t>(code))) << code;
  }
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000}) {
    EXPECT_FALSE(is_sendable_close_code(static_cast<std::uint16_t>(code))) << code;
  }
}

}  // namespace
}  // namespace citiverse::net
