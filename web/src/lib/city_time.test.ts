import { describe, expect, test } from 'vitest';
import { known_zone, moment_of, offset_min, wall_time } from './city_time';

describe('the city’s clock', () => {
  test.each([
    ['Europe/Monaco', '2026-01-15T12:00Z', 60],
    ['Europe/Monaco', '2026-07-15T12:00Z', 120],
    ['Asia/Kathmandu', '2026-01-15T12:00Z', 345],
    ['America/St_Johns', '2026-01-15T12:00Z', -210],
    ['UTC', '2026-01-15T12:00Z', 0],
  ])('in %s at %s is %d minutes ahead', (zone, moment, expected) => {
    expect(offset_min(Date.parse(moment), zone)).toBe(expected);
  });
  test('is read and set without a difference, in every hour of the days when it changes', () => {
    for (const zone of ['Europe/Monaco', 'America/Sao_Paulo', 'Australia/Lord_Howe']) {
      for (const day of ['2026-03-29', '2026-10-25', '2026-04-05']) {
        const start_ms = Date.parse(`${day}T00:00Z`);
        for (let hour = -12; hour < 36; ++hour) {
          const wall = wall_time(start_ms + hour * 3_600_000, zone);
          expect(wall_time(moment_of(wall, zone)!, zone)).toBe(wall);
        }
      }
    }
  });
  test('moves a wall time that does not exist to one that does', () => {
    // On 29 March 2026 clocks in Monaco went from 02:00 to 03:00.
    expect(wall_time(moment_of('2026-03-29T02:30', 'Europe/Monaco')!, 'Europe/Monaco')).toBe('2026-03-29T03:30');
  });
  test('is UTC where the zone is unknown, and nothing where the time is none', () => {
    expect(known_zone('Europe/Atlantis')).toBe('UTC');
    expect(moment_of('', 'UTC')).toBeNull();
  });
});
