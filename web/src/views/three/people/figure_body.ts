// The body of a figure and what it wears: soft, plain shapes as an architect carves them, with a friendly face.
import type { Bone, FigureMesh, Paint, Ring, Role } from './figure_mesh';

/** Joints of the standing figure of 1.70 m, metres; the left side has x below 0. The bones turn about these. */
export const kJoints = {
  hip: { x: 0.088, y: 0.88 },
  knee: { x: 0.092, y: 0.48 },
  ankle_y: 0.09,
  waist_y: 1.06,
  chest_y: 1.16,
  neck_y: 1.42,
  shoulder: { x: 0.172, y: 1.322 },
  elbow: { x: 0.196, y: 1.085 },
  wrist_y: 0.87,
} as const;

const of = (role: Role): Paint => ({ role });
const kInk: Paint = { role: 'own', tint: [0.012, 0.01, 0.012] };
const kGlass: Paint = { role: 'own', tint: [0.02, 0.022, 0.03] };
const kLight: Paint = { role: 'own', tint: [0.9, 0.9, 0.88] };
const kSides = [
  { side: -1, arm: 'arm_l', fore: 'fore_l', thigh: 'thigh_l', shin: 'shin_l' },
  { side: 1, arm: 'arm_r', fore: 'fore_r', thigh: 'thigh_r', shin: 'shin_r' },
] as const;

/** Head, neck, ears, nose, and near by also eyes and a smile. */
export function head(mesh: FigureMesh): void {
  const skin = of('skin');
  mesh.loft([
    { y: 1.4, rx: 0.05, rz: 0.05, bone: 'chest', shade: 0.62 },
    { y: 1.46, rx: 0.046, rz: 0.048, bone: 'chest', other: 'head', share: 0.6, shade: 0.66 },
  ], skin);
  mesh.loft([
    { y: 1.428, z: -0.012, rx: 0.03, rz: 0.032, bone: 'head', shade: 0.7 },
    { y: 1.436, z: -0.016, rx: 0.058, rz: 0.062, bone: 'head', shade: 0.78, fine: true },
    { y: 1.465, z: -0.014, rx: 0.087, rz: 0.09, bone: 'head', shade: 0.92 },
    { y: 1.51, z: -0.006, rx: 0.106, rz: 0.108, bone: 'head' },
    { y: 1.56, z: 0, rx: 0.112, rz: 0.116, bone: 'head', fine: true },
    { y: 1.61, z: 0.004, rx: 0.107, rz: 0.113, bone: 'head' },
    { y: 1.655, z: 0.006, rx: 0.088, rz: 0.095, bone: 'head', fine: true },
    { y: 1.685, z: 0.007, rx: 0.056, rz: 0.06, bone: 'head' },
    { y: 1.7, z: 0.008, rx: 0.018, rz: 0.02, bone: 'head' },
  ], skin);
  if (!mesh.detail.fine) {
    if (mesh.detail.ball > 4) for (const { side } of kSides) mesh.ball([side * 0.043, 1.553, -0.097], [0.0095, 0.0125, 0.016], kInk, 'head', 3, 4);
    return;
  }
  for (const { side } of kSides) mesh.ball([side * 0.112, 1.535, 0.012], [0.016, 0.03, 0.022], skin, 'head', 4, 6);
  mesh.ball([0, 1.522, -0.116], [0.015, 0.016, 0.014], skin, 'head', 4, 6);
  for (const { side } of kSides) {
    mesh.ball([side * 0.042, 1.553, -0.1035], [0.0132, 0.0172, 0.008], of('eye_rim'), 'head', 4, 8);
    mesh.ball([side * 0.042, 1.553, -0.1055], [0.0115, 0.0155, 0.008], kInk, 'head', 4, 8);
    mesh.ball([side * 0.042 + 0.0035, 1.558, -0.112], [0.0034, 0.004, 0.002], kLight, 'head', 3, 6);
  }
  smile(mesh);
}

/** A thin arc on the face. */
function smile(mesh: FigureMesh): void {
  const lips = of('lips');
  const at = (t: number): [number, number, number] => [0.034 * t, 1.4845 + 0.0115 * t * t, -0.1065 + 0.009 * t * t];
  for (let i = 0; i < 6; i++) mesh.tube(at(-1 + i / 3), at(-1 + (i + 1) / 3), 0.0036, lips, 'head', 5);
}

