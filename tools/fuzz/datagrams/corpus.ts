import type { Random } from '@medkit/edges';
import { submessageSpans } from '../../../packages/wire/rtps/src/testing/submessage-walk.ts';

/**
 * Datagrams stored of each sort. Only the latest are stored, so that their sequence numbers are close to the current
 * ones.
 */
const MAX_PER_SORT = 24;

/**
 * Valid datagrams to corrupt, sorted by their contents: an ACKNACK is drawn as often as DATA, which is a hundred times
 * as frequent.
 */
export class Corpus {
  readonly #sorts = new Map<string, Uint8Array[]>();
  readonly #names: string[] = [];

  get sorts(): number {
    return this.#names.length;
  }

  add(bytes: Uint8Array): void {
    const name = sortOf(bytes);
    let samples = this.#sorts.get(name);
    if (!samples) {
      samples = [];
      this.#sorts.set(name, samples);
      this.#names.push(name);
    }
    samples.push(bytes);
    if (samples.length > MAX_PER_SORT) samples.shift();
  }

  draw({ float }: Random): Uint8Array {
    const samples = this.#sorts.get(this.#names[Math.floor(float() * this.#names.length)]) ?? [];
    return samples[Math.floor(float() * samples.length)];
  }
}

/** Returns the kinds of submessages, and the endpoint of the last one. */
function sortOf(bytes: Uint8Array): string {
  const spans = submessageSpans(bytes).slice(0, 4);
  const last = spans.at(-1);
  const entities = last ? Buffer.from(bytes.subarray(last.start, last.start + 12)).toString('hex') : '';
  return `${spans.map(({ kind }) => kind).join('.')}:${entities}`;
}
