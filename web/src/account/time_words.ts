// When something was, as the account says it: by the city's clock.
import type { Page } from '../lib/page.svelte';

export function day_and_hour(page: Page, iso: string): string {
  return page.words.date(new Date(iso), { timeZone: page.time_zone, day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' });
}
export function day(page: Page, iso: string): string {
  return page.words.date(new Date(iso), { timeZone: page.time_zone, day: 'numeric', month: 'long', year: 'numeric' });
}
/** "3 minutes ago", of the time that the page's clock shows. */
export function ago(page: Page, iso: string): string {
  return page.words.ago(Math.max(0, (Date.now() - Date.parse(iso)) / 1000));
}
