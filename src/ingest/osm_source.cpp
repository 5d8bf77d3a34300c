// First pass: coordinates of nodes, and the relations whose ways are needed. Second pass: everything, with geometry.
#include "ingest/osm_source.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>
#include <osmium/area/assembler.hpp>
#include <osmium/area/problem_reporter.hpp>
#include <osmium/io/bzip2_compression.hpp>
#include <osmium/io/gzip_compression.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/memory/buffer.hpp>
#include <osmium/osm.hpp>

namespace citiverse::ingest {
namespace {

struct NodePlace {
  osmium::object_id_type id;
  osmium::Location location;
};

enum class RelationUse : std::uint8_t { none, area, members };

RelationUse use_of(const osmium::Relation& relation) {
  const char* type = relation.tags().get_value_by_key("type");
  if (type == nullptr) return RelationUse::none;
  const std::string_view t = type;
  if (t == "multipolygon" || t == "boundary") return RelationUse::area;
  if (t == "route" || t == "route_master" || t == "building") return RelationUse::members;
  return RelationUse::none;
}

OsmType type_of(osmium::item_type type) {
  return type == osmium::item_type::node ? OsmType::node : type == osmium::item_type::way ? OsmType::way : OsmType::relation;
}

// libosmium keeps keys and values as texts that end in a zero byte and walks them by these ends; a PBF file may hold such bytes
// inside a text, and the walk would then leave the list. Keys and values come in pairs, each with its one end.
bool has_sound_tags(const osmium::OSMObject& object) {
  const osmium::TagList& tags = object.tags();
  const auto* bytes = reinterpret_cast<const char*>(tags.data()) + sizeof(osmium::memory::Item);
  const std::string_view texts(bytes, tags.byte_size() - sizeof(osmium::memory::Item));
  return texts.empty() || (texts.back() == '\0' && std::count(texts.begin(), texts.end(), '\0') % 2 == 0);
}

geo::LatLon place_of(osmium::Location l) { return {l.lat_without_check(), l.lon_without_check()}; }

// Problems that libosmium meets while it joins ways to rings; the first of a relation becomes its finding.
class AreaProblems final : public osmium::area::ProblemReporter {
 public:
  std::string_view first() const { return first_; }
  void clear() { first_ = {}; }

  void report_intersection(osmium::object_id_type, osmium::Location, osmium::Location, osmium::object_id_type, osmium::Location,
                           osmium::Location, osmium::Location) override {
    note("rings of a relation cross");
  }
  void report_duplicate_node(osmium::object_id_type, osmium::object_id_type, osmium::Location) override {}
  void report_touching_ring(osmium::object_id_type, osmium::Location) override {}
  void report_ring_not_closed(const osmium::NodeRef&, const osmium::Way*) override { note("ring of a relation is not closed"); }
  void report_role_should_be_outer(osmium::object_id_type, osmium::Location, osmium::Location) override {}
  void report_role_should_be_inner(osmium::object_id_type, osmium::Location, osmium::Location) override {}
  void report_way_in_multiple_rings(const osmium::Way&) override {}
  void report_inner_with_same_tags(const osmium::Way&) override {}
  void report_invalid_location(osmium::object_id_type, osmium::object_id_type) override {
    note("node of a relation is missing");
  }
  void report_duplicate_way(const osmium::Way&) override {}

 private:
  void note(std::string_view what) {
    if (first_.empty()) first_ = what;
  }
  std::string_view first_;
};

}  // namespace

struct OsmSource::State {
  osmium::io::File file;
  std::string name;
  OsmHead head;
  std::vector<NodePlace> nodes;
  std::vector<osmium::memory::Buffer> kept;
  bool is_kept = true;
  std::size_t kept_bytes = 0;
  osmium::memory::Buffer relations{1024 * 1024, osmium::memory::Buffer::auto_grow::yes};
  std::unordered_set<osmium::object_id_type> wanted_ways;
  std::unordered_set<osmium::object_id_type> outlines;
  osmium::memory::Buffer ways{1024 * 1024, osmium::memory::Buffer::auto_grow::yes};
  std::unordered_map<osmium::object_id_type, std::size_t> way_offsets;
  std::string last_object;  // For messages: what was read before the file failed.

