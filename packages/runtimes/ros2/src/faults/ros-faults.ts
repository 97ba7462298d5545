import {
  callContext,
  errorMessage,
  FAULT_MANAGER_ID,
  type Fault,
  type FaultEvent,
  type Log,
  type Warning,
} from '@medkit/core';
import type { Clock, Files, Random, Timer } from '@medkit/edges';
import {
  type EvidenceSources,
  type FaultHost,
  type FaultManagerMode,
  type FaultReport,
  type MedkitFaults,
  RETRY_MS,
} from '@medkit/faults';
import type { LocalNode } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import type { MedkitNodes } from '../medkit-nodes/medkit-nodes.ts';
import { type AttachedFaults, attachFaults } from './attached-faults.ts';
import { faultManagerNames } from './fault-manager-names.ts';
import { openFaultManagerNode } from './fault-manager-node.ts';

/** How long to look for a fault manager of the robot before medkit starts its own: discovery takes a second at most. */
const LOOK_MS = 1500;
/**
 * How long the fault manager of another medkit may be away before this gateway takes over: at most 1.5 s with the
 * random part, so less than 3 s until the new one is open.
 */
const TAKE_OVER_MS = 500;
/**
 * Random addition, so that only one of several attached gateways takes over and the others see it: discovery takes 0.3
 * s.
 */
const TAKE_OVER_SPREAD_MS = 1000;
/** The same for a fault manager that is not medkit's, which a launch file may restart. */
const FOREIGN_TAKE_OVER_MS = 10_000;
/** How long after a failed call the graph may take to show that the manager has left. */
const NOTICE_MS = 300;
/** Maximum reports that wait while no fault manager answers; more are refused and counted. */
const MAX_WAITING_REPORTS = 256;
/** Maximum active faults of an attached manager that are stored for a takeover. */
const MAX_REMEMBERED = 1000;
/** `RosParticipant.vendor` of this product. */
const MEDKIT_VENDOR = 'medkit';

export interface FaultSettings {
  /** `fault_manager.mode`. */
  readonly mode: FaultManagerMode;
  /** `fault_manager.namespace`. */
  readonly namespace: string;
  /** `fault_manager.service_timeout_sec` in milliseconds: how long a fault manager of the robot may take to answer. */
  readonly serviceTimeoutMs: number;
}

export interface RosFaultsOptions {
  /** Name of the runtime. */
  readonly name: string;
  readonly settings: FaultSettings;
  /** The faults of the gateway, which exist longer than this graph. */
  readonly host: FaultHost;
  readonly medkitNodes: Pick<MedkitNodes, 'open'>;
  /** The node of medkit that calls a fault manager of the robot. */
  readonly node: LocalNode;
  /** The current graph. */
  readonly view: GraphView;
  /** File system from which recordings of the robot's fault manager are read. */
  readonly files: Files;
  /** Source of evidence for faults; the caller closes it after this. */
  readonly sources: EvidenceSources;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A period in which an attached fault manager is away. */
interface Absence {
  readonly timer: Timer;
  readonly ended: PromiseWithResolvers<void>;
}

/**
 * Connects a graph with the faults of the gateway. The graph's topics provide evidence. Either the gateway offers its
 * fault manager in the graph, or it uses the robot's. If two fault managers exist, it reports a warning.
 */
export class RosFaults {
  readonly #options: RosFaultsOptions;
  readonly #names;
  readonly #ended: (() => void | Promise<void>)[] = [];
  #role: 'looking' | 'own' | 'attached' | 'closed' = 'looking';
  /** Timer of a search or of a retry. */
  #timer: Timer | undefined;
  #opening: Promise<void> | undefined;
  #warnedOfOther = false;
  /** Whether the attached fault manager belongs to another medkit. */
  #isMedkit = false;
  #detach: (() => Promise<void>) | undefined;
  #absence: Absence | undefined;
  /** Active faults of the attached manager, by code. */
  readonly #remembered = new Map<string, Fault>();
  #waitingReports = 0;
  /** Resolves after the last waiting report. */
  #lastReport: Promise<void> = Promise.resolve();
  #lostReports = 0;

  constructor(options: RosFaultsOptions) {
    const { host, name: runtime, sources, settings } = options;
    this.#options = options;
    this.#names = faultManagerNames(settings.namespace);
    this.#ended.push(host.join({ runtime, sources, figures: { node: this.#names.node } }));
  }

  /** Call when the view is complete. In mode `auto`, first looks for a fault manager of the robot. */
  start(): void {
    const { mode } = this.#options.settings;
    if (mode !== 'auto') this.#become(mode === 'own' ? 'own' : 'attached');
    else this.#timer = this.#options.clock.after(LOOK_MS, () => this.#become('own'));
    this.graphChanged();
  }

