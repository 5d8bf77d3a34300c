// What a body can say: the numbers of protocol/presence.md, and the names by which the page's words know them.

/** By number; `react` sends the same numbers. */
export const kGestures = ['none', 'wave', 'clap', 'dance', 'point', 'nod', 'shake', 'raise_hand', 'thumbs_up', 'heart', 'bow', 'laugh'] as const;
export type Gesture = (typeof kGestures)[number];

/** Gestures that come later than this client are shown as none. */
export const gesture_of = (number: number): Gesture => kGestures[number] ?? 'none';
export const number_of = (gesture: Gesture): number => kGestures.indexOf(gesture);

export const kGestureSigns: Readonly<Record<Gesture, string>> = {
  none: '',
  wave: '👋',
  clap: '👏',
  dance: '💃',
  point: '👉',
  nod: '🙂',
  shake: '🙅',
  raise_hand: '✋',
  thumbs_up: '👍',
  heart: '❤️',
  bow: '🙇',
  laugh: '😄',
};
