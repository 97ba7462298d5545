import { SovdError } from '@medkit/contract';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Manifest } from '../artifact/manifest.ts';
import type { Releases } from '../release/releases.ts';
import type { Activation } from './activation.ts';
import { ConfirmationWait, continuedConfirmation } from './confirmation-wait.ts';
import { confirmedLate, InstallFailed, notConfirmable, notRolledBack, rolledBack } from './install-failed.ts';
import { type FaultWatch, InstallGate } from './install-gate.ts';
import type { InstallJournal } from './install-journal.ts';
import { type Confirmation, type InstallFailure, type InstallRecord, isSettled } from './install-record.ts';

export interface InstallationOptions {
  readonly releases: Releases;
  readonly journal: InstallJournal;
  readonly activate: Activation;
  readonly faults: FaultWatch;
  readonly clock: Clock;
  readonly log: Log;
  readonly gateMs: number;
  /** Number of earlier releases to retain. */
  readonly keepReleases: number;
}

/** A release to install. */
export interface Execution {
  /** Ids of entities whose faults count; empty for all. */
  readonly entities: readonly string[];
  /** Verifies the release and returns its manifest. If it throws, nothing was changed. */
  readonly check: () => Promise<Pick<Manifest, 'epoch'>>;
  /** Time for the confirmation after the gate, milliseconds; absent if none is needed. */
  readonly confirmWithinMs?: number | undefined;
}

/**
 * Maximum gateway starts at the gate. An update that crashes the gateway repeatedly fails; an update that restarts the
 * gateway once, as part of the robot's software, can still pass.
 */
const MAX_STARTS_AT_GATE = 3;

/**
 * Replaces the release in use: switch, activation, gate, confirmation; and rolls back if one of them fails. Each stage is on disk
 * before it begins, and a rollback is always possible. After an interruption at any point, the next gateway can finish
 * or undo the installation.
 */
export class Installation {
  readonly #options: InstallationOptions;
  readonly #ending = new AbortController();
  /** The latest installation, possibly of an earlier process; rejects if it was not kept. */
  #underWay: Promise<void> = Promise.resolve();
  #gateSinceMs: number | undefined;
  #confirmation: ConfirmationWait | undefined;
  #busy = false;

  constructor(options: InstallationOptions) {
    this.#options = options;
  }

  /** The elapsed fraction of the gate time, 0 to 1; `undefined` before the gate. */
  get gatePassed(): number | undefined {
    if (this.#gateSinceMs === undefined) return undefined;
    const { clock, gateMs } = this.#options;
    return gateMs === 0 ? 1 : (clock.monotonicMs() - this.#gateSinceMs) / gateMs;
  }

  /** Time left to confirm the running installation; `undefined` while it waits for no confirmation. */
  get confirmRemainingMs(): number | undefined {
    return this.#confirmation?.remainingMs;
  }

  /** Whether an installation is running. */
  get isBusy(): boolean {
    return this.#busy;
  }

  /** Returns whether a release is in use, or would be after a rollback of the running installation. */
  async isNeeded(id: string): Promise<boolean> {
    const { releases, journal } = this.#options;
    const target = releases.targetOf(id);
    const { record } = journal;
    const isPending = record !== undefined && !isSettled(record) && [record.from, record.to].includes(target);
    return isPending || (await releases.currentTarget()) === target;
  }

  /** Starts to finish or undo the installation that an earlier process left unfinished. */
  recover(): void {
    const { record } = this.#options.journal;
    if (!record || isSettled(record)) return;
    this.#busy = true;
    this.#underWay = this.#finish(record).finally(() => {
      this.#busy = false;
    });
    // The error is logged, and reported by `outcome`.
    this.#underWay.catch(() => undefined);
  }

