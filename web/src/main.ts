// Starts the page: words and city are asked for together, then the shell stands. Everything else loads when it is needed.
import './design/base.css';
import { mount } from 'svelte';
import App from './app/app.svelte';
import NoCity from './app/no_city.svelte';
import { Api, type City } from './lib/api';
import { AppState } from './lib/app_state';
import { kLanguageKey, kPage, Page } from './lib/page.svelte';
import type { ViewName } from './lib/situation';
import { read_choice, Theme } from './lib/theme';
import { language_for, Words } from './lib/words';

/** Who counts bytes, or has no 3D and little memory, starts in the text view; everybody else at the front door. */
function first_view(): ViewName {
  const about = navigator as Navigator & { connection?: { saveData?: boolean; effectiveType?: string }; deviceMemory?: number };
  const slow = about.connection?.saveData === true || /2g/.test(about.connection?.effectiveType ?? '');
  const small = Math.min(screen.width, screen.height) < 320 || (about.deviceMemory ?? 8) < 1;
  return slow || small || !('WebGL2RenderingContext' in window) ? 'text' : 'door';
}

/** Where somebody stands who did not say where: on firm ground before the best known sight, not in the air over the harbour. */
function first_place(city: City): { lat: number; lon: number } {
  const standing = city.viewpoints.filter((viewpoint) => viewpoint.height_m < 3);
  const { lat, lon } = standing.find((viewpoint) => viewpoint.ground_height_m > 1) ?? standing[0] ?? city.origin;
  return { lat, lon };
}

async function start(target: HTMLElement): Promise<void> {
  const theme = new Theme();
  const words = new Words();
  const given = new URLSearchParams(location.search).get('lang');
  const language = language_for([given, read_choice(kLanguageKey), ...navigator.languages]);
  let is_spoken = false;
  const api = new Api((url, init) => fetch(url, init), () => (is_spoken ? words.language : language));
  const [is_loaded, answer] = await Promise.all([words.load(language), api.city()]);
  is_spoken = true;
  if (!is_loaded && language !== 'en') await words.load('en');
  if (!answer.ok) {
    mount(NoCity, { target, props: { words, problem: answer.problem } });
    return;
  }
  const city = answer.value;
  const state = new AppState({ view: first_view(), ...first_place(city) }, window);
  const page = new Page(state, api, words, theme, city);
  mount(App, { target, context: new Map([[kPage, page]]) });
  const wait = new Promise<void>((done) => setTimeout(done, kComfort_ms_max));
  void Promise.race([page.is_standing, wait]).then(() => add_comfort(page));
}

/** After this long, what is not there yet is not waited for. */
const kComfort_ms_max = 8000;

/** What makes it an app can wait: no reader needs it to begin. */
function add_manifest(): void {
  const link = document.createElement('link');
  link.rel = 'manifest';
  link.href = '/manifest.webmanifest';
  document.head.append(link);
}

/** The page's fonts and its offline store come when reading is possible already, and not for who saves data. */
function add_comfort(page: Page): void {
  const about = navigator as Navigator & { connection?: { saveData?: boolean } };
  const later = (): void => {
    if (about.connection?.saveData !== true) void import('./design/fonts.css');
    void import('./lib/offline').then(({ keep_offline }) => keep_offline(page));
    add_manifest();
  };
  if ('requestIdleCallback' in window) requestIdleCallback(later, { timeout: 3000 });
  else setTimeout(later, 1000);
}

void start(document.getElementById('app')!);
