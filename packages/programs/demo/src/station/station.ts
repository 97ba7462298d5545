import { type RunningPlc, startPlc } from '@medkit/plc';
import type { Station } from '../scenarios/scenarios.ts';

export interface StationOptions {
  /** Loopback port of its OPC UA server. */
  readonly port: number;
  /** Called when the station revokes or grants its release for vehicles. */
  readonly onRelease: (isReleased: boolean) => void;
}

/** A filling station with a PLC in a separate process. */
export interface RunningStation extends Station {
  close(): Promise<void>;
}

/**
 * Starts the filling station. Its interlock is wired to the robot, which knows nothing else about it. Rejects with `PlcFailed`.
 */
export async function openStation({ port, onRelease }: StationOptions): Promise<RunningStation> {
  const plc: RunningPlc = await startPlc({ port }, { onRelease });
  let isBlocked = false;
  // If the PLC exits, its output is off: vehicles must wait.
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
