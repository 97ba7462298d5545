import type { Port } from '@medkit/edges';
import { type IncomingCall, Link, type LinkBounds, type LinkCallOptions, type LinkOptions } from '@medkit/edges/link';
import { AdapterUnavailable, CallLost } from '../errors.ts';
import { ROS_ERRORS } from './link-errors.ts';
import type { Calls, ClientNotices, RequestCalls, ThreadNotices } from './protocol.ts';
import { WINDOW_BYTES } from './sample-outlet.ts';

/**
 * Maximum calls waiting for an answer, and octets of their messages. They must not pile up if the thread does not
 * answer.
 */
export const LINK_BOUNDS: LinkBounds & { readonly bytes: number } = { calls: 4096, bytes: 64 * 1024 * 1024 };

/** Credit is returned in portions: not for every batch, but long before the window is used up. */
const CREDIT_BYTES = WINDOW_BYTES / 8;

/** The client's end of the link to an adapter's thread. */
export type ThreadLink = Link<Calls>;
/** The thread's end of the link. */
export type ClientLink = Link<RequestCalls>;

type Hears<Notices> = { readonly [Name in keyof Notices]: (notice: Notices[Name]) => void };

interface LinkedTo<Notices> {
  readonly port: Port;
  readonly onCall: (call: IncomingCall) => void;
  readonly hears: Hears<Notices>;
}

export const linkToThread = (options: LinkedTo<ThreadNotices>): ThreadLink => new Link<Calls>(linkOptions(options));

export const linkToClient = (options: LinkedTo<ClientNotices>): ClientLink =>
  new Link<RequestCalls>(linkOptions(options));

function linkOptions<Notices>({ port, onCall, hears }: LinkedTo<Notices>): LinkOptions {
  return {
    port,
    bounds: LINK_BOUNDS,
    errors: ROS_ERRORS,
    gathers: true,
    onCall,
    onNotice: (name, [notice]) => hears[name as keyof Notices](notice as Notices[keyof Notices]),
  };
}

/** Returns a copy of a message for transfer. Transferring a view would move its whole buffer to the other thread. */
export function copyOf(cdr: Uint8Array): { readonly copy: Uint8Array; readonly weight: LinkCallOptions } {
  const copy = new Uint8Array(cdr);
  return { copy, weight: { bytes: copy.byteLength, transfer: [copy.buffer] } };
}

/** Waits for a call that has an effect in the graph. Rejects with `CallLost` if the thread ends before it answers. */
export async function answerOf<T>(link: ThreadLink, what: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AdapterUnavailable && link.isBroken) throw new CallLost(`${what}: ${error.message}`);
    throw error;
  }
}

/** Returns a function that gives the thread credit for delivered samples. */
export function creditIn(link: () => ThreadLink): (bytes: number) => void {
  let owed = 0;
  return (bytes) => {
    owed += bytes;
    if (owed < CREDIT_BYTES) return;
    link().notify('credit', [owed]);
    owed = 0;
  };
}
