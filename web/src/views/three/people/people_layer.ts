// The people of the picture: bodies, names and words over heads, crowds, and one's own body, from the list of who is near.
import { Group, Vector3, type PerspectiveCamera } from 'three';
import { kLookMembers, whole_look, type WholeLook } from '../../../avatars/look';
import type { Neighbour, People, PersonId, Pose } from '../../../people/people';
import type { ViewContext } from '../../../lib/view';
import type { CityFrame } from '../city_frame';
import type { SolidGround } from '../solid_ground';
import type { Stage } from '../stage';
import { CrowdFigures } from './crowd';
import { kStand_m, sits_in_chair, stands_tall_m } from './figure_pose';
import { Figures, type Figure } from './figures';
import { GroundShadow } from './ground_shadow';
import { Label, style_of_page, type Sign, type SignStyle } from './labels';
import { OwnFigure } from './own_figure';
import { share_here } from './personal_space';
import { SharedFigures } from './shared_figures';
import { Walking } from './walking';

/** Names are shown of the nearest only: more could not be read. */
const kNamesMax = 24;
const kNamesMax_weak = 12;
const kNamed_m = 45;
/** One's own people are named from farther away. */
const kNamedFriend_m = 150;
/** Words stay over a head for so long, and longer when there is more to read. */
const kBubble_ms = 4000;
const kBubble_ms_letter = 60;
const kBubble_ms_max = 14_000;
const kOverHead_m = 0.17;
const kBubbleGap_px = 3;
/** Nearer to the eye than this, a body would be seen from inside. */
const kInside_m = 0.55;
/** Feet are put on the drawn ground up to here, when it is not farther off than this. */
const kFeet_m = 60;
const kFeetOff_m = 1.2;
const kStep_m = 0.3;
const kUnknownGround = { ground_x: Infinity, ground_z: 0, ground_off_m: 0 };

interface Shown {
  walking: Walking;
  figure: Figure | null;
  look: WholeLook;
  look_key: string;
  name: Label | null;
  bubble: Label | null;
  /** Where the drawn ground was last asked for, and how much higher than told it is. */
  ground_x: number;
  ground_z: number;
  ground_off_m: number;
}

export class PeopleLayer {
  readonly group = new Group();
  readonly own: OwnFigure;
  readonly #stage: Stage;
  readonly #frame: CityFrame;
  readonly #context: ViewContext;
  readonly #ask: () => void;
  readonly #figures: Figures;
  readonly #shadow: GroundShadow;
  readonly #crowd: CrowdFigures;
  readonly #shared: SharedFigures;
  readonly #shown = new Map<PersonId, Shown>();
  readonly #gone: (() => void)[] = [];
  readonly #at = new Vector3();
  readonly #boxes: Box[] = [];
  #people: People | null = null;
  #solid: SolidGround | null = null;
  #style: SignStyle;
  #bubble_end: ReturnType<typeof setTimeout> | undefined;
  #crowd_drawn: People['crowds'] | null = null;
  #shared_stale = false;

