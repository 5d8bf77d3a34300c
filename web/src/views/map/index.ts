// The map: the same situation from above. MapLibre draws our own vector tiles; what can be chosen is also told in words.
import 'maplibre-gl/dist/maplibre-gl.css';
import '../../design/fonts.css';
import './map.css';
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapGeoJSONFeature } from 'maplibre-gl';
import worker_url from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { mount, unmount } from 'svelte';
import type { Summary } from '../../lib/api';
import { bearing_deg, distance_m } from '../../lib/ground';
import type { CityView, CreateView, ViewContext } from '../../lib/view';
import { kSeenMax } from '../../lib/view';
import type { Situation } from '../../lib/situation';
import MapControls from './map_controls.svelte';
import { corners_of, hall_style, show_whole, take_or_leave } from './hall_style';
import { draw_sign } from './map_sign';
import { LiveMarks } from './live_marks';
import { PeopleDots } from './people_dots';
import { kSelectable, map_style } from './map_style';
import { height_of, kLowest_m, kZoomMax, kZoomMin, zoom_of } from './zoom';

/** A change of the map that is smaller than this is the rounding of what it was told. */
const kSameZoom = 0.02;
const kSame_m = 0.3;
/** Of a hall one may look closer. */
const kHallZoomMax = 22;
/** A finger is this broad. */
const kTouch_px = 8;

interface TileJson {
  tiles: string[];
  maxzoom?: number;
}

class MapView implements CityView {
  #context: ViewContext;
  #map: MapLibre | null = null;
  #controls: ReturnType<typeof mount> | null = null;
  #dots: PeopleDots | null = null;
  #live: LiveMarks | null = null;
  #stops: (() => void)[] = [];
  #tiles: string[] = [];
  #zoom_max = 14;
  #shown: string | null = null;
  #gone = new AbortController();

  constructor(context: ViewContext) {
    this.#context = context;
  }

