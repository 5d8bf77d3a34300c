// Mobility aids and companions: wheelchairs, frame, canes, and the animals that walk along.
import type { FigureMesh, Paint } from './figure_mesh';

const kFrame: Paint = { role: 'accent' };
const kSteel: Paint = { role: 'own', tint: [0.42, 0.43, 0.45] };
const kRubber: Paint = { role: 'own', tint: [0.035, 0.036, 0.04] };
const kSeat: Paint = { role: 'own', tint: [0.07, 0.075, 0.085] };
const kWhite: Paint = { role: 'own', tint: [0.88, 0.88, 0.86] };
const kRed: Paint = { role: 'own', tint: [0.6, 0.05, 0.045] };
const kNose: Paint = { role: 'own', tint: [0.02, 0.017, 0.017] };

/** Height of the seat's top, and of the big wheels' axle, metres. */
export const kSeat_m = 0.52;
export const kWheel_m = 0.3;
export const kAxle = { y: kWheel_m, z: 0.06 } as const;

function chair(mesh: FigureMesh): void {
  mesh.board([0, kSeat_m - 0.03, -0.06], [0.19, 0.025, 0.2], kSeat, 'ground');
  mesh.board([0, kSeat_m + 0.22, 0.16], [0.18, 0.2, 0.018], kSeat, 'ground');
  for (const side of [-1, 1]) {
    const x = side * 0.205;
    mesh.tube([x, 0.5, -0.24], [x, 0.5, 0.16], 0.013, kFrame, 'ground');
    mesh.tube([x, 0.5, 0.16], [x, 0.95, 0.19], 0.013, kFrame, 'ground');
    mesh.tube([x, 0.95, 0.18], [x, 0.95, 0.28], 0.017, kRubber, 'ground');
    mesh.tube([x, 0.5, -0.24], [side * 0.14, 0.12, -0.4], 0.013, kFrame, 'ground');
    mesh.tube([x, 0.7, -0.14], [x, 0.7, 0.16], 0.02, kSeat, 'ground');
    mesh.tube([x, 0.5, -0.13], [x, 0.7, -0.13], 0.011, kFrame, 'ground');
  }
  mesh.board([0, 0.11, -0.44], [0.15, 0.012, 0.09], kSteel, 'ground');
}

