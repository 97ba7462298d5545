import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type StoredTokens, storeCredential, storedCredential } from './credential-store.ts';
import { withRenewedLogin } from './renewed-login.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-renewed-'));
after(() => rmSync(folder, { recursive: true }));
const URL_OF = 'https://fleet.example';
const DAY_MS = 86_400_000;

const tokens = (changes: Partial<StoredTokens> = {}): StoredTokens => ({
  ...{ user: 'oidc:login.example:alice', issuer: 'https://login.example', client_id: 'medkit', audience: 'fleet' },
  ...{ access_token: 'one', refresh_token: 'r1', expires_at: new Date(Date.now() + DAY_MS).toISOString() },
  ...changes,
});

let count = 0;
/** A gateway that accepts only the token `two`, and a provider that issues `next`. */
function stage(stored: StoredTokens, next: () => Promise<StoredTokens>) {
  const environment = { XDG_CONFIG_HOME: join(folder, String(count++)) };
  storeCredential(URL_OF, stored, environment);
  const sent: (string | undefined)[] = [];
  const lines: string[] = [];
  let renewals = 0;
  const send = withRenewedLogin(
    async (_url, init) => {
      const { Authorization } = init.headers as Readonly<Record<string, string>>;
      sent.push(Authorization);
      return new Response('', { status: Authorization === 'Bearer two' ? 200 : 401 });
    },
    {
      ...{ url: URL_OF, tokens: stored, environment },
      renew: () => {
        renewals += 1;
        return next();
      },
      report: (line) => lines.push(line),
    },
  );
  const ask = async (headers: Record<string, string> = { Authorization: 'Bearer one' }) =>
    (await send(URL_OF, { headers })).status;
  return { ask, sent, lines, environment, renewals: () => renewals };
}

test('an access token is renewed before it expires, once for all requests, and stored', async () => {
  const stored = tokens({ expires_at: new Date(Date.now() + 10_000).toISOString() });
  const next = tokens({ access_token: 'two', refresh_token: 'r2' });
  const { ask, sent, environment, renewals } = stage(stored, async () => next);
  assert.deepEqual(await Promise.all([ask(), ask()]), [200, 200]);
  assert.deepEqual([sent, renewals()], [['Bearer two', 'Bearer two'], 1]);
  assert.deepEqual(storedCredential(URL_OF, environment), next);
});

test('a token that the gateway refuses is renewed and sent again, once in half a minute', async () => {
  const { ask, sent, renewals } = stage(tokens(), async () => tokens({ access_token: 'three' }));
  assert.deepEqual([await ask(), await ask()], [401, 401]);
  assert.deepEqual([sent, renewals()], [['Bearer one', 'Bearer three', 'Bearer three'], 1]);
});

test('if the provider refuses, the gateway decides, and the reason is reported once', async () => {
  const { ask, sent, lines } = stage(tokens(), () => Promise.reject(new Error('status 400, invalid_grant')));
  assert.deepEqual([await ask(), await ask()], [401, 401]);
  assert.deepEqual(sent, ['Bearer one', 'Bearer one']);
  assert.deepEqual(lines, ['the login at https://login.example cannot be renewed: status 400, invalid_grant']);
});

test('a login that another command has renewed is used', async () => {
  const scene = stage(tokens(), () => Promise.reject(new Error('used again')));
  storeCredential(URL_OF, tokens({ access_token: 'two' }), scene.environment);
  assert.deepEqual([await scene.ask(), scene.renewals(), scene.lines], [200, 0, []]);
});

test('a request to another server is sent without a token', async () => {
  const { ask, sent } = stage(tokens(), async () => tokens());
  assert.equal(await ask({}), 401);
  assert.deepEqual(sent, [undefined]);
});
