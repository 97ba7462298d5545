import { MAX_FAULT_CODE_LENGTH } from '@medkit/contract';
import { type Entity, fieldsOf, type JsonObject, listedStatus, parseJson, stringifyJson } from '@medkit/core';
import type { Row } from '@medkit/store';
import { LARGEST_PEER_FIRST } from './eviction.ts';
import { Replica, type ReplicaKind, type ReplicaOptions } from './replica.ts';

/** Maximum copies of all peers: the list item of each stays in memory. */
const MAX_COPIES = 2000;
/** Maximum bytes of a list item; the evidence is only on disk. */
const MAX_LISTED_BYTES = 12_288;

/** A copy made earlier than this after its fault may lack evidence. */
const EVIDENCE_MS = 30_000;
/** States of faults that were confirmed; a pending fault may be nothing. */
const CONFIRMED: ReadonlySet<unknown> = new Set(['CONFIRMED', 'HEALED', 'CLEARED']);

const FAULTS: ReplicaKind<FaultKey> = {
  table: 'fault_copies',
  keys: ['peer', 'holder', 'code'],
  columns: 'peer, holder, code, item, entities, as_of_ms, bytes, is_listed',
  orderBy: 'as_of_ms',
  maxItems: MAX_COPIES,
  rule: LARGEST_PEER_FIRST,
};

/** Identifies a copied fault. */
export interface FaultKey {
  /** The runtime of the peer. */
  readonly peer: string;
  /** Its reporter there: `apps/motor`. */
  readonly holder: string;
  readonly code: string;
}

/** A copied fault of a peer, with the entity ids of that peer. */
export interface FaultCopy extends FaultKey {
  /** The item in the peer's list. */
  readonly item: JsonObject;
  /** The reporter and its containers. */
  readonly entities: readonly Entity[];
  /** Time of the copy, wall clock milliseconds. */
  readonly asOfMs: number;
  /** Stored bytes. */
  readonly bytes: number;
  /** Whether the peer's list contained it at the last read: a displaced fault is no longer listed. */
  readonly isListed: boolean;
}

/** The copied faults of all peers. */
export class FaultCopies extends Replica<FaultKey, FaultCopy> {
  readonly #maxBytes: number;

  constructor(options: ReplicaOptions) {
    super(options, FAULTS);
    this.#maxBytes = options.maxBytes;
  }

  /** Returns a fault with its evidence; `undefined` if the copy was removed in the meantime. */
  async detail(key: FaultKey): Promise<JsonObject | undefined> {
    const detail = await this.readColumn(key, 'detail');
    return detail === undefined ? undefined : fieldsOf(parseJson(String(detail)));
  }

  /** Stores a copy, and removes others if space is short. Resolves with false if the copy alone exceeds the limit. */
  async put(copy: Omit<FaultCopy, 'bytes'>, detail: JsonObject): Promise<boolean> {
    const { item, entities, asOfMs, isListed } = copy;
    const texts = { item: stringifyJson(item), detail: stringifyJson(detail), entities: JSON.stringify(entities) };
    const bytes = Object.values(texts).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const listedBytes = bytes - Buffer.byteLength(texts.detail);
    if (bytes > this.#maxBytes || listedBytes > MAX_LISTED_BYTES) return false;
    const columns = { ...texts, as_of_ms: Math.round(asOfMs), bytes, is_listed: Number(isListed) };
    return (await this.store({ ...copy, bytes }, columns)) !== undefined;
  }

  /** Marks which copies the peer still lists. */
  async mark(copies: readonly FaultCopy[], isListed: boolean): Promise<void> {
    const changed = copies.flatMap((copy) => (copy.isListed === isListed ? [] : [{ ...copy, isListed }]));
    await this.update(changed, 'is_listed', Number(isListed));
  }

  protected fromRow({ peer, holder, code, item, entities, as_of_ms, bytes, is_listed }: Row): FaultCopy {
    return {
      peer: String(peer),
      holder: String(holder),
      code: String(code),
      item: fieldsOf(parseJson(String(item))) ?? {},
      entities: parseJson(String(entities)) as unknown as readonly Entity[],
      asOfMs: Number(as_of_ms),
      bytes: Number(bytes),
      isListed: is_listed === 1,
    };
  }

  /** If space is short, unlisted faults are removed first, then lower severities. */
  protected usageOf({ item, bytes, asOfMs, isListed }: FaultCopy) {
    return { bytes, rank: isListed ? 1 + Number(item['severity'] ?? 0) : 0, sinceMs: asOfMs };
  }
}

/** Returns whether the item is a fault that was confirmed. */
export function isCopied(item: JsonObject): boolean {
  const { fault_code: code } = item;
  return typeof code === 'string' && code.length <= MAX_FAULT_CODE_LENGTH && CONFIRMED.has(listedStatus(item));
}

/** Returns whether a listed fault must be copied. A fault that was cleared before it was seen here is not copied. */
export function isNews(item: JsonObject, before: FaultCopy | undefined): boolean {
  if (!before) return listedStatus(item) !== 'CLEARED';
  return stateOf(before.item) !== stateOf(item) || before.asOfMs < lastSeen(item) * 1000 + EVIDENCE_MS;
}

/** Returns the part of a fault whose change requires another copy. */
function stateOf(item: JsonObject): string {
  const { occurrence_count, last_occurred } = item;
  return JSON.stringify([listedStatus(item), Number(occurrence_count), Number(last_occurred)]);
}

/** Returns when a listed fault occurred last, in seconds. */
export function lastSeen({ last_occurred }: JsonObject): number {
  return Number(last_occurred ?? 0);
}
