import { expect, test } from 'vitest';
import { CityPlane, kCityPlaneError_m } from './city_plane';

/** PROJ 9.1: proj -f %.6f +proj=tmerc +lat_0=… +lon_0=… +ellps=WGS84; latitude, longitude, x, y. */
const kByProj = [
  { origin: { lat: 43.7384, lon: 7.4246 }, points: [[43.7594, 7.4376, 1046.884812, 2333.336291], [43.5184, 7.1146, -25064.161896, -24396.407621], [43.7484, 7.9246, 40272.19958, 1232.583475]] },
  { origin: { lat: 52.52, lon: 13.405 }, points: [[52.541, 13.418, 882.011553, 2336.905034], [52.3, 13.095, -21147.546848, -24435.262667], [52.53, 13.905, 33931.888366, 1230.282095]] },
  { origin: { lat: -30.03, lon: -51.22 }, points: [[-30.009, -51.207, 1254.208451, 2327.837033], [-30.25, -51.53, -29835.563432, -24428.718660], [-30.02, -50.72, 48233.771533, 1003.23357]] },
] as const;

test.each(kByProj)('the plane at $origin is the one that PROJ draws, both ways', ({ origin, points }) => {
  const plane = new CityPlane(origin);
  for (const [lat, lon, x_m, y_m] of points) {
    const found = plane.to_plane({ lat, lon });
    expect(Math.hypot(found.x_m - x_m, found.y_m - y_m)).toBeLessThan(kCityPlaneError_m);
    const back = plane.to_lat_lon(x_m, y_m);
    expect(Math.hypot(back.lat - lat, back.lon - lon) * 111_000).toBeLessThan(kCityPlaneError_m);
  }
});

test('the origin is at zero', () => {
  const { x_m, y_m } = new CityPlane({ lat: 43.7384, lon: 7.4246 }).to_plane({ lat: 43.7384, lon: 7.4246 });
  expect([Math.abs(x_m), Math.abs(y_m)]).toEqual([0, 0]);
});
