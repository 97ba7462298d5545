import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrived } from '../testing/memory-sampler.ts';
import { eventTexts, failed, recur, robotWithPressure, texts } from '../testing/pressure-scene.ts';
import { robotSnapshots } from '../testing/robot-snapshots.ts';

describe('freeze frames', () => {
  it('S01, S12: contain the messages of topics when the fault is confirmed', async () => {
    const robot = await robotWithPressure();
    await failed(robot);
    assert.deepEqual(await robot.snapshots.of('F1'), [
      {
        faultCode: 'F1',
        captureId: 1,
        occurrence: 1,
        topic: '/plc/pressure',
        messageType: 'std_msgs/msg/Float64',
        data: '{"data":42.5}',
        problem: '',
        history: '',
        capturedAtNs: 1n,
      },
    ]);
    assert.equal(await robot.outliving(), '{"/plc/pressure":{"data":42.5}}');
  });

  it('S02, S14: take cached values with their history, and request only the rest', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [/warm, /cold]' });
    robot.sampler.hold('/warm', [{ data: 1 }, { data: 2 }]);
    robot.sampler.offer('/cold', { data: 3 });
    await failed(robot);
    const frames = await robot.snapshots.of('F1');
    assert.deepEqual(
      frames.map(({ topic, data, history, capturedAtNs }) => [topic, data, history, capturedAtNs]),
      [
        ['/warm', '{"data":2}', '{"data":{"value":2,"history":[[1,1],[2,2]]}}', 2n],
        ['/cold', '{"data":3}', '', 1n],
      ],
    );
    assert.deepEqual(robot.sampler.sampled, ['/cold']);
    assert.equal(await robot.outliving(), '{"/warm":{"data":2},"/cold":{"data":3}}');
  });

  it('resolve a topic name for the reporting node, and an unknown name is logged once', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [min_range_m, voltag]' });
    robot.sampler.meanings.set('min_range_m', { topics: ['/collision_monitor/min_range_m'] });
    robot.sampler.meanings.set('voltag', { topics: [], nearest: '/voltage' });
    robot.sampler.hold('/collision_monitor/min_range_m', [{ data: 0.4 }]);
    await robot.clock.advanceAsync(10_000, 1000);
    const warning = 'Cannot capture voltag: the topic does not exist: did you mean /voltage?';
    assert.deepEqual(texts(robot), [warning]);
    await failed(robot);
    await robot.clock.advanceAsync(1000, 100);
    await robot.settled();
    assert.deepEqual(await robot.frames(), ['/collision_monitor/min_range_m {"data":0.4}']);
    assert.deepEqual(
      texts(robot).filter((text) => text.startsWith('Cannot capture voltag')),
      [warning],
    );
  });

  it('are described by the file of topics, and otherwise by the manifest', async () => {
    const { snapshots } = await robotSnapshots({
      topics: 'topics: {/range: {unit: m}}',
      meaningOf: (topic) => (topic === '/other' ? undefined : { unit: 'V', label: topic }),
    });
    assert.deepEqual(snapshots.meaningOf('/range'), { unit: 'm' });
    assert.deepEqual(snapshots.meaningOf('/voltage'), { unit: 'V', label: '/voltage' });
    assert.equal(snapshots.meaningOf('/other'), undefined);
  });

  it('S04, S15: belong to their fault alone', async () => {
    const robot = await robotWithPressure();
    await failed(robot, 'F2');
    assert.deepEqual(await robot.snapshots.of('F2'), []);
    assert.equal(await robot.outliving('F2'), undefined);
    assert.deepEqual(await robot.snapshots.of('UNKNOWN'), []);
  });

  it('S09: are not made if snapshots are disabled', async () => {
    const robot = await robotWithPressure({
      configuration: { 'snapshots.enabled': false, 'snapshots.rosbag.enabled': true },
    });
    await failed(robot);
    assert.deepEqual([await robot.frames(), await robot.outliving()], [[], undefined]);
    assert.deepEqual(await robot.store.read('SELECT * FROM pending_captures'), []);
    assert.equal(robot.captures.length, 1);
  });

  it('S11: do not exist if nothing is configured, and are empty if a topic is silent', async () => {
    const none = await robotSnapshots();
    await failed(none);
    assert.deepEqual([await none.frames(), await none.outliving(), none.captures.length], [[], undefined, 1]);

    const silent = await robotSnapshots({ topics: 'fault_specific: { F1: [/nowhere] }' });
    await silent.fail();
    await silent.clock.advanceAsync(1000, 100);
    await silent.settled();
    assert.deepEqual([await silent.frames(), await silent.outliving()], [[], '{}']);
    const [frame] = await silent.snapshots.of('F1');
    assert.deepEqual([frame.topic, frame.problem], ['', '/nowhere: no message was received within 1 s']);
  });

  it('S13: keep the values received earlier if no node publishes any more', async () => {
    const robot = await robotWithPressure();
    await failed(robot);
    robot.sampler.cold.set('/plc/pressure', new Error('nobody publishes it'));
    await recur(robot);
    assert.equal(await robot.outliving(), '{"/plc/pressure":{"data":42.5}}');
  });

  it('S17: are numbered after those of all faults', async () => {
    const first = await robotWithPressure();
    const sql = `INSERT INTO snapshots (fault_code, topic, message_type, data, captured_at_ns, capture_id)
                 VALUES ('OTHER', '/t', 't', '{}', 1, 41)`;
    await first.store.write([{ sql }]);
    const second = await robotWithPressure({ store: first.store, clock: first.clock });
    await failed(second);
    const [frame] = await second.snapshots.of('F1');
    assert.equal(frame.captureId, 42);
  });

  it('22.14: request all topics together, so that silent ones cost one time-out in total', async () => {
    const topics = Array.from({ length: 16 }, (_, index) => `/silent/${index}`);
    const robot = await robotSnapshots({ topics: `fault_specific: { F1: [${[...topics, '/plc/pressure']}] }` });
    robot.sampler.offer('/plc/pressure', { data: 1 });
    await robot.fail();
    await robot.settled();
    assert.equal(robot.sampler.mostAtOnce, 17);
    assert.deepEqual(await robot.frames(), []);
    await robot.clock.advanceAsync(1000, 250);
    await robot.settled();
    assert.deepEqual(await robot.frames(), ['/plc/pressure {"data":1}']);
    assert.equal(robot.clock.timers, 2, 'only those of the manager and of the check of names are left');
  });

  it('C3: name messages that are too large, with their size and head', async () => {
    const robot = await robotWithPressure({ configuration: { 'snapshots.max_message_size': 100 } }, 'x'.repeat(2000));
    await failed(robot);
    const [frame] = await robot.snapshots.of('F1');
    assert.equal(frame.problem, 'the message has 2006 bytes, snapshots.max_message_size is 100');
    const { size_bytes, head_base64 } = JSON.parse(frame.data);
    assert.deepEqual([size_bytes, Buffer.from(head_base64, 'base64').subarray(4, 8).toString()], [2006, '"xxx']);
    assert.equal(await robot.outliving(), '{}');
  });

  it('have an entry for messages of unknown types, and for invalid ones', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [/odd, /broken]' });
    robot.sampler.offer('/odd', 1, 'acme/msg/Odd');
    robot.sampler.unknownTypes.add('acme/msg/Odd');
    const broken = { topic: '/broken', type: 'T', samples: [{ octets: new Uint8Array(5), receivedNs: 1n }] };
    robot.sampler.warm.set('/broken', broken);
    await failed(robot);
    const problems = (await robot.snapshots.of('F1')).map(({ topic, problem }) => `${topic}: ${problem}`);
    assert.match(problems[0], /^\/broken: the message is not of the type T: /);
    assert.equal(problems[1], '/odd: the type acme/msg/Odd is unknown');
  });
});

