#include "geo/city_plane.h"

#include <gtest/gtest.h>
#include <proj.h>

namespace citiverse::geo {
namespace {

TEST(CityPlane, agrees_with_proj_both_ways) {
  for (const LatLon origin : {LatLon{43.7384, 7.4246}, LatLon{-30.03, -51.2}, LatLon{60.17, 24.94}, LatLon{0.0, 0.0}}) {
    const CityPlane plane(origin);
    PJ_CONTEXT* context = proj_context_create();
    PJ* proj = proj_create(context, plane.proj_string().c_str());
    ASSERT_NE(proj, nullptr);
    for (double dlat = -2.5; dlat <= 2.5; dlat += 0.5) {
      for (double dlon = -2.5; dlon <= 2.5; dlon += 0.5) {
        const LatLon place{origin.lat_deg + dlat, origin.lon_deg + dlon};
        const PJ_COORD there = proj_trans(proj, PJ_FWD, proj_coord(proj_torad(place.lon_deg), proj_torad(place.lat_deg), 0, 0));
        const Vec2d here = plane.to_plane(place);
        EXPECT_NEAR(here.x, there.xy.x, kCityPlaneErrorM);
        EXPECT_NEAR(here.y, there.xy.y, kCityPlaneErrorM);
        const LatLon back = plane.to_lat_lon(here);
        EXPECT_NEAR(back.lat_deg, place.lat_deg, 1e-11);
        EXPECT_NEAR(back.lon_deg, place.lon_deg, 1e-11);
      }
    }
    proj_destroy(proj);
    proj_context_destroy(context);
  }
}

TEST(CityPlane, its_origin_is_zero) {
  const CityPlane plane({43.7384, 7.4246});
  EXPECT_NEAR(length(plane.to_plane({43.7384, 7.4246})), 0.0, 1e-9);
}

TEST(LatLon, earth_centred_coordinates_match_the_epsg_worked_example) {
  // IOGP 373-7-2, 4.1.1: WGS 84 53°48'33.820"N 2°07'46.380"E, 73.0 m.
  const Vec3d p = to_ecef({53 + 48 / 60.0 + 33.820 / 3600.0, 2 + 7 / 60.0 + 46.380 / 3600.0}, 73.0);
  EXPECT_NEAR(p.x, 3771793.968, 1e-3);
  EXPECT_NEAR(p.y, 140253.342, 1e-3);
  EXPECT_NEAR(p.z, 5124304.349, 1e-3);
}

}  // namespace
}  // namespace citiverse::geo
