// The picture itself: renderer, camera, light and tiles on one canvas, drawn when asked and no better than the machine allows.
import { Color, PerspectiveCamera, Scene, Vector2, Vector3, WebGLRenderer, type Object3D } from 'three';
import type { CityFrame } from './city_frame';
import { CityMaterials, material_name } from './city_materials';
import type { Model, ModelEvents, OpenModel } from './model';
import { Quality, type QualityChoice } from './quality';
import { sun_position, type SunPosition } from './sun_position';
import { SunShadow } from './sun_shadow';

/** Upright angle of view: a person's field of attention, wide enough for streets. */
export const kView_deg = 58;
/** Screen pixels that stand for the near sun map when tiles behind the eye are chosen. */
const kShadowTiles_px = 192;
/** About half the side of a finest tile: its trees stand around its middle. */
const kTile_m = 150;

export interface StageEvents extends ModelEvents {
  /** The graphics chip was taken away, or is back. */
  lost(): void;
  restored(): void;
}

export class Stage {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(kView_deg, 1, 0.2, 10_000);
  readonly materials = new CityMaterials();
  readonly tiles: Model;
  readonly renderer: WebGLRenderer;
  readonly quality: Quality;
  /** What throws no shadow into the sun maps, since it moves more often than they are drawn. */
  readonly unshadowed: Object3D[] = [];
  /** Set once a first picture stands: it comes before a fine one. */
  refines = false;
  readonly #frame: CityFrame;
  readonly #size = new Vector2(1, 1);
  readonly #at = new Vector3();
  #shadow: SunShadow | null = null;
  #sun: SunPosition = { azimuth_deg: 180, elevation_deg: 45 };
  #width = 1;
  #height = 1;

  /** Null: this browser or machine has no WebGL 2. */
  static open(canvas: HTMLCanvasElement, frame: CityFrame, open_model: OpenModel, events: StageEvents): Stage | null {
    const wish = { antialias: true, alpha: false, powerPreference: 'high-performance' } as const;
    let weak = false;
    let context = canvas.getContext('webgl2', { ...wish, failIfMajorPerformanceCaveat: true });
    if (context === null || drawn_by_software(context)) {
      weak = true;
      context ??= canvas.getContext('webgl2', { ...wish, antialias: false });
    }
    if (context === null) return null;
    return new Stage(canvas, context as WebGL2RenderingContext, weak, frame, open_model, events);
  }

  private constructor(canvas: HTMLCanvasElement, context: WebGL2RenderingContext, weak: boolean, frame: CityFrame,
    open_model: OpenModel, events: StageEvents) {
    this.#frame = frame;
    this.renderer = new WebGLRenderer({ canvas, context });
    this.renderer.setClearColor(new Color(0xd4e0e8));
    this.renderer.info.autoReset = false;
    const touch = matchMedia('(pointer: coarse)').matches;
    this.quality = new Quality(weak ? 0 : touch ? 1 : 2);
    this.tiles = open_model(this.materials, events);
    this.scene.add(this.tiles.group, this.materials.sky);
    this.scene.matrixWorldAutoUpdate = true;
    canvas.addEventListener('webglcontextlost', () => events.lost());
    canvas.addEventListener('webglcontextrestored', () => {
      this.#shadow?.spoil();
      events.restored();
    });
    this.#apply_quality();
  }

  get sun(): SunPosition {
    return this.#sun;
  }
  /** CSS pixels. */
  get width(): number {
    return this.#width;
  }
  get height(): number {
    return this.#height;
  }
  get shadows_drawn(): number {
    return this.#shadow?.drawn ?? 0;
  }

