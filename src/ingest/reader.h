// What every reader of source files is: it knows its files by their contents and reads them into a city being made.
// A further format is one file: a Reader, and its line in readers() (ingest.cpp).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "city/city_builder.h"
#include "ingest/finding.h"
#include "ingest/osm_source.h"

namespace citiverse::ingest {

/// What is kept beyond the data's own box: long ways and areas are cut there, and the terrain ends there.
inline constexpr double kMarginM = 500;

/// Told what is being done, and how much of it, from 0 to 1.
using Progress = std::function<void(std::string_view doing, double fraction)>;

/// The city while its sources are read, in the order: vectors, then elevation.
struct CityDraft {
  city::CityBuilder builder;
  geo::Box2d box;  ///< Of the data, grown by kMarginM; nothing but buildings and points reaches beyond it.
  Findings& findings;
  const Progress& progress;
  std::vector<std::filesystem::path> elevations;  ///< Files of elevation.h, in the order given.

  // What the data says of the whole city.
  std::string name;                              ///< Of the most populous municipality so far.
  std::uint32_t population = 0;                  ///< Its population.
  std::map<std::string, std::size_t> zones;      ///< IANA time zones that objects name, and how often.
  std::map<std::string, std::size_t> countries;  ///< ISO 3166-1 codes in addresses, and how often.
};

/// One source file that its reader has recognised and opened.
class OpenedSource {
 public:
  virtual ~OpenedSource() = default;
  /// Where its data lies; nothing for data that follows the others, such as elevation.
  virtual std::optional<LatLonBox> extent() const = 0;
  virtual base::Result<void> read(CityDraft& draft) = 0;
};

class Reader {
 public:
  virtual ~Reader() = default;
  /// For messages: "OpenStreetMap PBF or XML".
  virtual std::string_view format() const = 0;
  /// `head` is the file's first kProbeBytes or fewer.
  virtual bool recognises(const std::filesystem::path& path, std::string_view head) const = 0;
  virtual base::Result<std::unique_ptr<OpenedSource>> open(const std::filesystem::path& path, std::string_view head,
                                                           Findings& findings, const Progress& progress) const = 0;
};
inline constexpr std::size_t kProbeBytes = 4096;

std::unique_ptr<Reader> osm_reader();
std::unique_ptr<Reader> elevation_reader();

}  // namespace citiverse::ingest
