// The figure-ground plan of the front door: the city's own buildings in ink, drawn from its own map tiles. Decoration: it says
// nothing that the page does not say in words, so it is only fetched where there is room for it.
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

const kZoom = 14;
const kTilesMax = 6;
/** What the plan shows from side to side, metres. */
const kWidth_m = 1700;
const kEquator_m = 40_075_016.686;

export interface Inks {
  building: string;
  water: string;
  green: string;
}

/** Where a place lies in the square of the world, 0 to 1 (Web Mercator). */
function world_of(lat: number, lon: number): [number, number] {
  const angle = (lat * Math.PI) / 180;
  return [lon / 360 + 0.5, 0.5 - Math.asinh(Math.tan(angle)) / (2 * Math.PI)];
}

/** Draws the plan around a place. Tiles that are missing leave paper. */
export async function draw_plan(canvas: HTMLCanvasElement, tilejson_url: string, centre: { lat: number; lon: number }, inks: Inks): Promise<void> {
  const address = new URL(tilejson_url, location.href);
  const { tiles } = (await (await fetch(address)).json()) as { tiles: string[] };
  const scale = Math.min(2, devicePixelRatio);
  canvas.width = canvas.clientWidth * scale;
  canvas.height = canvas.clientHeight * scale;
  const pen = canvas.getContext('2d');
  if (!pen || !tiles[0]) return;
  const [cx, cy] = world_of(centre.lat, centre.lon);
  const world_px = (canvas.width * kEquator_m * Math.cos((centre.lat * Math.PI) / 180)) / kWidth_m;
  const count = 2 ** kZoom;
  const half_x = canvas.width / 2 / world_px;
  const half_y = canvas.height / 2 / world_px;
  const jobs: Promise<void>[] = [];
  for (let x = Math.floor((cx - half_x) * count); x <= (cx + half_x) * count; ++x) {
    for (let y = Math.floor((cy - half_y) * count); y <= (cy + half_y) * count && jobs.length < kTilesMax; ++y) {
      const place = tiles[0].replace('{z}', String(kZoom)).replace('{x}', String(x)).replace('{y}', String(y));
      jobs.push(
        fetch(new URL(place, address)).then(async (response) => {
          if (!response.ok) return;
          const tile = new VectorTile(new PbfReader(new Uint8Array(await response.arrayBuffer())));
          const size = world_px / count;
          draw_tile(pen, tile, (x / count - cx) * world_px + canvas.width / 2, (y / count - cy) * world_px + canvas.height / 2, size, inks);
        }),
      );
    }
  }
  await Promise.all(jobs);
}

function draw_tile(pen: CanvasRenderingContext2D, tile: VectorTile, left: number, top: number, size: number, inks: Inks): void {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, size, size);
  pen.clip();
  for (const [name, ink] of [
    ['green', inks.green],
    ['water', inks.water],
    ['building', inks.building],
  ] as const) {
    const layer = tile.layers[name];
    if (!layer) continue;
    pen.fillStyle = ink;
    for (let i = 0; i < layer.length; ++i) {
      const feature = layer.feature(i);
      // 3 is a polygon in the tile's own words.
      if (feature.type !== 3) continue;
      pen.beginPath();
      for (const ring of feature.loadGeometry()) {
        ring.forEach((point, index) => {
          const at = [left + (point.x / layer.extent) * size, top + (point.y / layer.extent) * size] as const;
          if (index === 0) pen.moveTo(...at);
          else pen.lineTo(...at);
        });
        pen.closePath();
      }
      pen.fill('evenodd');
    }
  }
  pen.restore();
}
