import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FleetInvalid } from '../fleet-refused.ts';
import { ADDRESS, fleetStage, helloOf, KEY } from '../testing/fleet-stage.ts';
import { faultItem, robotLog } from '../testing/robot-log.ts';

const ROBOT = 'amr-17';

async function connected(log = robotLog()) {
  const stage = await fleetStage();
  const { fleet, store } = stage;
  await stage.robot(ROBOT, KEY);
  const connect = async (): Promise<number> => {
    const session = await fleet.connected(ROBOT, { hello: helloOf(), address: ADDRESS });
    if ('refused' in session) throw new Error(session.refused);
    return session.epoch;
  };
  const epoch = await connect();
  await fleet.storeState(ROBOT, epoch, log.state());
  const ingest = async (records: readonly { seq: number; text: string }[], part: object = {}) => {
    const after = (await fleet.cursor(ROBOT))?.seq ?? 0;
    const whole = { robot: ROBOT, epoch, log: 'log-1', after, records, ...part };
    return (await fleet.ingest([whole])).get(ROBOT);
  };
  const seqs = async () => (await store.read('SELECT seq FROM fleet_events ORDER BY id')).map(({ seq }) => seq);
  const active = async () => (await fleet.faults({})).items.map(({ fault }) => fault.fault_code);
  const problems = async () => (await fleet.robot(ROBOT))?.problems.map(({ code }) => code);
  return { ...stage, log, epoch, connect, ingest, seqs, active, problems };
}

