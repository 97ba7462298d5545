import type { StatusWordRule } from '../node-map/fault-rule.ts';
import { type FaultDetector, type FaultEdge, NO_EDGES } from './fault-edges.ts';
import { wholeNumber } from './whole-number.ts';

/** Detects one fault per bit of a word. Ignores sign bits from widening the word. */
export function statusWordDetector({ bits, width }: StatusWordRule): FaultDetector {
  const masks = bits.map(({ bit, fault }) => ({ mask: 1n << BigInt(bit), fault }));
  const mapped = masks.reduce((all, { mask }) => all | mask, 0n);
  /** The mapped bits of the last value. */
  let word = 0n;
  return {
    observe(value) {
      const number = wholeNumber(value);
      if (number === undefined) return NO_EDGES;
      const next = BigInt.asUintN(width, number) & mapped;
      const changed = word ^ next;
      if (changed === 0n) return NO_EDGES;
      word = next;
      return masks
        .filter(({ mask }) => (changed & mask) !== 0n)
        .map(({ mask, fault }): FaultEdge => ({ fault, kind: (next & mask) === 0n ? 'clear' : 'raise' }));
    },
    get active() {
      return masks.filter(({ mask }) => (word & mask) !== 0n).map(({ fault }) => fault);
    },
  };
}
