// Names and words over heads: small signs drawn as text, always as large as text should be, hidden by whatever stands before them.
import { CanvasTexture, LinearFilter, Sprite, SpriteMaterial, SRGBColorSpace, type Object3D, type PerspectiveCamera } from 'three';
import { kOrder } from '../city_materials';

/** What a sign says. Two signs with equal words look equal. */
export interface Sign {
  kind: 'name' | 'bubble' | 'caption';
  text: string;
  /** Behind the name, softer: pronouns. */
  more: string;
  is_verified: boolean;
  is_friend: boolean;
  is_speaking: boolean;
  lang: string;
}

export interface SignStyle {
  card: string;
  ink: string;
  soft: string;
  accent: string;
  font: string;
  /** CSS pixels. */
  size_px: number;
  direction: 'ltr' | 'rtl';
  pixel_ratio: number;
}

const kBubble_px_max = 240;
const kBubbleLinesMax = 4;
const kName_px_max = 200;
const kPad_px = 7;
const kTail_px = 6;
const kGap_px = 4;

/** The style that the page has now. */
export function style_of_page(direction: 'ltr' | 'rtl'): SignStyle {
  const root = getComputedStyle(document.documentElement);
  const of = (name: string) => root.getPropertyValue(name).trim();
  return {
    card: of('--card'), ink: of('--ink'), soft: of('--ink-soft'), accent: of('--accent'),
    font: getComputedStyle(document.body).fontFamily,
    size_px: parseFloat(root.fontSize) * 0.84,
    direction,
    pixel_ratio: Math.min(2, Math.max(1, devicePixelRatio)),
  };
}

/** A text's own direction, by its first letter that has one (UAX #9, rules P2 and P3, for the scripts in use). */
export function direction_of(text: string, otherwise: 'ltr' | 'rtl'): 'ltr' | 'rtl' {
  const letter = /\p{L}/u.exec(text)?.[0];
  if (letter === undefined) return otherwise;
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u.test(letter) ? 'rtl' : 'ltr';
}

/** Breaks a text into lines no wider than `width`, by words of its language; what does not fit ends in "…". */
export function lines_of(text: string, lang: string, width: number, lines_max: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces_of(text.replace(/\s+/gu, ' ').trim(), lang)) {
    if (line === '' || measure(line + piece.trimEnd()) <= width) line += piece;
    else {
      lines.push(line);
      line = piece.trimStart();
    }
    while (measure(line.trimEnd()) > width && line.length > 1) {
      let fits = line.length - 1;
      while (fits > 1 && measure(line.slice(0, fits)) > width) fits--;
      lines.push(line.slice(0, fits));
      line = line.slice(fits);
    }
  }
  if (line.trim() !== '') lines.push(line);
  const kept = lines.slice(0, lines_max).map((one) => one.trim());
  if (lines.length > lines_max) {
    let last = kept[lines_max - 1]!;
    while (last.length > 1 && measure(`${last}…`) > width) last = last.slice(0, -1).trimEnd();
    kept[lines_max - 1] = `${last}…`;
  }
  return kept;
}

function pieces_of(text: string, lang: string): string[] {
  const words = new Intl.Segmenter(lang === '' ? undefined : lang, { granularity: 'word' });
  const pieces: string[] = [];
  for (const { segment, isWordLike } of words.segment(text)) {
    // Spaces and signs stay with the word before them.
    if (isWordLike === true || pieces.length === 0) pieces.push(segment);
    else pieces[pieces.length - 1] += segment;
  }
  return pieces;
}

/** One sign in the scene. */
export class Label {
  readonly sprite: Sprite;
  #words = '';
  #width_px = 1;
  #height_px = 1;
  #texture: CanvasTexture | null = null;

  constructor(parent: Object3D) {
    this.sprite = new Sprite(new SpriteMaterial({ transparent: true, depthWrite: false, sizeAttenuation: false, toneMapped: false }));
    this.sprite.renderOrder = kOrder.tint + 2;
    this.sprite.raycast = () => {};
    this.sprite.visible = false;
    parent.add(this.sprite);
  }

  get width_px(): number {
    return this.#width_px;
  }
  get height_px(): number {
    return this.#height_px;
  }

