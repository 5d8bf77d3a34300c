// What lives, in the 3D view: vehicles on their way and sensors on a pole, in the one colour that means "live". The list beside the
// picture says the same in words.
import { BoxGeometry, BufferAttribute, Color, InstancedMesh, Matrix4, MeshBasicMaterial, OctahedronGeometry, Quaternion, Raycaster, Vector3, type BufferGeometry, type Vector2 } from 'three';
import type { ViewContext } from '../../lib/view';
import { live_feed, type LiveItem } from '../../live/live_feed';
import { is_stale } from '../../live/live_words';
import type { CityFrame } from './city_frame';
import type { SolidGround } from './solid_ground';
import type { Stage } from './stage';

const kFigures_max = 600;
/** Further away a vehicle is a few dots, and what moves must not keep the picture from resting. */
const kMoves_m = 900;
/** A vehicle's new place comes about every two seconds; it glides there in so long. */
const kGlide_ms = 1800;
const kVehicle_m = { width: 2.5, height: 3, length: 10 };
const kSensor_m = { size: 0.7, above: 4 };
/** sRGB; the shades of the faces darken it to about --live of the light theme. */
const kLive = new Color('#a8447a');
const kOld = new Color('#8b8374');
const kUp = new Vector3(0, 1, 0);

interface Figure {
  item: LiveItem;
  from: Vector3;
  to: Vector3;
  heading_rad: number;
  since_ms: number;
  has_ground: boolean;
}

export class LiveFigures {
  solid: SolidGround | null = null;
  readonly #context: ViewContext;
  readonly #frame: CityFrame;
  readonly #stage: Stage;
  readonly #ask: () => void;
  readonly #vehicles = meshes_of(new BoxGeometry(kVehicle_m.width, kVehicle_m.height, kVehicle_m.length), kVehicle_m.height / 2);
  readonly #sensors = meshes_of(new OctahedronGeometry(kSensor_m.size), kSensor_m.above);
  readonly #figures = new Map<string, Figure>();
  readonly #stops: (() => void)[] = [];
  readonly #at = new Vector3();
  readonly #turn = new Quaternion();
  readonly #size = new Vector3(1, 1, 1);
  readonly #matrix = new Matrix4();
  #drawn: { vehicles: LiveItem[]; sensors: LiveItem[] } = { vehicles: [], sensors: [] };
  #changed = false;
  #until_ms = 0;

