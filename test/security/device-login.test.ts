import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemHttpClient } from '@medkit/edges/node';
import { fetchDocument } from '@medkit/gateway/oidc';
import { type DevicePrompt, logInByDevice } from '../../packages/programs/cli/src/auth/device-login.ts';
import { AUDIENCE, type TestIdentityProvider, testIdentityProvider } from '../harness/identity-provider.ts';

const ALICE = { subject: 'alice', groups: ['robot-operators'] };

const opened: TestIdentityProvider[] = [];
afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.close();
});

async function open(options: Parameters<typeof testIdentityProvider>[1] = {}) {
  const provider = await testIdentityProvider(undefined, options);
  opened.push(provider);
  const document = await fetchDocument(systemHttpClient, provider.issuer);
  const login = {
    ...{ issuer: provider.issuer, client_id: 'medkit-cli', audience: AUDIENCE, scope: 'openid offline_access' },
  };
  const waits: number[] = [];
  let nowMs = 0;
  /** Logs in without real pauses; `between` runs in each pause, until it returns false. */
  const logIn = (between: (pause: number, prompt: DevicePrompt) => unknown, changes: Partial<typeof login> = {}) => {
    let prompt: DevicePrompt | undefined;
    return logInByDevice({
      ...{ http: systemHttpClient, document, login: { ...login, ...changes } },
      show: (wanted) => {
        prompt = wanted;
      },
      wait: async (ms) => {
        waits.push(ms / 1000);
        nowMs += ms;
        return (await between(waits.length, prompt as DevicePrompt)) !== false;
      },
      nowMs: () => nowMs,
    });
  };
  return { provider, document, waits, logIn };
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('a login by the device flow', () => {
  it('returns tokens for the gateway once the user has confirmed the code', async () => {
    const { provider, waits, logIn } = await open();
    provider.logIn(ALICE);
    const tokens = await logIn(async (pause, { completeUri, userCode, verificationUri }) => {
      assert.equal(completeUri, `${verificationUri}?user_code=${userCode}`);
      if (pause === 3) assert.match(await provider.confirmDevice(completeUri), /Sign-in Success/);
    });
    assert.deepEqual(waits, [5, 5, 5], 'the interval of RFC 8628 without another one');
    const { aud, sub, groups } = claimsOf(tokens.accessToken);
    assert.deepEqual([aud, sub, groups], [AUDIENCE, 'alice', ['robot-operators']]);
    assert.ok(tokens.refreshToken);
    assert.equal(tokens.expiresInSec, 3600);
  });

  it('ends if the user refuses the code, and if the user cancels the command', async () => {
    const { provider, logIn } = await open();
    const refused = logIn((_pause, { completeUri = '' }) =>
      provider.confirmDevice(completeUri, 'abort').then(() => true),
    );
    await assert.rejects(refused, { message: 'the login was denied at the identity provider', exitCode: 8 });
    await assert.rejects(
      logIn(() => false),
      { exitCode: 130 },
    );
  });

  it('ends when the code has expired, by the provider and by this clock', async () => {
    const short = await open({ deviceCodeSec: 1 });
    await assert.rejects(
      // The code lasts 1 s, but the clock of the command stands still meanwhile.
      logInByDevice({
        http: systemHttpClient,
        document: short.document,
        login: { issuer: short.provider.issuer, client_id: 'medkit-cli', audience: AUDIENCE, scope: 'openid' },
        show: () => undefined,
        wait: () => delay(1100, true),
        nowMs: () => 0,
      }),
      /the code has expired .*: run the command again/,
    );
    const { waits, logIn } = await open({ deviceCodeSec: 20 });
    await assert.rejects(
      logIn(() => true),
      /the code has expired/,
    );
    assert.deepEqual(waits, [5, 5, 5, 5]);
  });

  it('polls less often after slow_down, and while the provider cannot be reached', async () => {
    const { provider, waits, logIn } = await open();
    provider.logIn(ALICE);
    await logIn(async (pause, { completeUri = '' }) => {
      if (pause === 1) provider.slowDown(2);
      if (pause === 3) await provider.suspend();
      if (pause === 4) await provider.resume();
      if (pause === 5) await provider.confirmDevice(completeUri);
    });
    assert.deepEqual(waits, [5, 10, 15, 20, 20]);
  });

  it('names the remedy if provider or client do not allow it', async () => {
    const without = await open({ deviceCodeSec: 0 });
    await assert.rejects(
      without.logIn(() => true),
      /offers no login for devices .*enable the device authorization grant there, or log in with --user/,
    );
    const { logIn, provider } = await open();
    await assert.rejects(
      logIn(() => true, { client_id: 'unknown' }),
      /refused the login \(status 40[01], invalid_client\): check there that the client unknown is public/,
    );
    await assert.rejects(
      logIn(() => true, { client_id: 'service' }),
      /check there that the client service is public and may use the device authorization grant/,
    );
    await provider.suspend();
    await assert.rejects(
      logIn(() => true),
      /the identity provider \S+ cannot be reached: /,
    );
  });
});
