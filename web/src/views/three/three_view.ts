// The 3D view: the shared situation drawn as a city one can walk into, and hands that change that situation.
import { mount, unmount } from 'svelte';
import { Vector2, Vector3, Vector4 } from 'three';
import { known_zone, wall_time } from '../../lib/city_time';
import type { Situation } from '../../lib/situation';
import { kEyeHeight_m } from '../../lib/situation';
import type { CityView, ViewContext } from '../../lib/view';
import { kSeenMax } from '../../lib/view';
import type { MessageKey } from '../../lib/words';
import { CityFrame } from './city_frame';
import { DrawLoop } from './draw_loop';
import Hud from './hud.svelte';
import { HudModel, type HudActions } from './hud_model.svelte';
import { Hands, is_still } from './intent';
import { LookingAt, Tint } from './looking_at';
import { Flyer, kModes, Orbiter, Walker, type Mode, type Mover, type World } from './moving';
import { copy_pose, heading_to, looking, place_camera, Transition, type Pose } from './pose';
import type { QualityChoice } from './quality';
import type { SolidGround } from './solid_ground';
import { Stage } from './stage';
import { Whereabouts } from './whereabouts';

/** The page hears of the place this often while one moves. */
const kTell_ms = 250;
/** Lower than this one is on foot. */
const kOnFoot_m = 3;
const kMinute_ms = 60_000;
/** A mouse that moves asks what is under it at most this often. */
const kPoint_ms = 90;
const kQualityKey = 'citiverse.three.quality';

export class ThreeView implements CityView, World {
  readonly #context: ViewContext;
  readonly #frame: CityFrame;
  readonly #zone: string;
  readonly #model = new HudModel();
  readonly #canvas = document.createElement('canvas');
  readonly #loop = new DrawLoop((step_s) => this.#draw(step_s));
  readonly #movers = { walk: new Walker(), fly: new Flyer(), orbit: new Orbiter() };
  readonly #pose: Pose = { eye: new Vector3(), heading_deg: 0, pitch_deg: 0 };
  readonly #focus = new Vector3();
  readonly #whereabouts: Whereabouts;
  readonly #gone: (() => void)[] = [];
  #stage: Stage | null = null;
  #looking_at: LookingAt | null = null;
  #selected: Tint | null = null;
  #pointed: Tint | null = null;
  #hands: Hands | null = null;
  #hud: Record<string, unknown> | null = null;
  #solid: SolidGround | null = null;
  #transition: Transition | null = null;
  #mode: Mode = 'orbit';
  #ground_m = 0;
  #told: Partial<Situation> = {};
  #told_ms = 0;
  #moving = false;
  #pointed_ms = 0;
  #settle_timer: ReturnType<typeof setTimeout> | undefined;
  #first_picture: (() => void) | null = null;
  #in_headset = false;

  constructor(context: ViewContext) {
    this.#context = context;
    this.#frame = new CityFrame({ lat: context.city.origin.lat, lon: context.city.origin.lon });
    this.#zone = known_zone(context.city.time_zone);
    this.#whereabouts = new Whereabouts(context, (here) => (this.#model.here = here));
  }

