import type { FaultEnumeration, MappedFault } from '../node-map/fault-rule.ts';
import { type FaultDetector, type FaultEdge, NO_EDGES } from './fault-edges.ts';
import { wholeNumber } from './whole-number.ts';

/** The fault that the number in a register stands for: another number clears the old one and raises the new one. */
export function enumerationDetector({ okValue, codes, unmapped }: FaultEnumeration): FaultDetector {
  // Of two entries for one number, the first counts.
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
