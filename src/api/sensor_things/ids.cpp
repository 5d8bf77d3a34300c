// The same name always gives the same id, and the id gives the name back: nothing is looked up.
#include "api/sensor_things/ids.h"

#include <charconv>

#include <fmt/format.h>

namespace citiverse::api::sensor_things {
namespace {

constexpr std::string_view kDefaultVocabulary = "https://uri.etsi.org/ngsi-ld/default-context/";
constexpr std::string_view kDescriptionPrefix = "urn:citiverse:datastream:";

bool stays(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._:@*,;=").contains(c);
}

std::string tail_of(const DatastreamName& name) {
  std::string out = coded(short_attribute(name.attribute));
  if (!name.dataset.empty()) out += "!" + coded(name.dataset);
  return out;
}

bool take_tail(std::string_view text, DatastreamName& name) {
  const std::size_t mark = text.find('!');
  const auto attribute = decoded(text.substr(0, mark));
  if (!attribute || attribute->empty()) return false;
  name.attribute = attribute_iri(*attribute);
  if (mark == std::string_view::npos) return true;
  const auto dataset = decoded(text.substr(mark + 1));
  if (!dataset || dataset->empty()) return false;
  name.dataset = *dataset;
  return true;
}

}  // namespace

std::string coded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (stays(c))
      out += c;
    else
      out += fmt::format("~{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') {
      if (!stays(text[i])) return std::nullopt;
      out += text[i];
      continue;
    }
    unsigned byte = 0;
    if (text.size() < i + 3) return std::nullopt;
    const auto read = std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
    if (read.ec != std::errc() || read.ptr != text.data() + i + 3) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  if (coded(out) != text) return std::nullopt;  // One name, one id.
  return out;
}

std::string short_attribute(std::string_view iri) {
  if (iri.starts_with(kDefaultVocabulary)) iri.remove_prefix(kDefaultVocabulary.size());
  return std::string(iri);
}

std::string attribute_iri(std::string_view short_form) {
  if (short_form.contains(':')) return std::string(short_form);
  return std::string(kDefaultVocabulary).append(short_form);
}

std::string id_of(const DatastreamName& name) { return coded(name.entity) + "!" + tail_of(name); }

std::optional<DatastreamName> parse_datastream_id(std::string_view id) {
  const std::size_t mark = id.find('!');
  if (mark == std::string_view::npos) return std::nullopt;
  const auto entity = decoded(id.substr(0, mark));
  DatastreamName name;
  if (!entity || !take_tail(id.substr(mark + 1), name)) return std::nullopt;
  name.entity = *entity;
  return name;
}

std::string description_dataset(const DatastreamName& name) { return std::string(kDescriptionPrefix) + tail_of(name); }

std::optional<DatastreamName> parse_description_dataset(std::string_view dataset) {
  DatastreamName name;
  if (!dataset.starts_with(kDescriptionPrefix) || !take_tail(dataset.substr(kDescriptionPrefix.size()), name))
    return std::nullopt;
  return name;
}

std::string id_of(const ValueName& name) { return fmt::format("{}-{}", name.series, name.time_us); }

std::optional<ValueName> parse_value_id(std::string_view id) {
  ValueName name;
  const char* const end = id.data() + id.size();
  const auto series = std::from_chars(id.data(), end, name.series);
  if (series.ec != std::errc() || series.ptr == end || *series.ptr != '-') return std::nullopt;
  const auto time = std::from_chars(series.ptr + 1, end, name.time_us);
  if (time.ec != std::errc() || time.ptr != end || id_of(name) != id) return std::nullopt;
  return name;
}

}  // namespace citiverse::api::sensor_things
