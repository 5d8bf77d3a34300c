// Judge: tileset.json and the subtrees are as 3D Tiles 1.1 lays them out; every tile that they promise is there and none is more;
// every vertex of a tile lies in the tile's box.
// Use: node check_tileset.mjs FOLDER
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeshoptDecoder } from 'meshoptimizer';
import { filesBelow, judge, readFile, readGlb } from './tile_files.mjs';

const levelBits = (levels) => (4 ** levels - 1) / 3;

function deinterleave(index) {
  let x = 0, y = 0;
  for (let bit = 0; bit < 24; bit++) {
    x += (Math.floor(index / 4 ** bit) % 2) * 2 ** bit;
    y += (Math.floor(index / 4 ** bit / 2) % 2) * 2 ** bit;
  }
  return [x, y];
}

function readSubtree(bytes, say) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== 'subt' || view.getUint32(4, true) !== 1) say('no subtree, version 1');
  const jsonBytes = Number(view.getBigUint64(8, true));
  const binaryBytes = Number(view.getBigUint64(16, true));
  if (jsonBytes % 8 || binaryBytes % 8) say('chunks are not padded to 8 bytes');
  if (24 + jsonBytes + binaryBytes !== bytes.byteLength) say('its length is not what its header says');
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(24, 24 + jsonBytes)));
  const binary = bytes.subarray(24 + jsonBytes);
  const viewBytes = (i) => {
    const { byteOffset, byteLength } = json.bufferViews[i];
    if (byteOffset % 8) say(`view ${i} does not begin at a multiple of 8`);
    return binary.slice(byteOffset, byteOffset + byteLength);
  };
  const bits = (availability, count) => {
    if ('constant' in availability) return () => availability.constant === 1;
    const stream = viewBytes(availability.bitstream);
    if (stream.length !== Math.ceil(count / 8)) say(`${stream.length} bytes for ${count} bits`);
    let set = 0;
    for (let i = 0; i < count; i++) set += (stream[i >> 3] >> (i & 7)) & 1;
    if (set !== availability.availableCount) say(`availableCount is ${availability.availableCount}, bits are ${set}`);
    return (i) => ((stream[i >> 3] >> (i & 7)) & 1) === 1;
  };
  return { json, bits, viewBytes };
}

