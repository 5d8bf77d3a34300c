// Where the sun stands, so that the model's light and shadows are those of the hour and the place.

/** Degrees; azimuth clockwise from north, elevation above the horizon as seen (refraction included). */
export interface SunPosition {
  azimuth_deg: number;
  elevation_deg: number;
}

/** Largest distance on the sky from the NREL algorithm between the years 1950 and 2100, degrees: a fiftieth of the sun's disc. */
export const kSunPositionError_deg = 0.01;

const kRad = Math.PI / 180;
/** Terrestrial time minus UTC, seconds; within 10 s of true from 1980 to 2060, which moves the sun 0.0001°. */
const kTerrestrialMinusUtc_s = 69;
const kUnixEpoch_jd = 2440587.5;
const kJ2000_jd = 2451545;

/**
 * Sun position by Meeus's series of chapter 25 with nutation (22), sidereal time (12), parallax (40) and refraction (16).
 * Units: time ms since 1970 UTC; place in degrees, WGS 84; pressure hPa, temperature °C.
 * Source: J. Meeus, Astronomical Algorithms, 2nd ed.; the reference is Reda & Andreas 2004, doi:10.1016/j.solener.2003.12.003.
 */
export function sun_position(
  time_ms: number,
  lat_deg: number,
  lon_deg: number,
  pressure_hpa = 1010,
  temperature_c = 12,
): SunPosition {
  const days = time_ms / 86_400_000 + kUnixEpoch_jd - kJ2000_jd;
  const t = (days + kTerrestrialMinusUtc_s / 86_400) / 36_525;
  const { right_ascension, declination, radius_au, equation_of_equinoxes } = apparent_place(t);
  const centuries = days / 36_525;
  const sidereal =
    (280.46061837 + 360.98564736629 * days + centuries * centuries * (0.000387933 - centuries / 38_710_000)) * kRad +
    equation_of_equinoxes;
  return horizontal(sidereal + lon_deg * kRad - right_ascension, declination, radius_au, lat_deg, pressure_hpa, temperature_c);
}

/** Unit vector towards the sun in the scene's axes: x east, y up, z south. */
export function sun_vector(sun: SunPosition): [number, number, number] {
  const flat = Math.cos(sun.elevation_deg * kRad);
  const azimuth = sun.azimuth_deg * kRad;
  return [Math.sin(azimuth) * flat, Math.sin(sun.elevation_deg * kRad), -Math.cos(azimuth) * flat];
}

function apparent_place(t: number) {
  const mean_longitude = 280.46646 + t * (36_000.76983 + t * 0.0003032);
  const anomaly = (357.52911 + t * (35_999.05029 - t * 0.0001537)) * kRad;
  const eccentricity = 0.016708634 - t * (0.000042037 + t * 0.0000001267);
  const centre =
    (1.914602 - t * (0.004817 + t * 0.000014)) * Math.sin(anomaly) +
    (0.019993 - t * 0.000101) * Math.sin(2 * anomaly) +
    0.000289 * Math.sin(3 * anomaly);
  const true_anomaly = anomaly + centre * kRad;
  const radius_au = (1.000001018 * (1 - eccentricity * eccentricity)) / (1 + eccentricity * Math.cos(true_anomaly));
  const node = (125.04452 - 1934.136261 * t) * kRad;
  const moon = (218.3165 + 481_267.8813 * t) * kRad;
  const sun = mean_longitude * kRad;
  const nutation_deg =
    (-17.2 * Math.sin(node) - 1.32 * Math.sin(2 * sun) - 0.23 * Math.sin(2 * moon) + 0.21 * Math.sin(2 * node)) / 3600;
  const tilt_deg =
    23.4392911 - t * (0.0130042 + t * (1.64e-7 - t * 5.04e-7)) +
    (9.2 * Math.cos(node) + 0.57 * Math.cos(2 * sun) + 0.1 * Math.cos(2 * moon) - 0.09 * Math.cos(2 * node)) / 3600;
  const aberration_deg = 20.4898 / 3600 / radius_au;
  const longitude = (mean_longitude + centre + nutation_deg - aberration_deg) * kRad;
  const tilt = tilt_deg * kRad;
  return {
    right_ascension: Math.atan2(Math.cos(tilt) * Math.sin(longitude), Math.cos(longitude)),
    declination: Math.asin(Math.sin(tilt) * Math.sin(longitude)),
    radius_au,
    equation_of_equinoxes: nutation_deg * kRad * Math.cos(tilt),
  };
}

function horizontal(
  hour_angle: number,
  declination: number,
  radius_au: number,
  lat_deg: number,
  pressure_hpa: number,
  temperature_c: number,
): SunPosition {
  const lat = lat_deg * kRad;
  const sin_elevation =
    Math.sin(lat) * Math.sin(declination) + Math.cos(lat) * Math.cos(declination) * Math.cos(hour_angle);
  const azimuth = Math.atan2(
    Math.sin(hour_angle),
    Math.cos(hour_angle) * Math.sin(lat) - Math.tan(declination) * Math.cos(lat),
  );
  const geocentric_deg = Math.asin(sin_elevation) / kRad;
  const true_deg = geocentric_deg - (8.794 / 3600 / radius_au) * Math.cos(geocentric_deg * kRad);
  return {
    azimuth_deg: (((azimuth / kRad + 180) % 360) + 360) % 360,
    elevation_deg: true_deg + refraction_deg(true_deg, pressure_hpa, temperature_c),
  };
}

/** Sæmundsson's formula; nothing below −1°, where the sun is under the horizon and the formula ends. */
function refraction_deg(true_deg: number, pressure_hpa: number, temperature_c: number): number {
  if (true_deg < -1) return 0;
  const air = (pressure_hpa / 1010) * (283 / (273 + temperature_c));
  return (air * 1.02) / (60 * Math.tan((true_deg + 10.3 / (true_deg + 5.11)) * kRad));
}