  /** Draws the sign, if it differs from what is shown. */
  say(sign: Sign, style: SignStyle): void {
    const words = JSON.stringify([sign, style]);
    if (words === this.#words) return;
    this.#words = words;
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d')!;
    const [width, height] = sign.kind === 'name' ? draw_name(canvas, context, sign, style) : draw_bubble(canvas, context, sign, style);
    this.#width_px = width;
    this.#height_px = height;
    this.#texture?.dispose();
    this.#texture = new CanvasTexture(canvas);
    this.#texture.colorSpace = SRGBColorSpace;
    this.#texture.minFilter = LinearFilter;
    this.#texture.generateMipmaps = false;
    this.sprite.material.map = this.#texture;
    this.sprite.material.needsUpdate = true;
  }

  /** How much of it is seen, 0 to 1. */
  set here(share: number) {
    this.sprite.material.opacity = share;
  }

  /** Stands over a point of the scene, `lift_px` above it, at the size that it was drawn for. */
  stand(x: number, y: number, z: number, lift_px: number, camera: PerspectiveCamera, view_height_px: number): void {
    const unit = (2 * Math.tan((camera.fov * Math.PI) / 360)) / view_height_px;
    this.sprite.position.set(x, y, z);
    this.sprite.scale.set(this.#width_px * unit, this.#height_px * unit, 1);
    this.sprite.center.set(0.5, -lift_px / this.#height_px);
    this.sprite.visible = true;
  }

  hide(): void {
    this.sprite.visible = false;
  }

  dispose(): void {
    this.#texture?.dispose();
    this.sprite.material.dispose();
    this.sprite.removeFromParent();
  }
}

/** Gives a canvas its size in device pixels, and a context in CSS pixels. */
function lay_out(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number, style: SignStyle): [number, number] {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  canvas.width = w * style.pixel_ratio;
  canvas.height = h * style.pixel_ratio;
  context.scale(style.pixel_ratio, style.pixel_ratio);
  context.textBaseline = 'middle';
  return [w, h];
}

const name_font = (style: SignStyle) => `600 ${style.size_px}px ${style.font}`;
const soft_font = (style: SignStyle) => `400 ${style.size_px * 0.86}px ${style.font}`;

function draw_name(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, sign: Sign, style: SignStyle): [number, number] {
  context.font = name_font(style);
  const text = lines_of(sign.text, sign.lang, kName_px_max, 1, (one) => context.measureText(one).width)[0] ?? '';
  const text_px = context.measureText(text).width;
  context.font = soft_font(style);
  const more_px = sign.more === '' ? 0 : context.measureText(sign.more).width + kGap_px * 1.5;
  const mark = style.size_px * 0.62;
  const marks = (sign.is_verified ? 1 : 0) + (sign.is_speaking ? 1 : 0);
  const inner_px = text_px + more_px + marks * (mark + kGap_px);
  const [width, height] = lay_out(canvas, context, inner_px + 2 * kPad_px + 2, style.size_px * 1.65 + 2, style);
  card(context, 1, 1, width - 2, height - 2, (height - 2) / 2, style, sign.is_friend);
  // One run after the other, from the side where reading begins.
  const rtl = style.direction === 'rtl';
  let at = rtl ? width - kPad_px - 1 : kPad_px + 1;
  const run = (px: number, draw: (left: number) => void): void => {
    draw(rtl ? at - px : at);
    at += rtl ? -px : px;
  };
  const middle = height / 2 + 0.5;
  const write = (words: string, left: number, px: number): void => {
    const own = direction_of(words, style.direction);
    context.direction = own;
    context.textAlign = own === 'rtl' ? 'right' : 'left';
    context.fillText(words, own === 'rtl' ? left + px : left, middle);
  };
  context.font = name_font(style);
  context.fillStyle = style.ink;
  run(text_px, (left) => write(text, left, text_px));
  if (more_px > 0) {
    run(kGap_px * 1.5, () => {});
    context.font = soft_font(style);
    context.fillStyle = style.soft;
    run(more_px - kGap_px * 1.5, (left) => write(sign.more, left, more_px - kGap_px * 1.5));
  }
  context.strokeStyle = context.fillStyle = style.accent;
  if (sign.is_verified) run(mark + kGap_px, (left) => tick(context, left + (rtl ? 0 : kGap_px), middle, mark));
  if (sign.is_speaking) run(mark + kGap_px, (left) => waves(context, left + (rtl ? 0 : kGap_px), middle, mark));
  return [width, height];
}

function draw_bubble(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, sign: Sign, style: SignStyle): [number, number] {
  const font = `${sign.kind === 'caption' ? 'italic ' : ''}400 ${style.size_px}px ${style.font}`;
  context.font = font;
  const lines = lines_of(sign.text, sign.lang, kBubble_px_max, kBubbleLinesMax, (one) => context.measureText(one).width);
  const text_px = Math.max(20, ...lines.map((one) => context.measureText(one).width));
  const line_px = style.size_px * 1.4;
  const [width, height] = lay_out(canvas, context, text_px + 3 * kPad_px, lines.length * line_px + 2 * kPad_px + kTail_px, style);
  const box = height - kTail_px - 1;
  card(context, 1, 1, width - 2, box - 1, 12, style, false);
  context.fillStyle = style.card;
  context.beginPath();
  context.moveTo(width / 2 - kTail_px, box - 1);
  context.lineTo(width / 2, height - 1);
  context.lineTo(width / 2 + kTail_px, box - 1);
  context.fill();
  context.font = font;
  context.fillStyle = style.ink;
  const own = direction_of(sign.text, style.direction);
  context.direction = own;
  context.textAlign = own === 'rtl' ? 'right' : 'left';
  lines.forEach((line, i) => context.fillText(line, own === 'rtl' ? width - 1.5 * kPad_px : 1.5 * kPad_px, kPad_px + line_px * (i + 0.5) + 0.5));
  return [width, height];
}

function card(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, radius: number, style: SignStyle, is_friend: boolean): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.globalAlpha = 0.92;
  context.fillStyle = style.card;
  context.fill();
  context.globalAlpha = is_friend ? 1 : 0.25;
  context.lineWidth = is_friend ? 2 : 1;
  context.strokeStyle = is_friend ? style.accent : style.ink;
  context.stroke();
  context.globalAlpha = 1;
}

function tick(context: CanvasRenderingContext2D, left: number, middle: number, size: number): void {
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(left, middle);
  context.lineTo(left + size * 0.38, middle + size * 0.36);
  context.lineTo(left + size, middle - size * 0.4);
  context.stroke();
}

function waves(context: CanvasRenderingContext2D, left: number, middle: number, size: number): void {
  [0.35, 0.9, 0.55].forEach((share, i) => context.fillRect(left + (i * size) / 2.6, middle - (size * share) / 2, size / 5, size * share));
}
