// One's company in the 3D view: brings the people near into the picture, one's own body to them, and takes what the node corrects.
// The code that draws people is loaded when there are some, or when one wants to see oneself.
import { MathUtils, Vector2, Vector3, type PerspectiveCamera } from 'three';
import { kGestures, kSkin, type AvatarLook } from '../../avatars/look';
import { kEyeHeight_m } from '../../lib/situation';
import type { ViewContext } from '../../lib/view';
import type { Body, Neighbour, People, Pose as PlanePose, Tracked } from '../../people/people';
import type { CityFrame } from './city_frame';
import type { Journey } from './journey';
import type { PeopleLayer } from './people/people_layer';
import { copy_pose } from './pose';
import type { SolidGround } from './solid_ground';
import type { Stage } from './stage';

/** A correction below this is felt as nothing and taken at once; beyond it the eye is moved there. */
const kSlide_m = 2.5;

export class Company {
  /** Set while a headset tells where head and hands are: feet in the scene, and which way the body stands. */
  headset: { tracked: Tracked; heading_deg: number; feet: Vector3 } | null = null;
  readonly #context: ViewContext;
  readonly #frame: CityFrame;
  readonly #stage: Stage;
  readonly #journey: Journey;
  readonly #ask: () => void;
  readonly #gone: (() => void)[] = [];
  readonly #feet = new Vector3();
  readonly #eye = new Vector3();
  readonly #ray = new Vector3();
  #people: People | null = null;
  #layer: PeopleLayer | null = null;
  #loading: Promise<PeopleLayer | null> | null = null;
  #over_shoulder = false;
  #own_gesture = 'none';
  #destroyed = false;

  constructor(context: ViewContext, frame: CityFrame, stage: Stage, journey: Journey, ask: () => void) {
    this.#context = context;
    this.#frame = frame;
    this.#stage = stage;
    this.#journey = journey;
    this.#ask = ask;
    this.#gone.push(context.with_people((people) => void this.#join(people)));
  }

  /** Others see where one is. */
  get is_among_people(): boolean {
    const presence = this.#people?.presence ?? 'off';
    return presence !== 'off' && presence !== 'ended';
  }
  get over_shoulder(): boolean {
    return this.#over_shoulder;
  }
  /** Of one's own hands, sRGB. */
  get skin(): string {
    return this.#layer?.own.skin ?? kSkin[0]!;
  }