/** The corners of a tile's drawn boxes: each mesh's minimum and maximum through its nodes, in the tileset's frame. */
function* corners({ json, binary }) {
  const root = json.nodes[0];
  // The node's matrix leads to y up; z up again: (x, y, z) → (x, −z, y).
  const m = root.matrix ?? [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const place = ([x, y, z]) => {
    const [a, b, c] = [0, 1, 2].map((r) => m[r] * x + m[4 + r] * y + m[8 + r] * z + m[12 + r]);
    return [a, -c, b];
  };
  for (const i of root.children ?? []) {
    const node = json.nodes[i];
    const instancing = node.extensions?.EXT_mesh_gpu_instancing;
    if (instancing) {
      const read = (index) => {
        const packed = json.bufferViews[json.accessors[index].bufferView].extensions.EXT_meshopt_compression;
        const bytes = new Uint8Array(packed.count * packed.byteStride);
        MeshoptDecoder.decodeGltfBuffer(bytes, packed.count, packed.byteStride,
          binary.subarray(packed.byteOffset, packed.byteOffset + packed.byteLength), packed.mode);
        return new Float32Array(bytes.buffer);
      };
      const feet = read(instancing.attributes.TRANSLATION);
      const scales = read(instancing.attributes.SCALE);
      for (let t = 0; t < feet.length; t += 3) {
        yield place([feet[t], feet[t + 1], feet[t + 2]]);
        yield place([feet[t] + scales[t] / 2, feet[t + 1] + scales[t + 1] / 2, feet[t + 2] + scales[t + 2]]);
        yield place([feet[t] - scales[t] / 2, feet[t + 1] - scales[t + 1] / 2, feet[t + 2]]);
      }
      continue;
    }
    for (const p of json.meshes[node.mesh].primitives) {
      const { min, max } = json.accessors[p.attributes.POSITION];
      const s = node.scale ?? [1, 1, 1];
      for (let corner = 0; corner < 8; corner++) yield place([0, 1, 2].map((a) => (corner & (1 << a) ? max[a] : min[a]) * s[a]));
    }
  }
}

await judge('check_tileset', async (folder, find) => {
  await MeshoptDecoder.ready;
  const tileset = JSON.parse(readFileSync(join(folder, '3d', 'tileset.json'), 'utf8'));
  const { root } = tileset;
  if (tileset.asset.version !== '1.1') find(`asset.version is ${tileset.asset.version}`);
  if (root.refine !== 'REPLACE' || root.implicitTiling.subdivisionScheme !== 'QUADTREE') find('no quadtree that replaces');
  if (!(root.geometricError > 0) || !(tileset.geometricError >= root.geometricError)) find('geometric errors do not shrink');
  const t = root.transform;
  const at = Math.hypot(t[12], t[13], t[14]);
  if (!(at > 6.3e6 && at < 6.4e6)) find(`the city lies ${at} m from the middle of the Earth`);
  const { subtreeLevels, availableLevels, subtrees } = root.implicitTiling;
  const fill = (template, level, x, y) => template.replace('{level}', level).replace('{x}', x).replace('{y}', y);
  const promised = new Set(), subtreeFiles = new Set();
  const boxes = new Map();
  const waiting = [[0, 0, 0]];
  while (waiting.length > 0) {
    const [rootLevel, rootX, rootY] = waiting.pop();
    const path = `3d/${fill(subtrees.uri, rootLevel, rootX, rootY)}`;
    subtreeFiles.add(path);
    if (!existsSync(join(folder, path))) { find(`${path} is missing`); continue; }
    const say = (text) => find(`${path}: ${text}`);
    const subtree = readSubtree(readFile(folder, path), say);
    const count = levelBits(subtreeLevels);
    const tiles = subtree.bits(subtree.json.tileAvailability, count);
    const contents = subtree.bits(subtree.json.contentAvailability[0], count);
    const children = subtree.bits(subtree.json.childSubtreeAvailability, 4 ** subtreeLevels);
    const table = subtree.json.propertyTables?.[subtree.json.tileMetadata];
    const values = table && new Float64Array(subtree.viewBytes(table.properties.bounding_box.values).buffer);
    let row = 0;
    for (let level = 0; level < subtreeLevels; level++) {
      for (let i = 0; i < 4 ** level; i++) {
        const bit = levelBits(level) + i;
        if (contents(bit) && !tiles(bit)) say(`bit ${bit}: content without a tile`);
        if (!tiles(bit)) continue;
        if (bit > 0 && !tiles(levelBits(level - 1) + Math.floor(i / 4))) say(`bit ${bit}: a tile without its parent`);
        const [x, y] = deinterleave(i);
        const address = [rootLevel + level, rootX * 2 ** level + x, rootY * 2 ** level + y];
        if (address[0] >= availableLevels) say(`a tile at level ${address[0]} of ${availableLevels}`);
        const content = `3d/${fill(root.content.uri, ...address)}`;
        if (contents(bit)) promised.add(content);
        if (values) boxes.set(content, values.subarray(12 * row, 12 * row + 12));
        row++;
      }
    }
    if (table && table.count !== row) say(`${table.count} boxes for ${row} tiles`);
    for (let i = 0; i < 4 ** subtreeLevels; i++) {
      const [x, y] = deinterleave(i);
      if (children(i)) waiting.push([rootLevel + subtreeLevels, rootX * 2 ** subtreeLevels + x, rootY * 2 ** subtreeLevels + y]);
    }
  }
  const there = filesBelow(folder, '.glb');
  for (const path of there) if (!promised.has(path)) find(`${path} is there but not announced`);
  for (const path of promised) if (!there.includes(path)) find(`${path} is announced but missing`);
  for (const path of filesBelow(folder, '.subtree')) if (!subtreeFiles.has(path)) find(`${path} is there but not reached`);
  for (const path of there) {
    const box = boxes.get(path);
    if (!box) { find(`${path}: no box`); continue; }
    let worst = 0, axis = 0;
    for (const p of corners(readGlb(readFile(folder, path)))) {
      for (let a = 0; a < 3; a++) {
        const beyond = Math.abs(p[a] - box[a]) - box[3 + 4 * a];
        if (beyond > worst) [worst, axis] = [beyond, `${p[a] > box[a] ? "+" : "-"}${"xyz"[a]}`];
      }
    }
    if (worst > 0.1) find(`${path}: content reaches ${worst.toFixed(2)} m out of its box in ${axis}`);
  }
  return `${subtreeFiles.size} subtrees, ${promised.size} tiles, ${availableLevels} levels`;
});
