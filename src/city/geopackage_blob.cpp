// Byte by byte, since a GIS may have written what is read here.
#include "city/geopackage_blob.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace citiverse::city {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are appended as this machine stores them");

template <class T>
void append(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void append_points(std::string& out, const City& city, const Part& part, bool close, geo::Box2d& box) {
  const auto points = city.vertices(part);
  append(out, static_cast<std::uint32_t>(points.size() + (close ? 1 : 0)));
  const std::size_t first = out.size();
  for (const geo::Vec2d p : points) {
    const geo::LatLon place = city.plane().to_lat_lon(p);
    append(out, place.lon_deg);
    append(out, place.lat_deg);
    box.extend(geo::Vec2d{place.lon_deg, place.lat_deg});
  }
  if (close) out.append(std::string(out, first, 16));
}

void append_header(std::string& out, std::uint32_t type) {
  out += '\x01';  // Little-endian.
  append(out, type);
}

constexpr std::uint32_t kPoint = 1, kLine = 2, kPolygon = 3, kMultiPoint = 4, kMultiLine = 5, kMultiPolygon = 6;
constexpr int kDepthMax = 2;  // A multi form holds simple forms.

class WkbReader {
 public:
  WkbReader(std::string_view bytes, std::size_t points_max) : bytes_(bytes), points_left_(points_max) {}

  bool read(BlobGeometry& out, int depth = 0) {
    if (depth >= kDepthMax || bytes_.empty()) return false;
    swap_ = bytes_[0] == 0;
    if (bytes_[0] != 0 && bytes_[0] != 1) return false;
    bytes_.remove_prefix(1);
    std::uint32_t type = 0;
    if (!take(type)) return false;
    // Z and M as ISO (thousands) or as flags of the older extended form.
    const bool flag_z = (type & 0x80000000u) != 0, flag_m = (type & 0x40000000u) != 0;
    const std::uint32_t dimension = (type & 0x0FFFFFFFu) / 1000;
    type = (type & 0x0FFFFFFFu) % 1000;
    if (dimension > 3) return false;
    extra_ = (flag_z || dimension == 1 || dimension == 3 ? 1u : 0u) + (flag_m || dimension >= 2 ? 1u : 0u);
    if (type == kPoint) return set_type(out, GeometryType::point) && read_point(out);
    if (type == kLine) return set_type(out, GeometryType::lines) && read_part(out, false, false);
    if (type == kPolygon) return set_type(out, GeometryType::polygons) && read_polygon(out);
    if (type < kMultiPoint || type > kMultiPolygon) return false;
    std::uint32_t count = 0;
    if (!take(count)) return false;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!read(out, depth + 1)) return false;
    }
    return true;
  }

 private:
  template <class T>
  bool take(T& value) {
    if (bytes_.size() < sizeof(T)) return false;
    char raw[sizeof(T)];
    std::memcpy(raw, bytes_.data(), sizeof(T));
    if (swap_) std::reverse(raw, raw + sizeof(T));
    std::memcpy(&value, raw, sizeof(T));
    bytes_.remove_prefix(sizeof(T));
    return true;
  }

  // All members of a collection are of one kind; the first says which.
  bool set_type(BlobGeometry& out, GeometryType type) {
    if (!out.parts.empty() && out.type != type) return false;
    out.type = type;
    return true;
  }

  bool take_place(std::vector<geo::LatLon>& places) {
    geo::LatLon place;
    double extra = 0;
    if (points_left_ == 0 || !take(place.lon_deg) || !take(place.lat_deg)) return false;
    for (unsigned i = 0; i < extra_; ++i) {
      if (!take(extra)) return false;
    }
    --points_left_;
    if (!geo::is_valid(place)) return false;
    places.push_back(place);
    return true;
  }

  bool read_point(BlobGeometry& out) {
    out.parts.emplace_back();
    return take_place(out.parts.back().places);
  }

  bool read_part(BlobGeometry& out, bool is_ring, bool is_hole) {
    std::uint32_t count = 0;
    if (!take(count) || count > bytes_.size() / 16) return false;
    out.parts.emplace_back();
    out.parts.back().is_hole = is_hole;
    auto& places = out.parts.back().places;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!take_place(places)) return false;
    }
    if (is_ring && places.size() > 1 && places.front() == places.back()) places.pop_back();
    return true;
  }

  bool read_polygon(BlobGeometry& out) {
    std::uint32_t rings = 0;
    if (!take(rings) || rings > bytes_.size() / 4) return false;
    for (std::uint32_t i = 0; i < rings; ++i) {
      if (!read_part(out, true, i > 0)) return false;
    }
    return true;
  }

  std::string_view bytes_;
  std::size_t points_left_;
  unsigned extra_ = 0;
  bool swap_ = false;
};

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;  // Texts of a city are clean: there are no control characters.
  }
  out += '"';
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// RFC 8259, as far as an object of plain values needs it.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  bool read(std::vector<std::pair<std::string, std::string>>& out, std::size_t count_max) {
    if (!take('{')) return false;
    if (take('}')) return at_end();
    do {
      if (out.size() >= count_max) return false;
      auto& [key, value] = out.emplace_back();
      if (!read_text(key) || !take(':') || !read_value(value)) return false;
    } while (take(','));
    return take('}') && at_end();
  }

 private:
  void skip() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\t' || text_[0] == '\n' || text_[0] == '\r'))
      text_.remove_prefix(1);
  }
  bool take(char c) {
    skip();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool at_end() {
    skip();
    return text_.empty();
  }
  bool read_value(std::string& out) {
    skip();
    if (!text_.empty() && text_[0] == '"') return read_text(out);
    const auto end = std::min(text_.find_first_of(",} \t\r\n"), text_.size());
    out = text_.substr(0, end);
    text_.remove_prefix(end);
    const bool is_number = !out.empty() && out.find_first_not_of("+-.0123456789eE") == std::string::npos;
    if (out == "null") out.clear();
    return is_number || out.empty() ? end > 0 : out == "true" || out == "false";
  }
  bool read_hex(std::uint32_t& value) {
    if (text_.size() < 4) return false;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + 4, value, 16);
    if (error != std::errc() || end != text_.data() + 4) return false;
    text_.remove_prefix(4);
    return true;
  }
  bool read_text(std::string& out) {
    if (!take('"')) return false;
    while (!text_.empty()) {
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c == '"') return true;
      if (c != '\\') {
        out += c;
        continue;
      }
      if (text_.empty()) return false;
      const char escaped = text_[0];
      text_.remove_prefix(1);
      if (escaped == 'u') {
        std::uint32_t unit = 0;
        if (!read_hex(unit)) return false;
        if (unit >= 0xD800 && unit < 0xDC00 && text_.starts_with("\\u")) {
          text_.remove_prefix(2);
          std::uint32_t low = 0;
          if (!read_hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
          unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
        append_utf8(out, unit);
        continue;
      }
      const auto at = std::string_view("\"\\/bfnrt").find(escaped);
      if (at == std::string_view::npos) return false;
      out += "\"\\/\b\f\n\r\t"[at];
    }
    return false;
  }

  std::string_view text_;
};

}  // namespace

