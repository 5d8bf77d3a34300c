// The city's clock. A visitor in another time zone still reads and sets the hour that holds in the city.

/** Minutes that a zone's wall clock is ahead of UTC at a moment. */
export function offset_min(time_ms: number, time_zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: time_zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time_ms);
  const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const wall_ms = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((wall_ms - Math.floor(time_ms / 1000) * 1000) / 60_000);
}

/** "2026-06-21T12:00", as a datetime-local field wants it. */
export function wall_time(time_ms: number, time_zone: string): string {
  return new Date(time_ms + offset_min(time_ms, time_zone) * 60_000).toISOString().slice(0, 16);
}

/** The moment of a wall time; in the hour that is skipped in spring the one after it, in the doubled hour of autumn the first. */
export function moment_of(wall: string, time_zone: string): number | null {
  const wall_ms = Date.parse(`${wall}Z`);
  if (Number.isNaN(wall_ms)) return null;
  const before = wall_ms - offset_min(wall_ms - 86_400_000, time_zone) * 60_000;
  const after = wall_ms - offset_min(wall_ms + 86_400_000, time_zone) * 60_000;
  const fits = (time_ms: number): boolean => wall_time(time_ms, time_zone) === wall.slice(0, 16);
  return fits(before) ? before : fits(after) ? after : before;
}

/** A zone that the browser does not know (an old browser, a typing error in the data) must not stop the page. */
export function known_zone(time_zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: time_zone });
    return time_zone;
  } catch {
    return 'UTC';
  }
}
