// The golden messages of protocol/presence/, written by hand of the document and not by this code, against both directions.
#include <gtest/gtest.h>
#include <fstream>
#include <iterator>

#include "base/json_reader.h"
#include "presence/client_messages.h"
#include "presence/server_messages.h"

namespace citiverse::presence {
namespace {

using base::JsonValue;
using Bytes = std::vector<std::uint8_t>;

struct Golden {
  std::string name;
  Bytes bytes;
  JsonValue value;
};

struct GoldenFile {
  base::JsonDocument document;
  std::vector<Golden> messages;
};

Bytes bytes_of(JsonValue hex) {
  const std::string text(hex.text().value());
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

GoldenFile golden(const std::string& file) {
  std::ifstream in("protocol/presence/" + file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  GoldenFile golden{base::JsonDocument::parse(text).value(), {}};
  const JsonValue messages = golden.document.root().find("messages");
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const JsonValue m = messages[i];
    golden.messages.push_back({std::string(m.find("name").text().value()), bytes_of(m.find("hex")), m.find("value")});
  }
  EXPECT_FALSE(golden.messages.empty()) << file;
  return golden;
}

template <class T>
T number(JsonValue value, std::string_view name) {
  return static_cast<T>(value.find(name).integer().value_or(0));
}

bool has(JsonValue value, std::string_view name) { return !value.find(name).is_absent(); }

Place place_of(JsonValue p) {
  const auto part = [&](std::size_t i) { return static_cast<std::int32_t>(p[i].integer().value()); };
  return {part(0), part(1), part(2)};
}

Bytes as_bytes(const auto& array) { return Bytes(array.begin(), array.end()); }

TEST(Messages, a_hello_reads_and_writes_as_golden) {
  const GoldenFile hellos = golden("hello.json");
  for (const Golden& g : hellos.messages) {
    SCOPED_TRACE(g.name);
    Hello expected;
    expected.device = g.value.find("device").text() == "text" ? Device::text : Device::headset;
    expected.rate_hz = number<std::uint8_t>(g.value, "rate_hz");
    expected.slots = number<std::uint8_t>(g.value, "slots");
    expected.radius_m = number<std::uint16_t>(g.value, "radius_m");
    expected.is_hidden = g.value.find("is_hidden").boolean().value();
    if (has(g.value, "token")) std::ranges::copy(bytes_of(g.value.find("token")), expected.token.emplace().begin());
    expected.has_place = has(g.value, "place");
    if (expected.has_place) expected.place = place_of(g.value.find("place"));
    expected.heading = number<std::uint8_t>(g.value, "heading");
    expected.state = number<std::uint8_t>(g.value, "state");
    EXPECT_EQ(read_hello(g.bytes), expected);
    EXPECT_EQ(as_bytes(hello_bytes(expected)), g.bytes);
  }
}

TEST(Messages, a_move_reads_and_writes_as_golden) {
  const GoldenFile moves = golden("move.json");
  for (const Golden& g : moves.messages) {
    SCOPED_TRACE(g.name);
    const std::optional<Move> move = read_move(g.bytes);
    ASSERT_TRUE(move);
    EXPECT_EQ(move->sequence, number<std::uint16_t>(g.value, "sequence"));
    EXPECT_EQ(move->place, place_of(g.value.find("place")));
    EXPECT_EQ(move->heading, number<std::uint8_t>(g.value, "heading"));
    EXPECT_EQ(move->state, number<std::uint8_t>(g.value, "state"));
    ASSERT_EQ(move->pose != nullptr, has(g.value, "pose"));
    if (move->pose != nullptr) {
      EXPECT_EQ(Bytes(move->pose, move->pose + kPoseBytes), bytes_of(g.value.find("pose")));
    }
    Bytes written(kMoveBytes + kPoseBytes);
    written.resize(write_move(*move, written.data()));
    EXPECT_EQ(written, g.bytes);
  }
}

TEST(Messages, views_and_object_moves_read_and_write_as_golden) {
  const GoldenFile views = golden("view.json");
  for (const Golden& g : views.messages) {
    SCOPED_TRACE(g.name);
    const View expected{number<std::uint8_t>(g.value, "rate_hz"), number<std::uint8_t>(g.value, "slots"),
                        number<std::uint16_t>(g.value, "radius_m"), number<std::uint8_t>(g.value, "heading"),
                        number<std::uint8_t>(g.value, "half_opening")};
    EXPECT_EQ(read_view(g.bytes), expected);
    EXPECT_EQ(as_bytes(view_bytes(expected)), g.bytes);
  }
  const GoldenFile object_moves = golden("object_move.json");
  for (const Golden& g : object_moves.messages) {
    SCOPED_TRACE(g.name);
    ObjectMove expected{number<ObjectId>(g.value, "object"), place_of(g.value.find("place")), {}};
    for (std::size_t i = 0; i < 4; ++i)
      expected.orientation[i] = static_cast<std::int16_t>(g.value.find("orientation")[i].integer().value());
    EXPECT_EQ(read_object_move(g.bytes), expected);
    EXPECT_EQ(as_bytes(object_move_bytes(expected)), g.bytes);
  }
}

TEST(Messages, a_welcome_reads_and_writes_as_golden) {
  const GoldenFile welcomes = golden("welcome.json");
  for (const Golden& g : welcomes.messages) {
    const JsonValue v = g.value;
    const Place low = place_of(v.find("bounds"));
    Welcome expected{number<PersonId>(v, "person"),
                     number<std::uint8_t>(v, "slots"),
                     number<std::uint8_t>(v, "rate_hz"),
                     number<std::uint16_t>(v, "radius_m"),
                     number<std::uint8_t>(v, "ticks_per_second"),
                     v.find("is_resumed").boolean().value(),
                     number<std::uint16_t>(v, "tick"),
                     number<std::uint64_t>(v, "tick_at_us"),
                     {},
                     place_of(v.find("place")),
                     number<std::uint8_t>(v, "heading"),
                     v.find("origin")[0].number().value(),
                     v.find("origin")[1].number().value(),
                     low.x,
                     low.y,
                     low.z,
                     static_cast<std::int32_t>(v.find("bounds")[3].integer().value())};
    std::ranges::copy(bytes_of(v.find("token")), expected.token.begin());
    EXPECT_EQ(read_welcome(g.bytes), expected);
    EXPECT_EQ(as_bytes(welcome_bytes(expected)), g.bytes);
  }
}

void expect_rows(const SlotTable& table, JsonValue rows) {
  EXPECT_EQ(table.people(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const JsonValue expected = rows[i];
    const SlotTable::Row& row = table.row(number<Slot>(expected, "slot"));
    EXPECT_EQ(row.person, number<PersonId>(expected, "person"));
    EXPECT_EQ(row.place, place_of(expected.find("place")));
    EXPECT_EQ(row.heading, number<std::uint8_t>(expected, "heading"));
    EXPECT_EQ(row.state, number<std::uint8_t>(expected, "state"));
    if (has(expected, "pose")) {
      EXPECT_EQ(as_bytes(row.pose), bytes_of(expected.find("pose")));
    }
  }
}

TEST(Messages, ticks_in_a_row_give_the_golden_table_of_slots) {
  SlotTable table;
  const GoldenFile ticks = golden("tick.json");
  for (const Golden& g : ticks.messages) {
    SCOPED_TRACE(g.name);
    const std::optional<TickView> tick = read_tick(g.bytes);
    ASSERT_TRUE(tick);
    EXPECT_EQ(tick->tick, number<std::uint16_t>(g.value, "tick"));
    EXPECT_EQ(tick->acknowledged, number<std::uint16_t>(g.value, "acknowledged"));
    EXPECT_TRUE(table.apply(*tick));
    expect_rows(table, g.value.find("rows"));
    ASSERT_EQ(tick->correction != Correction::none, has(g.value, "correction"));
    if (const JsonValue correction = g.value.find("correction"); !correction.is_absent()) {
      EXPECT_EQ(tick->corrected_place, place_of(correction.find("place")));
      EXPECT_EQ(tick->correction, Correction::wall);
    }
    ASSERT_EQ(tick->has_density, has(g.value, "density"));
    if (const JsonValue density = g.value.find("density"); !density.is_absent()) {
      EXPECT_EQ(tick->density_column, number<std::int16_t>(density, "column"));
      EXPECT_EQ(tick->density.size(), density.find("cells").size() * kDensityCellBytes);
    }
    EXPECT_EQ(tick->objects.size(), g.value.find("objects").size() * kObjectBytes);
  }
}

TEST(Messages, what_is_not_of_the_protocol_is_refused) {
  const GoldenFile refused_by_servers = golden("refused_by_server.json");
  for (const Golden& g : refused_by_servers.messages) {
    SCOPED_TRACE(g.name);
    EXPECT_FALSE(read_hello(g.bytes) || read_move(g.bytes) || read_view(g.bytes) || read_object_move(g.bytes));
  }
  const GoldenFile refused_by_clients = golden("refused_by_client.json");
  for (const Golden& g : refused_by_clients.messages) {
    SCOPED_TRACE(g.name);
    EXPECT_FALSE(read_tick(g.bytes) || read_welcome(g.bytes));
  }
}

TEST(Messages, a_rate_is_served_at_the_greatest_that_is_not_above_the_wish) {
  EXPECT_EQ(served_rate_hz(0), 1);
  EXPECT_EQ(served_rate_hz(3), 2);
  EXPECT_EQ(served_rate_hz(4), 4);
  EXPECT_EQ(served_rate_hz(9), 5);
  EXPECT_EQ(served_rate_hz(19), 10);
  EXPECT_EQ(served_rate_hz(255), 20);
}

}  // namespace
}  // namespace citiverse::presence
