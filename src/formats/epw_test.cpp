#include "formats/epw.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace citiverse::formats {
namespace {

std::string year_of(std::string_view row_end) {
  std::string text = "LOCATION,Somewhere,-,XX,TEST,000000,48.0,8.0,1.0,500.0\r\n";
  for (int i = 0; i < 7; ++i) text += "HEADER\r\n";
  for (int h = 0; h < 8760; ++h) {
    text += "2001,1,1," + std::to_string(h % 24 + 1) + ",60,flags," + std::string(row_end) + "\r\n";
  }
  return text;
}

TEST(Epw, is_read_field_by_field) {
  const auto weather = read_epw(year_of("-3.5,1,80,95000,0,0,300,400,350,120,0,0,0,0,180,4.5,1,1"));
  ASSERT_TRUE(weather) << weather.error().message;
  EXPECT_EQ(weather->place, "Somewhere");
  EXPECT_EQ(weather->source, "TEST");
  EXPECT_EQ(weather->at, (geo::LatLon{48, 8}));
  EXPECT_EQ(weather->zone_hours, 1);
  EXPECT_EQ(weather->elevation_m, 500);
  EXPECT_EQ(weather->missing, 0u);
  const EpwHour& hour = weather->hours[23];
  EXPECT_EQ(hour.hour, 24);
  EXPECT_FLOAT_EQ(hour.dry_bulb_c, -3.5f);
  EXPECT_FLOAT_EQ(hour.pressure_hpa, 950);
  EXPECT_FLOAT_EQ(hour.global_level, 400);
  EXPECT_FLOAT_EQ(hour.direct_normal, 350);
  EXPECT_FLOAT_EQ(hour.diffuse_level, 120);
  EXPECT_FLOAT_EQ(hour.wind_m_s, 4.5f);
}

TEST(Epw, replaces_and_counts_what_is_missing) {
  const auto weather = read_epw(year_of("99.9,1,80,999999,0,0,300,9999,9999,9999,0,0,0,0,180,999,1,1"));
  ASSERT_TRUE(weather);
  EXPECT_EQ(weather->missing, 8760u * 6);
  EXPECT_EQ(weather->hours[0].direct_normal, 0);
  EXPECT_FLOAT_EQ(weather->hours[0].pressure_hpa, 1013.25f);
}

TEST(Epw, names_the_line_that_is_wrong) {
  EXPECT_NE(read_epw("hello").error().message.find("line 1"), std::string::npos);
  std::string text = year_of("1,1,80,95000,0,0,300,400,350,120,0,0,0,0,180,4.5,1,1");
  EXPECT_NE(read_epw(text + "2001,13,1,1,60,f,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1\n").error().message.find("line 8769"),
            std::string::npos);
  EXPECT_NE(read_epw(text.substr(0, text.size() / 2)).error().code, base::ErrorCode::limit);
  EXPECT_EQ(read_epw(std::string(kEpwBytesMax + 1, ' ')).error().code, base::ErrorCode::limit);
}

TEST(Epw, of_denver_sums_to_the_light_of_denver) {
  const char* shared = std::getenv("CITIVERSE_SHARED_DATA");
  const std::string folder = shared ? shared : "../shared/data";
  std::ifstream file(folder + "/energy/USA_CO_Denver.Intl.AP.725650_TMY3.epw", std::ios::binary);
  if (!file) GTEST_SKIP() << "no weather file of Denver";
  std::stringstream bytes;
  bytes << file.rdbuf();
  const auto weather = read_epw(bytes.str());
  ASSERT_TRUE(weather) << weather.error().message;
  EXPECT_EQ(weather->hours.size(), 8760u);
  EXPECT_NEAR(weather->at.lat_deg, 39.83, 1e-9);
  double global_kwh = 0;
  for (const EpwHour& h : weather->hours) global_kwh += h.global_level / 1000;
  // NREL's maps give Denver 4.5 to 5 kWh/m² a day.
  EXPECT_GT(global_kwh / 365, 4.4);
  EXPECT_LT(global_kwh / 365, 5.1);
}

}  // namespace
}  // namespace citiverse::formats
