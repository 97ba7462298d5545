import type { LifecycleAction } from '@medkit/contract';
import { type LastTransition, LifecycleError, type LifecycleStatus } from '@medkit/core';
import type { Clock, Signals, Timer } from '@medkit/edges';
import type { ProcessStat } from '../proc/parse-stat.ts';
import type { ProcessRef, ProcFolder } from '../proc/proc-folder.ts';
import { ProcReadFailed } from '../proc/proc-read-failed.ts';
import { isSame, type ListedProcess } from '../processes/process-table.ts';

/** Actions that end a process; it could not be started again from here. */
const ACTIONS: readonly LifecycleAction[] = ['shutdown', 'force-shutdown'];

/** Names of the states in `/proc/<pid>/stat`. */
const STATE_NAMES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a disk',
  I: 'idle',
  T: 'stopped',
  t: 'traced',
  Z: 'zombie',
  X: 'dead',
};
/** States in which a process does no work. */
const DOWN_STATES = ['T', 't', 'Z', 'X'];

/** Process id of the init process of the machine or container, which must not be ended. */
const INIT = 1;

export interface ProcessControlOptions {
  readonly proc: ProcFolder;
  readonly signals: Signals;
  readonly clock: Clock;
  /** Process ids of the gateway. */
  readonly gatewayProcessIds: readonly number[];
  /** Time between SIGTERM and SIGKILL. */
  readonly stopTimeoutMs: number;
  /** Returns whether the configuration allows ending this process. */
  readonly isAllowed: (process: ListedProcess) => boolean;
}

interface Ending {
  readonly process: ProcessRef;
  readonly timer: Timer | undefined;
  readonly transition: LastTransition;
}

/**
 * Ends processes: SIGTERM, then SIGKILL if the process still exists after a while. Compares the start time of the
 * process before every signal, so that a different process with a reused id is not affected.
 */
export class ProcessControl {
  readonly #options: ProcessControlOptions;
  /** By process id; at most as many as there are apps for processes. */
  readonly #endings = new Map<number, Ending>();

  constructor(options: ProcessControlOptions) {
    this.#options = options;
  }

  /** Returns the status of a process. Throws `LifecycleError` if it has ended. */
  async status(process: ListedProcess): Promise<LifecycleStatus> {
    const { state } = await this.#stillThere(process);
    const ending = this.#endingOf(process);
    return {
      status: DOWN_STATES.includes(state) ? 'notReady' : 'ready',
      actions: this.#refusal(process) === undefined ? ACTIONS : [],
      state: STATE_NAMES[state] ?? state,
      ...(ending && { lastTransition: ending.transition }),
    };
  }

  /** Throws `LifecycleError`. */
  async change(process: ListedProcess, action: LifecycleAction): Promise<void> {
    if (!ACTIONS.includes(action)) {
      throw new LifecycleError({
        failure: 'unsupported',
        message: `A process cannot ${action}, because the gateway does not know how to start it. Use a systemd unit in control.units instead.`,
      });
    }
    const refusal = this.#refusal(process);
    if (refusal !== undefined) throw new LifecycleError({ failure: 'access-denied', message: refusal });
    await this.#stillThere(process);
    const ending = this.#endingOf(process);
    const force = action === 'force-shutdown';
    if (ending && !force) {
      throw new LifecycleError({
        failure: 'precondition-failed',
        message: `Process ${process.id} is already being ended; force-shutdown kills it immediately`,
      });
    }
    ending?.timer?.cancel();
    this.#signal(process, force ? 'SIGKILL' : 'SIGTERM');
    const { clock, stopTimeoutMs } = this.#options;
    const timer = force ? undefined : clock.after(stopTimeoutMs, () => void this.#kill(process));
    this.#note(process, timer, {
      action,
      outcome: 'running',
      step: force ? 'SIGKILL' : 'SIGTERM',
      startedMs: clock.wallMs(),
    });
  }

  /** Removes the state of processes that have ended. */
  keep(isThere: (process: ProcessRef) => boolean): void {
    for (const [id, { process, timer }] of this.#endings) {
      if (isThere(process)) continue;
      timer?.cancel();
      this.#endings.delete(id);
    }
  }

  stop(): void {
    this.keep(() => false);
  }

  #refusal(process: ListedProcess): string | undefined {
    if (process.id === INIT || this.#options.gatewayProcessIds.includes(process.id)) {
      return `Process ${process.id} is the gateway or a process that it depends on: it cannot be ended here`;
    }
    if (this.#options.isAllowed(process)) return undefined;
    return `Process ${process.id} (${process.name}) must not be ended: it is not listed in control.processes`;
  }

  #endingOf({ id, startTicks }: ProcessRef): Ending | undefined {
    const ending = this.#endings.get(id);
    return ending && ending.process.startTicks === startTicks ? ending : undefined;
  }

  async #stillThere(process: ProcessRef): Promise<ProcessStat> {
    try {
      const stat = await this.#options.proc.stat(process.id);
      if (isSame(process, { id: process.id, startTicks: stat.startTicks })) return stat;
    } catch (error) {
      if (!(error instanceof ProcReadFailed)) throw error;
    }
    throw new LifecycleError({ failure: 'entity-not-found', message: `Process ${process.id} has ended` });
  }

  #signal({ id }: ProcessRef, signal: 'SIGTERM' | 'SIGKILL'): void {
    const outcome = this.#options.signals.send(id, signal);
    if (outcome === 'denied') {
      const message = `Process ${id} belongs to another user: this gateway is not permitted to end it`;
      throw new LifecycleError({ failure: 'access-denied', message });
    }
  }

  /** Kills a process whose timeout is over. */
  async #kill(process: ProcessRef): Promise<void> {
    const ending = this.#endingOf(process);
    if (!ending) return;
    try {
      await this.#stillThere(process);
      this.#signal(process, 'SIGKILL');
      this.#note(process, undefined, { ...ending.transition, step: 'SIGKILL' });
    } catch (error) {
      if (!(error instanceof LifecycleError)) throw error;
      // The process has ended or its id was reused: there is nothing left to do.
      const endedMs = this.#options.clock.wallMs();
      this.#note(process, undefined, { ...ending.transition, outcome: 'failed', message: error.message, endedMs });
    }
  }

  #note({ id, startTicks }: ProcessRef, timer: Timer | undefined, transition: LastTransition): void {
    this.#endings.set(id, { process: { id, startTicks }, timer, transition });
  }
}
