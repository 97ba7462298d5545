import { type RunningPlc, startPlc } from '@medkit/plc';
import type { Station } from '../scenarios/scenarios.ts';

export interface StationOptions {
  /** The port of its OPC UA server, on loopback. */
  readonly port: number;
  /** Hears when it takes its release of vehicles back, and when it gives it again. */
  readonly onRelease: (isReleased: boolean) => void;
}

/** A filling station with a PLC in a process of its own. */
export interface RunningStation extends Station {
  close(): Promise<void>;
}

/**
 * Starts the filling station, whose interlock is wired to the robot: that is all the robot knows of it. Rejects with `PlcFailed`.
 */
export async function openStation({ port, onRelease }: StationOptions): Promise<RunningStation> {
  const plc: RunningPlc = await startPlc({ port }, { onRelease });
  let isBlocked = false;
  // Without power its output is off, and a vehicle that waits for it waits.
  void plc.ended.then(() => onRelease(false));
  return {
    get isBlocked() {
      return isBlocked;
    },
    block: async (wanted) => {
      await (wanted ? plc.inject('overpressure') : plc.clear('overpressure'));
      isBlocked = wanted;
    },
    close: () => plc.stop(),
  };
}