describe('freeze frames of a cleared fault', () => {
  it('P13: are removed, and the frame that outlives a clear is shown instead', async () => {
    const robot = await robotWithPressure({}, { data: 91.25 });
    await failed(robot);
    await robot.manager.clear('F1', { cascade: false });
    const frames = await robot.snapshots.of('F1');
    assert.deepEqual(
      frames.map(({ topic, captureId, data }) => [topic, captureId, data]),
      [['', 0, '{"/plc/pressure":{"data":91.25}}']],
    );
  });

  it('P14, P16: stay if they are retained, with the newest that outlives a clear', async () => {
    const configuration = { 'snapshots.retain_on_clear': true, 'snapshots.max_per_fault': 0 };
    const robot = await robotWithPressure({ configuration }, { data: 1 });
    await failed(robot);
    robot.sampler.offer('/plc/pressure', { data: 2 });
    await recur(robot);
    const frames = await robot.snapshots.of('F1');
    assert.deepEqual(
      frames.map(({ topic, data }) => `${topic} ${data}`),
      ['/plc/pressure {"data":2}', '/plc/pressure {"data":1}', ' {"/plc/pressure":{"data":2}}'],
    );
  });

  it('S18: are not stored when it was cleared meanwhile, unless they are retained', async () => {
    for (const retained of [false, true]) {
      const robot = await robotWithPressure({ configuration: { 'snapshots.retain_on_clear': retained } });
      const message = Promise.withResolvers<undefined>();
      const late = robot.sampler.cold.get('/plc/pressure');
      robot.sampler.cold.set(
        '/plc/pressure',
        message.promise.then(() => late as never),
      );
      await robot.fail();
      await robot.settled();
      await robot.manager.clear('F1', { cascade: false });
      message.resolve(undefined);
      await robot.settled();
      assert.deepEqual(await robot.frames(), retained ? ['/plc/pressure {"data":42.5}'] : []);
      assert.equal(await robot.outliving(), '{"/plc/pressure":{"data":42.5}}');
      assert.deepEqual(await robot.store.read('SELECT * FROM pending_captures'), []);
    }
  });

  it('S05: are removed at a start without healing, unless they are retained', async () => {
    for (const retained of [false, true]) {
      const healing = { healing_enabled: true, healing_threshold: 0 };
      const first = await robotWithPressure({ configuration: healing });
      await failed(first);
      await failed(first, 'F2');
      await first.pass();
      const { store, clock } = first;
      const second = await robotWithPressure({
        store,
        clock,
        configuration: { 'snapshots.retain_on_clear': retained },
      });
      assert.equal(second.manager.get('F1')?.status, 'CLEARED');
      assert.equal((await second.frames()).length, retained ? 1 : 0);
    }
  });
});

