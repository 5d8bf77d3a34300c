// Judge: @mapbox/vector-tile reads every map tile; geometry is valid and within the tile's buffer, and layers are as announced.
// Use: node check_mvt.mjs FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VectorTile, classifyRings } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { filesBelow, judge, readFile } from './tile_files.mjs';

const buffer = 64;

function area(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) twice += (ring[j].x - ring[i].x) * (ring[i].y + ring[j].y);
  return twice / 2;
}

await judge('check_mvt', async (folder, find) => {
  const tilejson = JSON.parse(readFileSync(join(folder, 'map', 'tilejson.json'), 'utf8'));
  if (tilejson.tilejson !== '3.0.0') find(`tilejson.json: version ${tilejson.tilejson}`);
  const announced = new Map(tilejson.vector_layers.map((layer) => [layer.id, new Set(Object.keys(layer.fields))]));
  const paths = filesBelow(folder, '.mvt');
  if (paths.length === 0) find('no .mvt at all');
  let features = 0;
  const deepest = new Set();
  for (const path of paths) {
    const say = (text) => find(`${path}: ${text}`);
    const [, z] = path.split('/');
    const tile = new VectorTile(new PbfReader(readFile(folder, path)));
    for (const [name, layer] of Object.entries(tile.layers)) {
      if (layer.version !== 2 || layer.extent !== 4096) say(`layer ${name}: version ${layer.version}, extent ${layer.extent}`);
      const fields = announced.get(name);
      if (!fields) say(`layer ${name} is not announced`);
      for (let i = 0; i < layer.length; i++) {
        const feature = layer.feature(i);
        features++;
        for (const key of Object.keys(feature.properties)) if (!fields?.has(key)) say(`${name}: property ${key} is not announced`);
        const { id, kind } = feature.properties;
        if (!id || !kind || !id.startsWith(`${kind}-`)) say(`${name}: id ${id}, kind ${kind}`);
        if (Number(z) === tilejson.maxzoom) deepest.add(id);
        const rings = feature.loadGeometry();
        if (rings.length === 0) say(`${name} ${id}: no geometry`);
        for (const ring of rings) {
          for (const p of ring) {
            if (p.x < -buffer || p.y < -buffer || p.x > 4096 + buffer || p.y > 4096 + buffer) say(`${name} ${id}: beyond the buffer`);
          }
        }
        if (feature.type !== 3) continue;
        // The first ring is an outer one: positive area with y to the south, as the specification has it.
        if (rings.length > 0 && -area(rings[0]) >= 0 === area(rings[0]) > 0) say(`${name} ${id}: its first ring has no area`);
        if (classifyRings(rings).length === 0) say(`${name} ${id}: no outer ring`);
      }
    }
  }
  return `${paths.length} tiles, ${features} features, ${deepest.size} different ones at zoom ${tilejson.maxzoom}`;
});
