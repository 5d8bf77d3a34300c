// What is measured, written beside the posts near the eye; the list says the same in words.
import type { PerspectiveCamera, Vector3 } from 'three';
import type { ViewContext } from '../../lib/view';
import { live_feed, type LiveItem } from '../../live/live_feed';
import { layer_of } from '../../live/live_layers';
import { is_stale, shown_values, value_name, value_text } from '../../live/live_words';
import { kShapeSizes_m } from './live_shapes';
import { Label, style_of_page, type SignStyle } from './people/labels';
import type { Stage } from './stage';

const kSigns_max = 12;
/** Further away signs would stand upon each other. */
const kReadable_m = 120;
const kLift_px = 4;
/** Signs of one post stand above each other. */
const kRow_px = 28;

/** A thing on its post, and where that stands in the scene. */
export interface Post {
  item: LiveItem;
  foot: Vector3;
}

export class LiveSigns {
  readonly #stage: Stage;
  readonly #context: ViewContext;
  readonly #signs = new Map<string, Label>();
  readonly #stops: (() => void)[];
  #style: SignStyle | null = null;

  constructor(stage: Stage, context: ViewContext) {
    this.#stage = stage;
    this.#context = context;
    const restyle = (): void => void (this.#style = null);
    this.#stops = [context.theme.subscribe(restyle), context.words.subscribe(restyle)];
  }

  /** Writes at the nearest posts, and nowhere else. */
  show(posts: readonly Post[], camera: PerspectiveCamera, height_px: number): void {
    const near = posts
      .map((post) => ({ ...post, away_m: post.foot.distanceTo(camera.position) }))
      .filter(({ away_m }) => away_m < kReadable_m)
      .sort((a, b) => a.away_m - b.away_m || a.item.id.localeCompare(b.item.id));
    const written = new Map<string, string>();
    const rows = new Map<string, number>();
    for (const { item, foot } of near) {
      if (written.size === kSigns_max) break;
      const text = this.#write(item);
      if (text === null) continue;
      const place = `${foot.x.toFixed(0)} ${foot.z.toFixed(0)}`;
      const row = rows.get(place) ?? 0;
      rows.set(place, row + 1);
      this.#signs.get(item.id)!.stand(foot.x, foot.y + kShapeSizes_m.sensor[2], foot.z, kLift_px + row * kRow_px, camera, height_px);
      written.set(item.id, `${layer_of(item.kind)}: ${text}`);
    }
    for (const [id, sign] of this.#signs) {
      if (written.has(id)) continue;
      sign.dispose();
      this.#signs.delete(id);
    }
    // For whoever checks the picture from outside.
    this.#stage.renderer.domElement.dataset['signs'] = [...written.values()].join('; ');
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    for (const sign of this.#signs.values()) sign.dispose();
  }

  /** Null: there is nothing to write. */
  #write(item: LiveItem): string | null {
    const value = shown_values(item)[0];
    if (value === undefined) return null;
    const { words } = this.#context;
    const style = (this.#style ??= style_of_page(words.direction));
    const text = value_text(value, words);
    const more = is_stale(item, live_feed().now_ms) ? words.say('live.stale').replace(/\s*:$/u, '') : value_name(value.name, words);
    const sign = this.#signs.get(item.id) ?? new Label(this.#stage.scene);
    this.#signs.set(item.id, sign);
    sign.say({ kind: 'name', text, more, is_verified: false, is_friend: false, is_speaking: false, lang: words.language }, style);
    return `${value_name(value.name, words)} ${text}`;
  }
}