  void scan(Findings& findings, const Progress& progress);
  void scan_object(const osmium::OSMObject& object, Findings& findings, osmium::Timestamp& newest);
  void scan_relation(const osmium::Relation& relation, Findings& findings);
  void sort_nodes(Findings& findings);
  void find_box();
  osmium::Location location_of(osmium::object_id_type id) const;
  void visit(osmium::memory::Buffer& buffer, OsmVisitor& visitor, Findings& findings);
  void visit_way(osmium::Way& way, OsmVisitor& visitor, Findings& findings);
  void visit_relations(OsmVisitor& visitor, Findings& findings);
  void visit_area(const osmium::Relation& relation, OsmVisitor& visitor, Findings& findings);
  void visit_members(const osmium::Relation& relation, OsmVisitor& visitor);
  const osmium::Way* way(osmium::object_id_type id) const;

  // Run by every public entry: nothing that libosmium throws leaves this file.
  template <class F>
  base::Result<void> guarded(F&& f) {
    const auto failed = [&](base::ErrorCode code, std::string_view why) {
      const std::string place = last_object.empty() ? "at its beginning" : fmt::format("after {}", last_object);
      return base::fail(code, fmt::format("{}: cannot be read as OpenStreetMap data, {}: {}", name, place, why));
    };
    try {
      return f();
    } catch (const std::bad_alloc&) {
      return failed(base::ErrorCode::limit, "out of memory");
    } catch (const std::system_error& e) {
      const bool missing = e.code() == std::errc::no_such_file_or_directory;
      return failed(missing ? base::ErrorCode::not_found : base::ErrorCode::bad_input, e.what());
    } catch (const std::exception& e) {
      return failed(base::ErrorCode::bad_input, e.what());
    }
  }

  OsmTags tags;
  const OsmTags& tags_of(const osmium::OSMObject& object) {
    tags.clear();
    for (const osmium::Tag& tag : object.tags()) tags.add(tag.key(), tag.value());
    return tags;
  }

  // Buffers for one way, kept between calls.
  std::vector<geo::LatLon> places;
  std::vector<std::int64_t> refs;
};

std::string osm_object_name(OsmType type, std::int64_t id) {
  return fmt::format("{} {}", type == OsmType::node ? "node" : type == OsmType::way ? "way" : "relation", id);
}

void LatLonBox::extend(geo::LatLon p) {
  low = {std::min(low.lat_deg, p.lat_deg), std::min(low.lon_deg, p.lon_deg)};
  high = {std::max(high.lat_deg, p.lat_deg), std::max(high.lon_deg, p.lon_deg)};
}

void OsmSource::State::scan_relation(const osmium::Relation& relation, Findings& findings) {
  const RelationUse use = use_of(relation);
  if (use == RelationUse::none) return;
  const std::string object = osm_object_name(OsmType::relation, relation.id());
  if (relation.members().size() > kOsmRelationMembersMax) {
    findings.add(name, object, "relation with more than 40000 members", "left out");
    return;
  }
  relations.add_item(relation);
  relations.commit();
  const bool is_building = use == RelationUse::area && relation.tags().has_key("building");
  for (const auto& member : relation.members()) {
    if (member.type() != osmium::item_type::way) continue;
    wanted_ways.insert(member.ref());
    const std::string_view role = member.role();
    if (is_building && (role == "outer" || role.empty())) outlines.insert(member.ref());
  }
}

void OsmSource::State::scan_object(const osmium::OSMObject& object, Findings& findings, osmium::Timestamp& newest) {
  if (object.timestamp() > newest) newest = object.timestamp();
  switch (object.type()) {
    case osmium::item_type::node: {
      ++head.nodes;
      const auto location = static_cast<const osmium::Node&>(object).location();
      if (!object.visible()) return;
      if (!location.valid()) {
        findings.add(name, osm_object_name(OsmType::node, object.id()), "coordinates out of range", "left out");
        return;
      }
      nodes.push_back({object.id(), location});
      break;
    }
    case osmium::item_type::way: ++head.ways; break;
    case osmium::item_type::relation:
      ++head.relations;
      if (object.visible() && has_sound_tags(object)) scan_relation(static_cast<const osmium::Relation&>(object), findings);
      break;
    default: break;
  }
}

void OsmSource::State::sort_nodes(Findings& findings) {
  const auto by_id = [](const NodePlace& a, const NodePlace& b) { return a.id < b.id; };
  if (!std::is_sorted(nodes.begin(), nodes.end(), by_id)) std::stable_sort(nodes.begin(), nodes.end(), by_id);
  // Of equal ids the last one read stays.
  std::size_t kept_nodes = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i + 1 < nodes.size() && nodes[i + 1].id == nodes[i].id) {
      findings.add(name, osm_object_name(OsmType::node, nodes[i].id), "object twice in one file", "the last is kept");
      continue;
    }
    nodes[kept_nodes++] = nodes[i];
  }
  nodes.resize(kept_nodes);
}

