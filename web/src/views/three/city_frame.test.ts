// The scene's axes against PROJ and a published example, so that a place means the same on the map, in the text and in the scene.
import { describe, expect, it } from 'vitest';
import { CityFrame, earth_point, kCityFrameError_m } from './city_frame';

const frame = new CityFrame({ lat: 43.7385, lon: 7.4246 });

/** PROJ 9: cart, then topocentric +lat_0=43.7385 +lon_0=7.4246 +h_0=0. Place and height; east, north and up. */
const kProj: [number, number, number, number, number, number][] = [
  [43.7385, 7.4246, 0, 0, 0, 0],
  [44.0, 7.9, 250, 38131.078818, 29165.593760, 69.397445],
  [43.3, 7.0, -20, -34452.954205, -48629.715126, -298.659305],
  [43.75, 7.43, 100, 434.934726, 1277.767604, 99.856961],
];

describe('the city frame', () => {
  it.each(kProj)('puts %f, %f at %f m where PROJ puts it', (lat, lon, height_m, east, north, up) => {
    const point = frame.to_scene({ lat, lon }, height_m);
    expect(Math.abs(point.x - east)).toBeLessThan(kCityFrameError_m);
    expect(Math.abs(-point.z - north)).toBeLessThan(kCityFrameError_m);
    expect(Math.abs(point.y - up)).toBeLessThan(kCityFrameError_m);
  });

  it.each(kProj)('finds %f, %f at %f m again', (lat, lon, height_m) => {
    const place = frame.to_lat_lon(frame.to_scene({ lat, lon }, height_m));
    expect(Math.abs(place.lat - lat)).toBeLessThan(1e-9);
    expect(Math.abs(place.lon - lon)).toBeLessThan(1e-9);
  });

  it('knows the Earth as the EPSG worked example does', () => {
    // IOGP 373-7-2, 4.1.1: WGS 84 53°48′33.820″N 2°07′46.380″E, 73.0 m.
    const { x, y, z } = earth_point({ lat: 53 + 48 / 60 + 33.82 / 3600, lon: 2 + 7 / 60 + 46.38 / 3600 }, 73);
    expect(Math.abs(x - 3771793.968)).toBeLessThan(1e-3);
    expect(Math.abs(y - 140253.342)).toBeLessThan(1e-3);
    expect(Math.abs(z - 5124304.349)).toBeLessThan(1e-3);
  });
});