  constructor(stage: Stage, frame: CityFrame, context: ViewContext, ask: () => void) {
    this.#stage = stage;
    this.#frame = frame;
    this.#context = context;
    this.#ask = ask;
    this.#figures = new Figures(stage.materials);
    this.#shadow = new GroundShadow(stage.materials);
    this.#crowd = new CrowdFigures(stage.materials);
    this.#shared = new SharedFigures(stage.materials);
    this.own = new OwnFigure(this.#figures);
    this.group.add(this.#figures.group, this.#shadow.mesh, this.#crowd.mesh, this.#shared.group);
    stage.scene.add(this.group);
    stage.unshadowed.push(this.group);
    this.#style = style_of_page(context.words.direction);
    const restyle = (): void => {
      this.#style = style_of_page(context.words.direction);
      ask();
    };
    this.#gone.push(context.words.subscribe(restyle), context.theme.subscribe(restyle));
  }

  /** The first people, or others after a while. */
  join(people: People): void {
    this.#people = people;
    for (const name of ['moved', 'changed', 'vanished'] as const) this.#gone.push(people.on(name, () => this.#people_changed()));
    this.#people_changed();
  }

  #people_changed(): void {
    this.#shared_stale = true;
    this.#ask();
  }

  set solid(solid: SolidGround | null) {
    this.#solid = solid;
    this.ground_changed();
  }

  /** Tiles came or went: feet and crowds are put on the ground anew. */
  ground_changed(): void {
    this.#crowd_drawn = null;
    for (const shown of this.#shown.values()) shown.ground_x = Infinity;
  }

  /** Figures that stand in the scene, oneself left out. */
  get count(): number {
    return this.#shown.size;
  }
  get triangles(): number {
    return this.#figures.triangles;
  }

  /** Brings everybody to a moment. True: somebody goes on moving. */
  step(now_ms: number, step_s: number): boolean {
    const people = this.#people;
    let goes_on = this.own.step(now_ms, step_s);
    if (people === null) return goes_on;
    for (const [person, shown] of this.#shown) if (!people.neighbours.has(person)) this.#let_go(person, shown);
    for (const neighbour of people.neighbours.values()) {
      const shown = this.#show(neighbour);
      const came = shown.walking.step(now_ms, step_s, (pose, target) => this.#place(people, shown, pose, target));
      if (came.changed && shown.figure !== null) shown.figure.changed = true;
      goes_on ||= came.goes_on;
    }
    if (people.crowds !== this.#crowd_drawn) {
      this.#crowd_drawn = people.crowds;
      this.#crowd.show(people.crowds, (x_m, y_m) => this.#stand_in_crowd(people, x_m, y_m));
    }
    if (this.#shared_stale) {
      this.#shared_stale = false;
      this.#shared.show(people.shared.values(), ({ x_m, y_m, z_m }) => this.#frame.to_scene(people.plane.to_lat_lon(x_m, y_m), z_m, this.#at));
    }
    return goes_on;
  }

  /** Just before a picture is drawn. `height_px`: CSS pixels of the view. `own_feet`: where one stands oneself; null in flight. */
  compose(camera: PerspectiveCamera, height_px: number, now_ms: number, own_feet: Vector3 | null): void {
    const weak = this.#stage.quality.tier === 0;
    const own_m = this.#people?.me.personal_m ?? 0;
    for (const { figure, walking } of this.#shown.values()) {
      if (figure === null) continue;
      const { feet } = walking.posture;
      figure.hidden = this.#is_inside(feet, camera);
      figure.here = own_feet === null ? 1 : share_here(feet.distanceTo(own_feet), Math.max(own_m, walking.neighbour.about.personal_m));
    }
    this.#figures.update(camera, height_px * Math.min(2, this.#stage.renderer.getPixelRatio()), weak);
    this.#shadow.begin();
    for (const { figure, walking } of this.#shown.values()) if (figure !== null && figure.seen_m < kFeet_m && figure.here === 1) this.#shadow.add(walking.posture.feet);
    if (this.own.is_drawn) this.#shadow.add(this.own.posture.feet);
    this.#shadow.end();
    this.#compose_names(camera, height_px, weak, now_ms);
    this.#shared.compose(camera, height_px, this.#style);
  }

  /** Whose body a ray meets first, and how far away. */
  meets(from: Vector3, direction: Vector3): { neighbour: Neighbour; distance_m: number } | null {
    let best: { neighbour: Neighbour; distance_m: number } | null = null;
    for (const { walking, look, figure } of this.#shown.values()) {
      if (figure === null || figure.seen_m === Infinity) continue;
      const distance_m = along_to_body(from, direction, walking.posture.feet, tall_m(look, walking));
      if (distance_m !== null && (best === null || distance_m < best.distance_m)) best = { neighbour: walking.neighbour, distance_m };
    }
    return best;
  }

  /** Which of the things that people put down a ray meets first. */
  meets_shared(from: Vector3, direction: Vector3): { object: number; distance_m: number } | null {
    return this.#shared.meets(from, direction);
  }

  dispose(): void {
    for (const end of this.#gone) end();
    clearTimeout(this.#bubble_end);
    for (const [person, shown] of this.#shown) this.#let_go(person, shown);
    this.#figures.dispose();
    this.#shadow.dispose();
    this.#crowd.dispose();
    this.#shared.dispose();
    this.group.removeFromParent();
  }

  #show(neighbour: Neighbour): Shown {
    let shown = this.#shown.get(neighbour.person);
    const key = look_key(neighbour);
    if (shown === undefined || shown.look_key !== key || shown.walking.neighbour !== neighbour) {
      if (shown?.figure) this.#figures.remove(shown.figure);
      const walking = shown?.walking.neighbour === neighbour ? shown.walking : new Walking(neighbour);
      const look = whole_look(neighbour.about.look, neighbour.person);
      const figure = this.#figures.add(walking.posture, look);
      shown = { walking, figure, look, look_key: key, name: shown?.name ?? null, bubble: shown?.bubble ?? null, ...kUnknownGround };
      this.#shown.set(neighbour.person, shown);
    }
    return shown;
  }

  #let_go(person: PersonId, shown: Shown): void {
    if (shown.figure !== null) this.#figures.remove(shown.figure);
    shown.name?.dispose();
    shown.bubble?.dispose();
    this.#shown.delete(person);
  }

  /** On the ground that is drawn, near enough to see it; asked for anew after a step, since asking costs. */
  #place(people: People, shown: Shown, pose: Readonly<Pose>, target: Vector3): void {
    this.#frame.to_scene(people.plane.to_lat_lon(pose.x_m, pose.y_m), pose.z_m, target);
    if (this.#solid === null || target.distanceToSquared(this.#stage.camera.position) > kFeet_m * kFeet_m) return;
    if (Math.hypot(target.x - shown.ground_x, target.z - shown.ground_z) > kStep_m) {
      const ground = this.#solid.height_at(target.x, target.y, target.z, 0.6);
      shown.ground_x = target.x;
      shown.ground_z = target.z;
      shown.ground_off_m = ground !== null && Math.abs(ground - target.y) < kFeetOff_m ? ground - target.y : 0;
    }
    target.y += shown.ground_off_m;
  }

  #stand_in_crowd(people: People, x_m: number, y_m: number): Vector3 | null {
    this.#frame.to_scene(people.plane.to_lat_lon(x_m, y_m), people.me.pose.z_m, this.#at);
    if (this.#solid === null) return this.#at;
    const ground = this.#solid.known_height_at(this.#at.x, this.#at.y + 20, this.#at.z);
    if (ground !== null) this.#at.y = ground;
    return this.#at;
  }

  #is_inside(feet: Vector3, camera: PerspectiveCamera): boolean {
    const eye = this.#at.setFromMatrixPosition(camera.matrixWorld);
    return Math.hypot(eye.x - feet.x, eye.z - feet.z) < kInside_m && eye.y > feet.y && eye.y < feet.y + 2.2;
  }

  #compose_names(camera: PerspectiveCamera, height_px: number, weak: boolean, now_ms: number): void {
    const near = [...this.#shown.values()]
      .filter(({ figure, walking }) => (figure?.seen_m ?? Infinity) < (walking.neighbour.is_in_group ? kNamedFriend_m : kNamed_m))
      .sort((a, b) => a.figure!.seen_m - b.figure!.seen_m)
      .slice(0, weak ? kNamesMax_weak : kNamesMax);
    // Who speaks first, then the nearest; a name that would lie over another is left out.
    const speaking = new Set(near.filter(({ walking }) => bubble_end_ms(walking.neighbour) > now_ms));
    const taken = new Set<Shown>();
    this.#boxes.length = 0;
    let next_end_ms = Infinity;
    for (const shown of [...speaking, ...near]) {
      if (taken.has(shown) || !this.#compose_signs(shown, camera, height_px, speaking.has(shown))) continue;
      taken.add(shown);
      if (speaking.has(shown)) next_end_ms = Math.min(next_end_ms, bubble_end_ms(shown.walking.neighbour));
    }
    for (const shown of this.#shown.values()) {
      if (!taken.has(shown)) shown.name?.hide();
      if (!taken.has(shown) || !speaking.has(shown)) shown.bubble?.hide();
    }
    clearTimeout(this.#bubble_end);
    if (next_end_ms < Infinity) this.#bubble_end = setTimeout(this.#ask, next_end_ms - now_ms + 20);
  }

  /** False: there is no room. */
  #compose_signs(shown: Shown, camera: PerspectiveCamera, height_px: number, speaks: boolean): boolean {
    const { neighbour, posture } = shown.walking;
    const { x, y, z } = posture.feet;
    const top = y + tall_m(shown.look, shown.walking) + kOverHead_m;
    shown.name ??= new Label(this.group);
    shown.name.say(this.#name_of(neighbour), this.#style);
    if (speaks) {
      const { text, lang, kind } = neighbour.speech!;
      shown.bubble ??= new Label(this.group);
      shown.bubble.say({ ...kPlain, kind: kind === 'caption' ? 'caption' : 'bubble', text, lang }, this.#style);
    }
    const wide = Math.max(shown.name.width_px, speaks ? shown.bubble!.width_px : 0);
    const high = shown.name.height_px + (speaks ? shown.bubble!.height_px + kBubbleGap_px : 0);
    const at = this.#at.set(x, top, z).project(camera);
    const box = { x: (at.x * camera.aspect * height_px) / 2, y: (at.y * height_px) / 2, wide, high };
    const here = shown.figure!.here;
    shown.name.here = here;
    if (speaks) shown.bubble!.here = here;
    if (at.z > 1 || (!speaks && this.#boxes.some((other) => overlaps(box, other)))) return false;
    this.#boxes.push(box);
    shown.name.stand(x, top, z, 0, camera, height_px);
    if (speaks) shown.bubble!.stand(x, top, z, shown.name.height_px + kBubbleGap_px, camera, height_px);
    return true;
  }

  #name_of({ about, is_in_group, is_speaking, is_muted }: Neighbour): Sign {
    const text = about.name === '' ? this.#context.words.say('three.people.somebody') : about.name;
    return {
      ...kPlain, text, more: about.pronouns, is_verified: about.is_verified, is_friend: is_in_group, is_speaking: is_speaking && !is_muted,
    };
  }
}

/** Of a sign on the screen, CSS pixels: middle of its foot, up is positive. */
interface Box {
  x: number;
  y: number;
  wide: number;
  high: number;
}
function overlaps(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < (a.wide + b.wide) / 2 && a.y < b.y + b.high && b.y < a.y + a.high;
}

const kPlain: Sign = { kind: 'name', text: '', more: '', is_verified: false, is_friend: false, is_speaking: false, lang: '' };

function look_key({ about, is_seated }: Neighbour): string {
  return `${is_seated ? 1 : 0}${kLookMembers.map(({ name }) => about.look[name] ?? '').join()}`;
}

function tall_m(look: WholeLook, { posture }: Walking): number {
  const tall = stands_tall_m(look);
  return sits_in_chair(look) || posture.seated ? tall * (1 - 0.275 / kStand_m) : tall;
}

function bubble_end_ms({ speech, is_muted }: Neighbour): number {
  if (speech === null || is_muted) return 0;
  return speech.at_ms + Math.min(kBubble_ms_max, kBubble_ms + kBubble_ms_letter * speech.text.length);
}

/** Where a ray comes nearest to an upright body of 0.35 m around; null where it passes by. */
function along_to_body(from: Vector3, direction: Vector3, feet: Vector3, height_m: number): number | null {
  const flat = direction.x ** 2 + direction.z ** 2;
  if (flat < 1e-9) return null;
  const along = ((feet.x - from.x) * direction.x + (feet.z - from.z) * direction.z) / flat;
  if (along <= 0) return null;
  const x = from.x + direction.x * along - feet.x;
  const z = from.z + direction.z * along - feet.z;
  const y = from.y + direction.y * along - feet.y;
  return Math.hypot(x, z) < 0.35 && y > -0.1 && y < height_m + 0.1 ? along : null;
}
