import type { Random } from '@medkit/edges';
import type { AccountStore } from './account-changes.ts';

const SECRET_BYTES = 32;

/** Returns the 32 random bytes stored with the accounts under this name; creates them on the first call. */
export async function accountSecret(
  store: AccountStore,
  random: Pick<Random, 'bytes'>,
  name: string,
): Promise<Uint8Array> {
  const find = () => store.read('SELECT secret FROM account_secrets WHERE name = ?', [name]);
  const [stored] = await find();
  if (stored) return stored.secret as Uint8Array;
  const sql = 'INSERT INTO account_secrets (name, secret) VALUES (?, ?) ON CONFLICT DO NOTHING';
  await store.write([{ sql, parameters: [name, random.bytes(SECRET_BYTES)] }]);
  return (await find())[0]?.secret as Uint8Array;
}
