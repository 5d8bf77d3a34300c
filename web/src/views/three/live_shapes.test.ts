import { Vector3, type BufferAttribute } from 'three';
import { describe, expect, it } from 'vitest';
import { kLiveShapes, kShapeSizes_m, shape_of, shape_parts } from './live_shapes';

function volume_m3(positions: BufferAttribute): number {
  let sum = 0;
  const [a, b, c] = [new Vector3(), new Vector3(), new Vector3()];
  for (let i = 0; i < positions.count; i += 3) {
    a.fromBufferAttribute(positions, i);
    b.fromBufferAttribute(positions, i + 1);
    c.fromBufferAttribute(positions, i + 2);
    sum += a.dot(b.cross(c)) / 6;
  }
  return sum;
}

describe('the shapes of what lives', () => {
  it('follow from what a thing is and what a vehicle says it is', () => {
    expect(shape_of('AirQualityObserved', '')).toBe('sensor');
    expect(shape_of('Vehicle', 'bus')).toBe('bus');
    expect(shape_of('Vehicle', 'Tram')).toBe('tram');
    expect(shape_of('Vehicle', 'cargo_bicycle')).toBe('bicycle');
    expect(shape_of('Vehicle', '')).toBe('bus');
  });

  for (const shape of kLiveShapes) {
    it(`stand on the ground in their size, with faces outwards: ${shape}`, () => {
      const low = [Infinity, Infinity, Infinity];
      const high = [-Infinity, -Infinity, -Infinity];
      let triangles = 0;
      for (const part of Object.values(shape_parts(shape))) {
        const positions = part.getAttribute('position');
        expect(part.getAttribute('color').count).toBe(positions.count);
        triangles += positions.count / 3;
        for (let i = 0; i < positions.count; i++) {
          const at = [positions.getX(i), positions.getY(i), positions.getZ(i)];
          at.forEach((value, axis) => {
            expect(Number.isFinite(value)).toBe(true);
            low[axis] = Math.min(low[axis]!, value);
            high[axis] = Math.max(high[axis]!, value);
          });
        }
        // Closed bodies whose faces look outwards enclose something; one turned inside out would take away from it.
        expect(volume_m3(positions as BufferAttribute)).toBeGreaterThan(0.001);
      }
      const [length, width, height] = kShapeSizes_m[shape];
      expect(low[1]).toBeGreaterThanOrEqual(0);
      expect(low[1]).toBeLessThan(0.1);
      expect(high[1]! - 0).toBeCloseTo(height, 2);
      expect(high[2]! - low[2]!).toBeCloseTo(length, 0);
      expect(high[0]! - low[0]!).toBeGreaterThanOrEqual(width - 0.01);
      expect(high[0]! - low[0]!).toBeLessThan(width + 0.4);
      expect(triangles).toBeLessThan(250);
    });
  }
});
