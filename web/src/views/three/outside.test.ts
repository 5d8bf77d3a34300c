import { describe, expect, it } from 'vitest';
import type { Here } from '../../lib/api';
import { bearing_deg, distance_m } from '../../lib/ground';
import { kStreetBefore_m, outside_of } from './outside';

const summary = { id: 'street-g1', kind: 'street', class: 'residential', name: 'Quay', lat: 47, lon: 9 } as const;
function here(distance: number, bearing: number, inside = true): Here {
  return {
    lat: 47,
    lon: 9.5,
    inside: true,
    ground_height_m: 200,
    areas: [],
    street: { ...summary, distance_m: distance, bearing_deg: bearing },
    ...(inside ? { building: { ...summary, id: 'building-g1', kind: 'building' } } : {}),
  } as Here;
}

describe('out of a building', () => {
  it('leads to where the nearest street passes', () => {
    const out = outside_of(here(11, 215), 0)!;
    expect(distance_m({ lat: 47, lon: 9.5 }, out)).toBeCloseTo(11, 2);
    expect(bearing_deg({ lat: 47, lon: 9.5 }, out)).toBeCloseTo(215, 1);
  });

  it('looks along the street, the way that one looked before', () => {
    expect(outside_of(here(11, 215), 293)!.heading_deg).toBe(305);
    expect(outside_of(here(11, 215), 120)!.heading_deg).toBe(125);
    expect(outside_of(here(11, 350), 60)!.heading_deg).toBe(80);
  });

  it('leaves who is outside where they are, and who has no street near', () => {
    expect(outside_of(here(11, 215, false), 0)).toBeNull();
    expect(outside_of(here(kStreetBefore_m + 1, 215), 0)).toBeNull();
    const { street: _, ...without } = here(1, 1);
    expect(outside_of(without as Here, 0)).toBeNull();
  });
});
