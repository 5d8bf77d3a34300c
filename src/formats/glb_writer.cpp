// Lays out the JSON and binary chunks. All geometry is meshopt-compressed; the property table is plain, as its readers expect.
#include "formats/glb_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "base/check.h"
#include "formats/glb_packing.h"

namespace citiverse::formats {
namespace {

static_assert(std::endian::native == std::endian::little, "glTF is little-endian and is written from memory");

constexpr unsigned kByte = 5120, kShort = 5122, kUnsignedShort = 5123, kUnsignedInt = 5125, kFloat = 5126;
constexpr unsigned kArrayBuffer = 34962, kElementArrayBuffer = 34963;
constexpr std::uint32_t kNoRow16 = 65535;
constexpr std::uint32_t kNoRowFloat = 1u << 24;  // The last integer up to which floats have no gaps.

void comma(std::string& json) {
  if (!json.empty()) json += ',';
}

// Buffer 0 is the binary chunk; buffer 1 is the fallback that EXT_meshopt_compression describes but need not hold.
class Chunks {
 public:
  unsigned raw_view(std::string_view bytes) {
    binary_.resize((binary_.size() + 7) / 8 * 8, '\0');  // Property tables are read as arrays of up to 8-byte values.
    comma(views_);
    fmt::format_to(std::back_inserter(views_), R"({{"buffer":0,"byteOffset":{},"byteLength":{}}})", binary_.size(),
                   bytes.size());
    binary_ += bytes;
    return view_count_++;
  }

  unsigned compressed_view(std::string_view bytes, std::size_t count, std::size_t stride, unsigned target, bool triangles) {
    binary_.resize((binary_.size() + 3) / 4 * 4, '\0');
    fallback_bytes_ = (fallback_bytes_ + 3) / 4 * 4;
    comma(views_);
    auto out = std::back_inserter(views_);
    fmt::format_to(out, R"({{"buffer":1,"byteOffset":{},"byteLength":{})", fallback_bytes_, count * stride);
    if (target == kArrayBuffer) fmt::format_to(out, R"(,"byteStride":{})", stride);
    if (target != 0) fmt::format_to(out, R"(,"target":{})", target);
    fmt::format_to(out,
                   R"(,"extensions":{{"EXT_meshopt_compression":{{"buffer":0,"byteOffset":{},"byteLength":{},"byteStride":{},)"
                   R"("count":{},"mode":"{}"}}}}}})",
                   binary_.size(), bytes.size(), stride, count, triangles ? "TRIANGLES" : "ATTRIBUTES");
    binary_ += bytes;
    fallback_bytes_ += count * stride;
    return view_count_++;
  }

  /// `more` is further JSON members, each with its comma in front.
  unsigned accessor(unsigned view, std::size_t count, unsigned component, std::string_view type, std::string_view more = {}) {
    comma(accessors_);
    fmt::format_to(std::back_inserter(accessors_), R"({{"bufferView":{},"componentType":{},"count":{},"type":"{}"{}}})", view,
                   component, count, type, more);
    return accessor_count_++;
  }

  /// An attribute of its own: compressed, 4-byte aligned.
  template <class T>
  unsigned attribute(const std::vector<T>& values, unsigned target, unsigned component, std::string_view type,
                     std::string_view more = {}) {
    const std::string bytes = encode_attributes(values.data(), values.size(), sizeof(T));
    return accessor(compressed_view(bytes, values.size(), sizeof(T), target, false), values.size(), component, type, more);
  }

  std::string file(std::string json) &&;

