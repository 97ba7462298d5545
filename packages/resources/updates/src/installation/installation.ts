import { SovdError } from '@medkit/contract';
import { type Log, reasonOf } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Manifest } from '../artifact/manifest.ts';
import type { Releases } from '../release/releases.ts';
import type { Activation } from './activation.ts';
import { InstallFailed, notRolledBack, rolledBack } from './install-failed.ts';
import { type FaultWatch, InstallGate } from './install-gate.ts';
import type { InstallJournal } from './install-journal.ts';
import { type InstallFailure, type InstallRecord, isSettled } from './install-record.ts';

export interface InstallationOptions {
  readonly releases: Releases;
  readonly journal: InstallJournal;
  readonly activate: Activation;
  readonly faults: FaultWatch;
  readonly clock: Clock;
  readonly log: Log;
  readonly gateMs: number;
  /** Releases that were in use before and are kept. */
  readonly keepReleases: number;
}

/** What is to take the place of the release in use. */
export interface Execution {
  /** Ids of entities whose faults count; none means all. */
  readonly entities: readonly string[];
  /** Gives what was signed. Throws where the release is anything else; nothing has happened then. */
  readonly check: () => Promise<Pick<Manifest, 'epoch'>>;
}

/**
 * With an update that ends the gateway again and again there is no gate that it could pass; with one that restarts it, the
 * gateway as part of the robot's software, there is.
 */
const MAX_STARTS_AT_GATE = 3;

/**
 * Lets a release take the place of the one in use: switch, activation, gate; and back again where one of them fails. Each
 * stage is on disk before it begins, and to go back is always possible: so whoever finds an installation half done can finish
 * or undo it, wherever it was cut off.
 */
export class Installation {
  readonly #options: InstallationOptions;
  readonly #ending = new AbortController();
  /** The last installation that was begun, or that a gateway that was ended had begun; it rejects where that did not stay. */
  #underWay: Promise<void> = Promise.resolve();
  #gateSinceMs: number | undefined;
  #busy = false;

  constructor(options: InstallationOptions) {
    this.#options = options;
  }

  /** How much of the time at the gate is over, from 0 to 1; `undefined` before. */
  get gatePassed(): number | undefined {
    if (this.#gateSinceMs === undefined) return undefined;
    const { clock, gateMs } = this.#options;
    return gateMs === 0 ? 1 : (clock.monotonicMs() - this.#gateSinceMs) / gateMs;
  }

  /** Whether it is being worked on at this moment. */
  get isBusy(): boolean {
    return this.#busy;
  }

  /** Whether a release is in use, or would be again if what is under way fails. */
  async isNeeded(id: string): Promise<boolean> {
    const { releases, journal } = this.#options;
    const target = releases.targetOf(id);
    const { record } = journal;
    const isPending = record !== undefined && !isSettled(record) && [record.from, record.to].includes(target);
    return isPending || (await releases.currentTarget()) === target;
  }

  /** Begins to finish or undo what a gateway that was ended left half done. */
  recover(): void {
    const { record } = this.#options.journal;
    if (!record || isSettled(record)) return;
    this.#busy = true;
    this.#underWay = this.#finish(record).finally(() => {
      this.#busy = false;
    });
    // Told to whoever asks for it, and by the log.
    this.#underWay.catch(() => undefined);
  }