describe('records of an uplink log', () => {
  it('are stored once, in order, and move the cursor', async () => {
    const { log, ingest, seqs, fleet, changes } = await connected();
    log.add('boot', { boot: 1 });
    log.fault('A', 'confirmed');
    assert.equal(await ingest(log.after(0)), 'stored');
    assert.deepEqual(await fleet.cursor(ROBOT), { log: 'log-1', seq: 2, hash: log.state().hash });
    // The same records again, as after a reply that was lost.
    assert.equal(await ingest(log.after(0), { after: 0 }), 'fenced');
    log.fault('A', 'healed');
    assert.equal(await ingest(log.after(2)), 'stored');
    assert.deepEqual(await seqs(), [1, 2, 3]);
    assert.deepEqual(
      changes.filter(({ topic }) => topic === 'faults').map(({ robot }) => robot),
      [ROBOT, ROBOT, ROBOT],
    );
    const robot = await fleet.robot(ROBOT);
    assert.deepEqual(robot?.log, { id: 'log-1', seq: 3, newest: 0 });
  });

  it('of an earlier session, of another log and of another position are left out, and other robots go on', async () => {
    const { log, epoch, connect, fleet, robot, seqs } = await connected();
    await robot('crane', 'K2');
    const crane = robotLog('log-2');
    crane.add('boot', { boot: 1 });
    const other = await fleet.connected('crane', { hello: helloOf(), address: ADDRESS });
    const craneEpoch = 'epoch' in other ? other.epoch : 0;
    await fleet.storeState('crane', craneEpoch, crane.state());
    log.add('boot', { boot: 1 });
    const newer = await connect();
    assert.deepEqual(await fleet.storeState(ROBOT, epoch, log.state([faultItem('OLD')])), { outcome: 'fenced' });
    const part = { robot: ROBOT, epoch: newer, log: 'log-1', after: 0, records: log.after(0) };
    for (const wrong of [{ epoch }, { log: 'log-9' }, { after: 1 }, { robot: 'unknown' }]) {
      const outcomes = await fleet.ingest([
        { ...part, ...wrong },
        { robot: 'crane', epoch: craneEpoch, log: 'log-2', after: 0, records: [] },
      ]);
      assert.deepEqual([...outcomes.values()], ['fenced', 'stored']);
    }
    const outcomes = await fleet.ingest([
      { ...part, epoch },
      { robot: 'crane', epoch: craneEpoch, log: 'log-2', after: 0, records: crane.after(0) },
    ]);
    assert.deepEqual(
      [...outcomes],
      [
        [ROBOT, 'fenced'],
        ['crane', 'stored'],
      ],
    );
    assert.deepEqual(await seqs(), [1]);
    assert.deepEqual((await fleet.faults({})).items, []);
  });

  it('with a hole are not read any further until the robot connects again, and the robot has a problem', async () => {
    const { log, ingest, problems, seqs, connect } = await connected();
    for (const code of ['A', 'B', 'C']) log.fault(code, 'confirmed');
    assert.equal(await ingest(log.after(1)), 'hole');
    assert.deepEqual([await problems(), await seqs()], [['uplink_hole'], []]);
    await connect();
    assert.deepEqual(await problems(), []);
  });

  it('that the robot states as removed are an event, and a problem of the robot', async () => {
    const { log, ingest, problems, store, fleet } = await connected();
    log.add('boot', { boot: 1 });
    log.hole(3);
    assert.equal(await ingest(log.after(0)), 'stored');
    assert.deepEqual(await fleet.cursor(ROBOT), { log: 'log-1', seq: 4, hash: '' });
    log.fault('A', 'confirmed');
    log.add('gap', { reason: 'room', records: 3, from: 2, to: 4, kinds: { tree: 3 } });
    assert.equal(await ingest(log.after(4)), 'stored');
    const rows = await store.read('SELECT seq, kind, body FROM fleet_events ORDER BY id');
    assert.deepEqual(
      rows.map(({ seq, kind }) => [seq, kind]),
      [
        [1, 'boot'],
        [4, 'hole'],
        [5, 'fault'],
        [6, 'gap'],
      ],
    );
    assert.equal(rows[1]?.body, '{"from":2,"to":4}');
    assert.deepEqual(await problems(), ['uplink_lost']);
  });

  it('are refused if they are invalid, and nothing of their part is stored', async () => {
    const { log, ingest, problems, seqs } = await connected();
    log.add('boot', { boot: 1 });
    log.add('fault', { event_type: 'fault_confirmed', fault: faultItem('A') });
    const [first, second] = log.lines as [{ seq: number; text: string }, { seq: number; text: string }];
    const changed = (from: string | RegExp, to: string) => [first, { seq: 2, text: second.text.replace(from, to) }];
    const cases: readonly (readonly { seq: number; text: string }[])[] = [
      changed('"A"', '"B"'),
      changed(/"hash":"../, '"hash":"zz'),
      changed('"boot":1', '"boot":-1'),
      changed('"at_ms":0', '"at_ms":9e15'),
      changed('"mono_ms":1', '"mono_ms":1.5'),
      changed('"kind":"fault"', '"kind":"Fault 1"'),
      changed(',"body":', ',"body" :'),
      [first, { seq: 2, text: '{' }],
      [first, { seq: 2, text: 'null' }],
      [first, { seq: 2, text: `"${'x'.repeat(300_000)}"` }],
      [{ seq: 3, text: '{"kind":"hole","from":1,"to":0}' }],
      Array.from({ length: 1001 }, () => first),
    ];
    for (const records of cases)
      assert.equal(await ingest(records), 'malformed', JSON.stringify(records).slice(0, 300));
    assert.deepEqual([await seqs(), await problems()], [[], ['uplink_chain']]);
    assert.equal(await ingest(log.after(0)), 'stored');
  });

  it('of a log that begins again are not stored twice', async () => {
    const { log, ingest, seqs, fleet, epoch } = await connected();
    for (const code of ['A', 'B']) log.fault(code, 'confirmed');
    await ingest(log.after(0));
    // The robot's disk is an older copy: its log has another id, the same first record and another second one.
    const restored = robotLog('log-2');
    restored.fault('A', 'confirmed');
    restored.fault('C', 'confirmed');
    await fleet.storeState(ROBOT, epoch, restored.state([faultItem('A'), faultItem('C')]));
    assert.deepEqual(await fleet.cursor(ROBOT), { log: 'log-2', seq: 0, hash: '0'.repeat(32) });
    assert.equal(await ingest(restored.after(0), { log: 'log-2' }), 'stored');
    assert.deepEqual(await seqs(), [1, 2, 2]);
  });

  it('have the time of the hub, and what is needed to find them', async () => {
    const { log, ingest, store, fleet, epoch, clock } = await connected();
    clock.advance(10_000);
    await fleet.storeState(ROBOT, epoch, log.state([], { boot: 3, mono_ms: 4000, at_ms: 1000 }));
    log.add(
      'fault',
      { event_type: 'fault_confirmed', fault: { ...faultItem('A', 3), entity_id: 'arm' } },
      { boot: 3, monoMs: 500 },
    );
    await ingest(log.after(0));
    const [row] = await store.read('SELECT at_ms, robot_ms, uncertain_ms, code, entity, severity FROM fleet_events');
    const expected = {
      at_ms: Date.UTC(2026, 0, 1) + 6500,
      robot_ms: 0,
      uncertain_ms: 1000,
      code: 'A',
      entity: 'arm',
      severity: 3,
    };
    assert.deepEqual({ ...row }, expected);
  });
});

it('clocks that no robot has do not date a record outside the past of the hub', async () => {
  const { log, ingest, store, fleet, epoch, clock } = await connected();
  const nowMs = clock.wallMs();
  const far = 1e300;
  for (const [boot, more] of [
    [2, { mono_ms: far, at_ms: -far }],
    [3, { mono_ms: -far, at_ms: far }],
  ] as const) {
    await fleet.storeState(ROBOT, epoch, log.state([], { boot, ...more }));
  }
  for (const boot of [1, 2, 3, 4]) log.add('boot', { boot }, { boot, atMs: nowMs });
  assert.equal(await ingest(log.after(0)), 'stored');
  for (const { at_ms } of await store.read('SELECT at_ms FROM fleet_events')) {
    assert.ok(Number.isSafeInteger(at_ms) && Number(at_ms) >= 0 && Number(at_ms) <= nowMs, `${at_ms}`);
  }
});

describe('active faults', () => {
  it('come from the state, and change by later records only', async () => {
    const { log, ingest, active, fleet, epoch } = await connected();
    log.fault('A', 'confirmed');
    log.fault('B', 'confirmed');
    log.fault('A', 'healed');
    log.fault('C', 'confirmed');
    log.fault('C', 'cleared');
    await fleet.storeState(ROBOT, epoch, log.state([faultItem('B')]));
    assert.deepEqual(await active(), ['B']);
    assert.equal(await ingest(log.after(0, 2)), 'stored');
    assert.deepEqual(await active(), ['B'], 'A was confirmed and healed earlier than the state');
    log.fault('D', 'confirmed', { severity: 3 });
    log.fault('B', 'updated', { severity: 1, status: 'PREPASSED' });
    log.fault('E', 'updated', { severity: 0 });
    assert.equal(await ingest(log.after(2)), 'stored');
    assert.deepEqual(await active(), ['D', 'B', 'E']);
    log.add('fault', { event_type: 'fault_cleared', fault: faultItem('D'), auto_cleared_codes: ['B', 'E'] });
    assert.equal(await ingest(log.after(8)), 'stored');
    assert.deepEqual(await active(), []);
  });

  it('are listed by filters, in pages, and counted', async () => {
    const { fleet, epoch, log, robot } = await connected();
    await robot('crane', 'K2');
    await fleet.describe('crane', { site: 'hamburg' });
    const faults = ['A', 'B', 'C'].map((code, index) => faultItem(code, (index + 1) as 1 | 2 | 3));
    await fleet.storeState(ROBOT, epoch, log.state(faults));
    await fleet.connected('crane', { hello: helloOf(), address: ADDRESS });
    await fleet.storeState('crane', 1, log.state([faultItem('A', 3)]));
    const codes = async (query: object) =>
      (await fleet.faults(query)).items.map((item) => `${item.robot} ${item.fault.fault_code}`);
    assert.deepEqual(await codes({}), [`${ROBOT} C`, 'crane A', `${ROBOT} B`, `${ROBOT} A`]);
    assert.deepEqual(await codes({ severity: 'error' }), [`${ROBOT} C`, 'crane A', `${ROBOT} B`]);
    assert.deepEqual(await codes({ robot: 'crane' }), ['crane A']);
    assert.deepEqual(await codes({ code: 'A', site: 'hamburg' }), ['crane A']);
    assert.deepEqual(await codes({ q: 'B' }), [`${ROBOT} B`]);
    const pages: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await fleet.faults({ limit: 1, ...(cursor !== undefined && { cursor }) });
      pages.push(...page.items.map(({ fault }) => fault.fault_code));
      assert.equal(page.total, 4);
      cursor = page.next;
      if (cursor === undefined) break;
    }
    assert.deepEqual(pages, ['C', 'A', 'B', 'A']);
    await assert.rejects(fleet.faults({ cursor: '?' }), FleetInvalid);
    const { robots, severity, faults: counted, versions, sites, presence } = await fleet.counts();
    assert.deepEqual(
      [robots, { ...severity }, counted],
      [2, { critical: 2 }, { critical: 2, error: 1, warning: 1, info: 0 }],
    );
    assert.deepEqual(versions, [{ version: '0.3.0', robots: 2, online: 2, critical: 2, error: 0 }]);
    assert.deepEqual(sites, [{ site: 'hamburg', robots: 1, online: 1, critical: 1, error: 0 }]);
    assert.deepEqual({ ...presence }, { online: 2 });
  });

  it('of one robot are bounded', async () => {
    const { log, ingest, fleet } = await connected();
    for (let page = 0; page < 3; page += 1) {
      for (let count = 0; count < 900; count += 1) log.fault(`CODE_${page}_${count}`, 'confirmed');
      assert.equal(await ingest(log.after(page * 900)), 'stored');
    }
    assert.equal((await fleet.faults({})).total, 1800);
  });
});

