import type { CallHandler, Link } from '@medkit/edges/link';
import type { LocalNode, NodeOptions, Publisher, RosMessage, ServiceClient, SubscribeOptions } from '@medkit/ros2';
import type { RosAccess } from '../plugin-context.ts';
import type { EventForwarder } from './event-forwarder.ts';

/** Maximum number of nodes, publishers, subscriptions, clients and servers that one plugin has open. */
const MAX_OPEN = 1024;

interface Open {
  close(): Promise<void>;
}

/**
 * Serves the graph to a plugin's process. Everything that the process opens has a number there and is closed with the
 * process.
 */
export class GraphServer {
  readonly #ros: RosAccess;
  readonly #listeners: EventForwarder;
  readonly #link: () => Link;
  readonly #open = new Map<number, Open>();
  #lastId = 0;
  #closed = false;

  constructor(ros: RosAccess, listeners: EventForwarder, link: () => Link) {
    this.#ros = ros;
    this.#listeners = listeners;
    this.#link = link;
  }

  readonly answers: Readonly<Record<string, CallHandler>> = {
    'ros.graph': () => this.#ros.graph(),
    'ros.describeType': ([type]: [string]) => this.#ros.describeType(type),
    'ros.decode': ([type, cdr]: [string, Uint8Array]) => this.#ros.decode(type, cdr),
    'ros.encode': ([type, json]: [string, never]) => this.#ros.encode(type, json),
    'ros.toJson': ([type, message]: [string, RosMessage]) => this.#ros.toJson(type, message),
    'ros.node': async ([options]: [NodeOptions]) => {
      const node = await this.#ros.node(options);
      return { id: this.#keep(node), fqn: node.fqn };
    },
    'ros.publisher': async ([node, ...args]: [number, ...Parameters<LocalNode['publisher']>]) => {
      const publisher = await this.#at<LocalNode>(node).publisher(...args);
      return { id: this.#keep(publisher), topic: publisher.topic, type: publisher.type };
    },
    'ros.publish': ([publisher, message]: [number, RosMessage | Uint8Array]) =>
      this.#at<Publisher>(publisher).publish(message),
    'ros.matched': ([publisher]: [number]) => this.#at<Publisher>(publisher).matched(),
    'ros.acknowledged': ([publisher, timeoutMs]: [number, number]) =>
      this.#at<Publisher>(publisher).acknowledged(timeoutMs),
    'ros.subscribe': async ([node, listener, options]: [number, number, Omit<SubscribeOptions, 'onSample'>]) => {
      const sink: { sample: (sample: unknown) => void } = { sample: () => undefined };
      this.#listeners.add(listener, true, (deliver) => {
        sink.sample = deliver;
        return () => undefined;
      });
      const opening = this.#at<LocalNode>(node).subscribe({ ...options, onSample: (sample) => sink.sample(sample) });
      const subscription = await opening.catch((error: unknown) => {
        this.#listeners.remove(listener);
        throw error;
      });
      const id = this.#keep({
        close: async () => {
          this.#listeners.remove(listener);
          await subscription.close();
        },
      });
      return { id, topic: subscription.topic, type: subscription.type, qos: subscription.qos };
    },
    'ros.client': async ([node, service, type]: [number, string, string?]) => {
      const client = await this.#at<LocalNode>(node).client(service, type);
      return { id: this.#keep(client), service: client.service, type: client.type };
    },
    'ros.ready': ([client]: [number]) => this.#at<ServiceClient>(client).ready(),
    'ros.call': ([client, request, timeoutMs]: [number, RosMessage, number], { signal }) =>
      this.#at<ServiceClient>(client).call(request, { timeoutMs, signal }),
    'ros.callSerialised': ([client, request, timeoutMs]: [number, Uint8Array, number], { signal }) =>
      this.#at<ServiceClient>(client).callSerialised(request, { timeoutMs, signal }),
    'ros.service': async ([node, handler, name, type]: [number, number, string, string]) => {
      const server = await this.#at<LocalNode>(node).service(
        name,
        type,
        (request) => this.#link().call('ros.handle', [handler, request]) as Promise<RosMessage>,
      );
      return { id: this.#keep(server), service: server.service, type: server.type };
    },
    'ros.close': async ([id]: [number]) => {
      const open = this.#open.get(id);
      this.#open.delete(id);
      await open?.close();
    },
  };

  /** Closes everything that the process opened, including what is still being opened. */
  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#open.values()].reverse();
    this.#open.clear();
    await Promise.allSettled(open.map((each) => each.close()));
  }

  #keep(open: Open): number {
    if (this.#closed || this.#open.size >= MAX_OPEN) {
      open.close().catch(() => undefined);
      throw new Error(this.#closed ? 'the process has ended' : `a plugin has at most ${MAX_OPEN} nodes and endpoints`);
    }
    this.#open.set(++this.#lastId, open);
    return this.#lastId;
  }

  #at<Kind extends Open>(id: number): Kind {
    const open = this.#open.get(id);
    if (!open) throw new Error('the node or endpoint is closed');
    return open as Kind;
  }
}
