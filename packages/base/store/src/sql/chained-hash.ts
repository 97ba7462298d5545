import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** Bytes of a chained hash: 128 bits detect a changed or lost row, and an index entry stays short. */
const HASH_BYTES = 16;

/**
 * Returns the first 16 bytes of the SHA-256 of the previous hash, the decimal number, the kind and the body of a row.
 * The kind has no digits and the body is JSON, so that the text has one meaning. Both hashes are hexadecimal.
 */
export function chainedHex(previous: string, seq: number, kind: string, body: string): string {
  const head = `${seq}${kind}`;
  const input = Buffer.allocUnsafe(previous.length / 2 + head.length + Buffer.byteLength(body));
  const at = input.write(previous, 'hex');
  input.write(body, at + input.write(head, at, 'latin1'));
  return hash('sha256', input).slice(0, 2 * HASH_BYTES);
}

/** Like `chainedHex`, with the bytes of the hashes. */
export function chainedHash(previous: Uint8Array, seq: number, kind: string, body: string): Uint8Array {
  return Uint8Array.from(Buffer.from(chainedHex(Buffer.from(previous).toString('hex'), seq, kind, body), 'hex'));
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
