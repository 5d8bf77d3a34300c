// Opening hours in words. Reads the part of OSM's opening_hours that shops use (months, weekdays, holidays, times, off, 24/7); for
// anything else the source's own text is shown, which is better than a guess. Whether it is open now is the server's to say.
// Source: OSM opening_hours specification, evaluation by later rules over earlier ones.
import type { Words } from './words';

const kDays = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const kMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** First and last of a span, counted from 0; equal for a single one. */
export type Span = readonly [number, number];
export interface HoursRule {
  months: readonly Span[];
  days: readonly Span[];
  public_holidays: boolean;
  school_holidays: boolean;
  /** Minutes after midnight; an end beyond 1440 is on the next day, an end of null is open-ended ("18:00+"). */
  times: readonly { from_min: number; to_min: number | null }[];
  closed: boolean;
}

const kTextLengthMax = 500;

function span_of(text: string, names: readonly string[]): Span | null {
  const ends = text.split('-').map((name) => names.indexOf(name.trim()));
  if (ends.length < 1 || ends.length > 2 || ends.some((end) => end < 0)) return null;
  return [ends[0]!, ends[1] ?? ends[0]!];
}

function minutes_of(text: string): number | null {
  const found = /^(\d{1,2}):(\d\d)$/.exec(text);
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  return Number(found[2]) < 60 && minutes <= 48 * 60 ? minutes : null;
}

function times_of(text: string): HoursRule['times'] | null {
  const times = [];
  for (const part of text.split(',')) {
    const [start, end, more] = part.trim().replace(/\s*-\s*/, '-').split('-');
    if (start === undefined || more !== undefined) return null;
    if (end === undefined) {
      const from_min = start.endsWith('+') ? minutes_of(start.slice(0, -1)) : null;
      if (from_min === null) return null;
      times.push({ from_min, to_min: null });
      continue;
    }
    const from_min = minutes_of(start);
    const to_min = minutes_of(end);
    if (from_min === null || to_min === null) return null;
    times.push({ from_min, to_min: to_min <= from_min ? to_min + 1440 : to_min });
  }
  return times;
}

function rule_of(text: string): HoursRule | null {
  const found =
    /^(?<months>[A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?(?:,[A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?)*:?\s+)?(?<days>(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)(?:[-, ]+(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH))*:?)?\s*(?<times>\d[\d:,\s+-]*|24\/7)?\s*(?<state>off|closed|open)?$/.exec(
      text,
    );
  if (!found?.groups || text === '') return null;
  const { months, days, times, state } = found.groups;
  const rule = { months: [] as Span[], days: [] as Span[], public_holidays: false, school_holidays: false };
  for (const part of (months ?? '').replace(':', '').split(',').filter((p) => p.trim() !== '')) {
    const span = span_of(part, kMonths);
    if (!span) return null;
    rule.months.push(span);
  }
  for (const part of (days ?? '').replace(':', '').split(/,\s*|\s+/).filter((p) => p !== '')) {
    if (part === 'PH') rule.public_holidays = true;
    else if (part === 'SH') rule.school_holidays = true;
    else {
      const span = span_of(part, kDays);
      if (!span) return null;
      rule.days.push(span);
    }
  }
  const closed = state === 'off' || state === 'closed';
  const always = times === '24/7' || (times === undefined && !closed);
  const read = closed ? [] : always ? [{ from_min: 0, to_min: 1440 }] : times_of(times!.trim());
  return read === null || (closed && times !== undefined) ? null : { ...rule, times: read, closed };
}

/** Nothing where any rule is of a form that is not read here. */
export function hours_rules(text: string): HoursRule[] | null {
  if (text.length > kTextLengthMax) return null;
  const rules: HoursRule[] = [];
  for (const part of text.split(';').map((p) => p.trim()).filter((p) => p !== '')) {
    const rule = rule_of(part.replace(/–/g, '-'));
    if (!rule) return null;
    rules.push(rule);
  }
  return rules.length > 0 ? rules : null;
}

// 2024-01-01 was a Monday, and a first of January.
const day_name = (day: number, words: Words): string =>
  words.date(new Date(Date.UTC(2024, 0, 1 + day)), { weekday: 'long', timeZone: 'UTC' });
const month_name = (month: number, words: Words): string =>
  words.date(new Date(Date.UTC(2024, month, 1)), { month: 'long', timeZone: 'UTC' });
const clock = (minutes: number, words: Words): string =>
  words.date(new Date(Date.UTC(2024, 0, 1, 0, minutes % 1440)), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });

function span_in_words(span: Span, name: (index: number, words: Words) => string, words: Words): string {
  const [first, last] = span;
  return first === last ? name(first, words) : words.say('hours.span', { from: name(first, words), to: name(last, words) });
}

/** One line a rule: when, and what holds then. */
export function hours_in_words(rules: readonly HoursRule[], words: Words): { when: string; what: string }[] {
  return rules.map((rule) => {
    const when = [
      ...rule.months.map((span) => span_in_words(span, month_name, words)),
      ...rule.days.map((span) => span_in_words(span, day_name, words)),
      ...(rule.public_holidays ? [words.say('hours.public_holidays')] : []),
      ...(rule.school_holidays ? [words.say('hours.school_holidays')] : []),
    ];
    const what = rule.times.map((time) => {
      if (time.from_min === 0 && time.to_min === 1440) return words.say('hours.all_day');
      const from = clock(time.from_min, words);
      if (time.to_min === null) return words.say('hours.from', { from });
      return words.say('hours.span', { from, to: clock(time.to_min, words) });
    });
    return {
      when: when.length > 0 ? words.list(when) : words.say('hours.every_day'),
      what: rule.closed ? words.say('hours.closed') : what.join(', '),
    };
  });
}
