import type { Agenda, Alarm } from '../participant/agenda.ts';
import type { EndpointRoom, Growth } from './endpoint-room.ts';
import type { Peer } from './peer.ts';

/** How often those that were refused are looked at, and how many of them are asked at once. */
const RETRY_MS = 500;
const ASKED_AT_ONCE = 16;

/**
 * Participants of which an announcement was refused for want of room, the one that waits longest first. Their writers
 * take it for delivered: to leave it unacknowledged would hold up what comes behind it, such as the end of endpoints that
 * take the room. Being transient-local, they still have it, so they are asked for all they have once there is room.
 */
export class RefusedAnnouncements {
  readonly #room: EndpointRoom;
  readonly #letGoOfSilent: () => boolean;
  readonly #askAgain: (peer: Peer) => void;
  /** With the octets of the smallest that was refused. */
  readonly #refused = new Map<Peer, number>();
  readonly #retry: Alarm;

  constructor(options: {
    readonly agenda: Agenda;
    readonly room: EndpointRoom;
    readonly letGoOfSilent: () => boolean;
    readonly askAgain: (peer: Peer) => void;
  }) {
    this.#room = options.room;
    this.#letGoOfSilent = options.letGoOfSilent;
    this.#askAgain = options.askAgain;
    this.#retry = options.agenda.alarm(() => this.#askThoseWithRoom());
  }

  add(peer: Peer, bytes: number): void {
    this.#refused.set(peer, Math.min(bytes, this.#refused.get(peer) ?? bytes));
    this.#retry.setAtMost(RETRY_MS);
  }

  /** The participant is gone. */
  forget(peer: Peer): void {
    this.#refused.delete(peer);
  }

  #askThoseWithRoom(): void {
    let wanted: Growth = { endpoints: 0, bytes: 0 };
    let someAreSilent = true;
    for (const [peer, bytes] of this.#refused) {
      if (!this.#room.isWithinShare(peer, { endpoints: 1, bytes })) continue;
      const withIt = { endpoints: wanted.endpoints + 1, bytes: wanted.bytes + bytes };
      while (someAreSilent && !this.#room.has(withIt)) someAreSilent = this.#letGoOfSilent();
      // It may have been silent itself.
      if (!this.#room.has(withIt) || !this.#refused.delete(peer)) continue;
      this.#askAgain(peer);
      wanted = withIt;
      if (wanted.endpoints === ASKED_AT_ONCE) break;
    }
    if (this.#refused.size > 0) this.#retry.set(RETRY_MS);
  }
}
