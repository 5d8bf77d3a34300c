// A saved plan comes back as it was, an older form is brought up, and a hostile file is explained.
#include "plan/saved_plan.h"

#include <gmock/gmock.h>

#include "base/file.h"
#include "plan/limits.h"
#include "plan/planned_city.h"
#include "plan/test_plan.h"

namespace citiverse::plan {
namespace {

using testing::HasSubstr;

const city::City& home() {
  static const city::City made = test_town();
  return made;
}

std::string with_edit(std::string_view edit) {
  return R"({"format":"citiverse-plan","form":2,"name":"N","log":[{"by":1,"edits":[)" + std::string(edit) + "]}]}";
}

std::string load_refusal(std::string_view text) {
  auto loaded = load_plan(text, home(), 1, {.author = kAnna});
  return loaded ? std::string() : loaded.error().message;
}

TEST(SavedPlan, comes_back_as_it_was) {
  Plan plan(home(), 5);
  const Section section{{LaneUse::pavement, LaneDirection::none, 2.25},
                        {LaneUse::bicycle, LaneDirection::backward, 1.75},
                        {LaneUse::drive, LaneDirection::both, 3.5},
                        {LaneUse::trees, LaneDirection::none, 2}};
  Shape court = rectangle(40, 10, 20, 20);
  court.parts.push_back({{{45, 15}, {45, 25}, {55, 25}, {55, 15}}, true});
  ASSERT_EQ(refusal(plan, add("building-p1", {{"outline", court}, {"levels", 4.0}, {"use", std::string("school")}})), "");
  ASSERT_EQ(refusal(plan, change("street-g1",
                                 {{"section", section}, {"crossings", std::vector<Crossing>{{12.5, CrossingKind::zebra}}}})),
            "");
  ASSERT_EQ(refusal(plan, change("street-g1", {{"speed_kmh", 20.0}, {"lit", true}}), kBela), "");
  ASSERT_TRUE(plan.undo({.author = kAnna}, 2));
  ASSERT_TRUE(plan.name_version({.author = kAnna, .time_s = 99}, "First", 1));
  const std::string saved = saved_plan(plan, {"Name <&>", "About", "Town", "v1"});
  auto loaded = load_plan(saved, home(), 5, {.author = kAnna});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->header.name, "Name <&>");
  ASSERT_EQ(loaded->plan.head(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(loaded->plan.log()[i].edits, plan.log()[i].edits) << i;
  EXPECT_EQ(loaded->plan.log()[3].undoes, 2u);
  EXPECT_EQ(loaded->plan.versions().front().time_s, 99);
  EXPECT_EQ(planned_city(home(), loaded->plan.state()).print, planned_city(home(), plan.state()).print);
}

TEST(SavedPlan, form_1_is_brought_up) {
  const auto file = base::read_file("src/plan/golden/form_1.json", kSavedBytesMax);
  ASSERT_TRUE(file) << file.error().message;
  auto loaded = load_plan(*file, home(), 1, {.author = kAnna});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->header.name, "A narrower street");
  ASSERT_EQ(loaded->plan.head(), 3u);
  EXPECT_EQ(loaded->plan.log()[0].time_s, 1700000000);
  const auto made = planned_city(home(), loaded->plan.state());
  const city::Street& street = made.city.street(made.city.feature(*made.city.find(object("street-g1").feature())));
  EXPECT_FLOAT_EQ(street.width_m, 3 + 1.5f);
  EXPECT_FLOAT_EQ(street.pavement_left_m, 3);
  EXPECT_EQ(street.lanes_forward, 1);
  EXPECT_EQ(street.lanes_backward, 0);
  EXPECT_FALSE(made.city.find(object("building-g2").feature()));
}

TEST(SavedPlan, hostile_files_are_explained) {
  EXPECT_THAT(load_refusal("{"), HasSubstr("byte"));
  EXPECT_THAT(load_refusal("{}"), HasSubstr("this is no saved plan"));
  EXPECT_THAT(load_refusal(R"({"format":"citiverse-plan","form":99})"), HasSubstr("reads forms 1 to 2"));
  EXPECT_THAT(load_refusal(R"({"format":"citiverse-plan","form":2,"log":7})"), HasSubstr("log: an array"));
  EXPECT_THAT(load_refusal(with_edit(R"({"edit":"change","object":"rail-g1","set":{}})")), HasSubstr("cannot change a rail"));
  EXPECT_THAT(load_refusal(with_edit(R"({"edit":"change","object":"building-g1","set":{"wings":2}})")),
              HasSubstr("entry 1: edit 1: set.wings: a building has no such property"));
  EXPECT_THAT(load_refusal(with_edit(R"({"edit":"change","object":"building-g1","set":{"levels":1e300}})")),
              HasSubstr("levels"));
  EXPECT_THAT(load_refusal(with_edit(R"({"edit":"change","object":"building-g1","set":{"outline":{"type":"Polygon",
    "coordinates":[[[0,0],[1,0],[1,1]]]}}})")),
              HasSubstr("outline"));
  EXPECT_THAT(load_refusal(R"({"format":"citiverse-plan","form":2,"log":[{"undoes":1}]})"), HasSubstr("there is no entry 1"));
  std::string deep = R"({"format":"citiverse-plan","form":2,"log":)" + std::string(100, '[') + std::string(100, ']') + "}";
  EXPECT_THAT(load_refusal(deep), testing::Not(""));
}

}  // namespace
}  // namespace citiverse::plan
