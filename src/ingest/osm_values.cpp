// Written for what is found in the data; what is not understood is nothing, never a guess.
#include "ingest/osm_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "base/text.h"

namespace citiverse::ingest {
namespace {

constexpr std::size_t kValueBytesMax = 64;  // No number that means something is longer.

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// Takes a decimal number, with a point or a comma, from the front of the text.
std::optional<double> take_number(std::string_view& text) {
  text = base::trimmed(text);
  std::string digits;
  std::size_t used = 0;
  bool point = false;
  for (; used < text.size() && used < kValueBytesMax; ++used) {
    const char c = text[used];
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if ((c == '-' || c == '+') && used == 0) {
      if (c == '-') digits += c;
    } else if ((c == '.' || c == ',') && !point) {
      point = true;
      digits += '.';
    } else {
      break;
    }
  }
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) return std::nullopt;
  text = base::trimmed(text.substr(used));
  return value;
}

constexpr double kMetresPerFoot = 0.3048;
constexpr double kKmPerMile = 1.609344;
constexpr double kKmPerSeaMile = 1.852;

struct NamedColour {
  std::string_view name;
  std::uint32_t rgb;
};
// CSS Color Module Level 4, 6.1, as far as they are common as building and line colours.
constexpr NamedColour kColours[] = {
    {"beige", 0xF5F5DC},     {"black", 0x000000},       {"blue", 0x0000FF},      {"brown", 0xA52A2A},
    {"cream", 0xFFFDD0},     {"cyan", 0x00FFFF},        {"darkgray", 0xA9A9A9},  {"darkgreen", 0x006400},
    {"darkgrey", 0xA9A9A9},  {"darkred", 0x8B0000},     {"firebrick", 0xB22222}, {"gold", 0xFFD700},
    {"gray", 0x808080},      {"green", 0x008000},       {"grey", 0x808080},      {"ivory", 0xFFFFF0},
    {"khaki", 0xF0E68C},     {"lightblue", 0xADD8E6},   {"lightgray", 0xD3D3D3}, {"lightgreen", 0x90EE90},
    {"lightgrey", 0xD3D3D3}, {"lightyellow", 0xFFFFE0}, {"lime", 0x00FF00},      {"magenta", 0xFF00FF},
    {"maroon", 0x800000},    {"navy", 0x000080},        {"olive", 0x808000},     {"orange", 0xFFA500},
    {"peru", 0xCD853F},      {"pink", 0xFFC0CB},        {"purple", 0x800080},    {"red", 0xFF0000},
    {"salmon", 0xFA8072},    {"sienna", 0xA0522D},      {"silver", 0xC0C0C0},    {"tan", 0xD2B48C},
    {"teal", 0x008080},      {"turquoise", 0x40E0D0},   {"white", 0xFFFFFF},     {"yellow", 0xFFFF00}};

constexpr std::string_view kWinds[] = {"n", "nne", "ne", "ene", "e", "ese", "se", "sse",
                                       "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw"};

}  // namespace

std::optional<double> length_m_from(std::string_view text) {
  if (text.size() > kValueBytesMax) return std::nullopt;
  const auto value = take_number(text);
  if (!value) return std::nullopt;
  const std::string unit = lower(text);
  if (unit.empty() || unit == "m" || unit == "metre" || unit == "metres" || unit == "meter" || unit == "meters") return value;
  if (unit == "km") return *value * 1000.0;
  if (unit == "cm") return *value / 100.0;
  if (unit == "ft" || unit == "feet" || unit == "foot") return *value * kMetresPerFoot;
  if (unit[0] != '\'') return std::nullopt;
  std::string_view rest = text.substr(1);
  if (base::trimmed(rest).empty()) return *value * kMetresPerFoot;
  const auto inches = take_number(rest);
  if (!inches || (rest != "\"" && rest != "''" && !rest.empty())) return std::nullopt;
  return (*value + *inches / 12.0) * kMetresPerFoot;
}

