import { MessageChannel } from 'node:worker_threads';
import type { Thread } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import type { LocalRosAdapter } from '../local-adapter/open-ros-adapter.ts';
import type { JoinOptions } from '../worker/protocol.ts';
import { serveAdapter } from '../worker/serve-adapter.ts';

/** An adapter behind a message channel, in place of a real thread. */
export function channelThread(join: (options: JoinOptions) => Promise<LocalRosAdapter>): Thread {
  const { port1, port2 } = new MessageChannel();
  const ended = Promise.withResolvers<string>();
  let joining: Promise<LocalRosAdapter> | undefined;
  serveAdapter({
    port: port2,
    clock: systemClock,
    join: (options) => {
      joining = join(options);
      return joining;
    },
  });
  return {
    port: port1,
    ended: ended.promise,
    async end() {
      port1.close();
      // A thread's sockets end with the thread. An adapter that could not join has none.
      const adapter = await joining?.catch(() => undefined);
      await adapter?.close();
      ended.resolve('it was ended');
    },
  };
}
