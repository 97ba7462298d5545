import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_BRIDGES, openBridges, publisherOf, STATUS_TOPIC } from '../testing/open-bridges.ts';
import { settle } from '../testing/running-runtime.ts';

describe('the bridge from actions', () => {
  it('X06, X02: reports each aborted goal, and each success, once', async () => {
    const { goals, reported, reports } = await openBridges();
    await goals(6);
    await goals(6);
    assert.deepEqual(reported(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    const { condition, ...first } = reports[0]!;
    assert.equal(condition?.key, '["action","/navigate","ABORTED"]');
    assert.deepEqual(first, {
      code: 'ACTION_NAVIGATE_ABORTED',
      event: 'FAILED',
      severity: 2,
      description: 'Action /navigate aborted',
      source: '/bt_navigator',
    });
    await goals(6, 4);
    await goals(6, 4);
    assert.deepEqual(
      reported().slice(1),
      ['PASSED ACTION_NAVIGATE_ABORTED'],
      'while the server lists the aborted goal',
    );
    await goals(6, 4, 6);
    await goals(6, 4, 6);
    assert.equal(reported().length, 3);
    await goals(6, 4, 6, 4);
    await goals(6, 4, 6, 4, 4);
    assert.deepEqual(reported().slice(3), Array(2).fill('PASSED ACTION_NAVIGATE_ABORTED'), 'healing may take several');
    await goals(6, 4, 6);
    assert.equal(reported().length, 5, 'goals that the server forgets are no news');
  });

  it('follows actions of other nodes while one node offers as many as it can', async () => {
    const topic = (name: string) => `/${name}/_action/status`;
    const names = Array.from({ length: 260 }, (_, number) => `flood${number}`);
    const endpoints = [
      ...names.map((name) => publisherOf(topic(name), { node: '/flood' })),
      publisherOf(topic('arm'), { node: '/arm' }),
    ];
    const { bridges, logged } = await openBridges(ALL_BRIDGES, endpoints);
    const { held, capacity, largest, refused } = bridges.quotas()['followed_actions']!;
    assert.deepEqual([held, capacity, largest, refused], [257, 512, 256, 4]);
    assert.equal(logged.filter((line) => line.startsWith('Too many actions')).length, 1);
  });

  it('reports the first goal that it sees, because an earlier reported fault may be active', async () => {
    const { goals, reported, reports, known } = await openBridges();
    known.set('ACTION_NAVIGATE_ABORTED', { stands: true, isConfirmed: true, lastOccurredNs: 5_000_000_000n });
    await goals(4);
    assert.deepEqual(reported(), ['PASSED ACTION_NAVIGATE_ABORTED']);
    assert.equal(reports[0]?.source, '/bt_navigator');
    known.set('ACTION_NAVIGATE_ABORTED', { stands: false, isConfirmed: false, lastOccurredNs: 5_000_000_000n });
    await goals(4, 4);
    await goals(4, 4, 4);
    assert.equal(reported().length, 1, 'there is nothing to heal any more');
  });

  it('does not report a goal again that was aborted before the last report, when its server has returned', async () => {
    const { goals, reported, known } = await openBridges();
    known.set('ACTION_NAVIGATE_ABORTED', { stands: false, isConfirmed: false, lastOccurredNs: 1_500_000_000n });
    await goals(4, 6);
    assert.deepEqual(reported(), [], 'it is healed, or was cleared by somebody');
    await goals(4, 6, 6);
    assert.deepEqual(reported(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    const late = await openBridges();
    late.known.set('ACTION_NAVIGATE_ABORTED', { stands: false, isConfirmed: false, lastOccurredNs: 500_000_000n });
    await late.goals(4, 6);
    assert.deepEqual(late.reported(), ['FAILED ACTION_NAVIGATE_ABORTED'], 'nobody was there to tell it');
  });

  it('X06: treats canceled goals as failed if configured, and does not heal by them otherwise', async () => {
    const { goals, reported } = await openBridges({
      actions: { ...ALL_BRIDGES.actions, canceledIsFault: true, healOnSucceeded: true },
    });
    await goals(5);
    await goals(4);
    assert.deepEqual(reported(), [
      'FAILED ACTION_NAVIGATE_CANCELED',
      'PASSED ACTION_NAVIGATE_ABORTED',
      'PASSED ACTION_NAVIGATE_CANCELED',
    ]);
    const unhealed = await openBridges({ actions: { ...ALL_BRIDGES.actions, healOnSucceeded: false } });
    await unhealed.goals(6);
    await unhealed.goals(4);
    await unhealed.goals(6);
    assert.deepEqual(unhealed.reported(), ['FAILED ACTION_NAVIGATE_ABORTED', 'FAILED ACTION_NAVIGATE_ABORTED']);
  });

  it('X07: keeps the source that it chose first, the action if the node is not known', async () => {
    const { goals, view, reports } = await openBridges(ALL_BRIDGES, [publisherOf(STATUS_TOPIC, { node: undefined })]);
    await goals(6);
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [publisherOf(STATUS_TOPIC)] });
    await goals(4);
    assert.deepEqual(
      reports.map(({ source }) => source),
      ['/navigate', '/navigate'],
    );
  });

  it('X08: repeats a refused report, and only with the current state', async () => {
    const { goals, reported, taken, clock } = await openBridges();
    taken.yes = false;
    await goals(6);
    clock.advance(500);
    await settle();
    assert.deepEqual(reported(), []);
    taken.yes = true;
    clock.advance(500);
    await settle();
    assert.deepEqual(reported(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    taken.yes = false;
    await goals(6, 4);
    await goals(6, 4, 6);
    taken.yes = true;
    clock.advance(500);
    await settle();
    assert.deepEqual(reported().slice(1), ['FAILED ACTION_NAVIGATE_ABORTED'], 'the success in between is over');
  });

  it('X09: heals the fault of a vanished action, and starts again when it is back', async () => {
    const { goals, reported, vanish, ros, view, bridges } = await openBridges();
    await goals(6);
    await vanish();
    assert.deepEqual(reported().slice(1), ['PASSED ACTION_NAVIGATE_ABORTED']);
    assert.equal(ros.subscriptions.filter(({ topic }) => topic === STATUS_TOPIC).length, 0);
    view.replace({ generation: 2, nodes: [], participants: [], endpoints: [publisherOf(STATUS_TOPIC)] });
    bridges.topicChanged(STATUS_TOPIC, view.topic(STATUS_TOPIC));
    await settle();
    await goals(6);
    assert.equal(reported().length, 3);
  });

  it('reports the configured source', async () => {
    const { goals, reports } = await openBridges({ actions: { ...ALL_BRIDGES.actions, sourceId: '/actions' } });
    await goals(6);
    assert.deepEqual(
      reports.map(({ source }) => source),
      ['/actions'],
    );
  });

  it('leaves nothing behind when it is closed', async () => {
    const { bridges, ros, goals, taken, reported, clock } = await openBridges();
    taken.yes = false;
    await goals(6);
    await bridges.close();
    taken.yes = true;
    clock.advance(5000);
    await settle();
    assert.deepEqual([ros.subscriptions.length, reported().length], [0, 0]);
  });
});
