import type { Sample } from '@medkit/rtps';
import { numberIn } from '../../../packages/wire/rtps/src/testing/scene.ts';
import { Broken } from '../stage.ts';
import type { Flavour } from './flavours.ts';

/** Looks at what a reader is given of one healthy writer: every number in order, once; of a best-effort one, ascending. */
export class Witness {
  readonly #who: string;
  readonly #next: Partial<Record<Flavour, number>> = {};

  constructor(who: string) {
    this.#who = who;
  }

  /** The numbers seen of a flavour. */
  seen(flavour: Flavour): number {
    return this.#next[flavour] ?? 0;
  }

  see(flavour: Flavour, sample: Sample): void {
    const value = numberIn(sample);
    const expected = this.#next[flavour] ?? 0;
    const holds = flavour === 'best-effort' ? value >= expected : value === expected;
    if (!holds) throw new Broken(`${this.#who}, ${flavour}: expected number ${expected}, found ${value}`);
    this.#next[flavour] = value + 1;
  }
}
