import type { Random } from '@medkit/edges';
import { submessageSpans } from '../../../packages/wire/rtps/src/testing/submessage-walk.ts';

/** Of each sort the latest are kept: sequence numbers near those that the endpoints stand at now. */
const KEPT_OF_A_SORT = 24;

/**
 * Valid datagrams to spoil, sorted by what they are made of, so that an ACKNACK is as likely to be drawn as the DATA of
 * which there are a hundred times as many.
 */
export class Corpus {
  readonly #sorts = new Map<string, Uint8Array[]>();
  readonly #names: string[] = [];

  get sorts(): number {
    return this.#names.length;
  }

  add(bytes: Uint8Array): void {
    const name = sortOf(bytes);
    let kept = this.#sorts.get(name);
    if (!kept) {
      kept = [];
      this.#sorts.set(name, kept);
      this.#names.push(name);
    }
    kept.push(bytes);
    if (kept.length > KEPT_OF_A_SORT) kept.shift();
  }

  draw({ float }: Random): Uint8Array {
    const kept = this.#sorts.get(this.#names[Math.floor(float() * this.#names.length)]) ?? [];
    return kept[Math.floor(float() * kept.length)];
  }
}

/** Kinds of submessages, and the endpoint the last of them is about. */
function sortOf(bytes: Uint8Array): string {
  const spans = submessageSpans(bytes).slice(0, 4);
  const last = spans.at(-1);
  const entities = last ? Buffer.from(bytes.subarray(last.start, last.start + 12)).toString('hex') : '';
  return `${spans.map(({ kind }) => kind).join('.')}:${entities}`;
}