  set solid(solid: SolidGround) {
    if (this.#layer !== null) this.#layer.solid = solid;
  }

  /** Tiles came or went. */
  ground_changed(): void {
    this.#layer?.ground_changed();
  }

  /** True: somebody goes on moving. */
  step(now_ms: number, step_s: number): boolean {
    const layer = this.#layer;
    if (layer === null) return false;
    if (layer.own.show(this.#over_shoulder && this.#journey.on_foot && this.headset === null)) this.#ask();
    if (layer.own.is_drawn) layer.own.follow(this.#journey.pose);
    this.#follow_own_gesture(now_ms);
    return layer.step(now_ms, step_s);
  }

  /** After the camera was put at the eye, before the picture is drawn. */
  compose(camera: PerspectiveCamera, height_px: number, now_ms: number): void {
    if (this.#layer === null) return;
    if (this.#layer.own.is_drawn) this.#layer.own.look_over(camera, this.#journey.pose, this.#journey.solid);
    this.#layer.compose(camera, height_px, now_ms, this.#own_feet());
  }

  /** Looks over one's own shoulder, or out of one's own eyes again. */
  async look_over_shoulder(on: boolean): Promise<void> {
    this.#over_shoulder = on;
    if (on) await this.#load();
    if (this.#layer !== null && on) await this.#dress_own(this.#layer);
    this.#ask();
  }

  /**
   * Who stands, or what somebody put down, under a point of the picture (−1 to 1 both ways), when nothing of the city stands before it:
   * a neighbour, or a shared object's number.
   */
  under(at: Vector2, camera: PerspectiveCamera, city: (from: Vector3, direction: Vector3) => Vector3 | null): Neighbour | number | null {
    const eye = this.#feet.setFromMatrixPosition(camera.matrixWorld);
    const ray = this.#ray.set(at.x, at.y, 0.5).unproject(camera).sub(eye).normalize();
    const somebody = this.#layer?.meets(eye, ray) ?? null;
    const something = this.#layer?.meets_shared(eye, ray) ?? null;
    const distance_m = Math.min(somebody?.distance_m ?? Infinity, something?.distance_m ?? Infinity);
    if (distance_m === Infinity) return null;
    const wall = city(eye, ray);
    if (wall !== null && wall.distanceTo(eye) < distance_m - 0.3) return null;
    return somebody?.distance_m === distance_m ? somebody.neighbour : something!.object;
  }

  destroy(): void {
    this.#destroyed = true;
    if (this.#people !== null && this.#people.body === this.#body) this.#people.body = null;
    for (const end of this.#gone) end();
    this.#layer?.dispose();
    this.#layer = null;
  }

  async #load(): Promise<PeopleLayer | null> {
    this.#loading ??= import('./people/people_layer').then(({ PeopleLayer: Layer }) => {
      if (this.#destroyed) return null;
      this.#layer = new Layer(this.#stage, this.#frame, this.#context, this.#ask);
      this.#layer.solid = this.#journey.solid;
      return this.#layer;
    });
    return this.#loading;
  }

  async #join(people: People): Promise<void> {
    if (people === this.#people) return;
    this.#people = people;
    people.body = this.#body;
    this.#gone.push(people.on('corrected', ({ pose, is_leap }) => this.#corrected(people, pose, is_leap)));
    const layer = await this.#load();
    if (layer === null) return;
    layer.join(people);
    await this.#dress_own(layer);
  }

  async #dress_own(layer: PeopleLayer): Promise<void> {
    const answer = await this.#context.api.send<{ look?: AvatarLook }>('GET', '/api/v1/me');
    layer.own.look = { look: answer.ok ? (answer.value.look ?? null) : null, person: this.#people?.me.person ?? 0 };
    this.#ask();
  }

  /** Where one's body is for others: under the eye of who walks, nowhere for who flies. */
  readonly #body = (): Body | null => {
    const { journey, headset } = { journey: this.#journey, headset: this.headset };
    const feet = this.#own_feet();
    if (this.#people === null || feet === null) return null;
    const place = this.#frame.to_lat_lon(feet);
    const { x_m, y_m } = this.#people.plane.to_plane(place);
    // The scene is flat and the Earth is not: heights of the data are this much more than heights of the scene.
    const z_m = feet.y - this.#frame.to_scene(place, 0, this.#feet).y;
    const heading_deg = MathUtils.euclideanModulo(headset?.heading_deg ?? journey.pose.heading_deg, 360);
    return { pose: { x_m, y_m, z_m, heading_deg }, tracked: headset?.tracked ?? null };
  };

  /** Where one stands oneself, in the scene; null in flight. */
  #own_feet(): Vector3 | null {
    if (this.headset !== null) return this.headset.feet;
    const { on_foot, pose } = this.#journey;
    return on_foot ? this.#eye.copy(pose.eye).setY(pose.eye.y - kEyeHeight_m) : null;
  }

  #corrected(people: People, to: PlanePose, is_leap: boolean): void {
    const journey = this.#journey;
    const feet = this.#frame.to_scene(people.plane.to_lat_lon(to.x_m, to.y_m), to.z_m, new Vector3());
    const pose = copy_pose(journey.pose);
    const way_m = Math.hypot(feet.x - pose.eye.x, feet.z - pose.eye.z);
    if (!is_leap && !journey.on_foot) return;
    pose.eye.copy(feet).y += kEyeHeight_m;
    if (way_m < kSlide_m) {
      if (!journey.on_foot) return;
      journey.pose.eye.x = pose.eye.x;
      journey.pose.eye.z = pose.eye.z;
      journey.settle();
    } else {
      journey.ground_m = to.z_m;
      journey.use_mode('walk');
      pose.pitch_deg = 0;
      journey.go(pose);
    }
    this.#ask();
  }

  #follow_own_gesture(now_ms: number): void {
    const gesture = this.#people?.me.gesture ?? 'none';
    if (gesture === this.#own_gesture) return;
    this.#own_gesture = gesture;
    const number = Math.max(0, kGestures.findIndex(({ name }) => name === gesture));
    this.#layer?.own.gesture(number, kGestures[number]!.length_s, now_ms);
  }
}
