import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { RawSample } from '@medkit/faults';
import {
  type ActionClient,
  actionsIn,
  goalServiceOf,
  type JsonObject,
  type LocalNode,
  openActionClient,
  type RosAdapter,
} from '@medkit/ros2';
import { ClientPool } from '../calls/client-pool.ts';
import type { GraphView } from '../graph/graph-view.ts';

/** Maximum clients that stay open for later goals; each client adds three services to the graph. */
const MAX_CLIENTS = 16;
const IDLE_MS = 60_000;
/** How long a server may take to send a result. rcl stores results for ten seconds by default. */
const ANSWER_WITHIN_MS = 30_000;

/** The result that an action server returned for an ended goal. */
export interface ActionResult {
  /** `nav2_msgs/action/NavigateToPose_Result` */
  readonly type: string;
  readonly data: JsonObject;
  /** The serialized result, with the time at which it arrived. */
  readonly sample: RawSample;
}

export interface ActionResultsOptions {
  /** The node of medkit that sends the requests. */
  readonly node: LocalNode;
  readonly view: GraphView;
  readonly adapter: Pick<RosAdapter, 'toJson' | 'encode'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Fetches the results of goals, whichever client sent them. Uses separate clients: those of operations subscribe to the
 * feedback of every goal while one is running.
 */
export class ActionResults {
  readonly #options: ActionResultsOptions;
  readonly #clients: ClientPool<ActionClient>;
  #closed = false;

  constructor(options: ActionResultsOptions) {
    const { node, view, clock, random, log } = options;
    const onFailure = (error: unknown) =>
      log('warn', `A message of an action could not be processed: ${errorMessage(error)}`);
    const open = async (action: string) => {
      const [offered] = actionsIn(view.serversOf(goalServiceOf(action)));
      if (offered === undefined) throw new Error('no node offers the action any more');
      return openActionClient(node, { ...offered, random, onFailure });
    };
    this.#options = options;
    this.#clients = new ClientPool({ open, clock, log, maxClients: MAX_CLIENTS, idleMs: IDLE_MS });
  }

  /**
   * Returns the result of an ended goal. Returns `undefined` if its server does not send one, which may take
   * `ANSWER_WITHIN_MS`. Never rejects.
   */
  async of(action: string, goalId: string): Promise<ActionResult | undefined> {
    const { log } = this.#options;
    try {
      return await this.#ask(action, goalId);
    } catch (error) {
      if (!this.#closed) log('info', `No result of goal ${goalId} of ${action}: ${errorMessage(error)}`);
      return undefined;
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#clients.close();
  }

  #ask(action: string, goalId: string): Promise<ActionResult | undefined> {
    const { adapter, clock } = this.#options;
    return this.#clients.use(action, async (client) => {
      const { status, result } = await client.result(goalId, { timeoutMs: ANSWER_WITHIN_MS });
      // The server has discarded the goal; the reply contains defaults.
      if (status === 'unknown') return undefined;
      const type = `${client.type}_Result`;
      const receivedNs = clock.wallNs();
      const data = await adapter.toJson(type, result);
      return data && { type, data, sample: { octets: await adapter.encode(type, data), receivedNs } };
    });
  }
}
