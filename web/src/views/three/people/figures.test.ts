import { Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { kGestures, kLookMembers, value_of, whole_look, type WholeLook } from '../../../avatars/look';
import { Neighbour, type Crowd } from '../../../people/people';
import { place_in } from './crowd';
import { kBones } from './figure_mesh';
import { kPawnDetail, piece_geometry, pieces_of } from './figure_pieces';
import { FigurePose, stands_tall_m, type Posture } from './figure_pose';
import { kTexels } from './figure_shader';
import { direction_of, lines_of } from './labels';
import { Walking } from './walking';

const posture = (more: Partial<Posture> = {}): Posture => ({
  feet: new Vector3(), heading_deg: 0, speed_m_s: 0, way_m: 0, seated: false, gesture: 0, gesture_s: 0, head: null, left: null, right: null, ...more,
});
const look_of = (chosen: Record<string, string>): WholeLook =>
  whole_look({ skin: 1, ...Object.fromEntries(Object.entries(chosen).map(([member, name]) => [member, value_of(member as keyof WholeLook, name)])) }, 1);

/** Where the bones take the points of a look's pieces. */
function points_of(look: WholeLook, given: Posture, detail = 0): Vector3[] {
  const data = new Float32Array(kTexels * 4);
  new FigurePose().write(given, look, data, 0);
  const points: Vector3[] = [];
  for (const piece of pieces_of(look, given.seated, detail)) {
    const geometry = piece_geometry(piece, detail);
    const [position, carried] = [geometry.getAttribute('position'), geometry.getAttribute('carried')];
    for (let i = 0; i < position.count; i++) {
      const at = [position.getX(i), position.getY(i), position.getZ(i), 1];
      const by = (bone: number, row: number): number => at.reduce((sum, value, k) => sum + value * data[bone * 12 + row * 4 + k]!, 0);
      const share = carried.getZ(i) / 255;
      const mixed = [0, 1, 2].map((row) => by(carried.getX(i), row) * (1 - share) + by(carried.getY(i), row) * share);
      points.push(new Vector3(...mixed));
    }
  }
  return points;
}
const lowest = (points: Vector3[]): number => Math.min(...points.map(({ y }) => y));
const highest = (points: Vector3[]): number => Math.max(...points.map(({ y }) => y));

describe('a figure', () => {
  test('has a shape for every value of every member, near and far', () => {
    for (const { name, values } of kLookMembers) {
      values.forEach((_, value) => {
        for (let detail = 0; detail <= kPawnDetail; detail++) {
          const look = { ...whole_look({ skin: 1, hair: 1 }, 1), [name]: value };
          for (const piece of pieces_of(look, false, detail)) {
            const geometry = piece_geometry(piece, detail);
            const index = geometry.index!;
            expect([piece, index.count > 0, Math.max(...index.array) < geometry.getAttribute('position').count]).toEqual([piece, true, true]);
          }
        }
      });
    }
  });
  test('looks outwards: its triangles turn the way of their normals', () => {
    for (const piece of ['head', 'hands', 'shoes', 'outfit.dress', 'outfit.coat', 'hair.long', 'cover.hijab', 'aid.wheelchair', 'aid.walking_frame', 'companion.guide_dog', 'pawn']) {
      const geometry = piece_geometry(piece, 0);
      const [position, normal, index] = [geometry.getAttribute('position'), geometry.getAttribute('normal'), geometry.index!];
      let wrong = 0;
      for (let i = 0; i < index.count; i += 3) {
        const [a, b, c] = [0, 1, 2].map((k) => new Vector3().fromBufferAttribute(position, index.getX(i + k)));
        const facing = b!.clone().sub(a!).cross(c!.clone().sub(a!));
        const mean = new Vector3();
        for (const k of [0, 1, 2]) mean.add(new Vector3().fromBufferAttribute(normal, index.getX(i + k)));
        if (facing.length() > 1e-9 && facing.dot(mean) < 0) wrong++;
      }
      expect([piece, wrong]).toEqual([piece, 0]);
    }
  });
  test('stands on its feet and is as tall as it says', () => {
    for (const height of ['cm_150', 'cm_170', 'cm_190']) {
      const look = look_of({ height });
      const points = points_of(look, posture({ feet: new Vector3(3, 12, -4) }));
      expect(lowest(points)).toBeCloseTo(12, 1);
      expect(highest(points)).toBeCloseTo(12 + stands_tall_m(look), 1);
    }
  });
  test('walks with its lower foot near the ground, at any speed and in any step', () => {
    for (const speed_m_s of [0.5, 1.4, 2.2, 7]) {
      for (let way_m = 0; way_m < 3; way_m += 0.13) {
        const foot = lowest(points_of(look_of({}), posture({ speed_m_s, way_m })));
        expect(Math.abs(foot)).toBeLessThan(0.17);
      }
    }
  });
  test('looks north with heading 0 and east with heading 90', () => {
    const nose = (heading_deg: number): Vector3 => {
      const data = new Float32Array(kTexels * 4);
      new FigurePose().write(posture({ heading_deg }), look_of({}), data, 0);
      const head = kBones.indexOf('head') * 12;
      return new Vector3(...[0, 1, 2].map((row) => -data[head + row * 4 + 2]!));
    };
    expect(nose(0).z).toBeCloseTo(-1);
    expect(nose(90).x).toBeCloseTo(1);
  });
  test('sits lower, and in a wheelchair always', () => {
    const stands = highest(points_of(look_of({}), posture()));
    for (const points of [points_of(look_of({}), posture({ seated: true })), points_of(look_of({ aid: 'wheelchair' }), posture())]) {
      expect(highest(points)).toBeLessThan(stands - 0.2);
      expect(Math.abs(lowest(points))).toBeLessThan(0.05);
    }
  });
  test('stays whole in every gesture: nothing is torn from the body', () => {
    for (const [gesture, { length_s }] of kGestures.entries()) {
      for (const share of [0, 0.1, 0.5, 0.9]) {
        const points = points_of(look_of({}), posture({ gesture, gesture_s: (length_s || 2) * share }), 1);
        const torn = points.filter(({ x, y, z }) => !(Math.hypot(x, z) < 1 && y > -0.1 && y < 2.2));
        expect([gesture, share, torn.length]).toEqual([gesture, share, 0]);
      }
    }
  });
  test('raises the hand that a headset says is raised', () => {
    const hand = new Vector3(0.3, 1.75, -0.2);
    const points = points_of(look_of({}), posture({ right: { at: hand } }));
    expect(Math.min(...points.map((point) => point.distanceTo(hand)))).toBeLessThan(0.1);
  });
});

describe('a crowd', () => {
  test('stands within its square, each on a place of their own, the same for everybody', () => {
    const crowd: Crowd = { x_m: -64, y_m: 32, size_m: 32, count: 40 };
    const places = Array.from({ length: 40 }, (_, n) => place_in(crowd, n));
    expect(places).toEqual(Array.from({ length: 40 }, (_, n) => place_in({ ...crowd }, n)));
    for (const { x_m, y_m } of places) expect(x_m >= -64 && x_m < -32 && y_m >= 32 && y_m < 64).toBe(true);
    for (const [i, a] of places.entries()) for (const b of places.slice(0, i)) expect(Math.hypot(a.x_m - b.x_m, a.y_m - b.y_m)).toBeGreaterThan(1);
  });
});

describe('words over a head', () => {
  const measure = (text: string): number => [...text].length;
  test('break between words and end in dots where they are too many', () => {
    expect(lines_of('Is the market open on Sundays?', 'en', 12, 4, measure)).toEqual(['Is the', 'market open', 'on Sundays?']);
    expect(lines_of('one two three four five six', 'en', 9, 2, measure)).toEqual(['one two', 'three…']);
  });
  test('break also what has no spaces, and never lose a letter that fits', () => {
    expect(lines_of('aaaaaaaaaaaa', 'en', 5, 4, measure).join('')).toBe('aaaaaaaaaaaa');
    const thai = lines_of('สวัสดีครับยินดีต้อนรับ', 'th', 8, 9, measure);
    expect(thai.join('')).toBe('สวัสดีครับยินดีต้อนรับ');
    expect(thai.every((line) => measure(line) <= 8)).toBe(true);
  });
  test('run in their own direction, whatever the page does', () => {
    expect(direction_of('سلمى', 'ltr')).toBe('rtl');
    expect(direction_of('דניאל 3', 'ltr')).toBe('rtl');
    expect(direction_of('Amina', 'rtl')).toBe('ltr');
    expect(direction_of('123 !', 'rtl')).toBe('rtl');
  });
});

describe('somebody who stands', () => {
  const neighbour = (): Neighbour => {
    const one = new Neighbour(5);
    one.motion.add(0, { x_m: 1, y_m: 2, z_m: 3, heading_deg: 40 });
    return one;
  };
  test('comes to rest, also when the ground under the feet is only known later', () => {
    const walking = new Walking(neighbour());
    const ground = { y: 3 };
    const place = (pose: Readonly<{ x_m: number; y_m: number }>, target: Vector3): void => void target.set(pose.x_m, ground.y, -pose.y_m);
    const steps = (from_ms: number): boolean[] => Array.from({ length: 6 }, (_, i) => walking.step(from_ms + i * 16, 0.016, place).goes_on);
    expect(steps(1000).at(-1)).toBe(false);
    ground.y = 3.2;
    const after = steps(2000);
    expect([after[0], after.at(-1)]).toEqual([true, false]);
    expect(walking.posture.feet.y).toBe(3.2);
  });
  test('waves for as long as waving takes, and keeps a raised hand up without a picture more', () => {
    const one = neighbour();
    const walking = new Walking(one);
    const place = (_: unknown, target: Vector3): void => void target.set(0, 0, 0);
    walking.step(1000, 0.016, place);
    one.gesture = 'wave';
    expect(walking.step(1016, 0.016, place).goes_on).toBe(true);
    expect(walking.posture.gesture).toBe(1);
    walking.step(1016 + 2500, 0.016, place);
    expect([walking.posture.gesture, walking.step(3600, 0.016, place).goes_on]).toEqual([0, false]);
    one.gesture = 'raise_hand';
    walking.step(4000, 0.016, place);
    expect(walking.step(4600, 0.016, place).goes_on).toBe(false);
    expect(walking.posture.gesture).toBe(kGestures.findIndex(({ name }) => name === 'raise_hand'));
  });
});
