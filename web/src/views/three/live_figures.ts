// What lives, in the 3D view: vehicles on their way and sensors on a pole, in the one colour that means "live". The list beside the
// picture says the same in words.
import { Color, InstancedMesh, Matrix4, MeshBasicMaterial, Quaternion, Raycaster, Vector3, type BufferGeometry, type PerspectiveCamera, type Vector2 } from 'three';
import { distance_m } from '../../lib/ground';
import type { ViewContext } from '../../lib/view';
import { live_feed, type LiveItem } from '../../live/live_feed';
import { line_book } from '../../live/line_book';
import { Glide } from '../../live/line_course';
import { layer_choice } from '../../live/live_layers';
import { is_stale, text_of } from '../../live/live_words';
import type { CityFrame } from './city_frame';
import { kLiveShapes, shape_of, shape_parts, type LiveShape } from './live_shapes';
import { LiveSigns } from './live_signs';
import type { SolidGround } from './solid_ground';
import type { Stage } from './stage';
import { WatchedAreas } from './watched_areas';

const kFigures_max = 600;
/** Further away a vehicle is a few dots, and what moves must not keep the picture from resting. */
const kMoves_m = 900;
/** sRGB; the shades of the faces darken it to about --live of the light theme. */
const kLive = new Color('#a8447a');
const kOld = new Color('#8b8374');
/** A place that differs by less is the same. */
const kStands_m = 0.05;
const kUp = new Vector3(0, 1, 0);

interface Figure {
  item: LiveItem;
  /** The same as the node told it. */
  reported: LiveItem;
  shape: LiveShape;
  glide: Glide;
  /** Height where it came from, scene metres. */
  from_y: number;
  to: Vector3;
  heading_rad: number;
  has_ground: boolean;
}

/** All figures of one shape: what is painted, and what keeps its colour. */
interface Kind {
  paint: InstancedMesh;
  trim: InstancedMesh;
  drawn: LiveItem[];
}

export class LiveFigures {
  solid: SolidGround | null = null;
  readonly #context: ViewContext;
  readonly #frame: CityFrame;
  readonly #stage: Stage;
  readonly #ask: () => void;
  readonly #kinds = new Map<LiveShape, Kind>(kLiveShapes.map((shape) => [shape, kind_of(shape)]));
  readonly #figures = new Map<string, Figure>();
  readonly #choice = layer_choice();
  readonly #lines = line_book();
  readonly #signs: LiveSigns;
  readonly #stops: (() => void)[] = [];
  readonly #areas: WatchedAreas;
  readonly #at = new Vector3();
  readonly #turn = new Quaternion();
  readonly #size = new Vector3(1, 1, 1);
  readonly #matrix = new Matrix4();
  #changed = false;
  #until_ms = 0;

