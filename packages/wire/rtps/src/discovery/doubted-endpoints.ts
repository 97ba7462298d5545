import type { Agenda } from '../participant/agenda.ts';
import type { DiscoveredEndpoint, Peer } from './peer.ts';

/** A participant that is asked for all its endpoints has named them by then, also over a bad network. */
const NAMED_WITHIN_MS = 10_000;

/**
 * What a participant announced in a life that may be over: one restarted under its old GUID prefix, within its lease and at
 * its old ports, says nothing of the endpoints it no longer has. Those it does not name again in time are dropped; the
 * others never seem gone, since it may only have lost us from sight for a while.
 */
export class DoubtedEndpoints {
  readonly #agenda: Agenda;
  readonly #drop: (endpoint: DiscoveredEndpoint) => void;
  readonly #doubted = new Map<Peer, Set<number>>();

  constructor(agenda: Agenda, drop: (endpoint: DiscoveredEndpoint) => void) {
    this.#agenda = agenda;
    this.#drop = drop;
  }

  /** Doubts all that is known of a participant. False where it is in doubt already. */
  add(peer: Peer): boolean {
    if (this.#doubted.has(peer)) return false;
    this.#doubted.set(peer, new Set(peer.endpoints.keys()));
    this.#agenda.alarm(() => this.#dropUnnamed(peer)).set(NAMED_WITHIN_MS);
    return true;
  }

  /** It has announced this one again. */
  named(peer: Peer, entityId: number): void {
    this.#doubted.get(peer)?.delete(entityId);
  }

  /** The participant is gone. */
  forget(peer: Peer): void {
    this.#doubted.delete(peer);
  }

  #dropUnnamed(peer: Peer): void {
    const entityIds = this.#doubted.get(peer) ?? [];
    this.#doubted.delete(peer);
    for (const entityId of entityIds) {
      const endpoint = peer.endpoints.get(entityId);
      if (endpoint) this.#drop(endpoint);
    }
  }
}
