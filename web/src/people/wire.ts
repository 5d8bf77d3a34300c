// The bytes of protocol/presence.md, version 1: what this client sends, and what it can read. Pure functions of bytes; the golden
// messages of protocol/presence hold this file and the node's codec to the same document.
import type { Limb, PersonId, Tracked } from './people';

export const kSubprotocol = 'citiverse.presence.1';
const kVersion = 1;
export const kSlotsMax = 128;
/** A JSON message to the node, bytes. */
export const kSayBytes_max = 16 * 1024;

export const kDevices = ['text', 'map', '3d', 'headset'] as const;
export type Device = (typeof kDevices)[number];

/** Whole centimetres in the space's frame; heading in 1/256 turn, clockwise from north. */
export interface Stand {
  x_cm: number;
  y_cm: number;
  z_cm: number;
  heading: number;
}
/** Gesture's number and what else the body does. */
export interface BodyState {
  gesture: number;
  is_speaking: boolean;
  is_seated: boolean;
  has_headset: boolean;
}
export interface Hello {
  device: Device;
  rate_hz: number;
  slots: number;
  radius_m: number;
  is_hidden: boolean;
  token: Uint8Array | null;
  stand: Stand | null;
  state: BodyState;
}
export interface View {
  rate_hz: number;
  slots: number;
  radius_m: number;
  /** 1/256 turns; an opening of 0 sees all around. */
  heading: number;
  half_opening: number;
}
export interface Welcome {
  type: 'welcome';
  person: PersonId;
  slots: number;
  rate_hz: number;
  radius_m: number;
  ticks_per_second: number;
  is_resumed: boolean;
  tick: number;
  token: Uint8Array;
  stand: Stand;
  origin: { lat: number; lon: number };
  bounds_cm: { west: number; south: number; east: number; north: number };
}
/** Why the node put one elsewhere, from 1. */
const kReasons = ['speed', 'bounds', 'wall', 'teleport', 'personal_space'] as const;
export interface Correction extends Stand {
  reason: (typeof kReasons)[number];
}
export interface Entered {
  slot: number;
  person: PersonId;
  stand: Stand;
  state: BodyState;
}
/** Low bits of where somebody is; `Slots` knows the rest. */
export interface FarMove {
  slot: number;
  x: number;
  y: number;
  z: number;
  heading: number;
  state: BodyState;
}
export interface NearMove {
  slot: number;
  dx_cm: number;
  dy_cm: number;
  dz: number;
  heading: number;
}
export interface Density {
  column: number;
  row: number;
  cells: readonly { index: number; people: number }[];
}
export interface MovedObject {
  object: number;
  x_cm: number;
  y_cm: number;
  z_cm: number;
  /** x y z w × 32767 */
  turn: readonly [number, number, number, number];
}
export interface Tick {
  type: 'tick';
  tick: number;
  sequence: number;
  correction: Correction | null;
  left: readonly number[];
  entered: readonly Entered[];
  far: readonly FarMove[];
  near: readonly NearMove[];
  poses: readonly { slot: number; pose: Tracked }[];
  density: Density | null;
  objects: readonly MovedObject[];
}
export interface Tell {
  type: 'tell';
  /** A JSON object; its member t says which. */
  tell: { readonly t: string; readonly [member: string]: unknown };
}
export type FromNode = Welcome | Tick | Tell;

/** Heights of people come in steps of this. */
export const kHeightStep_cm = 5;
/** Cells of the density. */
export const kCell_cm = 3200;
export const kCellsAcross = 9;

const kHelloBytes = 38;
const kMoveBytes = 18;
const kPoseBytes = 16;
const kWelcomeBytes = 84;
const kUntracked = -128;
const kTurn_deg = 360 / 256;

/** 1/256 turns of degrees, wrapped. */
export const turn_of = (degrees: number): number => ((Math.round(degrees / kTurn_deg) % 256) + 256) % 256;
export const degrees_of = (turn: number): number => turn * kTurn_deg;

const byte_of = (state: BodyState): number =>
  (state.gesture & 31) | (state.is_speaking ? 32 : 0) | (state.is_seated ? 64 : 0) | (state.has_headset ? 128 : 0);
const state_of = (byte: number): BodyState => ({
  gesture: byte & 31,
  is_speaking: (byte & 32) !== 0,
  is_seated: (byte & 64) !== 0,
  has_headset: (byte & 128) !== 0,
});

function write_stand(out: DataView, at: number, { x_cm, y_cm, z_cm, heading }: Stand): void {
  out.setInt32(at, x_cm, true);
  out.setInt32(at + 4, y_cm, true);
  out.setInt32(at + 8, z_cm, true);
  out.setUint8(at + 12, heading);
}

