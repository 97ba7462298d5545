import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { API_BASE } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { enrolTestRobot, type TestHub, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { AUDIENCE, testIdentityProvider } from '../harness/identity-provider.ts';
import { openTestAccounts } from '../security/account-gateway.ts';

let hub: TestHub;
let provider: Awaited<ReturnType<typeof testIdentityProvider>>;
const closing: (() => unknown)[] = [];

before(async () => {
  provider = await testIdentityProvider();
  const folder = await mkdtemp(join(tmpdir(), 'medkit-hub-provider-'));
  const { auth } = await testConfig();
  const { known, accounts, principals } = await openTestAccounts({
    ...{ folder, clock: systemClock },
    changes: {
      auth: { oidc: { ...auth.oidc, issuer: provider.issuer, audience: AUDIENCE } },
      roleMap: new Map([['readers', 'viewer']]),
      grantMap: new Map([
        ['berlin-ops', { role: 'operator', site: 'berlin' }],
        ['ulm-readers', { role: 'viewer', site: 'ulm' }],
      ]),
    },
  });
  hub = await testHub({}, { accounts: known, principals });
  closing.push(
    () => hub.close(),
    () => known.close(),
    () => rm(folder, { recursive: true }),
    () => provider.close(),
  );
  const admin = `Bearer ${(await accounts.keys.add({ name: 'k', role: 'admin', owner: 'local' })).text}`;
  const asAdmin = (method: string, path: string, body?: unknown) =>
    hub.call(method, `${API_BASE}/x-medkit-fleet${path}`, body, { authorization: admin });
  for (const [name, site] of [
    ['amr-1', 'berlin'],
    ['amr-2', 'ulm'],
    ['amr-3', 'bonn'],
  ] as const)
    await enrolTestRobot({ ...hub, fleet: asAdmin } as TestHub, name, { site });
});
after(async () => {
  for (const close of closing) await close();
});

test('the groups of an account at the provider limit it to the robots of their grants', async () => {
  const as = async (...groups: readonly string[]) => {
    const authorization = `Bearer ${await provider.tokenOf(groups)}`;
    return (method: string, path: string, body?: unknown) =>
      hub.call(method, `${API_BASE}${path}`, body, { authorization });
  };
  const robotsOf = async (call: Awaited<ReturnType<typeof as>>): Promise<readonly string[]> =>
    (await call('GET', '/x-medkit-fleet/robots')).json().items.map(({ id }: { id: string }) => id);

  const berlin = await as('berlin-ops');
  assert.deepEqual(await robotsOf(berlin), ['amr-1']);
  const me = (await berlin('GET', '/x-medkit-me')).json();
  assert.deepEqual([me.kind, me.role, me.grants], ['oidc', 'operator', [{ role: 'operator', site: 'berlin' }]]);
  assert.equal((await berlin('GET', '/x-medkit-fleet/robots/amr-2')).status, 404);

  // The grants add up, each with its role.
  const both = await as('berlin-ops', 'ulm-readers');
  assert.deepEqual(await robotsOf(both), ['amr-1', 'amr-2']);
  const authorization = `Bearer ${await provider.tokenOf(['berlin-ops', 'ulm-readers'])}`;
  const clear = async (robot: string) =>
    (await hub.call('DELETE', `/fleet/${robot}/api/v1/faults`, undefined, { authorization })).status;
  // No robot is connected: where the account may clear faults, the hub gets no reply.
  assert.deepEqual([await clear('amr-1'), await clear('amr-2'), await clear('amr-3')], [504, 403, 404]);

  assert.deepEqual(await robotsOf(await as('berlin-ops', 'readers')), ['amr-1', 'amr-2', 'amr-3']);
  assert.equal((await (await as('others'))('GET', '/x-medkit-fleet/robots')).status, 401);
});
