// The map's zoom as a height of the eye, so that map and 3D are two looks at one situation.

/** The map's own camera: the eye is 1.5 heights of the picture above the middle of it (MapLibre's vertical field of 36.87°). */
const kEyePerPicture = 1.5;
const kEquator_m = 40_075_016.686;
const kTile_px = 512;
/** Who stands or hovers lower than this is shown at kStreetZoom: a map of a few metres helps nobody. */
export const kLowest_m = 60;
export const kStreetZoom = 17;
export const kZoomMin = 9;
export const kZoomMax = 20;

export function zoom_of(height_m: number, lat: number, picture_px: number): number {
  if (height_m < kLowest_m) return kStreetZoom;
  const metres_per_px = height_m / (kEyePerPicture * picture_px);
  const zoom = Math.log2((kEquator_m * Math.cos((lat * Math.PI) / 180)) / (kTile_px * metres_per_px));
  return Math.min(kZoomMax, Math.max(kZoomMin, zoom));
}

export function height_of(zoom: number, lat: number, picture_px: number): number {
  const metres_per_px = (kEquator_m * Math.cos((lat * Math.PI) / 180)) / (kTile_px * 2 ** zoom);
  return Math.max(kLowest_m, metres_per_px * kEyePerPicture * picture_px);
}