std::optional<std::uint16_t> speed_kmh_from(std::string_view text) {
  if (text.size() > kValueBytesMax) return std::nullopt;
  if (text == "walk") return 5;
  if (text == "none") return 130;  // The advisory speed where there is no limit (Germany).
  if (const auto colon = text.find(':'); colon == 2 || text.starts_with("GB:") || text.starts_with("UK:")) {
    const std::string kind = lower(text.substr(colon + 1));
    if (const auto zone = kind.find("zone"); zone != std::string::npos) {
      std::string_view digits = std::string_view(kind).substr(zone + 4);
      while (!digits.empty() && (digits.front() < '0' || digits.front() > '9')) digits.remove_prefix(1);
      if (const auto limit = take_number(digits); limit && *limit >= 5 && *limit <= 120)
        return static_cast<std::uint16_t>(*limit);
    }
    if (kind == "living_street") return 10;
    if (kind == "bicycle_road") return 30;
    if (kind == "urban") return 50;
    if (kind == "rural") return 90;
    if (kind == "trunk" || kind == "nsl_dual") return 110;
    if (kind == "nsl_single") return 97;
    if (kind == "motorway") return 130;
    return std::nullopt;
  }
  const auto value = take_number(text);
  if (!value || *value <= 0) return std::nullopt;
  const std::string unit = lower(text);
  double kmh = *value;
  if (unit == "mph") {
    kmh *= kKmPerMile;
  } else if (unit == "knots") {
    kmh *= kKmPerSeaMile;
  } else if (!unit.empty() && unit != "km/h" && unit != "kmh" && unit != "kph") {
    return std::nullopt;
  }
  if (kmh > 500) return std::nullopt;
  return static_cast<std::uint16_t>(std::lround(kmh));
}

std::optional<double> number_from(std::string_view text) {
  if (text.size() > kValueBytesMax) return std::nullopt;
  std::optional<double> largest;
  while (true) {
    const auto value = take_number(text);
    if (!value) return std::nullopt;
    largest = largest ? std::max(*largest, *value) : *value;
    if (text.empty()) return largest;
    if (text[0] != ';' && text[0] != '-') return std::nullopt;
    text.remove_prefix(1);
  }
}

std::optional<std::uint32_t> colour_from(std::string_view text) {
  text = base::trimmed(text);
  if (text.size() == 4 || text.size() == 7) {
    if (text[0] == '#') {
      std::uint32_t value = 0;
      const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value, 16);
      if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
      if (text.size() == 7) return value;
      const std::uint32_t r = value >> 8, g = (value >> 4) & 0xF, b = value & 0xF;
      return (r * 0x11) << 16 | (g * 0x11) << 8 | (b * 0x11);
    }
  }
  if (text.size() > kValueBytesMax) return std::nullopt;
  std::string name = lower(text);
  std::erase_if(name, [](char c) { return c == ' ' || c == '_' || c == '-'; });
  for (const auto& colour : kColours) {
    if (colour.name == name) return colour.rgb;
  }
  return std::nullopt;
}

std::optional<double> direction_deg_from(std::string_view text) {
  if (text.size() > kValueBytesMax) return std::nullopt;
  const std::string name = lower(base::trimmed(text));
  for (std::size_t i = 0; i < std::size(kWinds); ++i) {
    if (kWinds[i] == name) return static_cast<double>(i) * 22.5;
  }
  if (name == "north") return 0.0;
  if (name == "east") return 90.0;
  if (name == "south") return 180.0;
  if (name == "west") return 270.0;
  const auto value = take_number(text);
  if (!value || (!text.empty() && text != "°") || std::abs(*value) > 3600) return std::nullopt;
  const double turned = std::fmod(*value, 360.0);
  return turned < 0 ? turned + 360.0 : turned;
}

std::optional<std::uint16_t> year_from(std::string_view text) {
  text = base::trimmed(text);
  for (const std::string_view prefix : {"before ", "after ", "~", "early ", "mid ", "late ", "c.", "ca. "}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  const auto digits_at = [&](std::size_t from) {
    std::size_t n = from;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
    return n - from;
  };
  int year = 0;
  if (text.starts_with("C") && digits_at(1) > 0 && digits_at(1) <= 2) {
    std::from_chars(text.data() + 1, text.data() + text.size(), year);
    year = year * 100 - 50;
  } else if (digits_at(0) == 4) {
    std::from_chars(text.data(), text.data() + 4, year);
    const std::string_view rest = text.substr(4);
    if (rest == "s") year += 5;
    if (!rest.empty() && rest != "s" && rest[0] != '-' && rest[0] != '/' && rest[0] != '.' && rest[0] != ' ')
      return std::nullopt;
  } else if (text.size() == 10 && digits_at(0) == 2 && digits_at(6) == 4) {  // 31.12.1897
    std::from_chars(text.data() + 6, text.data() + 10, year);
  }
  if (year < 500 || year > 2100) return std::nullopt;
  return static_cast<std::uint16_t>(year);
}

}  // namespace citiverse::ingest
