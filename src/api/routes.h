// All addresses of the node, room by room: each function adds the routes of one file.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "api/city_model.h"
#include "base/result.h"
#include "net/asset_cache.h"
#include "net/metrics.h"
#include "net/router.h"
#include "net/static_folder.h"

namespace citiverse::api {

/// Where tiles come from; tiles::TileStore in the program.
struct TileSource {
  std::string version;
  /// The file of a tile, made if it is missing; blocks meanwhile. Called from several threads.
  std::function<base::Result<std::filesystem::path>(std::string_view path)> ensure;
};

// What is passed must outlive the router.
void add_tile_routes(net::Router& router, const TileSource& tiles, net::AssetCache& cache);
void add_city_routes(net::Router& router, const CityModel& model, const TileSource& tiles);
void add_object_routes(net::Router& router, const CityModel& model);
void add_area_routes(net::Router& router, const CityModel& model);
void add_search_routes(net::Router& router, const CityModel& model);
/// /health and /metrics; `is_stopping` is asked at each call.
void add_node_routes(net::Router& router, const net::Metrics& metrics, std::string city_name,
                     std::function<bool()> is_stopping);
/// The client; add last: it takes every address that is left.
void add_client_routes(net::Router& router, const net::StaticFolder& client);

/// "public, max-age=60": the city does not change while it is served, the clock does.
inline constexpr std::string_view kShortCache = "public, max-age=60";
/// A 200 with this JSON, a validator and short caching.
net::Reply json_reply(std::string body);

}  // namespace citiverse::api
