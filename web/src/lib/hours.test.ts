import { describe, expect, test } from 'vitest';
import messages from '../messages/object/en.json';
import { hours_in_words, hours_rules } from './hours';
import { Words, type Messages } from './words';

const words = new Words();
words.use('en', messages as Messages);
const read = (text: string): string[] | null => {
  const rules = hours_rules(text);
  return rules && hours_in_words(rules, words).map((line) => `${line.when}: ${line.what}`.replace(/\u202f/g, ' '));
};

describe('opening hours', () => {
  // Examples of the OSM wiki's page on the key opening_hours.
  test.each([
    ['24/7', ['Every day: all day']],
    ['Mo-Fr 08:30-20:00', ['Monday – Friday: 8:30 AM – 8:00 PM']],
    ['Mo-Fr 08:00-12:00,13:00-17:30; Sa 08:00-12:00; PH off', ['Monday – Friday: 8:00 AM – 12:00 PM, 1:00 PM – 5:30 PM', 'Saturday: 8:00 AM – 12:00 PM', 'public holidays: closed']],
    ['Mo-Su,PH 10:00-02:00', ['Monday – Sunday and public holidays: 10:00 AM – 2:00 AM']],
    ['sunrise-sunset', null],
    ['Sa,Su 10:00+', ['Saturday and Sunday: from 10:00 AM']],
    ['Apr-Sep: Mo-Fr 09:00-18:00', ['April – September and Monday – Friday: 9:00 AM – 6:00 PM']],
    ['Mo 10:00-12:00 "by appointment"', null],
    ['week 1-53/2 Fr 09:00-12:00', null],
    ['Mo-Fr 25:99-26:00', null],
    ['', null],
  ])('%s are said in words, or not read at all', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
  test('of a length that nobody writes are left alone', () => {
    expect(hours_rules('Mo 10:00-12:00;'.repeat(1000))).toBeNull();
  });
});
