// What hands want: keyboard, mouse, one thumb and gamepad, as one wish that the ways of moving read.

/** Directions are −1 to 1; drags and wheel are what has come in since the last frame. */
export interface Intent {
  forward: number;
  right: number;
  up: number;
  turn: number;
  tilt: number;
  zoom: number;
  run: boolean;
  /** CSS pixels. */
  drag_x: number;
  drag_y: number;
  /** Same, with the other button, Control held, or two fingers. */
  turn_drag_x: number;
  turn_drag_y: number;
  /** Factor of distance; 1 is none. */
  zoom_by: number;
}

/** Keys by their place on the board, so that WASD is where the hand expects it in every layout. */
const kKeys: Record<string, (intent: Intent) => void> = {
  KeyW: (i) => (i.forward += 1), ArrowUp: (i) => (i.forward += 1),
  KeyS: (i) => (i.forward -= 1), ArrowDown: (i) => (i.forward -= 1),
  KeyD: (i) => (i.right += 1), KeyA: (i) => (i.right -= 1),
  ArrowRight: (i) => (i.turn += 1), KeyE: (i) => (i.turn += 1),
  ArrowLeft: (i) => (i.turn -= 1), KeyQ: (i) => (i.turn -= 1),
  PageUp: (i) => (i.tilt += 1), PageDown: (i) => (i.tilt -= 1),
  KeyR: (i) => (i.up += 1), KeyF: (i) => (i.up -= 1),
  Equal: (i) => (i.zoom += 1), NumpadAdd: (i) => (i.zoom += 1),
  Minus: (i) => (i.zoom -= 1), NumpadSubtract: (i) => (i.zoom -= 1),
};

/** A touch that stays within this is a tap. */
const kTap_px = 8;
const kTap_ms = 500;
/** The thumb's way from rest to full speed. */
const kStick_px = 60;
const kGamepadRest = 0.15;
const kRunButton = 10;

export interface IntentEvents {
  /** Something is wished: a frame is needed. */
  stirred(): void;
  /** A click or tap at a place of the canvas, CSS pixels from its corner. */
  tapped(x: number, y: number): void;
  /** A mouse rests or moves without a button; null when it leaves. */
  pointed(at: { x: number; y: number } | null): void;
  /** A thumb took the stick, moved it or let it go: where it was set down and where it is, CSS pixels of the canvas. */
  stick(at: { x: number; y: number; thumb_x: number; thumb_y: number } | null): void;
  /** A key that is not for moving. True: it was used. */
  key(event: KeyboardEvent): boolean;
}

interface Finger {
  x: number;
  y: number;
  start_x: number;
  start_y: number;
  start_ms: number;
  button: number;
  stick: boolean;
  moved: boolean;
}

export class Hands {
  /** True while walking: one thumb on the lower half of a touch screen is the stick. */
  stick_on = true;
  readonly #element: HTMLElement;
  readonly #events: IntentEvents;
  readonly #down = new Set<string>();
  readonly #fingers = new Map<number, Finger>();
  readonly #gone = new AbortController();
  #drag = { x: 0, y: 0, turn_x: 0, turn_y: 0, zoom_by: 1 };
  #run = false;

