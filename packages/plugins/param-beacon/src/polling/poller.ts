import type { BeaconHint } from '@medkit/beacon';
import { errorMessage, type Log } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import type { PollSettings } from '../options.ts';
import { type HintClient, readHint } from '../parameters/read-hint.ts';
import { afterFailure, NO_BACK_OFF } from './back-off.ts';
import { type PolledNode, PolledNodes } from './polled-nodes.ts';
import { nextStart, roundFrom } from './rotation.ts';

/** Nodes that are polled concurrently, so that unresponsive nodes delay the others only a little. */
const PARALLEL_POLLS = 32;
/** Maximum open clients; each adds endpoints to the graph. Further clients are closed after their poll. */
const MAX_CLIENTS = 1000;

export interface PollerOptions {
  readonly settings: PollSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Returns the full names of the nodes to poll. */
  readonly nodes: () => Promise<readonly string[]>;
  readonly openClient: (fqn: string) => HintClient;
  readonly onHint: (hint: BeaconHint, node: string) => void;
}

/** Polls all nodes for their hints, round after round, from `start` until `stop`. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #nodes: PolledNodes;
  readonly #stopping = new AbortController();
  /** The first node of the next round. */
  #start = '';
  #running: Promise<void> | undefined;
  #endPause: () => void = () => undefined;
  #clients = 0;
  #polls = 0;
  #failures = 0;
  #rounds = 0;
  #roundsCut = 0;
  #lastRoundMs = 0;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#nodes = new PolledNodes(options.settings.evictionMs);
  }

  /** Counts since the start. A round ends early when its budget is used up. */
  get figures(): Readonly<Record<string, number>> {
    return {
      polls_total: this.#polls,
      poll_failures_total: this.#failures,
      rounds_total: this.#rounds,
      rounds_cut_short_total: this.#roundsCut,
      last_round_ms: Math.round(this.#lastRoundMs),
      nodes_backed_off: this.#nodes.backedOff,
      clients: this.#clients,
    };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Aborts running polls and closes all clients. May be called again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#endPause();
    await this.#running;
    await this.#close(this.#nodes.clear());
  }

  async #run(): Promise<void> {
    const { clock, log, settings } = this.#options;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#round();
      } catch (error) {
        log('warn', `A round of polls failed: ${errorMessage(error)}`);
      }
      if (this.#stopping.signal.aborted) return;
      const pause = Promise.withResolvers<void>();
      this.#endPause = pause.resolve;
      const timer = clock.after(settings.intervalMs, pause.resolve);
      await pause.promise;
      timer.cancel();
    }
  }

  async #round(): Promise<void> {
    const { clock, nodes, settings } = this.#options;
    const fqns = await nodes();
    const beganMs = clock.monotonicMs();
    const { due, evicted } = this.#nodes.begin(fqns, beganMs);
    await this.#close(evicted);
    const order = roundFrom(this.#start, due);
    let reached = 0;
    const mayGoOn = () =>
      reached < order.length && !this.#stopping.signal.aborted && clock.monotonicMs() - beganMs < settings.budgetMs;
    const worker = async (): Promise<void> => {
      while (mayGoOn()) {
        const node = this.#nodes.get(order[reached++] ?? '');
        if (node) await this.#poll(node);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_POLLS }, worker));
    this.#start = nextStart(order, reached);
    this.#rounds++;
    if (reached < order.length) this.#roundsCut++;
    this.#lastRoundMs = clock.monotonicMs() - beganMs;
  }

  async #poll(node: PolledNode): Promise<void> {
    const { clock, onHint } = this.#options;
    const { prefix, timeoutMs } = this.#options.settings;
    const giveUp = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, giveUp.signal]);
    this.#polls++;
    try {
      const client = this.#clientOf(node);
      const late = (): never => {
        throw new Error(`${node.fqn} did not answer within ${timeoutMs} ms`);
      };
      const reading = readHint(client, { prefix, clock, timeoutMs, signal });
      const hint = await within(clock, timeoutMs, reading, late);
      node.backOff = NO_BACK_OFF;
      if (hint && !this.#stopping.signal.aborted) onHint(hint, node.fqn);
    } catch {
      // Nodes without parameters and unresponsive ones are not logged; they are counted.
      if (!this.#stopping.signal.aborted) {
        this.#failures++;
        node.backOff = afterFailure(node.backOff);
      }
    } finally {
      giveUp.abort();
    }
    if (this.#clients > MAX_CLIENTS && node.client) {
      const { client } = node;
      node.client = undefined;
      await this.#close([client]);
    }
  }

  #clientOf(node: PolledNode): HintClient {
    if (!node.client) {
      node.client = this.#options.openClient(node.fqn);
      this.#clients++;
    }
    return node.client;
  }

  async #close(clients: readonly HintClient[]): Promise<void> {
    this.#clients -= clients.length;
    for (const { reason } of (await Promise.allSettled(clients.map((client) => client.close()))).filter(isRejected)) {
      this.#options.log('warn', `A parameter client could not be closed: ${errorMessage(reason)}`);
    }
  }
}

function isRejected(result: PromiseSettledResult<void>): result is PromiseRejectedResult {
  return result.status === 'rejected';
}
