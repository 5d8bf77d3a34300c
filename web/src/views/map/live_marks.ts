// What lives, on the map: vehicles where they are and sensors with what they read, drawn over the map. All of it stands in words in
// the list beside it.
import type { Map as MapLibre, MapMouseEvent, MapTouchEvent } from 'maplibre-gl';
import { distance_m } from '../../lib/ground';
import type { ViewContext } from '../../lib/view';
import { alert_rings, offer_drawing, on_areas, type OnDrawn } from '../../alerts/alert_areas';
import { live_feed, type LiveItem } from '../../live/live_feed';
import { is_stale, shown_values, text_of, value_text } from '../../live/live_words';

const kMark_px = 6;
/** A finger is this broad. */
const kTouch_px = 22;
/** Values stand beside their marks from this zoom on, where they have room. */
const kValuesFrom_zoom = 16;
/** Marks are drawn from this zoom on: further out they would cover the city. */
const kFrom_zoom = 12.5;
/** A vehicle's new place comes about every two seconds; it glides there in so long. */
const kGlide_ms = 1800;

interface Mark {
  item: LiveItem;
  from: { lat: number; lon: number };
  to: { lat: number; lon: number };
  since_ms: number;
}

export class LiveMarks {
  readonly #map: MapLibre;
  readonly #context: ViewContext;
  readonly #canvas = document.createElement('canvas');
  readonly #marks = new Map<string, Mark>();
  readonly #stops: (() => void)[] = [];
  #inks: { ink: string; card: string; live: string; soft: string } | null = null;
  #frame = 0;
  #until_ms = 0;

  constructor(map: MapLibre, context: ViewContext) {
    this.#map = map;
    this.#context = context;
    this.#canvas.className = 'live-marks';
    this.#canvas.setAttribute('aria-hidden', 'true');
    map.getCanvasContainer().append(this.#canvas);
    const draw = (): void => this.#ask();
    map.on('move', draw);
    map.on('resize', draw);
    const feed = live_feed();
    feed.look_at(context.state.now);
    this.#stops.push(
      () => void map.off('move', draw).off('resize', draw),
      context.theme.subscribe(() => {
        this.#inks = null;
        draw();
      }),
      context.words.subscribe(draw),
      context.state.subscribe((now) => feed.look_at(now)),
      feed.subscribe(() => this.#take(feed.items)),
      on_areas(draw),
      offer_drawing((on_drawn) => this.#let_draw(on_drawn)),
    );
    this.#take(feed.items);
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    this.#canvas.remove();
  }

  /** The thing whose mark is under a finger; null where none is. */
  at(point: { x: number; y: number }): LiveItem | null {
    if (this.#map.getZoom() < kFrom_zoom) return null;
    let best: LiveItem | null = null;
    let best_px = kTouch_px;
    for (const mark of this.#marks.values()) {
      const { x, y } = this.#point_of(mark, performance.now());
      const away_px = Math.hypot(x - point.x, y - point.y);
      if (away_px < best_px) [best, best_px] = [mark.item, away_px];
    }
    return best;
  }

  #take(items: ReadonlyMap<string, LiveItem>): void {
    const now_ms = performance.now();
    for (const id of this.#marks.keys()) if (!items.has(id)) this.#marks.delete(id);
    for (const [id, item] of items) {
      if (!item.location) continue;
      const known = this.#marks.get(id);
      const is_moved = known && (known.to.lat !== item.location.lat || known.to.lon !== item.location.lon);
      if (known && !is_moved) known.item = item;
      else {
        this.#marks.set(id, { item, from: known ? this.#place_of(known, now_ms) : item.location, to: item.location, since_ms: now_ms });
        if (is_moved) this.#until_ms = now_ms + kGlide_ms;
      }
    }
    this.#ask();
  }

  #ask(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now_ms) => this.#draw(now_ms));
  }

  #place_of({ from, to, since_ms }: Mark, now_ms: number): { lat: number; lon: number } {
    const part = this.#context.theme.reduced_motion ? 1 : Math.min(1, Math.max(0, (now_ms - since_ms) / kGlide_ms));
    return { lat: from.lat + (to.lat - from.lat) * part, lon: from.lon + (to.lon - from.lon) * part };
  }

  #point_of(mark: Mark, now_ms: number): { x: number; y: number } {
    const { lat, lon } = this.#place_of(mark, now_ms);
    return this.#map.project([lon, lat]);
  }

