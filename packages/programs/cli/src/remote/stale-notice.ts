import type { Send } from '@medkit/client';
import { formatTime } from '../terminal/format.ts';

/** Warning of HTTP for a reply that may be outdated (RFC 9111, 5.5): a hub answered for a robot that is away. */
const STALE = /^110\b/;

/**
 * Returns a transport that reports the first reply of a hub with the last known state of a robot, and as of when it is
 * known: on standard error, because standard output is as for a connected robot.
 */
export function withStaleNotice(send: Send, robot: string, report: (line: string) => void = console.error): Send {
  let isReported = false;
  return async (url, init) => {
    const reply = await send(url, init);
    if (!isReported && STALE.test(reply.headers.get('warning') ?? '')) {
      isReported = true;
      const time = Date.parse(reply.headers.get('last-modified') ?? '');
      const asOf = Number.isNaN(time) ? '' : ` as of ${formatTime(new Date(time))}`;
      report(`${robot} is not connected to its hub: this is its last known state${asOf}`);
    }
    return reply;
  };
}
