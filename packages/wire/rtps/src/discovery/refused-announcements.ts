import type { Agenda, Alarm } from '../agenda.ts';
import type { EndpointBudget, Growth } from './endpoint-budget.ts';
import type { Peer } from './peer.ts';

/** Retry interval for refused announcements, and maximum participants asked per retry. */
const RETRY_MS = 500;
const MAX_REQUESTS_PER_RETRY = 16;

/**
 * Participants with an announcement that was refused for lack of room, longest waiting first. Their writers regard it
 * as delivered: leaving it unacknowledged would block later samples, such as the disposal of endpoints. The writers are
 * transient-local and still store the announcements, so they are asked for all of them when there is room.
 */
export class RefusedAnnouncements {
  readonly #room: EndpointBudget;
  readonly #letGoOfSilent: () => boolean;
  readonly #askAgain: (peer: Peer) => void;
  /** The value is the size in octets of the smallest refused announcement. */
  readonly #refused = new Map<Peer, number>();
  readonly #retry: Alarm;

  constructor(options: {
    readonly agenda: Agenda;
    readonly room: EndpointBudget;
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

  /** The participant was removed. */
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
      // `letGoOfSilent` may have removed this very participant.
      if (!this.#room.has(withIt) || !this.#refused.delete(peer)) continue;
      this.#askAgain(peer);
      wanted = withIt;
      if (wanted.endpoints === MAX_REQUESTS_PER_RETRY) break;
    }
    if (this.#refused.size > 0) this.#retry.set(RETRY_MS);
  }
}
