// What a body can say, by the table that protocol/avatar_look.json gives to everybody.
import { kGestures } from '../avatars/look';

/** A name of the table, such as "wave"; "none" is a body at rest. */
export type Gesture = string;

export const kGestureNames: readonly Gesture[] = kGestures.map(({ name }) => name);

/** Gestures that are newer than this client are shown as none. */
export const gesture_of = (number: number): Gesture => kGestureNames[number] ?? 'none';
export const number_of = (gesture: Gesture): number => Math.max(0, kGestureNames.indexOf(gesture));
/** Seconds until it ends by itself; 0: it stays. */
export const length_s_of = (gesture: Gesture): number => kGestures.find(({ name }) => name === gesture)?.length_s ?? 0;
