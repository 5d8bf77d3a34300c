// Between the Earth and the scene: east, up and south of the city's origin, the axes that three.js and headsets expect.
import { Matrix4, Vector3 } from 'three';

export interface LatLon {
  lat: number;
  lon: number;
}

/** Against PROJ's topocentric within 50 km of the origin, metres; going back, the same on the ground. */
export const kCityFrameError_m = 1e-3;

const kRad = Math.PI / 180;
const kEquator_m = 6378137;
const kFlattening = 1 / 298.257223563;
const kEccentricity2 = kFlattening * (2 - kFlattening);

/** Earth-centred, Earth-fixed metres of a place on WGS 84. Source: IOGP 373-7-2, 4.1.1. */
export function earth_point(place: LatLon, height_m: number, target = new Vector3()): Vector3 {
  const sin = Math.sin(place.lat * kRad);
  const cos = Math.cos(place.lat * kRad);
  const normal_m = kEquator_m / Math.sqrt(1 - kEccentricity2 * sin * sin);
  return target.set(
    (normal_m + height_m) * cos * Math.cos(place.lon * kRad),
    (normal_m + height_m) * cos * Math.sin(place.lon * kRad),
    (normal_m * (1 - kEccentricity2) + height_m) * sin,
  );
}

/**
 * Scene axes at a city's origin: x east, y up, z south, metres, height 0 at the ellipsoid.
 * The plane touches the Earth at the origin, so the ground sinks by d²/2R away from it, as it does in the tiles.
 */
export class CityFrame {
  readonly origin: LatLon;
  readonly scene_from_earth: Matrix4;
  readonly #earth_from_scene = new Matrix4();

  constructor(origin: LatLon) {
    this.origin = origin;
    const lat = origin.lat * kRad;
    const lon = origin.lon * kRad;
    const east = new Vector3(-Math.sin(lon), Math.cos(lon), 0);
    const up = new Vector3(Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat));
    const south = new Vector3().crossVectors(east, up);
    this.#earth_from_scene.makeBasis(east, up, south).setPosition(earth_point(origin, 0));
    this.scene_from_earth = this.#earth_from_scene.clone().invert();
  }

  to_scene(place: LatLon, height_m: number, target = new Vector3()): Vector3 {
    return earth_point(place, height_m, target).applyMatrix4(this.scene_from_earth);
  }

  /** Latitude by fixed point: each round is 150 times nearer. */
  to_lat_lon(point: Vector3): LatLon {
    const { x, y, z } = point.clone().applyMatrix4(this.#earth_from_scene);
    const flat_m = Math.hypot(x, y);
    let lat = Math.atan2(z, flat_m * (1 - kEccentricity2));
    for (let i = 0; i < 5; i++) {
      const sin = Math.sin(lat);
      const normal_m = kEquator_m / Math.sqrt(1 - kEccentricity2 * sin * sin);
      lat = Math.atan2(z + kEccentricity2 * normal_m * sin, flat_m);
    }
    return { lat: lat / kRad, lon: Math.atan2(y, x) / kRad };
  }
}
