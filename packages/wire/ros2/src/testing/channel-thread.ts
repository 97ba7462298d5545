import { MessageChannel } from 'node:worker_threads';
import type { Thread } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import type { LocalRosAdapter } from '../adapter/open-ros-adapter.ts';
import type { JoinOptions } from '../worker/protocol.ts';
import { serveAdapter } from '../worker/serve-adapter.ts';

/** All that is of a thread but the thread: an adapter behind a message channel. */
export function channelThread(join: (options: JoinOptions) => Promise<LocalRosAdapter>): Thread {
  const { port1, port2 } = new MessageChannel();
  const ended = Promise.withResolvers<string>();
  let joined: Promise<LocalRosAdapter> | undefined;
  serveAdapter({
    port: port2,
    clock: systemClock,
    join: (options) => {
      joined = join(options);
      return joined;
    },
  });
  return {
    port: port1,
    ended: ended.promise,
    async end() {
      port1.close();
      // With a thread its sockets would end; what could not join has none.
      const adapter = await joined?.catch(() => undefined);
      await adapter?.close();
      ended.resolve('it was ended');
    },
  };
}