  /** Resolves when `id` is in use and is kept. Rejects if it was rolled back to the previous release. */
  async execute(id: string, { entities, check, confirmWithinMs }: Execution, signal: AbortSignal): Promise<void> {
    await this.settle();
    const { releases, journal, clock } = this.#options;
    const to = releases.targetOf(id);
    if (!(await releases.has(id))) {
      throw new SovdError({
        code: 'x-medkit-update-not-prepared',
        message: `The release of ${id} no longer exists: prepare it again`,
      });
    }
    const from = await releases.currentTarget();
    if (from === to) return;
    const { epoch } = await check();
    signal.throwIfAborted();
    const record: InstallRecord = {
      id,
      from: from ?? null,
      to,
      stage: 'switching',
      entities,
      ...(epoch !== undefined && { epoch }),
      sinceMs: clock.wallMs(),
      starts: 0,
      ...(confirmWithinMs !== undefined && { confirmation: { withinMs: confirmWithinMs, waitedMs: 0 } }),
    };
    this.#underWay = journal.write(record).then(() => this.#install(record, signal));
    await this.#underWay;
  }

  /**
   * Confirms an installation. Resolves when that is on disk, also if it was confirmed before. Throws
   * `precondition-not-fulfilled` if `id` waits for no confirmation, `x-medkit-confirm-late` if it was rolled back.
   */
  async confirm(id: string): Promise<void> {
    if (this.#options.journal.record?.id === id && this.#confirmation) {
      this.#confirmation.confirm();
      await this.#underWay.catch(() => undefined);
    }
    const { record } = this.#options.journal;
    if (record?.id !== id || !record.confirmation) throw notConfirmable(id);
    if (record.stage === 'executed') return;
    throw record.failure ? confirmedLate(record) : notConfirmable(id, record.stage);
  }

  /** Returns the outcome of an installation that an earlier process began. */
  async outcome(id: string): Promise<void> {
    await this.#underWay;
    const { releases, journal } = this.#options;
    const { record } = journal;
    const isCurrent = (await releases.currentTarget()) === record?.to;
    if (record?.id === id && record.stage === 'executed' && isCurrent) return;
    if (record?.id === id && record.stage === 'rolled-back') throw rolledBack(record);
    const message = `The gateway exited before ${id} replaced the release in use: prepare and execute it again`;
    throw new SovdError({ code: 'service-unavailable', message });
  }

  /** Resolves when no earlier installation is unfinished. Retries a rollback that failed. */
  async settle(): Promise<void> {
    await this.#underWay.catch(() => undefined);
    const { record } = this.#options.journal;
    if (!record || isSettled(record)) return;
    await this.#rollBack(record, record.failure ?? INTERRUPTED).catch((error: unknown) => {
      if (!isSettled(this.#options.journal.record ?? record)) throw error;
    });
  }

  /**
   * An installation at the gate, or waiting for its confirmation, stays there for the next start; one in any other stage
   * is finished.
   */
  close(): void {
    this.#ending.abort();
  }

