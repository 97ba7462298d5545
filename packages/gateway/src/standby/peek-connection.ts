import type { Socket } from 'node:net';
import type { Clock } from '@medkit/edges';
import { beginsUplink } from './first-bytes.ts';

/** Time for the first bytes of a client. A slower one is forwarded. */
const PEEK_MS = 5000;

/**
 * Returns whether a paused connection begins with the uplink of a robot. What it has read is in the connection again: it is
 * paused, and its next reader begins with the first byte.
 */
export function peekUplink(client: Socket, paths: readonly string[], clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    const settle = (isUplink: boolean): void => {
      patience.cancel();
      client.off('readable', look).off('close', give);
      client.pause();
      if (received.length > 0 && !client.destroyed) client.unshift(received);
      resolve(isUplink);
    };
    const give = (): void => settle(false);
    const look = (): void => {
      const length = client.readableLength;
      // The client has ended. To read more would emit `end`, after which no byte can be put back.
      if (length === 0) {
        give();
        return;
      }
      received = Buffer.concat([received, client.read(length) as Buffer]);
      const found = beginsUplink(received, paths);
      if (found !== undefined) settle(found);
    };
    const patience = clock.after(PEEK_MS, give);
    client.on('readable', look).on('close', give);
  });
}
