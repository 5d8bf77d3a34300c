// The indices against what their publishers print.
#include "twin/rules/published_index.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace citiverse::twin::rules {
namespace {

double fahrenheit(double celsius) { return celsius * 1.8 + 32; }
double celsius(double fahrenheit) { return (fahrenheit - 32) / 1.8; }

// The chart of the National Weather Service: °F by row, relative humidity 40, 45, … 100 % by column.
struct ChartRow {
  double temperature_f;
  std::vector<double> index_f;
};
const std::vector<ChartRow> kChart{
    {80, {80, 80, 81, 81, 82, 82, 83, 84, 84, 85, 86, 86, 87}},
    {82, {81, 82, 83, 84, 84, 85, 86, 88, 89, 90, 91, 93, 95}},
    {84, {83, 84, 85, 86, 88, 89, 90, 92, 94, 96, 98, 100, 103}},
    {86, {85, 87, 88, 89, 91, 93, 95, 97, 100, 102, 105, 108, 112}},
    {88, {88, 89, 91, 93, 95, 98, 100, 103, 106, 110, 113, 117}},
    {90, {91, 93, 95, 97, 100, 103, 106, 109, 113, 117, 122, 127, 132}},
    {92, {94, 96, 99, 101, 105, 108, 112, 116, 121, 126, 131}},
    {94, {97, 100, 102, 106, 110, 114, 119, 124, 129, 136}},
    {96, {101, 104, 108, 112, 116, 121, 126, 132}},
    {98, {105, 109, 113, 117, 123, 128, 134}},
    {100, {109, 114, 118, 124, 129, 136}},
    {102, {114, 119, 124, 130, 137}},
    {104, {119, 124, 131, 137}},
    {106, {124, 130, 137}},
    {108, {130, 137}},
    {110, {136}},
};

TEST(HeatIndex, is_that_of_the_weather_service_s_chart) {
  int cells = 0;
  for (const auto& [temperature_f, row] : kChart)
    for (std::size_t i = 0; i < row.size(); ++i, ++cells) {
      const double humidity = 40 + 5 * static_cast<double>(i);
      const auto index = heat_index_c(celsius(temperature_f), humidity);
      ASSERT_TRUE(index);
      // The chart is older than the adjustment for moist warmth.
      const double adjustment = humidity > 85 && temperature_f <= 87 ? (humidity - 85) / 10 * (87 - temperature_f) / 5 : 0;
      EXPECT_NEAR(std::round(fahrenheit(*index) - adjustment), row[i], kHeatIndexChartErrorF)
          << temperature_f << " °F, " << humidity << " %";
    }
  EXPECT_EQ(cells, 134);
}

TEST(HeatIndex, is_adjusted_in_dry_heat_and_in_moist_warmth) {
  // 95 °F and 5 %: the adjustment is (13 − 5) / 4 × √(17 / 17) = 2 °F.
  const double t = 95, rh = 5;
  const double plain = -42.379 + 2.04901523 * t + 10.14333127 * rh - .22475541 * t * rh - .00683783 * t * t -
                       .05481717 * rh * rh + .00122874 * t * t * rh + .00085282 * t * rh * rh - .00000199 * t * t * rh * rh;
  EXPECT_NEAR(fahrenheit(*heat_index_c(celsius(95), 5)), plain - 2, 1e-9);
}

TEST(HeatIndex, means_nothing_beyond_the_table_that_it_is_fitted_to) {
  EXPECT_FALSE(heat_index_c(19.9, 50));
  EXPECT_FALSE(heat_index_c(50.1, 50));
  EXPECT_FALSE(heat_index_c(30, 101));
  EXPECT_FALSE(heat_index_c(30, -1));
  EXPECT_FALSE(heat_index_c(std::nan(""), 50));
  EXPECT_TRUE(heat_index_c(20, 0));
}

struct PrintedBands {
  Pollutant pollutant;
  std::vector<double> ends;
};

TEST(AirBands, are_those_of_the_european_environment_agency) {
  const std::vector<PrintedBands> table{{Pollutant::pm25, {5, 15, 50, 90, 140}},
                                        {Pollutant::pm10, {15, 45, 120, 195, 270}},
                                        {Pollutant::no2, {10, 25, 60, 100, 150}},
                                        {Pollutant::o3, {60, 100, 120, 160, 180}},
                                        {Pollutant::so2, {20, 40, 125, 190, 275}}};
  for (const auto& [pollutant, ends] : table) {
    EXPECT_EQ(air_band(pollutant, 0), 1);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const int band = static_cast<int>(i) + 1;
      EXPECT_EQ(air_band(pollutant, ends[i]), band) << name_of(pollutant);
      EXPECT_EQ(air_band(pollutant, ends[i] + 1), band + 1) << name_of(pollutant);
    }
    EXPECT_EQ(air_band(pollutant, 5'000), kAirBands);
  }
}

TEST(AirBands, know_nothing_of_what_cannot_be_measured) {
  EXPECT_FALSE(air_band(Pollutant::o3, -1));
  EXPECT_FALSE(air_band(Pollutant::o3, std::nan("")));
  EXPECT_FALSE(air_band(Pollutant::o3, std::numeric_limits<double>::infinity()));
}

}  // namespace
}  // namespace citiverse::twin::rules