  async mount(element: HTMLElement): Promise<void> {
    const { context, stage } = { context: this.#context, stage: this.#build(element) };
    if (stage === null) {
      context.fail(this.#say('three.no_webgl'));
      return;
    }
    this.#stage = stage;
    this.#looking_at = new LookingAt(stage.tiles);
    this.#selected = new Tint(stage.scene as never, new Vector4(0.11, 0.52, 0.6, 0.42), 1);
    this.#pointed = new Tint(stage.scene as never, new Vector4(0.11, 0.52, 0.6, 0.16), 0);
    this.#follow_size(element, stage);
    await this.#stand_first();
    this.#set_moment();
    this.#gone.push(context.state.subscribe((now, before) => this.#situation_changed(now, before)));
    const minute = setInterval(() => context.state.now.time_ms === null && this.#set_moment(), kMinute_ms);
    this.#gone.push(() => clearInterval(minute));
    this.#hands = this.#make_hands();
    this.#selected.show(context.state.now.object, stage.tiles);
    this.#model.selected = context.state.now.object !== null;
    const first = new Promise<void>((resolve) => (this.#first_picture = resolve));
    this.#loop.ask();
    await first;
    this.#make_hud(element);
    void this.#load_ground();
    void this.#offer_headset();
  }

  destroy(): void {
    for (const end of this.#gone) end();
    clearTimeout(this.#settle_timer);
    this.#loop.stop();
    this.#hands?.destroy();
    this.#whereabouts.stop();
    this.#selected?.dispose();
    this.#pointed?.dispose();
    this.#stage?.dispose();
    this.#stage = null;
    if (this.#hud !== null) void unmount(this.#hud);
  }

  // What the ways of moving ask of the world.
  get height_px(): number {
    return this.#stage?.height ?? 1;
  }
  get view_deg(): number {
    return this.#stage?.camera.fov ?? 60;
  }
  walk(feet: Vector3, step_x: number, step_z: number): Vector3 | null {
    return this.#solid?.walk(feet, step_x, step_z) ?? null;
  }
  ground_at(x: number, y: number, z: number): number | null {
    return this.#solid?.known_height_at(x, y, z) ?? this.#ground_m;
  }

  #say(key: string): string {
    return this.#context.words.say(key as MessageKey);
  }

  #build(element: HTMLElement): Stage | null {
    const canvas = this.#canvas;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', `${this.#say('three.label')}, ${this.#context.city.name}. ${this.#say('three.keys_hint')}`);
    canvas.style.cssText = 'display:block;inline-size:100%;block-size:100%;touch-action:none;outline-offset:-4px';
    element.append(canvas);
    return Stage.open(canvas, this.#frame, this.#context.city.tiles.tileset_url, {
      changed: () => this.#loop.ask(),
      loaded: () => this.#tiles_changed(),
      gone: (tile) => {
        this.#solid?.forget(tile);
        this.#tiles_changed();
      },
      settled: () => this.#tiles_settled(),
      failed: (reason) => console.error(`3D tiles: ${reason}`),
      lost: () => {
        this.#loop.paused = true;
        this.#context.announce(this.#say('three.lost'));
      },
      restored: () => (this.#loop.paused = false),
    });
  }

  #follow_size(element: HTMLElement, stage: Stage): void {
    const box = element.getBoundingClientRect();
    stage.resize(box.width, box.height);
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      stage.resize(entry.contentRect.width, entry.contentRect.height);
      this.#loop.ask();
    });
    observer.observe(element);
    this.#gone.push(() => observer.disconnect());
  }

  /** Takes the place of the address; where that says nothing of how one looks, the city's best viewpoint does. */
  async #stand_first(): Promise<void> {
    const { state, city } = this.#context;
    const view = city.viewpoints.find((one) => Math.abs(one.lat - state.now.lat) < 2e-5 && Math.abs(one.lon - state.now.lon) < 2e-5);
    const now = state.now;
    const unsaid = now.heading_deg === 0 && now.pitch_deg === 0 && now.height_m === kEyeHeight_m;
    if (view !== undefined && unsaid) {
      this.#ground_m = view.ground_height_m;
      state.update({ height_m: view.height_m, heading_deg: view.heading_deg, pitch_deg: view.pitch_deg });
    } else {
      this.#ground_m = view?.ground_height_m ?? (await this.#whereabouts.ground_m(now)) ?? city.ground_height_m;
    }
    this.#write_pose(this.#pose, state.now);
    this.#set_mode(state.now.height_m <= kOnFoot_m ? 'walk' : 'orbit', false);
  }

  #write_pose(pose: Pose, situation: Situation): void {
    this.#frame.to_scene(situation, this.#ground_m + situation.height_m, pose.eye);
    pose.heading_deg = situation.heading_deg;
    pose.pitch_deg = situation.pitch_deg;
  }

  #make_hands(): Hands {
    const hands = new Hands(this.#canvas, {
      stirred: () => this.#loop.ask(),
      tapped: (x, y) => this.#select_at(x, y),
      pointed: (at) => this.#point_at(at),
      key: (event) => this.#key(event),
    });
    hands.stick_on = this.#mode === 'walk';
    return hands;
  }

  #make_hud(element: HTMLElement): void {
    const actions: HudActions = {
      set_mode: (mode) => this.#set_mode(mode, true),
      zoom: (nearer) => this.#nudge(nearer),
      face_north: () => this.#go({ ...copy_pose(this.#pose), heading_deg: 0 }),
      set_moment: (time_ms) => this.#context.state.update({ time_ms }),
      set_quality: (choice) => this.#choose_quality(choice),
      go_to_selected: () => void this.#go_to_selected(),
      enter_headset: () => void this.#enter_headset(),
    };
    this.#choose_quality(kept_quality());
    this.#hud = mount(Hud, { target: element, props: { model: this.#model, actions, words: this.#context.words, time_zone: this.#zone } });
  }

  #draw(step_s: number): boolean {
    const stage = this.#stage;
    const hands = this.#hands;
    if (stage === null || this.#in_headset) return false;
    let goes_on = false;
    if (this.#transition !== null) {
      goes_on = this.#transition.step(step_s, this.#pose);
      if (!goes_on) this.#arrived();
    } else if (hands !== null) {
      const intent = hands.take();
      const stirred = !is_still(intent) || this.#moving;
      if (stirred) goes_on = (this.#movers[this.#mode] as Mover).step(step_s, intent, this.#pose, this);
    }
    this.#moving = goes_on;
    this.#render(stage);
    if (this.#first_picture !== null && stage.tiles.visible_tiles > 0) {
      this.#first_picture();
      this.#first_picture = null;
    }
    if (goes_on) {
      stage.frame_took(step_s);
      this.#tell(false);
    } else {
      this.#rested();
    }
    return goes_on || (hands?.has_gamepad ?? false);
  }

  #render(stage: Stage): void {
    place_camera(stage.camera, this.#pose);
    const above_m = Math.max(kEyeHeight_m, this.#pose.eye.y - this.#ground_m);
    const walking = this.#mode === 'walk' && this.#transition === null;
    if (walking) this.#focus.copy(this.#pose.eye);
    else this.#focus.copy(this.#pose.eye).addScaledVector(looking(this.#pose), above_m * 1.6);
    stage.tiles.stand_at(walking ? this.#pose.eye : null);
    this.#model.heading_deg = Math.round(this.#pose.heading_deg);
    stage.draw(above_m, this.#focus, walking ? 140 : Math.max(140, above_m * 1.8));
  }

  /** Tells the page where one is. */
  #tell(at_once: boolean): void {
    const now_ms = performance.now();
    if (!at_once && now_ms - this.#told_ms < kTell_ms) return;
    this.#told_ms = now_ms;
    const place = this.#frame.to_lat_lon(this.#pose.eye);
    this.#find_ground();
    const height_m = Math.max(0, this.#pose.eye.y - this.#ground_m);
    this.#told = {
      lat: Number(place.lat.toFixed(7)),
      lon: Number(place.lon.toFixed(7)),
      height_m: this.#mode === 'walk' ? kEyeHeight_m : Math.round(height_m * 10) / 10,
      heading_deg: this.#pose.heading_deg,
      pitch_deg: Math.round(this.#pose.pitch_deg * 10) / 10,
    };
    this.#context.state.update(this.#told);
  }

  #find_ground(): void {
    const { x, y, z } = this.#pose.eye;
    const known = this.#mode === 'walk' ? y - kEyeHeight_m : this.#solid?.known_height_at(x, y, z);
    if (known !== null && known !== undefined) this.#ground_m = known;
  }

  /** Movement has ended: the page, the list and the reader of the screen learn where that is. */
  #rested(): void {
    clearTimeout(this.#settle_timer);
    this.#settle_timer = setTimeout(() => {
      const stage = this.#stage;
      if (stage === null) return;
      if (this.#hands !== null && this.#told_ms > 0) this.#tell(true);
      this.#show_seen(stage);
      void this.#whereabouts.look(this.#context.state.now);
    }, 200);
  }

  #show_seen(stage: Stage): void {
    const seen = this.#looking_at?.seen(stage.camera, kSeenMax) ?? [];
    this.#context.show_seen(
      seen.map(({ feature, middle, distance_m }) => ({
        id: feature.id,
        kind: feature.kind as never,
        class: feature.use,
        name: feature.name,
        ...this.#frame.to_lat_lon(middle),
        distance_m,
        bearing_deg: heading_to(this.#pose.eye, middle).heading_deg,
      })),
    );
  }

  #tiles_changed(): void {
    const stage = this.#stage;
    if (stage === null) return;
    stage.spoil_shadows();
    this.#loop.ask();
  }

  #tiles_settled(): void {
    const stage = this.#stage;
    if (stage === null) return;
    this.#model.loading = false;
    this.#selected?.refresh(stage.tiles);
    this.#pointed?.refresh(stage.tiles);
    stage.spoil_shadows();
    this.#stand_on_ground();
    this.#loop.ask();
  }

  /** Tiles near the feet may have come after the feet: whoever walks is put on them. */
  #stand_on_ground(): void {
    if (this.#solid === null || this.#moving || this.#transition !== null) return;
    const { x, y, z } = this.#pose.eye;
    if (this.#mode !== 'walk') {
      const below = this.#solid.height_at(x, y, z, 0);
      if (below !== null) this.#ground_m = below;
      return;
    }
    const feet = y - kEyeHeight_m;
    const ground = this.#solid.height_at(x, feet, z, 3) ?? this.#solid.height_at(x, feet, z, 300);
    if (ground === null || Math.abs(ground - feet) < 0.01) return;
    this.#ground_m = ground;
    this.#pose.eye.y = ground + kEyeHeight_m;
    this.#loop.ask();
  }

  async #load_ground(): Promise<void> {
    const { SolidGround } = await import('./solid_ground');
    if (this.#stage === null) return;
    this.#solid = new SolidGround(this.#stage.tiles);
    this.#stand_on_ground();
  }

  #situation_changed(now: Situation, before: Situation): void {
    const stage = this.#stage;
    if (stage === null) return;
    if (now.time_ms !== before.time_ms) this.#set_moment();
    if (now.object !== before.object) {
      this.#model.selected = now.object !== null;
      if (this.#selected?.show(now.object, stage.tiles)) this.#loop.ask();
    }
    const keys = ['lat', 'lon', 'height_m', 'heading_deg', 'pitch_deg'] as const;
    if (keys.every((key) => now[key] === before[key] || now[key] === this.#told[key])) return;
    void this.#go_to_situation(now);
  }

  async #go_to_situation(now: Situation): Promise<void> {
    const ground = await this.#whereabouts.ground_m(now);
    if (ground !== null) this.#ground_m = ground;
    const pose = copy_pose(this.#pose);
    this.#write_pose(pose, now);
    this.#set_mode(now.height_m <= kOnFoot_m ? 'walk' : this.#mode === 'walk' ? 'orbit' : this.#mode, false);
    this.#go(pose);
  }

  /** Moves the eye there: smoothly, or at once where motion is not wanted. */
  #go(pose: Pose): void {
    for (const mode of kModes) this.#movers[mode].rest();
    if (this.#context.theme.reduced_motion) {
      Object.assign(this.#pose, { heading_deg: pose.heading_deg, pitch_deg: pose.pitch_deg });
      this.#pose.eye.copy(pose.eye);
      this.#arrived();
    } else {
      this.#transition = new Transition(this.#pose, pose);
    }
    this.#loop.ask();
  }

  #arrived(): void {
    this.#transition = null;
    if (this.#mode === 'orbit') this.#movers.orbit.take_over(this.#pose, this.#ground_m);
    this.#stand_on_ground();
    this.#tell(true);
  }

  /** Changes the way of moving; by_hand also moves the eye to where that way makes sense. */
  #set_mode(mode: Mode, by_hand: boolean): void {
    const before = this.#mode;
    this.#mode = mode;
    this.#model.mode = mode;
    if (this.#hands !== null) this.#hands.stick_on = mode === 'walk';
    if (!by_hand) {
      if (mode === 'orbit') this.#movers.orbit.take_over(this.#pose, this.#ground_m);
      return;
    }
    if (mode === before) return;
    this.#context.announce(this.#say(`three.mode.${mode}`));
    const pose = copy_pose(this.#pose);
    if (mode === 'walk') {
      const ahead = this.#landing();
      pose.eye.set(ahead.x, ahead.y + kEyeHeight_m, ahead.z);
      pose.pitch_deg = 0;
      this.#ground_m = ahead.y;
    } else if (before === 'walk') {
      pose.eye.addScaledVector(looking({ heading_deg: pose.heading_deg, pitch_deg: 0 }), mode === 'orbit' ? -60 : 0);
      pose.eye.y = this.#ground_m + (mode === 'orbit' ? 70 : 25);
      pose.pitch_deg = mode === 'orbit' ? -35 : -12;
    }
    this.#go(pose);
  }

  /** Where one comes down to walk: what the middle of the picture shows if that is ground, else straight below. */
  #landing(): Vector3 {
    const ahead = this.#looking_at?.meets(this.#pose.eye, looking(this.#pose));
    const eye = this.#pose.eye;
    const at = ahead && ahead.distanceTo(eye) < 3000 ? ahead : eye;
    const ground = this.#solid?.height_at(at.x, at.y, at.z, 2) ?? this.#solid?.height_at(at.x, eye.y, at.z, 300);
    return new Vector3(at.x, ground ?? (at === eye ? this.#ground_m : at.y), at.z);
  }

  #nudge(nearer: boolean): void {
    const pose = copy_pose(this.#pose);
    const above_m = Math.max(8, this.#pose.eye.y - this.#ground_m);
    if (this.#mode === 'walk') {
      const feet = new Vector3(pose.eye.x, pose.eye.y - kEyeHeight_m, pose.eye.z);
      const ahead = looking({ heading_deg: pose.heading_deg, pitch_deg: 0 }).multiplyScalar(nearer ? 0.3 : -0.3);
      for (let i = 0; i < 10; i++) feet.copy(this.walk(feet, ahead.x, ahead.z) ?? feet);
      pose.eye.set(feet.x, feet.y + kEyeHeight_m, feet.z);
    } else {
      pose.eye.addScaledVector(looking(pose), (nearer ? 0.45 : -0.8) * above_m);
      pose.eye.y = Math.max(pose.eye.y, this.#ground_m + 3);
    }
    this.#go(pose);
  }

  #select_at(x: number, y: number): void {
    const stage = this.#stage;
    if (stage === null) return;
    const at = new Vector2((x / stage.width) * 2 - 1, 1 - (y / stage.height) * 2);
    const picked = this.#looking_at?.under(at, stage.camera) ?? null;
    const id = picked?.feature.id ?? null;
    if (id !== this.#context.state.now.object) this.#context.select(id);
  }

  #point_at(at: { x: number; y: number } | null): void {
    const stage = this.#stage;
    const now_ms = performance.now();
    if (stage === null || this.#moving || (at !== null && now_ms - this.#pointed_ms < kPoint_ms)) return;
    this.#pointed_ms = now_ms;
    let id: string | null = null;
    if (at !== null) {
      const place = new Vector2((at.x / stage.width) * 2 - 1, 1 - (at.y / stage.height) * 2);
      const feature = this.#looking_at?.under(place, stage.camera)?.feature;
      if (feature !== undefined && feature.kind.startsWith('building')) id = feature.id;
      this.#canvas.style.cursor = feature === undefined ? 'default' : 'pointer';
    }
    if (id === this.#context.state.now.object) id = null;
    if (this.#pointed?.show(id, stage.tiles)) this.#loop.ask();
  }

  /** Keys beside those for moving. */
  #key(event: KeyboardEvent): boolean {
    const stage = this.#stage;
    if (stage === null) return false;
    const mode = kModes[['Digit1', 'Digit2', 'Digit3'].indexOf(event.code)];
    if (mode !== undefined) this.#set_mode(mode, true);
    else if (event.code === 'Enter') this.#select_at(stage.width / 2, stage.height / 2);
    else if (event.code === 'KeyN') this.#select_next(stage, event.shiftKey ? -1 : 1);
    else if (event.code === 'KeyG') void this.#go_to_selected();
    else if (event.code === 'Escape' && this.#context.state.now.object !== null) this.#context.select(null);
    else return false;
    return true;
  }

  /** From one object in view to the next, nearest first, and round again. */
  #select_next(stage: Stage, by: number): void {
    const seen = this.#looking_at?.seen(stage.camera, kSeenMax) ?? [];
    if (seen.length === 0) return;
    const at = seen.findIndex(({ feature }) => feature.id === this.#context.state.now.object);
    const next = seen[at < 0 ? 0 : (at + by + seen.length) % seen.length]!;
    this.#context.select(next.feature.id);
    const { words } = this.#context;
    const sort = words.term('kind', next.feature.kind);
    this.#context.announce(`${next.feature.name || sort}, ${words.distance(next.distance_m)}`);
  }

  async #go_to_selected(): Promise<void> {
    const id = this.#context.state.now.object;
    const answer = id === null ? null : await this.#context.api.object(id);
    if (answer === null || !answer.ok || this.#stage === null) return;
    const thing = answer.value;
    const tall_m = thing.building?.height_m ?? 4;
    const middle = this.#frame.to_scene(thing, thing.ground_height_m + tall_m * 0.5);
    const back_m = Math.max(25, tall_m * 2.2);
    const pose = copy_pose(this.#pose);
    pose.eye.copy(middle).addScaledVector(looking({ heading_deg: pose.heading_deg, pitch_deg: -30 }), -back_m);
    Object.assign(pose, heading_to(pose.eye, middle));
    this.#ground_m = thing.ground_height_m;
    if (this.#mode === 'walk') this.#set_mode('orbit', false);
    this.#go(pose);
  }

  #set_moment(): void {
    const chosen = this.#context.state.now.time_ms;
    const time_ms = chosen ?? Date.now();
    const wall = wall_time(time_ms, this.#zone);
    this.#stage?.set_moment(time_ms, Number(wall.slice(11, 13)) + Number(wall.slice(14, 16)) / 60);
    this.#model.time_ms = time_ms;
    this.#model.is_now = chosen === null;
    this.#model.sun_up = (this.#stage?.sun.elevation_deg ?? 1) > 0;
    this.#loop.ask();
  }

  #choose_quality(choice: QualityChoice): void {
    this.#model.quality = choice;
    this.#stage?.choose_quality(choice);
    keep_quality(choice);
    this.#loop.ask();
  }

  async #offer_headset(): Promise<void> {
    this.#model.headset = (await navigator.xr?.isSessionSupported('immersive-vr').catch(() => false)) ?? false;
  }

  async #enter_headset(): Promise<void> {
    const stage = this.#stage;
    if (stage === null || this.#solid === null || this.#in_headset) return;
    const { HeadsetVisit } = await import('./headset');
    const visit = new HeadsetVisit(stage, this.#solid, this.#pose, this.#context.theme.reduced_motion);
    this.#in_headset = true;
    this.#loop.paused = true;
    const start_failed = await visit.run().then(() => false, () => true);
    this.#in_headset = false;
    this.#loop.paused = false;
    if (start_failed) this.#context.announce(this.#say('three.headset_failed'));
    else if (this.#stage !== null) {
      this.#set_mode('walk', false);
      this.#tell(true);
    }
  }
}

function kept_quality(): QualityChoice {
  try {
    const kept = localStorage.getItem(kQualityKey);
    return kept === 'light' || kept === 'full' ? kept : 'automatic';
  } catch {
    return 'automatic';
  }
}

/** Where storage is forbidden a choice lasts as long as the page. */
function keep_quality(choice: QualityChoice): void {
  try {
    localStorage.setItem(kQualityKey, choice);
  } catch {
    return;
  }
}
