// The 3D view: the shared situation drawn as a city one can walk into, and hands that change that situation.
import { mount, unmount } from 'svelte';
import { Vector3, Vector4 } from 'three';
import { known_zone, wall_time } from '../../lib/city_time';
import { kEyeHeight_m, type Situation } from '../../lib/situation';
import { kSeenMax, type CityView, type ViewContext } from '../../lib/view';
import type { MessageKey } from '../../lib/words';
import { Choosing } from './choosing';
import { CityFrame } from './city_frame';
import { Company } from './company';
import { DrawLoop } from './draw_loop';
import Hud from './hud.svelte';
import { HudModel, type HudActions } from './hud_model.svelte';
import { Hands } from './intent';
import { Journey, kOnFoot_m } from './journey';
import { keep_quality, kept_quality } from './kept_quality';
import { LiveFigures } from './live_figures';
import { LookingAt, Tint } from './looking_at';
import { kModes, type Mode } from './moving';
import { copy_pose, heading_to, looking, place_camera, type Pose } from './pose';
import type { OpenModel } from './model';
import type { QualityChoice } from './quality';
import { Stage } from './stage';
import { Stick } from './stick';
import { TileStream } from './tile_stream';
import { Whereabouts } from './whereabouts';

/** The page hears of the place this often while one moves. */
const kTell_ms = 250;
const kMinute_ms = 60_000;
/** Movement that has ended for this long has ended. */
const kRested_ms = 200;
const kRefine_ms = 100;
/** A tile in view comes within this time of the tileset, or the picture stands without. */
const kNothing_ms = 4000;
/** The finest shadows reach this far around a walker. */
const kNearShadow_m = 140;

/** Everything that is there only while there is a picture. */
interface Picture {
  stage: Stage;
  looking_at: LookingAt;
  selected: Tint;
  pointed: Tint;
  company: Company;
  /** Null in a hall. */
  live: LiveFigures | null;
}

export class ThreeView implements CityView {
  readonly #context: ViewContext;
  readonly #frame: CityFrame;
  readonly #zone: string;
  readonly #model = new HudModel();
  readonly #canvas = document.createElement('canvas');
  readonly #loop = new DrawLoop((step_s) => this.#draw(step_s));
  readonly #journey: Journey;
  readonly #whereabouts: Whereabouts;
  readonly #focus = new Vector3();
  readonly #gone: (() => void)[] = [];
  readonly #choosing: Choosing;
  #picture: Picture | null = null;
  #hands: Hands | null = null;
  #hud: Record<string, unknown> | null = null;
  #told: Partial<Situation> = {};
  #told_ms = 0;
  #rest_timer: ReturnType<typeof setTimeout> | undefined;
  #first_picture: (() => void) | null = null;
  #in_headset = false;
  /** The last picture was of a movement of one's own, or of a change that ends. */
  #moved = true;
  #destroyed = false;
  /** The tileset is known, and none of its tiles came into view for a while. */
  #nothing_here = false;

