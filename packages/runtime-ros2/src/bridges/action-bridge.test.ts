import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rosNode } from '../testing/fake-ros.ts';
import { ALL_BRIDGES, openBridges, publisherOf, STATUS_TOPIC } from '../testing/open-bridges.ts';
import { settle } from '../testing/running-runtime.ts';

describe('the bridge from actions', () => {
  it('X06, X02: tells that a goal was aborted, and that a later one succeeded, each once', async () => {
    const { goals, heard, reports } = await openBridges();
    await goals(4);
    await goals(6);
    await goals(6, 6);
    await goals(6, 4);
    assert.deepEqual(heard(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    assert.deepEqual(reports[0], {
      code: 'ACTION_NAVIGATE_ABORTED',
      event: 'FAILED',
      severity: 2,
      description: 'Action /navigate aborted',
      source: '/bt_navigator',
    });
    await goals(2);
    await goals(4);
    await goals(4);
    assert.deepEqual(heard().slice(1), ['PASSED ACTION_NAVIGATE_ABORTED']);
    await goals(6);
    assert.equal(heard().length, 3);
  });

  it('X06: takes canceled goals for failed where that is wanted, and does not heal where it is not', async () => {
    const { goals, heard } = await openBridges({
      actions: { ...ALL_BRIDGES.actions, canceledIsFault: true, healOnSucceeded: true },
    });
    await goals(5);
    await goals(4);
    assert.deepEqual(heard(), [
      'FAILED ACTION_NAVIGATE_CANCELED',
      'PASSED ACTION_NAVIGATE_ABORTED',
      'PASSED ACTION_NAVIGATE_CANCELED',
    ]);
    const unhealed = await openBridges({ actions: { ...ALL_BRIDGES.actions, healOnSucceeded: false } });
    await unhealed.goals(6);
    await unhealed.goals(4);
    await unhealed.goals(6);
    assert.deepEqual(unhealed.heard(), ['FAILED ACTION_NAVIGATE_ABORTED', 'FAILED ACTION_NAVIGATE_ABORTED']);
  });

  it('X07: keeps to the source that it chose first, the action where the node is not known', async () => {
    const { goals, view, reports } = await openBridges(ALL_BRIDGES, [publisherOf(STATUS_TOPIC, { node: undefined })]);
    await goals(6);
    view.replace({ generation: 1, nodes: [], participants: [], endpoints: [publisherOf(STATUS_TOPIC)] });
    await goals(4);
    assert.deepEqual(
      reports.map(({ source }) => source),
      ['/navigate', '/navigate'],
    );
  });

  it('X08: tells again what was not taken, and only how it stands then', async () => {
    const { goals, heard, taken, clock } = await openBridges();
    taken.yes = false;
    await goals(6);
    clock.advance(500);
    await settle();
    assert.deepEqual(heard(), []);
    taken.yes = true;
    clock.advance(500);
    await settle();
    assert.deepEqual(heard(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    taken.yes = false;
    await goals(4);
    await goals(6);
    taken.yes = true;
    clock.advance(500);
    await settle();
    assert.equal(heard().length, 1);
  });

  it('X09: heals what has vanished, and begins anew when it is back', async () => {
    const { goals, heard, vanish, ros, view, bridges } = await openBridges();
    await goals(6);
    await vanish();
    assert.deepEqual(heard().slice(1), ['PASSED ACTION_NAVIGATE_ABORTED']);
    assert.equal(ros.subscriptions.filter(({ topic }) => topic === STATUS_TOPIC).length, 0);
    view.replace({ generation: 2, nodes: [], participants: [], endpoints: [publisherOf(STATUS_TOPIC)] });
    bridges.topicChanged(STATUS_TOPIC, view.topic(STATUS_TOPIC));
    await settle();
    await goals(6);
    assert.equal(heard().length, 3);
  });

  it('stands back while the robot has a bridge of its own', async () => {
    const { goals, heard, view, ros, bridges } = await openBridges();
    const nodes = ['/action_status_bridge', '/diagnostic_bridge', '/log_bridge'].map((fqn) => rosNode(fqn));
    view.replace({ generation: 1, nodes, participants: [], endpoints: [publisherOf(STATUS_TOPIC)] });
    await goals(6);
    ros.deliver('/diagnostics', { status: [{ level: 2, name: 'a', message: '', hardware_id: '', values: [] }] });
    bridges.logged({ level: 50, name: 'ctrl', msg: 'dead' });
    assert.deepEqual(heard(), []);
  });

  it('leaves nothing behind when it is closed', async () => {
    const { bridges, ros, goals, taken, heard, clock } = await openBridges();
    taken.yes = false;
    await goals(6);
    await bridges.close();
    taken.yes = true;
    clock.advance(5000);
    await settle();
    assert.deepEqual([ros.subscriptions.length, heard().length], [0, 0]);
  });
});
