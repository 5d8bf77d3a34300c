// The round signs of places and stops, drawn once each when the map first needs one.
import { icon_for } from '../../lib/kind_icons';
import { sign_colours } from './map_style';

const kSign_px = 52;

/** "place:food" or "stop:tram" as an image for pixel ratio 2; nothing for a name of another form. */
export async function draw_sign(name: string, theme: 'light' | 'dark'): Promise<ImageData | null> {
  const [kind, sort] = name.split(':');
  if (sort === undefined || (kind !== 'place' && kind !== 'stop')) return null;
  const { card, ink, edge } = sign_colours(theme);
  const shape = kind === 'place' ? '<circle cx="20" cy="20" r="17.5"/>' : '<rect x="3" y="3" width="34" height="34" rx="8"/>';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${kSign_px}" height="${kSign_px}" viewBox="0 0 40 40">` +
    `<g fill="${card}" stroke="${edge}" stroke-width="1.5">${shape}</g>` +
    `<g transform="translate(9.2 9.2) scale(0.9)" fill="none" stroke="${ink}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">` +
    `${icon_for({ kind, class: sort })}</g></svg>`;
  const image = new Image(kSign_px, kSign_px);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = kSign_px;
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, kSign_px, kSign_px);
}
