// What stands in a picture, as everything that draws, walks or points in it reads it: a city that is streamed, or one hall.
import type { Camera, Group, Mesh } from 'three';
import type { Feature } from './features';
import type { CityMaterials } from './city_materials';
import type { LoadedTile } from './tile_stream';

/** Which object a triangle belongs to. */
export interface Features {
  readonly count: number;
  /** Rows of an object: one, or several where it has parts. */
  rows_of(id: string): readonly number[];
  /** The object of a row, or nothing where there is none. */
  at(row: number): Feature | null;
}

export interface Model {
  /** In scene axes. */
  readonly group: Group;
  /** 0: nothing of it can be seen yet. */
  readonly visible_tiles: number;
  error_target_px: number;
  coarsest_only: boolean;
  /** Is there in full around a point of the scene; null stops that. */
  stand_at(point: { x: number; y: number; z: number } | null): void;
  /** Before each picture: chooses what is drawn for the cameras. Each comes with the pixels it is drawn on. */
  update(...views: [camera: Camera, width_px: number, height_px: number][]): void;
  /** Meshes on show now that can be walked on, walked into or pointed at. */
  visible_meshes(): Iterable<[Mesh, LoadedTile]>;
  dispose(): void;
}

export interface ModelEvents {
  /** Something new may be seen: draw again. */
  changed(): void;
  loaded(tile: LoadedTile): void;
  gone(tile: LoadedTile): void;
  /** What there is to be seen is known. */
  known(): void;
  /** All that the view asks for is there. */
  settled(): void;
  /** One part could not be read; the rest goes on. */
  failed(reason: string): void;
}

export type OpenModel = (materials: CityMaterials, events: ModelEvents) => Model;
