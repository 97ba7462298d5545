import { debug, debugComponents, type Port } from '@medkit/edges';
import type { IncomingCall } from '@medkit/edges/link';
import type { AdapterFacts, LocalNode, NodeOptions, RosAdapter } from '../adapter/adapter.ts';
import { dropCounter } from '../adapter/drop-counter.ts';
import { TypeSupport } from '../codec/type-support.ts';
import { AdapterUnavailable, AlreadyClosed } from '../errors.ts';
import type { Graph, GraphDiff } from '../graph.ts';
import type { JsonObject, JsonValue, RosMessage, TypeDescription } from '../types/message.ts';
import { GraphMirror } from './graph-mirror.ts';
import { openRemoteNode } from './open-remote-node.ts';
import type { JoinOptions, RequestCalls } from './protocol.ts';
import type { RemoteContext } from './remote-context.ts';
import { unpackSamples } from './sample-batch.ts';
import { creditIn, linkToThread, type ThreadLink } from './thread-link.ts';
import { TypeCache } from './type-cache.ts';

/**
 * A `RosAdapter` whose participant is at the other end of a port. Messages are encoded and decoded on this side, with
 * definitions found by the other side. Values therefore do not wait for a thread that is busy receiving.
 */
export class RemoteRosAdapter implements RosAdapter {
  readonly #join: JoinOptions;
  readonly #drops = dropCounter();
  readonly #mirror = new GraphMirror({ onListenerFailure: () => this.#drops.count('failed-graph-listener') });
  readonly #typeCache = new TypeCache({ ask: async (type) => this.#live().call('findType', [type]) });
  readonly #types = new TypeSupport({ find: (type) => this.#typeCache.find(type) });
  readonly #nodes = new Set<LocalNode>();
  readonly #context: RemoteContext;
  #link: ThreadLink | undefined;
  #unavailable = 'the DDS thread is not started';
  #lastId = 0;

  constructor({ join }: { readonly join: JoinOptions }) {
    this.#join = join;
    this.#context = {
      types: this.#types,
      drops: this.#drops,
      listeners: new Map(),
      handlers: new Map(),
      openings: new Map(),
      newId: () => ++this.#lastId,
      link: () => this.#live(),
      graph: () => this.graph(),
      close: (id) => this.#close(id),
    };
  }

  /** Joins the graph through a new thread and reopens everything that is open here. Throws if joining fails. */
  async attach(port: Port): Promise<void> {
    const credit = creditIn(() => link);
    const link: ThreadLink = linkToThread({
      port,
      onCall: (call) => void this.#handle(call),
      hears: {
        debug: ([component, message]) => debug[component]?.(message),
        graph: (diff) => {
          this.#typeCache.forget(this.#mirror.apply(diff));
          link.notify('graphSeen', [diff.generation]);
        },
        samples: (batch) => {
          unpackSamples(batch, (id, sample) => this.#context.listeners.get(id)?.(sample));
          credit(batch.weightBytes);
        },
      },
    });
    this.#link = link;
    const joining = link.call('join', [this.#join, debugComponents()]);
    // All of them could be opened earlier. If one fails now, its use reports the error.
    const reopening = Promise.allSettled([...this.#context.openings.values()].map((open) => open()));
    await joining;
    await reopening;
  }

  /** The thread has ended: fails all calls with `reason` until there is a new one. */
  detach(reason: string): void {
    this.#unavailable = reason;
    this.#link?.break(new AdapterUnavailable(reason));
    this.#link = undefined;
    this.#mirror.clear();
  }

  async graph(): Promise<Graph> {
    await this.#live().call('settleGraph', []);
    return this.#mirror.graph;
  }

  onGraphChange(listener: (diff: GraphDiff) => void): () => void {
    return this.#mirror.onChange(listener);
  }

  async node(options: NodeOptions): Promise<LocalNode> {
    const node = await openRemoteNode(this.#context, options, (closed) => this.#nodes.delete(closed));
    this.#nodes.add(node);
    return node;
  }

  describeType(type: string): Promise<TypeDescription | undefined> {
    return this.#types.describe(type);
  }

  decode(type: string, cdr: Uint8Array): Promise<JsonValue | undefined> {
    return this.#types.decode(type, cdr);
  }

  encode(type: string, json: JsonValue): Promise<Uint8Array> {
    return this.#types.encode(type, json);
  }

  toJson(type: string, message: RosMessage): Promise<JsonObject | undefined> {
    return this.#types.toJson(type, message);
  }

  async facts(): Promise<AdapterFacts> {
    const facts = await this.#live().call('facts', []);
    const dropped: Record<string, number> = { ...facts.dropped };
    for (const [reason, count] of Object.entries(this.#drops.counts()))
      dropped[reason] = (dropped[reason] ?? 0) + count;
    return { ...facts, dropped };
  }

  /** Closes everything that is open and leaves the graph. */
  async close(): Promise<void> {
    const link = this.#link;
    this.#mirror.stop();
    await Promise.all([...this.#nodes].map((node) => node.close()));
    await link?.call('leave', []);
  }

  #live(): ThreadLink {
    if (!this.#link) throw new AdapterUnavailable(this.#unavailable);
    return this.#link;
  }

  async #close(id: number): Promise<void> {
    this.#context.openings.delete(id);
    try {
      await this.#link?.call('closeEndpoint', [id]);
    } catch (error) {
      // It ended together with its thread.
      if (!(error instanceof AdapterUnavailable)) throw error;
    }
  }

  /** Handles a request to one of the servers, the only call that the thread makes. */
  async #handle(call: IncomingCall): Promise<void> {
    try {
      const [server, request] = call.args as Parameters<RequestCalls['handle']>;
      const handler = this.#context.handlers.get(server);
      if (!handler) throw new AlreadyClosed('the server is closed');
      const response = new Uint8Array(await handler(request));
      call.answer(response, [response.buffer]);
    } catch (error) {
      call.fail(error);
    }
  }
}