  async #finish(record: InstallRecord): Promise<void> {
    const { journal, clock, log } = this.#options;
    if (record.stage === 'confirming' && record.confirmation) {
      return this.#keepIfConfirmed(record, continuedConfirmation(record.confirmation, clock.wallMs()), STAYS);
    }
    const starts = record.starts + 1;
    if (record.stage !== 'gating') return this.#rollBack(record, record.failure ?? INTERRUPTED);
    if (starts >= MAX_STARTS_AT_GATE) {
      const message = `the gateway exited ${starts} times before the update passed the gate`;
      return this.#rollBack(record, { reason: 'interrupted', message });
    }
    const again = { ...record, starts };
    await journal.write(again);
    log('info', `Update ${record.id} is at its gate again, because the gateway exited during the gate`);
    await this.#install(again, STAYS, record.sinceMs);
  }

  /**
   * Continues from the stage of the record. With `sinceMs`, includes faults confirmed since then, while no gateway was
   * running.
   */
  async #install(begun: InstallRecord, signal: AbortSignal, sinceMs?: number): Promise<void> {
    const { releases, journal, activate, clock, faults } = this.#options;
    const scope = { entities: begun.entities, ...(sinceMs !== undefined && { sinceMs }) };
    const gate = new InstallGate({ clock, faults, scope });
    let record = begun;
    this.#busy = true;
    const enter = (stage: InstallRecord['stage']): Promise<void> => {
      record = { ...record, stage };
      return journal.write(record);
    };
    try {
      if (record.stage === 'switching') {
        await releases.point(record.to);
        await enter('activating');
        const problem = await activate();
        if (problem !== undefined) throw new InstallFailed({ reason: 'activation', message: problem });
        await enter('gating');
      }
      this.#gateSinceMs = clock.monotonicMs();
      const { gateMs } = this.#options;
      await this.#unlessEnding(signal, (either) => gate.pass(gateMs, either));
    } catch (error) {
      if (error instanceof SovdError) throw error;
      return await this.#rollBack(record, failureOf(error));
    } finally {
      this.#gateSinceMs = undefined;
      this.#busy = false;
      gate.close();
    }
    await this.#keepIfConfirmed(record, record.confirmation, signal);
  }

  /** Keeps an installation that has passed its gate: immediately, or when it is confirmed. */
  async #keepIfConfirmed(
    begun: InstallRecord,
    confirmation: Confirmation | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { journal, clock } = this.#options;
    let record = begun;
    this.#busy = true;
    try {
      if (confirmation) {
        const waiting = { sinceMs: clock.wallMs(), ...confirmation };
        const recordWait = (latest: Confirmation): Promise<void> => {
          record = { ...record, stage: 'confirming', confirmation: latest };
          return journal.write(record);
        };
        await recordWait(waiting);
        const wait = new ConfirmationWait({
          clock,
          confirmation: waiting,
          record: (latest) => recordWait(latest).catch(this.#unwritten),
        });
        this.#confirmation = wait;
        await this.#unlessEnding(signal, (either) => wait.pass(either));
      }
      await journal.writeUsed({ ...record, stage: 'executed' });
    } catch (error) {
      if (error instanceof SovdError) throw error;
      return await this.#rollBack(record, failureOf(error));
    } finally {
      this.#confirmation = undefined;
      this.#busy = false;
    }
    await this.#prune(record);
  }

  /** Waits for a stage that continues after a restart: throws `x-medkit-gateway-shutdown` when the gateway ends. */
  async #unlessEnding(signal: AbortSignal, pass: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await pass(AbortSignal.any([signal, this.#ending.signal]));
    } catch (error) {
      const isEnding = error instanceof InstallFailed && error.failure.reason === 'not-in-time';
      if (isEnding && this.#ending.signal.aborted) throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
      throw error;
    }
  }

  /** Always throws: that the update was rolled back, or why it could not be. */
  async #rollBack(record: InstallRecord, failure: InstallFailure): Promise<never> {
    const { releases, journal, activate, log } = this.#options;
    log('warn', `Update ${record.id} is rolled back: ${failure.message}`);
    const back = { ...record, failure };
    // If this cannot be written, the earlier stage on disk also leads to a rollback.
    await journal.write({ ...back, stage: 'rolling-back' }).catch(this.#unwritten);
    await releases.point(record.from ?? undefined).catch((error: unknown) => {
      throw notRolledBack(back, errorMessage(error));
    });
    const problem = await activate();
    if (problem !== undefined) log('error', `After ${record.id} was rolled back, ${problem}`);
    const message = problem === undefined ? failure.message : `${failure.message}; after that, ${problem}`;
    const settled = { ...back, stage: 'rolled-back', failure: { ...failure, message } } as const;
    await journal.write(settled).catch(this.#unwritten);
    throw rolledBack(settled);
  }

  readonly #unwritten = (error: unknown): void => {
    this.#options.log('error', `The journal of updates cannot be written: ${errorMessage(error)}`);
  };

  /** Removes old releases, oldest first. A failed removal is retried with the next update. */
  async #prune({ id, from }: InstallRecord): Promise<void> {
    const { releases, journal, keepReleases, log } = this.#options;
    const others = journal.used.filter((used) => used !== id && releases.targetOf(used) !== from);
    const retained = Math.max(0, keepReleases - 1);
    const old = others.slice(0, Math.max(0, others.length - retained));
    try {
      for (const each of old) await releases.remove(each);
      await journal.forget(old);
    } catch (error) {
      log('warn', `Old releases could not be removed: ${errorMessage(error)}`);
    }
  }
}

/** For work that is never cancelled. */
const STAYS = new AbortController().signal;

const INTERRUPTED: InstallFailure = {
  reason: 'interrupted',
  message: 'the gateway exited while it replaced the release in use',
};

function failureOf(error: unknown): InstallFailure {
  return error instanceof InstallFailed ? error.failure : { reason: 'storage', message: errorMessage(error) };
}
