// How derived values are computed, as the node's rules say it: asked once a page, told in the visitor's language.
import type { Api } from '../lib/api';
import type { components } from '../lib/api_types';
import type { Words } from '../lib/words';
import { value_name } from './live_words';

export type LiveRule = components['schemas']['LiveRule'];

let asked: Promise<LiveRule[] | null> | null = null;

/** Null when the node cannot be asked; it is asked again then. */
export async function rules_of(api: Api): Promise<LiveRule[] | null> {
  asked ??= api.send<{ rules: LiveRule[] }>('GET', '/api/v1/live/rules').then((answer) => (answer.ok ? answer.value.rules : null));
  const rules = await asked;
  if (rules === null) asked = null;
  return rules;
}

/** "1 hour", "15 minutes", "2 days", in the words of the language. */
export function span_text(span_s: number, words: Words): string {
  const [unit, length_s] = span_s % 86_400 === 0 ? ['day', 86_400] : span_s % 3600 === 0 ? ['hour', 3600] : span_s % 60 === 0 ? ['minute', 60] : ['second', 1];
  return new Intl.NumberFormat(words.language, { style: 'unit', unit: unit as string, unitDisplay: 'long' }).format(span_s / (length_s as number));
}

export function rule_text(rule: LiveRule, words: Words): string {
  const named = rule.inputs.map(({ attribute }) => value_name(attribute, words));
  const [first = '', second = ''] = named;
  const number = (value: number | undefined): string => words.number(value ?? 0, 3);
  switch (rule.kind) {
    case 'threshold': {
      const is_above = rule.above !== undefined;
      const values = { value: first, limit: number(is_above ? rule.above : rule.below), clears: number(rule.clears) };
      return words.say(is_above ? 'rules.above' : 'rules.below', values);
    }
    case 'rolling_mean':
      return words.say(rule.decibels ? 'rules.mean_level' : 'rules.mean', { value: first, span: span_text(rule.over_s ?? 0, words) });
    case 'count': {
      const kind = words.term('live.kind', rule.of);
      const where = rule.where;
      if (!where) return words.say('rules.count', { kind });
      return words.say('rules.count_where', { kind, value: value_name(where.attribute, words), is: words.term('live.vehicle', where.is) });
    }
    case 'heat_index':
      return words.say('rules.heat_index', { temperature: first, humidity: second });
    case 'air_quality_index':
      return words.say('rules.air_quality_index', { values: words.list(named) });
  }
}

/** What a rule says of how good its value is, in the visitor's language; null where only the node's own words say it. */
export function quality_text(quality: string, words: Words): string | null {
  const [, pollutants, worst] = /^of ([\w, ]+); worst (\w+)$/.exec(quality) ?? [];
  if (pollutants && worst) {
    const values = words.list(pollutants.split(', ').map((name) => value_name(name, words)));
    return words.say('rules.quality.of', { values, worst: value_name(worst, words) });
  }
  const [, count, more] = /^(\d+) values(, the newest of more)?$/.exec(quality) ?? [];
  if (count) return words.say(more ? 'rules.quality.newest' : 'rules.quality.values', { count: Number(count) });
  return null;
}
