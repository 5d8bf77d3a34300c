// /tiles/{version}/…: from memory when it has been asked for, else from the tile store, which makes what is missing.
#include "api/problem.h"
#include "api/routes.h"
#include "net/compression.h"
#include "net/limits.h"

namespace citiverse::api {
namespace {

net::Reply asset_reply(std::shared_ptr<const net::Asset> asset) {
  net::Reply reply;
  reply.asset = std::move(asset);
  return reply;
}

net::Reply make_tile(const TileSource& tiles, net::AssetCache& cache, const net::Call& call) {
  const auto [version, path] = std::pair(call.parameters[0], call.parameters[1]);
  if (version != tiles.version) {
    return net::problem(404, "not_found", "the city has other tiles now; ask /api/v1/city for their address", "version");
  }
  const auto file = tiles.ensure(path);
  if (!file) return problem_from(file.error(), "path");
  auto opened = net::open_below(file->parent_path(), file->filename().string());
  if (!opened) return problem_from(opened.error(), "path");
  const std::string_view media_type = net::media_type_of(path);
  const net::Encoding wanted = net::encoding_for(media_type, call.request);
  const bool too_small = opened->stamp.size < net::kCompressBytesMin;
  auto asset = net::make_asset(std::move(*opened), too_small ? net::Encoding::identity : wanted,
                               {media_type, net::kImmutable, net::Audience::open_data});
  if (!asset) return problem_from(asset.error(), "path");
  return asset_reply(cache.keep(call.request.path, wanted, std::move(*asset)));
}

}  // namespace

void add_tile_routes(net::Router& router, const TileSource& tiles, net::AssetCache& cache) {
  net::Route route;
  route.pattern = "/tiles/{version}/{path*}";
  route.access = net::kOpenToAll;
  route.work = net::Work::long_;
  route.quick = [&cache](const net::Call& call) -> std::optional<net::Reply> {
    const net::Encoding encoding = net::encoding_for(net::media_type_of(call.request.path), call.request);
    auto asset = cache.find(call.request.path, encoding);
    if (asset == nullptr) return std::nullopt;
    return asset_reply(std::move(asset));
  };
  route.make = [&tiles, &cache](const net::Call& call) { return make_tile(tiles, cache, call); };
  router.add(std::move(route));
}

}  // namespace citiverse::api
