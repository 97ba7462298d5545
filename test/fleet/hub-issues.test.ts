import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { enrolTestRobot, type TestHub, testHub } from '../../packages/gateway/src/testing/test-hub.ts';

const HOUR_MS = 3_600_000;
const nowMs = Date.now();
let hub: TestHub;

before(async () => {
  hub = await testHub();
  await enrolTestRobot(hub, 'amr-1', { site: 'berlin' });
  await enrolTestRobot(hub, 'amr-2', { site: 'ulm' });
  await hub.store.write([
    { sql: "INSERT INTO fleet_issues (fingerprint, code, entity, severity) VALUES ('x', 'MOTOR', 'arm', 2)" },
    ...['amr-1', 'amr-2', 'amr-2'].map((name, index) => ({
      sql: `INSERT INTO fleet_occurrences
              (robot, origin, code, number, started_ms, began_ms, severity, entity, site, version, issue, changed)
            SELECT r.id, '', 'MOTOR', ?, ?, ?, 2, 'arm', r.site, 'nav-2.1.0', 1, 0 FROM fleet_robots r WHERE r.name = ?`,
      parameters: [index + 1, nowMs - (3 - index) * HOUR_MS, nowMs - (3 - index) * HOUR_MS, name],
    })),
  ]);
});
after(() => hub.close());

describe('the issues of a hub', () => {
  it('are counted again from the occurrences', async () => {
    const first = await hub.fleet('POST', '/recount');
    assert.equal(first.status, 200, first.text);
    assert.deepEqual([first.json().occurrences, first.json().different > 0], [3, true]);
    assert.deepEqual((await hub.fleet('POST', '/recount')).json(), { occurrences: 3, different: 0, differences: [] });
  });

  it('are listed, read and changed, and each change is in the audit log', async () => {
    const { items, total } = (await hub.fleet('GET', '/issues?state=new')).json();
    assert.deepEqual([total, items[0].fault_code, items[0].robots, items[0].occurrences], [1, 'MOTOR', 2, 3]);
    const [ulm] = (await hub.fleet('GET', '/issues?site=ulm')).json().items;
    assert.deepEqual([ulm.robots, ulm.occurrences], [1, 2]);
    assert.equal((await hub.fleet('GET', '/issues?q=otor')).json().total, 1);
    assert.equal((await hub.fleet('GET', '/issues?q=motors')).json().total, 0);
    const detail = (await hub.fleet('GET', '/issues/1')).json();
    assert.deepEqual(
      detail.by_site.map((bar: { site: string; occurrences: number }) => [bar.site, bar.occurrences]),
      [
        ['ulm', 2],
        ['berlin', 1],
      ],
    );
    const body = { state: 'resolved', in_version: 'nav-2.2.0', note: 'new fan' };
    const resolved = await hub.fleet('PUT', '/issues/1', body);
    assert.deepEqual([resolved.status, resolved.json().state], [200, 'resolved'], resolved.text);
    assert.deepEqual([resolved.json().decided.by, resolved.json().notes[0].text], ['anonymous', 'new fan']);
    const records = (await hub.call('GET', '/api/v1/x-medkit-audit')).json().items;
    const operations = records.map((item: { request?: { operation_id?: string } }) => item.request?.operation_id);
    assert.ok(operations.includes('changeFleetIssue'));
  });

  it('have their occurrences in pages', async () => {
    const first = (await hub.fleet('GET', '/occurrences?issue=1&limit=2')).json();
    assert.deepEqual(
      first.items.map(({ robot, version }: { robot: string; version: string }) => [robot, version]),
      [
        ['amr-2', 'nav-2.1.0'],
        ['amr-2', 'nav-2.1.0'],
      ],
    );
    const last = (await hub.fleet('GET', `/occurrences?issue=1&limit=2&cursor=${first.next_cursor}`)).json();
    assert.deepEqual([last.items[0].robot, last.next_cursor], ['amr-1', undefined]);
  });

  it('are refused with the reason', async () => {
    const refused = [
      [await hub.fleet('GET', '/issues/9'), 404, 'resource-not-found'],
      [await hub.fleet('PUT', '/issues/9', { state: 'muted' }), 404, 'resource-not-found'],
      [await hub.fleet('PUT', '/issues/1', { state: 'new' }), 400, 'invalid-request'],
      [await hub.fleet('PUT', '/issues/1', { state: 'ignored' }), 400, 'invalid-parameter'],
      [await hub.fleet('GET', '/issues?group=other'), 400, 'invalid-parameter'],
      [await hub.fleet('GET', '/occurrences?cursor=x'), 400, 'invalid-parameter'],
    ] as const;
    for (const [reply, status, code] of refused)
      assert.deepEqual([reply.status, reply.json().error_code], [status, code], reply.text);
  });
});