const kTorso: Ring[] = [
  { y: 0.81, z: 0.004, rx: 0.06, rz: 0.06, bone: 'pelvis', shade: 0.86 },
  { y: 0.87, z: 0.004, rx: 0.145, rz: 0.1, bone: 'pelvis', shade: 0.9 },
  { y: 0.95, z: 0.004, rx: 0.159, rz: 0.113, bone: 'pelvis', shade: 0.92 },
  { y: 1.02, rx: 0.144, rz: 0.102, bone: 'pelvis', other: 'belly', share: 0.7, shade: 0.95, fine: true },
  { y: 1.09, rx: 0.135, rz: 0.098, bone: 'belly', other: 'chest', share: 0.2 },
  { y: 1.18, rx: 0.149, rz: 0.104, bone: 'belly', other: 'chest', share: 0.75, fine: true },
  { y: 1.27, rx: 0.164, rz: 0.107, bone: 'chest' },
  { y: 1.322, rx: 0.168, rz: 0.1, bone: 'chest' },
  { y: 1.358, rx: 0.143, rz: 0.086, bone: 'chest', fine: true },
  { y: 1.385, rx: 0.103, rz: 0.072, bone: 'chest' },
  { y: 1.408, rx: 0.068, rz: 0.06, bone: 'chest', fine: true },
  { y: 1.42, rx: 0.058, rz: 0.054, bone: 'chest', shade: 0.75 },
];

/** From a height of the body upwards. */
function torso(mesh: FigureMesh, from_y: number, paint: Paint, wider = 0): void {
  const rings = kTorso.filter((ring) => ring.y >= from_y);
  mesh.loft(rings.map((ring) => ({ ...ring, rx: ring.rx + wider, rz: ring.rz + wider })), paint);
}

/** Sleeves down to the elbow (share 0) or the wrist (1); `wide` is what the cloth falls away from the arm. */
function sleeves(mesh: FigureMesh, long: boolean, paint: Paint, wide = 0): void {
  const { shoulder, elbow, wrist_y } = kJoints;
  for (const { side, arm, fore } of kSides) {
    const x = (y: number) => side * (shoulder.x + ((elbow.x - shoulder.x) * (shoulder.y - y)) / (shoulder.y - elbow.y));
    const rings: Ring[] = [
      { x: side * (shoulder.x - 0.04), y: shoulder.y + 0.04, rx: 0.03, rz: 0.036, bone: 'chest', other: arm, share: 0.5 },
      { x: side * (shoulder.x - 0.022), y: shoulder.y + 0.027, rx: 0.05, rz: 0.056, bone: arm, other: 'chest', share: 0.25, fine: true },
      { x: side * (shoulder.x - 0.008), y: shoulder.y - 0.005, rx: 0.058, rz: 0.064, bone: arm },
      { x: x(1.22), y: 1.22, rx: 0.048 + wide * 0.4, rz: 0.052 + wide * 0.4, bone: arm, shade: 0.95 },
      { x: x(1.14), y: 1.14, rx: 0.046 + wide * 0.7, rz: 0.048 + wide * 0.7, bone: arm, other: fore, share: 0.15 },
    ];
    if (long) {
      rings.push(
        { x: x(1.09), y: 1.09, rx: 0.043 + wide * 0.8, rz: 0.045 + wide * 0.8, bone: arm, other: fore, share: 0.5, fine: true },
        { x: x(1.04), y: 1.04, rx: 0.042 + wide, rz: 0.044 + wide, bone: arm, other: fore, share: 0.85 },
        { x: x(wrist_y), y: wrist_y, rx: 0.034 + wide, rz: 0.036 + wide, bone: fore, shade: 0.9 },
      );
    }
    mesh.loft(rings.reverse(), paint, Math.max(mesh.detail.limb, mesh.detail.around - 4));
  }
}

