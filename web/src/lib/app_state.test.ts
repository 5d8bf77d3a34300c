import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AppState } from './app_state';

/** As much of a browser window as the state touches: a location, and a history that can go back. */
class FakeWindow extends EventTarget {
  entries = [''];
  at = 0;
  location = { search: '', pathname: '/' };
  history = {
    pushState: (_: unknown, __: string, address: string): void => {
      this.entries = [...this.entries.slice(0, this.at + 1), ''];
      this.at += 1;
      this.#show(address);
    },
    replaceState: (_: unknown, __: string, address: string): void => this.#show(address),
  };
  #show(address: string): void {
    this.location.search = address.startsWith('?') ? address : '';
    this.entries[this.at] = this.location.search;
  }
  back(): void {
    this.at -= 1;
    this.location.search = this.entries[this.at]!;
    this.dispatchEvent(new Event('popstate'));
  }
}

describe('the state of the page', () => {
  let browser: FakeWindow;
  let state: AppState;
  beforeEach(() => {
    vi.useFakeTimers();
    browser = new FakeWindow();
    state = new AppState({ view: 'door', lat: 43, lon: 7 }, browser as unknown as Window);
  });

  test('keeps place and selection when the view changes, and the back button brings the view back', () => {
    state.update({ view: 'text', object: 'place-n1' }, 'push');
    state.update({ view: 'map' }, 'push');
    expect(state.now).toMatchObject({ view: 'map', lat: 43, lon: 7, object: 'place-n1' });
    browser.back();
    expect(state.now).toMatchObject({ view: 'text', object: 'place-n1' });
    browser.back();
    expect(state.now.view).toBe('door');
  });
  test('writes many small moves as one address, and makes no step of history of them', () => {
    state.update({ view: 'text' }, 'push');
    const replaced = vi.spyOn(browser.history, 'replaceState');
    for (let i = 1; i <= 100; ++i) state.update({ lat: 43 + i / 1000 });
    expect(replaced).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(replaced).toHaveBeenCalledTimes(1);
    expect(browser.location.search).toContain('lat=43.1');
    expect(browser.entries).toHaveLength(2);
  });
  test('goes back to where a walk had come before the next step was made', () => {
    state.update({ view: 'text' }, 'push');
    state.update({ lat: 43.5 });
    state.update({ object: 'place-n2' }, 'push');
    browser.back();
    expect(state.now).toMatchObject({ lat: 43.5, object: null });
  });
  test('tells nobody when nothing changes', () => {
    const listener = vi.fn();
    state.subscribe(listener);
    state.update({ lat: 43, heading_deg: 360 });
    expect(listener).not.toHaveBeenCalled();
  });
  test('tells what was before, until one stops listening', () => {
    const listener = vi.fn();
    const stop = state.subscribe(listener);
    state.update({ heading_deg: -90 });
    expect(listener.mock.calls[0]![0].heading_deg).toBe(270);
    expect(listener.mock.calls[0]![1].heading_deg).toBe(0);
    stop();
    state.update({ heading_deg: 10 });
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
