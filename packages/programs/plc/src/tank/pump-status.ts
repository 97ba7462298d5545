import type { Tank } from './tank.ts';
import type { TankFaults } from './tank-faults.ts';

/** Bits of the status word of the pump, from the least significant one. */
const PUMP_STATUS_BITS = {
  running: 0,
  remote: 1,
  overload: 3,
  filterDirty: 7,
  lowLevel: 9,
  notReady: 15,
} as const;

/** Below this level the pump of the robot would draw air. */
export const LOW_LEVEL_MM = 100;

/** Returns the status word of the pump, unsigned 16 bits. */
export function pumpStatusWord(tank: Tank, faults: TankFaults): number {
  const isNotReady = faults.pumpOverload || faults.vfdFault !== 0;
  const bits = [
    tank.pumpPercent > 0 && PUMP_STATUS_BITS.running,
    PUMP_STATUS_BITS.remote,
    faults.pumpOverload && PUMP_STATUS_BITS.overload,
    faults.filterDirty && PUMP_STATUS_BITS.filterDirty,
    tank.levelMm < LOW_LEVEL_MM && PUMP_STATUS_BITS.lowLevel,
    isNotReady && PUMP_STATUS_BITS.notReady,
  ];
  return bits.reduce<number>((word, bit) => (bit === false ? word : word | (1 << bit)), 0);
}

/** Reinterprets the 16 bits as a signed number, for controllers without unsigned types. */
export function asInt16(word: number): number {
  return (word << 16) >> 16;
}
