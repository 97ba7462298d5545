import type { ServiceServer } from '../adapter/service.ts';
import type { SerialisedHandler } from '../services/typed-call.ts';
import type { ServiceOfRemoteNode } from './open-remote-client.ts';
import { openInThread, type RemoteContext } from './remote-context.ts';

/**
 * Opens a server in the other thread whose requests are handled in this one. `onClose` is called once when it is
 * closed.
 */
export async function openRemoteServer(
  context: RemoteContext,
  { node, service, type }: ServiceOfRemoteNode,
  handler: SerialisedHandler,
  onClose: (server: ServiceServer) => void,
): Promise<ServiceServer> {
  const id = context.newId();
  context.handlers.set(id, handler);
  await openInThread(context, id, () => context.link().call('openService', [id, node, service, type])).catch(
    (error: unknown) => {
      context.handlers.delete(id);
      throw error;
    },
  );
  let isOpen = true;
  const server: ServiceServer = {
    service,
    type,
    async close() {
      if (!isOpen) return;
      isOpen = false;
      context.handlers.delete(id);
      await context.close(id);
      onClose(server);
    },
  };
  return server;
}