  constructor(context: ViewContext, frame: CityFrame, stage: Stage, ask: () => void) {
    this.#context = context;
    this.#frame = frame;
    this.#stage = stage;
    this.#ask = ask;
    stage.scene.add(this.#vehicles, this.#sensors);
    const feed = live_feed();
    feed.look_at(context.state.now);
    this.#stops.push(
      context.state.subscribe((now) => feed.look_at(now)),
      feed.subscribe(() => this.#take(feed.items)),
    );
    this.#take(feed.items);
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
    for (const mesh of [this.#vehicles, this.#sensors]) {
      this.#stage.scene.remove(mesh);
      mesh.geometry.dispose();
      (mesh.material as MeshBasicMaterial).dispose();
      mesh.dispose();
    }
  }

  /** Tiles came or went: what stands on the ground may stand higher or lower. */
  ground_changed(): void {
    for (const figure of this.#figures.values()) figure.has_ground = false;
    this.#changed ||= this.#figures.size > 0;
  }

  /** Puts everything where it is now; true while something near glides. */
  step(now_ms: number): boolean {
    if (this.#figures.size === 0 && !this.#changed) return false;
    const glides = now_ms < this.#until_ms && !this.#context.theme.reduced_motion;
    if (!glides && !this.#changed) return false;
    this.#changed = glides;
    const vehicles: LiveItem[] = [];
    const sensors: LiveItem[] = [];
    for (const figure of this.#figures.values()) {
      const list = figure.item.kind === 'Vehicle' ? vehicles : sensors;
      if (list.length === kFigures_max) continue;
      const mesh = figure.item.kind === 'Vehicle' ? this.#vehicles : this.#sensors;
      const part = glides ? Math.min(1, (now_ms - figure.since_ms) / kGlide_ms) : 1;
      this.#at.lerpVectors(figure.from, figure.to, part);
      this.#stand(figure);
      this.#turn.setFromAxisAngle(kUp, -figure.heading_rad);
      mesh.setMatrixAt(list.length, this.#matrix.compose(this.#at, this.#turn, this.#size));
      mesh.setColorAt(list.length, is_stale(figure.item, live_feed().now_ms) ? kOld : kLive);
      list.push(figure.item);
    }
    for (const [mesh, list] of [[this.#vehicles, vehicles], [this.#sensors, sensors]] as const) {
      mesh.count = list.length;
      mesh.visible = list.length > 0;
      mesh.instanceMatrix.needsUpdate = true;
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
    }
    this.#drawn = { vehicles, sensors };
    return glides;
  }

  /** The thing under a point of the picture (−1 to 1 both ways), when nothing of the city stands before it. */
  under(at: Vector2, city: (from: Vector3, direction: Vector3) => Vector3 | null): LiveItem | null {
    const caster = new Raycaster();
    caster.setFromCamera(at, this.#stage.camera);
    let best: { item: LiveItem; distance: number } | null = null;
    for (const [mesh, list] of [[this.#vehicles, this.#drawn.vehicles], [this.#sensors, this.#drawn.sensors]] as const) {
      mesh.computeBoundingSphere();
      const hit = caster.intersectObject(mesh)[0];
      if (hit?.instanceId !== undefined && (!best || hit.distance < best.distance)) best = { item: list[hit.instanceId]!, distance: hit.distance };
    }
    if (best === null) return null;
    const wall = city(caster.ray.origin, caster.ray.direction);
    return wall !== null && wall.distanceTo(caster.ray.origin) < best.distance - 0.5 ? null : best.item;
  }

  #take(items: ReadonlyMap<string, LiveItem>): void {
    // A picture of a city where nothing lives is not drawn again for news of nothing.
    if (items.size === 0 && this.#figures.size === 0) return;
    const now_ms = performance.now();
    for (const id of this.#figures.keys()) if (!items.has(id)) this.#figures.delete(id);
    for (const [id, item] of items) {
      if (!item.location) continue;
      const known = this.#figures.get(id);
      const to = this.#frame.to_scene(item.location, known?.to.y ?? this.#context.city.ground_height_m, new Vector3());
      if (known) to.y = known.to.y;
      const heading = item.values.find((value) => value.name === 'heading')?.value;
      const heading_rad = typeof heading === 'number' ? (heading * Math.PI) / 180 : (known?.heading_rad ?? 0);
      const has_moved = !known || Math.hypot(known.to.x - to.x, known.to.z - to.z) > 0.05;
      if (known && !has_moved) known.item = item;
      else {
        this.#figures.set(id, { item, from: known ? known.to.clone() : to.clone(), to, heading_rad, since_ms: now_ms, has_ground: false });
        if (known && to.distanceTo(this.#stage.camera.position) < kMoves_m) this.#until_ms = now_ms + kGlide_ms;
      }
    }
    this.#changed = true;
    this.#ask();
  }

  /** On the ground where that is known; it is looked for once a place. */
  #stand(figure: Figure): void {
    if (!figure.has_ground && this.solid !== null) {
      const ground_m = this.solid.known_height_at(figure.to.x, figure.to.y + 200, figure.to.z);
      if (ground_m !== null) {
        figure.to.y = ground_m;
        figure.has_ground = true;
        if (figure.from.distanceTo(figure.to) > 200) figure.from.copy(figure.to);
      }
    }
    this.#at.y = figure.to.y;
  }
}

/** One shape many times, standing `up_m` above its place; faces that look down or away from the sun are darker. */
function meshes_of(geometry: BufferGeometry, up_m: number): InstancedMesh {
  const solid = geometry.index === null ? geometry : geometry.toNonIndexed();
  solid.translate(0, up_m, 0);
  solid.computeVertexNormals();
  const normals = solid.getAttribute('normal');
  const shades = new Float32Array(normals.count * 3);
  for (let i = 0; i < normals.count; i++) shades.fill(0.72 + 0.2 * normals.getY(i) + 0.08 * normals.getX(i), i * 3, i * 3 + 3);
  solid.setAttribute('color', new BufferAttribute(shades, 3));
  const mesh = new InstancedMesh(solid, new MeshBasicMaterial({ vertexColors: true }), kFigures_max);
  mesh.count = 0;
  mesh.visible = false;
  mesh.frustumCulled = false;
  return mesh;
}
