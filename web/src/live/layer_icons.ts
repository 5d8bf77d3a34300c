// The sign of each layer of live things, for lists and, as a picture, for the map.
import activity from 'lucide:activity';
import area from 'lucide:map-pinned';
import bike from 'lucide:bike';
import bus from 'lucide:bus';
import charger from 'lucide:ev-charger';
import megaphone from 'lucide:megaphone';
import parking from 'lucide:square-parking';
import people from 'lucide:footprints';
import sound from 'lucide:volume-2';
import sun from 'lucide:cloud-sun';
import waves from 'lucide:waves';
import wind from 'lucide:wind';
import type { LayerName } from './live_layers';

export const kLayerIcons: Readonly<Record<LayerName, string>> = {
  vehicles: bus,
  shared: bike,
  parking,
  charging: charger,
  air: wind,
  noise: sound,
  weather: sun,
  river: waves,
  people,
  traffic_news: megaphone,
  areas: area,
  other: activity,
};

const kIcon_px = 48;

/** The icons in one colour, as pictures for a canvas; `drawn` is called when one is there that was asked for before. */
export class IconPictures {
  readonly #pictures = new Map<LayerName, HTMLImageElement>();
  readonly #colour: string;
  readonly #drawn: () => void;

  constructor(colour: string, drawn: () => void) {
    this.#colour = colour;
    this.#drawn = drawn;
  }

  /** Null until the browser has made it. */
  of(layer: LayerName): HTMLImageElement | null {
    const known = this.#pictures.get(layer);
    if (known) return known.complete && known.naturalWidth > 0 ? known : null;
    const picture = new Image(kIcon_px, kIcon_px);
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${kIcon_px}" height="${kIcon_px}" viewBox="0 0 24 24" fill="none" ` +
      `stroke="${this.#colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${kLayerIcons[layer]}</svg>`;
    picture.addEventListener('load', this.#drawn);
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    this.#pictures.set(layer, picture);
    return null;
  }
}