export function hello_bytes(hello: Hello): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(kHelloBytes);
  const out = new DataView(bytes.buffer);
  bytes.set([0x01, kVersion, kDevices.indexOf(hello.device), hello.rate_hz, hello.slots]);
  out.setUint16(5, hello.radius_m, true);
  out.setUint8(7, (hello.stand ? 1 : 0) | (hello.is_hidden ? 2 : 0) | (hello.token ? 4 : 0));
  if (hello.token) bytes.set(hello.token.subarray(0, 16), 8);
  if (hello.stand) write_stand(out, 24, hello.stand);
  out.setUint8(37, byte_of(hello.state));
  return bytes;
}

export function move_bytes(sequence: number, stand: Stand, state: BodyState, pose: Tracked | null): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(kMoveBytes + (pose ? kPoseBytes : 0));
  const out = new DataView(bytes.buffer);
  out.setUint8(0, 0x02);
  out.setUint16(1, sequence, true);
  out.setUint8(3, pose ? 1 : 0);
  write_stand(out, 4, stand);
  out.setUint8(17, byte_of(state));
  if (pose) write_pose(out, kMoveBytes, pose);
  return bytes;
}

export function object_move_bytes({ object, x_cm, y_cm, z_cm, turn }: MovedObject): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(25);
  const out = new DataView(bytes.buffer);
  out.setUint8(0, 0x04);
  out.setUint32(1, object, true);
  [x_cm, y_cm, z_cm].forEach((place_cm, i) => out.setInt32(5 + i * 4, place_cm, true));
  turn.forEach((part, i) => out.setInt16(17 + i * 2, part, true));
  return bytes;
}

export function view_bytes(view: View): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(7);
  bytes.set([0x03, view.rate_hz, view.slots, view.radius_m & 255, view.radius_m >> 8, view.heading, view.half_opening]);
  return bytes;
}

/** Null when it would be larger than the node takes. */
export function say_bytes(say: { t: string; [member: string]: unknown }): Uint8Array<ArrayBuffer> | null {
  const text = new TextEncoder().encode(JSON.stringify(say));
  if (text.length + 1 > kSayBytes_max) return null;
  const bytes = new Uint8Array(text.length + 1);
  bytes[0] = 0x10;
  bytes.set(text, 1);
  return bytes;
}

const clamped = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, Math.round(value)));
const small_turn = (degrees: number): number => ((Math.round(degrees / kTurn_deg) + 128) & 255) - 128;

function write_pose(out: DataView, at: number, { head, left, right }: Tracked): void {
  const head_cm = clamped(head.up_m * 100, 0, 255);
  out.setInt8(at, small_turn(head.yaw_deg));
  out.setInt8(at + 1, small_turn(head.pitch_deg));
  out.setInt8(at + 2, small_turn(head.roll_deg));
  out.setUint8(at + 3, head_cm);
  [left, right].forEach((hand, index) => {
    const start = at + 4 + index * 6;
    if (!hand) {
      out.setInt8(start, kUntracked);
      return;
    }
    out.setInt8(start, clamped(hand.right_m * 100, -127, 127));
    out.setInt8(start + 1, clamped(hand.forward_m * 100, -127, 127));
    out.setInt8(start + 2, clamped(hand.up_m * 100 - head_cm, -128, 127));
    out.setInt8(start + 3, small_turn(hand.yaw_deg));
    out.setInt8(start + 4, small_turn(hand.pitch_deg));
    out.setInt8(start + 5, small_turn(hand.roll_deg));
  });
}

