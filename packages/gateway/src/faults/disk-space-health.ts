import type { Warning } from '@medkit/core';
import type { DiskSpaceGuard, FaultHealth, FaultManager } from '@medkit/faults';

/** Returns whether the disk has space for faults, and what was removed to make space. */
export function diskSpaceHealth(room: Pick<DiskSpaceGuard, 'facts'>): FaultHealth {
  const { short, recordingsShed, capturesShed } = room.facts();
  const message =
    'The disk with the fault database is full: no data is captured until there is free space. ' +
    `${recordingsShed} recordings and ${capturesShed} captures of freeze frames were removed to store faults. Free disk space.`;
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
      `${standing} faults are active; from ${standingLimit} on, only critical faults are accepted. ` +
      'Clear faults that are resolved, and fix the nodes that report so many.';
    warnings.push({ code: 'fault_room_low', message });
  }
  for (const source of nearlyFullSources) {
    const message =
      `${source} has nearly reached the maximum of active faults per source (${sourceLimit}); further faults of this source are rejected. ` +
      'Clear its faults, and fix their cause.';
    warnings.push({ code: 'fault_source_room_low', message });
  }
  return {
    warnings,
    figures: { room: { standing, limit: standingLimit, refused_total: refused, displaced_total: displaced } },
    quotas: { faults: quota },
  };
}