describe('the event of freeze frames', () => {
  it('is one update of the fault, once they are on disk', async () => {
    const robot = await robotWithPressure();
    const seen: number[] = [];
    robot.manager.onEvent(async () => void seen.push((await robot.frames()).length));
    await failed(robot);
    assert.deepEqual(eventTexts(robot), ['fault_confirmed CONFIRMED', 'fault_updated CONFIRMED']);
    assert.deepEqual(seen, [0, 1]);
    const { events } = await robot.manager.eventsAfter(0, 10);
    assert.deepEqual(events, robot.events);
  });

  it('is not published if no frame was made, or the fault is muted', async () => {
    const silent = await robotSnapshots({ topics: 'fault_specific: { F1: [/nowhere] }' });
    await silent.fail();
    await silent.clock.advanceAsync(1000, 250);
    await silent.settled();
    assert.deepEqual(eventTexts(silent), ['fault_confirmed CONFIRMED']);

    const rule = {
      id: 'r',
      name: 'r',
      windowMs: 1000,
      mode: 'hierarchical',
      rootCause: ['ROOT'],
      symptoms: ['F1'],
      muteSymptoms: true,
      autoClearWithRoot: true,
    } as const;
    const muted = await robotWithPressure({ rules: [rule] });
    await muted.fail({ code: 'ROOT' });
    await failed(muted);
    assert.deepEqual(eventTexts(muted), ['fault_confirmed CONFIRMED']);
    assert.equal((await muted.frames()).length, 1);
  });
});

describe('a cached message of a topic', () => {
  it('is copied before it is written: its bytes may be a part of a larger buffer', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [/warm, /nowhere]' });
    const sample = arrived({ data: 7 }, 5n);
    const buffer = new Uint8Array(10_000);
    buffer.set(sample.octets, 100);
    const octets = buffer.subarray(100, 100 + sample.octets.length);
    robot.sampler.warm.set('/warm', { topic: '/warm', type: 'T', samples: [{ octets, receivedNs: 5n }] });
    await robot.fail();
    const [row] = await robot.store.read('SELECT samples FROM pending_samples');
    assert.equal((row.samples as Uint8Array).length, 16 + octets.length);
  });
});
