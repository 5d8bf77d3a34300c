// Which pieces make up a look, and their shapes: each piece is one instanced mesh that all who wear it share.
import type { InstancedBufferGeometry } from 'three';
import { value_name, type WholeLook } from '../../../avatars/look';
import { kAids, kCompanions, kSeat_m } from './figure_aids';
import { beard, glasses, hands, head, hearing_aid, kOutfits, prosthetic_leg, shoes } from './figure_body';
import { kCoverHides, kCovers, kHairs } from './figure_head';
import { FigureMesh, kDetails, type Paint } from './figure_mesh';
import { sits_in_chair } from './figure_pose';

/** Beyond the details of kDetails: one simple body, for figures of a few pixels. */
export const kPawnDetail = kDetails.length;

/** Names of the pieces that a look is drawn with. Far away, what is smaller than a pixel is left out. */
export function pieces_of(look: WholeLook, seated: boolean, detail: number): string[] {
  if (detail >= kPawnDetail) return [sits_in_chair(look) ? 'pawn_seated' : 'pawn'];
  const name = (member: keyof WholeLook): string => value_name(look, member);
  const aid = name('aid');
  const right = aid !== 'prosthetic_leg';
  const pieces = ['head', `outfit.${name('outfit')}${right ? '' : '.right_free'}`, `shoes${right ? '' : '.right_free'}`];
  const cover = name('cover');
  if (name('hair') !== 'none' && kCoverHides[cover] !== true) pieces.push(cover === 'none' || cover === 'kippah' ? `hair.${name('hair')}` : `hair.${under_cover(name('hair'))}`);
  if (cover !== 'none') pieces.push(`cover.${cover}`);
  if (name('beard') !== 'none') pieces.push(`beard.${name('beard')}`);
  if (aid !== 'none') pieces.push(`aid.${aid}`);
  else if (seated) pieces.push('stool');
  if (name('companion') !== 'none') pieces.push(`companion.${name('companion')}`);
  if (detail < 2) pieces.push('hands');
  if (detail === 0 && name('face') !== 'none') pieces.push(`face.${name('face')}`);
  return pieces;
}

/** High hair does not fit under a cap: what is seen below it is short or hangs. */
function under_cover(hair: string): string {
  return hair === 'curls' || hair === 'bun' ? 'short' : hair;
}

export function piece_geometry(piece: string, detail: number): InstancedBufferGeometry {
  const mesh = new FigureMesh(kDetails[Math.min(detail, kDetails.length - 1)]!);
  const [kind, name = '', more] = piece.split('.') as [string, string?, string?];
  const right = more === undefined && name !== 'right_free';
  switch (kind) {
    case 'head':
      head(mesh);
      break;
    case 'hands':
      hands(mesh);
      break;
    case 'shoes':
      shoes(mesh, right);
      break;
    case 'outfit':
      kOutfits[name]!(mesh, right);
      break;
    case 'hair':
      kHairs[name]!(mesh);
      break;
    case 'cover':
      kCovers[name]!(mesh);
      break;
    case 'beard':
      beard(mesh, name === 'full');
      break;
    case 'face':
      if (name === 'hearing_aid') hearing_aid(mesh);
      else glasses(mesh, name === 'dark_glasses');
      break;
    case 'aid':
      if (name === 'prosthetic_leg') prosthetic_leg(mesh);
      else kAids[name]!(mesh);
      break;
    case 'companion':
      kCompanions[name]!(mesh);
      break;
    case 'stool':
      stool(mesh);
      break;
    default:
      pawn(mesh, kind === 'pawn_seated');
  }
  return mesh.geometry();
}

function stool(mesh: FigureMesh): void {
  const card: Paint = { role: 'own', tint: [0.72, 0.68, 0.61] };
  mesh.loft([
    { y: 0, z: 0.05, rx: 0.17, rz: 0.17, bone: 'ground', shade: 0.6 },
    { y: kSeat_m - 0.06, z: 0.05, rx: 0.16, rz: 0.16, bone: 'ground' },
    { y: kSeat_m - 0.02, z: 0.05, rx: 0.19, rz: 0.19, bone: 'ground' },
  ], card);
}

/** A figure of a few pixels: a head on a coat on legs. */
function pawn(mesh: FigureMesh, seated: boolean): void {
  const drop = seated ? -0.3 : 0;
  const around = 5;
  mesh.loft([
    { y: 1.41 + drop, rx: 0.05, rz: 0.05, bone: 'ground' },
    { y: 1.55 + drop, rx: 0.125, rz: 0.125, bone: 'ground' },
    { y: 1.7 + drop, rx: 0.05, rz: 0.05, bone: 'ground' },
  ], { role: 'skin' }, around);
  mesh.loft([
    { y: 0.8 + drop, rx: 0.17, rz: 0.13, bone: 'ground' },
    { y: 1.3 + drop, rx: 0.23, rz: 0.13, bone: 'ground' },
    { y: 1.42 + drop, rx: 0.06, rz: 0.06, bone: 'ground' },
  ], { role: 'top' }, around);
  mesh.loft([
    { y: 0, rx: seated ? 0.28 : 0.12, rz: seated ? 0.3 : 0.12, bone: 'ground' },
    { y: 0.85 + drop, rx: 0.16, rz: 0.12, bone: 'ground' },
  ], { role: 'bottom', tint: seated ? [0.5, 0.5, 0.5] : [1, 1, 1] }, around);
}
