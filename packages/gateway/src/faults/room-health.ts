import type { Room } from '@medkit/faults';
import type { FaultHealth } from '@medkit/runtime-ros2';

/** Whether the disk has room for faults, and what gave way to them. */
export function roomHealth(room: Pick<Room, 'facts'>): FaultHealth {
  const { short, recordingsShed, capturesShed } = room.facts();
  const message =
    'The disk of the faults is full: nothing is captured until there is room. ' +
    `${recordingsShed} recordings and ${capturesShed} captures of freeze frames were removed for faults. Make room on it.`;
  return {
    warnings: short ? [{ code: 'fault_disk_full', message }] : [],
    figures: { disk: { full: short, recordings_shed_total: recordingsShed, captures_shed_total: capturesShed } },
  };
}
