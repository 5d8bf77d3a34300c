// How the map looks: the architect's model from above. Card-coloured buildings, pale streets, quiet water and green; colour is kept
// for what is selected and for transport lines.
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';

export interface Palette {
  ground: string;
  built: string;
  green: string;
  forest: string;
  sand: string;
  water: string;
  paved: string;
  street: string;
  street_edge: string;
  path: string;
  rail: string;
  building: string;
  building_edge: string;
  shadow: string;
  tree: string;
  ink: string;
  ink_soft: string;
  water_ink: string;
  halo: string;
}

const kLight: Palette = {
  ground: '#efeae0',
  built: '#ece6da',
  green: '#dde3cd',
  forest: '#d0dabf',
  sand: '#efe3c4',
  water: '#c4d7dd',
  paved: '#f6f2ea',
  street: '#fffefb',
  street_edge: '#dcd4c5',
  path: '#cbbfa9',
  rail: '#b3a998',
  building: '#fbf7ef',
  building_edge: '#cfc5b3',
  shadow: '#cdc3b0',
  tree: '#b9c6a2',
  ink: '#2c2a25',
  ink_soft: '#5b564c',
  water_ink: '#3d5f6b',
  halo: '#fbf8f2',
};
const kDark: Palette = {
  ground: '#1b1d20',
  built: '#1e2023',
  green: '#222a24',
  forest: '#1f2a22',
  sand: '#2a2822',
  water: '#152a33',
  paved: '#25272b',
  street: '#34373c',
  street_edge: '#17181a',
  path: '#45474b',
  rail: '#55575b',
  building: '#2d3034',
  building_edge: '#43474d',
  shadow: '#111214',
  tree: '#2f3d31',
  ink: '#efebe3',
  ink_soft: '#b9b3a8',
  water_ink: '#8fb4c1',
  halo: '#17181a',
};

export const palette_of = (theme: 'light' | 'dark'): Palette => (theme === 'light' ? kLight : kDark);

export interface MapStyleInput {
  tiles: string[];
  zoom_max: number;
  theme: 'light' | 'dark';
  language: string;
  accent: string;
}

export const kFont = ['Inter Variable', 'Noto Sans Arabic Variable', 'sans-serif'];
/** Widths in metres, so that a street is as broad as it is, with a least width in pixels for the far view. */
function metres(width: number | unknown[], least_px: number): unknown[] {
  // A pixel at zoom 20 of 512-pixel tiles is 0.0747 m at the equator; 0.055 m is right at 43° and within a fifth from 30° to 53°.
  const at_20 = ['/', width, 0.055];
  return ['interpolate', ['exponential', 2], ['zoom'], 11, least_px * 0.6, 14, ['max', least_px, ['/', at_20, 64]], 20, ['max', least_px, at_20]];
}
const is = (key: string, ...values: string[]): unknown[] => ['in', ['get', key], ['literal', values]];
const kPaths = ['footway', 'path', 'steps', 'cycleway', 'track', 'corridor'];
/** Carriageway and pavements by class, metres, where the tile says no width. */
const kWidths_m = ['match', ['get', 'class'], 'motorway', 16, 'trunk', 14, 'primary', 12, 'secondary', 10, 'tertiary', 9, 'residential', 7, 'pedestrian', 6, 'service', 4, 5];

function surfaces(p: Palette): unknown[] {
  const fill = (id: string, layer: string, colour: unknown, extra: object = {}): object => ({
    id,
    type: 'fill',
    source: 'city',
    'source-layer': layer,
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': colour },
    ...extra,
  });
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': p.ground } },
    fill('land_use', 'land_use', p.built),
    fill('green', 'green', [
      'match',
      ['get', 'class'],
      ['forest', 'scrub', 'orchard', 'vineyard', 'wetland'],
      p.forest,
      ['beach', 'rock'],
      p.sand,
      p.green,
    ]),
    fill('water', 'water', p.water),
    {
      id: 'water-line',
      type: 'line',
      source: 'city',
      'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': p.water, 'line-width': metres(4, 1) },
    },
    fill('paved', 'paved', p.paved),
    { id: 'tree', type: 'circle', source: 'city', 'source-layer': 'tree', minzoom: 15.5, paint: { 'circle-color': p.tree, 'circle-opacity': 0.85, 'circle-radius': ['interpolate', ['exponential', 2], ['zoom'], 15, 1.2, 20, 36] } },
  ];
}

function ways(p: Palette): unknown[] {
  const line = (id: string, layer: string, filter: unknown, colour: unknown, width: unknown, extra: object = {}): object => ({
    id,
    type: 'line',
    source: 'city',
    'source-layer': layer,
    filter,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': width, ...extra },
  });
  const street = ['!', is('class', ...kPaths)];
  return [
    line('path', 'street', is('class', ...kPaths), p.path, metres(1.2, 0.6), { 'line-dasharray': [2, 1.6], 'line-opacity': ['interpolate', ['linear'], ['zoom'], 14, 0, 15, 1] }),
    line('street-edge', 'street', street, p.street_edge, metres(['+', kWidths_m, 1.4], 1.6)),
    line('street', 'street', street, p.street, metres(kWidths_m, 1)),
    line('rail', 'rail', ['!=', ['get', 'structure'], 'tunnel'], p.rail, metres(1.6, 1)),
  ];
}

