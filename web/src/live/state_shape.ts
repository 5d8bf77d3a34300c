// A history of states (true or false, a word) as numbers: how long each held, and the steps of its chart. Knows no page.

export interface Sample {
  at_ms: number;
  /** Null: it was taken away then. */
  state: string | null;
}
/** A state and how long it held, as far as is known. */
export interface Run {
  from_ms: number;
  to_ms: number;
  state: string;
}

/** Reads lines of /api/v1/live/history/export; `said` puts a value into words. Lines of what is no state are passed over. */
export function samples_of(lines: string, said: (value: boolean | string) => string): Sample[] {
  const samples: Sample[] = [];
  for (const line of lines.split('\n')) {
    if (line.trim() === '') continue;
    const { at, value } = JSON.parse(line) as { at: string; value: unknown };
    if (value === null) samples.push({ at_ms: Date.parse(at), state: null });
    else if (typeof value === 'boolean' || typeof value === 'string') samples.push({ at_ms: Date.parse(at), state: said(value) });
  }
  return samples;
}

/** Equal states after each other are one run; the last lasts until `until_ms`. Samples by rising time. */
export function runs_of(samples: readonly Sample[], until_ms: number): Run[] {
  const runs: Run[] = [];
  let open: Run | null = null;
  for (const { at_ms, state } of samples) {
    if (open && open.state !== state) {
      open.to_ms = at_ms;
      open = null;
    }
    if (state === null || open) continue;
    open = { from_ms: at_ms, to_ms: Math.max(at_ms, until_ms), state };
    runs.push(open);
  }
  return runs;
}

/** The states that have a step of their own, the one that held longest first; beyond `count_max` they share the last, which is null. */
export function lanes_of(runs: readonly Run[], count_max: number): (string | null)[] {
  const held = new Map<string, number>();
  for (const { state, from_ms, to_ms } of runs) held.set(state, (held.get(state) ?? 0) + to_ms - from_ms);
  const states = [...held].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([state]) => state);
  return states.length <= count_max ? states : [...states.slice(0, count_max - 1), null];
}

/** The steps as an SVG path within a box: along a lane while a state holds, straight up or down where it changes, broken where nothing is known. */
export function step_path(runs: readonly Run[], lanes: readonly (string | null)[], range: { from_ms: number; to_ms: number }, box: { width: number; height: number; is_mirrored: boolean }): string {
  const x_of = (ms: number): number => {
    const x = (Math.min(1, Math.max(0, (ms - range.from_ms) / (range.to_ms - range.from_ms))) * box.width);
    return Math.round((box.is_mirrored ? box.width - x : x) * 100) / 100;
  };
  const y_of = (state: string): number => {
    const lane = lanes.includes(state) ? lanes.indexOf(state) : lanes.length - 1;
    return Math.round(((lane + 0.5) / lanes.length) * box.height * 100) / 100;
  };
  let path = '';
  runs.forEach((run, i) => {
    const follows = i > 0 && runs[i - 1]!.to_ms === run.from_ms;
    path += `${follows ? 'V' : `M${x_of(run.from_ms)} `}${y_of(run.state)}H${x_of(run.to_ms)}`;
  });
  return path;
}
