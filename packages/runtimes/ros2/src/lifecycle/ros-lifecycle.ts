import { type LifecycleAction, SovdError } from '@medkit/contract';
import {
  type CallContext,
  errorMessage,
  type LastTransition,
  LifecycleError,
  type LifecycleStatus,
  type Log,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import {
  type GraphDiff,
  isManagedNode,
  type LifecycleClient,
  type LifecycleStateLabel,
  type LocalNode,
  lifecycleNames,
  openLifecycleClient,
} from '@medkit/ros2';
import { callFailure } from '../call-failure.ts';
import { ClientPool } from '../calls/client-pool.ts';
import { HOST_NATIVE_ID } from '../discovery/ros-contribution.ts';
import type { GraphView } from '../graph/graph-view.ts';
import type { NewNodes } from '../graph/new-nodes.ts';
import { possibleActions, refusal } from './control-plan.ts';
import { lifecycleManagersOf, managerWarning } from './lifecycle-managers.ts';
import { type LifecycleActionResult, runLifecycleAction } from './run-lifecycle-action.ts';

/** How long a node may take to return its state. */
const READ_TIMEOUT_MS = 500;
/** The same for the first request, when the node may not have discovered the client yet. */
const FIRST_READ_TIMEOUT_MS = 2000;
/** Maximum nodes whose lifecycle is followed; each takes two clients and a subscription. */
const MAX_CLIENTS = 256;
/** A node that was not requested for this time is no longer followed. */
const IDLE_MS = 300_000;

/** The machine of the gateway is running while the gateway answers. */
const HOST: LifecycleStatus = { status: 'ready', actions: [] };

/** State of a managed node. */
interface ManagedNode {
  readonly fqn: string;
  /** Last known state, from an event or a request. */
  state?: LifecycleStateLabel;
  /** The client has had an answer before, so both sides have discovered each other. */
  acquainted: boolean;
  /** The pending request for the state, shared by all callers. */
  reading?: Promise<LifecycleStateLabel>;
  /** The action that is running or about to start. */
  busy?: LifecycleAction;
  lastTransition?: LastTransition;
  /** Processes in which the node was seen. */
  participants: readonly string[];
}

export interface RosLifecycleOptions {
  /** The node of medkit that sends the requests. */
  readonly node: LocalNode;
  /** The current graph. */
  readonly view: GraphView;
  readonly newNodes: NewNodes;
  readonly clock: Clock;
  readonly log: Log;
}

/** The lifecycle of managed nodes: reads their state and runs their transitions through their services. */
export class RosLifecycle {
  readonly #view: GraphView;
  readonly #newNodes: NewNodes;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #clients: ClientPool<LifecycleClient>;
  /** By FQN: nodes in the graph that were requested at least once. */
  readonly #nodes = new Map<string, ManagedNode>();
  readonly #errands = new Set<Promise<void>>();

  constructor({ node, view, newNodes, clock, log }: RosLifecycleOptions) {
    this.#view = view;
    this.#newNodes = newNodes;
    this.#clock = clock;
    this.#log = log;
    this.#clients = new ClientPool({
      open: (fqn) => {
        this.#update(fqn, { acquainted: false });
        return openLifecycleClient(node, { target: fqn, onState: (state) => this.#update(fqn, { state }) });
      },
      clock,
      log,
      maxClients: MAX_CLIENTS,
      idleMs: IDLE_MS,
    });
  }

  /** Returns `undefined` for a node that is not managed or not in the graph. */
  async status(nativeId: string, call: CallContext): Promise<LifecycleStatus | undefined> {
    if (nativeId === HOST_NATIVE_ID) return HOST;
    const node = await this.#find(nativeId, call);
    if (!node) return this.#newNodes.settlingMs(nativeId) > 0 ? notYetKnown(nativeId) : undefined;
    // During an action the node does not answer, or its state changes soon: the last known state is sufficient.
    const mute = node.busy ? undefined : await this.#unreachable(node);
    const { state, lastTransition } = node;
    const warnings = [...(mute ? [mute] : []), ...lifecycleManagersOf(this.#view, nativeId).map(managerWarning)];
    return {
      status: state === 'active' && !mute ? 'ready' : 'notReady',
      actions: state && !mute && !node.busy ? possibleActions(state) : [],
      ...(state && { state }),
      ...(lastTransition && { lastTransition }),
      terms: { ros2: { node: nativeId } },
      warnings,
    };
  }

  /** Starts an action; `status` shows its progress. Throws `LifecycleError` if it cannot start. */
  async change(nativeId: string, action: LifecycleAction, call: CallContext): Promise<void> {
    const node = await this.#find(nativeId, call);
    if (!node) {
      const message = `${nativeId} has no lifecycle to control: it is not a managed node, or it is offline`;
      throw new LifecycleError({ failure: 'unsupported', message });
    }
    if (node.busy) throw refused(node, action, `${node.busy} is in progress`);
    node.busy = action;
    try {
      const reason = refusal(action, await this.#read(node));
      if (reason !== undefined) throw refused(node, action, reason);
    } catch (error) {
      delete node.busy;
      throw error;
    }
    const run = this.#runLifecycleAction(node, action);
    this.#errands.add(run);
    void run.finally(() => this.#errands.delete(run));
  }

  /**
   * Removes nodes that have left the graph, fails their actions, and discards the state of restarted nodes. A killed
   * node stays in the graph until its lease ends, while a new one may have its name.
   */
  graphChanged({ nodes }: Pick<GraphDiff, 'nodes'>): void {
    for (const { fqn, participants } of nodes.added) {
      const known = this.#nodes.get(fqn);
      if (!known) continue;
      const isNew = participants.some((participant) => !known.participants.includes(participant));
      known.participants = participants;
      if (!isNew) continue;
      known.acquainted = false;
      delete known.state;
      if (!known.busy) delete known.lastTransition;
    }
    for (const fqn of nodes.removed) {
      this.#nodes.delete(fqn);
      this.#clients.drop(fqn);
    }
  }

  async close(): Promise<void> {
    await this.#clients.close();
    await Promise.all(this.#errands);
  }

  /** The services of a node appear after the node: until they are settled, it may still turn out to be managed. */
  #find(nativeId: string, call: CallContext): Promise<ManagedNode | undefined> {
    return this.#newNodes.find(nativeId, call, () => this.#managedNode(nativeId));
  }

  #managedNode(fqn: string): ManagedNode | undefined {
    const seen = this.#view.nodes.get(fqn);
    if (!seen || !isManagedNode(fqn, this.#view.servicesOf(fqn))) return undefined;
    const known = this.#nodes.get(fqn);
    if (known) return known;
    const node: ManagedNode = { fqn, acquainted: false, participants: seen.participants };
    this.#nodes.set(fqn, node);
    return node;
  }

  #update(fqn: string, changes: Partial<Pick<ManagedNode, 'state' | 'acquainted'>>): void {
    const node = this.#nodes.get(fqn);
    if (node) Object.assign(node, changes);
  }

  /** Returns why the state cannot be read; `undefined` if it can. */
  async #unreachable(node: ManagedNode): Promise<string | undefined> {
    try {
      await this.#read(node);
      return undefined;
    } catch (error) {
      if (error instanceof SovdError && error.code === 'x-medkit-plugin-error') return error.message;
      throw error;
    }
  }

  #read(node: ManagedNode): Promise<LifecycleStateLabel> {
    node.reading ??= this.#ask(node).finally(() => {
      delete node.reading;
    });
    return node.reading;
  }

  async #ask(node: ManagedNode): Promise<LifecycleStateLabel> {
    const { fqn } = node;
    try {
      node.state = await this.#clients.use(fqn, (client) => {
        const timeoutMs = node.acquainted ? READ_TIMEOUT_MS : FIRST_READ_TIMEOUT_MS;
        node.acquainted = true;
        return client.state({ timeoutMs });
      });
      return node.state;
    } catch (error) {
      const message = `${fqn} does not report its state: ${lifecycleNames(fqn).getState} did not answer`;
      throw callFailure(error, { code: 'x-medkit-plugin-error', status: 504, message });
    }
  }

  async #runLifecycleAction(node: ManagedNode, action: LifecycleAction): Promise<void> {
    const { fqn } = node;
    let transition: LastTransition = { action, outcome: 'running', startedMs: this.#clock.wallMs() };
    const update = (changes: Partial<LastTransition>): void => {
      transition = { ...transition, ...changes };
      node.lastTransition = transition;
    };
    update({});
    const work = (client: LifecycleClient): Promise<LifecycleActionResult> =>
      runLifecycleAction({
        client,
        action,
        clock: this.#clock,
        onStep: (step) => update({ step }),
        onState: (state) => {
          node.state = state;
        },
      });
    const end = await this.#clients
      .use(fqn, work)
      .catch((error: unknown): LifecycleActionResult => ({ outcome: 'failed', message: errorMessage(error) }));
    delete node.busy;
    update({ ...end, endedMs: this.#clock.wallMs() });
    const { outcome, message } = end;
    const suffix = message === undefined ? '' : `: ${message}`;
    const result = outcome === 'unknown' ? 'has an unknown outcome' : outcome;
    this.#log(message === undefined ? 'info' : 'warn', `${action} of ${fqn} ${result}${suffix}`);
  }
}

/** Returns the status of a recently announced node, of which it is not yet known whether it is managed. */
function notYetKnown(fqn: string): LifecycleStatus {
  const warnings = [`${fqn} appeared a moment ago: its services are not all known yet`];
  return { status: 'notReady', actions: [], terms: { ros2: { node: fqn } }, warnings };
}

function refused({ fqn }: ManagedNode, action: LifecycleAction, reason: string): LifecycleError {
  return new LifecycleError({ failure: 'precondition-failed', message: `Cannot ${action} ${fqn}: ${reason}` });
}
