#include "formats/tntp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace citiverse::formats {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHead =
    "<NUMBER OF ZONES> 2\t\t\r\n<NUMBER OF NODES> 4\r\n<FIRST THRU NODE> 3\r\n<NUMBER OF LINKS> 2\r\n"
    "<ORIGINAL HEADER>~ \tTail\t;\r\n<END OF METADATA>\r\n\r\n~ \tinit_node\t;\r\n";

std::string network_error(std::string_view links) {
  const auto network = read_tntp_network(std::string(kHead) + std::string(links));
  return network ? "none" : network.error().message;
}

std::string trips_error(std::string_view trips) {
  const auto read = read_tntp_trips("<NUMBER OF ZONES> 2\n<END OF METADATA>\n" + std::string(trips));
  return read ? "none" : read.error().message;
}

TEST(Tntp, networks_are_read_with_tabs_comments_and_either_end_of_line) {
  const auto network = read_tntp_network(std::string(kHead) +
                                         "\t1\t3\t1800\t0.5\t1.25\t0.15\t4\t50\t20\t1\t;\r\n"
                                         "3 2 1E3 .5 2 0 1 0 0 -7;  ~ a road");
  ASSERT_TRUE(network) << network.error().message;
  EXPECT_EQ(network->zones, 2U);
  EXPECT_EQ(network->nodes, 4U);
  EXPECT_EQ(network->first_through_node, 3U);
  ASSERT_EQ(network->links.size(), 2U);
  EXPECT_EQ(network->links[0].to, 3U);
  EXPECT_EQ(network->links[0].free_flow_time, 1.25);
  EXPECT_EQ(network->links[0].power, 4);
  EXPECT_EQ(network->links[0].toll, 20);
  EXPECT_EQ(network->links[1].capacity, 1000);
  EXPECT_EQ(network->links[1].type, -7);
}

TEST(Tntp, a_wrong_network_is_told_by_line) {
  EXPECT_THAT(network_error("1 3 1 1 1 1 1 1 1 1;\n1 5 1 1 1 1 1 1 1 1;"), HasSubstr("line 10: link 1 to 5: nodes are 1 to 4"));
  EXPECT_THAT(network_error("1 3 x 1 1 1 1 1 1 1;"), HasSubstr("line 9: link 1 to 3: capacity must be a number"));
  EXPECT_THAT(network_error("1 3 1 1 -2 1 1 1 1 1;"), HasSubstr("free flow time must be a number, 0 or more"));
  EXPECT_THAT(network_error("1 3 1 1 inf 1 1 1 1 1;"), HasSubstr("free flow time must be a number, 0 or more"));
  EXPECT_THAT(network_error("1 3 1 1 1 1 1 1 1;"), HasSubstr("tenth field"));
  EXPECT_THAT(network_error("1 3 1 1 1 1 1 1 1 1 1;"), HasSubstr("more than ten fields"));
  EXPECT_THAT(network_error("1 3 1 1 1 1 1 1 1 1;"), HasSubstr("2 links are stated, and 1 are there"));
  EXPECT_THAT(read_tntp_network("<NUMBER OF ZONES> 1\n").error().message, HasSubstr("END OF METADATA"));
  EXPECT_THAT(read_tntp_network("<NUMBER OF ZONES> -1\n").error().message, HasSubstr("line 1: <NUMBER OF ZONES>"));
  EXPECT_THAT(read_tntp_network("<NUMBER OF ZONES> 1\n<END OF METADATA>").error().message, HasSubstr("NUMBER OF NODES"));
  EXPECT_EQ(read_tntp_network("<NUMBER OF ZONES> 1e9\n<NUMBER OF NODES> 1\n<END OF METADATA>").error().code,
            base::ErrorCode::limit);
}

TEST(Tntp, trips_are_read_without_those_that_are_none) {
  const auto trips = read_tntp_trips(
      "<NUMBER OF ZONES> 3\n<TOTAL OD FLOW> 6.5\n<END OF METADATA>\n~ by hand\nOrigin \t1 \n 1 : 0.0; 2 :  6.0; \nOrigin 3\n2: "
      ".5;");
  ASSERT_TRUE(trips) << trips.error().message;
  EXPECT_EQ(trips->total_stated, 6.5);
  ASSERT_EQ(trips->trips.size(), 2U);
  EXPECT_EQ(trips->trips[0].to, 2U);
  EXPECT_EQ(trips->trips[1].from, 3U);
  EXPECT_EQ(trips->trips[1].trips, 0.5);
}

TEST(Tntp, wrong_trips_are_told_by_line) {
  EXPECT_THAT(trips_error("Origin 3\n"), HasSubstr("line 3: origins are 1 to 2"));
  EXPECT_THAT(trips_error("1 : 2;"), HasSubstr("before the first 'Origin'"));
  EXPECT_THAT(trips_error("Origin 1\n3 : 2;"), HasSubstr("line 4: trips to zone 3"));
  EXPECT_THAT(trips_error("Origin 1\n2 : -2;"), HasSubstr("0 or more"));
  EXPECT_THAT(trips_error("Origin 1\n2 = 2;"), HasSubstr("look like"));
  EXPECT_THAT(trips_error("Origin 1\n2 : 2 1 : 4;"), HasSubstr("no ';'"));
}

TEST(Tntp, flows_are_read_below_their_names) {
  const auto flows = read_tntp_flows("From \tTo \tVolume \tCost \n1 \t2 \t4494.5 \t6.25 \n");
  ASSERT_TRUE(flows);
  ASSERT_EQ(flows->size(), 1U);
  EXPECT_EQ(flows->front().to, 2U);
  EXPECT_EQ(flows->front().volume, 4494.5);
  EXPECT_EQ(flows->front().cost, 6.25);
  EXPECT_THAT(read_tntp_flows("From To\n1 2 3\n").error().message, HasSubstr("line 2"));
}

}  // namespace
}  // namespace citiverse::formats
