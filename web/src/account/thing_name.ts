// What a thing that stays is called: by the words that stand on it, or by what it is.
import type { Page } from '../lib/page.svelte';
import type { Thing } from './safety_api';

/** The words for shapes are those of the people's part: add them before. */
export const thing_name = (page: Page, { text, shape }: Thing): string => text ?? page.words.term('people.shape', shape);