/** Bare forearms, from the elbow to the wrist. */
function forearms(mesh: FigureMesh): void {
  for (const { side, arm, fore } of kSides) {
    mesh.loft([
      { x: side * 0.222, y: 0.86, rx: 0.026, rz: 0.03, bone: fore },
      { x: side * 0.21, y: 1.02, rx: 0.037, rz: 0.039, bone: fore },
      { x: side * 0.206, y: 1.08, rx: 0.038, rz: 0.04, bone: arm, other: fore, share: 0.6, fine: true },
      { x: side * 0.2, y: 1.15, rx: 0.037, rz: 0.039, bone: arm },
    ], of('skin'), Math.max(mesh.detail.limb, mesh.detail.around - 4));
  }
}

/** Mittens: hands that point, wave and hold without fingers to count. */
export function hands(mesh: FigureMesh): void {
  for (const { side, fore } of kSides) {
    mesh.ball([side * 0.224, 0.828, -0.004], [0.028, 0.056, 0.038], of('skin'), fore, 5, Math.max(mesh.detail.limb, mesh.detail.around - 5));
    if (mesh.detail.fine) mesh.ball([side * 0.209, 0.845, -0.034], [0.013, 0.028, 0.015], of('skin'), fore, 4, 5);
  }
}

/** Legs from below the hips to a height above the ground. */
function legs(mesh: FigureMesh, low_y: number, high_y: number, paint: Paint, wider = 0, skip_right_shin = false): void {
  const { hip, knee } = kJoints;
  const all = (side: number, thigh: Bone, shin: Bone): Ring[] => [
    { x: side * 0.093, y: 0.075, z: 0.004, rx: 0.044, rz: 0.05, bone: shin, shade: 0.85 },
    { x: side * 0.093, y: 0.2, z: 0.006, rx: 0.05, rz: 0.056, bone: shin },
    { x: side * 0.093, y: 0.34, z: 0.008, rx: 0.058, rz: 0.064, bone: shin, fine: true },
    { x: side * knee.x, y: 0.44, z: 0.002, rx: 0.058, rz: 0.062, bone: shin, other: thigh, share: 0.25 },
    { x: side * knee.x, y: knee.y, rx: 0.06, rz: 0.064, bone: shin, other: thigh, share: 0.5, fine: true },
    { x: side * knee.x, y: 0.53, rx: 0.064, rz: 0.068, bone: thigh, other: shin, share: 0.2 },
    { x: side * hip.x, y: 0.72, rx: 0.071, rz: 0.081, bone: thigh, shade: 0.94 },
    { x: side * (hip.x - 0.004), y: 0.83, rx: 0.08, rz: 0.096, bone: thigh, other: 'pelvis', share: 0.2, shade: 0.9 },
    { x: side * (hip.x - 0.012), y: 0.91, rx: 0.077, rz: 0.096, bone: thigh, other: 'pelvis', share: 0.6, shade: 0.9 },
  ];
  for (const { side, thigh, shin } of kSides) {
    const low = side > 0 && skip_right_shin ? 0.5 : low_y;
    const rings = all(side, thigh, shin).filter((ring) => ring.y >= low - 1e-6 && ring.y <= high_y);
    if (rings.length > 1) mesh.loft(rings.map((ring) => ({ ...ring, rx: ring.rx + wider, rz: ring.rz + wider })), paint, Math.max(mesh.detail.limb, mesh.detail.around - 2));
  }
}

export function shoes(mesh: FigureMesh, right = true): void {
  for (const { side, shin } of kSides) {
    if (side > 0 && !right) continue;
    const x = side * 0.097;
    mesh.loft([
      { x, y: 0.002, z: -0.045, rx: 0.044, rz: 0.118, bone: shin, shade: 0.6 },
      { x, y: 0.03, z: -0.046, rx: 0.05, rz: 0.124, bone: shin },
      { x, y: 0.062, z: -0.03, rx: 0.045, rz: 0.1, bone: shin, fine: true },
      { x, y: 0.088, z: 0, rx: 0.042, rz: 0.054, bone: shin },
      { x, y: 0.115, z: 0.004, rx: 0.038, rz: 0.044, bone: shin },
    ], of('shoe'), Math.max(mesh.detail.limb, mesh.detail.around - 2));
  }
}

