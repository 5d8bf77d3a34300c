#include "twin/id_table.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "base/random.h"

namespace citiverse::twin {
namespace {

TEST(IdTable, answers_as_a_map_does_while_ids_come_and_go) {
  IdTable table;
  std::map<std::string, Slot> known;
  std::vector<std::string> id_of{""};  // By slot.
  base::Random random(3);
  const auto find = [&](const std::string& id) { return table.find(id, [&](Slot slot) { return id_of[slot] == id; }); };
  for (int step = 0; step < 30'000; ++step) {
    const std::string id = "urn:ngsi-ld:Sensor:" + std::to_string(random.next() % 3000);
    const auto there = known.find(id);
    ASSERT_EQ(find(id), there == known.end() ? 0 : there->second);
    if (there == known.end()) {
      id_of.push_back(id);
      table.insert(id, id_of.size() - 1);
      known.emplace(id, id_of.size() - 1);
    } else if (random.next() % 2 == 0) {
      table.erase(id, there->second);
      known.erase(there);
    }
  }
  EXPECT_EQ(table.size(), known.size());
  for (const auto& [id, slot] : known) ASSERT_EQ(find(id), slot);
}

}  // namespace
}  // namespace citiverse::twin