  resize(width: number, height: number): void {
    this.#width = Math.max(1, width);
    this.#height = Math.max(1, height);
    const ratio = Math.min(devicePixelRatio, this.quality.now.pixel_ratio_max);
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(this.#width, this.#height, false);
    this.camera.aspect = this.#width / this.#height;
    // A phone held upright would see a slit of street: it gets a taller view instead.
    this.camera.fov = this.camera.aspect < 1 ? Math.min(75, kView_deg + 22 * (1 - this.camera.aspect)) : kView_deg;
    this.camera.updateProjectionMatrix();
  }

  /** Keeps the size of an element, until the returned function is called. */
  follow(element: HTMLElement, changed: () => void): () => void {
    const box = element.getBoundingClientRect();
    this.resize(box.width, box.height);
    const observer = new ResizeObserver(([entry]) => {
      const size = entry?.contentRect;
      if (size === undefined || (size.width === this.#width && size.height === this.#height)) return;
      this.resize(size.width, size.height);
      changed();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }

  /** Light of a moment; `hour` is the city's own time of day. */
  set_moment(time_ms: number, hour: number): void {
    const origin = this.#frame.origin;
    this.#sun = sun_position(time_ms, origin.lat, origin.lon);
    this.materials.set_moment(this.#sun, hour);
  }

  choose_quality(choice: QualityChoice): void {
    this.quality.choose(choice);
    this.#apply_quality();
  }

  /** After tiles came or went. */
  spoil_shadows(): void {
    this.#shadow?.spoil();
  }

  /**
   * Draws one picture. `above_m` is the eye's height over the ground: it sets how near things may come.
   * `focus` is what one looks at; the finest shadows fall around it.
   */
  draw(above_m: number, focus: Vector3, focus_m: number): void {
    const tier = this.quality.now;
    const camera = this.camera;
    camera.near = Math.min(50, Math.max(0.15, above_m * 0.08));
    camera.far = Math.max(tier.far_m, above_m * 6);
    this.materials.uniforms.u_far_m.value = camera.far;
    camera.updateProjectionMatrix();
    this.renderer.getDrawingBufferSize(this.#size);
    this.tiles.error_target_px = tier.error_target_px;
    this.tiles.coarsest_only = !this.refines;
    const shadow = this.#sun.elevation_deg > 0 ? this.#shadow : null;
    if (shadow === null) this.tiles.update([camera, this.#size.x, this.#size.y]);
    else this.tiles.update([camera, this.#size.x, this.#size.y], [shadow.near_camera, kShadowTiles_px, kShadowTiles_px]);
    shadow?.update(this.renderer, this.scene, this.materials, focus, focus_m, this.unshadowed);
    this.#keep_trees_near();
    this.renderer.info.reset();
    this.renderer.render(this.scene, camera);
  }

  /** Tells how long a frame took within a movement; the tier follows. */
  frame_took(step_s: number): boolean {
    if (!this.quality.frame(step_s)) return false;
    this.#apply_quality();
    return true;
  }

  dispose(): void {
    this.tiles.dispose();
    this.#shadow?.dispose();
    this.materials.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  #apply_quality(): void {
    const tier = this.quality.now;
    this.materials.set_quality({ pixel_lit: tier.pixel_lit, shadows: tier.shadow_px > 0, far_m: tier.far_m });
    this.#shadow?.dispose();
    this.#shadow = tier.shadow_px > 0 ? new SunShadow(tier.shadow_px) : null;
    this.resize(this.#width, this.#height);
  }

  /** Trees are many triangles each: beyond a distance they are left out. */
  #keep_trees_near(): void {
    const eye = this.camera.position;
    const trees_m = this.quality.now.trees_m;
    for (const [mesh] of this.tiles.visible_meshes()) {
      if (material_name(mesh) === 'tree') mesh.visible = mesh.getWorldPosition(this.#at).distanceTo(eye) < trees_m + kTile_m;
    }
  }
}

/** Chips that are no chips: the processor draws, and every pixel costs. */
function drawn_by_software(context: WebGL2RenderingContext): boolean {
  const about = context.getExtension('WEBGL_debug_renderer_info');
  const name = String(context.getParameter(about ? about.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  return /swiftshader|llvmpipe|softpipe|basic render|software/i.test(name);
}