/** Cloth that hangs from the waist: a skirt to the knee, or on to the ankle. */
function hanging(mesh: FigureMesh, paint: Paint, low_y: number, flare: number, from_y = 1.0): void {
  const rings: Ring[] = [
    { y: 0.1, z: 0.004, rx: 0.17 + flare, rz: 0.15 + flare, bone: 'hem', shade: 0.75 },
    { y: 0.3, z: 0.004, rx: 0.178 + flare * 0.8, rz: 0.158 + flare * 0.8, bone: 'hem', shade: 0.9 },
    { y: 0.46, z: 0.003, rx: 0.182 + flare * 0.7, rz: 0.16 + flare * 0.7, bone: 'hem', other: 'skirt', share: 0.5, shade: 0.88 },
    { y: 0.58, z: 0.003, rx: 0.184 + flare * 0.55, rz: 0.158 + flare * 0.55, bone: 'skirt', shade: 0.95 },
    { y: 0.74, rx: 0.182 + flare * 0.3, rz: 0.146 + flare * 0.3, bone: 'skirt', other: 'pelvis', share: 0.25 },
    { y: 0.86, rx: 0.172, rz: 0.124, bone: 'pelvis', other: 'skirt', share: 0.35 },
    { y: 0.95, z: 0.004, rx: 0.164, rz: 0.12, bone: 'pelvis' },
    { y: 1.03, rx: 0.149, rz: 0.106, bone: 'pelvis', other: 'belly', share: 0.7, fine: true },
    { y: 1.06, rx: 0.143, rz: 0.102, bone: 'belly' },
  ];
  mesh.loft(rings.filter((ring) => ring.y >= low_y && ring.y <= Math.max(from_y, 1.06)), paint);
}

/** The six outfits: each draws arms, torso and legs, all but hands and shoes. `right_shin` is false where a prosthesis stands in. */
export const kOutfits: Record<string, (mesh: FigureMesh, right_shin: boolean) => void> = {
  jumper_trousers: (mesh, right_shin) => {
    legs(mesh, 0.07, 1, of('bottom'), 0, !right_shin);
    torso(mesh, 0.8, of('bottom'), -0.004);
    torso(mesh, 0.94, of('top'), 0.006);
    sleeves(mesh, true, of('top'));
  },
  shirt_shorts: (mesh, right_shin) => {
    legs(mesh, 0.07, 0.6, of('skin'), -0.006, !right_shin);
    legs(mesh, 0.5, 1, of('bottom'), 0.01);
    torso(mesh, 0.8, of('bottom'), 0);
    torso(mesh, 0.94, of('top'), 0.004);
    sleeves(mesh, false, of('top'), 0.012);
    forearms(mesh);
  },
  dress: (mesh, right_shin) => {
    legs(mesh, 0.07, 0.6, of('skin'), -0.006, !right_shin);
    hanging(mesh, of('top'), 0.4, 0.03);
    torso(mesh, 1.0, of('top'), 0.004);
    sleeves(mesh, false, of('top'), 0.006);
    forearms(mesh);
  },
  top_skirt: (mesh, right_shin) => {
    legs(mesh, 0.07, 0.6, of('skin'), -0.006, !right_shin);
    hanging(mesh, of('bottom'), 0.4, 0.02);
    torso(mesh, 1.0, of('top'), 0.008);
    sleeves(mesh, true, of('top'));
  },
  coat: (mesh, right_shin) => {
    legs(mesh, 0.07, 0.75, of('bottom'), 0, !right_shin);
    hanging(mesh, of('top'), 0.4, 0.0);
    torso(mesh, 1.0, of('top'), 0.016);
    sleeves(mesh, true, of('top'), 0.008);
    mesh.loft([
      { y: 1.39, rx: 0.085, rz: 0.078, bone: 'chest' },
      { y: 1.425, rx: 0.082, rz: 0.078, bone: 'chest' },
      { y: 1.44, rx: 0.06, rz: 0.056, bone: 'chest', shade: 0.6 },
    ], { role: 'top', tint: [0.82, 0.82, 0.82] });
  },
  long_robe: (mesh) => {
    hanging(mesh, of('top'), 0.09, 0.01);
    torso(mesh, 1.0, of('top'), 0.014);
    sleeves(mesh, true, of('top'), 0.022);
    mesh.loft([
      { y: 1.385, rx: 0.086, rz: 0.074, bone: 'chest' },
      { y: 1.428, rx: 0.062, rz: 0.058, bone: 'chest' },
    ], of('bottom'));
  },
};