  constructor(context: ViewContext, frame: CityFrame, stage: Stage, ask: () => void) {
    this.#context = context;
    this.#frame = frame;
    this.#stage = stage;
    this.#ask = ask;
    this.#signs = new LiveSigns(stage, context);
    for (const { paint, trim } of this.#kinds.values()) stage.scene.add(paint, trim);
    this.#areas = new WatchedAreas(frame, stage, context.city.ground_height_m, ask);
    const feed = live_feed();
    feed.look_at(context.state.now);
    this.#stops.push(
      context.state.subscribe((now) => feed.look_at(now)),
      feed.subscribe(() => this.#take(feed.items)),
      this.#choice.subscribe(() => this.#take(feed.items)),
      this.#lines.subscribe(() => this.#take(feed.items)),
      context.theme.subscribe(() => this.#take(feed.items)),
      context.words.subscribe(() => this.#take(feed.items)),
    );
    this.#take(feed.items);
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
    this.#areas.destroy();
    this.#signs.dispose();
    for (const { paint, trim } of this.#kinds.values()) {
      for (const mesh of [paint, trim]) {
        this.#stage.scene.remove(mesh);
        mesh.geometry.dispose();
        (mesh.material as MeshBasicMaterial).dispose();
        mesh.dispose();
      }
    }
  }

  /** Tiles came or went: what stands on the ground may stand higher or lower. */
  ground_changed(): void {
    this.#areas.ground_changed();
    for (const figure of this.#figures.values()) figure.has_ground = false;
    this.#changed ||= this.#figures.size > 0;
  }

  /** Puts everything where it is now; true while something near glides. */
  step(now_ms: number): boolean {
    this.#areas.step(this.solid);
    if (this.#figures.size === 0 && !this.#changed) return false;
    const glides = now_ms < this.#until_ms && !this.#context.theme.reduced_motion;
    if (!glides && !this.#changed) return false;
    this.#changed = glides;
    for (const kind of this.#kinds.values()) kind.drawn = [];
    for (const figure of this.#figures.values()) {
      const { paint, trim, drawn } = this.#kinds.get(figure.shape)!;
      if (drawn.length === kFigures_max) continue;
      this.#place(figure, now_ms, glides);
      this.#matrix.compose(this.#at, this.#turn, this.#size);
      paint.setMatrixAt(drawn.length, this.#matrix);
      trim.setMatrixAt(drawn.length, this.#matrix);
      paint.setColorAt(drawn.length, is_stale(figure.item, live_feed().now_ms) ? kOld : kLive);
      drawn.push(figure.item);
    }
    for (const { paint, trim, drawn } of this.#kinds.values()) {
      for (const mesh of [paint, trim]) {
        mesh.count = drawn.length;
        mesh.visible = drawn.length > 0;
        mesh.instanceMatrix.needsUpdate = true;
        if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
      }
    }
    return glides;
  }

  /** After the camera was put at the eye: what is measured near it stands beside its post. */
  compose(camera: PerspectiveCamera, height_px: number): void {
    const posts = [];
    for (const { item, shape, to } of this.#figures.values()) if (shape === 'sensor') posts.push({ item, foot: to });
    this.#signs.show(posts, camera, height_px);
  }

  /** The thing under a point of the picture (−1 to 1 both ways), when nothing of the city stands before it. */
  under(at: Vector2, city: (from: Vector3, direction: Vector3) => Vector3 | null): LiveItem | null {
    const caster = new Raycaster();
    caster.setFromCamera(at, this.#stage.camera);
    let best: { item: LiveItem; distance: number } | null = null;
    for (const { paint, trim, drawn } of this.#kinds.values()) {
      for (const mesh of [paint, trim]) {
        mesh.computeBoundingSphere();
        const hit = caster.intersectObject(mesh)[0];
        if (hit?.instanceId !== undefined && (!best || hit.distance < best.distance)) best = { item: drawn[hit.instanceId]!, distance: hit.distance };
      }
    }
    if (best === null) return null;
    const wall = city(caster.ray.origin, caster.ray.direction);
    return wall !== null && wall.distanceTo(caster.ray.origin) < best.distance - 0.5 ? null : best.item;
  }

  #take(items: ReadonlyMap<string, LiveItem>): void {
    // A picture of a city where nothing lives is not drawn again for news of nothing.
    if (items.size === 0 && this.#figures.size === 0) return;
    const now_ms = performance.now();
    for (const [id, { item }] of this.#figures) if (!items.has(id) || !this.#choice.shows_kind(item.kind)) this.#figures.delete(id);
    for (const [id, item] of items) {
      if (!item.location || !this.#choice.shows_kind(item.kind)) continue;
      const known = this.#figures.get(id);
      const heading = item.values.find((value) => value.name === 'heading')?.value;
      const heading_rad = typeof heading === 'number' ? (heading * Math.PI) / 180 : (known?.heading_rad ?? 0);
      const glide = known?.glide ?? new Glide(item.location, now_ms);
      // The line is asked for as soon as a vehicle is seen, so that it is known when it moves.
      const { courses } = this.#lines.of(this.#context.api, item.anchor);
      const has_moved = !known || distance_m(glide.to, item.location) > kStands_m;
      const named = this.#lines.named(this.#context.api, item);
      const shape = shape_of(item.kind, text_of(named, 'vehicleType'));
      if (known && !has_moved) {
        if (known.reported !== item) glide.stay(now_ms);
        Object.assign(known, { item: named, reported: item, shape, heading_rad });
        continue;
      }
      if (known) glide.go(item.location, courses, now_ms);
      const to = this.#frame.to_scene(item.location, this.#context.city.ground_height_m, new Vector3());
      if (known) to.y = known.to.y;
      this.#figures.set(id, { item: named, reported: item, shape, glide, from_y: known?.to.y ?? to.y, to, heading_rad, has_ground: false });
      if (known && to.distanceTo(this.#stage.camera.position) < kMoves_m) this.#until_ms = Math.max(this.#until_ms, glide.until_ms);
    }
    this.#changed = true;
    this.#ask();
  }

  /** Where it is on its way, on the ground where that is known; that is looked for once a place. Turned as its way goes. */
  #place(figure: Figure, now_ms: number, glides: boolean): void {
    if (!figure.has_ground && this.solid !== null) {
      const ground_m = this.solid.known_height_at(figure.to.x, figure.to.y + 200, figure.to.z);
      if (ground_m !== null) {
        figure.to.y = ground_m;
        figure.has_ground = true;
        if (Math.abs(figure.from_y - ground_m) > 200) figure.from_y = ground_m;
      }
    }
    const moves = glides && now_ms < figure.glide.until_ms;
    const { lat, lon, heading_deg } = figure.glide.at(moves ? now_ms : figure.glide.until_ms);
    this.#frame.to_scene({ lat, lon }, figure.to.y, this.#at);
    this.#at.y = figure.from_y + (figure.to.y - figure.from_y) * figure.glide.part(moves ? now_ms : figure.glide.until_ms);
    this.#turn.setFromAxisAngle(kUp, moves && heading_deg !== null ? (-heading_deg * Math.PI) / 180 : -figure.heading_rad);
  }
}

function kind_of(shape: LiveShape): Kind {
  const { paint, trim } = shape_parts(shape);
  return { paint: many_of(paint), trim: many_of(trim), drawn: [] };
}

/** One shape many times, at the places that are set. */
function many_of(geometry: BufferGeometry): InstancedMesh {
  const mesh = new InstancedMesh(geometry, new MeshBasicMaterial({ vertexColors: true }), kFigures_max);
  mesh.count = 0;
  mesh.visible = false;
  mesh.frustumCulled = false;
  return mesh;
}
