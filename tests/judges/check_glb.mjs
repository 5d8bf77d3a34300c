// Judge: Khronos' glTF validator finds neither error nor warning in any 3D tile, as written and with its compressed data decoded;
// and the feature tables say what they must.
// Use: node check_glb.mjs FOLDER
import validator from 'gltf-validator';
import { MeshoptDecoder } from 'meshoptimizer';
import { filesBelow, judge, readFile, readGlb, writeGlb } from './tile_files.mjs';

const extension = 'EXT_meshopt_compression';
// With which the validator's own checks end; everything else it does not know is information, not a finding.
const options = { maxIssues: 1000, writeTimestamp: false };

/** The same tile without compression: what the validator cannot look into becomes plain. */
function decoded({ json, binary }) {
  const plain = structuredClone(json);
  const pieces = [];
  let length = 0;
  plain.bufferViews = (plain.bufferViews ?? []).map((view) => {
    const packed = view.extensions?.[extension];
    let bytes;
    if (packed) {
      bytes = new Uint8Array(packed.count * packed.byteStride);
      MeshoptDecoder.decodeGltfBuffer(bytes, packed.count, packed.byteStride,
        binary.subarray(packed.byteOffset ?? 0, (packed.byteOffset ?? 0) + packed.byteLength), packed.mode, packed.filter);
      if (bytes.length !== view.byteLength) throw new Error('a view decodes to another length than it says');
    } else {
      bytes = binary.subarray(view.byteOffset ?? 0, (view.byteOffset ?? 0) + view.byteLength);
    }
    length = (length + 7) & ~7;
    const { extensions, ...rest } = view;
    const moved = { ...rest, buffer: 0, byteOffset: length };
    pieces.push([length, bytes]);
    length += bytes.length;
    return moved;
  });
  const whole = new Uint8Array((length + 3) & ~3);
  for (const [at, bytes] of pieces) whole.set(bytes, at);
  plain.buffers = [{ byteLength: whole.length }];
  for (const list of ['extensionsUsed', 'extensionsRequired']) plain[list] = plain[list]?.filter((name) => name !== extension);
  return { json: plain, binary: whole };
}

/** The texts of a string property of a decoded tile. */
function texts({ json, binary }, property) {
  const bytesOf = (i) => {
    const view = json.bufferViews[i];
    return binary.subarray(view.byteOffset, view.byteOffset + view.byteLength);
  };
  const values = bytesOf(property.values);
  const offsetBytes = bytesOf(property.stringOffsets);
  const offsets = new Uint32Array(offsetBytes.slice().buffer);
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  return Array.from({ length: offsets.length - 1 }, (_, i) => utf8.decode(values.subarray(offsets[i], offsets[i + 1])));
}

/** Feature ids of a decoded tile's primitives and instances: within the table, and as many as the extension says. */
function checkFeatures(tile, say) {
  const { json, binary } = tile;
  const table = json.extensions?.EXT_structural_metadata?.propertyTables?.[0];
  if (!table) return { features: 0, ids: [] };
  const ids = texts(tile, table.properties.id);
  if (ids.length !== table.count) say(`${ids.length} ids for ${table.count} features`);
  if (new Set(ids).size !== ids.length) say('an id stands twice in the feature table');
  for (const id of ids) if (!/^[a-z_]+-[gnwrh]\d+$/.test(id)) say(`"${id}" is no id of a city object`);
  const named = new Set();
  const read = (index, declared) => {
    const accessor = json.accessors[index];
    const view = json.bufferViews[accessor.bufferView];
    const at = new DataView(binary.buffer, binary.byteOffset + view.byteOffset, view.byteLength);
    const stride = view.byteStride ?? 4;
    const seen = new Set();
    for (let i = 0; i < accessor.count; i++) {
      const row = accessor.componentType === 5126 ? at.getFloat32(i * stride, true) : at.getUint16(i * stride, true);
      if (row === declared.nullFeatureId) continue;
      if (row >= table.count) say(`feature ${row} of ${table.count}`);
      seen.add(row);
      named.add(row);
    }
    if (seen.size !== declared.featureCount) say(`${seen.size} features where ${declared.featureCount} are declared`);
  };
  for (const mesh of json.meshes ?? []) {
    for (const p of mesh.primitives) {
      const declared = p.extensions?.EXT_mesh_features?.featureIds[0];
      if (declared) read(p.attributes._FEATURE_ID_0, declared);
    }
  }
  for (const node of json.nodes) {
    const instancing = node.extensions?.EXT_mesh_gpu_instancing;
    if (instancing) read(instancing.attributes._FEATURE_ID_0, node.extensions.EXT_instance_features.featureIds[0]);
  }
  if (named.size !== table.count) say(`${table.count - named.size} features of the table are nowhere drawn`);
  return { features: table.count, ids };
}

await judge('check_glb', async (folder, find) => {
  await MeshoptDecoder.ready;
  const paths = filesBelow(folder, '.glb');
  if (paths.length === 0) find('no .glb at all');
  // A finest tile has none below it.
  const there = new Set(paths);
  const isFinest = (path) => {
    const [level, x, y] = path.match(/\d+/g).slice(1).map(Number);
    return ![[0, 0], [1, 0], [0, 1], [1, 1]].some(([i, j]) => there.has(`3d/content/${level + 1}/${2 * x + i}/${2 * y + j}.glb`));
  };
  const whereIs = new Map();
  let features = 0;
  for (const path of paths) {
    const say = (text) => find(`${path}: ${text}`);
    const bytes = readFile(folder, path);
    const tile = readGlb(bytes);
    const plain = decoded(tile);
    for (const [what, file] of [['as written', bytes], ['decoded', writeGlb(plain.json, plain.binary)]]) {
      const report = await validator.validateBytes(file, options);
      for (const message of report.issues.messages) {
        if (message.severity <= 1) say(`${what}: ${message.code} ${message.message} at ${message.pointer ?? ''}`);
      }
    }
    const checked = checkFeatures(plain, say);
    features += checked.features;
    if (!isFinest(path)) continue;
    // What stands somewhere is in one finest tile only; surfaces are cut and may be in several.
    for (const id of checked.ids) {
      if (!/^(building|building_part|tree|barrier)-/.test(id)) continue;
      if (whereIs.has(id)) say(`${id} is also in ${whereIs.get(id)}`);
      whereIs.set(id, path);
    }
  }
  return `${paths.length} tiles, ${features} features, ${whereIs.size} buildings, trees and barriers in the finest tiles`;
});