void OsmSource::State::find_box() {
  if (!head.box.empty()) return;
  head.box_is_of_nodes = true;
  for (const NodePlace& node : nodes) head.box.extend(place_of(node.location));
}

void OsmSource::State::scan(Findings& findings, const Progress& progress) {
  osmium::io::Reader reader(file, osmium::osm_entity_bits::nwr);
  const osmium::io::Header header = reader.header();
  if (header.has_multiple_object_versions()) throw std::runtime_error("this is a history; give a file with the current state");
  const osmium::Box joined = header.joined_boxes();
  if (joined.valid() && joined.bottom_left().valid() && joined.top_right().valid() &&
      joined.bottom_left().x() < joined.top_right().x() && joined.bottom_left().y() < joined.top_right().y()) {
    head.box.extend(place_of(joined.bottom_left()));
    head.box.extend(place_of(joined.top_right()));
  }
  std::string stamp = header.get("osmosis_replication_timestamp");
  osmium::Timestamp newest;
  while (osmium::memory::Buffer buffer = reader.read()) {
    for (const auto& object : buffer.select<osmium::OSMObject>()) {
      scan_object(object, findings, newest);
      if (nodes.size() > kOsmNodesMax) throw std::runtime_error("more than 400,000,000 nodes; cut out the city first");
    }
    auto last = buffer.select<osmium::OSMObject>();
    for (const auto& object : last) last_object = osm_object_name(type_of(object.type()), object.id());
    if (reader.file_size() > 0) progress(static_cast<double>(reader.offset()) / static_cast<double>(reader.file_size()));
    kept_bytes += buffer.committed();
    if (is_kept && kept_bytes <= kOsmBytesKeptMax) {
      kept.push_back(std::move(buffer));
    } else {
      is_kept = false;
      kept.clear();
    }
  }
  reader.close();
  if (stamp.size() < 10 && newest.valid()) stamp = newest.to_iso();
  head.date = stamp.substr(0, std::min<std::size_t>(10, stamp.size()));
  sort_nodes(findings);
  find_box();
}

osmium::Location OsmSource::State::location_of(osmium::object_id_type id) const {
  const auto at =
      std::lower_bound(nodes.begin(), nodes.end(), id, [](const NodePlace& n, auto wanted) { return n.id < wanted; });
  return at != nodes.end() && at->id == id ? at->location : osmium::Location{};
}

const osmium::Way* OsmSource::State::way(osmium::object_id_type id) const {
  const auto at = way_offsets.find(id);
  return at == way_offsets.end() ? nullptr : &ways.get<const osmium::Way>(at->second);
}

