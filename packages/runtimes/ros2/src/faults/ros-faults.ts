import { SovdError } from '@medkit/contract';
import {
  type FaultEvent,
  type FaultProvider,
  type Log,
  type RuntimeHealth,
  reasonOf,
  type Warning,
} from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { FaultReport } from '@medkit/faults';
import type { LocalNode } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import type { OwnNodes } from '../own-nodes/own-nodes.ts';
import { attachFaults } from './attached-faults.ts';
import type { FaultKeeper, FaultStanding } from './fault-keeper.ts';
import { faultManagerNames } from './fault-manager-names.ts';
import { keepOwnFaults } from './keep-own-faults.ts';
import type { EvidenceSources, OpenFaultManager } from './open-fault-manager.ts';

/** How long a fault manager of the robot is looked for, before medkit takes its place: discovery takes a second at most. */
const LOOK_MS = 1500;
/** When it is tried again to open the faults, after it failed: a disk may be full for a while only. */
const RETRY_MS = 10_000;

/** Reports of our own that may wait until the faults are open. */
const MAX_EARLY_REPORTS = 256;

/** Who keeps the faults: medkit, a fault manager of the robot, or that only where there is one. */
export type FaultManagerMode = 'own' | 'attach' | 'auto';

export interface FaultSettings {
  /** `fault_manager.mode`. */
  readonly mode: FaultManagerMode;
  /** `fault_manager.namespace`. */
  readonly namespace: string;
  /** `fault_manager.service_timeout_sec`: how long a fault manager of the robot may take to answer. */
  readonly serviceTimeoutMs: number;
}

/** Who is to keep the faults of a robot. */
export interface FaultKeeping {
  readonly settings: FaultSettings;
  /** Opens medkit's own fault manager; called only where that is wanted. */
  readonly openManager: (sources: EvidenceSources) => Promise<OpenFaultManager>;
}

export interface RosFaultsOptions extends FaultKeeping {
  readonly ownNodes: Pick<OwnNodes, 'open'>;
  /** The node of ours that asks a fault manager of the robot. */
  readonly node: LocalNode;
  /** The graph of this moment. */
  readonly view: GraphView;
  /** Where the evidence of faults comes from; outlives the fault manager. */
  readonly sources: EvidenceSources;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears of every event, in the order of their ids. */
  readonly faultChanged: (event: FaultEvent) => void;
}

