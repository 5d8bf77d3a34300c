// Where each part of the page has its messages: a list that grows with the parts, and is not needed for the first load.
import type { Messages } from './words';

const kLoaders = import.meta.glob<{ default: Messages }>('../messages/*/*.json');

/** Fails: the file cannot be had. */
export async function load_part(part: string, language: string): Promise<Messages> {
  return (await kLoaders[`../messages/${part}/${language}.json`]!()).default;
}