/** Reads forward through a message; past its end it throws, which `read_message` turns into null. */
class Reader {
  readonly #view: DataView;
  #at = 0;
  constructor(bytes: ArrayBuffer) {
    this.#view = new DataView(bytes);
  }
  get left(): number {
    return this.#view.byteLength - this.#at;
  }
  u8 = (): number => this.#view.getUint8(this.#step(1));
  i8 = (): number => this.#view.getInt8(this.#step(1));
  u16 = (): number => this.#view.getUint16(this.#step(2), true);
  i16 = (): number => this.#view.getInt16(this.#step(2), true);
  u32 = (): number => this.#view.getUint32(this.#step(4), true);
  i32 = (): number => this.#view.getInt32(this.#step(4), true);
  f64 = (): number => this.#view.getFloat64(this.#step(8), true);
  bytes(count: number): Uint8Array {
    const at = this.#step(count);
    if (at + count > this.#view.byteLength) throw new RangeError('short');
    return new Uint8Array(this.#view.buffer.slice(at, at + count));
  }
  stand = (): Stand => ({ x_cm: this.i32(), y_cm: this.i32(), z_cm: this.i32(), heading: this.u8() });
  list<T>(read: () => T): T[] {
    return Array.from({ length: this.u8() }, read);
  }
  #step(count: number): number {
    const at = this.#at;
    this.#at += count;
    return at;
  }
}

/** A message of the node; null for one that is malformed or of a type that this client does not know. */
export function read_message(bytes: ArrayBuffer): FromNode | null {
  try {
    const reader = new Reader(bytes);
    const type = reader.u8();
    if (type === 0x81) return bytes.byteLength === kWelcomeBytes ? read_welcome(reader) : null;
    if (type === 0x82) return read_tick(reader);
    if (type === 0x90) return read_tell(bytes);
    return null;
  } catch {
    // DataView throws past the end, JSON and UTF-8 where they are none: the message as a whole is worth nothing then.
    return null;
  }
}

function read_welcome(reader: Reader): Welcome | null {
  if (reader.u8() !== kVersion) return null;
  const person = reader.u32();
  const [slots, rate_hz] = [reader.u8(), reader.u8()];
  const radius_m = reader.u16();
  const [ticks_per_second, flags] = [reader.u8(), reader.u8()];
  const tick = reader.u16();
  reader.bytes(8);
  const token = reader.bytes(16);
  const stand = reader.stand();
  reader.u8();
  const origin = { lat: reader.f64(), lon: reader.f64() };
  const bounds_cm = { west: reader.i32(), south: reader.i32(), east: reader.i32(), north: reader.i32() };
  return { type: 'welcome', person, slots, rate_hz, radius_m, ticks_per_second, is_resumed: (flags & 1) !== 0, tick, token, stand, origin, bounds_cm };
}

function reason_of(number: number): Correction['reason'] {
  const reason = kReasons[number - 1];
  if (reason === undefined) throw new RangeError(`reason ${number}`);
  return reason;
}

function read_tick(reader: Reader): Tick | null {
  const [tick, sequence] = [reader.u16(), reader.u16()];
  const sections = reader.u8();
  const has = (bit: number): boolean => (sections & bit) !== 0;
  const message: Tick = {
    type: 'tick',
    tick,
    sequence,
    correction: has(1) ? { ...reader.stand(), reason: reason_of(reader.u8()) } : null,
    left: has(2) ? reader.list(reader.u8) : [],
    entered: has(4) ? reader.list(() => ({ slot: reader.u8(), person: reader.u32(), stand: reader.stand(), state: state_of(reader.u8()) })) : [],
    far: has(8)
      ? reader.list(() => ({ slot: reader.u8(), x: reader.u16(), y: reader.u16(), z: reader.u8(), heading: reader.u8(), state: state_of(reader.u8()) }))
      : [],
    near: has(16)
      ? reader.list(() => ({ slot: reader.u8(), dx_cm: reader.i8(), dy_cm: reader.i8(), dz: reader.i8(), heading: reader.u8() }))
      : [],
    poses: has(32) ? reader.list(() => ({ slot: reader.u8(), pose: read_pose(reader) })) : [],
    density: has(64) ? { column: reader.i16(), row: reader.i16(), cells: reader.list(() => ({ index: reader.u8(), people: reader.u16() })) } : null,
    objects: has(128)
      ? reader.list(() => ({
          object: reader.u32(),
          x_cm: reader.i32(),
          y_cm: reader.i32(),
          z_cm: reader.i32(),
          turn: [reader.i16(), reader.i16(), reader.i16(), reader.i16()] as const,
        }))
      : [],
  };
  return reader.left === 0 ? message : null;
}

function read_pose(reader: Reader): Tracked {
  const [yaw_deg, pitch_deg, roll_deg] = [degrees_of(reader.i8()), degrees_of(reader.i8()), degrees_of(reader.i8())];
  const up_m = reader.u8() / 100;
  const hand = (): Limb | null => {
    const right = reader.i8();
    const limb = { right_m: right / 100, forward_m: reader.i8() / 100, up_m: up_m + reader.i8() / 100 };
    const turns = { yaw_deg: degrees_of(reader.i8()), pitch_deg: degrees_of(reader.i8()), roll_deg: degrees_of(reader.i8()) };
    return right === kUntracked ? null : { ...limb, ...turns };
  };
  return { head: { right_m: 0, forward_m: 0, up_m, yaw_deg, pitch_deg, roll_deg }, left: hand(), right: hand() };
}

function read_tell(bytes: ArrayBuffer): Tell | null {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes, 1));
  const tell: unknown = JSON.parse(text);
  if (typeof tell !== 'object' || tell === null || Array.isArray(tell)) return null;
  if (typeof (tell as { t?: unknown }).t !== 'string') return null;
  return { type: 'tell', tell: tell as Tell['tell'] };
}
