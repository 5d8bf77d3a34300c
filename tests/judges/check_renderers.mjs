// Judge: 3d-tiles-renderer and Cesium, in headless Chromium with software GL, show the tileset: no error on the console, and a
// picture that is not blank.
// Use: node check_renderers.mjs FOLDER [--pictures FOLDER]
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { judge } from './tile_files.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json', '.css': 'text/css',
  '.wasm': 'application/wasm', '.glb': 'model/gltf-binary', '.subtree': 'application/octet-stream' };
const width = 640, height = 360;
const waitMs = 120_000;

const threePage = `<!doctype html><meta charset="utf-8"><body style="margin:0"><script type="importmap">{"imports":{
"three":"/modules/three/build/three.module.js","three/addons/":"/modules/three/examples/jsm/",
"three/examples/jsm/":"/modules/three/examples/jsm/",
"3d-tiles-renderer":"/modules/3d-tiles-renderer/build/index.three.js","3d-tiles-renderer/plugins":"/modules/3d-tiles-renderer/build/index.three-plugins.js",
"3d-tiles-renderer/core":"/modules/3d-tiles-renderer/build/index.core.js","3d-tiles-renderer/core/plugins":"/modules/3d-tiles-renderer/build/index.core-plugins.js"}}</script>
<script type="module">
import * as THREE from 'three';
import { TilesRenderer } from '3d-tiles-renderer';
import { GLTFExtensionsPlugin } from '3d-tiles-renderer/plugins';
import { ImplicitTilingPlugin } from '3d-tiles-renderer/core/plugins';
import { MeshoptDecoder } from '/modules/meshoptimizer/meshopt_decoder.mjs';
const renderer = new THREE.WebGLRenderer({ preserveDrawingBuffer: true });
renderer.setSize(${width}, ${height});
document.body.append(renderer.domElement);
const scene = new THREE.Scene();
scene.background = new THREE.Color(0x4060ff);
scene.add(new THREE.HemisphereLight(0xffffff, 0x888888, 2), new THREE.DirectionalLight(0xffffff, 2));
const camera = new THREE.PerspectiveCamera(60, ${width} / ${height}, 1, 1e6);
const tiles = new TilesRenderer('/tiles/3d/tileset.json');
tiles.registerPlugin(new ImplicitTilingPlugin());
tiles.registerPlugin(new GLTFExtensionsPlugin({ meshoptDecoder: MeshoptDecoder }));
let failed = null, ids = 0;
tiles.addEventListener('load-error', (e) => { failed = String(e.error ?? e.url); });
tiles.addEventListener('load-model', ({ scene: model }) => model.traverse((mesh) => {
  const { meshFeatures, structuralMetadata } = mesh.userData;
  if (!meshFeatures || !structuralMetadata) return;
  const rows = mesh.geometry.getAttribute('_feature_id_0');
  const row = rows.getX(0);
  if (row === 65535) return;
  const data = structuralMetadata.getPropertyTableData([0], [row])[0];
  if (/^[a-z_]+-[gnwrh][0-9]+$/.test(data.id)) ids++;
}));
scene.add(tiles.group);
const sphere = new THREE.Sphere();
let frames = 0, still = 0;
function frame() {
  if (tiles.getBoundingSphere(sphere)) {
    tiles.group.updateMatrixWorld(true);
    const up = sphere.center.clone().normalize();
    const side = new THREE.Vector3(0, 0, 1).cross(up).normalize();
    const reach = window.reach ?? sphere.radius * 0.8;
    camera.position.copy(sphere.center).addScaledVector(up, reach * 0.7).addScaledVector(side, reach * 0.7);
    camera.up.copy(up);
    camera.lookAt(sphere.center);
    camera.updateMatrixWorld();
  }
  tiles.setCamera(camera);
  tiles.setResolutionFromRenderer(camera, renderer);
  tiles.update();
  renderer.render(scene, camera);
  frames++;
  const busy = tiles.stats.downloading + tiles.stats.parsing + (tiles.stats.queued ?? 0);
  still = tiles.visibleTiles.size > 0 && busy === 0 ? still + 1 : 0;
  window.state = { failed, ids, shown: tiles.visibleTiles.size, done: still > 20 };
  requestAnimationFrame(frame);
}
frame();
</script>`;

const cesiumPage = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/modules/cesium/Build/Cesium/Widgets/widgets.css">
<body style="margin:0"><div id="globe" style="width:${width}px;height:${height}px"></div>
<script>window.CESIUM_BASE_URL = '/modules/cesium/Build/Cesium/';</script><script src="/modules/cesium/Build/Cesium/Cesium.js"></script>
<script type="module">
Cesium.Ion.defaultAccessToken = '';
const viewer = new Cesium.CesiumWidget('globe', { baseLayer: false, globe: false, skyBox: false, skyAtmosphere: false,
  contextOptions: { webgl: { preserveDrawingBuffer: true } } });
