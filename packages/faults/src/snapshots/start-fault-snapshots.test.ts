import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrived, MemorySampler } from '../testing/memory-sampler.ts';
import { type RobotSnapshotOptions, type RobotSnapshots, robotSnapshots } from '../testing/robot-snapshots.ts';

/** A robot whose fault F1 wants the topic /plc/pressure. */
async function withPressure(
  options: RobotSnapshotOptions = {},
  value: unknown = { data: 42.5 },
): Promise<RobotSnapshots> {
  const robot = await robotSnapshots({ topics: 'fault_specific: { F1: [/plc/pressure] }', ...options });
  robot.sampler.offer('/plc/pressure', value);
  return robot;
}

const told = ({ events }: RobotSnapshots) => events.map(({ type, fault }) => `${type} ${fault.status}`);
const texts = ({ notices }: RobotSnapshots) => notices.map(({ text }) => text);

/** F1 fails, and all that follows from it is done. */
async function failed(robot: RobotSnapshots, code = 'F1'): Promise<void> {
  await robot.fail({ code });
  await robot.settled();
}

async function recur(robot: RobotSnapshots): Promise<void> {
  await robot.manager.clear('F1', { cascade: false });
  await failed(robot);
}

describe('freeze frames', () => {
  it('S01, S12: hold what a topic says when the fault is confirmed', async () => {
    const robot = await withPressure();
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

  it('S02, S14: take what is at hand, with its history, and ask only for the rest', async () => {
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

  it('are of the topic that a name means to the node that reports, and an unknown name is told of once', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [min_range_m, voltag]' });
    robot.sampler.meanings.set('min_range_m', { topics: ['/collision_monitor/min_range_m'] });
    robot.sampler.meanings.set('voltag', { topics: [], nearest: '/voltage' });
    robot.sampler.hold('/collision_monitor/min_range_m', [{ data: 0.4 }]);
    await robot.clock.advanceAsync(10_000, 1000);
    const warning = 'voltag is to be captured, and there is no such topic: did you mean /voltage?';
    assert.deepEqual(texts(robot), [warning]);
    await failed(robot);
    await robot.clock.advanceAsync(1000, 100);
    await robot.settled();
    assert.deepEqual(await robot.frames(), ['/collision_monitor/min_range_m {"data":0.4}']);
    assert.deepEqual(
      texts(robot).filter((text) => text.startsWith('voltag')),
      [warning],
    );
  });

  it('S04, S15: are of their fault alone', async () => {
    const robot = await withPressure();
    await failed(robot, 'F2');
    assert.deepEqual(await robot.snapshots.of('F2'), []);
    assert.equal(await robot.outliving('F2'), undefined);
    assert.deepEqual(await robot.snapshots.of('UNKNOWN'), []);
  });

  it('S09: are not made where snapshots are switched off', async () => {
    const robot = await withPressure({
      configuration: { 'snapshots.enabled': false, 'snapshots.rosbag.enabled': true },
    });
    await failed(robot);
    assert.deepEqual([await robot.frames(), await robot.outliving()], [[], undefined]);
    assert.deepEqual(await robot.store.read('SELECT * FROM pending_captures'), []);
    assert.equal(robot.captures.length, 1);
  });

  it('S11: are none where nothing is configured, and empty where a topic says nothing', async () => {
    const none = await robotSnapshots();
    await failed(none);
    assert.deepEqual([await none.frames(), await none.outliving(), none.captures.length], [[], undefined, 1]);

    const silent = await robotSnapshots({ topics: 'fault_specific: { F1: [/nowhere] }' });
    await silent.fail();
    await silent.clock.advanceAsync(1000, 100);
    await silent.settled();
    assert.deepEqual([await silent.frames(), await silent.outliving()], [[], '{}']);
    const [frame] = await silent.snapshots.of('F1');
    assert.deepEqual([frame.topic, frame.problem], ['', '/nowhere: nothing came within 1 s']);
  });

  it('S13: do not lose what was heard before when nobody publishes any more', async () => {
    const robot = await withPressure();
    await failed(robot);
    robot.sampler.cold.set('/plc/pressure', new Error('nobody publishes it'));
    await recur(robot);
    assert.equal(await robot.outliving(), '{"/plc/pressure":{"data":42.5}}');
  });

  it('S17: have numbers that go on after those of all faults', async () => {
    const first = await withPressure();
    const sql = `INSERT INTO snapshots (fault_code, topic, message_type, data, captured_at_ns, capture_id)
                 VALUES ('OTHER', '/t', 't', '{}', 1, 41)`;
    await first.store.write([{ sql }]);
    const second = await withPressure({ store: first.store, clock: first.clock });
    await failed(second);
    const [frame] = await second.snapshots.of('F1');
    assert.equal(frame.captureId, 42);
  });

  it('22.14: ask for all topics at once, so that silent ones cost one time-out together', async () => {
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
    const robot = await withPressure({ configuration: { 'snapshots.max_message_size': 100 } }, 'x'.repeat(2000));
    await failed(robot);
    const [frame] = await robot.snapshots.of('F1');
    assert.equal(frame.problem, 'the message has 2006 octets, snapshots.max_message_size is 100');
    const { size_bytes, head_base64 } = JSON.parse(frame.data);
    assert.deepEqual([size_bytes, Buffer.from(head_base64, 'base64').subarray(4, 8).toString()], [2006, '"xxx']);
    assert.equal(await robot.outliving(), '{}');
  });

  it('have a place for messages of unknown types, and for those that are not what they say', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [/odd, /broken]' });
    robot.sampler.offer('/odd', 1, 'acme/msg/Odd');
    robot.sampler.unknownTypes.add('acme/msg/Odd');
    const broken = { topic: '/broken', type: 'T', samples: [{ octets: new Uint8Array(5), receivedNs: 1n }] };
    robot.sampler.warm.set('/broken', broken);
    await failed(robot);
    const problems = (await robot.snapshots.of('F1')).map(({ topic, problem }) => `${topic}: ${problem}`);
    assert.match(problems[0], /^\/broken: the message is not of the type T: /);
    assert.equal(problems[1], '/odd: the type acme/msg/Odd is not known');
  });
});

describe('topics of the sources of a fault', () => {
  const withSource = async (options: RobotSnapshotOptions = {}) => {
    const robot = await robotSnapshots(options);
    robot.sampler.sources.set('/source', ['/own', '/rosout', '/parameter_events']);
    robot.sampler.sources.set('bare', ['/own']);
    for (const topic of ['/own', '/rosout', '/parameter_events', '/named']) robot.sampler.offer(topic, { data: 1 });
    return robot;
  };

  it('S16: are captured where nothing names any, without those that every node has', async () => {
    const robot = await withSource();
    await failed(robot);
    assert.deepEqual(await robot.frames(), ['/own {"data":1}']);
  });

  it('S16: give way to what is named, also where that is nothing', async () => {
    const cases = [
      [{ configuration: { 'snapshots.entity_default': false } }, []],
      [{ topics: 'fault_specific: { F1: [/named] }' }, ['/named {"data":1}']],
      [{ topics: 'fault_specific: { F1: [] }' }, []],
      [{ topics: 'patterns: { "F.*": [] }' }, []],
      [{ configuration: { 'snapshots.default_topics': ['named'] } }, ['/named {"data":1}']],
    ] as const;
    for (const [options, expected] of cases) {
      const robot = await withSource(options);
      await failed(robot);
      assert.deepEqual(await robot.frames(), expected, JSON.stringify(options));
    }
  });

  it('S16: are those of nodes: a bare name is none, and who is not there has none', async () => {
    for (const source of ['bare', '/gone', '/']) {
      const robot = await withSource();
      robot.sampler.sources.set('/', ['/own']);
      await robot.fail({ source });
      await robot.settled();
      assert.deepEqual([await robot.frames(), await robot.outliving()], [[], undefined], source);
    }
  });

  it('10.5: leave no empty frame where they say nothing', async () => {
    const robot = await withSource();
    robot.sampler.cold.clear();
    await robot.fail();
    await robot.clock.advanceAsync(1000, 250);
    await robot.settled();
    assert.equal(await robot.outliving(), undefined);
  });

  it('10.2: are sixteen at most, and a line says so', async () => {
    const robot = await robotSnapshots();
    const topics = Array.from({ length: 20 }, (_, index) => `/t${String(index).padStart(2, '0')}`);
    robot.sampler.sources.set('/source', topics);
    for (const topic of topics) robot.sampler.offer(topic, { data: 1 });
    await failed(robot);
    assert.equal((await robot.frames()).length, 16);
    assert.match(texts(robot)[0], /F1: the first 16 topics are captured, 4 are left out/);
  });
});

describe('freeze frames of a fault that is cleared', () => {
  it('P13: go, and what outlives them is shown instead', async () => {
    const robot = await withPressure({}, { data: 91.25 });
    await failed(robot);
    await robot.manager.clear('F1', { cascade: false });
    const frames = await robot.snapshots.of('F1');
    assert.deepEqual(
      frames.map(({ topic, captureId, data }) => [topic, captureId, data]),
      [['', 0, '{"/plc/pressure":{"data":91.25}}']],
    );
  });

  it('P14, P16: stay where they are retained, with the newest that outlives a clear', async () => {
    const configuration = { 'snapshots.retain_on_clear': true, 'snapshots.max_per_fault': 0 };
    const robot = await withPressure({ configuration }, { data: 1 });
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
      const robot = await withPressure({ configuration: { 'snapshots.retain_on_clear': retained } });
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

  it('S05: go at a start after which nothing heals any more, unless they are retained', async () => {
    for (const retained of [false, true]) {
      const healing = { healing_enabled: true, healing_threshold: 0 };
      const first = await withPressure({ configuration: healing });
      await failed(first);
      await failed(first, 'F2');
      await first.pass();
      const { store, clock } = first;
      const second = await withPressure({ store, clock, configuration: { 'snapshots.retain_on_clear': retained } });
      assert.equal(second.manager.get('F1')?.status, 'CLEARED');
      assert.equal((await second.frames()).length, retained ? 1 : 0);
    }
  });
});

describe('the news of freeze frames', () => {
  it('is one update of the fault, once they are on disk', async () => {
    const robot = await withPressure();
    const seen: number[] = [];
    robot.manager.onEvent(async () => void seen.push((await robot.frames()).length));
    await failed(robot);
    assert.deepEqual(told(robot), ['fault_confirmed CONFIRMED', 'fault_updated CONFIRMED']);
    assert.deepEqual(seen, [0, 1]);
    const { events } = await robot.manager.eventsAfter(0, 10);
    assert.deepEqual(events, robot.events);
  });

  it('is none where no frame came of it, or the fault is muted', async () => {
    const silent = await robotSnapshots({ topics: 'fault_specific: { F1: [/nowhere] }' });
    await silent.fail();
    await silent.clock.advanceAsync(1000, 250);
    await silent.settled();
    assert.deepEqual(told(silent), ['fault_confirmed CONFIRMED']);

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
    const muted = await withPressure({ rules: [rule] });
    await muted.fail({ code: 'ROOT' });
    await failed(muted);
    assert.deepEqual(told(muted), ['fault_confirmed CONFIRMED']);
    assert.equal((await muted.frames()).length, 1);
  });
});

describe('captures', () => {
  it('4.12, P17: are not repeated while a fault comes and goes, and at once after a clear', async () => {
    const robot = await withPressure({
      configuration: { healing_enabled: true, healing_threshold: 0, 'snapshots.max_per_fault': 0 },
    });
    const captures = async () => (await robot.frames()).length;
    await failed(robot);
    await robot.pass();
    robot.clock.advance(10_000);
    await failed(robot);
    assert.equal(await captures(), 1);
    robot.clock.advance(51_000);
    await robot.pass();
    await failed(robot);
    assert.equal(await captures(), 2);
    robot.clock.advance(1000);
    await recur(robot);
    assert.deepEqual([await captures(), robot.captures.length], [1, 3]);
  });

  it('10.7: beyond the queue are refused, not told, and may be made when their faults come again', async () => {
    const robot = await robotSnapshots({
      topics: 'default_topics: [/nowhere]',
      configuration: { 'snapshots.capture_pool_size': 1, 'snapshots.capture_queue_depth': 1 },
    });
    for (const code of ['A', 'B', 'C', 'D']) await robot.fail({ code });
    const codes = () => robot.captures.map(({ faultCode }) => faultCode);
    assert.deepEqual(codes(), ['A', 'B']);
    assert.deepEqual(robot.snapshots.facts(), { running: 1, waiting: 1, dropped: 2, lost: 0 });
    assert.equal(texts(robot).length, 1, 'one line in two seconds');
    assert.match(
      texts(robot)[0],
      /the queue of captures is full .*capture_queue_depth 1\): 1 captures came to nothing/,
    );
    await robot.clock.advanceAsync(3000, 250);
    await robot.settled();
    await robot.manager.clear('C', { cascade: false });
    await robot.fail({ code: 'C' });
    assert.deepEqual(codes(), ['A', 'B', 'C']);
  });

  it('10.7: give way to newer ones by drop_oldest, and nothing is left of them', async () => {
    const robot = await robotSnapshots({
      topics: 'default_topics: [/nowhere]',
      configuration: {
        'snapshots.capture_pool_size': 1,
        'snapshots.capture_queue_depth': 1,
        'snapshots.capture_queue_full_policy': 'drop_oldest',
      },
    });
    for (const code of ['A', 'B', 'C']) await robot.fail({ code });
    const rows = await robot.store.read('SELECT fault_code FROM pending_captures ORDER BY capture_id');
    assert.deepEqual(
      rows.map(({ fault_code }) => fault_code),
      ['A', 'C'],
    );
    await robot.clock.advanceAsync(3000, 250);
    await robot.settled();
    assert.deepEqual([await robot.outliving('B'), await robot.outliving('C')], [undefined, '{}']);
  });

  it('of a fault that could not be written come to nothing', async () => {
    let broken = true;
    const robot = await withPressure({
      through: (storage) => ({
        ...storage,
        save: async (change) => {
          if (broken) throw new Error('busy');
          return storage.save(change);
        },
      }),
    });
    await assert.rejects(robot.fail(), /busy/);
    await robot.settled();
    assert.deepEqual([robot.sampler.sampled, robot.snapshots.facts().running], [[], 0]);
    broken = false;
    await failed(robot);
    assert.equal((await robot.frames()).length, 1);
  });

  it('that cannot tell their topics, or what is at hand, lose no fault', async () => {
    const sampler = new MemorySampler();
    sampler.publishedBy = () => {
      throw new Error('no graph');
    };
    const robot = await robotSnapshots({ sampler });
    assert.equal((await robot.fail()).accepted, true);
    sampler.publishedBy = () => ['/own'];
    sampler.held = () => {
      throw new Error('defect');
    };
    sampler.offer('/own', { data: 1 });
    robot.clock.advance(3000);
    await failed(robot, 'F2');
    assert.deepEqual(await robot.frames('F2'), ['/own {"data":1}']);
    assert.match(texts(robot).join('\n'), /no graph.*defect/s);
  });

  it('of a storm of faults hold up no report', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [/warm, /nowhere]' });
    robot.sampler.hold('/warm', ['x'.repeat(60_000)]);
    const reports = Array.from({ length: 2000 }, (_, index) => robot.fail({ code: `F${index}` }));
    assert.ok((await Promise.all(reports)).every(({ accepted }) => accepted));
    assert.deepEqual(robot.snapshots.facts(), { running: 2, waiting: 16, dropped: 1982, lost: 0 });
    assert.equal(texts(robot).filter((text) => text.includes('queue of captures')).length, 1);
    await robot.snapshots.stop();
  });
});

describe('frames of several occurrences', () => {
  const healing = { healing_enabled: true, healing_threshold: 0, 'snapshots.recapture_cooldown_sec': 0 } as const;
  const TOPICS = Array.from({ length: 6 }, (_, index) => `/t${index}`);
  /** Confirms F1 so often, with healings between; every topic says which time it is. */
  const comeAndGo = async (times: number, configuration: RobotSnapshotOptions['configuration'] = {}) => {
    const robot = await robotSnapshots({
      topics: `default_topics: [${TOPICS}]`,
      configuration: { ...healing, ...configuration },
    });
    for (let time = 1; time <= times; time += 1) {
      for (const topic of TOPICS) robot.sampler.hold(topic, [{ data: time }]);
      await failed(robot);
      await robot.pass();
    }
    const shown = (await robot.snapshots.of('F1')).map(({ occurrence, data }) => `${occurrence} ${data}`);
    return { robot, shown: [...new Set(shown)] };
  };
  const missing = async ({ manager }: RobotSnapshots) =>
    (await manager.occurrences('F1')).map(({ number, missing }) => `${number} ${missing}`);

  it('are those of the newest, also where six topics a time are more than there is room for', async () => {
    const { robot, shown } = await comeAndGo(3);
    assert.deepEqual(shown, ['3 {"data":3}']);
    assert.deepEqual(await missing(robot), ['1 ', '2 ', '3 ']);
  });

  it('are those of the first as well where there is room for both', async () => {
    const { shown } = await comeAndGo(4, { 'snapshots.max_per_fault': 12 });
    assert.deepEqual(shown, ['4 {"data":4}', '1 {"data":1}']);
  });

  it('say of which one they are when a cooldown keeps a later one from being captured, which says so', async () => {
    const { robot, shown } = await comeAndGo(2, { 'snapshots.recapture_cooldown_sec': 60 });
    assert.deepEqual(shown, ['1 {"data":1}']);
    assert.deepEqual(await missing(robot), [
      '1 ',
      '2 nothing was captured: the last capture was less than snapshots.recapture_cooldown_sec (60) ago',
    ]);
  });

  it('are those of the first alone where that is asked for, and the later ones say so', async () => {
    const { robot, shown } = await comeAndGo(2, { 'snapshots.max_per_fault_policy': 'reject_newest' });
    assert.deepEqual(shown, ['1 {"data":1}']);
    assert.match((await missing(robot))[1], /^2 F1 has 6 snapshots, and 6 more would be over .* are not kept/);
  });

  it('are none where the queue was full, its topics were silent, or it gave way: and the occurrence says so', async () => {
    const told = async (policy: 'reject_newest' | 'drop_oldest') => {
      const robot = await robotSnapshots({
        topics: 'default_topics: [/nowhere]',
        configuration: {
          'snapshots.capture_pool_size': 1,
          'snapshots.capture_queue_depth': 1,
          'snapshots.capture_queue_full_policy': policy,
        },
      });
      for (const code of ['A', 'B', 'C']) await robot.fail({ code });
      await robot.clock.advanceAsync(3000, 250);
      await robot.settled();
      const occurrences = await Promise.all(['A', 'B', 'C'].map((code) => robot.manager.occurrences(code)));
      return occurrences.map(([{ missing }]) => missing);
    };
    const silent = '/nowhere: nothing came within 1 s';
    assert.deepEqual(await told('reject_newest'), [
      silent,
      silent,
      'nothing was captured: too many captures waited (snapshots.capture_queue_depth 1)',
    ]);
    const gaveWay = /^nothing was captured: the capture gave way to a newer one/;
    const [, evicted, newest] = await told('drop_oldest');
    assert.match(evicted, gaveWay);
    assert.equal(newest, silent);
  });

  it('do not change by being read, nor by what comes after the fault was confirmed', async () => {
    const robot = await robotSnapshots({ topics: 'default_topics: [/warm]' });
    robot.sampler.hold('/warm', [{ data: 1 }, { data: 2 }]);
    await robot.fail();
    robot.sampler.hold('/warm', [{ data: 3 }]);
    await robot.settled();
    const first = await robot.snapshots.of('F1');
    robot.sampler.hold('/warm', [{ data: 4 }]);
    assert.deepEqual(await robot.snapshots.of('F1'), first);
    assert.deepEqual(
      first.map(({ data, history }) => [data, history]),
      [['{"data":2}', '{"data":{"value":2,"history":[[1,1],[2,2]]}}']],
    );
  });
});

describe('a capture that a crash or a stop ended', () => {
  it('has on disk what was at hand, from the moment at which its fault is', async () => {
    const first = await robotSnapshots({ topics: 'default_topics: [/warm, /cold]' });
    first.sampler.hold('/warm', [{ data: 1 }, { data: 2 }]);
    await first.fail();
    const { store, clock } = first;
    const second = await robotSnapshots({ topics: 'default_topics: [/warm, /cold]', store, clock });
    await second.settled();
    const [frame, ...others] = await second.snapshots.of('F1');
    assert.deepEqual(others, []);
    assert.deepEqual(
      [frame.captureId, frame.topic, frame.data, frame.history],
      [1, '/warm', '{"data":2}', '{"data":{"value":2,"history":[[1,1],[2,2]]}}'],
    );
    assert.equal(frame.problem, 'the gateway was stopped before this capture was complete');
    assert.equal(await second.outliving(), '{"/warm":{"data":2}}');
    assert.deepEqual([second.snapshots.facts().lost, told(second)], [1, ['fault_updated CONFIRMED']]);
    assert.match(texts(second)[0], /1 captures were under way when the gateway was stopped/);
    const third = await robotSnapshots({ store, clock });
    assert.equal(third.snapshots.facts().lost, 0);
  });

  it('waits a while for nodes that bring its types along', async () => {
    const first = await robotSnapshots({ topics: 'default_topics: [/odd, /cold]' });
    first.sampler.hold('/odd', [{ data: 1 }], 'acme/msg/Odd');
    await first.fail();
    await first.snapshots.stop();
    const { store, clock } = first;
    const sampler = new MemorySampler();
    sampler.unknownTypes.add('acme/msg/Odd');
    const second = await robotSnapshots({ store, clock, sampler });
    await clock.advanceAsync(20_000, 1000);
    assert.deepEqual(await second.frames(), []);
    sampler.unknownTypes.clear();
    await clock.advanceAsync(5000, 1000);
    await second.settled();
    assert.deepEqual(await second.frames(), ['/odd {"data":1}']);
  });

  it('is stored undecoded where its types never come, and not at all where its fault is cleared first', async () => {
    for (const cleared of [false, true]) {
      const first = await robotSnapshots({ topics: 'default_topics: [/odd, /cold]' });
      first.sampler.hold('/odd', [{ data: 1 }], 'acme/msg/Odd');
      await first.fail();
      await first.snapshots.stop();
      const { store, clock } = first;
      const sampler = new MemorySampler();
      sampler.unknownTypes.add('acme/msg/Odd');
      const second = await robotSnapshots({ store, clock, sampler });
      await second.settled();
      if (cleared) await second.manager.clear('F1', { cascade: false });
      await clock.advanceAsync(70_000, 1000);
      const frames = (await second.snapshots.of('F1')).filter(({ topic }) => topic !== '');
      const problems = frames.map(({ problem }) => problem);
      assert.deepEqual(
        problems,
        cleared ? [] : ['the gateway was stopped before this capture was complete; the type acme/msg/Odd is not known'],
      );
    }
  });

  it('was ended by a stop in no time, and a fault that comes meanwhile keeps what is at hand', async () => {
    const first = await robotSnapshots({ topics: 'default_topics: [/warm, /nowhere]' });
    first.sampler.hold('/warm', [{ data: 1 }]);
    for (const code of ['A', 'B', 'C']) await first.fail({ code });
    await first.settled();
    await first.snapshots.stop();
    await first.fail({ code: 'D' });
    assert.deepEqual([await first.frames('A'), first.sampler.samplingAtOnce], [[], 0]);
    const { store, clock } = first;
    const second = await robotSnapshots({ topics: 'default_topics: [/warm, /nowhere]', store, clock });
    await second.settled();
    for (const code of ['A', 'B', 'C', 'D']) assert.deepEqual(await second.frames(code), ['/warm {"data":1}'], code);
    assert.equal(second.snapshots.facts().lost, 4);
  });

  it('does not keep a stop waiting while its fault is on its way to a disk', async () => {
    const disk = Promise.withResolvers<void>();
    const topics = 'default_topics: [/warm]';
    const first = await robotSnapshots({
      topics,
      through: (storage) => ({ ...storage, save: (change) => disk.promise.then(() => storage.save(change)) }),
    });
    first.sampler.hold('/warm', [{ data: 1 }]);
    const report = first.fail();
    await first.snapshots.stop();
    disk.resolve();
    await report;
    const { store, clock } = first;
    const second = await robotSnapshots({ topics, store, clock });
    await second.settled();
    assert.deepEqual(await second.frames(), ['/warm {"data":1}']);
  });

  it('leaves no timer behind', async () => {
    const robot = await robotSnapshots({
      topics: 'default_topics: [/nowhere]',
      configuration: { 'snapshots.background_capture': true },
    });
    await robot.fail();
    await robot.settled();
    await robot.snapshots.stop();
    await robot.manager.stop();
    assert.equal(robot.clock.timers, 0);
    assert.deepEqual(robot.sampler.watched.at(-1), []);
  });
});

describe('what is at hand of topics', () => {
  it('is copied before it is written: its octets may be a part of a larger buffer', async () => {
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
