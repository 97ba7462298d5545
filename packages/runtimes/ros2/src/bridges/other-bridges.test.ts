import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_BRIDGES, openBridges } from '../testing/open-bridges.ts';

const ERROR = { status: [{ level: 2, name: 'motor', message: '', hardware_id: '', values: [] }] };
const OTHERS = ['/bridge/action_status_bridge', '/bridge/diagnostic_bridge', '/robot1/log_bridge'];

describe('bridges of a robot that has its own', () => {
  it('stand back, whatever namespace those are in, and say for whom', async () => {
    const { goals, heard, nodes, ros, bridges, logged } = await openBridges();
    nodes(...OTHERS);
    await goals(6);
    ros.deliver('/diagnostics', ERROR);
    bridges.logged({ level: 50, name: 'ctrl', msg: 'dead' });
    assert.deepEqual(heard(), []);
    assert.deepEqual(bridges.figures(), {
      diagnostics: { state: 'stood_back', for: '/bridge/diagnostic_bridge' },
      logs: { state: 'stood_back', for: '/robot1/log_bridge' },
      actions: { state: 'stood_back', for: '/bridge/action_status_bridge' },
    });
    assert.equal(logged[0], '/bridge/diagnostic_bridge makes faults of diagnostics already: medkit leaves that to it');
  });

  it('take over when those go, and tell nothing that those have told', async () => {
    const { goals, heard, nodes, ros, bridges, logged } = await openBridges();
    nodes(...OTHERS);
    await goals(6);
    nodes('/bt_navigator');
    assert.deepEqual(bridges.figures().actions, { state: 'active' });
    assert.match(logged.join(), /action_status_bridge is gone: medkit makes faults of actions again/);
    await goals(6);
    assert.deepEqual(heard(), []);
    ros.deliver('/diagnostics', ERROR);
    bridges.logged({ level: 50, name: 'ctrl', msg: 'dead' });
    await goals(4);
    assert.deepEqual(
      heard().map((line) => line.replace(/_[0-9a-f]{8}$/, '')),
      ['FAILED MOTOR', 'FAILED LOG_CTRL', 'PASSED ACTION_NAVIGATE_ABORTED'],
    );
  });

  it('stand back for their own kind alone, and are off where they are not wanted', async () => {
    const { goals, heard, nodes, bridges } = await openBridges({
      actions: ALL_BRIDGES.actions,
    });
    nodes('/diagnostic_bridge', '/my_action_status_bridge');
    await goals(6);
    assert.deepEqual(heard(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    assert.deepEqual(bridges.figures(), {
      diagnostics: { state: 'off' },
      logs: { state: 'off' },
      actions: { state: 'active' },
    });
  });
});