/** The faults of the robot, whoever keeps them. Two fault managers at a time are never silently served. */
export class RosFaults {
  readonly provider: FaultProvider = {
    list: (nativeId, query, call) => {
      const ask = ({ provider }: FaultKeeper) => provider.list(nativeId, query, call);
      return this.#keeper ? ask(this.#keeper) : this.#live().then(ask);
    },
    get: async (nativeId, code, call) => (await this.#live()).provider.get(nativeId, code, call),
    occurrences: async (nativeId, code, call) => (await this.#live()).provider.occurrences(nativeId, code, call),
    report: (_, report) => this.report(report),
    clear: async (nativeId, code, how, call) => (await this.#live()).provider.clear(nativeId, code, how, call),
    recordings: async (nativeId, sources, call) => (await this.#live()).provider.recordings(nativeId, sources, call),
    recording: async (nativeId, idOrCode, call) => (await this.#live()).provider.recording(nativeId, idOrCode, call),
    eventsAfter: async (nativeId, id, limit, call) =>
      (await this.#live()).provider.eventsAfter(nativeId, id, limit, call),
    eventsOf: async (nativeId, query, call) => (await this.#live()).provider.eventsOf(nativeId, query, call),
  };
  readonly #options: RosFaultsOptions;
  readonly #names;
  #state: 'looking' | 'own' | 'attached' | 'closed' = 'looking';
  /** A search, or another try. */
  #timer: Timer | undefined;
  /** Resolves when the first try to open the faults has ended. */
  readonly #tried = Promise.withResolvers<void>();
  #opening: Promise<void> | undefined;
  #keeper: FaultKeeper | undefined;
  #failure: string | undefined;
  #warnedOfOther = false;
  /** Reports that wait for the first try. */
  #early = 0;

  constructor(options: RosFaultsOptions) {
    this.#options = options;
    this.#names = faultManagerNames(options.settings.namespace);
  }

  /** To be called when the view is filled. Where it is yet to be seen who keeps the faults, that takes a while. */
  start(): void {
    const { mode } = this.#options.settings;
    if (mode !== 'auto') this.#become(mode === 'own' ? 'own' : 'attached');
    else this.#timer = this.#options.clock.after(LOOK_MS, () => this.#become('own'));
    this.graphChanged();
  }

  /** To be called when the view has changed. */
  graphChanged(): void {
    if (this.#others() === undefined) return;
    if (this.#state === 'looking' && this.#timer) this.#become('attached');
    if (this.#state !== 'own' || this.#warnedOfOther) return;
    this.#warnedOfOther = true;
    for (const { message } of this.#split()) this.#options.log('warn', message);
  }

  /** True where the report was taken. One that comes before anybody keeps the faults waits for that. Never rejects. */
  async report(report: FaultReport): Promise<boolean> {
    if (!this.#keeper && this.#early < MAX_EARLY_REPORTS) {
      this.#early++;
      await this.#tried.promise;
      this.#early--;
    }
    return (await this.#keeper?.report(report)) ?? false;
  }

  /** Adds to a report that was taken what was learned since. Never rejects. */
  async amend(report: FaultReport): Promise<void> {
    await this.#keeper?.amend(report);
  }

  /** How a fault stands; `undefined` where nobody keeps the faults, or it would have to be asked. Never rejects. */
  async standing(code: string): Promise<FaultStanding | undefined> {
    await this.#tried.promise;
    return this.#keeper?.standing(code);
  }

  /** Block `x-medkit-faults` of `/health`, and what a person should do something about. */
  async health(): Promise<RuntimeHealth> {
    const kept = await this.#keeper?.health();
    const block = { mode: this.#state, node: this.#names.node, ...kept?.figures };
    return {
      warnings: [...this.#unopened(), ...this.#split(), ...(kept?.warnings ?? [])],
      blocks: { 'x-medkit-faults': block },
    };
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#timer?.cancel();
    this.#tried.resolve();
    await this.#opening;
    const keeper = this.#keeper;
    this.#keeper = undefined;
    await keeper?.close();
  }

  async #live(): Promise<FaultKeeper> {
    await this.#tried.promise;
    if (this.#keeper) return this.#keeper;
    const why = this.#failure ?? 'medkit is stopping';
    throw new SovdError({ code: 'service-unavailable', message: `Faults cannot be served: ${why}` });
  }

  /** Full names of the nodes that offer the service of a fault manager besides ours; `undefined` where nobody does. */
  #others(): readonly string[] | undefined {
    const servers = [...this.#options.view.serversOf(this.#names.service('report_fault'))];
    if (servers.length === 0) return undefined;
    return [...new Set(servers.map(({ node }) => node))].filter((node) => node !== undefined).sort();
  }

  #become(state: 'own' | 'attached'): void {
    this.#timer?.cancel();
    this.#state = state;
    this.#opening = this.#open(state);
  }

  async #open(state: 'own' | 'attached'): Promise<void> {
    const { clock, log, settings, sources, openManager } = this.#options;
    const common = { ...this.#options, names: this.#names };
    try {
      this.#keeper =
        state === 'own'
          ? await keepOwnFaults({ ...common, opened: await openManager(sources) })
          : await attachFaults({ ...common, timeoutMs: settings.serviceTimeoutMs });
      this.#failure = undefined;
      if (state === 'attached') log('info', `Faults are kept by ${this.#names.node}, a fault manager of the robot`);
    } catch (error) {
      this.#failure = reasonOf(error);
      log('error', `Faults cannot be served: ${this.#failure}`);
      if (this.#state !== 'closed') this.#timer = clock.after(RETRY_MS, () => this.#become(state));
    }
    this.#tried.resolve();
  }

  #unopened(): readonly Warning[] {
    if (this.#failure === undefined) return [];
    const message = `Faults are neither taken nor served: ${this.#failure}. It is tried again every ${RETRY_MS / 1000} s.`;
    return [{ code: 'faults_unavailable', message }];
  }

  /** Another fault manager beside ours. */
  #split(): readonly Warning[] {
    const nodes = this.#others();
    if (this.#state !== 'own' || nodes === undefined) return [];
    const message =
      `${nodes.join(', ') || 'A program without a node'} offers ${this.#names.service('report_fault')} besides medkit: ` +
      'a report reaches either, so each knows a part of the faults. Stop it, or set fault_manager.mode to attach.';
    return [{ code: 'two_fault_managers', message, nodeFqns: nodes }];
  }
}