export const kAids: Record<string, (mesh: FigureMesh) => void> = {
  wheelchair: (mesh) => {
    chair(mesh);
    for (const side of [-1, 1]) {
      const x = side * 0.26;
      mesh.hoop([x, kAxle.y, kAxle.z], kWheel_m - 0.016, 0.016, kRubber, 'held');
      if (mesh.detail.fine) {
        mesh.hoop([x + side * 0.028, kAxle.y, kAxle.z], kWheel_m - 0.055, 0.008, kSteel, 'held');
        for (let i = 0; i < 4; i++) {
          const [y, z] = [Math.sin((Math.PI * i) / 4), Math.cos((Math.PI * i) / 4)];
          const r = kWheel_m - 0.03;
          mesh.tube([x, kAxle.y - y * r, kAxle.z - z * r], [x, kAxle.y + y * r, kAxle.z + z * r], 0.005, kSteel, 'held', 4);
        }
      }
      mesh.hoop([side * 0.17, 0.075, -0.3], 0.058, 0.017, kRubber, 'ground', mesh.detail.fine ? 10 : 6);
      mesh.tube([side * 0.17, 0.1, -0.3], [side * 0.19, 0.45, -0.2], 0.011, kFrame, 'ground');
    }
  },
  power_chair: (mesh) => {
    chair(mesh);
    mesh.board([0, 0.28, 0.02], [0.17, 0.11, 0.2], kFrame, 'ground');
    for (const side of [-1, 1]) {
      mesh.hoop([side * 0.23, 0.17, 0.05], 0.13, 0.042, kRubber, 'held');
      mesh.ball([side * 0.235, 0.17, 0.05], [0.02, 0.08, 0.08], kSteel, 'held', 4);
      mesh.hoop([side * 0.2, 0.085, -0.28], 0.06, 0.025, kRubber, 'ground', mesh.detail.fine ? 10 : 6);
    }
    mesh.tube([0.205, 0.72, -0.13], [0.205, 0.79, -0.14], 0.01, kRubber, 'ground');
    mesh.ball([0.205, 0.8, -0.142], [0.018, 0.018, 0.018], kRubber, 'ground', 4, 6);
  },
  walking_frame: (mesh) => {
    for (const side of [-1, 1]) {
      const x = side * 0.26;
      mesh.tube([x, 0.87, -0.2], [x, 0.87, -0.36], 0.019, kRubber, 'ground');
      mesh.tube([x, 0.87, -0.32], [x, 0.12, -0.56], 0.013, kFrame, 'ground');
      mesh.tube([x, 0.62, -0.4], [x, 0.12, -0.14], 0.013, kFrame, 'ground');
      for (const z of [-0.57, -0.13]) mesh.hoop([x, 0.09, z], 0.068, 0.019, kRubber, 'held', mesh.detail.fine ? 10 : 6);
    }
    mesh.tube([-0.26, 0.62, -0.4], [0.26, 0.62, -0.4], 0.012, kFrame, 'ground');
    mesh.board([0, 0.55, -0.36], [0.2, 0.018, 0.1], kSeat, 'ground');
    if (mesh.detail.fine) mesh.board([0, 0.44, -0.46], [0.15, 0.08, 0.05], kFrame, 'ground');
  },
  white_cane: (mesh) => {
    // Made at the hand, pointing down along the arm; its bone sweeps it over the ground.
    mesh.tube([0, 0.06, 0], [0, -0.1, 0], 0.014, kRubber, 'held', 6);
    mesh.tube([0, -0.1, 0], [0, -0.98, 0], 0.011, kWhite, 'held', 6, 0.009);
    mesh.tube([0, -0.98, 0], [0, -1.14, 0], 0.0095, kRed, 'held', 6);
    mesh.ball([0, -1.155, 0], [0.022, 0.022, 0.022], kWhite, 'held', 4, 6);
  },
  crutches: (mesh) => {
    for (const [side, fore] of [[-1, 'fore_l'], [1, 'fore_r']] as const) {
      const x = side * 0.262;
      mesh.tube([x, 0.86, 0.005], [x + side * 0.05, 0.03, -0.02], 0.012, kFrame, fore, 6);
      mesh.tube([x, 0.85, 0.03], [x, 1.07, 0.05], 0.012, kFrame, fore, 6);
      mesh.tube([x - side * 0.05, 0.855, -0.01], [x, 0.855, 0.01], 0.015, kRubber, fore, 6);
      mesh.hoop([x - side * 0.03, 1.05, 0.01], 0.052, 0.01, kRubber, fore, 9);
      mesh.ball([x + side * 0.052, 0.025, -0.02], [0.022, 0.025, 0.022], kRubber, fore, 4, 6);
    }
  },
};

/** Where a companion walks: beside the left knee. */
export const kBeside = { x: -0.52, z: -0.12 } as const;

interface Beast {
  tall: number;
  long: number;
  thick: number;
  snout: number;
}
const kDog: Beast = { tall: 0.5, long: 0.3, thick: 0.115, snout: 0.07 };
const kCat: Beast = { tall: 0.24, long: 0.19, thick: 0.07, snout: 0.02 };

