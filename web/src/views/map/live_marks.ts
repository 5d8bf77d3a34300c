// What lives, on the map: vehicles where they are and sensors with what they read, drawn over the map. All of it stands in words in
// the list beside it.
import type { Map as MapLibre, MapMouseEvent, MapTouchEvent } from 'maplibre-gl';
import { distance_m } from '../../lib/ground';
import type { ViewContext } from '../../lib/view';
import { alert_rings, offer_drawing, on_areas, type OnDrawn } from '../../alerts/alert_areas';
import { IconPictures } from '../../live/layer_icons';
import { live_feed, type LiveItem } from '../../live/live_feed';
import { line_book } from '../../live/line_book';
import { Glide } from '../../live/line_course';
import { layer_choice, layer_of, type LayerName } from '../../live/live_layers';
import { is_stale, shown_values, text_of, value_text } from '../../live/live_words';

/** Half the side of a mark, and the side of the icon in it. */
const kMark_px = 10;
const kIcon_px = 14;
const kRow_px = 2 * kMark_px + 3;
/** A finger is this broad. */
const kTouch_px = 22;
/** Values stand beside their marks from this zoom on, where they have room. */
const kValuesFrom_zoom = 16;
/** Marks are drawn from this zoom on: further out they would cover the city. */
const kFrom_zoom = 12.5;

interface Mark {
  item: LiveItem;
  /** The same as the node told it. */
  reported: LiveItem;
  glide: Glide;
  /** Marks of one place stand below each other. */
  row: number;
}

export class LiveMarks {
  readonly #map: MapLibre;
  readonly #context: ViewContext;
  readonly #canvas = document.createElement('canvas');
  readonly #marks = new Map<string, Mark>();
  readonly #stops: (() => void)[] = [];
  readonly #choice = layer_choice();
  readonly #lines = line_book();
  #inks: Inks | null = null;
  #icons: IconPictures | null = null;
  #frame = 0;

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
        this.#inks = this.#icons = null;
        draw();
      }),
      context.words.subscribe(draw),
      context.state.subscribe((now) => feed.look_at(now)),
      feed.subscribe(() => this.#take(feed.items)),
      this.#choice.subscribe(() => this.#take(feed.items)),
      this.#lines.subscribe(() => this.#take(feed.items)),
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
    for (const [id, { item }] of this.#marks) if (!items.has(id) || !this.#choice.shows_kind(item.kind)) this.#marks.delete(id);
    for (const [id, item] of items) {
      if (!item.location || !this.#choice.shows_kind(item.kind)) continue;
      const known = this.#marks.get(id);
      const glide = known?.glide ?? new Glide(item.location, now_ms);
      // The line is asked for as soon as a vehicle is seen, so that it is known when it moves.
      const { courses } = this.#lines.of(this.#context.api, item.anchor);
      if (glide.to.lat !== item.location.lat || glide.to.lon !== item.location.lon) glide.go(item.location, courses, now_ms);
      else if (known?.reported !== item) glide.stay(now_ms);
      this.#marks.set(id, { item: this.#lines.named(this.#context.api, item), reported: item, glide, row: 0 });
    }
    const rows = new Map<string, number>();
    for (const mark of this.#marks.values()) {
      const place = `${mark.glide.to.lat.toFixed(5)} ${mark.glide.to.lon.toFixed(5)}`;
      mark.row = rows.get(place) ?? 0;
      rows.set(place, mark.row + 1);
    }
    this.#ask();
  }

  #ask(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now_ms) => this.#draw(now_ms));
  }

  #point_of({ glide, row }: Mark, now_ms: number): { x: number; y: number } {
    const { lat, lon } = this.#context.theme.reduced_motion ? glide.to : glide.at(now_ms);
    const { x, y } = this.#map.project([lon, lat]);
    return { x, y: y + row * kRow_px };
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
    const drawn = new Set<LayerName>();
    let glides = false;
    for (const mark of this.#marks.values()) {
      const point = this.#point_of(mark, now_ms);
      if (point.x < -50 || point.y < -50 || point.x > clientWidth + 50 || point.y > clientHeight + 50) continue;
      this.#mark(pen, mark.item, point, has_values);
      drawn.add(layer_of(mark.item.kind));
      glides ||= now_ms < mark.glide.until_ms;
    }
    // For whoever checks the picture from outside.
    this.#canvas.dataset['layers'] = [...drawn].sort().join(' ');
    if (glides && !this.#context.theme.reduced_motion) this.#ask();
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
    if (line !== '') {
      pen.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
      const half_px = Math.max(kMark_px, pen.measureText(line).width / 2 + 5);
      pen.roundRect(x - half_px, y - 9, half_px * 2, 18, 5);
      pen.fill();
      pen.stroke();
      pen.fillStyle = inks.card;
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      pen.fillText(line, x, y + 0.5);
      return;
    }
    // A rounded square: unlike the round dots of people.
    pen.roundRect(x - kMark_px, y - kMark_px, 2 * kMark_px, 2 * kMark_px, 5);
    pen.fill();
    pen.stroke();
    this.#icon(pen, layer_of(item.kind), x, y);
    const value = has_values ? shown_values(item)[0] : undefined;
    if (!value) return;
    const text = value_text(value, this.#context.words);
    pen.font = `500 12px ${getComputedStyle(document.body).fontFamily}`;
    const is_rtl = this.#context.words.direction === 'rtl';
    const beside = x + (kMark_px + 4) * (is_rtl ? -1 : 1);
    pen.textAlign = is_rtl ? 'right' : 'left';
    pen.textBaseline = 'middle';
    pen.lineWidth = 3;
    pen.lineJoin = 'round';
    pen.strokeText(text, beside, y + 0.5);
    pen.fillStyle = old ? inks.soft : inks.ink;
    pen.fillText(text, beside, y + 0.5);
  }

  #icon(pen: CanvasRenderingContext2D, layer: LayerName, x: number, y: number): void {
    this.#icons ??= new IconPictures((this.#inks ??= inks_now()).card, () => this.#ask());
    const icon = this.#icons.of(layer);
    if (icon) pen.drawImage(icon, x - kIcon_px / 2, y - kIcon_px / 2, kIcon_px, kIcon_px);
  }
}

interface Inks {
  ink: string;
  card: string;
  live: string;
  soft: string;
}

function inks_now(): Inks {
  const style = getComputedStyle(document.documentElement);
  const ink = (name: string): string => style.getPropertyValue(name).trim();
  return { ink: ink('--ink'), card: ink('--card'), live: ink('--live'), soft: ink('--ink-soft') };
}
