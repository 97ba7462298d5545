import type { Warning } from '@medkit/core';
import type { FaultHealth, FaultManager, Room } from '@medkit/faults';

/** Returns whether the disk has space for faults, and what was removed to make space. */
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

/** Returns whether more faults can be stored, and of which severity. */
export function displacementHealth(manager: Pick<FaultManager, 'room'>): FaultHealth {
  const { standing, standingLimit, isNearlyFull, nearlyFullSources, sourceLimit, refused, displaced, quota } =
    manager.room();
  const warnings: Warning[] = [];
  if (isNearlyFull) {
    const message =
      `${standing} faults stand; with ${standingLimit} only critical ones are taken. ` +
      'Clear what is over, and mend what reports so many.';
    warnings.push({ code: 'fault_room_low', message });
  }
  for (const source of nearlyFullSources) {
    const message =
      `Nearly as many faults of ${source} stand as one source may have (${sourceLimit}): beyond that no more of them are taken. ` +
      'Clear them, and mend what it reports.';
    warnings.push({ code: 'fault_source_room_low', message });
  }
  return {
    warnings,
    figures: { room: { standing, limit: standingLimit, refused_total: refused, displaced_total: displaced } },
    quotas: { faults: quota },
  };
}
