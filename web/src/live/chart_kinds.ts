// Which chart a live value has: a curve for numbers, steps for what is true or false and for words. Each is fetched when it is asked for.
import type { LiveValue } from './live_feed';

/** A word that nobody observed, such as the name of a line, has no history worth a chart. */
export const has_history = ({ value, observed_at }: LiveValue): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && observed_at !== undefined);

export const chart_of = ({ value }: LiveValue) => (typeof value === 'number' ? import('./live_chart.svelte') : import('./live_states.svelte'));