  constructor(context: ViewContext) {
    this.#context = context;
    this.#frame = new CityFrame(context.city.origin);
    this.#choosing = new Choosing(context);
    this.#zone = known_zone(context.city.time_zone);
    this.#whereabouts = new Whereabouts(context, (here) => (this.#model.here = here));
    this.#journey = new Journey({
      height_px: () => this.#picture?.stage.height ?? 1,
      view_deg: () => this.#picture?.stage.camera.fov ?? 60,
      meets: (from, direction) => this.#picture?.looking_at.meets(from, direction) ?? null,
      still: () => context.theme.reduced_motion,
      arrived: () => this.#tell(),
    });
  }

  async mount(element: HTMLElement): Promise<void> {
    const { state } = this.#context;
    const [open_model] = await Promise.all([this.#model_opener(), this.#context.words.add('three'), this.#context.words.add('live')]);
    if (this.#destroyed) return;
    const stage = this.#open_stage(element, open_model);
    if (stage === null) {
      this.#context.fail(this.#say('three.no_webgl'));
      return;
    }
    const teal = (strength: number) => new Vector4(0.11, 0.52, 0.6, strength);
    this.#picture = {
      stage,
      looking_at: new LookingAt(stage.tiles),
      selected: new Tint(stage.scene, teal(0.45), 1),
      pointed: new Tint(stage.scene, teal(0.16), 0),
      company: new Company(this.#context, this.#frame, stage, this.#journey, () => this.#loop.ask()),
      live: this.#context.room ? null : new LiveFigures(this.#context, this.#frame, stage, () => this.#loop.ask()),
    };
    this.#gone.push(stage.follow(element, () => this.#loop.ask()));
    await this.#stand_first();
    if (this.#picture === null) return;
    this.#set_moment();
    this.#gone.push(state.subscribe((now, before) => this.#situation_changed(now, before)));
    const minute = setInterval(() => state.now.time_ms === null && this.#set_moment(), kMinute_ms);
    this.#gone.push(() => clearInterval(minute));
    this.#make_hands();
    this.#model.selected = state.now.object !== null;
    this.#picture.selected.show(state.now.object, stage.tiles);
    const first = new Promise<void>((resolve) => (this.#first_picture = resolve));
    this.#choose_quality(kept_quality());
    await first;
    this.#make_hud(element);
    void this.#load_ground();
    void this.#offer_headset();
  }

  destroy(): void {
    this.#destroyed = true;
    for (const end of this.#gone) end();
    clearTimeout(this.#rest_timer);
    this.#loop.stop();
    this.#hands?.destroy();
    this.#whereabouts.stop();
    this.#picture?.selected.dispose();
    this.#picture?.pointed.dispose();
    this.#picture?.company.destroy();
    this.#picture?.live?.destroy();
    this.#picture?.stage.dispose();
    this.#picture = null;
    this.#first_picture?.();
    if (this.#hud !== null) void unmount(this.#hud);
  }

  #say(key: string): string {
    return this.#context.words.say(key as MessageKey);
  }

  /** The city's tiles, or the walls and the floor of the hall that one is in. */
  async #model_opener(): Promise<OpenModel> {
    const { room, city } = this.#context;
    if (!room) return (materials, events) => new TileStream(city.tiles.tileset_url, this.#frame.scene_from_earth, materials, events);
    const { HallModel } = await import('./hall_model');
    return (materials, events) => new HallModel(room, this.#context, materials, events);
  }

  #open_stage(element: HTMLElement, open_model: OpenModel): Stage | null {
    const canvas = this.#canvas;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', `${this.#say('three.label')}, ${this.#context.city.name}. ${this.#say('three.keys_hint')}`);
    canvas.style.cssText = 'display:block;inline-size:100%;block-size:100%;touch-action:none;outline-offset:-4px';
    element.append(canvas);
    return Stage.open(canvas, this.#frame, open_model, {
      changed: () => this.#loop.ask(),
      loaded: () => this.#tiles_changed(),
      gone: (tile) => {
        this.#journey.solid?.forget(tile);
        this.#tiles_changed();
      },
      known: () => this.#give_up_soon(),
      settled: () => this.#tiles_settled(),
      failed: (reason) => console.error(`3D tiles: ${reason}`),
      lost: () => {
        this.#loop.paused = true;
        this.#context.announce(this.#say('three.lost'));
      },
      restored: () => (this.#loop.paused = false),
    });
  }

  /**
   * Takes the place of the address. Who has only arrived, and said nothing of how to look, sees the city from its first viewpoint,
   * from above; from the ground, the first thing to be seen may be a wall. Who is among people stays with them.
   */
  async #stand_first(): Promise<void> {
    const { state, city } = this.#context;
    const journey = this.#journey;
    const now = state.now;
    const is_here = (one: { lat: number; lon: number }) => Math.abs(one.lat - now.lat) < 2e-5 && Math.abs(one.lon - now.lon) < 2e-5;
    const unsaid = now.heading_deg === 0 && now.pitch_deg === 0 && now.height_m === kEyeHeight_m;
    const may_rise = unsaid && !this.#picture?.company.is_among_people;
    const view = may_rise && city.viewpoints.some(is_here) ? city.viewpoints[0] : city.viewpoints.find(is_here);
    if (view !== undefined && may_rise) {
      const { lat, lon, height_m, heading_deg, pitch_deg } = view;
      state.update({ lat, lon, height_m, heading_deg, pitch_deg });
    }
    journey.ground_m = view?.ground_height_m ?? (await this.#whereabouts.ground_m(state.now)) ?? city.ground_height_m;
    this.#write_pose(journey.pose, state.now);
    this.#use_mode(state.now.height_m <= kOnFoot_m ? 'walk' : 'orbit');
  }

  #write_pose(pose: Pose, situation: Situation): void {
    this.#frame.to_scene(situation, this.#journey.ground_m + situation.height_m, pose.eye);
    pose.heading_deg = situation.heading_deg;
    pose.pitch_deg = situation.pitch_deg;
  }

  #make_hands(): void {
    const stick = new Stick(this.#canvas.parentElement!);
    this.#gone.push(() => stick.remove());
    this.#hands = new Hands(this.#canvas, {
      stirred: () => this.#loop.ask(),
      tapped: (x, y) => this.#picture && this.#choosing.select_at(this.#picture, x, y),
      pointed: (at) => this.#point_at(at),
      stick: (at) => {
        stick.show(at);
        this.#loop.ask();
      },
      key: (event) => this.#key(event),
    });
    this.#hands.stick_on = this.#journey.mode === 'walk';
  }

  #make_hud(element: HTMLElement): void {
    const actions: HudActions = {
      set_mode: (mode) => this.#change_mode(mode),
      zoom: (nearer) => this.#go(() => this.#journey.nudge(nearer)),
      face_north: () => this.#go(() => this.#journey.go({ ...copy_pose(this.#journey.pose), heading_deg: 0 })),
      set_moment: (time_ms) => this.#context.state.update({ time_ms }),
      set_quality: (choice) => this.#choose_quality(choice),
      go_to_selected: () => void this.#go_to_selected(),
      see_oneself: () => void this.#see_oneself(),
      enter_headset: () => void this.#enter_headset(),
    };
    this.#hud = mount(Hud, {
      target: element,
      props: { model: this.#model, actions, words: this.#context.words, time_zone: this.#zone },
    });
  }

  #draw(step_s: number): boolean {
    const picture = this.#picture;
    if (picture === null || this.#in_headset) return false;
    const now_ms = performance.now();
    const goes_on = this.#journey.step(step_s, this.#hands?.take() ?? null);
    const lives = picture.live?.step(now_ms) ?? false;
    const others_move = picture.company.step(now_ms, step_s) || lives;
    this.#render(picture, now_ms);
    if (this.#first_picture !== null && (picture.stage.tiles.visible_tiles > 0 || this.#nothing_here)) {
      this.#first_picture();
      this.#first_picture = null;
      this.#refine_soon(picture.stage);
    }
    if (goes_on || others_move) picture.stage.frame_took(step_s);
    if (goes_on) {
      if (performance.now() - this.#told_ms > kTell_ms) this.#tell();
    } else if (this.#moved) {
      this.#rest_soon();
    }
    this.#moved = goes_on || !others_move;
    return goes_on || others_move || (this.#hands?.has_gamepad ?? false);
  }

  #render({ stage, company, live }: Picture, now_ms: number): void {
    const { pose, above_m, on_foot } = this.#journey;
    place_camera(stage.camera, pose);
    company.compose(stage.camera, stage.height, now_ms);
    live?.compose(stage.camera, stage.height);
    this.#focus.copy(pose.eye);
    if (!on_foot) this.#focus.addScaledVector(looking(pose), above_m * 1.6);
    stage.tiles.stand_at(on_foot && stage.refines ? pose.eye : null);
    this.#model.heading_deg = Math.round(pose.heading_deg);
    stage.draw(above_m, this.#focus, on_foot ? kNearShadow_m : Math.max(kNearShadow_m, above_m * 1.8));
  }

  /** Tells the page where one is. */
  #tell(): void {
    const journey = this.#journey;
    this.#told_ms = performance.now();
    journey.find_ground();
    const place = this.#frame.to_lat_lon(journey.pose.eye);
    this.#told = {
      lat: Number(place.lat.toFixed(7)),
      lon: Number(place.lon.toFixed(7)),
      height_m: journey.mode === 'walk' ? kEyeHeight_m : Math.round(journey.above_m * 10) / 10,
      heading_deg: journey.pose.heading_deg,
      pitch_deg: Math.round(journey.pose.pitch_deg * 10) / 10,
    };
    this.#context.state.update(this.#told);
  }

  /** When movement has ended, the page, the list and the reader of the screen learn where that is. */
  #rest_soon(): void {
    clearTimeout(this.#rest_timer);
    this.#rest_timer = setTimeout(() => {
      if (this.#picture === null) return;
      if (this.#told_ms > 0) this.#tell();
      this.#show_seen(this.#picture);
      // Height of the ground under the eye, for whoever checks the picture from outside.
      this.#canvas.dataset['ground_m'] = this.#journey.ground_m.toFixed(2);
      void this.#whereabouts.look(this.#context.state.now);
    }, kRested_ms);
  }

  #show_seen({ stage, looking_at }: Picture): void {
    this.#context.show_seen(
      looking_at.seen(stage.camera, kSeenMax).map(({ feature, middle, distance_m }) => ({
        id: feature.id,
        kind: feature.kind,
        class: feature.use,
        name: feature.name,
        ...this.#frame.to_lat_lon(middle),
        distance_m,
        bearing_deg: heading_to(this.#journey.pose.eye, middle).heading_deg,
      })),
    );
  }

  /** Finer tiles wait until the first picture is on the screen. */
  #refine_soon(stage: Stage): void {
    const wait = setTimeout(() => {
      stage.refines = true;
      this.#loop.ask();
    }, kRefine_ms);
    this.#gone.push(() => clearTimeout(wait));
  }

  /** Who looks away from the city, or stands outside it, gets a picture of sky and not an endless wait. */
  #give_up_soon(): void {
    const wait = setTimeout(() => {
      this.#nothing_here = true;
      if (this.#first_picture !== null) this.#loop.ask();
    }, kNothing_ms);
    this.#gone.push(() => clearTimeout(wait));
  }

  #tiles_changed(): void {
    this.#picture?.stage.spoil_shadows();
    this.#loop.ask();
  }

  #tiles_settled(): void {
    if (this.#picture === null) return;
    const { stage, selected, pointed } = this.#picture;
    selected.refresh(stage.tiles);
    pointed.refresh(stage.tiles);
    this.#picture.company.ground_changed();
    this.#picture.live?.ground_changed();
    this.#journey.settle();
    this.#tiles_changed();
  }

  async #load_ground(): Promise<void> {
    const { SolidGround } = await import('./solid_ground');
    if (this.#picture === null) return;
    this.#journey.solid = new SolidGround(this.#picture.stage.tiles);
    this.#picture.company.solid = this.#journey.solid;
    if (this.#picture.live) this.#picture.live.solid = this.#journey.solid;
    if (this.#journey.settle()) this.#loop.ask();
  }

  #situation_changed(now: Situation, before: Situation): void {
    if (this.#picture === null) return;
    if (now.time_ms !== before.time_ms) this.#set_moment();
    if (now.object !== before.object) {
      this.#model.selected = now.object !== null;
      if (this.#picture.selected.show(now.object, this.#picture.stage.tiles)) this.#loop.ask();
    }
    const keys = ['lat', 'lon', 'height_m', 'heading_deg', 'pitch_deg'] as const;
    if (keys.every((key) => now[key] === before[key] || now[key] === this.#told[key])) return;
    void this.#go_to_situation(now);
  }

  async #go_to_situation(now: Situation): Promise<void> {
    const journey = this.#journey;
    journey.ground_m = (await this.#whereabouts.ground_m(now)) ?? journey.ground_m;
    const pose = copy_pose(journey.pose);
    this.#write_pose(pose, now);
    this.#use_mode(now.height_m <= kOnFoot_m ? 'walk' : journey.mode === 'walk' ? 'orbit' : journey.mode);
    this.#go(() => journey.go(pose));
  }

  #go(begin: () => void): void {
    begin();
    this.#loop.ask();
  }

  #use_mode(mode: Mode): void {
    this.#journey.use_mode(mode);
    this.#model.mode = mode;
    if (this.#hands !== null) this.#hands.stick_on = mode === 'walk';
  }

  #change_mode(mode: Mode): void {
    this.#context.announce(this.#say(`three.mode.${mode}`));
    this.#go(() => {
      const pose = this.#journey.change_mode(mode);
      if (mode === 'walk') void this.#come_down_outside(pose);
    });
    this.#model.mode = mode;
    if (this.#hands !== null) this.#hands.stick_on = mode === 'walk';
  }

  /** Who would come down inside of a building comes down on the street before it; the tiles may know only its roof yet. */
  async #come_down_outside(pose: Pose): Promise<void> {
    const journey = this.#journey;
    const outside = await this.#whereabouts.street_before(this.#frame.to_lat_lon(pose.eye), pose.heading_deg);
    if (outside === null || this.#picture === null || journey.mode !== 'walk') return;
    const eye = this.#frame.to_scene(outside, outside.ground_height_m + kEyeHeight_m);
    journey.ground_m = outside.ground_height_m;
    this.#go(() => journey.go({ ...pose, eye, heading_deg: outside.heading_deg }));
  }

  #point_at(at: { x: number; y: number } | null): void {
    if (this.#picture === null || this.#journey.moving) return;
    const { changed, cursor } = this.#choosing.point_at(this.#picture, at);
    if (cursor !== null) this.#canvas.style.cursor = cursor;
    if (changed) this.#loop.ask();
  }

  /** Keys beside those for moving. */
  #key(event: KeyboardEvent): boolean {
    if (this.#picture === null) return false;
    const { stage } = this.#picture;
    const mode = kModes[['Digit1', 'Digit2', 'Digit3'].indexOf(event.code)];
    if (mode !== undefined) this.#change_mode(mode);
    else if (event.code === 'Enter') this.#choosing.select_at(this.#picture, stage.width / 2, stage.height / 2);
    else if (event.code === 'KeyN') this.#choosing.select_next(this.#picture, event.shiftKey ? -1 : 1);
    else if (event.code === 'KeyV') void this.#see_oneself();
    else if (event.code === 'KeyG') void this.#go_to_selected();
    else if (event.code === 'Escape' && this.#context.state.now.object !== null) this.#context.select(null);
    else return false;
    return true;
  }

  async #go_to_selected(): Promise<void> {
    const id = this.#context.state.now.object;
    const answer = id === null ? null : await this.#context.api.object(id);
    if (answer === null || !answer.ok || this.#picture === null) return;
    const thing = answer.value;
    const tall_m = thing.building?.height_m ?? 4;
    const middle = this.#frame.to_scene(thing, thing.ground_height_m + tall_m * 0.5);
    const pose = copy_pose(this.#journey.pose);
    pose.eye.copy(middle).addScaledVector(looking({ heading_deg: pose.heading_deg, pitch_deg: -30 }), -Math.max(25, tall_m * 2.2));
    Object.assign(pose, heading_to(pose.eye, middle));
    this.#journey.ground_m = thing.ground_height_m;
    if (this.#journey.mode === 'walk') this.#use_mode('orbit');
    this.#go(() => this.#journey.go(pose));
  }

  /** Over one's own shoulder and back; who flies comes down for it. */
  async #see_oneself(): Promise<void> {
    const company = this.#picture?.company;
    if (company === undefined) return;
    const on = !company.over_shoulder;
    this.#model.sees_oneself = on;
    if (on && this.#journey.mode !== 'walk') this.#change_mode('walk');
    await company.look_over_shoulder(on);
  }

  #set_moment(): void {
    const chosen = this.#context.state.now.time_ms;
    const time_ms = chosen ?? Date.now();
    const wall = wall_time(time_ms, this.#zone);
    const stage = this.#picture?.stage;
    stage?.set_moment(time_ms, Number(wall.slice(11, 13)) + Number(wall.slice(14, 16)) / 60);
    this.#model.time_ms = time_ms;
    this.#model.is_now = chosen === null;
    this.#model.sun_up = (stage?.sun.elevation_deg ?? 1) > 0;
    this.#loop.ask();
  }

  #choose_quality(choice: QualityChoice): void {
    this.#model.quality = choice;
    this.#picture?.stage.choose_quality(choice);
    keep_quality(choice);
    this.#loop.ask();
  }

  async #offer_headset(): Promise<void> {
    this.#model.headset = (await navigator.xr?.isSessionSupported('immersive-vr').catch(() => false)) ?? false;
  }

  async #enter_headset(): Promise<void> {
    const solid = this.#journey.solid;
    if (this.#picture === null || solid === null || this.#in_headset) return;
    const { HeadsetVisit } = await import('./headset');
    const visit = new HeadsetVisit(this.#picture.stage, solid, this.#journey.pose, this.#picture.company, this.#context.theme.reduced_motion);
    this.#in_headset = true;
    this.#loop.paused = true;
    const failed = await visit.run().then(() => false, () => true);
    this.#in_headset = false;
    if (failed) this.#context.announce(this.#say('three.headset_failed'));
    else this.#use_mode('walk');
    if (this.#picture !== null && !failed) this.#tell();
    this.#loop.paused = false;
  }
}
