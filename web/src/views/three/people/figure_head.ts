// Hair and what is worn on the head.
import type { FigureMesh, Paint, Ring } from './figure_mesh';

const kHair: Paint = { role: 'hair' };
const kCloth: Paint = { role: 'accent' };

/** A cap of hair or cloth over the skull, from a height up; `out` is its thickness. It leaves the face free. */
function skull(mesh: FigureMesh, paint: Paint, low_y: number, out: number, back_z = 0.012): void {
  const rings: Ring[] = [
    { y: 1.445, z: back_z + 0.046, rx: 0.062 + out, rz: 0.034 + out, bone: 'head', shade: 0.7 },
    { y: 1.48, z: back_z + 0.05, rx: 0.088 + out, rz: 0.05 + out, bone: 'head', shade: 0.8, fine: true },
    { y: 1.52, z: back_z + 0.044, rx: 0.105 + out, rz: 0.07 + out, bone: 'head', shade: 0.9 },
    { y: 1.555, z: back_z + 0.028, rx: 0.112 + out, rz: 0.09 + out, bone: 'head', fine: true },
    { y: 1.575, z: back_z + 0.014, rx: 0.112 + out, rz: 0.106 + out, bone: 'head' },
    { y: 1.615, z: back_z - 0.002, rx: 0.107 + out, rz: 0.115 + out, bone: 'head' },
    { y: 1.655, z: back_z - 0.004, rx: 0.09 + out, rz: 0.1 + out, bone: 'head' },
    { y: 1.69 + out * 0.5, z: back_z - 0.003, rx: 0.06 + out, rz: 0.066 + out, bone: 'head', fine: true },
    { y: 1.706 + out, z: back_z - 0.002, rx: 0.026, rz: 0.028, bone: 'head' },
  ];
  mesh.loft(rings.filter((ring) => ring.y >= low_y), paint);
}

export const kHairs: Record<string, (mesh: FigureMesh) => void> = {
  short: (mesh) => skull(mesh, kHair, 1.44, 0.008),
  curls: (mesh) => {
    skull(mesh, kHair, 1.44, 0.03);
    if (!mesh.detail.fine) return;
    for (let i = 0; i < 9; i++) {
      const angle = Math.PI * (0.5 + (2 * i) / 9);
      mesh.ball([0.105 * Math.cos(angle), 1.625 + 0.02 * Math.sin(3 * angle), 0.024 + 0.1 * Math.sin(angle)], [0.046, 0.046, 0.046], kHair, 'head', 4, 7);
    }
    mesh.ball([0, 1.71, 0.01], [0.06, 0.05, 0.06], kHair, 'head', 4, 7);
  },
  bob: (mesh) => {
    skull(mesh, kHair, 1.44, 0.012);
    mesh.loft([
      { y: 1.425, z: 0.05, rx: 0.11, rz: 0.062, bone: 'head', shade: 0.7 },
      { y: 1.45, z: 0.046, rx: 0.126, rz: 0.078, bone: 'head', shade: 0.85 },
      { y: 1.52, z: 0.042, rx: 0.127, rz: 0.084, bone: 'head' },
      { y: 1.6, z: 0.03, rx: 0.12, rz: 0.092, bone: 'head' },
    ], kHair);
  },
  long: (mesh) => {
    skull(mesh, kHair, 1.44, 0.012);
    mesh.loft([
      { y: 1.2, z: 0.1, rx: 0.075, rz: 0.024, bone: 'chest', shade: 0.8 },
      { y: 1.3, z: 0.098, rx: 0.11, rz: 0.038, bone: 'chest', other: 'head', share: 0.2, shade: 0.85 },
      { y: 1.4, z: 0.076, rx: 0.122, rz: 0.05, bone: 'head', other: 'chest', share: 0.4, shade: 0.85 },
      { y: 1.5, z: 0.046, rx: 0.126, rz: 0.08, bone: 'head' },
      { y: 1.6, z: 0.028, rx: 0.119, rz: 0.092, bone: 'head' },
    ], kHair);
  },
  bun: (mesh) => {
    skull(mesh, kHair, 1.44, 0.009);
    mesh.ball([0, 1.69, 0.085], [0.052, 0.048, 0.05], kHair, 'head', 5);
  },
  locs: (mesh) => {
    skull(mesh, kHair, 1.44, 0.014);
    const count = mesh.detail.fine ? 11 : 5;
    for (let i = 0; i < count; i++) {
      const angle = -0.35 + ((Math.PI + 0.7) * i) / (count - 1);
      const [x, z] = [0.122 * Math.cos(angle), 0.03 + 0.098 * Math.sin(angle)];
      mesh.tube([x * 1.04, 1.375, z * 1.02 + 0.012], [x * 0.93, 1.59, z * 0.92], 0.019, kHair, 'head', 6, 0.023);
    }
  },
  ponytail: (mesh) => {
    skull(mesh, kHair, 1.44, 0.009);
    mesh.loft([
      { y: 1.34, z: 0.175, rx: 0.012, rz: 0.012, bone: 'head', shade: 0.8 },
      { y: 1.42, z: 0.18, rx: 0.034, rz: 0.03, bone: 'head' },
      { y: 1.53, z: 0.17, rx: 0.037, rz: 0.035, bone: 'head' },
      { y: 1.61, z: 0.13, rx: 0.026, rz: 0.03, bone: 'head' },
      { y: 1.63, z: 0.1, rx: 0.02, rz: 0.02, bone: 'head' },
    ], kHair, Math.max(5, mesh.detail.around - 4));
  },
};

