import { FAULT_RESULTS, type ReceivedFault } from '../message/fault-result.ts';
import { VALUE_BYTES } from '../message/layout.ts';

const UNTESTED: ReceivedFault = { result: 'untested', occurrences: 0 };

/** The faults of the latest state. */
export interface FaultMemory {
  readonly faults: readonly ReceivedFault[];
  /** Reads the faults from `offset` on. Returns false, and reads none, if one of them is invalid. */
  read(octets: Uint8Array, view: DataView, offset: number): boolean;
}

/** Returns whether the octets are a valid fault. */
const isFault = (octets: Uint8Array, offset: number): boolean =>
  octets[offset]! < FAULT_RESULTS.length &&
  octets[offset + 1] === 0 &&
  octets[offset + 2] === 0 &&
  octets[offset + 3] === 0;

/**
 * Creates a memory for `count` faults. The list remains the same object until a fault changes, which is rare. It can
 * therefore be stored without a copy.
 */
export function faultMemory(count: number): FaultMemory {
  let faults: readonly ReceivedFault[] = Array.from({ length: count }, () => UNTESTED);
  return {
    get faults() {
      return faults;
    },
    read(octets, view, offset) {
      let isOther = false;
      for (let at = 0; at < count; at += 1) {
        const start = offset + at * VALUE_BYTES;
        if (!isFault(octets, start)) return false;
        const { result, occurrences } = faults[at]!;
        isOther ||= FAULT_RESULTS[octets[start]!] !== result || view.getUint32(start + 4, true) !== occurrences;
      }
      if (isOther) {
        faults = faults.map((_, at) => {
          const start = offset + at * VALUE_BYTES;
          return { result: FAULT_RESULTS[octets[start]!]!, occurrences: view.getUint32(start + 4, true) };
        });
      }
      return true;
    },
  };
}