  /** Called when the view has changed. */
  graphChanged(): void {
    const isThere = this.#others() !== undefined;
    if (isThere && this.#role === 'looking' && this.#timer) this.#become('attached');
    if (this.#role === 'attached') this.#watchPresence(isThere);
    if (!isThere || this.#role !== 'own' || this.#warnedOfOther) return;
    this.#warnedOfOther = true;
    for (const { message } of this.#managerWarnings()) this.#options.log('warn', message);
  }

  /**
   * Warns about a second fault manager, about an attached one that another program provides, and about lost reports.
   */
  warnings(): readonly Warning[] {
    return [...this.#managerWarnings(), ...this.#lossWarnings()];
  }

  #lossWarnings(): readonly Warning[] {
    if (this.#lostReports === 0) return [];
    const message = `${this.#lostReports} fault reports were lost: more than ${MAX_WAITING_REPORTS} were queued for ${this.#names.node}`;
    return [{ code: 'fault_reports_lost', message }];
  }

  #managerWarnings(): readonly Warning[] {
    const nodes = this.#others();
    if (this.#role === 'attached' && nodes !== undefined) {
      const { mode } = this.#options.settings;
      const after =
        mode === 'auto'
          ? 'If it leaves the graph, this gateway takes over.'
          : 'If it leaves the graph, no faults are served.';
      const message = `Faults are stored by ${nodes.join(', ') || this.#names.node}, not by this gateway. ${after}`;
      return [{ code: 'faults_kept_elsewhere', message, nodes }];
    }
    if (this.#role !== 'own' || nodes === undefined) return [];
    const message =
      `${nodes.join(', ') || 'A program without a node'} offers ${this.#names.service('report_fault')} in addition to medkit: ` +
      'each report reaches only one of them, so each stores only a part of the faults. Stop the other one, or set fault_manager.mode to attach.';
    return [{ code: 'two_fault_managers', message, nodes: nodes }];
  }

  /** Removes everything from the graph, and the graph's parts from the faults of the gateway, which keep running. */
  async close(): Promise<void> {
    this.#role = 'closed';
    this.#timer?.cancel();
    this.#endAbsence();
    await this.#opening;
    await this.#detach?.();
    for (const end of this.#ended.splice(0).reverse()) await end();
  }

  /** Returns the full names of other nodes that offer a fault manager's service; `undefined` if there is no server. */
  #others(): readonly string[] | undefined {
    const servers = [...this.#options.view.serversOf(this.#names.service('report_fault'))];
    if (servers.length === 0) return undefined;
    return [...new Set(servers.map(({ node }) => node))].filter((node) => node !== undefined).sort();
  }

  #become(role: 'own' | 'attached'): void {
    this.#timer?.cancel();
    this.#role = role;
    if (role === 'attached') this.#opening = this.#attach();
    else void this.#options.host.own().then((faults) => this.#offer(faults));
  }

  /** Offers the gateway's fault manager in the graph, once it is open. */
  #offer(faults: MedkitFaults | undefined): void {
    if (faults && this.#role === 'own') this.#opening = this.#open(faults);
  }

  async #open(faults: MedkitFaults): Promise<void> {
    const { host, log } = this.#options;
    try {
      const face = await openFaultManagerNode({ ...this.#options, names: this.#names, faults });
      const forget = host.beforeEnd(() => face.close());
      this.#ended.push(async () => {
        forget();
        await face.close();
      });
    } catch (error) {
      log('error', `Faults cannot be served to the graph: ${errorMessage(error)}`);
      this.#again('own');
    }
  }

  /** Attaches to the fault manager of the robot. */
  async #attach(): Promise<void> {
    const { host, log, settings } = this.#options;
    try {
      const attached = await attachFaults({
        ...this.#options,
        names: this.#names,
        timeoutMs: settings.serviceTimeoutMs,
        faultChanged: (event) => {
          this.#remember(event);
          host.announce(event);
        },
      });
      const leave = host.attach({
        ...attached,
        report: (report) => this.#report(attached, report),
        health: async () => {
          const health = await attached.health();
          return { ...health, figures: { ...health.figures, reports_lost_total: this.#lostReports } };
        },
      });
      this.#detach = async () => {
        this.#detach = undefined;
        leave();
        await attached.close();
      };
      void this.#rememberActive(attached);
      log('info', `Faults are stored by ${this.#names.node}, a fault manager of the robot`);
    } catch (error) {
      host.unavailable(errorMessage(error), { isTriedAgain: true });
      this.#again('attached');
    }
  }

  /** Tracks whether the attached manager is present. In mode `auto` this gateway takes over if it stays away. */
  #watchPresence(isThere: boolean): void {
    const { clock, random, settings, view } = this.#options;
    if (isThere) {
      const [server] = view.serversOf(this.#names.service('report_fault'));
      this.#isMedkit = server !== undefined && view.participants.get(server.participant)?.vendor === MEDKIT_VENDOR;
      this.#endAbsence();
    } else if (this.#absence === undefined && settings.mode === 'auto') {
      const waitMs = this.#isMedkit ? TAKE_OVER_MS + random.float() * TAKE_OVER_SPREAD_MS : FOREIGN_TAKE_OVER_MS;
      const timer = clock.after(waitMs, () => void this.#takeOver());
      this.#absence = { timer, ended: Promise.withResolvers<void>() };
    }
  }

  #endAbsence(): void {
    this.#absence?.timer.cancel();
    this.#absence?.ended.resolve();
    this.#absence = undefined;
  }

  /** Takes over fault management, including the active faults of the manager that left. */
  async #takeOver(): Promise<void> {
    const { host, log, name: runtime } = this.#options;
    await this.#opening;
    if (this.#role !== 'attached' || this.#absence === undefined) return;
    this.#timer?.cancel();
    this.#role = 'own';
    // No await between the two: a report that arrives now waits until the faults are open.
    const detached = this.#detach?.();
    const opening = host.own();
    await detached;
    const faults = await opening;
    const active = [...this.#remembered.values()];
    for (const { code, severity, description, sources } of active) {
      for (const source of sources) {
        await faults?.intake.report({ code, event: 'FAILED', severity, description, source, runtime });
      }
    }
    this.#remembered.clear();
    log(
      'warn',
      `${this.#names.node} left the graph: medkit stores the faults now, including ${active.length} active faults`,
    );
    this.#endAbsence();
    this.#offer(faults);
  }

  /** Reports to the attached manager. If it does not answer, the report waits in order of arrival. */
  async #report(attached: AttachedFaults, report: FaultReport): Promise<boolean> {
    const answer = this.#waitingReports === 0 && this.#isPresent() ? await attached.trySend(report) : undefined;
    if (answer !== undefined) return answer;
    if (this.#waitingReports >= MAX_WAITING_REPORTS) return this.#lose();
    this.#waitingReports++;
    const reported = this.#lastReport.then(() => this.#reportLater(attached, report));
    this.#lastReport = reported.then(() => void this.#waitingReports--);
    return reported;
  }

  /** Sends the report when the manager answers, or to this gateway after a takeover. */
  async #reportLater(attached: AttachedFaults, report: FaultReport): Promise<boolean> {
    while (this.#isPresent()) {
      // The call fails before the graph shows that the manager has left.
      await this.#pause(NOTICE_MS);
      if (!this.#isPresent()) break;
      const answer = await attached.trySend(report);
      if (answer !== undefined) return answer;
    }
    await this.#absence?.ended.promise;
    if (this.#role === 'own') return this.#options.host.report(report);
    return this.#role === 'attached' ? this.#reportLater(attached, report) : this.#lose();
  }

  #isPresent(): boolean {
    return this.#role === 'attached' && this.#absence === undefined;
  }

  #lose(): false {
    this.#lostReports++;
    return false;
  }

  #pause(forMs: number): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(forMs, resolve));
  }

  #remember({ type, fault }: Pick<FaultEvent, 'type' | 'fault'>): void {
    if (type === 'fault_cleared' || fault.status !== 'CONFIRMED') this.#remembered.delete(fault.code);
    else if (this.#remembered.has(fault.code) || this.#remembered.size < MAX_REMEMBERED) {
      this.#remembered.set(fault.code, fault);
    }
  }

  /** Faults that were confirmed before the gateway attached produce no event. */
  async #rememberActive({ provider }: AttachedFaults): Promise<void> {
    const { clock, settings, log } = this.#options;
    try {
      const call = callContext({ clock, timeoutMs: settings.serviceTimeoutMs });
      const query = { statuses: ['CONFIRMED'], includeMuted: true } as const;
      const { faults } = await provider.list(FAULT_MANAGER_ID, query, call);
      for (const { fault } of faults) {
        if (!this.#remembered.has(fault.code)) this.#remember({ type: 'fault_updated', fault });
      }
    } catch (error) {
      log('warn', `The active faults of ${this.#names.node} are unknown: ${errorMessage(error)}`);
    }
  }

  #again(role: 'own' | 'attached'): void {
    if (this.#role !== 'closed') this.#timer = this.#options.clock.after(RETRY_MS, () => this.#become(role));
  }
}
