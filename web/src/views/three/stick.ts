// The one-thumb stick as it is seen: a ring where the thumb was set down, and the thumb within it. It is only a picture; hands steer.

const kRing_px = 60;

export class Stick {
  readonly #ring = document.createElement('div');
  readonly #thumb = document.createElement('div');

  constructor(parent: HTMLElement) {
    const round = (radius_px: number, more: string): string =>
      `position:absolute;inset:0 auto auto 0;inline-size:${2 * radius_px}px;block-size:${2 * radius_px}px;border-radius:50%;pointer-events:none;${more}`;
    this.#ring.style.cssText = round(kRing_px, 'border:2px solid #fff;background:rgb(20 40 48 / 0.22);box-shadow:0 0 0 1px rgb(20 40 48 / 0.5)');
    this.#thumb.style.cssText = round(24, 'background:#fff;opacity:0.9;box-shadow:0 1px 6px rgb(20 40 48 / 0.5)');
    this.#ring.className = 'stick no-print';
    for (const one of [this.#ring, this.#thumb]) {
      one.setAttribute('aria-hidden', 'true');
      one.hidden = true;
      parent.append(one);
    }
  }

  /** Null: no thumb is down. */
  show(at: { x: number; y: number; thumb_x: number; thumb_y: number } | null): void {
    this.#ring.hidden = this.#thumb.hidden = at === null;
    if (at === null) return;
    const [x, y] = [at.thumb_x - at.x, at.thumb_y - at.y];
    const within = Math.min(1, kRing_px / Math.max(1, Math.hypot(x, y)));
    this.#ring.style.transform = `translate(${at.x - kRing_px}px, ${at.y - kRing_px}px)`;
    this.#thumb.style.transform = `translate(${at.x + x * within - 24}px, ${at.y + y * within - 24}px)`;
  }

  remove(): void {
    this.#ring.remove();
    this.#thumb.remove();
  }
}
