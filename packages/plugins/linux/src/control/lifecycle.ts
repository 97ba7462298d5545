import { LifecycleError, type LifecycleProvider } from '@medkit/core';
import type { ContributedApps } from '../entities/contributed-apps.ts';
import type { ProcessControl } from './process-control.ts';
import type { UnitControl } from './unit-control.ts';

export interface LifecycleOptions {
  readonly apps: Pick<ContributedApps, 'processes' | 'units'>;
  readonly processes: ProcessControl;
  readonly units: UnitControl;
}

/** The lifecycle of the plugin's apps: processes and units. */
export function linuxLifecycle({ apps, processes, units }: LifecycleOptions): LifecycleProvider {
  return {
    status: async (nativeId) => {
      const unit = apps.units.get(nativeId);
      if (unit !== undefined) return units.status(unit);
      const process = apps.processes.get(nativeId);
      return process && processes.status(process);
    },
    change: async (nativeId, action) => {
      const unit = apps.units.get(nativeId);
      if (unit !== undefined) return units.change(unit, action);
      const process = apps.processes.get(nativeId);
      if (process) return processes.change(process, action);
      throw new LifecycleError({ failure: 'entity-not-found', message: `${nativeId} has ended` });
    },
  };
}
