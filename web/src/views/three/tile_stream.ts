// The city's 3D Tiles, streamed for where one looks and kept within a hard limit of memory.
import { Group, Mesh, type Matrix4, Sphere, Vector2, type Camera, type Object3D } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js';
import { TilesRenderer } from '3d-tiles-renderer/three';
import { ImplicitTilingPlugin } from '3d-tiles-renderer/core/plugins';
import { LoadRegionPlugin, SphereRegion } from '3d-tiles-renderer/three/plugins';
import { FeatureTablePlugin, type FeatureTable } from './features';
import type { CityMaterials } from './city_materials';
import type { Features, Model, ModelEvents } from './model';

/** Vertices, indices and colours of all tiles together; the least recently seen are let go first. */
export const kTileBytesMax = 256 * 1024 * 1024;
/** Downloads at one time: few enough that the nearest come first. */
const kDownloadsMax = 8;
/** Around a walker everything is loaded in full, so that walls behind one's back are there. */
const kFeetRadius_m = 20;

/** In the renderer's count: the tileset's root stands for the subtree, the coarsest tile hangs below it. */
const kDepthOfCoarsest = 2;

export interface LoadedTile {
  scene: Object3D;
  features: Features | null;
  meshes: Mesh[];
}

export class TileStream implements Model {
  /** Holds the tiles in scene axes. */
  readonly group = new Group();
  readonly loaded = new Map<Object3D, LoadedTile>();
  readonly #tiles: TilesRenderer;
  readonly #region = new LoadRegionPlugin();
  readonly #feet = new SphereRegion({ sphere: new Sphere(), errorTarget: 0.5 });
  readonly #size = new Vector2();
  #feet_on = false;

  constructor(url: string, scene_from_earth: Matrix4, materials: CityMaterials, events: ModelEvents) {
    const tiles = new TilesRenderer(url);
    this.#tiles = tiles;
    tiles.registerPlugin(new ImplicitTilingPlugin());
    tiles.registerPlugin(this.#region);
    const loader = new GLTFLoader(tiles.manager);
    loader.setMeshoptDecoder(MeshoptDecoder);
    loader.register((parser) => new FeatureTablePlugin(parser));
    tiles.manager.addHandler(/\.glb$/i, loader);
    tiles.lruCache.maxBytesSize = kTileBytesMax;
    tiles.lruCache.minBytesSize = kTileBytesMax * 0.7;
    tiles.downloadQueue.maxJobsPerOrigin = kDownloadsMax;
    tiles.loadAncestors = true;
    // Tiles around the feet count as seen also behind one's back: three.js leaves out what the camera does not see.
    tiles.autoDisableRendererCulling = false;
    this.group.matrixAutoUpdate = false;
    this.group.matrix.copy(scene_from_earth);
    this.group.add(tiles.group);
    this.group.updateMatrixWorld(true);
    this.#listen(materials, events);
  }

  #listen(materials: CityMaterials, events: ModelEvents): void {
    const tiles = this.#tiles;
    const ask = () => events.changed();
    tiles.addEventListener('load-root-tileset', () => {
      events.known();
      ask();
    });
    tiles.addEventListener('needs-update', ask);
    tiles.addEventListener('tile-visibility-change', () => events.changed());
    tiles.addEventListener('load-model', ({ scene }) => {
      const tile: LoadedTile = { scene, features: (scene.userData['features'] as FeatureTable | undefined) ?? null, meshes: [] };
      scene.traverse((one) => {
        if (!(one instanceof Mesh)) return;
        materials.dress(one, tile.features);
        tile.meshes.push(one);
      });
      this.loaded.set(scene, tile);
      events.loaded(tile);
      ask();
    });
    tiles.addEventListener('dispose-model', ({ scene }) => {
      const tile = this.loaded.get(scene);
      this.loaded.delete(scene);
      if (tile !== undefined) events.gone(tile);
    });
    tiles.addEventListener('tiles-load-end', () => events.settled());
    tiles.addEventListener('load-error', ({ error, url }) => events.failed(`${url}: ${error.message}`));
  }

  set error_target_px(pixels: number) {
    this.#tiles.errorTarget = pixels;
  }

  /** Asks for the one tile that covers the whole city, and for none below it. */
  set coarsest_only(coarsest_only: boolean) {
    this.#tiles.maxDepth = coarsest_only ? kDepthOfCoarsest : 0;
  }

  get visible_tiles(): number {
    return this.#tiles.visibleTiles.size;
  }

  /** Loads in full around a point of the scene; null stops that. */
  stand_at(point: { x: number; y: number; z: number } | null): void {
    if ((point !== null) !== this.#feet_on) {
      this.#feet_on = point !== null;
      if (point === null) this.#region.removeRegion(this.#feet);
      else this.#region.addRegion(this.#feet);
    }
    if (point === null) return;
    const sphere = this.#feet.sphere;
    sphere.center.set(point.x, point.y, point.z).applyMatrix4(this.#tiles.group.matrixWorld.clone().invert());
    sphere.radius = kFeetRadius_m;
  }

  /** Chooses tiles for the cameras and starts what is missing. Each camera comes with the pixels it is drawn on. */
  update(...views: [camera: Camera, width_px: number, height_px: number][]): void {
    for (const old of [...this.#tiles.cameras]) if (!views.some(([camera]) => camera === old)) this.#tiles.deleteCamera(old);
    for (const [camera, width_px, height_px] of views) {
      this.#tiles.setCamera(camera);
      this.#tiles.setResolution(camera, this.#size.set(width_px, height_px));
    }
    this.#tiles.update();
  }

  /** Meshes on show now. */
  *visible_meshes(): Generator<[Mesh, LoadedTile]> {
    for (const scene of this.#tiles.group.children) {
      const tile = this.loaded.get(scene);
      if (tile !== undefined) for (const mesh of tile.meshes) yield [mesh, tile];
    }
  }

  dispose(): void {
    this.#tiles.dispose();
    this.loaded.clear();
  }
}