function buildings(p: Palette): unknown[] {
  const body = { source: 'city', 'source-layer': 'building', type: 'fill' };
  return [
    // A soft edge towards the south-east, as if the model stood under a lamp.
    { ...body, id: 'building-shadow', minzoom: 14.5, paint: { 'fill-color': p.shadow, 'fill-translate': ['interpolate', ['linear'], ['zoom'], 14.5, ['literal', [0.5, 0.5]], 18, ['literal', [3, 3]]], 'fill-opacity': 0.7 } },
    { ...body, id: 'building', paint: { 'fill-color': p.building, 'fill-outline-color': p.building_edge } },
  ];
}

function labels(p: Palette, language: string): unknown[] {
  const name = ['coalesce', ['get', `name:${language}`], ['get', 'name']];
  const named = ['!=', ['coalesce', ['get', 'name'], ''], ''];
  const paint = { 'text-color': p.ink, 'text-halo-color': p.halo, 'text-halo-width': 1.4 };
  return [
    {
      id: 'street-name',
      type: 'symbol',
      source: 'city',
      'source-layer': 'street',
      minzoom: 14,
      filter: named,
      layout: { 'symbol-placement': 'line', 'text-field': name, 'text-font': kFont, 'text-size': ['interpolate', ['linear'], ['zoom'], 14, 11, 18, 14], 'text-letter-spacing': 0.01, 'symbol-spacing': 360 },
      paint: { ...paint, 'text-color': p.ink_soft },
    },
    {
      id: 'water-name',
      type: 'symbol',
      source: 'city',
      'source-layer': 'water',
      filter: named,
      layout: { 'text-field': name, 'text-font': kFont, 'text-size': 12, 'text-letter-spacing': 0.06, 'text-max-width': 7 },
      paint: { ...paint, 'text-color': p.water_ink, 'text-halo-color': p.water },
    },
    {
      id: 'green-name',
      type: 'symbol',
      source: 'city',
      'source-layer': 'green',
      minzoom: 15,
      filter: named,
      layout: { 'text-field': name, 'text-font': kFont, 'text-size': 12, 'text-max-width': 7 },
      paint: { ...paint, 'text-color': p.ink_soft },
    },
    {
      id: 'place',
      type: 'symbol',
      source: 'city',
      'source-layer': 'place',
      minzoom: 15,
      filter: ['!', is('class', 'bench', 'waste')],
      layout: {
        'icon-image': ['concat', 'place:', ['get', 'class']],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 15, 0.7, 17, 1],
        'text-field': ['step', ['zoom'], '', 16, name],
        'text-font': kFont,
        'text-size': 12,
        'text-anchor': 'top',
        'text-offset': [0, 1.05],
        'text-max-width': 8,
        'text-optional': true,
      },
      paint,
    },
    {
      id: 'stop',
      type: 'symbol',
      source: 'city',
      'source-layer': 'stop',
      minzoom: 14.5,
      layout: {
        'icon-image': ['concat', 'stop:', ['coalesce', ['get', 'mode'], 'bus']],
        'icon-size': 0.85,
        'text-field': ['step', ['zoom'], '', 16.5, name],
        'text-font': kFont,
        'text-size': 11,
        'text-anchor': 'top',
        'text-offset': [0, 1],
        'text-optional': true,
      },
      paint: { ...paint, 'text-color': p.ink_soft },
    },
    {
      id: 'area-name',
      type: 'symbol',
      source: 'city',
      'source-layer': 'area',
      maxzoom: 16,
      filter: named,
      layout: { 'text-field': name, 'text-font': kFont, 'text-size': ['interpolate', ['linear'], ['zoom'], 11, 12, 15, 16], 'text-letter-spacing': 0.04, 'text-max-width': 8 },
      paint,
    },
  ];
}

function selection(accent: string, p: Palette): unknown[] {
  const of = (type: string): unknown => ['==', ['geometry-type'], type];
  return [
    { id: 'selected-fill', type: 'fill', source: 'selected', filter: of('Polygon'), paint: { 'fill-color': accent, 'fill-opacity': 0.35 } },
    { id: 'selected-halo', type: 'line', source: 'selected', filter: ['!', of('Point')], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': p.halo, 'line-width': 6 } },
    { id: 'selected-line', type: 'line', source: 'selected', filter: ['!', of('Point')], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': accent, 'line-width': 3 } },
    { id: 'selected-point', type: 'circle', source: 'selected', filter: of('Point'), paint: { 'circle-radius': 15, 'circle-color': accent, 'circle-opacity': 0.2, 'circle-stroke-color': accent, 'circle-stroke-width': 3 } },
  ];
}

/** Layers whose objects can be chosen, in the order in which a finger means them. */
export const kSelectable = ['place', 'stop', 'building', 'street', 'path', 'rail', 'green', 'water', 'paved', 'area-name', 'tree'];

export function map_style(input: MapStyleInput): StyleSpecification {
  const p = palette_of(input.theme);
  const layers = [...surfaces(p), ...ways(p), ...buildings(p), ...selection(input.accent, p), ...labels(p, input.language)];
  return {
    version: 8,
    sources: {
      city: { type: 'vector', tiles: input.tiles, minzoom: 0, maxzoom: input.zoom_max },
      selected: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    },
    layers: layers as LayerSpecification[],
  };
}

/** Colours of the round signs of places and stops. */
export function sign_colours(theme: 'light' | 'dark'): { card: string; ink: string; edge: string } {
  const p = palette_of(theme);
  return { card: p.building, ink: p.ink, edge: p.ink_soft };
}
