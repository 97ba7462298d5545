import type { Clock, Programs } from '@medkit/edges';
import { timeSpanUs } from './time-span.ts';

/** State of a unit in systemd. */
export interface UnitState {
  readonly unit: string;
  /** False if systemd does not know the unit. */
  readonly loaded: boolean;
  /** `active`, `inactive`, `failed`, `activating`, … */
  readonly activeState: string;
  /** `running`, `dead`, … */
  readonly subState: string;
  /** Automatic restarts. */
  readonly restarts: number;
  readonly watchdogUs: number | bigint;
  /** 0 if it has none. */
  readonly mainProcessId: number;
}

/** systemd could not be queried. The message contains the reason and the remedy. */
export class SystemdUnreachable extends Error {
  override readonly name = 'SystemdUnreachable';
}

const PROPERTIES = 'Id,Names,LoadState,ActiveState,SubState,NRestarts,WatchdogUSec,MainPID';
const TIMEOUT_MS = 2000;
/** Maximum output; a unit takes several hundred bytes. */
const MAX_OUTPUT_BYTES = 256 * 1024;
/** Maximum units per query. */
const MAX_UNITS = 256;
/** Requests within this time are combined. */
const GATHER_MS = 5;
/** How long an answer stays valid. */
const HOLD_MS = 500;

interface Held {
  readonly atMs: number;
  readonly state: Promise<UnitState>;
}

/** States of units. Combines concurrent requests into one run of `systemctl`. */
export class UnitStates {
  readonly #programs: Pick<Programs, 'run'>;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  #gathering: { readonly units: Set<string>; readonly states: Promise<ReadonlyMap<string, UnitState>> } | undefined;

  constructor({ programs, clock }: { readonly programs: Pick<Programs, 'run'>; readonly clock: Clock }) {
    this.#programs = programs;
    this.#clock = clock;
  }

  /** `unit` is a full name (`isUnitName`). Throws `SystemdUnreachable`. */
  of(unit: string): Promise<UnitState> {
    const now = this.#clock.monotonicMs();
    for (const [name, { atMs }] of this.#held) if (now - atMs >= HOLD_MS) this.#held.delete(name);
    const held = this.#held.get(unit);
    if (held) return held.state;
    const state = this.#ask(unit);
    // The caller handles the failure.
    state.catch(() => undefined);
    this.#held.set(unit, { atMs: now, state });
    return state;
  }

  /** Call after changing a unit: its stored state is no longer valid. */
  forget(unit: string): void {
    this.#held.delete(unit);
  }

  async #ask(unit: string): Promise<UnitState> {
    if (!this.#gathering || this.#gathering.units.size >= MAX_UNITS) {
      const units = new Set<string>();
      this.#gathering = { units, states: this.#answerFor(units) };
    }
    this.#gathering.units.add(unit);
    const state = (await this.#gathering.states).get(unit);
    if (!state) throw new SystemdUnreachable(`systemctl reports nothing about ${unit}`);
    return state;
  }

  async #answerFor(units: ReadonlySet<string>): Promise<ReadonlyMap<string, UnitState>> {
    await new Promise<void>((resolve) => this.#clock.after(GATHER_MS, resolve));
    if (this.#gathering?.units === units) this.#gathering = undefined;
    const args = ['show', `--property=${PROPERTIES}`, '--', ...units];
    const end = await this.#programs.run({
      program: 'systemctl',
      args,
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
    });
    if (end.outcome !== 'exited') throw new SystemdUnreachable(REASONS[end.outcome]);
    if (end.code !== 0) throw new SystemdUnreachable(`systemctl: ${firstLine(end.errors) || `exit code ${end.code}`}`);
    return parseUnits(end.output);
  }
}

const REASONS = {
  missing: 'systemctl is missing or not executable for this gateway, so systemd cannot be queried',
  late: `systemctl did not answer within ${TIMEOUT_MS} ms`,
  'too-much-output': 'the output of systemctl is too large',
  killed: 'systemctl was killed',
} as const;

export const firstLine = (text: string): string => text.trim().split('\n', 1)[0];

/**
 * Parses the output of `systemctl show` for several units, by each of their names: lines of `name=value`, units
 * separated by an empty line.
 */
export function parseUnits(output: string): ReadonlyMap<string, UnitState> {
  const states = new Map<string, UnitState>();
  for (const block of output.split('\n\n')) {
    const values = new Map(
      block
        .split('\n')
        .filter((line) => line.includes('='))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
    );
    const unit = values.get('Id');
    if (!unit) continue;
    const state = {
      unit,
      loaded: values.get('LoadState') !== 'not-found',
      activeState: values.get('ActiveState') ?? '',
      subState: values.get('SubState') ?? '',
      restarts: Number(values.get('NRestarts') ?? 0) || 0,
      watchdogUs: timeSpanUs(values.get('WatchdogUSec') ?? '0') ?? 0,
      mainProcessId: Number(values.get('MainPID') ?? 0) || 0,
    };
    for (const name of [unit, ...(values.get('Names') ?? '').split(' ')]) if (name) states.set(name, state);
  }
  return states;
}
