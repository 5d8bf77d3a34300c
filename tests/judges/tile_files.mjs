// What the judges share: the files of a tile folder, and GLB containers taken apart and put together.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** All files below a folder with an ending, sorted, as paths relative to it. */
export function filesBelow(folder, ending) {
  const found = [];
  const visit = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith(ending)) found.push(relative(folder, path));
    }
  };
  visit(folder);
  return found.sort();
}

/** The version folder: the argument itself, or the newest one in a city's or its tiles' folder. */
export function versionFolder(argument) {
  if (!argument) throw new Error('say which folder of tiles to judge');
  for (const base of [argument, join(argument, 'tiles')]) {
    const inside = (path) => { try { return statSync(join(path, '3d', 'tileset.json')).isFile(); } catch { return false; } };
    if (inside(base)) return base;
    let versions = [];
    try { versions = readdirSync(base).map((name) => join(base, name)).filter(inside); } catch { continue; }
    versions.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    if (versions.length > 0) return versions[0];
  }
  throw new Error(`${argument}: no tiles in it`);
}

export function readGlb(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x46546c67 || view.getUint32(4, true) !== 2) throw new Error('not a binary glTF 2.0');
  if (view.getUint32(8, true) !== bytes.byteLength) throw new Error('its length is not what it says');
  const jsonBytes = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(20, 20 + jsonBytes)));
  const at = 20 + jsonBytes;
  const binary = at < bytes.byteLength ? bytes.subarray(at + 8, at + 8 + view.getUint32(at, true)) : new Uint8Array(0);
  return { json, binary };
}

export function writeGlb(json, binary) {
  const pad = (n) => (n + 3) & ~3;
  const text = new TextEncoder().encode(JSON.stringify(json));
  const file = new Uint8Array(20 + pad(text.length) + 8 + pad(binary.length));
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x46546c67, true);
  view.setUint32(4, 2, true);
  view.setUint32(8, file.length, true);
  view.setUint32(12, pad(text.length), true);
  view.setUint32(16, 0x4e4f534a, true);
  file.fill(0x20, 20, 20 + pad(text.length));
  file.set(text, 20);
  view.setUint32(20 + pad(text.length), pad(binary.length), true);
  view.setUint32(24 + pad(text.length), 0x004e4942, true);
  file.set(binary, 28 + pad(text.length));
  return file;
}

export function readFile(folder, path) {
  return new Uint8Array(readFileSync(join(folder, path)));
}

/** Runs a judge: prints its summary or its findings, and exits with 0 or 1. */
export async function judge(name, work) {
  const findings = [];
  try {
    const summary = await work(versionFolder(process.argv[2]), (text) => findings.push(text));
    for (const finding of findings.slice(0, 20)) console.error(`  ${finding}`);
    if (findings.length > 20) console.error(`  … and ${findings.length - 20} more`);
    console.log(`${name}: ${summary}, ${findings.length} findings`);
    process.exit(findings.length > 0 ? 1 : 0);
  } catch (error) {
    console.error(`${name}: ${error.stack ?? error}`);
    process.exit(1);
  }
}
