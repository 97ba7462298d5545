import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { type LocalNode, onParameterEvent, openParameterClient, type Parameter, type Subscription } from '@medkit/ros2';
import { FAILED_READS_TO_GIVE_UP, FAILED_READS_TO_LOG, type ParamDrift } from '../detectors/param-drift.ts';
import type { NodeTable } from '../graph/node-table.ts';
import { ParameterSchedule } from './parameter-schedule.ts';

/** Timeout of each call of a read. */
const CALL_TIMEOUT_MS = 2000;

/**
 * Ticks that a node may be missing before its baseline is removed, and ticks that the baseline is stored while the node
 * is not active.
 */
const MISSED_TICKS = 3;
const CLOSED_TICKS = 60;

export interface ParameterWatchOptions {
  readonly node: LocalNode;
  readonly clock: Clock;
  readonly log: Log;
  readonly nodes: NodeTable;
  readonly drift: ParamDrift;
  /** Returns whether a node has started and is not inactive. */
  readonly isOpen: (fqn: string) => boolean;
  /** Returns whether the parameters of a node are monitored. */
  readonly matters: (fqn: string) => boolean;
  readonly maxReadsPerTick: number;
  readonly tickIntervalMs: number;
}

/**
 * Passes parameters to their detector. A node with parameter events is read once and then observed; other nodes are
 * read repeatedly. Reads are spread over the tick.
 */
export class ParameterWatch {
  readonly #options: ParameterWatchOptions;
  readonly #schedule: ParameterSchedule;
  /** Consecutive ticks that a watched node was missing or not open. */
  readonly #misses = new Map<string, number>();
  readonly #timers = new Set<Timer>();
  #events: Subscription | undefined;
  #tick = 0;
  #stopped = false;

  constructor(options: ParameterWatchOptions) {
    this.#options = options;
    this.#schedule = new ParameterSchedule(options.maxReadsPerTick);
  }

  async start(): Promise<void> {
    this.#events = await onParameterEvent(this.#options.node, (event) => this.#options.drift.changed(event));
  }

  tick(tick: number): void {
    this.#tick = tick;
    const { nodes, drift, isOpen, matters, tickIntervalMs, clock } = this.#options;
    for (const { fqn } of nodes.all()) {
      if (!this.#misses.has(fqn) && nodes.hasParameters(fqn) && matters(fqn) && isOpen(fqn)) {
        this.#misses.set(fqn, 0);
        drift.watch(fqn);
        this.#schedule.add(fqn);
      }
    }
    for (const [fqn, misses] of this.#misses) {
      const there = nodes.has(fqn);
      const missed = there && isOpen(fqn) ? 0 : misses + 1;
      this.#misses.set(fqn, missed);
      if (missed >= (there ? CLOSED_TICKS : MISSED_TICKS)) this.#forget(fqn);
    }
    const due = this.#schedule.take(tick);
    for (const [at, fqn] of due.entries()) {
      const timer = clock.after((at * tickIntervalMs) / due.length, () => {
        this.#timers.delete(timer);
        void this.#read(fqn);
      });
      this.#timers.add(timer);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    await this.#events?.close();
  }

  #forget(fqn: string): void {
    this.#misses.delete(fqn);
    this.#schedule.remove(fqn);
    this.#options.drift.forget(fqn);
  }

  async #read(fqn: string): Promise<void> {
    const { drift, nodes, log } = this.#options;
    let failures = 0;
    try {
      const parameters = await readAll(this.#options.node, fqn);
      if (!this.#stopped) drift.read(fqn, parameters);
    } catch (error) {
      failures = drift.failed(fqn);
      if (failures === FAILED_READS_TO_LOG)
        log('warn', `The parameters of ${fqn} cannot be read: ${errorMessage(error)}`);
      if (failures === FAILED_READS_TO_GIVE_UP + 1) log('warn', `No longer waiting for the parameters of ${fqn}`);
    }
    this.#schedule.done(fqn, this.#tick, { failures, tellsChanges: nodes.tellsParameterChanges(fqn) });
  }
}

/** Reads all parameters of a node with a temporary client: an open client would be four endpoints in the graph. */
async function readAll(node: LocalNode, fqn: string): Promise<readonly Parameter[]> {
  const client = openParameterClient(node, fqn);
  const options = { timeoutMs: CALL_TIMEOUT_MS };
  try {
    const { names } = await client.list({}, options);
    const values = names.length === 0 ? [] : await client.get(names, options);
    // If a single parameter has no value, a node returns none at all.
    if (!values) return await client.read(names, options);
    return names.flatMap((name, at) => {
      const value = values[at];
      return value ? [{ name, value }] : [];
    });
  } finally {
    await client.close();
  }
}
