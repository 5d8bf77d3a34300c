// The few materials that all tiles share, and the light that all of them stand in.
import {
  BackSide, BufferAttribute, Color, Matrix4, Mesh, MeshBasicMaterial, ShaderMaterial, SphereGeometry, Vector3, Vector4,
  type BufferGeometry, type IUniform, type Texture,
} from 'three';
import { kSkyFragment, kSkyVertex, kSolidFragment, kSolidVertex, kWaterFragment, kWaterVertex } from './city_shader';
import { daylight_at, kWindowUses, lit_share, window_use } from './daylight';
import { feature_column } from './features';
import type { Features } from './model';
import { sun_vector, type SunPosition } from './sun_position';

/** The names that the tiles give to their materials. */
export const kMaterialNames = ['ground', 'water', 'wall', 'roof', 'tree'] as const;
export type MaterialName = (typeof kMaterialNames)[number];

export interface LightQuality {
  pixel_lit: boolean;
  shadows: boolean;
  far_m: number;
}

/** Clear air of a fine day: half of the light of a wall is lost to haze at ln 2 / kHaze_per_m metres. */
const kHaze_per_m = 1 / 9000;

/** What hides most is drawn first, so that little is drawn twice. */
export const kOrder = { solid: 0, ground: 1, water: 2, sky: 3, tint: 4 };

type Uniforms = Record<string, IUniform>;

export class CityMaterials {
  readonly uniforms = {
    u_sun_direction: { value: new Vector3(0, 1, 0) },
    u_sun: { value: new Color() },
    u_sky: { value: new Color() },
    u_ground: { value: new Color() },
    u_zenith: { value: new Color() },
    u_horizon: { value: new Color() },
    u_glow: { value: new Color() },
    u_water: { value: new Color() },
    u_exposure: { value: 1 },
    u_haze_per_m: { value: kHaze_per_m },
    u_far_m: { value: 4000 },
    u_lamps: { value: 0 },
    u_lit_share: { value: new Vector4() },
    u_shadow_near: { value: new Matrix4() },
    u_shadow_far: { value: new Matrix4() },
    u_shadow_near_map: { value: null as Texture | null },
    u_shadow_far_map: { value: null as Texture | null },
    /** Texel of the near map as a share and in metres, then of the far map. */
    u_shadow_texel: { value: new Vector4() },
  } satisfies Uniforms;
  readonly sky: Mesh<SphereGeometry, ShaderMaterial>;
  readonly #solid: ShaderMaterial;
  readonly #wall: ShaderMaterial;
  readonly #water: ShaderMaterial;
  /** What others have had lit like the city. */
  readonly #others: ShaderMaterial[] = [];
  #quality: LightQuality = { pixel_lit: false, shadows: false, far_m: 4000 };
  #night = false;

  constructor() {
    const uniforms: Uniforms = this.uniforms;
    this.#solid = new ShaderMaterial({ uniforms, vertexShader: kSolidVertex, fragmentShader: kSolidFragment });
    this.#wall = new ShaderMaterial({ uniforms, vertexShader: kSolidVertex, fragmentShader: kSolidFragment });
    this.#water = new ShaderMaterial({ uniforms, vertexShader: kWaterVertex, fragmentShader: kWaterFragment });
    const sky = new ShaderMaterial({
      uniforms, vertexShader: kSkyVertex, fragmentShader: kSkyFragment, side: BackSide, depthWrite: false,
    });
    this.sky = new Mesh(new SphereGeometry(1, 48, 32), sky);
    this.sky.frustumCulled = false;
    this.sky.renderOrder = kOrder.sky;
    this.sky.raycast = () => {};
  }

  /**
   * A material that is lit like walls and roofs, for shapes with a vertex shader of their own (same outputs as the solid one's; one that
   * fades, `fragmentShader` kFadingFragment, has v_here as well).
   */
  solid_with(vertexShader: string, more: Uniforms, fragmentShader = kSolidFragment): ShaderMaterial {
    const material = new ShaderMaterial({ uniforms: { ...this.uniforms, ...more }, vertexShader, fragmentShader });
    this.#others.push(material);
    this.#compile();
    return material;
  }

