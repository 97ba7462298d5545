import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** Bytes of a chained hash: 128 bits detect a changed or lost row, and an index entry stays short. */
const HASH_BYTES = 16;

/**
 * Returns the first 16 bytes of the SHA-256 of the previous hash, the decimal number, the kind and the body of a row.
 * The kind has no digits and the body is JSON, so that the text has one meaning.
 */
export function chainedHash(previous: Uint8Array, seq: number, kind: string, body: string): Uint8Array {
  const digest = createHash('sha256').update(previous).update(`${seq}${kind}`).update(body).digest();
  return new Uint8Array(digest.subarray(0, HASH_BYTES));
}

/**
 * Defines `chained_hash(previous, seq, kind, body)` in SQL, so that owners of tables can chain their rows in the
 * transaction that numbers them: a caller outside does not know which earlier write failed.
 */
export function defineChainedHash(database: DatabaseSync): void {
  database.function('chained_hash', { deterministic: true }, (previous, seq, kind, body) =>
    chainedHash(previous as Uint8Array, Number(seq), String(kind), String(body)),
  );
}
