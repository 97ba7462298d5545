import { createHash } from 'node:crypto';
import { type Clock, Quota, type Random } from '@medkit/edges';
import { TooMany } from '../refusals.ts';

const TICKET_BYTES = 32;
/** How long a ticket counts. */
export const TICKET_LIFE_MS = 30_000;
/** Of one principal: as many as a page opens streams at once. */
const MAX_OF_OWNER = 32;
const MAX_TICKETS = 1024;

/** Lets a stream be opened by a client that can send no header, without a credential in its address. */
export interface StreamTickets<Holder> {
  /** For one opening of `path`, within 30 s. Throws `TooMany` where `owner` has as many as it may. */
  issue(owner: string, path: string, holder: Holder): string;
  /** Who was given the ticket, where it is for that path. Whatever comes of it, it is used up. */
  redeem(ticket: string, path: string): Holder | undefined;
  /** Bounds the tickets that wait to be used, by their owners. */
  readonly quota: Quota;
}

interface Ticket<Holder> {
  readonly owner: string;
  readonly path: string;
  readonly holder: Holder;
  readonly endsMs: number;
}

/** Tickets are kept in memory: after a restart the client asks for another one, as it does with each stream. */
export function streamTickets<Holder>({ clock, random }: { readonly clock: Clock; readonly random: Random }) {
  /** By digest, so that how long a look takes tells nothing of a ticket; in the order in which they end. */
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
      const own = quota.heldBy(owner);
      if (own >= MAX_OF_OWNER) quota.refuse();
      if (own >= MAX_OF_OWNER || !quota.take(owner)) {
        throw new TooMany(`${own} tickets of ${owner} wait to be used: open their streams first, or wait 30 s`);
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