geo::Box2d to_blob(const City& city, const Geometry& geometry, std::string& out) {
  const auto parts = city.parts(geometry);
  const bool is_point = geometry.type == GeometryType::point;
  geo::Box2d box;
  out.assign("GP", 2);
  out += '\0';                        // Version 1.
  out += is_point ? '\x01' : '\x03';  // Little-endian; with an envelope of x and y, or none.
  append(out, std::int32_t{4326});
  const std::size_t envelope_at = out.size();
  if (!is_point) out.append(32, '\0');
  if (is_point) {
    append_header(out, kPoint);
    const geo::LatLon place = city.plane().to_lat_lon(city.vertices(parts[0])[0]);
    append(out, place.lon_deg);
    append(out, place.lat_deg);
    box.extend(geo::Vec2d{place.lon_deg, place.lat_deg});
    return box;
  }
  if (geometry.type == GeometryType::lines) {
    append_header(out, kMultiLine);
    append(out, static_cast<std::uint32_t>(parts.size()));
    for (const Part& part : parts) {
      append_header(out, kLine);
      append_points(out, city, part, false, box);
    }
  } else {
    append_header(out, kMultiPolygon);
    const auto outer = std::count_if(parts.begin(), parts.end(), [](const Part& p) { return !p.is_hole; });
    append(out, static_cast<std::uint32_t>(outer));
    for (std::size_t i = 0; i < parts.size();) {
      std::size_t end = i + 1;
      while (end < parts.size() && parts[end].is_hole) ++end;
      append_header(out, kPolygon);
      append(out, static_cast<std::uint32_t>(end - i));
      for (; i < end; ++i) append_points(out, city, parts[i], true, box);
    }
  }
  const double envelope[4] = {box.low.x, box.high.x, box.low.y, box.high.y};
  std::memcpy(out.data() + envelope_at, envelope, sizeof envelope);
  return box;
}

std::optional<BlobGeometry> from_blob(std::string_view blob, std::size_t points_max) {
  if (blob.size() < 8 || !blob.starts_with("GP") || blob[2] != 0) return std::nullopt;
  const auto flags = static_cast<std::uint8_t>(blob[3]);
  constexpr std::size_t envelope_bytes[] = {0, 32, 48, 48, 64};
  const std::size_t envelope = flags >> 1 & 7;
  const bool is_extended = (flags & 0x20) != 0;
  const bool is_empty = (flags & 0x10) != 0;
  if (envelope > 4 || is_extended || is_empty || blob.size() < 8 + envelope_bytes[envelope]) return std::nullopt;
  BlobGeometry geometry;
  if (!WkbReader(blob.substr(8 + envelope_bytes[envelope]), points_max).read(geometry)) return std::nullopt;
  if (geometry.parts.empty()) return std::nullopt;
  return geometry;
}

std::string to_json(const std::vector<std::pair<std::string_view, std::string_view>>& attributes) {
  std::string out = "{";
  for (const auto& [key, value] : attributes) {
    if (out.size() > 1) out += ',';
    append_json_text(out, key);
    out += ':';
    append_json_text(out, value);
  }
  return out + '}';
}

std::optional<std::vector<std::pair<std::string, std::string>>> from_json(std::string_view json, std::size_t count_max) {
  std::vector<std::pair<std::string, std::string>> out;
  if (!JsonReader(json).read(out, count_max)) return std::nullopt;
  return out;
}

}  // namespace citiverse::city
