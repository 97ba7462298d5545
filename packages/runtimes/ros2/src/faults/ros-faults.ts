import { type Log, reasonOf, type Warning } from '@medkit/core';
import type { Clock, Files, Timer } from '@medkit/edges';
import { type EvidenceSources, type FaultHost, type FaultManagerMode, type OwnFaults, RETRY_MS } from '@medkit/faults';
import type { LocalNode } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import type { OwnNodes } from '../own-nodes/own-nodes.ts';
import { attachFaults } from './attached-faults.ts';
import { openFaultManagerFace } from './fault-manager-face.ts';
import { faultManagerNames } from './fault-manager-names.ts';

/** How long a fault manager of the robot is looked for, before medkit takes its place: discovery takes a second at most. */
const LOOK_MS = 1500;

export interface FaultSettings {
  /** `fault_manager.mode`. */
  readonly mode: FaultManagerMode;
  /** `fault_manager.namespace`. */
  readonly namespace: string;
  /** `fault_manager.service_timeout_sec`: how long a fault manager of the robot may take to answer. */
  readonly serviceTimeoutMs: number;
}

export interface RosFaultsOptions {
  /** Name of the runtime. */
  readonly name: string;
  readonly settings: FaultSettings;
  /** The faults of the gateway, which outlive this graph. */
  readonly host: FaultHost;
  readonly ownNodes: Pick<OwnNodes, 'open'>;
  /** The node of ours that asks a fault manager of the robot. */
  readonly node: LocalNode;
  /** The graph of this moment. */
  readonly view: GraphView;
  /** Where the recordings of a fault manager of the robot are read. */
  readonly files: Files;
  /** Where the evidence of faults comes from; is closed by the caller, after this. */
  readonly sources: EvidenceSources;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The part of a graph in the faults of the gateway: its topics are their evidence, and either it is offered the fault manager
 * of the gateway, or it has one that the gateway uses. Two fault managers at a time are never silently served.
 */
export class RosFaults {
  readonly #options: RosFaultsOptions;
  readonly #names;
  readonly #ended: (() => void | Promise<void>)[] = [];
  #role: 'looking' | 'own' | 'attached' | 'closed' = 'looking';
  /** A search, or another try. */
  #timer: Timer | undefined;
  #opening: Promise<void> | undefined;
  #warnedOfOther = false;

  constructor(options: RosFaultsOptions) {
    const { host, name: runtime, sources, settings } = options;
    this.#options = options;
    this.#names = faultManagerNames(settings.namespace);
    this.#ended.push(host.join({ runtime, sources, figures: { node: this.#names.node } }));
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
    if (this.#role === 'looking' && this.#timer) this.#become('attached');
    if (this.#role !== 'own' || this.#warnedOfOther) return;
    this.#warnedOfOther = true;
    for (const { message } of this.warnings()) this.#options.log('warn', message);
  }

  /** Another fault manager beside ours. */
  warnings(): readonly Warning[] {
    const nodes = this.#others();
    if (this.#role !== 'own' || nodes === undefined) return [];
    const message =
      `${nodes.join(', ') || 'A program without a node'} offers ${this.#names.service('report_fault')} besides medkit: ` +
      'a report reaches either, so each knows a part of the faults. Stop it, or set fault_manager.mode to attach.';
    return [{ code: 'two_fault_managers', message, nodes: nodes }];
  }

  /** Takes all of it out of the graph, and what is of the graph out of the faults of the gateway, which go on. */
  async close(): Promise<void> {
    this.#role = 'closed';
    this.#timer?.cancel();
    await this.#opening;
    for (const end of this.#ended.splice(0).reverse()) await end();
  }

  /** Full names of the nodes that offer the service of a fault manager besides ours; `undefined` where nobody does. */
  #others(): readonly string[] | undefined {
    const servers = [...this.#options.view.serversOf(this.#names.service('report_fault'))];
    if (servers.length === 0) return undefined;
    return [...new Set(servers.map(({ node }) => node))].filter((node) => node !== undefined).sort();
  }

  #become(role: 'own' | 'attached'): void {
    this.#timer?.cancel();
    this.#role = role;
    if (role === 'attached') this.#opening = this.#attach();
    else void this.#options.host.own().then((own) => this.#offer(own));
  }

  /** Offers the graph the fault manager of the gateway, once that is open. */
  #offer(own: OwnFaults | undefined): void {
    if (own && this.#role === 'own') this.#opening = this.#open(own);
  }

  async #open(own: OwnFaults): Promise<void> {
    const { host, log } = this.#options;
    try {
      const face = await openFaultManagerFace({ ...this.#options, names: this.#names, own });
      const forget = host.beforeEnd(() => face.close());
      this.#ended.push(async () => {
        forget();
        await face.close();
      });
    } catch (error) {
      log('error', `Faults cannot be served to the graph: ${reasonOf(error)}`);
      this.#again('own');
    }
  }

  /** Uses the fault manager of the robot. */
  async #attach(): Promise<void> {
    const { host, log, settings } = this.#options;
    try {
      const attached = await attachFaults({
        ...this.#options,
        names: this.#names,
        timeoutMs: settings.serviceTimeoutMs,
        faultChanged: (event) => host.announce(event),
      });
      const leave = host.attach(attached);
      this.#ended.push(async () => {
        leave();
        await attached.close();
      });
      log('info', `Faults are kept by ${this.#names.node}, a fault manager of the robot`);
    } catch (error) {
      host.unavailable(reasonOf(error), { isTriedAgain: true });
      this.#again('attached');
    }
  }

  #again(role: 'own' | 'attached'): void {
    if (this.#role !== 'closed') this.#timer = this.#options.clock.after(RETRY_MS, () => this.#become(role));
  }
}
