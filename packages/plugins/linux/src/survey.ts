import { isDeepStrictEqual } from 'node:util';
import { type App, type Component, errorMessage, isLocal, type Warning } from '@medkit/core';
import { hostComponent, hostId, osNameOf } from '@medkit/core/discovery';
import type { Timer } from '@medkit/edges';
import type { PluginContext, PluginContribution } from '@medkit/plugin';
import type { ContributedApps } from './entities/contributed-apps.ts';
import {
  appCapabilities,
  capabilityAdditions,
  componentCapabilities,
  withCapabilities,
} from './introspection/capabilities.ts';
import type { Introspection } from './introspection/introspection.ts';
import type { ProcessRef, ProcFolder } from './proc/proc-folder.ts';
import type { Processes } from './processes/processes.ts';

/** Interval while no other runtime has contributed entities: the gateway is starting. */
const EMPTY_TREE_MS = 1000;

/** Delay after a change of the tree: a starting robot changes it many times in a row. */
const SETTLE_MS = 500;

export interface SurveyOptions {
  readonly context: PluginContext;
  readonly proc: ProcFolder;
  readonly processes: Processes;
  readonly contributed: ContributedApps;
  readonly introspections: readonly Introspection[];
  readonly periodMs: number;
  /** Component of the plugin's apps (default: this machine). */
  readonly component: string | undefined;
  /** Called after every survey. */
  readonly looked: () => void;
}

/** Keeps the plugin's contribution up to date: surveys all processes periodically, and after changes of the tree. */
export class Survey {
  readonly #options: SurveyOptions;
  #contribution: PluginContribution = {};
  #appsWithProcess = 0;
  #processCount = 0;
  #isTreeEmpty = true;
  #failure: string | undefined;
  #timer: Timer | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #looking = false;
  #stopped = false;
  #unlisten = (): void => undefined;

  constructor(options: SurveyOptions) {
    this.#options = options;
  }

  get contribution(): PluginContribution {
    return this.#contribution;
  }

  get facts(): Readonly<Record<string, number>> {
    const { contributed } = this.#options;
    return {
      processes: this.#processCount,
      apps_with_process: this.#appsWithProcess,
      own_apps: contributed.processes.size + contributed.units.size,
    };
  }

  get warnings(): readonly Warning[] {
    const { contributed } = this.#options;
    const warnings: Warning[] = [];
    if (this.#failure !== undefined) {
      const message = `The data of the processes is outdated, because they cannot be read: ${this.#failure}`;
      warnings.push({ code: 'linux_look_failed', message });
    } else if (this.#processCount === 0) {
      const message =
        'No process was found: "proc_root" must be the folder that contains /proc, and /proc must be mounted';
      warnings.push({ code: 'linux_no_processes', message });
    }
    if (contributed.unreachable !== undefined) {
      const message = `Cannot query the units of control.units: ${contributed.unreachable}`;
      warnings.push({ code: 'linux_systemd_unreachable', message, entityIds: [...contributed.units.keys()] });
    }
    return warnings;
  }

  /** Runs the first survey and schedules the next ones. */
  async start(): Promise<void> {
    const { context } = this.#options;
    this.#unlisten = context.onEntitiesChange(() => this.#lookIn(SETTLE_MS));
    await this.#look();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#unlisten();
  }

  /** Schedules a survey after at most this time. */
  #lookIn(delayMs: number): void {
    if (this.#stopped) return;
    const { clock } = this.#options.context;
    const dueMs = clock.monotonicMs() + delayMs;
    if (dueMs >= this.#dueMs) return;
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    this.#timer = clock.after(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { context, periodMs } = this.#options;
    this.#dueMs = Number.POSITIVE_INFINITY;
    // One survey at a time; a change meanwhile schedules the next one.
    if (this.#looking) return this.#lookIn(SETTLE_MS);
    this.#looking = true;
    try {
      const contribution = await this.#survey();
      this.#failure = undefined;
      if (!isDeepStrictEqual(contribution, this.#contribution)) {
        this.#contribution = contribution;
        context.changed();
      }
    } catch (error) {
      const failure = errorMessage(error);
      if (failure !== this.#failure) context.log('warn', `Cannot read the processes: ${failure}`);
      this.#failure = failure;
    } finally {
      this.#looking = false;
      this.#lookIn(this.#isTreeEmpty ? EMPTY_TREE_MS : periodMs);
    }
  }

  async #survey(): Promise<PluginContribution> {
    const { context, processes, contributed, introspections, looked } = this.#options;
    const table = await processes.table();
    await contributed.look(table);
    looked();
    const { apps } = await context.entities();
    const contributedApps = contributed.apps(this.#options.component ?? hostId(processes.hostname));
    this.#isTreeEmpty = apps.length === 0;
    const contributedIds = new Set(contributedApps.map(({ id }) => id));
    const all = [...apps.filter(({ id }) => !contributedIds.has(id)), ...contributedApps];
    const ofApps = await appCapabilities(all, introspections, (app) => this.processOf(app));
    this.#processCount = table.size;
    this.#appsWithProcess = ofApps.size;
    const ofComponents = componentCapabilities(all, ofApps);
    const machine = contributedApps.length > 0 ? await this.#machine() : [];
    return {
      entities: {
        apps: contributedApps.map((app) => withCapabilities(app, ofApps)),
        components: machine.map((component) => withCapabilities(component, ofComponents)),
      },
      additions: capabilityAdditions(ofApps, ofComponents),
    };
  }

  /** Returns the process of an app of any runtime. */
  async processOf(app: App): Promise<ProcessRef | undefined> {
    const found = this.#options.contributed.processOf(app.id);
    return found ?? (isLocal(app) ? this.#options.processes.of(app) : undefined);
  }

  /**
   * Returns the component of the machine if the plugin's apps are on it: without a ROS graph no other runtime
   * contributes it.
   */
  async #machine(): Promise<readonly Component[]> {
    const { proc, processes, component } = this.#options;
    if (component !== undefined) return [];
    const [osRelease, machine] = await Promise.all([
      proc.machineText('/etc/os-release'),
      proc.machineText('/proc/sys/kernel/arch'),
    ]);
    const { hostname } = processes;
    return [hostComponent({ hostname, osName: osNameOf(osRelease), machine: machine?.trim() ?? '' })];
  }
}
