// Which city object a triangle belongs to: the feature ids and the property table that each tile carries.
import type { BufferAttribute, BufferGeometry, InterleavedBufferAttribute, Object3D } from 'three';
import type { Summary } from '../../lib/api';
import type { Features } from './model';
import type { GLTFLoaderPlugin, GLTFParser } from 'three/addons/loaders/GLTFLoader.js';

/** One city object of a tile. */
export interface Feature {
  id: string;
  kind: Summary['kind'];
  name: string;
  /** A building's use or the class within the kind; empty where the tile does not say. */
  use: string;
}

/** The attribute that glTF calls _FEATURE_ID_0. */
export const kFeatureAttribute = '_feature_id_0';

interface PropertyTable {
  class: string;
  count: number;
  properties: Record<string, { values: number; stringOffsets?: number; stringOffsetType?: string }>;
}
interface ClassProperty {
  type: string;
  componentType?: string;
  enumType?: string;
}
interface Metadata {
  schema?: {
    classes?: Record<string, { properties: Record<string, ClassProperty> }>;
    enums?: Record<string, { valueType?: string; values: { name: string; value: number }[] }>;
  };
  propertyTables?: PropertyTable[];
}

const kArrays = {
  INT8: Int8Array, UINT8: Uint8Array, INT16: Int16Array, UINT16: Uint16Array,
  INT32: Int32Array, UINT32: Uint32Array, UINT64: BigUint64Array, INT64: BigInt64Array,
} as const;

function numbers_in(bytes: ArrayBuffer, type: string, byte_offset: number, count: number): ArrayLike<number | bigint> {
  const Kind = kArrays[type as keyof typeof kArrays];
  if (Kind === undefined) throw new Error(`tile metadata: component type ${type} is not one of ${Object.keys(kArrays).join(', ')}`);
  return new Kind(bytes, byte_offset, count);
}

/** The property table of one tile, read when asked: text is decoded for the few objects that are looked at. */
export class FeatureTable implements Features {
  readonly count: number;
  readonly #read: Partial<Record<keyof Feature, (row: number) => string>> = {};
  #rows: Map<string, number[]> | null = null;

  constructor(metadata: Metadata, views: Map<number, ArrayBuffer>) {
    const table = metadata.propertyTables?.[0];
    this.count = table?.count ?? 0;
    if (table === undefined) return;
    const properties = metadata.schema?.classes?.[table.class]?.properties ?? {};
    for (const name of ['id', 'kind', 'name', 'use'] as const) {
      const property = properties[name];
      const column = table.properties[name];
      if (property === undefined || column === undefined) continue;
      const values = views.get(column.values)!;
      if (property.type === 'STRING') {
        const offsets = numbers_in(views.get(column.stringOffsets!)!, column.stringOffsetType ?? 'UINT32', 0, this.count + 1);
        const decoder = new TextDecoder();
        this.#read[name] = (row) =>
          decoder.decode(new Uint8Array(values, Number(offsets[row]), Number(offsets[row + 1]) - Number(offsets[row])));
      } else if (property.type === 'ENUM') {
        const words = metadata.schema?.enums?.[property.enumType ?? ''];
        const names = new Map(words?.values.map((v) => [v.value, v.name]));
        const codes = numbers_in(values, words?.valueType ?? 'UINT16', 0, this.count);
        this.#read[name] = (row) => names.get(Number(codes[row])) ?? '';
      }
    }
  }

  /** Rows of an object: one, or several where it has parts. */
  rows_of(id: string): readonly number[] {
    if (this.#rows === null) {
      this.#rows = new Map();
      for (let row = 0; row < this.count; row++) {
        const own = this.#read.id?.(row) ?? '';
        const rows = this.#rows.get(own);
        if (rows === undefined) this.#rows.set(own, [row]);
        else rows.push(row);
      }
    }
    return this.#rows.get(id) ?? [];
  }

  /** The object of a row, or nothing for bare terrain and rows that the table does not have. */
  at(row: number): Feature | null {
    if (!(row >= 0 && row < this.count)) return null;
    const read = (name: keyof Feature) => this.#read[name]?.(row) ?? '';
    return { id: read('id'), kind: read('kind') as Feature['kind'], name: read('name'), use: read('use') };
  }
}

/** Reads EXT_structural_metadata into `scene.userData.features`, a FeatureTable. Fails: the tile's load, with the reason. */
export class FeatureTablePlugin implements GLTFLoaderPlugin {
  readonly name = 'EXT_structural_metadata';
  readonly #parser: GLTFParser;

  constructor(parser: GLTFParser) {
    this.#parser = parser;
  }

  async afterRoot(result: { scene: Object3D }): Promise<void> {
    const metadata = this.#parser.json.extensions?.[this.name] as Metadata | undefined;
    if (metadata === undefined) return;
    const wanted = new Set<number>();
    for (const column of Object.values(metadata.propertyTables?.[0]?.properties ?? {})) {
      wanted.add(column.values);
      if (column.stringOffsets !== undefined) wanted.add(column.stringOffsets);
    }
    const views = new Map<number, ArrayBuffer>();
    for (const index of wanted) views.set(index, (await this.#parser.getDependency('bufferView', index)) as ArrayBuffer);
    result.scene.userData['features'] = new FeatureTable(metadata, views);
  }
}

export function feature_column(geometry: BufferGeometry): BufferAttribute | InterleavedBufferAttribute | null {
  return (geometry.getAttribute(kFeatureAttribute) as BufferAttribute | undefined) ?? null;
}

/** The feature row of a triangle's first corner; every triangle belongs to one feature. */
export function row_of_triangle(geometry: BufferGeometry, triangle: number): number | null {
  const column = feature_column(geometry);
  if (column === null) return null;
  const vertex = geometry.index === null ? triangle * 3 : geometry.index.getX(triangle * 3);
  return column.getX(vertex);
}

/** Triangles of one feature as an index into the same vertices, for tinting it without touching the tile. */
export function triangles_of(geometry: BufferGeometry, row: number): Uint32Array {
  const column = feature_column(geometry);
  if (column === null) return new Uint32Array();
  const index = geometry.index;
  const corners = index === null ? column.count : index.count;
  const found: number[] = [];
  for (let i = 0; i < corners; i += 3) {
    const first = index === null ? i : index.getX(i);
    if (column.getX(first) !== row) continue;
    found.push(first, index === null ? i + 1 : index.getX(i + 1), index === null ? i + 2 : index.getX(i + 2));
  }
  return Uint32Array.from(found);
}
