// How the values of a mesh become few bytes: rounded to grids, equal vertices joined, ordered for the decoder and the GPU.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/glb_writer.h"

namespace citiverse::formats {

/// One vertex as it stands in the file, all streams side by side. Compared as bytes, so no byte is left unset.
struct PackedVertex {
  std::int16_t position[3];
  std::int16_t position_padding;
  std::int8_t normal[3];
  std::int8_t normal_padding;
  std::uint16_t colour[3];
  std::uint16_t colour_padding;
  std::uint32_t row;
};
static_assert(sizeof(PackedVertex) == 24);

struct PackedMesh {
  std::vector<PackedVertex> vertices;
  std::vector<std::uint32_t> indices;
};

/// The smallest grid step, `step_m` doubled as often as needed, in which all positions fit.
double grid_step_that_fits(const GlbScene& scene, double step_m);

/// `no_row` replaces kGlbNoRow. Positions are rounded to multiples of `step_m`.
PackedMesh pack_mesh(const GlbMesh& mesh, double step_m, std::uint32_t no_row);

/// An int8 normal within kGlbNormalErrorDeg whose length is 1 within what validators accept.
void pack_normal(geo::Vec3f normal, std::int8_t out[3]);

/// EXT_meshopt_compression's codec for attributes: `count` values of `stride` bytes, a multiple of 4.
std::string encode_attributes(const void* values, std::size_t count, std::size_t stride);
/// The same for triangle lists.
std::string encode_triangles(const std::vector<std::uint32_t>& indices, std::size_t vertex_count);

}  // namespace citiverse::formats
