import type { Link } from '@medkit/edges/link';
import type {
  LocalNode,
  Publisher,
  RosMessage,
  ServiceClient,
  ServiceHandler,
  ServiceServer,
  Subscription,
} from '@medkit/ros2';
import type { RosAccess } from '../plugin-context.ts';
import type { ChildListeners } from './child-listeners.ts';

type Opened<Kind> = Kind & { readonly id: number };

/** Returns the graph access of a plugin in a separate process. The gateway performs all operations. */
export function remoteRos(link: Link, listeners: ChildListeners, handlers: Map<number, ServiceHandler>): RosAccess {
  const ask = <T>(name: string, args: readonly unknown[], signal?: AbortSignal) =>
    link.call(`ros.${name}`, args, { signal }) as Promise<T>;
  const close = (id: number) => ask<void>('close', [id]);
  return {
    graph: () => ask('graph', []),
    onGraphChange: (listener) => listeners.listen('graph', listener),
    describeType: (type) => ask('describeType', [type]),
    decode: (type, cdr) => ask('decode', [type, cdr]),
    encode: (type, json) => ask('encode', [type, json]),
    toJson: (type, message) => ask('toJson', [type, message]),
    node: async (options): Promise<LocalNode> => {
      const node = await ask<Opened<{ readonly fqn: string }>>('node', [options]);
      return {
        fqn: node.fqn,
        publisher: async (...args): Promise<Publisher> => {
          const { id, topic, type } = await ask<Opened<Pick<Publisher, 'topic' | 'type'>>>('publisher', [
            node.id,
            ...args,
          ]);
          return {
            topic,
            type,
            matched: () => ask('matched', [id]),
            publish: (message) => ask('publish', [id, message]),
            acknowledged: (timeoutMs) => ask('acknowledged', [id, timeoutMs]),
            close: () => close(id),
          };
        },
        subscribe: async ({ onSample, ...wanted }): Promise<Subscription> => {
          const listener = listeners.add(onSample);
          try {
            const { id, ...subscription } = await ask<Opened<Omit<Subscription, 'close'>>>('subscribe', [
              node.id,
              listener,
              wanted,
            ]);
            return {
              ...subscription,
              close: () => {
                listeners.drop(listener);
                return close(id);
              },
            };
          } catch (error) {
            listeners.drop(listener);
            throw error;
          }
        },
        client: async (service, type): Promise<ServiceClient> => {
          const { id, ...client } = await ask<Opened<Pick<ServiceClient, 'service' | 'type'>>>('client', [
            node.id,
            service,
            type,
          ]);
          return {
            ...client,
            ready: () => ask('ready', [id]),
            call: (request, { timeoutMs, signal }) => ask<RosMessage>('call', [id, request, timeoutMs], signal),
            callSerialised: (request, { timeoutMs, signal }) =>
              ask<Uint8Array>('callSerialised', [id, request, timeoutMs], signal),
            close: () => close(id),
          };
        },
        service: async (name, type, handler): Promise<ServiceServer> => {
          const number = listeners.newId();
          handlers.set(number, handler);
          try {
            const { id, ...server } = await ask<Opened<Omit<ServiceServer, 'close'>>>('service', [
              node.id,
              number,
              name,
              type,
            ]);
            return {
              ...server,
              close: () => {
                handlers.delete(number);
                return close(id);
              },
            };
          } catch (error) {
            handlers.delete(number);
            throw error;
          }
        },
        close: () => close(node.id),
      };
    },
  };
}