/** Hair that still shows below each cover: nothing under a hijab, a turban or a wrap; the rest of it under caps and hats. */
export const kCoverHides: Record<string, boolean> = { hijab: true, turban: true, headwrap: true, beanie: false, cap: false, sun_hat: false, kippah: false };

export const kCovers: Record<string, (mesh: FigureMesh) => void> = {
  hijab: (mesh) => {
    // Around the face, under the chin and over the shoulders; the face looks out of a soft opening.
    skull(mesh, kCloth, 1.5, 0.016, 0.014);
    mesh.loft([
      { y: 1.285, z: -0.012, rx: 0.15, rz: 0.118, bone: 'chest', shade: 0.85 },
      { y: 1.34, z: -0.006, rx: 0.158, rz: 0.118, bone: 'chest' },
      { y: 1.385, z: 0, rx: 0.128, rz: 0.1, bone: 'chest', shade: 0.92 },
      { y: 1.42, z: 0.004, rx: 0.094, rz: 0.094, bone: 'head', other: 'chest', share: 0.5, shade: 0.9 },
      { y: 1.446, z: 0.006, rx: 0.102, rz: 0.094, bone: 'head' },
      { y: 1.48, z: 0.022, rx: 0.118, rz: 0.094, bone: 'head' },
      { y: 1.535, z: 0.034, rx: 0.126, rz: 0.098, bone: 'head' },
      { y: 1.6, z: 0.024, rx: 0.121, rz: 0.106, bone: 'head' },
    ], kCloth);
  },
  turban: (mesh) => {
    skull(mesh, kCloth, 1.57, 0.014, 0.006);
    for (const [y, r, lean] of [[1.6, 0.132, -0.012], [1.635, 0.14, 0.012], [1.67, 0.132, -0.008], [1.705, 0.108, 0.008]] as const) {
      mesh.loft([
        { y: y - 0.026, z: 0.008, x: lean * 0.4, rx: r * 0.86, rz: r * 0.88, bone: 'head', shade: 0.72 },
        { y, z: 0.006, x: lean * 0.4, rx: r, rz: r * 1.03, bone: 'head' },
        { y: y + 0.026, z: 0.006, x: lean * 0.4, rx: r * 0.84, rz: r * 0.86, bone: 'head', shade: 0.9 },
      ], kCloth);
    }
    mesh.ball([0, 1.73, 0.006], [0.06, 0.025, 0.06], kCloth, 'head', 4);
  },
  kippah: (mesh) => {
    mesh.loft([
      { y: 1.672, z: 0.034, rx: 0.088, rz: 0.084, bone: 'head', shade: 0.8 },
      { y: 1.706, z: 0.03, rx: 0.074, rz: 0.07, bone: 'head' },
      { y: 1.732, z: 0.026, rx: 0.03, rz: 0.028, bone: 'head' },
    ], kCloth);
  },
  headwrap: (mesh) => {
    skull(mesh, kCloth, 1.55, 0.014, 0.01);
    mesh.loft([
      { y: 1.6, z: 0.04, rx: 0.118, rz: 0.1, bone: 'head' },
      { y: 1.68, z: 0.06, rx: 0.118, rz: 0.106, bone: 'head' },
      { y: 1.74, z: 0.075, rx: 0.092, rz: 0.086, bone: 'head' },
      { y: 1.765, z: 0.08, rx: 0.04, rz: 0.04, bone: 'head' },
    ], kCloth);
    mesh.ball([0.03, 1.69, -0.09], [0.05, 0.03, 0.03], kCloth, 'head', 4, 7);
    mesh.ball([-0.03, 1.69, -0.09], [0.05, 0.03, 0.03], kCloth, 'head', 4, 7);
  },
  cap: (mesh) => {
    skull(mesh, kCloth, 1.585, 0.024);
    mesh.loft([
      { y: 1.6, z: -0.125, rx: 0.084, rz: 0.082, bone: 'head', shade: 0.6 },
      { y: 1.611, z: -0.122, rx: 0.09, rz: 0.086, bone: 'head' },
      { y: 1.62, z: -0.1, rx: 0.075, rz: 0.06, bone: 'head' },
    ], kCloth);
  },
  sun_hat: (mesh) => {
    skull(mesh, kCloth, 1.585, 0.026);
    mesh.loft([
      { y: 1.586, z: 0.008, rx: 0.232, rz: 0.24, bone: 'head', shade: 0.55 },
      { y: 1.594, z: 0.008, rx: 0.238, rz: 0.246, bone: 'head' },
      { y: 1.622, z: 0.008, rx: 0.125, rz: 0.132, bone: 'head', shade: 0.9 },
      { y: 1.63, z: 0.008, rx: 0.11, rz: 0.118, bone: 'head' },
    ], kCloth);
    mesh.loft([
      { y: 1.622, z: 0.008, rx: 0.126, rz: 0.133, bone: 'head' },
      { y: 1.645, z: 0.008, rx: 0.121, rz: 0.128, bone: 'head' },
    ], { role: 'top', tint: [0.85, 0.85, 0.85] });
  },
  beanie: (mesh) => {
    skull(mesh, kCloth, 1.57, 0.028);
    mesh.loft([
      { y: 1.575, z: 0.01, rx: 0.138, rz: 0.136, bone: 'head', shade: 0.8 },
      { y: 1.6, z: 0.007, rx: 0.145, rz: 0.146, bone: 'head' },
      { y: 1.622, z: 0.005, rx: 0.139, rz: 0.142, bone: 'head' },
    ], { role: 'accent', tint: [0.82, 0.82, 0.82] });
    mesh.ball([0, 1.74, 0.01], [0.034, 0.03, 0.034], kCloth, 'head', 4, 8);
  },
};
