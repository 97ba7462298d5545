import type { LifecycleAction } from '@medkit/contract';
import { LifecycleError, type LifecycleFailure, type LifecycleStatus } from '@medkit/core';
import type { Programs } from '@medkit/edges';
import { firstLine, SystemdUnreachable, type UnitState, type UnitStates } from '../systemd/unit-states.ts';

/** States in which a unit runs or is changing its state. */
const UP_STATES = ['active', 'reloading', 'activating', 'deactivating'];
const ACTIONS_UP: readonly LifecycleAction[] = ['restart', 'force-restart', 'shutdown', 'force-shutdown'];
const ACTIONS_DOWN: readonly LifecycleAction[] = ['start'];

/**
 * Arguments of `systemctl`. A unit is killed before it is stopped; otherwise systemd would wait until it ends by
 * itself.
 */
const COMMANDS: Readonly<Record<LifecycleAction, readonly (readonly string[])[]>> = {
  start: [['start', '--no-block']],
  restart: [['restart', '--no-block']],
  'force-restart': [
    ['kill', '--signal=SIGKILL'],
    ['restart', '--no-block'],
  ],
  shutdown: [['stop', '--no-block']],
  'force-shutdown': [
    ['kill', '--signal=SIGKILL'],
    ['stop', '--no-block'],
  ],
};

const TIMEOUT_MS = 2500;
const MAX_OUTPUT_BYTES = 16 * 1024;

/** Messages of systemd for missing permissions and for unknown units. */
const DENIED = /access denied|not permitted|permission denied|authentication|not authorized/i;
const UNKNOWN = /not found|not loaded/i;

/** Starts and stops systemd units, if systemd permits it for the gateway's user. Throws `LifecycleError`. */
export interface UnitControl {
  status(unit: string): Promise<LifecycleStatus>;
  change(unit: string, action: LifecycleAction): Promise<void>;
}

/** Controls units through `systemctl`. Units are full names (`isUnitName`). */
export function unitControl({
  units,
  programs,
}: {
  readonly units: UnitStates;
  readonly programs: Pick<Programs, 'run'>;
}): UnitControl {
  const execute = async (unit: string, command: readonly string[]): Promise<void> => {
    const args = [...command, '--no-ask-password', '--', unit];
    const run = { program: 'systemctl', args, timeoutMs: TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
    const end = await programs.run(run);
    if (end.outcome !== 'exited') throw failed('transport-error', `cannot run systemctl: ${end.outcome}`);
    if (end.code === 0) return;
    const said = firstLine(end.errors) || `exit code ${end.code}`;
    throw failed(failureOf(said), `systemctl ${command[0]} ${unit}: ${said}`);
  };
  return {
    status: async (unit) => {
      const { loaded, activeState, subState } = await known(units, unit);
      return {
        status: activeState === 'active' ? 'ready' : 'notReady',
        actions: loaded ? offered(activeState) : [],
        state: subState ? `${activeState} (${subState})` : activeState,
        ...(!loaded && { warnings: [`systemd knows no unit ${unit}`] }),
      };
    },
    change: async (unit, action) => {
      const { loaded, activeState } = await known(units, unit);
      if (!loaded) throw failed('entity-not-found', `systemd knows no unit ${unit}`);
      if (!offered(activeState).includes(action)) {
        throw failed('precondition-failed', `${unit} is ${activeState}: it cannot ${action} now`);
      }
      try {
        for (const command of COMMANDS[action]) await execute(unit, command);
      } finally {
        units.forget(unit);
      }
    },
  };
}

const offered = (activeState: string): readonly LifecycleAction[] =>
  UP_STATES.includes(activeState) ? ACTIONS_UP : ACTIONS_DOWN;

const failed = (failure: LifecycleFailure, message: string): LifecycleError => new LifecycleError({ failure, message });

function failureOf(said: string): LifecycleFailure {
  if (DENIED.test(said)) return 'access-denied';
  return UNKNOWN.test(said) ? 'entity-not-found' : 'transport-error';
}

async function known(units: UnitStates, unit: string): Promise<UnitState> {
  try {
    return await units.of(unit);
  } catch (error) {
    if (!(error instanceof SystemdUnreachable)) throw error;
    throw new LifecycleError({ failure: 'transport-error', message: error.message, status: 503 });
  }
}