void OsmSource::State::visit_way(osmium::Way& w, OsmVisitor& visitor, Findings& findings) {
  places.clear();
  refs.clear();
  std::size_t missing = 0;
  for (osmium::NodeRef& node : w.nodes()) {
    const osmium::Location location = location_of(node.ref());
    node.set_location(location);
    if (!location.valid()) {
      ++missing;
      continue;
    }
    places.push_back(place_of(location));
    refs.push_back(node.ref());
  }
  if (wanted_ways.contains(w.id()) && !way_offsets.contains(w.id())) {
    way_offsets.emplace(w.id(), ways.committed());
    ways.add_item(w);
    ways.commit();
  }
  if (w.tags().empty()) return;
  if (missing > 0) {
    const bool enough = places.size() >= 2;
    findings.add(name, osm_object_name(OsmType::way, w.id()), "way with missing nodes",
                 enough ? "drawn through the nodes that are there" : "left out",
                 fmt::format("{} of {}", missing, w.nodes().size()));
  }
  if (places.size() < 2) {
    if (missing == 0) findings.add(name, osm_object_name(OsmType::way, w.id()), "way with fewer than 2 nodes", "left out");
    return;
  }
  OsmWay out{w.id(), places, refs, false, outlines.contains(w.id())};
  out.is_closed = missing == 0 && refs.size() >= 4 && refs.front() == refs.back();
  visitor.way(out, tags_of(w));
}

void OsmSource::State::visit(osmium::memory::Buffer& buffer, OsmVisitor& visitor, Findings& findings) {
  for (auto& object : buffer.select<osmium::OSMObject>()) {
    if (!object.visible()) {
      findings.add(name, osm_object_name(type_of(object.type()), object.id()), "deleted object", "left out");
    } else if (!has_sound_tags(object)) {
      findings.add(name, osm_object_name(type_of(object.type()), object.id()), "tag with a zero byte in it", "left out");
    } else if (object.type() == osmium::item_type::node) {
      const auto& node = static_cast<const osmium::Node&>(object);
      if (!node.tags().empty() && node.location().valid()) visitor.node(node.id(), place_of(node.location()), tags_of(node));
    } else if (object.type() == osmium::item_type::way) {
      visit_way(static_cast<osmium::Way&>(object), visitor, findings);
    }
  }
}

void OsmSource::State::visit_area(const osmium::Relation& relation, OsmVisitor& visitor, Findings& findings) {
  if (relation.tags().size() < 2) return;  // Only its type: nothing to show.
  const std::string object = osm_object_name(OsmType::relation, relation.id());
  std::vector<const osmium::Way*> members;
  std::unordered_set<osmium::object_id_type> seen;
  std::size_t absent = 0;
  for (const auto& member : relation.members()) {
    if (member.type() != osmium::item_type::way) continue;
    // Label and subarea members are no part of the rings.
    if (!is_any(std::string_view(member.role()), "outer", "inner", "", "exclave", "enclave")) continue;
    const osmium::Way* w = way(member.ref());
    if (w == nullptr)
      ++absent;
    else if (seen.insert(member.ref()).second)
      members.push_back(w);
  }
  if (absent > 0) {
    findings.add(name, object, "relation with ways that are not in the file", "left out",
                 fmt::format("{} of {}", absent, absent + members.size()));
    return;
  }
  if (members.empty()) {
    findings.add(name, object, "area relation without ways", "left out");
    return;
  }
  AreaProblems problems;
  osmium::area::AssemblerConfig config;
  config.problem_reporter = &problems;
  osmium::memory::Buffer out{64 * 1024, osmium::memory::Buffer::auto_grow::yes};
  bool made = false;
  try {
    // The assembler pairs the relation's way members with `members` one to one, so it gets a relation that has just these.
    osmium::memory::Buffer trimmed{16 * 1024, osmium::memory::Buffer::auto_grow::yes};
    {
      osmium::builder::RelationBuilder builder(trimmed);
      builder.set_id(relation.id());
      builder.set_user("");
      builder.add_item(relation.tags());
      osmium::builder::RelationMemberListBuilder list(builder);
      std::unordered_set<osmium::object_id_type> listed;
      for (const auto& member : relation.members()) {
        if (member.type() == osmium::item_type::way && seen.contains(member.ref()) && listed.insert(member.ref()).second)
          list.add_member(osmium::item_type::way, member.ref(), member.role());
      }
    }
    trimmed.commit();
    osmium::area::Assembler assembler{config};
    made = assembler(trimmed.get<const osmium::Relation>(0), members, out);
  } catch (const osmium::invalid_location&) {
    problems.report_invalid_location(0, 0);
  }
  std::vector<OsmRing> rings;
  for (const auto& area : out.select<osmium::Area>()) {
    for (const auto& outer : area.outer_rings()) {
      rings.push_back({{}, false});
      for (const auto& node : outer) rings.back().places.push_back(place_of(node.location()));
      for (const auto& inner : area.inner_rings(outer)) {
        rings.push_back({{}, true});
        for (const auto& node : inner) rings.back().places.push_back(place_of(node.location()));
      }
    }
  }
  if (!made || rings.empty()) {
    findings.add(name, object, problems.first().empty() ? "relation whose ways make no area" : problems.first(), "left out");
    return;
  }
  visitor.area(relation.id(), rings, tags_of(relation));
}

