import type { LocalNode, TopicSample } from '../adapter/adapter.ts';
import type { ServiceHandler } from '../adapter/service.ts';
import { compileCodec, type MessageCodec } from '../codec/message-codec.ts';
import { ServiceUnavailable } from '../errors.ts';
import { DEFAULT_PROFILE } from '../qos/profiles.ts';
import type { RosMessage } from '../types/message.ts';
import { bundledSource } from '../types/type-source.ts';
import { TypeStore } from '../types/type-store.ts';

const store = new TypeStore({ sources: [bundledSource] });

async function codecOf(type: string): Promise<MessageCodec> {
  const known = await store.find(type);
  if (!known) throw new Error(`${type} is not bundled`);
  return compileCodec(known.type);
}

/** Encodes and decodes a message, as on the wire. */
async function overTheWire(type: string, message: RosMessage): Promise<RosMessage> {
  const codec = await codecOf(type);
  return codec.decode(codec.encode(message));
}

/** Nodes that communicate within this process: services and topics by name, every message encoded and decoded. */
export interface MemoryNodes {
  node(fqn: string): Pick<LocalNode, 'fqn' | 'client' | 'service' | 'publisher' | 'subscribe'>;
  /** Current service handlers, by full service name. */
  readonly services: ReadonlyMap<string, ServiceHandler>;
  /** Number of open clients, publishers and subscriptions. */
  readonly open: number;
}

export function memoryNodes(): MemoryNodes {
  const services = new Map<string, ServiceHandler>();
  const subscriptions = new Map<string, Set<(sample: TopicSample) => void>>();
  let open = 0;
  const opened = () => {
    open++;
    return async () => void open--;
  };
  return {
    services,
    get open() {
      return open;
    },
    node: (fqn) => ({
      fqn,
      client: async (service, type = '') => ({
        service,
        type,
        ready: async () => (services.has(service) ? 1 : 0),
        call: async (request) => {
          const handler = services.get(service);
          if (!handler) throw new ServiceUnavailable(`no server of ${service}`);
          return overTheWire(`${type}_Response`, await handler(await overTheWire(`${type}_Request`, request)));
        },
        callSerialised: () => Promise.reject(new Error('not served in memory')),
        close: opened(),
      }),
      service: async (service, type, handler) => {
        services.set(service, handler);
        return { service, type, close: async () => void services.delete(service) };
      },
      publisher: async (topic, type) => ({
        topic,
        type,
        matched: async () => subscriptions.get(topic)?.size ?? 0,
        publish: async (message) => {
          const sample = { topic, type, message: await overTheWire(type, message as RosMessage) };
          for (const onSample of subscriptions.get(topic) ?? []) onSample(sample as TopicSample);
        },
        acknowledged: async () => true,
        close: opened(),
      }),
      subscribe: async ({ topic, type = '', onSample }) => {
        const listeners = subscriptions.get(topic) ?? new Set();
        subscriptions.set(topic, listeners.add(onSample));
        return { topic, type, qos: DEFAULT_PROFILE, close: async () => void listeners.delete(onSample) };
      },
    }),
  };
}
