// Units that sensors of cities use, in three spellings; any other code is shown as it is.
#include <algorithm>
#include <array>

#include "api/sensor_things/items.h"
#include "base/json_writer.h"

namespace citiverse::api::sensor_things {
namespace {

struct Unit {
  std::string_view code;  // UN/CEFACT Recommendation 20.
  std::string_view name, symbol, ucum;
};
constexpr std::array kUnits = std::to_array<Unit>({
    {"CEL", "degree Celsius", "°C", "Cel"},
    {"FAH", "degree Fahrenheit", "°F", "[degF]"},
    {"KEL", "kelvin", "K", "K"},
    {"P1", "percent", "%", "%"},
    {"GQ", "microgram per cubic metre", "µg/m³", "ug/m3"},
    {"GP", "milligram per cubic metre", "mg/m³", "mg/m3"},
    {"59", "part per million", "ppm", "[ppm]"},
    {"2N", "decibel", "dB", "dB"},
    {"MTS", "metre per second", "m/s", "m/s"},
    {"KMH", "kilometre per hour", "km/h", "km/h"},
    {"A97", "hectopascal", "hPa", "hPa"},
    {"PAL", "pascal", "Pa", "Pa"},
    {"MMT", "millimetre", "mm", "mm"},
    {"CMT", "centimetre", "cm", "cm"},
    {"MTR", "metre", "m", "m"},
    {"KMT", "kilometre", "km", "km"},
    {"LUX", "lux", "lx", "lx"},
    {"WTT", "watt", "W", "W"},
    {"KWT", "kilowatt", "kW", "kW"},
    {"KWH", "kilowatt hour", "kWh", "kW.h"},
    {"VLT", "volt", "V", "V"},
    {"AMP", "ampere", "A", "A"},
    {"MQS", "cubic metre per second", "m³/s", "m3/s"},
    {"DD", "degree", "°", "deg"},
    {"C62", "one", "1", "1"},
});

}  // namespace

std::string unit_json(std::string_view code) {
  std::string out;
  base::JsonWriter json(out);
  const auto unit = std::ranges::find(kUnits, code, &Unit::code);
  json.begin_object();
  if (unit != kUnits.end())
    json.member("name", unit->name).member("symbol", unit->symbol).member("definition", "ucum:" + std::string(unit->ucum));
  else if (!code.empty())
    json.member("name", code).member("symbol", code).key("definition").null();
  else
    json.key("name").null().key("symbol").null().key("definition").null();
  json.end_object();
  return out;
}

std::string unit_code(std::string_view symbol) {
  const auto unit = std::ranges::find(kUnits, symbol, &Unit::symbol);
  return std::string(unit == kUnits.end() ? symbol : unit->code);
}

}  // namespace citiverse::api::sensor_things
