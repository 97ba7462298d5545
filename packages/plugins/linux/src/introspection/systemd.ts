import { SovdError } from '@medkit/contract';
import Type from 'typebox';
import { cgroupPaths } from '../proc/cgroup-paths.ts';
import type { ProcessRef, ProcFolder } from '../proc/proc-folder.ts';
import { unitOf, unitType } from '../systemd/unit-name.ts';
import { SystemdUnreachable, type UnitState, type UnitStates } from '../systemd/unit-states.ts';
import type { Introspection } from './introspection.ts';

const UnitFacts = Type.Object({
  unit: Type.String({ description: 'Full name, such as `lidar.service`' }),
  unit_type: Type.String({ description: '`service`, `scope`, …' }),
  active_state: Type.String({ description: '`active`, `inactive`, `failed`, `activating`, …' }),
  sub_state: Type.String({ description: '`running`, `dead`, …' }),
  restart_count: Type.Integer({ minimum: 0, description: 'Number of automatic restarts by systemd' }),
  watchdog_usec: Type.Unsafe<number | bigint>({
    type: 'integer',
    format: 'int64',
    description: 'Watchdog timeout; 0 without a watchdog',
  }),
});

/** The systemd unit of a process. */
export function systemd({ proc, units }: { readonly proc: ProcFolder; readonly units: UnitStates }): Introspection {
  const unitNameOf = async ({ id }: ProcessRef): Promise<string | undefined> =>
    unitOf(cgroupPaths((await proc.text(id, 'cgroup')) ?? ''));
  return {
    resource: 'x-medkit-systemd',
    cap: 'Systemd',
    summary: 'Systemd unit',
    description: 'Unit to which it belongs, and the state of the unit',
    schema: UnitFacts,
    list: 'units',
    key: 'unit',
    errors: ['x-medkit-not-in-systemd-unit', 'x-medkit-systemd-query-failed'],
    has: async (process) => (await unitNameOf(process)) !== undefined,
    read: async (process) => {
      const unit = await unitNameOf(process);
      if (unit === undefined) {
        const message = `Process ${process.id} is in no systemd unit`;
        throw new SovdError({ code: 'x-medkit-not-in-systemd-unit', message, parameters: { pid: process.id } });
      }
      const { activeState, subState, restarts, watchdogUs } = await queryState(units, unit);
      return {
        unit,
        unit_type: unitType(unit),
        active_state: activeState,
        sub_state: subState,
        restart_count: restarts,
        watchdog_usec: watchdogUs,
      };
    },
  };
}

async function queryState(units: UnitStates, unit: string): Promise<UnitState> {
  try {
    return await units.of(unit);
  } catch (error) {
    if (!(error instanceof SystemdUnreachable)) throw error;
    throw new SovdError({ code: 'x-medkit-systemd-query-failed', message: error.message, parameters: { unit } });
  }
}
