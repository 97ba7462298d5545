import type { Agenda } from '../agenda.ts';
import type { DiscoveredEndpoint, Peer } from './peer.ts';

/** Time for a participant to announce all its endpoints again, sufficient on a poor network as well. */
const NAMED_WITHIN_MS = 10_000;

/**
 * Endpoints that a participant may have announced before a restart. A participant that restarts with the same GUID
 * prefix and ports, within its lease, does not dispose its former endpoints. Endpoints that are not announced again in
 * time are dropped. The others stay matched, because the participant may only have lost its connection for a while.
 */
export class SuspectEndpoints {
  readonly #agenda: Agenda;
  readonly #drop: (endpoint: DiscoveredEndpoint) => void;
  readonly #suspects = new Map<Peer, Set<number>>();

  constructor(agenda: Agenda, drop: (endpoint: DiscoveredEndpoint) => void) {
    this.#agenda = agenda;
    this.#drop = drop;
  }

  /** Marks all known endpoints of a participant as suspect. Returns false if they already are. */
  add(peer: Peer): boolean {
    if (this.#suspects.has(peer)) return false;
    this.#suspects.set(peer, new Set(peer.endpoints.keys()));
    this.#agenda.alarm(() => this.#dropUnnamed(peer)).set(NAMED_WITHIN_MS);
    return true;
  }

  /** The participant has announced this endpoint again. */
  named(peer: Peer, entityId: number): void {
    this.#suspects.get(peer)?.delete(entityId);
  }

  /** The participant was removed. */
  forget(peer: Peer): void {
    this.#suspects.delete(peer);
  }

  #dropUnnamed(peer: Peer): void {
    const entityIds = this.#suspects.get(peer) ?? [];
    this.#suspects.delete(peer);
    for (const entityId of entityIds) {
      const endpoint = peer.endpoints.get(entityId);
      if (endpoint) this.#drop(endpoint);
    }
  }
}
