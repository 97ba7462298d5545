import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_BRIDGES, openBridges, publisherOf } from '../testing/open-bridges.ts';
import { Cooldown } from './cooldown.ts';

describe('the bridge from diagnostics', () => {
  it('G05: reports errors immediately, warnings when they repeat, and every OK', async () => {
    const { ros, reported, clock } = await openBridges();
    const diagnose = (...levels: readonly (readonly [string, number])[]) => {
      const status = levels.map(([name, level]) => ({ name, level, message: 'm', hardware_id: '', values: [] }));
      ros.deliver('/diagnostics', { status });
      clock.advance(1000);
    };
    diagnose(['motor', 2], ['battery', 1], ['lidar', 3]);
    assert.deepEqual(reported(), ['FAILED MOTOR', 'FAILED LIDAR']);
    diagnose(['battery', 1]);
    diagnose(['battery', 1]);
    assert.deepEqual(reported().slice(2), ['FAILED BATTERY']);
    diagnose(['battery', 0], ['motor', 0]);
    assert.deepEqual(reported().slice(3), ['PASSED BATTERY', 'PASSED MOTOR']);
  });

  it('reports the publishing node as the source if configured and known, otherwise the bridge', async () => {
    const status = [{ name: 'motor', level: 2, message: '', hardware_id: '', values: [] }];
    const sources = async (usePublisherAsSourceId: boolean, sourceId = '/diagnostic_bridge') => {
      const publisher = publisherOf('/diagnostics', { gid: 'known', node: '/motor_driver' });
      const diagnostics = { ...ALL_BRIDGES.diagnostics, usePublisherAsSourceId, sourceId };
      const { ros, reports, clock } = await openBridges({ diagnostics }, [publisher]);
      for (const gid of ['known', 'unknown']) ros.deliver('/diagnostics', { status }, { gid });
      clock.advance(1000);
      return reports.map(({ source }) => source);
    };
    assert.deepEqual(await sources(false), ['/diagnostic_bridge', '/diagnostic_bridge']);
    assert.deepEqual(await sources(true), ['/motor_driver', '/diagnostic_bridge']);
    assert.deepEqual(await sources(true, '/robot1/bridge'), ['/motor_driver', '/robot1/bridge']);
  });

  it('waits a moment for the node of a publisher that has just appeared, so that its fault has no second source', async () => {
    const status = [{ name: 'motor', level: 2, message: '', hardware_id: '', values: [] }];
    const diagnostics = { ...ALL_BRIDGES.diagnostics, usePublisherAsSourceId: true };
    const publisher = (node: string | undefined) => publisherOf('/diagnostics', { gid: 'new', node });
    const { ros, reports, view, bridges, clock } = await openBridges({ diagnostics }, [publisher(undefined)]);
    const idle = clock.timers;
    ros.deliver('/diagnostics', { status }, { gid: 'new' });
    clock.advance(999);
    assert.deepEqual(reports, []);
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [publisher('/motor_driver')] });
    bridges.topicChanged('/diagnostics', view.topic('/diagnostics'));
    assert.deepEqual([reports.map(({ source }) => source), clock.timers], [['/motor_driver'], idle]);
  });

  it('waits for the node of a publisher while another one floods the topic', async () => {
    const status = [{ name: 'motor', level: 2, message: '', hardware_id: '', values: [] }];
    const diagnostics = { ...ALL_BRIDGES.diagnostics, usePublisherAsSourceId: true };
    const publisher = (node: string | undefined) => publisherOf('/diagnostics', { gid: 'new', node });
    const { ros, reports, view, bridges } = await openBridges({ diagnostics }, [publisher(undefined)]);
    ros.deliver('/diagnostics', { status }, { gid: 'new' });
    for (let n = 0; n < 100; n++) ros.deliver('/diagnostics', { status }, { gid: 'flood' });
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [publisher('/motor_driver')] });
    bridges.topicChanged('/diagnostics', view.topic('/diagnostics'));
    assert.equal(reports.at(-1)?.source, '/motor_driver');
  });

  it('waits once for a publisher that has no node, and stores a bounded number of messages', async () => {
    const status = [{ name: 'motor', level: 2, message: '', hardware_id: '', values: [] }];
    const diagnostics = { ...ALL_BRIDGES.diagnostics, usePublisherAsSourceId: true };
    const { ros, reports, clock, bridges } = await openBridges({ diagnostics }, []);
    for (let n = 0; n < 65; n++) ros.deliver('/diagnostics', { status }, { gid: `g${n}` });
    assert.equal(reports.length, 1);
    clock.advance(1000);
    assert.equal(reports.length, 65);
    ros.deliver('/diagnostics', { status }, { gid: 'g7' });
    assert.equal(reports.length, 66);
    ros.deliver('/diagnostics', { status }, { gid: 'late' });
    await bridges.close();
    clock.advance(5000);
    assert.deepEqual([reports.length, clock.timers], [66, 0]);
  });

  it('heals what a publisher reported before its node was known', async () => {
    const status = (level: number) => [{ name: 'motor', level, message: '', hardware_id: '', values: [] }];
    const publisher = publisherOf('/diagnostics', { gid: 'late', node: '/motor_driver' });
    const { ros, reports, view, bridges, clock } = await openBridges(ALL_BRIDGES, []);
    ros.deliver('/diagnostics', { status: status(2) }, { gid: 'late' });
    clock.advance(1000);
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [publisher] });
    ros.deliver('/diagnostics', { status: status(0) }, { gid: 'late' });
    const [failed, ...passed] = reports.map(({ condition }) => condition?.key);
    assert.ok(passed.includes(failed) && passed.length === 2);
    assert.deepEqual(bridges.warnings(), []);
  });

  it('shows in /health which statuses caused no fault', async () => {
    const diagnostics = { ...ALL_BRIDGES.diagnostics, autoGenerateCodes: false };
    const { ros, reported, bridges, clock } = await openBridges({ diagnostics });
    const status = [2, 0].map((level) => ({ name: 'мотор', level, message: '', hardware_id: '', values: [] }));
    ros.deliver('/diagnostics', { status: [status[0]] });
    clock.advance(1000);
    assert.deepEqual(reported(), []);
    const [warning] = bridges.warnings();
    assert.equal(warning?.code, 'diagnostics_without_code');
    assert.match(warning?.message ?? '', /^1 statuses .*"мотор".*auto_generate_codes/);
  });

  it('counts in /health the statuses whose level the type does not define', async () => {
    const { ros, bridges, reports, clock } = await openBridges();
    const status = [7, 3, 0].map((level) => ({
      name: `pump ${level}`,
      level,
      message: '',
      hardware_id: '',
      values: [],
    }));
    ros.deliver('/diagnostics', { status });
    clock.advance(1000);
    assert.equal(reports.find(({ description }) => description.includes('level 7'))?.severity, 2);
    const [warning] = bridges.warnings();
    assert.equal(warning?.code, 'diagnostics_unknown_level');
    assert.match(warning?.message ?? '', /^1 statuses on \/diagnostics .*\("pump 7"\)/);
  });

  it('is off if it is not enabled', async () => {
    const { ros } = await openBridges({});
    assert.equal(ros.subscriptions.length, 0);
  });
});

