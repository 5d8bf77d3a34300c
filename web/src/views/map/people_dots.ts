// People on the map: a dot each, with the way they face, drawn over the map at the places between two messages. Everything in it
// stands in words in the panel of people.
import type { Map as MapLibre } from 'maplibre-gl';
import type { Neighbour, People, PersonId, Pose, SharedObject } from '../../people/people';
import type { ViewContext } from '../../lib/view';

const kDot_px = 6;
/** Half of a thing's square. */
const kThing_px = 4.5;
/** A finger is this broad. */
const kTouch_px = 22;
/** Names stand beside the dots from this zoom on, where they have room. */
const kNamesFrom_zoom = 17;
/** So long a bubble of what was said stands over its dot. */
const kSpeech_ms = 6000;
const kSpeech_signs = 60;
/** While nobody moves the picture rests; after the last message walkers are drawn so long. */
const kWalk_ms = 900;

interface Inks {
  ink: string;
  card: string;
  accent: string;
}

export class PeopleDots {
  readonly #map: MapLibre;
  readonly #context: ViewContext;
  readonly #canvas = document.createElement('canvas');
  readonly #pose: Pose = { x_m: 0, y_m: 0, z_m: 0, heading_deg: 0 };
  readonly #stops: (() => void)[] = [];
  #people: People | null = null;
  #inks: Inks | null = null;
  #frame = 0;
  #until_ms = 0;

  constructor(map: MapLibre, context: ViewContext) {
    this.#map = map;
    this.#context = context;
    this.#canvas.className = 'people-dots';
    this.#canvas.setAttribute('aria-hidden', 'true');
    map.getCanvasContainer().append(this.#canvas);
    const draw = (): void => this.#ask();
    map.on('move', draw);
    map.on('resize', draw);
    this.#stops.push(
      () => void map.off('move', draw).off('resize', draw),
      context.theme.subscribe(() => {
        this.#inks = null;
        draw();
      }),
      context.with_people((people) => this.#follow(people)),
    );
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    this.#canvas.remove();
  }

  /** Who is under a finger; null where nobody is. */
  at(point: { x: number; y: number }): PersonId | null {
    let best: PersonId | null = null;
    let best_px = kTouch_px;
    for (const neighbour of this.#people?.neighbours.values() ?? []) {
      const { x, y } = this.#point_of(neighbour, performance.now());
      const away_px = Math.hypot(x - point.x, y - point.y);
      if (away_px < best_px) [best, best_px] = [neighbour.person, away_px];
    }
    return best;
  }

  /** What somebody put down under a finger: its number. */
  shared_at(point: { x: number; y: number }): number | null {
    let best: number | null = null;
    let best_px = kTouch_px;
    for (const one of this.#people?.shared.values() ?? []) {
      const { x, y } = this.#point_of_shared(one);
      const away_px = Math.hypot(x - point.x, y - point.y);
      if (away_px < best_px) [best, best_px] = [one.object, away_px];
    }
    return best;
  }

  #follow(people: People): void {
    this.#people = people;
    const walk = (): void => {
      this.#until_ms = performance.now() + kWalk_ms;
      this.#ask();
    };
    this.#stops.push(
      people.on('moved', walk),
      people.on('changed', walk),
      people.on('said', () => setTimeout(() => this.#ask(), kSpeech_ms)),
    );
    walk();
  }

  #ask(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now_ms) => this.#draw(now_ms));
  }

  #point_of(neighbour: Neighbour, now_ms: number): { x: number; y: number; heading_deg: number } {
    const { x_m, y_m, heading_deg } = neighbour.pose_at(now_ms, this.#pose);
    const { lat, lon } = this.#people!.plane.to_lat_lon(x_m, y_m);
    const { x, y } = this.#map.project([lon, lat]);
    return { x, y, heading_deg };
  }

