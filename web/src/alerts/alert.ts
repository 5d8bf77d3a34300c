// What somebody wants to be told of: where, which value, and when it is so. Pure, so that it is tested without a page.
import type { components } from '../lib/api_types';
import { distance_m, kEarthRadius_m, moved, type LatLon } from '../lib/ground';
import type { LiveItem, LiveValue } from '../live/live_feed';

export type NewAlert = components['schemas']['NewAlert'];
/** `is_local`: kept by this browser alone. */
export interface Alert extends NewAlert {
  id: string;
  is_local: boolean;
}
/** West, south, east, north, in degrees. */
export type Box = readonly [number, number, number, number];
export interface Area {
  box: Box;
  /** To be drawn; closed or not. */
  rings: LatLon[][];
  holds(place: LatLon): boolean;
}
export interface AreaGeometry {
  type: string;
  coordinates: unknown;
}

/** The node takes so many of a person; without an account the same holds here. */
export const kAlerts_max = 16;
export const kRadius_m: readonly [number, number] = [10, 5000];
const kCircleCorners = 48;
const kDegree = 180 / Math.PI;

export function circle_area(middle: LatLon, radius_m: number): Area {
  const ring = Array.from({ length: kCircleCorners }, (_, i) => moved(middle, (i * 360) / kCircleCorners, radius_m));
  const high_deg = (radius_m / kEarthRadius_m) * kDegree;
  const wide_deg = high_deg / Math.max(0.01, Math.cos(middle.lat / kDegree));
  return {
    box: [middle.lon - wide_deg, middle.lat - high_deg, middle.lon + wide_deg, middle.lat + high_deg],
    rings: [ring],
    holds: (place) => distance_m(middle, place) <= radius_m,
  };
}

/** A Polygon or MultiPolygon of GeoJSON; what an odd number of rings holds is inside. Null for everything else. */
export function polygon_area(geometry: AreaGeometry | null | undefined): Area | null {
  if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') return null;
  const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as number[][][][];
  const rings = polygons.flat().map((ring) => ring.map(([lon = 0, lat = 0]) => ({ lat, lon })));
  const all = rings.flat();
  if (all.length === 0) return null;
  const box = all.reduce<Box>((b, { lat, lon }) => [Math.min(b[0], lon), Math.min(b[1], lat), Math.max(b[2], lon), Math.max(b[3], lat)], [180, 90, -180, -90]);
  return { box, rings, holds: (place) => rings.filter((ring) => ring_holds(ring, place)).length % 2 === 1 };
}

function ring_holds(ring: readonly LatLon[], { lat, lon }: LatLon): boolean {
  let is_inside = false;
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length]!;
    if (a.lat > lat !== b.lat > lat && lon < a.lon + ((lat - a.lat) / (b.lat - a.lat)) * (b.lon - a.lon)) is_inside = !is_inside;
  });
  return is_inside;
}

/** A box around all of them: what one stream is asked for. */
export function box_of(boxes: readonly Box[]): Box {
  return boxes.reduce<Box>((all, b) => [Math.min(all[0], b[0]), Math.min(all[1], b[1]), Math.max(all[2], b[2]), Math.max(all[3], b[3])], [180, 90, -180, -90]);
}

/** The value that an alert looks at; a number in another unit is another value. */
export function value_for(alert: NewAlert, item: LiveItem): LiveValue | null {
  if (item.type !== alert.type) return null;
  return item.values.find(({ iri, unit, dataset }) => iri === alert.attribute && dataset === undefined && (alert.unit === undefined || unit === alert.unit)) ?? null;
}

export function is_met(alert: NewAlert, value: LiveValue): boolean {
  if (alert.is === 'becomes') return value.value === alert.than;
  if (typeof value.value !== 'number' || typeof alert.than !== 'number') return false;
  return alert.is === 'above' ? value.value > alert.than : value.value < alert.than;
}

/** Which things meet an alert. Whatever met it when watching began is known and not told, unless the alert is fresh. */
export class Watch {
  readonly #met = new Map<string, boolean>();
  constructor(
    readonly alert: Alert,
    readonly area: Area,
    readonly is_fresh: boolean,
  ) {}

  get met_count(): number {
    return [...this.#met.values()].filter(Boolean).length;
  }

  /** True when the thing has begun to meet it: to be told. What is old says nothing either way. */
  take(item: LiveItem, is_old: boolean): boolean {
    const value = value_for(this.alert, item);
    if (!value || !item.location || !this.area.holds(item.location)) {
      this.#met.delete(item.id);
      return false;
    }
    if (is_old) return false;
    const was = this.#met.get(item.id);
    const is = is_met(this.alert, value);
    this.#met.set(item.id, is);
    return is && (was === undefined ? this.is_fresh : !was);
  }

  drop(id: string): void {
    this.#met.delete(id);
  }
  /** The node begins again with what is there: what is gone meanwhile is not told of. */
  keep_only(ids: ReadonlySet<string>): void {
    for (const id of this.#met.keys()) if (!ids.has(id)) this.#met.delete(id);
  }
}

/** Alerts that this browser kept; what is no alert is left out. */
export function alerts_from(text: string | null): Alert[] {
  let read: unknown;
  try {
    read = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(read) ? read.filter(is_alert).slice(0, kAlerts_max) : [];
}

function is_alert(one: unknown): one is Alert {
  if (typeof one !== 'object' || one === null) return false;
  const { id, type, attribute, is, than, place, object, lat, lon, radius_m } = one as Record<string, unknown>;
  const texts = [id, type, attribute, place].every((text) => typeof text === 'string' && text !== '');
  const condition = is === 'becomes' ? ['number', 'string', 'boolean'].includes(typeof than) : (is === 'above' || is === 'below') && typeof than === 'number';
  const where = typeof object === 'string' || [lat, lon, radius_m].every((number) => typeof number === 'number' && Number.isFinite(number));
  return texts && condition && where;
}