describe('evidence records', () => {
  it('state which evidence a fault has, until it is removed or the log is another', async () => {
    const { log, ingest, fleet, epoch } = await connected();
    const recording = { evidence: 'recording', id: 'bag-1 A', fault_code: 'A', recording_id: 'bag-1', size_bytes: 99 };
    log.fault('A', 'confirmed');
    log.add('evidence', { ...recording, state: 'complete', format: 7, other: 'x' });
    log.add('evidence', { evidence: 'frames', id: '7', fault_code: 'A', state: 'complete', topics: ['/scan', 3] });
    log.add('evidence', { evidence: 'video', id: '8', fault_code: 'A', state: 'complete' });
    assert.equal(await ingest(log.after(0)), 'stored');
    const evidence = async () => (await fleet.faults({})).items[0]?.evidence;
    assert.deepEqual(await evidence(), [
      { evidence: 'frames', id: '7', topics: ['/scan'] },
      { evidence: 'recording', id: 'bag-1 A', recording_id: 'bag-1', size_bytes: 99 },
    ]);
    log.add('evidence', { evidence: 'frames', id: '7', fault_code: 'A', state: 'removed' });
    assert.equal(await ingest(log.after(4)), 'stored');
    assert.equal((await evidence())?.length, 1);
    await fleet.storeState(ROBOT, epoch, robotLog('log-2').state([faultItem('A')]));
    assert.deepEqual(await evidence(), []);
  });

  it('of one robot are bounded: the oldest are removed', async () => {
    const { log, ingest, store } = await connected();
    for (let at = 0; at < 1010; at += 1) {
      log.add('evidence', { evidence: 'frames', id: String(at), fault_code: 'A', state: 'complete' });
    }
    assert.equal(await ingest(log.after(0, 1000)), 'stored');
    assert.equal(await ingest(log.after(1000)), 'stored');
    const [row] = await store.read('SELECT count(*) AS n, min(seq) AS first FROM fleet_evidence');
    assert.deepEqual([row?.n, row?.first], [1000, 11]);
  });
});
