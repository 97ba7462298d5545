import type { CallOptions, ServiceClient } from '../adapter/service.ts';
import { AlreadyClosed, CallAborted } from '../errors.ts';
import { callTyped } from '../services/typed-call.ts';
import { openInThread, type RemoteContext } from './remote-context.ts';
import { answerOf, copyOf } from './thread-link.ts';

/** A service used by one of medkit's nodes. */
export interface ServiceOfRemoteNode {
  readonly node: number;
  /** Full name. */
  readonly service: string;
  readonly type: string;
}

/** Opens a client in the other thread. `onClose` is called once when it is closed. */
export async function openRemoteClient(
  context: RemoteContext,
  { node, service, type }: ServiceOfRemoteNode,
  onClose: (client: ServiceClient) => void,
): Promise<ServiceClient> {
  const id = context.newId();
  await openInThread(context, id, () => context.link().call('openClient', [id, node, service, type]));
  let isOpen = true;
  const requireOpen = (): void => {
    if (!isOpen) throw new AlreadyClosed(`the client of ${service} is closed`);
  };
  const client: ServiceClient = {
    service,
    type,
    async ready() {
      requireOpen();
      return context.link().call('readyServers', [id]);
    },
    call: (request, options) => callTyped(context, client, request, options),
    async callSerialised(request, options) {
      requireOpen();
      return callInThread(context, client, id, request, options);
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await context.close(id);
      onClose(client);
    },
  };
  return client;
}

async function callInThread(
  context: RemoteContext,
  { service }: ServiceClient,
  client: number,
  request: Uint8Array,
  { timeoutMs, signal, servers }: CallOptions,
): Promise<Uint8Array> {
  if (signal?.aborted) throw new CallAborted(`the call of ${service} was aborted`);
  const { copy, weight } = copyOf(request);
  const link = context.link();
  const call = link.call('callService', [client, copy, timeoutMs, servers], { signal, ...weight });
  return answerOf(link, `${service} was called`, call);
}
