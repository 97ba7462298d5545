import { SovdError } from '@medkit/contract';
import { type CallContext, errorMessage, type Log, ownerOf } from '@medkit/core';
import type { Clock, QuotaFigures } from '@medkit/edges';
import {
  type CallOptions,
  CallTimeout,
  type GraphDiff,
  type LocalNode,
  openParameterClient,
  PARAMETER_SERVICES,
  type ParameterClient,
  type ParameterService,
  ServerLost,
  ServiceUnavailable,
} from '@medkit/ros2';
import { callFailure } from '../call-failure.ts';
import { ClientPool } from '../calls/client-pool.ts';
import { TaskQueue } from '../calls/task-queue.ts';
import { timeLeftMs } from '../calls/time-left.ts';
import type { GraphView } from '../graph/graph-view.ts';
import type { NewNodes } from '../graph/new-nodes.ts';
import { UnresponsiveNodes } from './unresponsive-nodes.ts';

export interface ConfigurationSettings {
  /** `parameter_service_timeout_sec` in milliseconds: maximum time for one answer of a node. */
  readonly parameterTimeoutMs: number;
  /** `parameter_service_negative_cache_sec` in milliseconds: how long a node that did not answer is not asked again. */
  readonly parameterMuteMs: number;
}

/** Maximum nodes with an open parameter client; each client adds up to six endpoints to the graph. */
const MAX_CLIENTS = 512;
/** Idle time after which a client is closed. */
const IDLE_MS = 120_000;
/**
 * Maximum nodes that are contacted at a time. Opening clients for all nodes of a large robot together would flood its
 * graph.
 */
const NODES_AT_ONCE = 64;
/** After this time a slow node no longer blocks the next one. */
const TURN_MS = 200;
/** Maximum waiting calls. */
const MAX_WAITING = 4096;
/** How long to wait for the services of a node if the graph does not show them yet. */
const UNSEEN_TIMEOUT_MS = 300;

export interface ParameterNodesOptions {
  /** The node of medkit that sends the requests. */
  readonly node: Pick<LocalNode, 'client'>;
  /** The current graph. */
  readonly view: GraphView;
  readonly newNodes: NewNodes;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ConfigurationSettings;
}

/**
 * Access to the parameters of nodes. Pools clients, limits how many nodes are contacted together and skips mute nodes.
 */
export class ParameterNodes {
  readonly #options: ParameterNodesOptions;
  readonly #clients: ClientPool<ParameterClient>;
  readonly #turns: TaskQueue;
  readonly #mute: UnresponsiveNodes;

  constructor(options: ParameterNodesOptions) {
    const { node, clock, log, settings } = options;
    this.#options = options;
    this.#clients = new ClientPool({
      open: async (fqn) => openParameterClient(node, fqn, { offers: (service) => this.offers(fqn, service) }),
      clock,
      log,
      maxClients: MAX_CLIENTS,
      idleMs: IDLE_MS,
    });
    this.#turns = new TaskQueue({ clock, concurrency: NODES_AT_ONCE, turnMs: TURN_MS, maxWaiting: MAX_WAITING });
    this.#mute = new UnresponsiveNodes({ clock, muteMs: settings.parameterMuteMs });
  }

  /**
   * Returns whether a node offers a parameter service. If a node has existed for a while and shows only some of the
   * services, it lacks the others. A node that shows none is asked anyway.
   */
  offers(fqn: string, service: ParameterService): boolean {
    const { view, newNodes } = this.#options;
    const services = view.servicesOf(fqn);
    if (services.has(`${fqn}/${service}`) || newNodes.settlingMs(fqn) > 0) return true;
    return !offersSome(fqn, services);
  }

  /** Runs `work` with the client of the node. Throws `x-medkit-ros2-node-unavailable` if the node does not answer. */
  async ask<T>(
    fqn: string,
    call: CallContext,
    work: (client: ParameterClient, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    const mute = this.#mute.errorMessage(fqn);
    if (mute !== undefined) throw unavailable(fqn, mute);
    let timeoutMs = 0;
    try {
      const result = await this.#turns.take(
        call.signal,
        () => {
          timeoutMs = timeLeftMs(this.#options.clock, call.deadlineMs, this.#patienceMs(fqn));
          return this.#clients.use(fqn, (client) => work(client, { timeoutMs, signal: call.signal }));
        },
        ownerOf(call),
      );
      this.#mute.remove(fqn);
      return result;
    } catch (error) {
      // A node that had less than its full timeout, because of the caller's deadline, is not marked as mute.
      if (isUnanswered(error) && timeoutMs >= this.#patienceMs(fqn)) this.#leaveAlone(fqn, errorMessage(error));
      throw failure(fqn, error);
    }
  }

  /** Forgets nodes that left the graph; nodes that appear or offer services are asked again. */
  graphChanged({ nodes, endpoints }: Pick<GraphDiff, 'nodes' | 'endpoints'>): void {
    for (const fqn of nodes.removed) {
      this.#mute.remove(fqn);
      this.#clients.drop(fqn);
    }
    for (const { fqn } of nodes.added) this.#mute.remove(fqn);
    for (const { role, node } of endpoints.added) if (role === 'service' && node) this.#mute.remove(node);
  }

  /** Counts of the waiting calls. */
  figures(): QuotaFigures {
    return this.#turns.quota.figures();
  }

  async close(): Promise<void> {
    this.#mute.close();
    await this.#clients.close();
  }

  #patienceMs(fqn: string): number {
    const { view, newNodes, settings } = this.#options;
    const seen = offersSome(fqn, view.servicesOf(fqn));
    const unseenMs = Math.max(UNSEEN_TIMEOUT_MS, newNodes.settlingMs(fqn));
    return seen ? settings.parameterTimeoutMs : Math.min(unseenMs, settings.parameterTimeoutMs);
  }

  #leaveAlone(fqn: string, reason: string): void {
    const timeoutMs = this.#options.settings.parameterMuteMs;
    // A small request, sent with the call that is always made first.
    const query = { prefixes: ['use_sim_time'], depth: 1 };
    const isListing = this.offers(fqn, 'list_parameters');
    this.#mute.add(fqn, reason, (signal) => {
      const options = { timeoutMs, signal };
      return this.#clients.use(
        fqn,
        (client): Promise<unknown> => (isListing ? client.list(query, options) : client.get(query.prefixes, options)),
      );
    });
  }
}

function offersSome(fqn: string, services: ReadonlyMap<string, unknown>): boolean {
  return Object.keys(PARAMETER_SERVICES).some((service) => services.has(`${fqn}/${service}`));
}

/** Returns the error of a node whose parameters are not available. */
export function unavailable(fqn: string, details: string): SovdError {
  const message = `The parameters of ${fqn} are not available: ${details}`;
  return new SovdError({ code: 'x-medkit-ros2-node-unavailable', message, parameters: { details, node: fqn } });
}

function failure(fqn: string, error: unknown): unknown {
  if (isUnanswered(error) || error instanceof ServerLost) return unavailable(fqn, errorMessage(error));
  const message = `${fqn} sent an answer that cannot be decoded`;
  return callFailure(error, { code: 'internal-error', message, parameters: { node: fqn } });
}

function isUnanswered(error: unknown): boolean {
  return error instanceof ServiceUnavailable || error instanceof CallTimeout;
}
