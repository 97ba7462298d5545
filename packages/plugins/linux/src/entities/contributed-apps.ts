import { type App, fnv1aHex, toEntityId } from '@medkit/core';
import type { ProcessRef } from '../proc/proc-folder.ts';
import { isSame, type ListedProcess, type ProcessTable } from '../processes/process-table.ts';
import { isUnitName } from '../systemd/unit-name.ts';
import { SystemdUnreachable, type UnitState, type UnitStates } from '../systemd/unit-states.ts';
import { type Choice, chosenProcesses } from './chosen-processes.ts';
import { displayName, type NamedProcesses, processIds } from './process-ids.ts';

export interface ContributedAppsOptions {
  readonly choice: Choice;
  /** Names in the configuration; `.service` may be omitted. Throws for an invalid unit name. */
  readonly units: readonly string[];
  readonly unitStates: UnitStates;
}

/** The apps that the plugin contributes: processes, which come and go, and units, which are permanent. */
export class ContributedApps {
  /** Full unit names by id of the app. */
  readonly units: ReadonlyMap<string, string>;
  readonly #choice: Choice;
  readonly #unitStates: UnitStates;
  #processes: NamedProcesses = new Map();
  #mainProcesses: ReadonlyMap<string, ListedProcess> = new Map();
  #states: ReadonlyMap<string, UnitState> = new Map();
  #unreachable: string | undefined;

  constructor({ choice, units, unitStates }: ContributedAppsOptions) {
    this.#choice = choice;
    this.#unitStates = unitStates;
    this.units = unitsById(units.map(fullUnitName));
  }

  /** By id of the app. */
  get processes(): NamedProcesses {
    return this.#processes;
  }

  /** Why systemd could not be queried last time; `undefined` if it answered. */
  get unreachable(): string | undefined {
    return this.#unreachable;
  }

  /** Returns the process of one of these apps, or the main process of its unit; `undefined` if there is none. */
  processOf(id: string): ProcessRef | undefined {
    return this.#processes.get(id) ?? this.#mainProcesses.get(id);
  }

  /** Returns whether one of these apps is this process, and not a later one with the same id. */
  has(process: ProcessRef): boolean {
    return [...this.#processes.values()].some((contributed) => isSame(contributed, process));
  }

  /** Applies the current processes and queries the state of the units from systemd. */
  async look(table: ProcessTable): Promise<void> {
    this.#processes = processIds(chosenProcesses(table, this.#choice), this.#processes);
    this.#unreachable = undefined;
    const states = new Map<string, UnitState>();
    await Promise.all(
      [...this.units].map(async ([id, unit]) => {
        const state = await this.#stateOf(unit);
        if (state) states.set(id, state);
      }),
    );
    this.#states = states;
    this.#mainProcesses = new Map(
      [...states].flatMap(([id, { mainProcessId }]) => {
        const main = table.get(mainProcessId);
        return main ? [[id, main] as const] : [];
      }),
    );
  }

  /** Returns the apps for the tree, located on a component. */
  apps(componentId: string): readonly App[] {
    const common = { kind: 'app', source: 'plugin', componentId, external: true } as const;
    return [
      ...[...this.#processes].map(
        ([id, process]): App => ({ ...common, id, name: displayName(process), online: true }),
      ),
      ...[...this.units].map(
        ([id, unit]): App => ({ ...common, id, name: unit, online: this.#states.get(id)?.activeState === 'active' }),
      ),
    ];
  }

  async #stateOf(unit: string): Promise<UnitState | undefined> {
    try {
      return await this.#unitStates.of(unit);
    } catch (error) {
      if (!(error instanceof SystemdUnreachable)) throw error;
      this.#unreachable = error.message;
      return undefined;
    }
  }
}

/** If the names of two units result in the same id, both get a hash. */
function unitsById(units: readonly string[]): ReadonlyMap<string, string> {
  const distinct = [...new Set(units)];
  const ids = distinct.map((unit) => `unit_${toEntityId(unit)}`);
  const isShared = (id: string) => ids.indexOf(id) !== ids.lastIndexOf(id);
  return new Map(distinct.map((unit, at) => [isShared(ids[at]!) ? `${ids[at]}_${fnv1aHex(unit)}` : ids[at]!, unit]));
}

function fullUnitName(name: string): string {
  const full = name.includes('.') ? name : `${name}.service`;
  if (!isUnitName(full))
    throw new Error(`control.units: "${name}" is not the name of a systemd unit, such as lidar.service`);
  return full;
}