describe('the bridge from logs', () => {
  it('O07: reports an error once per cooldown, by kind and severity, and a warning when it repeats', async () => {
    const { bridges, reports, clock } = await openBridges();
    const logged = (level: number, msg: string) => bridges.logged({ level, name: 'ctrl', msg }, 'gid');
    const severities = () => reports.splice(0).map(({ severity }) => severity);
    logged(40, 'oops 1');
    logged(40, 'oops 2');
    logged(50, 'oops 3');
    logged(40, 'another');
    assert.deepEqual(severities(), [2, 3, 2]);
    clock.advance(5000);
    logged(40, 'oops 4');
    assert.deepEqual(severities(), [2]);
    for (let n = 0; n < 4; n++) logged(30, `careful ${n}`);
    assert.deepEqual(severities(), [1, 1]);
  });
});

describe('a cooldown', () => {
  it('remembers keys of other nodes while one node invents as many as it can', () => {
    const cooldown = new Cooldown(1000);
    assert.equal(cooldown.begin('motor', 0, '/motor'), true);
    for (let number = 0; number < 5000; number += 1) cooldown.begin(`flood ${number}`, 0, '/flood');
    assert.equal(cooldown.begin('motor', 0, '/motor'), false);
    assert.deepEqual(cooldown.figures(), {
      ...{ held: 4096, capacity: 4096, owners: 2, largest: 4095, refused: 905, evicts: true },
    });
  });

  it('lets everything through if its length is 0, and stores a bounded number of keys', () => {
    const none = new Cooldown(0);
    assert.ok(none.begin('a', 0) && none.begin('a', 0));
    const some = new Cooldown(1000);
    assert.ok(some.begin('first', 0) && !some.begin('first', 999));
    for (let n = 0; n < 4096; n++) some.begin(`k${n}`, 1);
    assert.ok(some.begin('first', 2));
  });
});