/** A running blade with its socket, below the right knee. */
export function prosthetic_leg(mesh: FigureMesh): void {
  const grey: Paint = { role: 'own', tint: [0.2, 0.21, 0.23] };
  mesh.loft([
    { x: 0.092, y: 0.36, z: 0.004, rx: 0.03, rz: 0.034, bone: 'shin_r' },
    { x: 0.092, y: 0.42, z: 0.002, rx: 0.055, rz: 0.06, bone: 'shin_r' },
    { x: 0.092, y: 0.5, rx: 0.06, rz: 0.064, bone: 'shin_r', other: 'thigh_r', share: 0.5 },
  ], of('accent'), Math.max(6, mesh.detail.around - 4));
  const way: [number, number, number][] = [[0.092, 0.38, 0.004], [0.092, 0.27, 0.05], [0.092, 0.16, 0.055], [0.093, 0.07, 0.015], [0.094, 0.02, -0.05], [0.094, 0.018, -0.12]];
  for (let i = 1; i < way.length; i++) mesh.tube(way[i - 1]!, way[i]!, 0.017, grey, 'shin_r', 6);
}

export function beard(mesh: FigureMesh, full: boolean): void {
  const hair = of('hair');
  const down = full ? 0.05 : 0.012;
  mesh.loft([
    { y: 1.43 - down, z: -0.05, rx: 0.03, rz: 0.03, bone: 'head', shade: 0.8 },
    { y: 1.445 - down * 0.7, z: -0.034, rx: 0.068, rz: 0.075, bone: 'head' },
    { y: 1.472, z: -0.016, rx: 0.094, rz: 0.098, bone: 'head' },
    { y: 1.505, z: -0.002, rx: 0.109, rz: full ? 0.104 : 0.1, bone: 'head' },
    { y: 1.53, z: 0.012, rx: 0.1, rz: 0.06, bone: 'head' },
  ], hair);
  if (!mesh.detail.fine) return;
  for (const { side } of kSides) mesh.ball([side * 0.022, 1.503, -0.107], [0.024, 0.008, 0.011], hair, 'head', 4, 6);
}

export function glasses(mesh: FigureMesh, dark: boolean): void {
  if (!mesh.detail.fine) return;
  for (const { side } of kSides) {
    if (dark) mesh.ball([side * 0.044, 1.553, -0.112], [0.031, 0.023, 0.013], kGlass, 'head', 4, 9);
    else ring_of_glass(mesh, side);
    mesh.tube([side * 0.072, 1.556, -0.1], [side * 0.116, 1.552, -0.005], 0.0045, kGlass, 'head', 4);
  }
  mesh.tube([-0.016, 1.558, -0.122], [0.016, 1.558, -0.122], 0.0045, kGlass, 'head', 4);
}

function ring_of_glass(mesh: FigureMesh, side: number): void {
  const steps = 10;
  const at = (i: number): [number, number, number] => {
    const angle = (2 * Math.PI * i) / steps;
    return [side * 0.044 + 0.03 * Math.cos(angle), 1.553 + 0.026 * Math.sin(angle), -0.119 + 0.012 * Math.abs(side * Math.cos(angle) > 0 ? Math.cos(angle) : 0)];
  };
  for (let i = 0; i < steps; i++) mesh.tube(at(i), at(i + 1), 0.004, kGlass, 'head', 4);
}

export function hearing_aid(mesh: FigureMesh): void {
  if (!mesh.detail.fine) return;
  for (const { side } of kSides) {
    mesh.ball([side * 0.12, 1.555, 0.028], [0.011, 0.022, 0.013], of('accent'), 'head', 4, 6);
    mesh.ball([side * 0.124, 1.532, 0.004], [0.008, 0.01, 0.01], kLight, 'head', 4, 5);
  }
}