void OsmSource::State::visit_members(const osmium::Relation& relation, OsmVisitor& visitor) {
  std::vector<OsmMember> members;
  OsmRelation out;
  out.id = relation.id();
  for (const auto& member : relation.members()) {
    members.push_back({type_of(member.type()), member.ref(), member.role()});
    if (member.type() != osmium::item_type::way || members.back().role.starts_with("platform")) continue;
    const osmium::Way* w = way(member.ref());
    if (w == nullptr) continue;
    std::vector<geo::LatLon> course;
    for (const auto& node : w->nodes()) {
      if (node.location().valid()) course.push_back(place_of(node.location()));
    }
    if (course.size() >= 2) out.ways.push_back(std::move(course));
  }
  out.members = members;
  visitor.relation(out, tags_of(relation));
}

void OsmSource::State::visit_relations(OsmVisitor& visitor, Findings& findings) {
  for (const auto& relation : relations.select<osmium::Relation>()) {
    last_object = osm_object_name(OsmType::relation, relation.id());
    if (use_of(relation) == RelationUse::area) visit_area(relation, visitor, findings);
  }
  for (const auto& relation : relations.select<osmium::Relation>()) {
    if (use_of(relation) == RelationUse::members) visit_members(relation, visitor);
  }
}

OsmSource::OsmSource(std::unique_ptr<State> state) : state_(std::move(state)) {}
OsmSource::OsmSource(OsmSource&&) noexcept = default;
OsmSource& OsmSource::operator=(OsmSource&&) noexcept = default;
OsmSource::~OsmSource() = default;

const OsmHead& OsmSource::head() const { return state_->head; }

base::Result<OsmSource> OsmSource::open(const std::filesystem::path& path, const std::string& format, Findings& findings,
                                        const Progress& progress) {
  auto state = std::make_unique<State>();
  state->name = path.filename().string();
  const auto done = state->guarded([&]() -> base::Result<void> {
    state->file = osmium::io::File(path.string(), format);
    state->scan(findings, progress);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return OsmSource(std::move(state));
}

base::Result<OsmSource> OsmSource::open(std::string_view bytes, std::string name, const std::string& format, Findings& findings,
                                        const Progress& progress) {
  auto state = std::make_unique<State>();
  state->name = std::move(name);
  const auto done = state->guarded([&]() -> base::Result<void> {
    state->file = osmium::io::File(bytes.data(), bytes.size(), format);
    state->scan(findings, progress);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return OsmSource(std::move(state));
}

base::Result<void> OsmSource::read(OsmVisitor& visitor, Findings& findings, const Progress& progress) {
  return state_->guarded([&]() -> base::Result<void> {
    if (state_->is_kept) {
      std::size_t done = 0;
      for (osmium::memory::Buffer& buffer : state_->kept) {
        state_->visit(buffer, visitor, findings);
        done += buffer.committed();
        progress(static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(1, state_->kept_bytes)));
        buffer = osmium::memory::Buffer{};
      }
    } else {
      osmium::io::Reader reader(state_->file, osmium::osm_entity_bits::node | osmium::osm_entity_bits::way);
      while (osmium::memory::Buffer buffer = reader.read()) {
        state_->visit(buffer, visitor, findings);
        progress(static_cast<double>(reader.offset()) / static_cast<double>(std::max<std::size_t>(1, reader.file_size())));
      }
      reader.close();
    }
    state_->visit_relations(visitor, findings);
    return {};
  });
}

}  // namespace citiverse::ingest
