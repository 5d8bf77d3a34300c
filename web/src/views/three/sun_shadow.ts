// The sun's shadows: two maps of depth from the sun, one around the eye and one of the wider city, drawn only when sun, place or tiles change.
import {
  DepthTexture, DoubleSide, LessEqualCompare, Matrix4, NearestFilter, OrthographicCamera, ShaderMaterial, UnsignedIntType, Vector3,
  WebGLRenderTarget, type Object3D, type Scene, type WebGLRenderer,
} from 'three';
import type { CityMaterials } from './city_materials';
import { kDepthFragment, kDepthVertex } from './city_shader';

/** Casters this far outside the lit circle still count: the towers of a city. */
const kCaster_m = 500;
/** The maps follow when the eye has gone this share of their radius. */
const kFollowShare = 0.2;

const kToTexture = new Matrix4().set(0.5, 0, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 1);

class SunMap {
  readonly camera = new OrthographicCamera();
  readonly target: WebGLRenderTarget;
  readonly #centre = new Vector3();
  readonly #sun = new Vector3();
  #radius_m = 0;
  dirty = true;

  constructor(size_px: number) {
    const depth = new DepthTexture(size_px, size_px, UnsignedIntType);
    depth.compareFunction = LessEqualCompare;
    this.target = new WebGLRenderTarget(size_px, size_px, { depthTexture: depth, minFilter: NearestFilter, magFilter: NearestFilter });
  }

  /** Looks along the sun at a circle around a point, on whole texels so that edges do not crawl. */
  aim(centre: Vector3, radius_m: number, sun: Vector3): void {
    const near_enough = this.#centre.distanceTo(centre) < radius_m * kFollowShare;
    if (near_enough && this.#radius_m === radius_m && this.#sun.equals(sun)) return;
    this.#sun.copy(sun);
    this.#radius_m = radius_m;
    this.#centre.copy(centre);
    const camera = this.camera;
    const depth_m = radius_m + kCaster_m;
    camera.left = camera.bottom = -radius_m;
    camera.right = camera.top = radius_m;
    camera.near = 0;
    camera.far = 2 * depth_m;
    camera.up.set(0, 0, -1);
    camera.position.copy(centre).addScaledVector(sun, depth_m);
    camera.lookAt(centre);
    camera.updateMatrixWorld();
    const texel_m = this.texel_m;
    const seen = centre.clone().applyMatrix4(camera.matrixWorldInverse);
    const shift = new Vector3(seen.x % texel_m, seen.y % texel_m, 0).transformDirection(camera.matrixWorld);
    camera.position.addScaledVector(shift, Math.hypot(seen.x % texel_m, seen.y % texel_m));
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    this.dirty = true;
  }

  get texel_m(): number {
    return (2 * this.#radius_m) / this.target.width;
  }

  write_matrix(target: Matrix4): void {
    target.multiplyMatrices(kToTexture, this.camera.projectionMatrix).multiply(this.camera.matrixWorldInverse);
  }
}

export class SunShadow {
  readonly #near: SunMap;
  readonly #far: SunMap;
  readonly #depth = new ShaderMaterial({ vertexShader: kDepthVertex, fragmentShader: kDepthFragment, side: DoubleSide, colorWrite: false });
  /** Times that the maps were drawn. */
  drawn = 0;

  constructor(size_px: number) {
    this.#near = new SunMap(size_px);
    this.#far = new SunMap(size_px);
    this.#depth.polygonOffset = true;
    this.#depth.polygonOffsetFactor = 1.5;
    this.#depth.polygonOffsetUnits = 2;
  }

  /** Looks where the near map looks, so that tiles behind the eye are there to throw their shadows. */
  get near_camera(): OrthographicCamera {
    return this.#near.camera;
  }

  /** Tiles came or went. */
  spoil(): void {
    this.#near.dirty = this.#far.dirty = true;
  }

  /** Brings the maps up to date; free when nothing has changed. What is `unshadowed` throws no shadow. */
  update(renderer: WebGLRenderer, scene: Scene, materials: CityMaterials, centre: Vector3, near_radius_m: number, unshadowed: readonly Object3D[]): void {
    const sun = materials.uniforms.u_sun_direction.value;
    if (sun.y <= 0) return;
    this.#near.aim(centre, near_radius_m, sun);
    this.#far.aim(centre, near_radius_m * 7, sun);
    if (!this.#near.dirty && !this.#far.dirty) return;
    const u = materials.uniforms;
    u.u_shadow_near_map.value = u.u_shadow_far_map.value = null;
    const hidden = [materials.sky, ...unshadowed].filter((one) => one.visible);
    for (const one of hidden) one.visible = false;
    scene.overrideMaterial = this.#depth;
    for (const map of [this.#near, this.#far]) {
      if (!map.dirty) continue;
      renderer.setRenderTarget(map.target);
      renderer.clear();
      renderer.render(scene, map.camera);
      map.dirty = false;
      this.drawn++;
    }
    renderer.setRenderTarget(null);
    scene.overrideMaterial = null;
    for (const one of hidden) one.visible = true;
    this.#near.write_matrix(u.u_shadow_near.value);
    this.#far.write_matrix(u.u_shadow_far.value);
    u.u_shadow_near_map.value = this.#near.target.depthTexture;
    u.u_shadow_far_map.value = this.#far.target.depthTexture;
    u.u_shadow_texel.value.set(1 / this.#near.target.width, this.#near.texel_m, 1 / this.#far.target.width, this.#far.texel_m);
  }

  dispose(): void {
    this.#near.target.dispose();
    this.#far.target.dispose();
    this.#depth.dispose();
  }
}
