// Starts the page: words and city are asked for together, then the shell stands. Everything else loads when it is needed.
import './design/base.css';
import { mount } from 'svelte';
import App from './app/app.svelte';
import { Api } from './lib/api';
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

async function start(target: HTMLElement): Promise<void> {
  const theme = new Theme();
  const words = new Words();
  const given = new URLSearchParams(location.search).get('lang');
  const language = language_for([given, read_choice(kLanguageKey), ...navigator.languages]);
  let is_spoken = false;
  const api = new Api((url, init) => fetch(url, init), () => (is_spoken ? words.language : language));
  const [, answer] = await Promise.all([words.load(language), api.city()]);
  is_spoken = true;
  if (!answer.ok) throw new Error(answer.problem.code);
  const city = answer.value;
  const first = city.viewpoints[0];
  const state = new AppState({ view: first_view(), lat: first?.lat ?? city.origin.lat, lon: first?.lon ?? city.origin.lon }, window);
  mount(App, { target, context: new Map([[kPage, new Page(state, api, words, theme, city)]]) });
}

void start(document.getElementById('app')!);