viewer.scene.backgroundColor = Cesium.Color.fromBytes(64, 96, 255);
window.state = { failed: null, shown: 0, ids: 0, done: false };
viewer.scene.renderError.addEventListener((_, error) => { window.state.failed = String(error); });
const tileset = await Cesium.Cesium3DTileset.fromUrl('/tiles/3d/tileset.json');
tileset.tileFailed.addEventListener((e) => { window.state.failed = e.url + ': ' + e.message; });
tileset.tileVisible.addEventListener((tile) => {
  const { content } = tile;
  if (content.featuresLength > 0 && /^[a-z_]+-[gnwrh][0-9]+$/.test(content.getFeature(0).getProperty('id'))) window.state.ids++;
});
viewer.scene.primitives.add(tileset);
const look = () => {
  const sphere = tileset.boundingSphere;
  const reach = window.reach ?? sphere.radius * 0.8;
  viewer.camera.lookAt(sphere.center, new Cesium.HeadingPitchRange(0, -0.8, reach));
};
look();
let still = 0;
viewer.scene.postRender.addEventListener(() => {
  look();
  still = tileset.tilesLoaded ? still + 1 : 0;
  window.state.shown = tileset.statistics?.selected ?? 0;
  window.state.done = still > 20 && window.state.shown > 0;
});
</script>`;

function serve(folder) {
  const server = createServer((request, response) => {
    const url = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const page = { '/three': threePage, '/cesium': cesiumPage }[url];
    if (page) return response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    const [, root, ...rest] = url.split('/');
    const base = { tiles: folder, modules }[root];
    const path = base && normalize(join(base, ...rest));
    if (!path || !path.startsWith(base + sep) || !existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(path));
  });
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
}

/** The share of pixels that differ from the background, and how many different colours they have. */
async function drawn(page) {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    if (!canvas) return { share: 0, colours: 0 };
    const copy = document.createElement('canvas');
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext('2d');
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    let other = 0;
    const colours = new Set();
    for (let i = 0; i < data.length; i += 4) {
      if (Math.abs(data[i] - data[0]) + Math.abs(data[i + 1] - data[1]) + Math.abs(data[i + 2] - data[2]) < 12) continue;
      other++;
      colours.add((data[i] >> 3 << 10) | (data[i + 1] >> 3 << 5) | (data[i + 2] >> 3));
    }
    return { share: other / (data.length / 4), colours: colours.size };
  });
}

await judge('check_renderers', async (folder, find) => {
  const server = await serve(folder);
  const at = `http://127.0.0.1:${server.address().port}`;
  const pictures = process.argv.includes('--pictures') ? process.argv[process.argv.indexOf('--pictures') + 1] : null;
  if (pictures) mkdirSync(pictures, { recursive: true });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox',
    '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  const said = [];
  try {
    for (const name of ['three', 'cesium']) {
      for (const reach of [null, 600]) {
        const say = (text) => find(`${name}: ${text}`);
        let broken = false;
        const page = await browser.newPage({ viewport: { width, height } });
        page.on('console', (message) => {
          if (message.type() !== 'error') return;
          // Pages of this judge have no icon.
          if (!message.location().url.endsWith('/favicon.ico')) say(`console: ${message.text()} ${message.location().url}`);
        });
        page.on('pageerror', (error) => {
          say(`page: ${error.message}`);
          broken = true;
        });
        if (reach) await page.addInitScript(`window.reach = ${reach}`);
        await page.goto(`${at}/${name}`);
        const until = Date.now() + waitMs;
        while (!broken && !(await page.evaluate(() => window.state?.done || window.state?.failed))) {
          if (Date.now() > until) {
            say('does not settle');
            break;
          }
          await page.waitForTimeout(250);
        }
        const state = await page.evaluate(() => window.state);
        if (state?.failed) say(state.failed);
        const { share, colours } = await drawn(page);
        if (!(share > 0.05) || !(colours >= 8)) say(`the picture is blank: ${(share * 100).toFixed(1)} % drawn, ${colours} colours`);
        if (!(state?.ids > 0)) say('no feature tells its id');
        said.push(`${name} ${reach ? 'near' : 'far'} ${state?.shown} tiles, ${(share * 100).toFixed(0)} % drawn`);
        if (pictures) writeFileSync(join(pictures, `${name}_${reach ? 'near' : 'far'}.png`), await page.screenshot());
        await page.close();
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  return said.join('; ');
});
