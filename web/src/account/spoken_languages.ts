// Languages to choose from for "I speak": the page's own first, then the most spoken in the world and in Europe. Each in its own words.
import { kLanguages } from '../lib/words';

/** BCP 47 tags. Others that an account has already stay there. */
const kMore = 'bg bn ca cs da de el et eu fa fi ga gl he hi hr hu id is it ja ko lb lt lv mt nb nl pl pt ro ru sk sl sq sr sv sw ta th tl tr uk ur vi yo zh';
export const kSpokenLanguages: readonly string[] = [...kLanguages, ...kMore.split(' ')];

export function language_name(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
