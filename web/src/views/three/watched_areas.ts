// Where one wants to be told, in the 3D view: a low curtain along the edge of each area, in the colour that means "live". The list of
// alerts says the same in words.
import { BufferAttribute, BufferGeometry, DoubleSide, Mesh, MeshBasicMaterial, Vector3 } from 'three';
import { alert_rings, on_areas } from '../../alerts/alert_areas';
import { distance_m, type LatLon } from '../../lib/ground';
import type { CityFrame } from './city_frame';
import { kOrder } from './city_materials';
import { along_ring } from './ring_points';
import type { SolidGround } from './solid_ground';
import type { Stage } from './stage';

/** The curtain follows the ground by steps of so much. */
const kStep_m = 12;
const kPoints_max = 4000;
/** Over the ground, and so far into it that no slope opens a gap. */
const kTall_m = 6;
const kDeep_m = 12;
const kLive = 0xa8447a;
const kStrength = 0.45;

export class WatchedAreas {
  readonly #frame: CityFrame;
  readonly #stage: Stage;
  readonly #unknown_m: number;
  readonly #ask: () => void;
  readonly #stop: () => void;
  #curtain: Mesh<BufferGeometry, MeshBasicMaterial> | null = null;
  #places: readonly Vector3[][] = [];
  #changed = false;

  /** `unknown_m`: how high the ground is taken to be where nothing is known of it. */
  constructor(frame: CityFrame, stage: Stage, unknown_m: number, ask: () => void) {
    this.#frame = frame;
    this.#stage = stage;
    this.#unknown_m = unknown_m;
    this.#ask = ask;
    this.#stop = on_areas(() => this.#take(alert_rings()));
    this.#take(alert_rings());
  }

  destroy(): void {
    this.#stop();
    this.#drop();
  }

  ground_changed(): void {
    this.#changed ||= this.#places.length > 0;
  }

  /** Before a picture is drawn. */
  step(solid: SolidGround | null): void {
    if (!this.#changed) return;
    this.#changed = false;
    this.#drop();
    if (this.#places.length === 0) return;
    const shape = curtain_of(this.#places.map((ring) => ring.map((place) => this.#on_ground(place, solid))));
    const paint = new MeshBasicMaterial({ color: kLive, transparent: true, opacity: kStrength, side: DoubleSide, depthWrite: false });
    this.#curtain = new Mesh(shape, paint);
    this.#curtain.name = 'watched-areas';
    this.#curtain.renderOrder = kOrder.tint;
    this.#stage.scene.add(this.#curtain);
  }

  #take(rings: readonly (readonly LatLon[])[]): void {
    if (rings.length === 0 && this.#places.length === 0) return;
    const around_m = rings.reduce((sum, ring) => sum + ring.reduce((length, at, i) => length + distance_m(at, ring[(i + 1) % ring.length]!), 0), 0);
    const step_m = Math.max(kStep_m, around_m / kPoints_max);
    this.#places = rings.map((ring) => along_ring(ring, step_m).map((at) => this.#frame.to_scene(at, this.#unknown_m, new Vector3())));
    this.#changed = true;
    this.#ask();
  }

  #on_ground(place: Vector3, solid: SolidGround | null): Vector3 {
    const known_m = solid?.known_height_at(place.x, place.y + 500, place.z) ?? null;
    // What was known of a tile that went is better than nothing.
    if (known_m !== null) place.y = known_m;
    return place;
  }

  #drop(): void {
    if (this.#curtain === null) return;
    this.#stage.scene.remove(this.#curtain);
    this.#curtain.geometry.dispose();
    this.#curtain.material.dispose();
    this.#curtain = null;
  }
}

/** An upright strip along each ring, which is closed. */
export function curtain_of(rings: readonly (readonly Vector3[])[]): BufferGeometry {
  const points: number[] = [];
  const faces: number[] = [];
  for (const ring of rings) {
    const first = points.length / 3;
    for (const { x, y, z } of ring) points.push(x, y - kDeep_m, z, x, y + kTall_m, z);
    for (let i = 0; i < ring.length; i++) {
      const low = first + 2 * i;
      const next = first + 2 * ((i + 1) % ring.length);
      faces.push(low, next, low + 1, next, next + 1, low + 1);
    }
  }
  const shape = new BufferGeometry();
  shape.setAttribute('position', new BufferAttribute(new Float32Array(points), 3));
  shape.setIndex(faces);
  return shape;
}
