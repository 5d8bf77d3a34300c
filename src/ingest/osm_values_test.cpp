#include "ingest/osm_values.h"

#include <gtest/gtest.h>

namespace citiverse::ingest {
namespace {

TEST(OsmValues, reads_lengths_in_every_unit_of_the_wiki) {
  const std::pair<const char*, double> written[] = {
      {"12", 12},       {"12.5", 12.5}, {"12 m", 12},      {"12m", 12},        {"12,5", 12.5}, {"0.5 km", 500}, {"150 cm", 1.5},
      {"10 ft", 3.048}, {"10'", 3.048}, {"6'0\"", 1.8288}, {"5'11\"", 1.8034}, {" 7 ", 7},     {"-3", -3}};
  for (const auto& [text, metres] : written) {
    ASSERT_TRUE(length_m_from(text)) << text;
    EXPECT_NEAR(*length_m_from(text), metres, 1e-9) << text;
  }
}

TEST(OsmValues, does_not_guess_lengths) {
  for (const char* text : {"", "high", "12 floors", "12;14", "~5", "5'x\"", "1e5", "inf", "nan", "12 m 3"})
    EXPECT_FALSE(length_m_from(text)) << text;
  EXPECT_FALSE(length_m_from(std::string(100'000, '9')));
}

TEST(OsmValues, reads_speeds_with_units_and_of_countries) {
  const std::pair<const char*, int> written[] = {
      {"50", 50},         {"30 mph", 48},    {"20 mph", 32},        {"60 km/h", 60},         {"5 knots", 9},
      {"walk", 5},        {"none", 130},     {"DE:urban", 50},      {"RO:rural", 90},        {"AT:motorway", 130},
      {"DE:zone:30", 30}, {"FR:zone30", 30}, {"GB:nsl_single", 97}, {"DE:living_street", 10}};
  for (const auto& [text, kmh] : written) {
    ASSERT_TRUE(speed_kmh_from(text)) << text;
    EXPECT_EQ(*speed_kmh_from(text), kmh) << text;
  }
  for (const char* text : {"", "fast", "-30", "0", "5000", "50;70", "DE:", "XX:unknown"})
    EXPECT_FALSE(speed_kmh_from(text)) << text;
}

TEST(OsmValues, reads_colours_as_css_writes_them) {
  EXPECT_EQ(colour_from("#ff8000"), 0xFF8000u);
  EXPECT_EQ(colour_from("#F80"), 0xFF8800u);
  EXPECT_EQ(colour_from("Light Grey"), 0xD3D3D3u);
  for (const char* text : {"", "#", "#12", "#gggggg", "#1234567", "sky-blue-pink"}) EXPECT_FALSE(colour_from(text)) << text;
}

TEST(OsmValues, reads_directions_as_degrees_and_winds) {
  EXPECT_EQ(direction_deg_from("NNW"), 337.5);
  EXPECT_EQ(direction_deg_from("south"), 180);
  EXPECT_EQ(direction_deg_from("-90"), 270);
  EXPECT_EQ(direction_deg_from("45°"), 45);
  EXPECT_FALSE(direction_deg_from("along the street"));
}

TEST(OsmValues, reads_years_of_any_precision_and_no_others) {
  const std::pair<const char*, int> written[] = {{"1897", 1897},        {"1897-05-01", 1897}, {"~1897", 1897},
                                                 {"before 1897", 1897}, {"1890s", 1895},      {"C18", 1750},
                                                 {"31.12.1897", 1897},  {"1897..1903", 1897}};
  for (const auto& [text, year] : written) EXPECT_EQ(year_from(text), year) << text;
  for (const char* text : {"", "old", "97", "C99", "9999", "18970"}) EXPECT_FALSE(year_from(text)) << text;
}

TEST(OsmValues, reads_counts_and_takes_the_largest_of_a_list) {
  EXPECT_EQ(number_from("4"), 4);
  EXPECT_EQ(number_from("2.5"), 2.5);
  EXPECT_EQ(number_from("3;5;4"), 5);
  for (const char* text : {"", "G+2", "four", "4 floors", ";"}) EXPECT_FALSE(number_from(text)) << text;
}

}  // namespace
}  // namespace citiverse::ingest
