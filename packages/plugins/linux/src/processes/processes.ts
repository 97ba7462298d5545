import type { App } from '@medkit/core';
import { boundNode } from '@medkit/core/discovery';
import type { PluginContext } from '@medkit/plugin';
import type { ProcessRef, ProcFolder } from '../proc/proc-folder.ts';
import { type AnnouncedProcess, resolveProcess } from './announced-process.ts';
import type { CpuMeter } from './cpu-meter.ts';
import { likelyProcesses, nodeProcesses } from './node-processes.ts';
import { listProcesses, type ProcessTable } from './process-table.ts';

const BEACON = 'x-medkit-beacon';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export interface ProcessesOptions {
  readonly proc: ProcFolder;
  readonly meter: CpuMeter;
  readonly context: Pick<PluginContext, 'clock' | 'request' | 'ros'>;
  /** How long a result stays valid. */
  readonly ttlMs: number;
}

/**
 * How long "no process" stays valid, if that is less than `ttlMs`. A node that just started gets its process soon, and
 * an app on another machine does not cause a survey for each request.
 */
const MISS_TTL_MS = 1000;

const NO_GRAPH = { nodes: [], participants: [] };

/**
 * The processes of the machine and their apps. One survey answers all requests for a while; the result that an app has
 * no process is valid for a shorter time.
 */
export class Processes {
  readonly #options: ProcessesOptions;
  #table: ProcessTable = new Map();
  #ofNodes: ReadonlyMap<string, ProcessRef> = new Map();
  #likely: ReadonlyMap<string, ProcessRef> = new Map();
  /** By id of the app; valid as long as the table. */
  #ofBeacons = new Map<string, Promise<ProcessRef | undefined>>();
  #hostname = '';
  #foundMs = Number.NEGATIVE_INFINITY;
  #finding: Promise<void> | undefined;

  constructor(options: ProcessesOptions) {
    this.#options = options;
  }

  /** Name of the machine; empty until `refresh`. */
  get hostname(): string {
    return this.#hostname;
  }

  /** Returns all processes, at most `ttlMs` old. */
  async table(): Promise<ProcessTable> {
    await this.refresh();
    return this.#table;
  }

  /** Returns the process of an app by the most reliable way available; `undefined` if unknown. */
  async of(app: App): Promise<ProcessRef | undefined> {
    await this.refresh();
    const found = await this.#known(app);
    if (found || this.#ageMs() < MISS_TTL_MS) return found;
    await this.#look();
    return this.#known(app);
  }

  async #known(app: App): Promise<ProcessRef | undefined> {
    // The node that it is bound to, running or not.
    const fqn = (app.node || boundNode(app.binding)) ?? '';
    return this.#ofNodes.get(fqn) ?? (await this.#byBeacon(app)) ?? this.#likely.get(fqn);
  }

  /** Surveys all processes unless the last result is still valid. */
  async refresh(): Promise<void> {
    if (this.#ageMs() >= this.#options.ttlMs) await this.#look();
  }

  #ageMs(): number {
    return this.#options.context.clock.monotonicMs() - this.#foundMs;
  }

  async #look(): Promise<void> {
    this.#finding ??= this.#find().finally(() => {
      this.#finding = undefined;
    });
    await this.#finding;
  }

  async #find(): Promise<void> {
    const { proc, meter, context } = this.#options;
    const beganMs = context.clock.monotonicMs();
    const [table, graph, hostname] = await Promise.all([
      listProcesses(proc, context.clock, this.#table),
      // If the graph does not answer, command lines are still used.
      context.ros?.graph().catch(() => NO_GRAPH) ?? NO_GRAPH,
      proc.machineText('/proc/sys/kernel/hostname'),
    ]);
    this.#hostname = hostname?.trim() ?? '';
    this.#table = table;
    this.#ofNodes = nodeProcesses(table, graph, this.#hostname);
    this.#likely = likelyProcesses(table);
    this.#ofBeacons = new Map();
    meter.begin(table);
    this.#foundMs = beganMs;
  }

  async #byBeacon(app: App): Promise<ProcessRef | undefined> {
    if (!hasBeacon(app)) return undefined;
    const lookup = this.#ofBeacons.get(app.id) ?? this.#askBeacon(app);
    this.#ofBeacons.set(app.id, lookup);
    return lookup;
  }

  async #askBeacon(app: App): Promise<ProcessRef | undefined> {
    const announced = await beaconProcess(app, this.#options.context);
    return announced && resolveProcess(announced, this.#table, this.#hostname);
  }
}

function hasBeacon({ capabilities = [] }: App): boolean {
  return capabilities.includes(BEACON);
}

/** Returns the process announced by the beacon of an app; `undefined` if it announces none. */
async function beaconProcess(
  { id }: App,
  { request }: Pick<PluginContext, 'request'>,
): Promise<AnnouncedProcess | undefined> {
  const { status, body } = await request({ method: 'GET', path: `/apps/${id}/${BEACON}` });
  if (status !== 200 || typeof body !== 'object' || body === null || !('process_id' in body)) return undefined;
  const { process_id, hostname, process_name } = body;
  if (typeof process_id !== 'number' || process_id <= 0) return undefined;
  return { id: process_id, hostname: textOf(hostname), name: textOf(process_name) };
}
