import type { Sample } from '@medkit/rtps';
import { numberIn } from '../../../packages/wire/rtps/src/testing/scene.ts';
import { InvariantViolated } from '../stage.ts';
import type { Flavour } from './flavours.ts';

/** Checks what a reader receives from one healthy writer: every number once and in order; best effort: ascending. */
export class Witness {
  readonly #who: string;
  readonly #next: Partial<Record<Flavour, number>> = {};

  constructor(who: string) {
    this.#who = who;
  }

  /** Returns how many numbers of a flavour were received. */
  seen(flavour: Flavour): number {
    return this.#next[flavour] ?? 0;
  }

  see(flavour: Flavour, sample: Sample): void {
    const value = numberIn(sample);
    const expected = this.#next[flavour] ?? 0;
    const holds = flavour === 'best-effort' ? value >= expected : value === expected;
    if (!holds) throw new InvariantViolated(`${this.#who}, ${flavour}: expected number ${expected}, found ${value}`);
    this.#next[flavour] = value + 1;
  }
}
