// What the tests of the 3D view share: opening it, waiting until it is at rest, counting what is drawn, and comparing pictures.
import { api, open_page, parameters, until } from './harness.mjs';

/** Opens the 3D view and waits until the first picture stands and nothing is drawn any more. `before` may prepare the page. */
export async function open_three(browser, query, { quality = 'light', init, before, ...options } = {}) {
  const page = await open_page(browser, '/?view=text', options);
  if (before) await before(page);
  await page.evaluate((choice) => localStorage.setItem('citiverse.three.quality', choice), quality);
  await page.addInitScript(() => {
    window.drawn = 0;
    for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced']) {
      const draw = WebGL2RenderingContext.prototype[name];
      WebGL2RenderingContext.prototype[name] = function (...given) {
        window.drawn += 1;
        return draw.apply(this, given);
      };
    }
  });
  if (init) await page.addInitScript(init);
  await page.goto(new URL(`/?view=3d&${query}`, page.url()).href);
  await page.locator('.hud').waitFor({ timeout: 60_000 });
  await at_rest(page);
  return page;
}

/** Lets the page have so many frames; gives how many draw calls were made meanwhile. */
export const frames = (page, count) =>
  page.evaluate(async (wanted) => {
    const before = window.drawn;
    for (let i = 0; i < wanted; ++i) await new Promise(requestAnimationFrame);
    return window.drawn - before;
  }, count);

/** Until nothing has been drawn for one second and for 30 frames, which take longer on a slow machine; at most 60 seconds. */
export async function at_rest(page) {
  let drawn = -1;
  let since = Date.now();
  await until(
    async () => {
      const now = await page.evaluate(() => window.drawn);
      if (now !== drawn) since = Date.now();
      drawn = now;
      return Date.now() - since > 1000 && (await frames(page, 30)) === 0;
    },
    'the picture is at rest',
    60_000,
  );
}

export const place_of = (page) => {
  const { lat, lon, h = '1.7', heading = '0', object = null } = parameters(page);
  return { lat: Number(lat), lon: Number(lon), h: Number(h), heading: Number(heading), object };
};

/** Holds keys down on the canvas for a while, and waits for rest. */
export async function hold(page, keys, wait_ms) {
  await page.focus('canvas');
  for (const key of keys) await page.keyboard.down(key);
  await page.waitForTimeout(wait_ms);
  for (const key of keys) await page.keyboard.up(key);
  await at_rest(page);
  // The address follows a movement after 0.4 s.
  await page.waitForTimeout(600);
}

const kMetresPerDegree = 111_195;
export function metres_between(a, b) {
  const east = (b.lon - a.lon) * kMetresPerDegree * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(east, (b.lat - a.lat) * kMetresPerDegree);
}
export function moved(from, heading_deg, by_m) {
  const heading = (heading_deg * Math.PI) / 180;
  const lat = from.lat + (Math.cos(heading) * by_m) / kMetresPerDegree;
  return { lat, lon: from.lon + (Math.sin(heading) * by_m) / kMetresPerDegree / Math.cos((from.lat * Math.PI) / 180) };
}
export function heading_between(a, b) {
  const east = (b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180);
  return ((Math.atan2(east, b.lat - a.lat) * 180) / Math.PI + 360) % 360;
}

/** The canvas as pixels: width, height and RGB bytes of a small copy. Controls that lie over it are hidden meanwhile. */
export async function pixels(page) {
  const cover = await page.addStyleTag({ content: '.hud, .panel, .card { visibility: hidden !important; }' });
  const png = await page.locator('canvas').screenshot();
  await cover.evaluate((style) => style.remove());
  const reader = await page.context().newPage();
  const bytes = await reader.evaluate(async (base64) => {
    const blob = new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/png' });
    const image = await createImageBitmap(blob, { resizeWidth: 160, resizeHeight: 100, resizeQuality: 'medium' });
    const canvas = new OffscreenCanvas(160, 100);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, 160, 100);
    return Array.from(data).filter((_, i) => i % 4 !== 3);
  }, png.toString('base64'));
  await reader.close();
  return bytes;
}

/** Mean difference of two pictures, 0 to 255. */
export const difference = (a, b) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
export const brightness = (a) => a.reduce((sum, value) => sum + value, 0) / a.length;

/** A point on a street that no building covers, near the city's origin, with the street's direction. */
export async function street_place() {
  const { origin } = await api('/api/v1/city');
  const { lat, lon } = origin;
  const { items } = await api(`/api/v1/nearby?lat=${lat}&lon=${lon}&kinds=street&radius_m=5000&limit=100`);
  for (const { id } of items.filter((item) => ['residential', 'tertiary', 'pedestrian', 'secondary', 'living_street'].includes(item.class))) {
    const { geometry, street } = await api(`/api/v1/objects/${id}?geometry=true`);
    const line = geometry?.type === 'LineString' ? geometry.coordinates : geometry?.coordinates?.[0];
    if (line === undefined || (street?.structure ?? 'ground') !== 'ground') continue;
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [line[i - 1], line[i]].map(([to_lon, to_lat]) => ({ lat: to_lat, lon: to_lon }));
      if (metres_between(a, b) < 25) continue;
      const share = (from, to) => Number(((from * 3 + to) / 4).toFixed(7));
      const start = { lat: share(a.lat, b.lat), lon: share(a.lon, b.lon) };
      const here = await api(`/api/v1/at?lat=${start.lat}&lon=${start.lon}`);
      if (here.building === undefined) return { ...start, heading: heading_between(a, b), ground_m: here.ground_height_m };
    }
  }
  throw new Error('no open street near the origin');
}
