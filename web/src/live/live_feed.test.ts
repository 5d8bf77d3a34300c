import { describe, expect, test, vi } from 'vitest';
import { LiveFeed, type LiveItem, type Stream } from './live_feed';

class FakeStream implements Stream {
  static all: FakeStream[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  is_closed = false;
  readyState = 1;
  readonly #listeners = new Map<string, (event: { data: string }) => void>();
  constructor(readonly address: string) {
    FakeStream.all.push(this);
  }
  addEventListener(name: string, listener: (event: { data: string }) => void): void {
    this.#listeners.set(name, listener);
  }
  close(): void {
    this.is_closed = true;
  }
  tell(name: string, data: unknown): void {
    this.#listeners.get(name)?.({ data: JSON.stringify(data) });
  }
}

const bus = (lat: number): LiveItem => ({ id: 'urn:bus:1', type: 'x', kind: 'Vehicle', location: { lat, lon: 7 }, values: [] });
const settled = (): Promise<void> => new Promise((done) => queueMicrotask(done));

function feed_of(): LiveFeed {
  FakeStream.all = [];
  return new LiveFeed((address) => new FakeStream(address));
}

describe('the live feed', () => {
  test('opens one stream when somebody listens, and closes it when nobody does', () => {
    const feed = feed_of();
    feed.look_at({ lat: 43, lon: 7 });
    expect(FakeStream.all).toHaveLength(0);
    const one = feed.subscribe(() => {});
    const two = feed.subscribe(() => {});
    expect(FakeStream.all).toHaveLength(1);
    one();
    expect(FakeStream.all[0]!.is_closed).toBe(false);
    two();
    expect(FakeStream.all[0]!.is_closed).toBe(true);
  });

  test('keeps the newest of each thing, and lets go of what is gone', async () => {
    const feed = feed_of();
    feed.look_at({ lat: 43, lon: 7 });
    let told = 0;
    feed.subscribe(() => (told += 1));
    const stream = FakeStream.all[0]!;
    stream.onopen?.();
    stream.tell('change', { items: [bus(43), { ...bus(43), id: 'urn:bus:2' }], gone: [] });
    stream.tell('change', { items: [bus(43.001)], gone: ['urn:bus:2'] });
    await settled();
    expect([...feed.items.keys()]).toEqual(['urn:bus:1']);
    expect(feed.items.get('urn:bus:1')!.location!.lat).toBe(43.001);
    expect(told).toBe(1);
  });

  test('looks elsewhere only when the visitor has walked far', () => {
    const feed = feed_of();
    feed.look_at({ lat: 43, lon: 7 });
    feed.subscribe(() => {});
    feed.look_at({ lat: 43.002, lon: 7.002 });
    expect(FakeStream.all).toHaveLength(1);
    feed.look_at({ lat: 43.02, lon: 7 });
    expect(FakeStream.all).toHaveLength(2);
    expect(FakeStream.all[0]!.is_closed).toBe(true);
  });

  test('says that the connection is lost and keeps what was known, until the stream is there again', async () => {
    const feed = feed_of();
    feed.look_at({ lat: 43, lon: 7 });
    feed.subscribe(() => {});
    const stream = FakeStream.all[0]!;
    stream.onopen?.();
    stream.tell('change', { items: [bus(43)], gone: [] });
    stream.onerror?.();
    expect([feed.is_connected, feed.items.size]).toEqual([false, 1]);
    stream.onopen?.();
    expect([feed.is_connected, feed.items.size]).toEqual([true, 0]);
  });

  test('asks a node again later that had no room', () => {
    vi.useFakeTimers();
    const feed = feed_of();
    feed.look_at({ lat: 43, lon: 7 });
    const stop = feed.subscribe(() => {});
    const refused = FakeStream.all[0]!;
    refused.readyState = 2;
    refused.onerror?.();
    vi.advanceTimersByTime(29_000);
    expect(FakeStream.all).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect(FakeStream.all).toHaveLength(2);
    stop();
    vi.useRealTimers();
  });

  test('asks again when the node says that more changed than could wait', () => {
    const feed = feed_of();
    feed.look_at({ lat: 43, lon: 7 });
    feed.subscribe(() => {});
    FakeStream.all[0]!.tell('lost', {});
    expect(FakeStream.all).toHaveLength(2);
  });

  test('asks once for a moment that is gone, and goes back to the stream of now', async () => {
    FakeStream.all = [];
    const asked: string[] = [];
    const feed = new LiveFeed(
      (address) => new FakeStream(address),
      (address) => {
        asked.push(address);
        return Promise.resolve([bus(43)]);
      },
    );
    feed.look_at({ lat: 43, lon: 7, time_ms: null });
    feed.subscribe(() => {});
    FakeStream.all[0]!.onopen?.();
    FakeStream.all[0]!.tell('change', { items: [{ ...bus(43), id: 'urn:bus:now' }], gone: [] });
    const then_ms = Date.UTC(2026, 0, 1, 12);
    feed.look_at({ lat: 43, lon: 7, time_ms: then_ms });
    expect([feed.items.size, feed.has_answered, feed.is_past, feed.now_ms]).toEqual([0, false, true, then_ms]);
    await settled();
    await settled();
    expect([...feed.items.keys()]).toEqual(['urn:bus:1']);
    expect(FakeStream.all[0]!.is_closed).toBe(true);
    expect(asked[0]).toContain('&at=2026-01-01T12:00:00.000Z');
    feed.look_at({ lat: 43.001, lon: 7, time_ms: then_ms });
    expect(asked).toHaveLength(1);
    feed.look_at({ lat: 43.001, lon: 7, time_ms: null });
    expect(feed.items.size).toBe(0);
    expect(FakeStream.all).toHaveLength(2);
  });

  test('knows nothing of a moment to come', async () => {
    FakeStream.all = [];
    const feed = new LiveFeed(
      (address) => new FakeStream(address),
      () => Promise.reject(new Error('nobody is asked')),
    );
    feed.look_at({ lat: 43, lon: 7, time_ms: Date.now() + 3_600_000 });
    feed.subscribe(() => {});
    await settled();
    await settled();
    expect([FakeStream.all.length, feed.items.size, feed.is_past, feed.has_answered]).toEqual([0, 0, false, true]);
  });
});