  /** Resolves when `id` is in use and stays. Rejects when it does not, and what was in use before is again. */
  async execute(id: string, { entities, check }: Execution, signal: AbortSignal): Promise<void> {
    await this.settle();
    const { releases, journal, clock } = this.#options;
    const to = releases.targetOf(id);
    if (!(await releases.has(id))) {
      throw new SovdError({
        code: 'x-medkit-update-not-prepared',
        message: `The release of ${id} is gone: prepare it again`,
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
    };
    this.#underWay = journal.write(record).then(() => this.#install(record, signal));
    await this.#underWay;
  }

  /** The outcome of an installation that a gateway that was ended had begun. */
  async outcome(id: string): Promise<void> {
    await this.#underWay;
    const { releases, journal } = this.#options;
    const { record } = journal;
    const isCurrent = (await releases.currentTarget()) === record?.to;
    if (record?.id === id && record.stage === 'executed' && isCurrent) return;
    if (record?.id === id && record.stage === 'rolled-back') throw rolledBack(record);
    const message = `The gateway ended before ${id} took the place of what is in use: prepare and execute it again`;
    throw new SovdError({ code: 'service-unavailable', message });
  }

  /**
   * Resolves when no earlier installation is half done any more, also none that nobody waits for; tries to undo one that could
   * not be undone.
   */
  async settle(): Promise<void> {
    await this.#underWay.catch(() => undefined);
    const { record } = this.#options.journal;
    if (!record || isSettled(record)) return;
    await this.#rollBack(record, record.failure ?? INTERRUPTED).catch((error: unknown) => {
      if (!isSettled(this.#options.journal.record ?? record)) throw error;
    });
  }

  /** What is at the gate stays there for the next start; everything else is brought to its end. */
  close(): void {
    this.#ending.abort();
  }

  async #finish(record: InstallRecord): Promise<void> {
    const { journal, log } = this.#options;
    const starts = record.starts + 1;
    if (record.stage !== 'gating') return this.#rollBack(record, record.failure ?? INTERRUPTED);
    if (starts >= MAX_STARTS_AT_GATE) {
      const message = `the gateway was ended ${starts} times before it had passed the gate`;
      return this.#rollBack(record, { reason: 'interrupted', message });
    }
    const again = { ...record, starts };
    await journal.write(again);
    log('info', `Update ${record.id} is at its gate again, after the gateway was ended there`);
    await this.#install(again, STAYS, record.sinceMs);
  }

  /** From the stage of the record on. Faults since `sinceMs` are looked for, which nobody was there to hear. */
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
      await this.#passGate(gate, signal);
      await journal.writeUsed({ ...record, stage: 'executed' });
    } catch (error) {
      if (error instanceof SovdError) throw error;
      return await this.#rollBack(record, failureOf(error));
    } finally {
      this.#gateSinceMs = undefined;
      this.#busy = false;
      gate.close();
    }
    await this.#prune(record);
  }

  async #passGate(gate: InstallGate, signal: AbortSignal): Promise<void> {
    const { gateMs } = this.#options;
    try {
      await gate.pass(gateMs, AbortSignal.any([signal, this.#ending.signal]));
    } catch (error) {
      const isEnding = error instanceof InstallFailed && error.failure.reason === 'not-in-time';
      if (isEnding && this.#ending.signal.aborted) throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
      throw error;
    }
  }

  /** Always throws: that it was rolled back, or why it could not be. */
  async #rollBack(record: InstallRecord, failure: InstallFailure): Promise<never> {
    const { releases, journal, activate, log } = this.#options;
    log('warn', `Update ${record.id} is rolled back: ${failure.message}`);
    const back = { ...record, failure };
    // Where this cannot be written, the stage before it is rolled back from as well.
    await journal.write({ ...back, stage: 'rolling-back' }).catch(this.#unwritten);
    await releases.point(record.from ?? undefined).catch((error: unknown) => {
      throw notRolledBack(back, reasonOf(error));
    });
    const problem = await activate();
    if (problem !== undefined) log('error', `After ${record.id} was rolled back, ${problem}`);
    const message = problem === undefined ? failure.message : `${failure.message}; after that, ${problem}`;
    const settled = { ...back, stage: 'rolled-back', failure: { ...failure, message } } as const;
    await journal.write(settled).catch(this.#unwritten);
    throw rolledBack(settled);
  }

  readonly #unwritten = (error: unknown): void => {
    this.#options.log('error', `The journal of updates cannot be written: ${reasonOf(error)}`);
  };

  /** Removes releases that are in use no more, the oldest first. What cannot be removed is tried again with the next update. */
  async #prune({ id, from }: InstallRecord): Promise<void> {
    const { releases, journal, keepReleases, log } = this.#options;
    const others = journal.used.filter((used) => used !== id && releases.targetOf(used) !== from);
    const kept = Math.max(0, keepReleases - 1);
    const old = others.slice(0, Math.max(0, others.length - kept));
    try {
      for (const each of old) await releases.remove(each);
      await journal.forget(old);
    } catch (error) {
      log('warn', `Old releases could not be removed: ${reasonOf(error)}`);
    }
  }
}

/** Of work that nobody gives up. */
const STAYS = new AbortController().signal;

const INTERRUPTED: InstallFailure = { reason: 'interrupted', message: 'the gateway was ended while it took its place' };

function failureOf(error: unknown): InstallFailure {
  return error instanceof InstallFailed ? error.failure : { reason: 'storage', message: reasonOf(error) };
}
