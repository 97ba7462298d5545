import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Clock, Random } from '@medkit/edges';
import { InvalidTokenSettings } from '../refusals.ts';
import type { AccountStore } from '../storage/account-changes.ts';
import type { Signing } from './token.ts';
import { tokenId } from './token-id.ts';

/** RFC 7518 3.2 requires at least as many bytes as the hash has. */
const MIN_SECRET = 32;
/** RFC 7518 3.3. */
const MIN_RSA_BITS = 2048;
/** The PKCS #8 prefix of a 32-byte Ed25519 key, RFC 8410 7. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ED25519_BYTES = 32;

/** A key to sign and verify tokens, for exactly one algorithm. */
export interface SigningKey {
  readonly algorithm: Signing['algorithm'];
  readonly signWith: KeyObject;
  readonly verifyWith: KeyObject;
}

/** Returns the key of the configuration, if it has one. Throws `InvalidTokenSettings` if it is invalid. */
export function configuredKey(signing: Signing): SigningKey | undefined {
  const { algorithm } = signing;
  if (algorithm === 'EdDSA') return undefined;
  if (algorithm === 'HS256') {
    const { length } = signing.secret;
    if (length < MIN_SECRET) {
      throw new InvalidTokenSettings(`auth.jwt_secret has ${length} characters; HS256 needs at least ${MIN_SECRET}`);
    }
    const key = createSecretKey(signing.secret, 'utf8');
    return { algorithm, signWith: key, verifyWith: key };
  }
  const signWith = readKey('auth.jwt_secret', () => createPrivateKey(signing.privateKey));
  const verifyWith = readKey('auth.jwt_public_key', () => createPublicKey(signing.publicKey));
  const sample = Buffer.from('medkit');
  if (!verify('sha256', sample, verifyWith, sign('sha256', sample, signWith))) {
    throw new InvalidTokenSettings(
      'auth.jwt_secret and auth.jwt_public_key do not belong together: set the two files of one key pair',
    );
  }
  return { algorithm, signWith, verifyWith };
}

/** Returns the key stored with the accounts; creates it on the first call. */
export async function storedKey(store: AccountStore, clock: Clock, random: Random): Promise<SigningKey> {
  const newest = () =>
    store
      .read('SELECT private_key FROM account_signing_keys ORDER BY created_ms DESC, id LIMIT 1')
      .then(([row]) => row);
  if (!(await newest())) {
    const der = Buffer.concat([PKCS8_ED25519, random.bytes(ED25519_BYTES)]);
    await store.write([
      {
        sql: 'INSERT INTO account_signing_keys (id, private_key, created_ms) VALUES (?, ?, ?)',
        parameters: [tokenId(random), der, Math.round(clock.wallMs())],
      },
    ]);
  }
  const der = (await newest())?.private_key as Uint8Array;
  const signWith = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  return { algorithm: 'EdDSA', signWith, verifyWith: createPublicKey(signWith) };
}

/** The error contains nothing of the text, which is or should be a secret. */
function readKey(setting: string, read: () => KeyObject): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch (error) {
    throw new InvalidTokenSettings(`${setting} contains no key in PEM format`, { cause: error });
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < MIN_RSA_BITS) {
    throw new InvalidTokenSettings(`${setting} contains no RSA key of ${MIN_RSA_BITS} bits or more, which RS256 needs`);
  }
  return key;
}
