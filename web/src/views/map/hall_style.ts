// A hall from above: the floor within its walls, lines to count the metres by, and the door. People and things are drawn over it.
import type { Map as MapLibre, MapMouseEvent, StyleSpecification } from 'maplibre-gl';
import type { LatLon } from '../../lib/ground';
import type { Room } from '../../lib/view';
import { CityPlane } from '../../people/city_plane';
import { kFont, palette_of } from './map_style';

export interface HallStyleInput {
  room: Room;
  /** Of the hall's frame. */
  origin: LatLon;
  theme: 'light' | 'dark';
  accent: string;
  /** What stands at the door. */
  door: string;
}

const kDoorWide_m = 1.4;
/** Lines over the floor: the finest of these of which there are not too many. */
const kLines_m = [1, 5, 10, 50];
const kLinesMax = 45;
const kWall_px = 6;
/** Around the hall, so that no button lies over it; on a phone the sides are needed. */
const kEdge_px = 84;
const kPhone_px = 500;
const kPhoneEdge_px = 28;
/** A finger is this broad. */
const kTouch_px = 12;

type Point = readonly [x_m: number, y_m: number];

export function line_step_m(side_m: number): number {
  return kLines_m.find((step) => side_m / step <= kLinesMax) ?? kLines_m.at(-1)!;
}

/** South-west and north-east corner, as MapLibre wants them. */
export function corners_of({ bounds_m: [west, south, east, north] }: Room, origin: LatLon): [[number, number], [number, number]] {
  const plane = new CityPlane(origin);
  const [low, high] = [plane.to_lat_lon(west, south), plane.to_lat_lon(east, north)];
  return [[low.lon, low.lat], [high.lon, high.lat]];
}

export function hall_style({ room, origin, theme, accent, door }: HallStyleInput): StyleSpecification {
  const palette = palette_of(theme);
  const plane = new CityPlane(origin);
  const [west, south, east, north] = room.bounds_m;
  const at = ([x_m, y_m]: Point): [number, number] => {
    const { lat, lon } = plane.to_lat_lon(x_m, y_m);
    return [lon, lat];
  };
  const corners: Point[] = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  const middle = (west + east) / 2;
  const shape = (kind: string, geometry: GeoJSON.Geometry): GeoJSON.Feature => ({ type: 'Feature', properties: { kind }, geometry });
  const line = (kind: string, ...points: Point[]): GeoJSON.Feature => shape(kind, { type: 'LineString', coordinates: points.map(at) });
  const step = line_step_m(Math.max(east - west, north - south));
  const within = (low: number, high: number): number[] => {
    const first = Math.floor(low / step) + 1;
    return Array.from({ length: Math.max(0, Math.ceil(high / step) - first) }, (_, i) => (first + i) * step);
  };
  const features = [
    shape('floor', { type: 'Polygon', coordinates: [corners.map(at)] }),
    ...within(west, east).map((x) => line('line', [x, south], [x, north])),
    ...within(south, north).map((y) => line('line', [west, y], [east, y])),
    line('wall', ...corners),
    line('door', [middle - kDoorWide_m / 2, south], [middle + kDoorWide_m / 2, south]),
    shape('sign', { type: 'Point', coordinates: at([middle, south]) }),
  ];
  const of = (kind: string): object => ({ source: 'hall', filter: ['==', ['get', 'kind'], kind] });
  const ink = (colour: string, width: number): object => ({ type: 'line', paint: { 'line-color': colour, 'line-width': width } });
  return {
    version: 8,
    sources: { hall: { type: 'geojson', data: { type: 'FeatureCollection', features } } },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
      { id: 'shadow', ...of('floor'), type: 'fill', paint: { 'fill-color': palette.shadow, 'fill-translate': [5, 7], 'fill-opacity': 0.7 } },
      { id: 'floor', ...of('floor'), type: 'fill', paint: { 'fill-color': palette.street } },
      { id: 'line', ...of('line'), type: 'line', paint: { 'line-color': palette.street_edge, 'line-width': 1, 'line-opacity': 0.55 } },
      { id: 'wall-edge', ...of('wall'), ...ink(palette.building_edge, kWall_px + 2), layout: { 'line-join': 'miter', 'line-cap': 'square' } },
      { id: 'wall', ...of('wall'), ...ink(palette.building, kWall_px), layout: { 'line-join': 'miter', 'line-cap': 'square' } },
      { id: 'door', ...of('door'), ...ink(accent, kWall_px + 2) },
      {
        id: 'sign',
        ...of('sign'),
        type: 'symbol',
        layout: { 'text-field': door, 'text-font': kFont, 'text-size': 13, 'text-anchor': 'top', 'text-offset': [0, 0.8], 'text-allow-overlap': true },
        paint: { 'text-color': palette.ink, 'text-halo-color': palette.halo, 'text-halo-width': 1.4 },
      },
    ] as StyleSpecification['layers'],
  };
}

/** Shows all of it, and goes on doing so while the picture changes its size, until somebody looks closer. */
export function show_whole(map: MapLibre, corners: [[number, number], [number, number]]): void {
  let is_whole = true;
  const fit = (): void => {
    const side_px = map.getContainer().clientWidth < kPhone_px ? kPhoneEdge_px : kEdge_px;
    if (is_whole) map.fitBounds(corners, { padding: { top: kEdge_px, bottom: kEdge_px, left: side_px, right: side_px }, duration: 0 });
  };
  map.on('movestart', (event) => (is_whole &&= event.originalEvent === undefined || event.originalEvent.type === 'resize'));
  map.on('resize', fit);
  fit();
}

/** A finger on the plan: out by the door, or to that place of the floor. */
export function take_or_leave(map: MapLibre, room: Room, { point: { x, y }, lngLat }: MapMouseEvent): void {
  const near: [[number, number], [number, number]] = [[x - kTouch_px, y - kTouch_px], [x + kTouch_px, y + kTouch_px]];
  const { lat, lng: lon } = lngLat;
  if (map.queryRenderedFeatures(near, { layers: ['door', 'sign'] }).length > 0) room.leave();
  else if (map.queryRenderedFeatures([x, y], { layers: ['floor'] }).length > 0) room.go(room.nearest_within({ lat, lon }) ?? { lat, lon });
}
