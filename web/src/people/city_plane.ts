// Between degrees and the plane in which the node keeps the city, so that people stand where the node says, to the millimetre.
import type { LatLon } from '../lib/ground';

/** Against PROJ's tmerc within 50 km of the origin, metres; going back, the same on the ground. */
export const kCityPlaneError_m = 1e-4;

const kRad = Math.PI / 180;
const kEquator_m = 6378137;
const kFlattening = 1 / 298.257223563;
const kEccentricity = Math.sqrt(kFlattening * (2 - kFlattening));
/** Third flattening. */
const n = kFlattening / (2 - kFlattening);
const kRectifying_m = (kEquator_m / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
const kForward = [
  n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
  (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
  (61 / 240) * n ** 3 - (103 / 140) * n ** 4,
  (49561 / 161280) * n ** 4,
];
const kBack = [
  n / 2 - (2 / 3) * n ** 2 + (37 / 96) * n ** 3 - n ** 4 / 360,
  n ** 2 / 48 + n ** 3 / 15 - (437 / 1440) * n ** 4,
  (17 / 480) * n ** 3 - (37 / 840) * n ** 4,
  (4397 / 161280) * n ** 4,
];
/** Each round is 150 times nearer. */
const kRounds = 5;

/** Tangent of the conformal latitude. */
function conformal(lat_rad: number): number {
  const sin = Math.sin(lat_rad);
  return Math.sinh(Math.atanh(sin) - kEccentricity * Math.atanh(kEccentricity * sin));
}

/**
 * Transverse Mercator on WGS 84, scale 1 on the meridian of the origin, origin at (0, 0). Metres, x east, y north.
 * Source: Krüger's series to n^4 as in Karney 2011, doi:10.1007/s00190-011-0445-3, equations 35 and 36.
 */
export class CityPlane {
  readonly origin: LatLon;
  readonly #north_m: number;

  constructor(origin: LatLon) {
    this.origin = origin;
    this.#north_m = this.#project(origin).y_m;
  }

  to_plane(place: LatLon): { x_m: number; y_m: number } {
    const { x_m, y_m } = this.#project(place);
    return { x_m, y_m: y_m - this.#north_m };
  }

  to_lat_lon(x_m: number, y_m: number): LatLon {
    const up = (y_m + this.#north_m) / kRectifying_m;
    const aside = x_m / kRectifying_m;
    let xi = up;
    let eta = aside;
    kBack.forEach((part, index) => {
      const turn = 2 * (index + 1);
      xi -= part * Math.sin(turn * up) * Math.cosh(turn * aside);
      eta -= part * Math.cos(turn * up) * Math.sinh(turn * aside);
    });
    const wanted = Math.asinh(Math.sin(xi) / Math.hypot(Math.sinh(eta), Math.cos(xi)));
    let sin = Math.tanh(wanted);
    for (let i = 0; i < kRounds; ++i) sin = Math.tanh(wanted + kEccentricity * Math.atanh(kEccentricity * sin));
    return { lat: Math.asin(sin) / kRad, lon: this.origin.lon + Math.atan2(Math.sinh(eta), Math.cos(xi)) / kRad };
  }

  #project(place: LatLon): { x_m: number; y_m: number } {
    const tan = conformal(place.lat * kRad);
    let turn_deg = place.lon - this.origin.lon;
    if (turn_deg > 180) turn_deg -= 360;
    if (turn_deg < -180) turn_deg += 360;
    const turn = turn_deg * kRad;
    const up = Math.atan2(tan, Math.cos(turn));
    const aside = Math.asinh(Math.sin(turn) / Math.hypot(tan, Math.cos(turn)));
    let xi = up;
    let eta = aside;
    kForward.forEach((part, index) => {
      const double = 2 * (index + 1);
      xi += part * Math.sin(double * up) * Math.cosh(double * aside);
      eta += part * Math.cos(double * up) * Math.sinh(double * aside);
    });
    return { x_m: kRectifying_m * eta, y_m: kRectifying_m * xi };
  }
}
