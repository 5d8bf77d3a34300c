// The client's table of those it sees: the node enters people in its rows and then speaks only of rows and of what changed in them.
import type { PersonId } from './people';
import { kHeightStep_cm, kSlotsMax, type BodyState, type Stand, type Tick } from './wire';

export interface Row {
  person: PersonId;
  stand: Stand;
  state: BodyState;
}

/** What a tick did: whom one stopped seeing, and who is new, came anew or moved. */
export interface Happened {
  /** None of them is in another row. */
  left: PersonId[];
  /** Rows that changed; `is_new` where the place is no step on a path. */
  changed: { row: Row; is_new: boolean }[];
}

/** `last + sign_extend(sent − last)`: the number with these low bits that is nearest to the last one. */
function nearest_with(last: number, low: number, bits: 8 | 16): number {
  const free = 32 - bits;
  return last + (((low - last) << free) >> free);
}

export class Slots {
  readonly #rows: (Row | null)[] = new Array<Row | null>(kSlotsMax).fill(null);

  clear(): void {
    this.#rows.fill(null);
  }

  person_in(slot: number): PersonId | null {
    return this.#rows[slot]?.person ?? null;
  }

  /** Rows with people in them, in order. */
  entries(): { slot: number; row: Readonly<Row> }[] {
    return this.#rows.flatMap((row, slot) => (row ? [{ slot, row }] : []));
  }

  /** Rows that the node never filled are skipped: it tells of them again when it enters somebody. */
  apply(tick: Tick): Happened {
    const happened: Happened = { left: [], changed: [] };
    for (const slot of tick.left) {
      const row = this.#rows[slot];
      if (row) happened.left.push(row.person);
      this.#rows[slot] = null;
    }
    for (const { slot, person, stand, state } of tick.entered) {
      if (slot >= kSlotsMax) continue;
      const before = this.#rows[slot];
      if (before && before.person !== person) happened.left.push(before.person);
      const row = { person, stand, state };
      this.#rows[slot] = row;
      happened.changed.push({ row, is_new: true });
    }
    for (const { slot, x, y, z, heading, state } of tick.far) {
      const row = this.#rows[slot];
      if (!row) continue;
      row.stand = {
        x_cm: nearest_with(row.stand.x_cm, x, 16),
        y_cm: nearest_with(row.stand.y_cm, y, 16),
        z_cm: nearest_with(row.stand.z_cm / kHeightStep_cm, z, 8) * kHeightStep_cm,
        heading,
      };
      row.state = state;
      happened.changed.push({ row, is_new: false });
    }
    for (const { slot, dx_cm, dy_cm, dz, heading } of tick.near) {
      const row = this.#rows[slot];
      if (!row) continue;
      const { x_cm, y_cm, z_cm } = row.stand;
      row.stand = { x_cm: x_cm + dx_cm, y_cm: y_cm + dy_cm, z_cm: z_cm + dz * kHeightStep_cm, heading };
      happened.changed.push({ row, is_new: false });
    }
    // Somebody may leave one row and enter another in the same tick.
    happened.left = happened.left.filter((person) => !this.#rows.some((row) => row?.person === person));
    return happened;
  }
}
