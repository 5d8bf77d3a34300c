import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Link, type LinkEvents } from './link';

/** As much of a WebSocket as the link touches; the test plays the node. */
class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  binaryType = '';
  bufferedAmount = 0;
  sent: Uint8Array[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }
  close(code = 1006): void {
    this.fall(code);
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  fall(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

let events: { [Name in keyof LinkEvents]: ReturnType<typeof vi.fn> };
const link_with = (random = 0.5): Link => new Link(() => new FakeSocket() as unknown as WebSocket, events as unknown as LinkEvents, () => random);
const last = (): FakeSocket => FakeSocket.all.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  events = { opened: vi.fn(), message: vi.fn(), lost: vi.fn(), ended: vi.fn(), may_enter: vi.fn(() => Promise.resolve('unknown')) };
});
afterEach(() => vi.useRealTimers());

test.each([0, 0.5, 0.999])('a node that is away for up to a minute is met again within 3 s of its return (random %f)', async (random) => {
  const link = link_with(random);
  link.start();
  last().open();
  await vi.advanceTimersByTimeAsync(10_000);
  last().fall(1006);
  const gaps_ms: number[] = [];
  let tried_at_ms = performance.now();
  let count = FakeSocket.all.length;
  for (let ms = 0; ms < 60_000; ms += 50) {
    await vi.advanceTimersByTimeAsync(50);
    if (FakeSocket.all.length === count) continue;
    count = FakeSocket.all.length;
    gaps_ms.push(performance.now() - tried_at_ms);
    tried_at_ms = performance.now();
    last().fall(1006);
  }
  expect(gaps_ms.length).toBeGreaterThan(20);
  expect(Math.max(...gaps_ms)).toBeLessThan(3000);
});

test('pauses grow, differ from visitor to visitor, and end at half a minute', async () => {
  const link = link_with();
  link.start();
  for (let i = 0; i < 80; ++i) {
    last().fall(1006);
    await vi.advanceTimersByTimeAsync(45_000);
  }
  const pauses_ms = events.lost.mock.calls.map(([pause_ms]) => pause_ms as number);
  expect(pauses_ms[0]!).toBeLessThan(pauses_ms[1]!);
  expect(Math.max(...pauses_ms)).toBe(30_000);
  const [early, late] = [link_with(0), link_with(0.999)].map((one) => {
    events.lost.mockClear();
    one.start();
    last().fall(1006);
    return events.lost.mock.calls[0]![0] as number;
  });
  expect(late!).toBeGreaterThan(early! * 2.5);
});

test('whoever was signed out, shut out or replaced is not brought back against the node’s will', async () => {
  for (const [code, why] of [[4001, 'signed_out'], [4002, 'shut_out'], [4005, 'replaced'], [4006, 'refused']] as const) {
    const link = link_with();
    link.start();
    last().open();
    const count = FakeSocket.all.length;
    last().fall(code);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(events.ended).toHaveBeenLastCalledWith(why);
    expect(FakeSocket.all.length).toBe(count);
  }
});

test('a handshake that fails because nobody is signed in ends the tries', async () => {
  events.may_enter.mockImplementation(() => Promise.resolve('signed_out'));
  const link = link_with();
  link.start();
  last().fall(1006);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(events.ended).toHaveBeenCalledWith('signed_out');
  expect(FakeSocket.all.length).toBe(1);
});

test('after a flood or a full space the next try waits', async () => {
  const link = link_with(0);
  link.start();
  last().open();
  last().fall(4003);
  await vi.advanceTimersByTimeAsync(2400);
  expect(FakeSocket.all.length).toBe(1);
  await vi.advanceTimersByTimeAsync(3000);
  expect(FakeSocket.all.length).toBe(2);
});

test('who leaves is gone, and a socket that comes late is not used', async () => {
  const link = link_with();
  link.start();
  const socket = last();
  link.stop();
  socket.open();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(events.opened).not.toHaveBeenCalled();
  expect(FakeSocket.all.length).toBe(1);
  expect(link.send(new Uint8Array(1))).toBe(false);
});

test('on a slow network places are left out, words are not', () => {
  const link = link_with();
  link.start();
  last().open();
  last().bufferedAmount = 100_000;
  expect(link.send(new Uint8Array(18), true)).toBe(false);
  expect(link.send(new Uint8Array(40))).toBe(true);
  expect(last().sent.length).toBe(1);
});
