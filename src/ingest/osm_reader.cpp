// Recognises and opens OpenStreetMap files.
#include <zlib.h>

#include <fmt/format.h>

#include "ingest/osm_city.h"
#include "ingest/reader.h"

namespace citiverse::ingest {
namespace {

bool is_pbf(std::string_view head) {
  // A four-byte length, then the first blob's type (OSM wiki "PBF Format").
  return head.size() >= 15 && head.substr(4, 2) == "\x0A\x09" && head.substr(6, 9) == "OSMHeader";
}

bool is_xml(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const auto start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return false;
  head.remove_prefix(start);
  return head.starts_with("<osm") || (head.starts_with("<?xml") && head.find("<osm") != std::string_view::npos);
}

std::string inflated_head(std::string_view head) {
  std::string out(kProbeBytes, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(head.data()));
  stream.avail_in = static_cast<uInt>(head.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_SYNC_FLUSH);
  out.resize(out.size() - stream.avail_out);
  inflateEnd(&stream);
  return out;
}

// libosmium's name of the format, or nothing.
std::string format_of(const std::filesystem::path& path, std::string_view head) {
  if (is_pbf(head)) return "pbf";
  if (is_xml(head)) return "xml";
  if (head.starts_with("\x1F\x8B") && is_xml(inflated_head(head))) return "xml.gz";
  // bzip2 gives nothing before its first block of up to 900 kB: here the name has to do.
  if (head.starts_with("BZh") && path.filename().string().find(".osm") != std::string::npos) return "xml.bz2";
  return {};
}

class OpenedOsm final : public OpenedSource {
 public:
  OpenedOsm(OsmSource source, std::string file) : source_(std::move(source)), file_(std::move(file)) {}

  std::optional<LatLonBox> extent() const override { return source_.head().box; }

  base::Result<void> read(CityDraft& draft) override {
    const auto row = draft.builder.add_source(
        {fmt::format("OpenStreetMap ({})", file_), "ODbL 1.0", "© OpenStreetMap contributors, ODbL 1.0", source_.head().date});
    OsmCity city(draft, file_, row);
    auto done = source_.read(city, draft.findings, [&](double part) { draft.progress("reading " + file_, part); });
    if (!done) return done;
    city.finish(source_.head().box);
    return {};
  }

 private:
  OsmSource source_;
  std::string file_;
};

class OsmReader final : public Reader {
 public:
  std::string_view format() const override { return "OpenStreetMap PBF or XML, also .gz and .bz2"; }

  bool recognises(const std::filesystem::path& path, std::string_view head) const override {
    return !format_of(path, head).empty();
  }

  base::Result<std::unique_ptr<OpenedSource>> open(const std::filesystem::path& path, std::string_view head, Findings& findings,
                                                   const Progress& progress) const override {
    const std::string file = path.filename().string();
    auto source =
        OsmSource::open(path, format_of(path, head), findings, [&](double part) { progress("scanning " + file, part); });
    if (!source) return std::unexpected(source.error());
    if (source->head().box.empty())
      return base::fail(base::ErrorCode::bad_input,
                        fmt::format("{}: holds no node with coordinates, so there is no city in it", path.string()));
    return std::make_unique<OpenedOsm>(std::move(*source), file);
  }
};

}  // namespace

std::unique_ptr<Reader> osm_reader() { return std::make_unique<OsmReader>(); }

}  // namespace citiverse::ingest