  constructor(element: HTMLElement, events: IntentEvents) {
    this.#element = element;
    this.#events = events;
    const signal = this.#gone.signal;
    const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void, passive = true) =>
      element.addEventListener(name, act, { signal, passive });
    on('keydown', (event) => this.#key_down(event), false);
    on('keyup', (event) => this.#key_up(event));
    on('blur', () => this.rest());
    on('pointerdown', (event) => this.#finger_down(event));
    on('pointermove', (event) => this.#finger_move(event));
    on('pointerup', (event) => this.#finger_up(event));
    on('pointercancel', (event) => this.#finger_lost(event.pointerId));
    on('pointerleave', () => events.pointed(null));
    on('contextmenu', (event) => event.preventDefault(), false);
    on('wheel', (event) => this.#wheel(event), false);
    window.addEventListener('gamepadconnected', () => events.stirred(), { signal });
  }

  /** The wish of this frame; what was dragged is handed over once. */
  take(): Intent {
    const { x, y, turn_x, turn_y, zoom_by } = this.#drag;
    this.#drag = { x: 0, y: 0, turn_x: 0, turn_y: 0, zoom_by: 1 };
    const intent: Intent = {
      forward: 0, right: 0, up: 0, turn: 0, tilt: 0, zoom: 0, run: this.#run,
      drag_x: x, drag_y: y, turn_drag_x: turn_x, turn_drag_y: turn_y, zoom_by,
    };
    for (const code of this.#down) kKeys[code]?.(intent);
    this.#read_stick(intent);
    this.#read_gamepads(intent);
    return intent;
  }

  /** Lets go of everything, as when the window loses the keyboard. */
  rest(): void {
    this.#down.clear();
    this.#events.stick(null);
    this.#fingers.clear();
    this.#run = false;
  }

  destroy(): void {
    this.#gone.abort();
  }

  #key_down(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    this.#run = event.shiftKey;
    if (kKeys[event.code] !== undefined) {
      event.preventDefault();
      this.#down.add(event.code);
      this.#events.stirred();
    } else if (this.#events.key(event)) {
      event.preventDefault();
    }
  }
  #key_up(event: KeyboardEvent): void {
    this.#run = event.shiftKey;
    this.#down.delete(event.code);
  }

  #finger_down(event: PointerEvent): void {
    this.#element.focus({ preventScroll: true });
    this.#element.setPointerCapture(event.pointerId);
    const { x, y } = this.#at(event);
    const box = this.#element.getBoundingClientRect();
    const free = ![...this.#fingers.values()].some((finger) => finger.stick);
    const stick = this.stick_on && event.pointerType === 'touch' && free && y > box.height * 0.55;
    const button = event.button === 2 || event.button === 1 || event.ctrlKey ? 2 : 0;
    this.#fingers.set(event.pointerId, { x, y, start_x: x, start_y: y, start_ms: event.timeStamp, button, stick, moved: false });
    if (stick) this.#events.stick({ x, y, thumb_x: x, thumb_y: y });
  }

  #finger_move(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    const at = this.#at(event);
    if (finger === undefined) {
      if (event.pointerType === 'mouse') this.#events.pointed(at);
      return;
    }
    if (Math.hypot(at.x - finger.start_x, at.y - finger.start_y) > kTap_px) finger.moved = true;
    const by_x = at.x - finger.x;
    const by_y = at.y - finger.y;
    const others = [...this.#fingers.values()].filter((one) => one !== finger && !one.stick);
    const other = others[0];
    if (finger.stick) {
      this.#events.stick({ x: finger.start_x, y: finger.start_y, thumb_x: at.x, thumb_y: at.y });
    } else if (other !== undefined) {
      this.#two_fingers(finger, other, at, by_x, by_y);
    } else if (finger.moved && finger.button === 2) {
      this.#drag.turn_x += by_x;
      this.#drag.turn_y += by_y;
    } else if (finger.moved) {
      this.#drag.x += by_x;
      this.#drag.y += by_y;
    }
    finger.x = at.x;
    finger.y = at.y;
    this.#events.stirred();
  }

  #two_fingers(finger: Finger, other: Finger, at: { x: number; y: number }, by_x: number, by_y: number): void {
    const before = Math.hypot(finger.x - other.x, finger.y - other.y);
    const after = Math.hypot(at.x - other.x, at.y - other.y);
    if (before > 10 && after > 10) this.#drag.zoom_by *= before / after;
    const angle = Math.atan2(at.y - other.y, at.x - other.x) - Math.atan2(finger.y - other.y, finger.x - other.x);
    this.#drag.turn_x += Math.atan2(Math.sin(angle), Math.cos(angle)) * -160;
    this.#drag.turn_y += by_y / 2;
    this.#drag.x += by_x / 4;
  }

  #finger_up(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    this.#finger_lost(event.pointerId);
    if (finger === undefined) return;
    const quick = event.timeStamp - finger.start_ms < kTap_ms;
    if (quick && !finger.moved && finger.button === 0) this.#events.tapped(finger.x, finger.y);
    this.#events.stirred();
  }

  #finger_lost(id: number): void {
    if (this.#fingers.get(id)?.stick === true) this.#events.stick(null);
    this.#fingers.delete(id);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.#drag.zoom_by *= Math.exp(Math.max(-240, Math.min(240, event.deltaY * lines)) * 0.0015);
    this.#events.stirred();
  }

  #read_stick(intent: Intent): void {
    for (const finger of this.#fingers.values()) {
      if (!finger.stick) continue;
      intent.turn += Math.max(-1, Math.min(1, (finger.x - finger.start_x) / (kStick_px * 1.6)));
      intent.forward -= Math.max(-1, Math.min(1, (finger.y - finger.start_y) / kStick_px));
    }
  }

  #read_gamepads(intent: Intent): void {
    for (const pad of navigator.getGamepads?.() ?? []) {
      if (pad === null || pad.mapping !== 'standard') continue;
      const axis = (n: number) => (Math.abs(pad.axes[n] ?? 0) < kGamepadRest ? 0 : pad.axes[n]!);
      intent.right += axis(0);
      intent.forward -= axis(1);
      intent.turn += axis(2);
      intent.tilt -= axis(3);
      intent.up += (pad.buttons[7]?.value ?? 0) - (pad.buttons[6]?.value ?? 0);
      if (pad.buttons[kRunButton]?.pressed) intent.run = true;
    }
  }

  /** A gamepad has no events for its sticks: while one is there it has to be asked. */
  get has_gamepad(): boolean {
    return (navigator.getGamepads?.() ?? []).some((pad) => pad !== null && pad.mapping === 'standard');
  }

  #at(event: PointerEvent): { x: number; y: number } {
    const box = this.#element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}

export function is_still(intent: Intent): boolean {
  return intent.forward === 0 && intent.right === 0 && intent.up === 0 && intent.turn === 0 && intent.tilt === 0 && intent.zoom === 0
    && intent.drag_x === 0 && intent.drag_y === 0 && intent.turn_drag_x === 0 && intent.turn_drag_y === 0 && intent.zoom_by === 1;
}