  #draw(now_ms: number): void {
    this.#frame = 0;
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const scale = Math.min(2, devicePixelRatio);
    if (this.#canvas.width !== clientWidth * scale || this.#canvas.height !== clientHeight * scale) {
      this.#canvas.width = clientWidth * scale;
      this.#canvas.height = clientHeight * scale;
    }
    const pen = this.#canvas.getContext('2d');
    if (!pen) return;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, clientWidth, clientHeight);
    this.#areas(pen);
    if (this.#map.getZoom() < kFrom_zoom) return;
    const has_values = this.#map.getZoom() >= kValuesFrom_zoom;
    for (const mark of this.#marks.values()) {
      const point = this.#point_of(mark, now_ms);
      if (point.x > -50 && point.y > -50 && point.x < clientWidth + 50 && point.y < clientHeight + 50) this.#mark(pen, mark.item, point, has_values);
    }
    if (now_ms < this.#until_ms && !this.#context.theme.reduced_motion) this.#ask();
  }

  /** From the middle to the edge, with a mouse or a finger; the map stands still meanwhile. */
  #let_draw(on_drawn: OnDrawn): () => void {
    const map = this.#map;
    const canvas = map.getCanvas();
    let middle: { lat: number; lng: number } | null = null;
    const circle = ({ lngLat }: MapMouseEvent | MapTouchEvent) => {
      const from = { lat: middle!.lat, lon: middle!.lng };
      return { ...from, radius_m: distance_m(from, { lat: lngLat.lat, lon: lngLat.lng }) };
    };
    const down = (event: MapMouseEvent | MapTouchEvent): void => {
      event.preventDefault();
      middle = event.lngLat;
    };
    const move = (event: MapMouseEvent | MapTouchEvent): void => {
      if (middle) on_drawn(circle(event), false);
    };
    const up = (event: MapMouseEvent | MapTouchEvent): void => {
      if (!middle) return;
      end();
      on_drawn(circle(event), true);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      end();
      on_drawn(null, true);
    };
    const end = (): void => {
      for (const name of ['mousedown', 'touchstart'] as const) map.off(name, down);
      for (const name of ['mousemove', 'touchmove'] as const) map.off(name, move);
      for (const name of ['mouseup', 'touchend'] as const) map.off(name, up);
      document.removeEventListener('keydown', key);
      map.dragPan.enable();
      canvas.style.cursor = '';
    };
    for (const name of ['mousedown', 'touchstart'] as const) map.on(name, down);
    for (const name of ['mousemove', 'touchmove'] as const) map.on(name, move);
    for (const name of ['mouseup', 'touchend'] as const) map.on(name, up);
    document.addEventListener('keydown', key);
    map.dragPan.disable();
    canvas.style.cursor = 'crosshair';
    return end;
  }

  /** Where somebody is told of something, as they chose it. */
  #areas(pen: CanvasRenderingContext2D): void {
    const inks = (this.#inks ??= inks_now());
    pen.lineWidth = 2;
    pen.setLineDash([6, 4]);
    pen.strokeStyle = inks.live;
    for (const ring of alert_rings()) {
      pen.beginPath();
      for (const { lat, lon } of ring) {
        const { x, y } = this.#map.project([lon, lat]);
        pen.lineTo(x, y);
      }
      pen.closePath();
      pen.stroke();
    }
    pen.setLineDash([]);
  }

  #mark(pen: CanvasRenderingContext2D, item: LiveItem, { x, y }: { x: number; y: number }, has_values: boolean): void {
    const inks = (this.#inks ??= inks_now());
    const line = text_of(item, 'lineName');
    const old = is_stale(item, live_feed().now_ms);
    pen.lineWidth = 2;
    pen.strokeStyle = inks.card;
    pen.fillStyle = old ? inks.soft : inks.live;
    pen.beginPath();
    if (item.kind === 'Vehicle') {
      pen.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
      const half_px = Math.max(kMark_px * 1.6, pen.measureText(line).width / 2 + 5);
      pen.roundRect(x - half_px, y - 9, half_px * 2, 18, 5);
      pen.fill();
      pen.stroke();
      pen.fillStyle = inks.card;
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      pen.fillText(line, x, y + 0.5);
      return;
    }
    // A square on its tip: unlike the round dots of people.
    pen.moveTo(x, y - kMark_px);
    pen.lineTo(x + kMark_px, y);
    pen.lineTo(x, y + kMark_px);
    pen.lineTo(x - kMark_px, y);
    pen.closePath();
    pen.fill();
    pen.stroke();
    const value = has_values ? shown_values(item)[0] : undefined;
    if (!value) return;
    const text = value_text(value, this.#context.words);
    pen.font = `500 12px ${getComputedStyle(document.body).fontFamily}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.lineWidth = 3;
    pen.lineJoin = 'round';
    pen.strokeText(text, x, y + kMark_px + 9);
    pen.fillStyle = old ? inks.soft : inks.ink;
    pen.fillText(text, x, y + kMark_px + 9);
  }
}

function inks_now(): { ink: string; card: string; live: string; soft: string } {
  const style = getComputedStyle(document.documentElement);
  const ink = (name: string): string => style.getPropertyValue(name).trim();
  return { ink: ink('--ink'), card: ink('--card'), live: ink('--live'), soft: ink('--ink-soft') };
}