 private:
  std::string binary_;
  std::string views_;
  std::string accessors_;
  std::size_t fallback_bytes_ = 0;
  unsigned view_count_ = 0;
  unsigned accessor_count_ = 0;
};

void append_size(std::string& out, std::size_t v) {
  const auto value = static_cast<std::uint32_t>(v);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string Chunks::file(std::string json) && {
  binary_.resize((binary_.size() + 7) / 8 * 8, '\0');
  if (!binary_.empty()) {
    json += fmt::format(R"(,"buffers":[{{"byteLength":{}}})", binary_.size());
    if (fallback_bytes_ > 0) {
      json += fmt::format(R"(,{{"byteLength":{},"extensions":{{"EXT_meshopt_compression":{{"fallback":true}}}}}})",
                          fallback_bytes_);
    }
    json += fmt::format(R"(],"bufferViews":[{}])", views_);
    if (accessor_count_ > 0) json += fmt::format(R"(,"accessors":[{}])", accessors_);
  }
  json += '}';
  json.resize((json.size() + 3) / 8 * 8 + 4, ' ');  // The binary chunk begins at a multiple of 8 bytes: 12 + 8 + json + 8.
  std::string file = "glTF";
  append_size(file, 2);
  append_size(file, 20 + json.size() + (binary_.empty() ? 0 : 8 + binary_.size()));
  append_size(file, json.size());
  file += "JSON";
  file += json;
  if (!binary_.empty()) {
    append_size(file, binary_.size());
    file.append("BIN\0", 4);
    file += binary_;
  }
  return file;
}

class Writer {
 public:
  explicit Writer(const GlbScene& scene)
      : scene_(scene),
        step_m_(grid_step_that_fits(scene, scene.grid_step_m)),
        rows_are_float_(scene.features.size() >= kNoRow16) {}

  std::string write() {
    std::vector<PackedMesh> packed;
    for (const GlbMesh& mesh : scene_.meshes) packed.push_back(pack(mesh, step_m_));
    keep_drawn_features(packed);
    for (std::size_t m = 0; m < packed.size(); ++m) {
      const std::string primitive = write_primitive(scene_.meshes[m], packed[m], "");
      if (primitive.empty()) continue;
      comma(primitives_);
      primitives_ += primitive;
    }
    std::string children;
    if (!primitives_.empty()) {
      meshes_ = fmt::format(R"({{"primitives":[{}]}})", primitives_);
      nodes_ = fmt::format(R"(,{{"mesh":0,"scale":[{0},{0},{0}]}})", step_m_);
      children = std::to_string(node_count_++);
      mesh_count_ = 1;
    }
    for (const GlbInstances& group : scene_.instances) write_instances(group, children);
    return std::move(chunks_).file(document(children));
  }

 private:
  std::string document(const std::string& children);
  PackedMesh pack(const GlbMesh& mesh, double step_m) const;
  void keep_drawn_features(std::vector<PackedMesh>& packed);
  std::string write_primitive(const GlbMesh& mesh, const PackedMesh& packed, std::string_view normalized);
  std::string write_rows(const PackedMesh& packed);
  void write_instances(const GlbInstances& group, std::string& children);
  std::string property_table();
  unsigned material(const GlbMesh& mesh);
  std::uint32_t no_row() const { return rows_are_float_ ? kNoRowFloat : kNoRow16; }
  std::uint32_t row_bits(std::uint32_t row) const {
    return rows_are_float_ ? std::bit_cast<std::uint32_t>(static_cast<float>(row)) : row;
  }

  const GlbScene& scene_;
  double step_m_;
  bool rows_are_float_;
  std::vector<const GlbFeature*> features_;  // Those that are drawn: the rows of the file's table.
  std::vector<std::uint32_t> new_rows_;      // By the scene's row.
  Chunks chunks_;
  std::vector<std::string_view> material_names_;
  std::string materials_, meshes_, nodes_, primitives_;
  unsigned mesh_count_ = 0;
  unsigned node_count_ = 1;  // Node 0 places the tile.
  bool uses_instances_ = false;
};

unsigned Writer::material(const GlbMesh& mesh) {
  const auto known = std::find(material_names_.begin(), material_names_.end(), mesh.material);
  const auto at = static_cast<unsigned>(known - material_names_.begin());
  if (known != material_names_.end()) return at;
  material_names_.push_back(mesh.material);
  comma(materials_);
  fmt::format_to(std::back_inserter(materials_),
                 R"({{"name":"{}","pbrMetallicRoughness":{{"metallicFactor":0,"roughnessFactor":{}}}}})", mesh.material,
                 mesh.roughness);
  return at;
}

// The feature ids of a primitive, and the extension that says what they mean.
std::string Writer::write_rows(const PackedMesh& packed) {
  std::vector<std::uint32_t> ids(packed.vertices.size());
  std::vector<bool> seen(features_.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::uint32_t row = packed.vertices[i].row;
    ids[i] = row_bits(row);
    if (row == no_row()) continue;
    if (!seen[row]) ++count;
    seen[row] = true;
  }
  if (count == 0) return {};
  const unsigned at = chunks_.attribute(ids, kArrayBuffer, rows_are_float_ ? kFloat : kUnsignedShort, "SCALAR");
  return fmt::format(R"(,"_FEATURE_ID_0":{}}},"extensions":{{"EXT_mesh_features":{{"featureIds":[{{"featureCount":{},)"
                     R"("nullFeatureId":{},"attribute":0,"propertyTable":0}}]}})",
                     at, count, no_row());
}

PackedMesh Writer::pack(const GlbMesh& mesh, double step_m) const {
  CITIVERSE_CHECK(mesh.normals.size() == mesh.positions.size() && mesh.colours_srgb.size() == 3 * mesh.positions.size(),
                  "one value a vertex");
  return pack_mesh(mesh, step_m, no_row());
}

// What vanished on the grid has no row in the table: a sliver of something that stands in the next tile.
void Writer::keep_drawn_features(std::vector<PackedMesh>& packed) {
  std::vector<bool> drawn(scene_.features.size());
  const auto mark = [&](std::uint32_t row) {
    CITIVERSE_CHECK(row < drawn.size(), "a vertex or instance names a row of the feature table");
    drawn[row] = true;
  };
  for (std::size_t m = 0; m < packed.size(); ++m) {
    if (scene_.meshes[m].rows.empty()) continue;
    for (const PackedVertex& v : packed[m].vertices) {
      if (v.row != no_row()) mark(v.row);
    }
  }
  for (const GlbInstances& group : scene_.instances) {
    for (const auto& instance : group.instances) mark(instance.row);
  }
  new_rows_.resize(drawn.size());
  for (std::size_t row = 0; row < drawn.size(); ++row) {
    new_rows_[row] = static_cast<std::uint32_t>(features_.size());
    if (drawn[row]) features_.push_back(&scene_.features[row]);
  }
  for (std::size_t m = 0; m < packed.size(); ++m) {
    if (scene_.meshes[m].rows.empty()) continue;
    for (PackedVertex& v : packed[m].vertices) {
      if (v.row != no_row()) v.row = new_rows_[v.row];
    }
  }
}

std::string Writer::write_primitive(const GlbMesh& mesh, const PackedMesh& packed, std::string_view normalized) {
  if (packed.indices.empty()) return {};
  const auto& vertices = packed.vertices;
  std::vector<std::array<std::int16_t, 4>> positions(vertices.size());
  std::vector<std::array<std::int8_t, 4>> normals(vertices.size());
  std::vector<std::array<std::uint16_t, 4>> colours(vertices.size());
  int low[3] = {32767, 32767, 32767};
  int high[3] = {-32767, -32767, -32767};
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    const PackedVertex& v = vertices[i];
    for (int c = 0; c < 3; ++c) {
      low[c] = std::min<int>(low[c], v.position[c]);
      high[c] = std::max<int>(high[c], v.position[c]);
    }
    positions[i] = {v.position[0], v.position[1], v.position[2], 0};
    normals[i] = {v.normal[0], v.normal[1], v.normal[2], 0};
    colours[i] = {v.colour[0], v.colour[1], v.colour[2], 0};
  }
  const std::string range =
      fmt::format(R"(,"min":[{},{},{}],"max":[{},{},{}]{})", low[0], low[1], low[2], high[0], high[1], high[2], normalized);
  const unsigned position = chunks_.attribute(positions, kArrayBuffer, kShort, "VEC3", range);
  const unsigned normal = chunks_.attribute(normals, kArrayBuffer, kByte, "VEC3", R"(,"normalized":true)");
  const unsigned colour = chunks_.attribute(colours, kArrayBuffer, kUnsignedShort, "VEC3", R"(,"normalized":true)");
  const std::size_t index_bytes = vertices.size() < 65535 ? 2 : 4;
  const unsigned view = chunks_.compressed_view(encode_triangles(packed.indices, vertices.size()), packed.indices.size(),
                                                index_bytes, kElementArrayBuffer, true);
  const unsigned indices =
      chunks_.accessor(view, packed.indices.size(), index_bytes == 2 ? kUnsignedShort : kUnsignedInt, "SCALAR");
  std::string rows = mesh.rows.empty() ? std::string() : write_rows(packed);
  rows += '}';  // Closes the attributes, or the extensions after them.
  return fmt::format(R"({{"indices":{},"material":{},"attributes":{{"POSITION":{},"NORMAL":{},"COLOR_0":{}{}}})", indices,
                     material(mesh), position, normal, colour, rows);
}

void Writer::write_instances(const GlbInstances& group, std::string& children) {
  if (group.instances.empty()) return;
  // The shape lies within ±1 and is kept as normalised shorts, so that an instance's scale alone gives its size.
  const std::string shape = write_primitive(group.shape, pack(group.shape, 1.0 / 32767), R"(,"normalized":true)");
  if (shape.empty()) return;
  std::vector<geo::Vec3f> feet;
  std::vector<geo::Vec3f> scales;
  std::vector<std::array<std::int16_t, 4>> turns;
  std::vector<float> rows;  // Always float: renderers take the array as it lies, without a stride.
  for (const auto& i : group.instances) {
    feet.push_back(i.foot);
    scales.push_back(i.scale);
    const auto unit = [](double v) { return static_cast<std::int16_t>(std::lround(v * 32767)); };
    turns.push_back({0, 0, unit(std::sin(i.turn_rad / 2.0)), unit(std::cos(i.turn_rad / 2.0))});
    rows.push_back(static_cast<float>(new_rows_[i.row]));
  }
  std::vector<float> distinct = rows;
  std::sort(distinct.begin(), distinct.end());
  const auto count = std::unique(distinct.begin(), distinct.end()) - distinct.begin();
  const unsigned foot = chunks_.attribute(feet, 0, kFloat, "VEC3");
  const unsigned turn = chunks_.attribute(turns, 0, kShort, "VEC4", R"(,"normalized":true)");
  const unsigned scale = chunks_.attribute(scales, 0, kFloat, "VEC3");
  const unsigned row = chunks_.attribute(rows, 0, kFloat, "SCALAR");
  comma(meshes_);
  meshes_ += fmt::format(R"({{"primitives":[{}]}})", shape);
  nodes_ +=
      fmt::format(R"(,{{"mesh":{},"extensions":{{"EXT_mesh_gpu_instancing":{{"attributes":{{"TRANSLATION":{},"ROTATION":{},)"
                  R"("SCALE":{},"_FEATURE_ID_0":{}}}}},"EXT_instance_features":{{"featureIds":[{{"featureCount":{},)"
                  R"("attribute":0,"propertyTable":0}}]}}}}}})",
                  mesh_count_++, foot, turn, scale, row, count);
  comma(children);
  children += std::to_string(node_count_++);
  uses_instances_ = true;
}

std::string enum_values(std::span<const GlbKind> kinds) {
  std::string values;
  for (const GlbKind& kind : kinds) {
    comma(values);
    values += fmt::format(R"({{"name":"{}","value":{}}})", kind.name, kind.value);
  }
  return values;
}

// One property table of class "feature": its id, kind, name, height and use.
std::string Writer::property_table() {
  std::string ids, names, kinds, heights, uses;
  std::vector<std::uint32_t> id_ends{0}, name_ends{0};
  bool any_height = false;
  bool any_use = false;
  for (const GlbFeature* feature : features_) {
    const GlbFeature& f = *feature;
    ids += f.id;
    names += f.name;
    id_ends.push_back(static_cast<std::uint32_t>(ids.size()));
    name_ends.push_back(static_cast<std::uint32_t>(names.size()));
    kinds += static_cast<char>(f.kind);
    heights.append(reinterpret_cast<const char*>(&f.height_m), sizeof f.height_m);
    any_height = any_height || f.height_m != 0;
    uses += static_cast<char>(f.use);
    any_use = any_use || f.use != 0;
  }
  const auto bytes_of = [](const std::vector<std::uint32_t>& v) {
    return std::string_view(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(std::uint32_t));
  };
  const auto text = [&](std::string_view key, const std::string& values, const std::vector<std::uint32_t>& ends) {
    const unsigned view = chunks_.raw_view(values);
    return fmt::format(R"("{}":{{"values":{},"stringOffsets":{},"stringOffsetType":"UINT32"}})", key, view,
                       chunks_.raw_view(bytes_of(ends)));
  };
  std::string properties = text("id", ids, id_ends);
  properties += fmt::format(R"(,"kind":{{"values":{}}})", chunks_.raw_view(kinds));
  if (!names.empty()) properties += "," + text("name", names, name_ends);
  if (any_height) properties += fmt::format(R"(,"height_m":{{"values":{}}})", chunks_.raw_view(heights));
  std::string use_class, use_enum;
  if (any_use) {
    properties += fmt::format(R"(,"use":{{"values":{}}})", chunks_.raw_view(uses));
    use_class = fmt::format(R"(,"use":{{"type":"ENUM","enumType":"use","noData":"{}"}})", scene_.uses.front().name);
    use_enum = fmt::format(R"(,"use":{{"valueType":"UINT8","values":[{}]}})", enum_values(scene_.uses));
  }
  return fmt::format(
      R"("EXT_structural_metadata":{{"schema":{{"id":"city","classes":{{"feature":{{"properties":{{)"
      R"("id":{{"type":"STRING","required":true}},"kind":{{"type":"ENUM","enumType":"kind","required":true}},)"
      R"("name":{{"type":"STRING","noData":""}},"height_m":{{"type":"SCALAR","componentType":"FLOAT32","noData":0}}{}}}}}}},)"
      R"("enums":{{"kind":{{"valueType":"UINT8","values":[{}]}}{}}}}},)"
      R"("propertyTables":[{{"name":"features","class":"feature","count":{},"properties":{{{}}}}}]}})",
      use_class, enum_values(scene_.kinds), use_enum, features_.size(), properties);
}

std::string Writer::document(const std::string& children) {
  const auto& p = scene_.placement;
  std::string matrix;
  // 3D Tiles stands z up and glTF y up: x, y, z there is x, z, −y here. Adding 0 turns −0 into 0.
  const auto column = [&](const geo::Vec3d& v, int last) {
    comma(matrix);
    fmt::format_to(std::back_inserter(matrix), "{},{},{},{}", v.x + 0.0, v.z + 0.0, -v.y + 0.0, last);
  };
  for (const geo::Vec3d& axis : p.axes) column(axis * p.scale, 0);
  column(p.origin, 1);
  std::string used, required, metadata;
  if (mesh_count_ > 0) required = R"("KHR_mesh_quantization","EXT_meshopt_compression")";
  if (uses_instances_) required += R"(,"EXT_mesh_gpu_instancing")";
  used = required;
  if (!features_.empty()) {
    metadata = fmt::format(R"("extensions":{{{}}},)", property_table());
    comma(used);
    used += R"("EXT_mesh_features","EXT_structural_metadata")";
    if (uses_instances_) used += R"(,"EXT_instance_features")";
  }
  std::string json = R"({"asset":{"version":"2.0","generator":"CitiVerse"},)";
  if (!used.empty()) json += fmt::format(R"("extensionsUsed":[{}],)", used);
  if (!required.empty()) json += fmt::format(R"("extensionsRequired":[{}],)", required);
  json += metadata;
  json += fmt::format(R"("scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{{"matrix":[{}])", matrix);
  if (!children.empty()) json += fmt::format(R"(,"children":[{}])", children);
  json += "}" + nodes_ + "]";
  if (!meshes_.empty()) json += fmt::format(R"(,"meshes":[{}],"materials":[{}])", meshes_, materials_);
  return json;
}

}  // namespace

base::Result<std::string> write_glb(const GlbScene& scene) {
  std::size_t vertices = 0;
  for (const GlbMesh& mesh : scene.meshes) vertices = std::max(vertices, mesh.positions.size());
  if (vertices > kGlbVerticesMax || scene.features.size() > kGlbFeaturesMax) {
    return base::fail(base::ErrorCode::limit,
                      fmt::format("a tile of {} vertices in one material and {} features; at most {} and {} are written",
                                  vertices, scene.features.size(), kGlbVerticesMax, kGlbFeaturesMax));
  }
  return Writer(scene).write();
}

}  // namespace citiverse::formats
