import { SovdError } from '@medkit/contract';
import {
  errorMessage,
  type FaultEvent,
  type FaultProvider,
  type Log,
  type RuntimeHealth,
  type Warning,
} from '@medkit/core';
import { type Clock, Quota, type Timer } from '@medkit/edges';
import { evidenceRegistry } from '../evidence/evidence-registry.ts';
import type { EvidenceSources } from '../evidence/evidence-sources.ts';
import type { LogSource } from '../logs/log-source.ts';
import type { FaultReport } from '../manager/fault-report.ts';
import { type MedkitFaults, medkitFaults } from './connect-fault-manager.ts';
import type { FaultMemory, FaultState, ReportAbout } from './fault-memory.ts';
import type { OpenFaultManager } from './open-fault-manager.ts';

/** Retry interval after opening the faults failed: a disk may be full only for a while. */
export const RETRY_MS = 10_000;
/** Maximum reports waiting until the faults are open; one source may use at most half of what the others leave. */
const MAX_EARLY_REPORTS = 512;

/** Which fault manager is used: medkit's own, one of a runtime, or one of a runtime if there is any. */
export type FaultManagerMode = 'own' | 'attach' | 'auto';

export interface LocalFaultsOptions {
  /** Opens medkit's own fault manager; called only if it is used. */
  readonly openManager: (sources: EvidenceSources) => Promise<OpenFaultManager>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a runtime contributes to fault handling. */
export interface FaultContribution {
  /** Name of the runtime. */
  readonly runtime: string;
  readonly sources: EvidenceSources;
  /** Fields that it adds to the block `x-medkit-faults` of `/health`. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** The interface of a gateway's faults for its runtimes. */
export interface FaultHost {
  /** Adds a runtime. Returns a function to call when it leaves, before it closes its sources. */
  join(contribution: FaultContribution): () => void;
  /**
   * Selects medkit's own fault manager. Resolves when it is open, possibly after several tries; `undefined` if it never
   * is.
   */
  own(): Promise<MedkitFaults | undefined>;
  /**
   * Registers `end`, which is called before the fault manager is closed, so that bridges stop serving it. Returns a
   * function that unregisters it.
   */
  beforeEnd(end: () => Promise<void>): () => void;
  /** Selects a fault manager of the runtime. Returns a function that detaches it. */
  attach(memory: FaultMemory): () => void;
  /** Reports that there is no fault manager for now; `isTriedAgain` if the runtime retries every `RETRY_MS`. */
  unavailable(reason: string, how: { readonly isTriedAgain: boolean }): void;
  /** Publishes an event of an attached fault manager. */
  announce(event: FaultEvent): void;
  /**
   * Returns true if the report was accepted. A report that arrives before a fault manager is available waits for it.
   * Never rejects.
   */
  report(report: FaultReport): Promise<boolean>;
  /** Adds later knowledge to an accepted report. Never rejects. */
  amend(report: FaultReport): Promise<void>;
  /**
   * Returns the state of a fault; `undefined` without a fault manager, or if it would have to be asked. Never rejects.
   */
  standing(code: string, about?: ReportAbout): Promise<FaultState | undefined>;
}

/**
 * The faults of a gateway with any fault manager: medkit's own with its store, or one of a runtime. Runtimes may join
 * and leave; the faults stay.
 */
export class LocalFaults implements FaultHost {
  readonly provider: FaultProvider = {
    list: (nativeId, query, call) => {
      const ask = ({ provider }: FaultMemory) => provider.list(nativeId, query, call);
      return this.#memory ? ask(this.#memory) : this.#live().then(ask);
    },
    get: async (nativeId, code, call) => (await this.#live()).provider.get(nativeId, code, call),
    occurrences: async (nativeId, code, call) => (await this.#live()).provider.occurrences(nativeId, code, call),
    report: (_, report) => this.report(report),
    clear: async (nativeId, code, how, call) => (await this.#live()).provider.clear(nativeId, code, how, call),
    recordings: async (nativeId, sources, call) => (await this.#live()).provider.recordings(nativeId, sources, call),
    recording: async (nativeId, idOrCode, call) => (await this.#live()).provider.recording(nativeId, idOrCode, call),
    recent: async (nativeId, channel, query, call) => {
      const { recent } = (await this.#live()).provider;
      if (recent) return recent(nativeId, channel, query, call);
      const message =
        'The fault manager of the robot does not buffer past values: only the fault manager of medkit can';
      throw new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { channel: channel.name } });
    },
    eventsAfter: async (nativeId, id, limit, call) =>
      (await this.#live()).provider.eventsAfter(nativeId, id, limit, call),
    eventsOf: async (nativeId, query, call) => (await this.#live()).provider.eventsOf(nativeId, query, call),
  };
  readonly #options: LocalFaultsOptions;
  readonly #evidence = evidenceRegistry();
  readonly #figures = new Set<FaultContribution['figures']>();
  readonly #ends = new Set<() => Promise<void>>();
  #faultChanged: (event: FaultEvent) => void = () => undefined;
  #state: 'looking' | 'own' | 'attached' | 'closed' = 'looking';
  #retry: Timer | undefined;
  /** Resolves when a fault manager is selected, or it is known that none is available for now. */
  #tried = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<MedkitFaults | undefined>();
  #opening: Promise<void> | undefined;
  #local: MedkitFaults | undefined;
  #memory: FaultMemory | undefined;
  #failure: string | undefined;
  #isTriedAgain = false;
  #wasAttached = false;
  #closing: Promise<void> | undefined;
  /** Reports that wait for the first attempt. */
  readonly #early = new Quota(MAX_EARLY_REPORTS);

  constructor(options: LocalFaultsOptions) {
    this.#options = options;
  }

  /** Publishes every event from now on, in the order of their ids, once it is on disk. */
  start(faultChanged: (event: FaultEvent) => void): void {
    this.#faultChanged = faultChanged;
  }

  join({ runtime, sources, figures }: FaultContribution): () => void {
    const leave = this.#evidence.join(runtime, sources);
    this.#figures.add(figures);
    return () => {
      this.#figures.delete(figures);
      leave();
    };
  }

  /** Adds a log source for log windows, in addition to those of the runtimes. */
  addLog(log: LogSource): void {
    this.#evidence.addLog(log);
  }

  own(): Promise<MedkitFaults | undefined> {
    if (this.#state === 'looking') {
      this.#state = 'own';
      // Calls wait until the faults are open, instead of failing between two fault managers.
      if (this.#wasAttached) this.#tried = Promise.withResolvers();
      this.#opening = this.#open();
    }
    return this.#opened.promise;
  }

  beforeEnd(end: () => Promise<void>): () => void {
    if (this.#closing) void end();
    else this.#ends.add(end);
    return () => void this.#ends.delete(end);
  }

  attach(memory: FaultMemory): () => void {
    this.#state = 'attached';
    this.#memory = memory;
    this.#failure = undefined;
    this.#tried.resolve();
    return () => {
      if (this.#memory !== memory) return;
      this.#memory = undefined;
      this.#wasAttached = true;
      this.#state = 'looking';
      this.#failure = 'the gateway left the graph of their fault manager';
      this.#isTriedAgain = false;
    };
  }

  unavailable(reason: string, { isTriedAgain }: { readonly isTriedAgain: boolean }): void {
    this.#failure = reason;
    this.#isTriedAgain = isTriedAgain;
    this.#options.log('error', `Faults cannot be served: ${reason}`);
    this.#tried.resolve();
  }

  announce(event: FaultEvent): void {
    this.#faultChanged(event);
  }

  async report(report: FaultReport): Promise<boolean> {
    if (!this.#memory && this.#early.take(report.source)) {
      await this.#tried.promise;
      this.#early.release(report.source);
    }
    return (await this.#memory?.report(report)) ?? false;
  }

  async amend(report: FaultReport): Promise<void> {
    await this.#memory?.amend(report);
  }

  async standing(code: string, about?: ReportAbout): Promise<FaultState | undefined> {
    await this.#tried.promise;
    return this.#memory?.standing(code, about);
  }

  /** Returns the block `x-medkit-faults` of `/health`, and warnings for the operator. */
  async health(): Promise<RuntimeHealth> {
    const memoryHealth = await this.#memory?.health();
    const figures = Object.assign({}, ...this.#figures, memoryHealth?.figures);
    return {
      warnings: [...this.#unopened(), ...(memoryHealth?.warnings ?? [])],
      blocks: {
        'x-medkit-faults': { mode: this.#state, ...figures },
        'x-medkit-quotas': { early_fault_reports: this.#early.figures(), ...memoryHealth?.quotas },
      },
    };
  }

  /** Closes permanently: first the bridges that serve the faults, then the fault manager and its store. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#state = 'closed';
    this.#retry?.cancel();
    this.#tried.resolve();
    await this.#opening;
    // Prevents runtimes from serving a fault manager that is being closed.
    this.#opened.resolve(undefined);
    this.#memory = undefined;
    await Promise.all([...this.#ends].map((end) => end()));
    await this.#local?.opened.close();
  }

  async #live(): Promise<FaultMemory> {
    await this.#tried.promise;
    if (this.#memory) return this.#memory;
    const reason = this.#failure ?? 'medkit is stopping';
    throw new SovdError({ code: 'service-unavailable', message: `Faults cannot be served: ${reason}` });
  }

  async #open(): Promise<void> {
    const { clock, log, openManager } = this.#options;
    try {
      const opened = await openManager(this.#evidence);
      const { recordsOf, sampler } = this.#evidence;
      const faultChanged = (event: FaultEvent) => this.#faultChanged(event);
      const local = medkitFaults({ opened, clock, log, recordsOf, sampler, faultChanged });
      this.#local = local;
      if (this.#state === 'closed') return;
      this.#memory = local.memory;
      this.#failure = undefined;
      this.#opened.resolve(local);
    } catch (error) {
      this.unavailable(errorMessage(error), { isTriedAgain: true });
      if (this.#state === 'own') {
        this.#retry = clock.after(RETRY_MS, () => {
          this.#opening = this.#open();
        });
      }
    }
    this.#tried.resolve();
  }

  #unopened(): readonly Warning[] {
    if (this.#failure === undefined) return [];
    const next = this.#isTriedAgain ? ` medkit retries every ${RETRY_MS / 1000} s.` : '';
    const message = `Faults are neither accepted nor served: ${this.#failure}.${next}`;
    return [{ code: 'faults_unavailable', message }];
  }
}