  /** Puts the shared material of that name on a tile's mesh, and tells each wall what its windows are for. */
  dress(mesh: Mesh, features: Features | null): void {
    const name = material_name(mesh);
    const loaded = mesh.material as MeshBasicMaterial;
    mesh.userData['material'] = name;
    mesh.material = name === 'water' ? this.#water : name === 'wall' ? this.#wall : this.#solid;
    mesh.renderOrder = name === 'ground' ? kOrder.ground : name === 'water' ? kOrder.water : kOrder.solid;
    loaded.dispose();
    if (mesh.geometry.getAttribute('color') === undefined) paint(mesh.geometry, name);
    if (name === 'wall' && features !== null) write_window_use(mesh.geometry, features);
  }

  /** Sets the light of a moment. `hour` is the city's own time of day, 0 ≤ hour < 24. */
  set_moment(sun: SunPosition, hour: number): void {
    const light = daylight_at(sun.elevation_deg);
    const u = this.uniforms;
    u.u_sun_direction.value.set(...sun_vector(sun));
    u.u_sun.value.copy(light.sun);
    u.u_sky.value.copy(light.sky);
    u.u_ground.value.copy(light.ground);
    u.u_zenith.value.copy(light.zenith);
    u.u_horizon.value.copy(light.horizon);
    u.u_glow.value.copy(light.glow);
    u.u_water.value.copy(light.water);
    u.u_exposure.value = light.exposure;
    u.u_lamps.value = light.lamps;
    u.u_lit_share.value.fromArray(kWindowUses.map((use) => lit_share(use, hour)));
    const night = light.lamps > 0;
    if (night !== this.#night) {
      this.#night = night;
      this.#compile();
    }
  }

  set_quality(quality: LightQuality): void {
    this.uniforms.u_far_m.value = quality.far_m;
    const same = quality.pixel_lit === this.#quality.pixel_lit && quality.shadows === this.#quality.shadows;
    this.#quality = quality;
    if (!same) this.#compile();
  }

  dispose(): void {
    for (const material of this.#all) material.dispose();
    this.sky.geometry.dispose();
  }

  get #all(): ShaderMaterial[] {
    return [this.#solid, this.#wall, this.#water, this.sky.material, ...this.#others];
  }

  #compile(): void {
    const defines: Record<string, string> = {};
    if (this.#quality.pixel_lit) defines['PIXEL_LIT'] = '';
    if (this.#quality.pixel_lit && this.#quality.shadows) defines['SUN_SHADOW'] = '';
    for (const material of this.#all) material.defines = defines;
    this.#wall.defines = this.#night ? { ...defines, WINDOWS: '' } : defines;
    for (const material of this.#all) material.needsUpdate = true;
  }
}

/** What a mesh of a tile is made of; what the tile does not name is lit like ground. */
export function material_name(mesh: Mesh): MaterialName {
  const known = mesh.userData['material'] as MaterialName | undefined;
  const name = (mesh.material as { name?: string }).name ?? '';
  return known ?? kMaterialNames.find((one) => one === name) ?? 'ground';
}

const kPaint: Record<MaterialName, number> = { ground: 0xd9d4cb, water: 0x8fb4c4, wall: 0xf2ece2, roof: 0xd8cfc2, tree: 0x8fa382 };

function paint(geometry: BufferGeometry, name: MaterialName): void {
  const colour = new Color(kPaint[name]);
  const count = geometry.getAttribute('position').count;
  const bytes = new Uint8Array(count * 4).fill(255);
  for (let i = 0; i < count; i++) {
    bytes[i * 4] = colour.r * 255;
    bytes[i * 4 + 1] = colour.g * 255;
    bytes[i * 4 + 2] = colour.b * 255;
  }
  geometry.setAttribute('color', new BufferAttribute(bytes, 4, true));
}

function write_window_use(geometry: BufferGeometry, features: Features): void {
  const column = feature_column(geometry);
  if (column === null) return;
  const by_row = new Map<number, number>();
  const uses = new Uint8Array(column.count);
  for (let i = 0; i < column.count; i++) {
    const row = column.getX(i);
    let use = by_row.get(row);
    if (use === undefined) {
      const feature = features.at(row);
      use = kWindowUses.indexOf(window_use(feature?.use ?? ''));
      by_row.set(row, use);
    }
    uses[i] = use;
  }
  geometry.setAttribute('window_use', new BufferAttribute(uses, 1));
}