  async mount(element: HTMLElement): Promise<void> {
    // What is written beside live marks comes with them.
    await Promise.all([this.#read_tilejson(), fonts_ready(), this.#context.words.add('live')]);
    if (this.#gone.signal.aborted) return;
    const { state, words, theme } = this.#context;
    setWorkerUrl(new URL(worker_url, location.href).href);
    const { lat, lon, height_m, heading_deg } = state.now;
    const { room, city } = this.#context;
    const map = (this.#map = new MapLibre({
      container: element,
      style: this.#style(),
      center: [lon, lat],
      zoom: zoom_of(height_m, lat, element.clientHeight),
      bearing: room ? 0 : heading_deg,
      minZoom: kZoomMin,
      maxZoom: room ? kHallZoomMax : kZoomMax,
      maxPitch: 0,
      attributionControl: false,
      reduceMotion: theme.reduced_motion,
      locale: { 'Map.Title': words.say('map_label', { city: city.name }) },
    }));
    map.setMissingStyleImageResolver(async (name) => {
      const sign = await draw_sign(name, this.#context.theme.now);
      if (sign && !map.hasImage(name)) map.addImage(name, sign, { pixelRatio: 2 });
    });
    this.#controls = mount(MapControls, { target: element, props: { map, context: this.#context } });
    if (!room) this.#live = new LiveMarks(map, this.#context);
    this.#dots = new PeopleDots(map, this.#context);
    this.#follow(map);
    await new Promise<void>((done) => map.once('idle', () => done()));
    void this.#show_selected();
  }

  destroy(): void {
    this.#gone.abort();
    for (const stop of this.#stops) stop();
    if (this.#controls) void unmount(this.#controls);
    this.#dots?.destroy();
    this.#live?.destroy();
    this.#map?.remove();
    this.#map = null;
  }

  async #read_tilejson(): Promise<void> {
    if (this.#context.room) return;
    const address = new URL(this.#context.city.tiles.tilejson_url, location.href);
    const response = await fetch(address, { signal: this.#gone.signal });
    if (!response.ok) throw new Error(`${address.pathname}: ${response.status}`);
    const tilejson = (await response.json()) as TileJson;
    // An URL escapes the braces of {z}/{x}/{y}, which MapLibre looks for.
    this.#tiles = tilejson.tiles.map((tile) => new URL(tile, address).href.replace(/%7B/gi, '{').replace(/%7D/gi, '}'));
    this.#zoom_max = tilejson.maxzoom ?? 14;
  }

  #style(): ReturnType<typeof map_style> {
    const { theme, words, room, city } = this.#context;
    const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
    if (room) return hall_style({ room, origin: city.origin, theme: theme.now, accent, door: words.say('people.to_city') });
    return map_style({ tiles: this.#tiles, zoom_max: this.#zoom_max, theme: theme.now, language: words.language, accent });
  }

  #follow(map: MapLibre): void {
    const { words, theme } = this.#context;
    const restyle = (): void => {
      for (const image of map.listImages()) map.removeImage(image);
      map.setStyle(this.#style());
      map.once('idle', () => void this.#show_selected(true));
    };
    this.#stops.push(
      words.subscribe(restyle),
      theme.subscribe(() => setTimeout(() => this.#map && restyle())),
    );
    // A hall is a plan that lies still: one goes about in it by pointing at the floor.
    if (this.#context.room) show_whole(map, corners_of(this.#context.room, this.#context.city.origin));
    else this.#follow_place(map);
    map.on('click', (event) => {
      const { x, y } = event.point;
      const person = this.#dots?.at(event.point) ?? null;
      if (person !== null) {
        this.#context.show_person(person);
        return;
      }
      const object = this.#dots?.shared_at(event.point) ?? null;
      if (object !== null) {
        this.#context.show_shared(object);
        return;
      }
      const living = this.#live?.at(event.point);
      if (living?.anchor) {
        this.#context.select(living.anchor);
        return;
      }
      if (this.#context.room) {
        take_or_leave(map, this.#context.room, event);
        return;
      }
      const found = map.queryRenderedFeatures(
        [
          [x - kTouch_px, y - kTouch_px],
          [x + kTouch_px, y + kTouch_px],
        ],
        { layers: kSelectable.filter((layer) => map.getLayer(layer)) },
      );
      const exact = map.queryRenderedFeatures([x, y], { layers: kSelectable.filter((layer) => map.getLayer(layer)) });
      const chosen = best_of(found.filter((feature) => feature.layer.type === 'symbol')) ?? best_of(exact) ?? best_of(found);
      this.#context.select(chosen ? String(chosen.properties['id']) : null);
    });
    map.on('mousemove', (event) => {
      const over = map.queryRenderedFeatures(event.point, { layers: kSelectable.filter((layer) => map.getLayer(layer)) });
      map.getCanvas().style.cursor = over.some((feature) => feature.properties['id']) ? 'pointer' : '';
    });
  }

  /** One's place is the middle of the city's map. */
  #follow_place(map: MapLibre): void {
    this.#stops.push(this.#context.state.subscribe((now, before) => this.#told(map, now, before)));
    map.on('moveend', (event) => {
      // Moves that the state asked for are not told back to it.
      if (!(event as { told?: boolean }).told) this.#tell(map);
      this.#list_seen(map);
    });
    map.on('idle', () => this.#list_seen(map));
  }

  /** The map was moved by hand. */
  #tell(map: MapLibre): void {
    const { state } = this.#context;
    const { lat, lng } = map.getCenter().wrap();
    const now = state.now;
    const picture_px = map.getContainer().clientHeight;
    const zoomed = Math.abs(map.getZoom() - zoom_of(now.height_m, now.lat, picture_px)) > kSameZoom;
    const moved = distance_m(now, { lat, lon: lng }) > kSame_m;
    state.update({
      ...(moved ? { lat, lon: lng } : {}),
      ...(zoomed ? { height_m: height_of(map.getZoom(), lat, picture_px) } : {}),
      heading_deg: map.getBearing(),
    });
  }

  /** The state was changed elsewhere: by search, by the back button, by "go there". */
  #told(map: MapLibre, now: Situation, before: Situation): void {
    if (now.view !== 'map') return;
    if (now.object !== before.object) void this.#show_selected();
    const centre = map.getCenter().wrap();
    const picture_px = map.getContainer().clientHeight;
    const zoom = zoom_of(now.height_m, now.lat, picture_px);
    const is_there = distance_m({ lat: centre.lat, lon: centre.lng }, now) <= kSame_m;
    const is_so = Math.abs(zoom - map.getZoom()) <= kSameZoom || (now.height_m === before.height_m && now.height_m >= kLowest_m);
    const is_turned = Math.abs(((now.heading_deg - map.getBearing() + 540) % 360) - 180) < 0.5;
    if (is_there && is_turned && is_so) return;
    const camera = { center: [now.lon, now.lat] as [number, number], bearing: now.heading_deg, ...(now.height_m !== before.height_m ? { zoom } : {}) };
    map.easeTo({ ...camera, duration: this.#context.theme.reduced_motion ? 0 : 600 }, { told: true });
  }

  async #show_selected(again = false): Promise<void> {
    const id = this.#context.state.now.object;
    const source = this.#map?.getSource<GeoJSONSource>('selected');
    if (!source || (id === this.#shown && !again)) return;
    this.#shown = id;
    if (id === null) {
      source.setData({ type: 'FeatureCollection', features: [] });
      return;
    }
    const answer = await this.#context.api.object(id, { geometry: true }, this.#gone.signal);
    if (!answer.ok || this.#shown !== id || !answer.value.geometry) return;
    const drawn = { type: 'Feature', properties: {}, geometry: answer.value.geometry } as Parameters<GeoJSONSource['setData']>[0];
    this.#map?.getSource<GeoJSONSource>('selected')?.setData(drawn);
  }

  #list_seen(map: MapLibre): void {
    const here = this.#context.state.now;
    const seen = new Map<string, Summary>();
    for (const feature of map.queryRenderedFeatures({ layers: kSelectable.filter((layer) => map.getLayer(layer)) })) {
      const thing = summary_of(feature, here, this.#context.words.language);
      const known = thing && seen.get(thing.id);
      if (thing && (!known || thing.distance_m! < known.distance_m!)) seen.set(thing.id, thing);
    }
    const nearest = [...seen.values()].sort((a, b) => a.distance_m! - b.distance_m!);
    this.#context.show_seen(nearest.slice(0, kSeenMax));
  }
}

/** Signs before surfaces, as kSelectable orders them. */
function best_of(features: readonly MapGeoJSONFeature[]): MapGeoJSONFeature | undefined {
  return features
    .filter((feature) => feature.properties['id'])
    .sort((a, b) => kSelectable.indexOf(a.layer.id) - kSelectable.indexOf(b.layer.id))[0];
}

/** The vertex of a feature that is nearest to where one stands: good enough for "80 m west", and at hand. */
function nearest_vertex(coordinates: unknown, here: { lat: number; lon: number }): { lat: number; lon: number } | null {
  if (!Array.isArray(coordinates)) return null;
  if (typeof coordinates[0] === 'number') return { lon: coordinates[0], lat: coordinates[1] as number };
  let best: { lat: number; lon: number } | null = null;
  for (const part of coordinates) {
    const place = nearest_vertex(part, here);
    if (place && (!best || distance_m(here, place) < distance_m(here, best))) best = place;
  }
  return best;
}

function summary_of(feature: MapGeoJSONFeature, here: { lat: number; lon: number }, language: string): Summary | null {
  const { id, kind, name, subtype, class: by_class, use, mode } = feature.properties as Record<string, string | undefined>;
  const local_name = feature.properties[`name:${language}`] as string | undefined;
  if (!id || feature.geometry.type === 'GeometryCollection') return null;
  const place = nearest_vertex(feature.geometry.coordinates, here);
  if (!place) return null;
  return {
    id,
    kind: (kind ?? id.slice(0, id.indexOf('-'))) as Summary['kind'],
    class: by_class ?? use ?? mode ?? '',
    name: local_name ?? name ?? '',
    ...(subtype ? { subtype } : {}),
    ...place,
    distance_m: distance_m(here, place),
    bearing_deg: bearing_deg(here, place),
  };
}

/** Labels are drawn from the page's fonts, so these must be there first; without them the system's font serves. */
async function fonts_ready(): Promise<void> {
  const wait = new Promise<void>((done) => setTimeout(done, 1500));
  const load = Promise.all([document.fonts.load('16px "Inter Variable"', 'Aa'), document.fonts.load('16px "Noto Sans Arabic Variable"', 'ع')]);
  await Promise.race([load.then(() => undefined).catch(() => undefined), wait]);
}

export const create_view: CreateView = (context) => new MapView(context);
