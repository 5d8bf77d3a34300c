import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Page } from '../lib/page.svelte';

const leaving: (() => void)[] = [];
vi.stubGlobal('addEventListener', (name: string, listener: () => void) => name === 'pagehide' && leaving.push(listener));
const { undo_later } = await import('./undo_later');

/** A page that only keeps what it was asked to tell. */
function page_told(): { page: Page; told: { text: string; undo: (() => void) | undefined }[] } {
  const told: { text: string; undo: (() => void) | undefined }[] = [];
  return { page: { tell: (text: string, undo?: () => void) => told.push({ text, undo }) } as unknown as Page, told };
}

describe('what cannot be taken back', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is done when its undo is gone', () => {
    const { page, told } = page_told();
    const act = vi.fn();
    undo_later(page, 'removed', act, () => undefined);
    expect(told[0]!.text).toBe('removed');
    vi.advanceTimersByTime(7000);
    expect(act).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);
    expect(act).toHaveBeenCalledOnce();
  });
  test('is not done when it was taken back', () => {
    const { page, told } = page_told();
    const act = vi.fn();
    const back = vi.fn();
    undo_later(page, 'removed', act, back);
    told[0]!.undo!();
    vi.advanceTimersByTime(60_000);
    expect([act.mock.calls.length, back.mock.calls.length]).toEqual([0, 1]);
  });
  test('is done at once when the page is left, and then not again', () => {
    const { page, told } = page_told();
    const act = vi.fn();
    const back = vi.fn();
    undo_later(page, 'removed', act, back);
    for (const leave of leaving) leave();
    vi.advanceTimersByTime(60_000);
    told[0]!.undo!();
    expect([act.mock.calls.length, back.mock.calls.length]).toEqual([1, 0]);
  });
  test('is done when the next thing is offered to be undone, since the notice shows one', () => {
    const { page } = page_told();
    const first = vi.fn();
    const second = vi.fn();
    undo_later(page, 'one', first, () => undefined);
    undo_later(page, 'two', second, () => undefined);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0]);
  });
});
