// The figure of a look on a small canvas, under the same light as the city; drawn when it changes and not otherwise.
import { Color, PerspectiveCamera, Scene, Vector3, WebGLRenderer } from 'three';
import { CityMaterials } from '../views/three/city_materials';
import { Figures, type Figure } from '../views/three/people/figures';
import type { Posture } from '../views/three/people/figure_pose';
import { GroundShadow } from '../views/three/people/ground_shadow';
import type { WholeLook } from './look';

const kView_deg = 26;
/** A friendly half turn towards the light. */
const kHeading_deg = 158;

export class LookPicture {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(kView_deg, 1, 0.1, 30);
  readonly #materials = new CityMaterials();
  readonly #figures: Figures;
  readonly #shadow: GroundShadow;
  readonly #posture: Posture = {
    feet: new Vector3(), heading_deg: kHeading_deg, speed_m_s: 0, way_m: 0, seated: false, gesture: 0, gesture_s: 0, head: null, left: null, right: null,
  };
  #figure: Figure | null = null;

  /** Null: this device has no WebGL 2. */
  static open(canvas: HTMLCanvasElement): LookPicture | null {
    const context = canvas.getContext('webgl2', { antialias: true, alpha: true, premultipliedAlpha: true });
    return context === null ? null : new LookPicture(canvas, context as WebGL2RenderingContext);
  }

  private constructor(canvas: HTMLCanvasElement, context: WebGL2RenderingContext) {
    this.#renderer = new WebGLRenderer({ canvas, context, alpha: true });
    this.#renderer.setClearColor(new Color(0), 0);
    this.#materials.set_quality({ pixel_lit: true, shadows: false, far_m: 4000 });
    this.#materials.set_moment({ azimuth_deg: 225, elevation_deg: 38 }, 12);
    this.#figures = new Figures(this.#materials);
    this.#shadow = new GroundShadow(this.#materials);
    this.#scene.add(this.#figures.group, this.#shadow.mesh);
  }

  /** Metres at the middle of the picture; a guide dog needs more room than a person alone. */
  show(look: WholeLook): void {
    if (this.#figure !== null) this.#figures.remove(this.#figure);
    this.#figure = this.#figures.add(this.#posture, look);
    this.draw();
  }

  turn(by_deg: number): void {
    this.#posture.heading_deg += by_deg;
    if (this.#figure !== null) this.#figure.changed = true;
    this.draw();
  }

  draw(): void {
    const canvas = this.#renderer.domElement;
    const [width, height] = [canvas.clientWidth || 1, canvas.clientHeight || 1];
    this.#renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.position.set(0, 1.25, 5.1);
    this.#camera.lookAt(0, 0.95, 0);
    this.#camera.updateProjectionMatrix();
    this.#camera.updateMatrixWorld();
    this.#figures.update(this.#camera, height * Math.min(2, devicePixelRatio), false);
    this.#shadow.begin();
    this.#shadow.add(this.#posture.feet);
    this.#shadow.end();
    this.#renderer.render(this.#scene, this.#camera);
  }

  dispose(): void {
    this.#figures.dispose();
    this.#shadow.dispose();
    this.#materials.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }
}