function beast(mesh: FigureMesh, { tall, long, thick, snout }: Beast): void {
  const coat: Paint = { role: 'beast' };
  const leg = tall * 0.52;
  const round = Math.max(5, mesh.detail.around - 4);
  // The back is a chain of balls that melt into one another.
  mesh.ball([0, tall * 0.76, -long * 0.5], [thick, thick * 1.15, thick * 1.3], coat, 'beast', 5, round);
  mesh.ball([0, tall * 0.76, 0], [thick * 0.92, thick * 1.0, long * 0.75], coat, 'beast', 5, round);
  mesh.ball([0, tall * 0.75, long * 0.55], [thick * 0.95, thick * 1.05, thick * 1.15], coat, 'beast', 5, round);
  mesh.tube([0, tall * 0.8, -long * 0.7], [0, tall * 1.12, -long * 0.98], thick * 0.62, coat, 'beast', round, thick * 0.52);
  mesh.ball([0, tall * 1.16, -long * 1.05], [thick * 0.72, thick * 0.72, thick * 0.85], coat, 'beast', 5, round);
  mesh.ball([0, tall * 1.12, -long * 1.05 - thick * 0.6 - snout * 0.4], [thick * 0.42, thick * 0.36, thick * 0.4 + snout], coat, 'beast', 4, round);
  for (const side of [-1, 1]) {
    for (const [z, bone] of [[-long * 0.55, side < 0 ? 'beast_a' : 'beast_b'], [long * 0.6, side < 0 ? 'beast_b' : 'beast_a']] as const) {
      mesh.tube([side * thick * 0.58, 0.02, z], [side * thick * 0.58, leg + thick * 0.5, z], thick * 0.3, coat, bone, round, thick * 0.44);
      mesh.ball([side * thick * 0.58, thick * 0.24, z - thick * 0.12], [thick * 0.34, thick * 0.24, thick * 0.5], coat, bone, 4, 6);
    }
  }
}

/** Ears, eyes and a tail make the kind. */
function face_of(mesh: FigureMesh, { tall, long, thick, snout }: Beast, pointed: boolean): void {
  if (mesh.detail.ball <= 4) return;
  const coat: Paint = { role: 'beast', tint: [0.72, 0.7, 0.68] };
  const [y, z] = [tall * 1.16, -long * 1.05];
  mesh.ball([0, y - thick * 0.28, z - thick * 1.0 - snout * 1.3], [thick * 0.16, thick * 0.13, thick * 0.13], kNose, 'beast', 4, 6);
  for (const side of [-1, 1]) {
    if (pointed) mesh.tube([side * thick * 0.42, y + thick * 0.4, z + thick * 0.1], [side * thick * 0.55, y + thick * 1.15, z + thick * 0.05], thick * 0.3, coat, 'beast', 5, thick * 0.04);
    else mesh.ball([side * thick * 0.72, y + thick * 0.05, z + thick * 0.12], [thick * 0.2, thick * 0.55, thick * 0.36], coat, 'beast', 4, 6);
    if (mesh.detail.fine) mesh.ball([side * thick * 0.34, y + thick * 0.14, z - thick * 0.72], [thick * 0.1, thick * 0.12, thick * 0.08], kNose, 'beast', 4, 6);
  }
}

export const kCompanions: Record<string, (mesh: FigureMesh) => void> = {
  dog: (mesh) => {
    beast(mesh, kDog);
    face_of(mesh, kDog, false);
    mesh.tube([0, 0.4, 0.27], [0, 0.56, 0.4], 0.03, { role: 'beast' }, 'beast', 6, 0.018);
    mesh.hoop([0, 0.455, -0.24], 0.066, 0.012, kFrame, 'beast', mesh.detail.fine ? 10 : 6);
  },
  guide_dog: (mesh) => {
    beast(mesh, kDog);
    face_of(mesh, kDog, false);
    mesh.tube([0, 0.4, 0.27], [0, 0.5, 0.42], 0.03, { role: 'beast' }, 'beast', 6, 0.018);
    // The harness: a vest, and a stiff handle up to the hand.
    mesh.ball([0, 0.39, -0.06], [0.116, 0.126, 0.13], kFrame, 'beast', 5);
    for (const side of [-1, 1]) mesh.tube([side * 0.1, 0.44, -0.04], [side * 0.07 + 0.2, 0.84, 0.06], 0.011, kWhite, 'beast', 5);
    mesh.tube([0.13, 0.84, 0.06], [0.27, 0.84, 0.06], 0.014, kRubber, 'beast', 6);
  },
  cat: (mesh) => {
    beast(mesh, kCat);
    face_of(mesh, kCat, true);
    mesh.tube([0, 0.19, 0.16], [0, 0.3, 0.26], 0.02, { role: 'beast' }, 'beast', 6, 0.016);
    mesh.tube([0, 0.3, 0.26], [0.02, 0.42, 0.25], 0.016, { role: 'beast' }, 'beast', 6, 0.012);
  },
};
