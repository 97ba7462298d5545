import { lookup } from 'node:dns/promises';
import { parentPort } from 'node:worker_threads';
import type { Datagrams } from '@medkit/edges';
import { systemClock, systemFiles, systemRandom } from '@medkit/edges/node';
import { openRosAdapter } from '../local-adapter/open-ros-adapter.ts';
import { recordIfEnabled } from './optional-recording.ts';
import { serveAdapter } from './serve-adapter.ts';

/** Serves an adapter to the thread that started this one. */
export function serveThread({ datagrams }: { readonly datagrams: Datagrams }): void {
  if (!parentPort) throw new Error('this module must be started as a worker thread');
  serveAdapter({
    port: parentPort,
    clock: systemClock,
    join: async ({ recording, ...options }) =>
      openRosAdapter({
        ...options,
        clock: systemClock,
        random: systemRandom,
        files: systemFiles,
        datagrams: await recordIfEnabled(datagrams, recording),
        resolveHost: addressOf,
      }),
  });
}

async function addressOf(name: string): Promise<string | undefined> {
  try {
    return (await lookup(name, { family: 4 })).address;
  } catch {
    return undefined;
  }
}