  #point_of_shared({ at }: SharedObject): { x: number; y: number } {
    const { lat, lon } = this.#people!.plane.to_lat_lon(at.x_m, at.y_m);
    return this.#map.project([lon, lat]);
  }

  #draw(now_ms: number): void {
    this.#frame = 0;
    const pen = this.#sized();
    const people = this.#people;
    if (!pen || !people) return;
    const inks = (this.#inks ??= inks_now());
    for (const { x_m, y_m, size_m, count } of people.crowds) this.#crowd(pen, inks, people.plane.to_lat_lon(x_m + size_m / 2, y_m + size_m / 2), size_m, count);
    const names = this.#map.getZoom() >= kNamesFrom_zoom;
    for (const one of people.shared.values()) this.#shared(pen, inks, one, names);
    for (const neighbour of people.neighbours.values()) this.#person(pen, inks, neighbour, now_ms, names);
    if (this.#context.room) this.#oneself(pen, inks, people);
    if (now_ms < this.#until_ms && !this.#context.theme.reduced_motion) this.#ask();
  }

  /** The pen on an empty canvas of the map's size. */
  #sized(): CanvasRenderingContext2D | null {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const scale = Math.min(2, devicePixelRatio);
    if (this.#canvas.width !== clientWidth * scale || this.#canvas.height !== clientHeight * scale) {
      this.#canvas.width = clientWidth * scale;
      this.#canvas.height = clientHeight * scale;
    }
    const pen = this.#canvas.getContext('2d');
    pen?.setTransform(scale, 0, 0, scale, 0, 0);
    pen?.clearRect(0, 0, clientWidth, clientHeight);
    return pen;
  }

  #person(pen: CanvasRenderingContext2D, inks: Inks, neighbour: Neighbour, now_ms: number, names: boolean): void {
    const { x, y, heading_deg } = this.#point_of(neighbour, now_ms);
    const turn = ((heading_deg - this.#map.getBearing()) * Math.PI) / 180;
    pen.save();
    pen.translate(x, y);
    pen.rotate(turn);
    // The nose of the dot is the way somebody faces.
    pen.beginPath();
    pen.moveTo(0, -kDot_px * 2.1);
    pen.lineTo(kDot_px * 0.8, -kDot_px * 0.6);
    pen.lineTo(-kDot_px * 0.8, -kDot_px * 0.6);
    pen.closePath();
    pen.fillStyle = inks.accent;
    pen.fill();
    pen.restore();
    pen.beginPath();
    pen.arc(x, y, kDot_px, 0, 2 * Math.PI);
    pen.fillStyle = neighbour.is_in_group ? inks.accent : inks.card;
    pen.fill();
    pen.lineWidth = neighbour.is_speaking ? 4 : 2.5;
    pen.strokeStyle = inks.accent;
    pen.stroke();
    const { speech, about } = neighbour;
    const says = speech && now_ms - speech.at_ms < kSpeech_ms ? speech.text.slice(0, kSpeech_signs) : '';
    if (says !== '') this.#label(pen, inks, x, y - kDot_px * 3, says, true);
    if (names && about.name !== '') this.#label(pen, inks, x, y + kDot_px * 3.2, about.name, false);
  }

  /** In the city one is the middle of the map. */
  #oneself(pen: CanvasRenderingContext2D, inks: Inks, { me, plane }: People): void {
    const { lat, lon } = plane.to_lat_lon(me.pose.x_m, me.pose.y_m);
    const { x, y } = this.#map.project([lon, lat]);
    pen.beginPath();
    pen.arc(x, y, kDot_px * 1.3, 0, 2 * Math.PI);
    pen.fillStyle = inks.accent;
    pen.fill();
    pen.lineWidth = 3;
    pen.strokeStyle = inks.card;
    pen.stroke();
  }

  /** A small square, apart from the round people. */
  #shared(pen: CanvasRenderingContext2D, inks: Inks, one: SharedObject, names: boolean): void {
    const { x, y } = this.#point_of_shared(one);
    pen.fillStyle = inks.card;
    pen.strokeStyle = inks.ink;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.rect(x - kThing_px, y - kThing_px, 2 * kThing_px, 2 * kThing_px);
    pen.fill();
    pen.stroke();
    if (names && one.text !== '') this.#label(pen, inks, x, y + kThing_px * 3.6, one.text, false);
  }

  #label(pen: CanvasRenderingContext2D, inks: Inks, x: number, y: number, text: string, is_said: boolean): void {
    pen.font = `${is_said ? 500 : 400} 13px ${getComputedStyle(document.body).fontFamily}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    if (is_said) {
      const half_px = pen.measureText(text).width / 2 + 8;
      pen.beginPath();
      pen.roundRect(x - half_px, y - 12, half_px * 2, 24, 12);
      pen.fillStyle = inks.card;
      pen.fill();
      pen.lineWidth = 1;
      pen.strokeStyle = inks.accent;
      pen.stroke();
    } else {
      pen.lineWidth = 3;
      pen.lineJoin = 'round';
      pen.strokeStyle = inks.card;
      pen.strokeText(text, x, y);
    }
    pen.fillStyle = inks.ink;
    pen.fillText(text, x, y);
  }

  #crowd(pen: CanvasRenderingContext2D, inks: Inks, middle: { lat: number; lon: number }, size_m: number, count: number): void {
    const { x, y } = this.#map.project([middle.lon, middle.lat]);
    const edge = this.#map.project([middle.lon, middle.lat + size_m / 2 / 111_320]);
    const radius_px = Math.max(14, Math.hypot(edge.x - x, edge.y - y));
    pen.beginPath();
    pen.arc(x, y, radius_px, 0, 2 * Math.PI);
    pen.globalAlpha = Math.min(0.5, 0.15 + count / 400);
    pen.fillStyle = inks.accent;
    pen.fill();
    pen.globalAlpha = 1;
    this.#label(pen, inks, x, y, this.#context.words.number(count), true);
  }
}

function inks_now(): Inks {
  const style = getComputedStyle(document.documentElement);
  const ink = (name: string): string => style.getPropertyValue(name).trim();
  return { ink: ink('--ink'), card: ink('--card'), accent: ink('--accent') };
}
