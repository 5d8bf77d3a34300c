// Out of a building onto the street before it, looking along the street.
import type { Here } from '../../lib/api';
import { moved, turn_deg, type LatLon } from '../../lib/ground';

/** A street farther away than this is not the one before the building. */
export const kStreetBefore_m = 60;

/** Where the nearest street passes, and the way along it that needs the smaller turn; null where no building stands, or no street near. */
export function outside_of(here: Here, heading_deg: number): (LatLon & { heading_deg: number }) | null {
  const { building, street } = here;
  if (building === undefined || street?.distance_m === undefined || street.bearing_deg === undefined) return null;
  if (street.distance_m > kStreetBefore_m) return null;
  const along = [street.bearing_deg + 90, street.bearing_deg + 270].map((way) => way % 360);
  const nearer = (a: number, b: number) => Math.abs(turn_deg(heading_deg, a)) - Math.abs(turn_deg(heading_deg, b));
  return { ...moved(here, street.bearing_deg, street.distance_m), heading_deg: along.sort(nearer)[0]! };
}
