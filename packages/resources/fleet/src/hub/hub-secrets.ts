import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Random } from '@medkit/edges';
import type { Store } from '@medkit/store';
import { type Identity, identityFrom, newIdentityKey } from '@medkit/tunnel';

const SECRET_BYTES = 32;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keys that are derived from the secret of the hub, one for each purpose. */
export interface HubSecrets {
  readonly identity: Uint8Array;
  readonly ratchet: Uint8Array;
  readonly receipt: Uint8Array;
}

/** Derives the keys of a hub from its secret file. Throws if the secret does not have 32 bytes. */
export function hubSecrets(secret: Uint8Array): HubSecrets {
  if (secret.length !== SECRET_BYTES) {
    throw new Error(`The secret of the fleet hub must have ${SECRET_BYTES} bytes, found ${secret.length}`);
  }
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `medkit fleet ${purpose}`, SECRET_BYTES));
  return { identity: derive('identity'), ratchet: derive('ratchet'), receipt: derive('receipt') };
}

/**
 * Returns the identity of the hub, whose private key is stored encrypted; creates it on the first call. Throws if it
 * was encrypted with another secret: robots are pinned to this key, so that a new one would exclude all of them.
 */
export async function hubIdentity(
  store: Pick<Store, 'read' | 'write'>,
  key: Uint8Array,
  random: Pick<Random, 'bytes'>,
  nowMs: number,
): Promise<Identity> {
  const find = () => store.read('SELECT key FROM fleet_hub');
  const [stored] = await find();
  if (stored) return identityFrom(decrypt(key, stored.key as Uint8Array));
  const sql = 'INSERT INTO fleet_hub (id, key, created_ms) VALUES (1, ?, ?) ON CONFLICT DO NOTHING';
  await store.write([{ sql, parameters: [encrypt(key, newIdentityKey(), random.bytes(NONCE_BYTES)), nowMs] }]);
  const [created] = await find();
  return identityFrom(decrypt(key, created?.key as Uint8Array));
}

/** What a hub certifies about a key of a robot. */
export interface ReceiptFacts {
  readonly robot: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly addedMs: number;
}

/** Returns the receipt of an enrolment: the facts, and a code that only this hub can create. */
export function enrolmentReceipt(key: Uint8Array, { robot, tenant, fingerprint, addedMs }: ReceiptFacts): string {
  const facts = [robot, tenant, fingerprint, addedMs].join('.');
  return `${facts}.${createHmac('sha256', key).update(facts).digest('base64url')}`;
}

/** Returns the facts of a receipt; `undefined` if this hub did not create it. */
export function readReceipt(key: Uint8Array, receipt: string): ReceiptFacts | undefined {
  const [robot = '', tenant = '', fingerprint = '', addedMs = ''] = receipt.split('.');
  const facts: ReceiptFacts = { robot, tenant, fingerprint, addedMs: Number(addedMs) };
  const [found, expected] = [receipt, enrolmentReceipt(key, facts)].map((text) => Buffer.from(text));
  return found!.length === expected!.length && timingSafeEqual(found!, expected!) ? facts : undefined;
}

function encrypt(key: Uint8Array, text: string, nonce: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, nonce);
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), data]));
}

function decrypt(key: Uint8Array, stored: Uint8Array): string {
  const decipher = createDecipheriv(CIPHER, key, stored.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(stored.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(stored.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString();
  } catch {
    throw new Error(
      'Cannot decrypt the key of the fleet hub: fleet.secret_file is not the file that encrypted it. Restore that file; with another key, every robot must be enrolled again',
    );
  }
}
