import assert from 'node:assert/strict';
import { it } from 'node:test';
import { enrolTestRobot, testHub } from '../../packages/gateway/src/testing/test-hub.ts';

it('a hub with quotas refuses what exceeds them, with the quota, its use and the remedy', async (context) => {
  const quota = { robots: 1, requests_per_min: 10, evidence_gb: 0.5, events_per_day: 1000, campaigns: 1 };
  const hub = await testHub({ fleet: { enabled: true, quota }, metrics: { enabled: true } });
  context.after(() => hub.close());
  await enrolTestRobot(hub, 'amr-1', { site: 'berlin' });
  const invited = await hub.fleet('POST', '/invites', { robot: 'amr-2' });
  assert.deepEqual([invited.status, invited.json().vendor_code], [409, 'x-medkit-fleet-quota'], invited.text);
  assert.deepEqual(invited.json().parameters, {
    ...{ quota: 'fleet.quota.robots', used: 1, limit: 1 },
    remedy: 'Retire robots, or raise the quota',
  });
  const { quotas } = (await hub.fleet('GET', '')).json();
  const use = quotas.map((each: { quota: string; limit: number }) => `${each.quota} ${each.limit}`);
  assert.deepEqual(use, [
    ...['robots 1', 'evidence_bytes 500000000', 'events_per_day 1000', 'campaigns 1', 'requests_per_min 10'],
  ]);
  const { warnings } = (await hub.call('GET', '/api/v1/health')).json();
  const texts = warnings.map(({ code, message }: Record<string, string>) => `${code}: ${message}`);
  const full = 'fleet_quota: The quota robots of the fleet is used up: 1 of 1. Retire robots, or raise the quota.';
  assert.ok(texts.includes(full), texts.join('\n'));
  const campaign = {
    ...{ kind: 'configuration', targets: { robots: ['amr-1'] }, waves: [{ percent: 100 }] },
    changes: [{ entity: 'apps/planner', parameter: 'speed', to: 0.4 }],
    expires: new Date(Date.now() + 3_600_000).toISOString(),
  };
  assert.equal((await hub.fleet('POST', '/campaigns', { id: 'c-1', ...campaign })).status, 201);
  const refused = await hub.fleet('POST', '/campaigns', { id: 'c-2', ...campaign });
  assert.deepEqual([refused.status, refused.json().vendor_code], [409, 'x-medkit-fleet-quota'], refused.text);
  assert.equal(refused.json().parameters.quota, 'fleet.quota.campaigns');
  const metrics = await hub.call('GET', '/metrics');
  assert.match(metrics.text, /medkit_fleet_quota_limit\{quota="evidence_bytes"\} 500000000\n/);
  assert.match(metrics.text, /medkit_fleet_quota_used\{quota="campaigns"\} 1\n/);

  for (let count = 0; count < 10; count += 1) {
    const reply = await hub.fleet('GET', '/sites');
    if (reply.status === 200) continue;
    const { error_code, message, parameters } = reply.json();
    assert.deepEqual([reply.status, error_code, parameters.limit], [429, 'rate-limit-exceeded', 10]);
    assert.match(message, /The quota fleet\.quota\.requests_per_min of the hub is used up: 10 of 10\. Repeat it later/);
    const seconds = Number(reply.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 6, `${seconds} s`);
    assert.equal((await hub.call('GET', '/api/v1/health')).status, 200, 'a health check is free');
    return;
  }
  assert.fail('no request was refused');
});
