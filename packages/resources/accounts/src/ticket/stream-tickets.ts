import { createHash } from 'node:crypto';
import { type Clock, Quota, type Random } from '@medkit/edges';
import { TooMany } from '../refusals.ts';

const TICKET_BYTES = 32;
/** Lifetime of a ticket. */
export const TICKET_LIFE_MS = 30_000;
/** Maximum tickets of one principal: as many streams as a page opens together. */
const MAX_OF_OWNER = 32;
const MAX_TICKETS = 1024;

/** Tickets that let a client open a stream without an `Authorization` header and without a credential in the URL. */
export interface StreamTickets<Holder> {
  /** Returns a ticket to open `path` once, within 30 s. Throws `TooMany` if `owner` has reached its limit. */
  issue(owner: string, path: string, holder: Holder): string;
  /**
   * Returns the holder of a ticket, or `undefined` if it is invalid or for another path. Consumes the ticket in any
   * case.
   */
  redeem(ticket: string, path: string): Holder | undefined;
  /** Limits unused tickets by owner. */
  readonly quota: Quota;
}

interface Ticket<Holder> {
  readonly owner: string;
  readonly path: string;
  readonly holder: Holder;
  readonly endsMs: number;
}

/** Creates tickets, which exist only in memory: after a restart, the client requests a new one, as for each stream. */
export function streamTickets<Holder>({ clock, random }: { readonly clock: Clock; readonly random: Random }) {
  /** By digest, so that the duration of a look-up reveals nothing about a ticket; in order of expiry. */
  const tickets = new Map<string, Ticket<Holder>>();
  const quota = new Quota(MAX_TICKETS);
  const drop = (digest: string): Ticket<Holder> | undefined => {
    const ticket = tickets.get(digest);
    if (ticket && tickets.delete(digest)) quota.release(ticket.owner);
    return ticket;
  };
  const sweep = () => {
    for (const [digest, { endsMs }] of tickets) {
      if (endsMs > clock.monotonicMs()) return;
      drop(digest);
    }
  };
  const those: StreamTickets<Holder> = {
    quota,
    issue(owner, path, holder) {
      sweep();
      const unused = quota.heldBy(owner);
      if (unused >= MAX_OF_OWNER) quota.refuse();
      if (unused >= MAX_OF_OWNER || !quota.take(owner)) {
        throw new TooMany(`${owner} has ${unused} unused tickets: open their streams first, or wait 30 s`);
      }
      const ticket = Buffer.from(random.bytes(TICKET_BYTES)).toString('base64url');
      tickets.set(digestOf(ticket), { owner, path, holder, endsMs: clock.monotonicMs() + TICKET_LIFE_MS });
      return ticket;
    },
    redeem(ticket, path) {
      sweep();
      const digest = digestOf(ticket);
      const found = drop(digest);
      return found?.path === path ? found.holder : undefined;
    },
  };
  return those;
}

const digestOf = (ticket: string): string => createHash('sha256').update(ticket).digest('base64url');
