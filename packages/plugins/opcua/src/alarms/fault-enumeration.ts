import type { FaultEnumeration, MappedFault } from '../node-map/fault-rule.ts';
import { type FaultDetector, type FaultEdge, NO_EDGES } from './fault-edges.ts';
import { wholeNumber } from './whole-number.ts';

/** Maps the number in a register to a fault: another number clears the old fault and raises the new one. */
export function enumerationDetector({ okValue, codes, unmapped }: FaultEnumeration): FaultDetector {
  // If two entries have the same number, the first is used.
  const faults = new Map(codes.toReversed().map(({ value, fault }) => [value, fault]));
  let current: MappedFault | undefined;

  const faultOf = (number: bigint): MappedFault | undefined => {
    if (number === okValue) return undefined;
    return faults.get(number) ?? { ...unmapped, message: unmapped.message ?? `unmapped fault code ${number}` };
  };

  return {
    observe(value) {
      const number = wholeNumber(value);
      if (number === undefined) return NO_EDGES;
      const next = faultOf(number);
      if (next?.code === current?.code) return NO_EDGES;
      const over: readonly FaultEdge[] = current === undefined ? [] : [{ fault: current, kind: 'clear' }];
      current = next;
      return next === undefined ? over : [...over, { fault: next, kind: 'raise' }];
    },
    get active() {
      return current === undefined ? [] : [current];
    },
  };
}
