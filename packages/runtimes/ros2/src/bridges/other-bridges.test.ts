import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALL_BRIDGES, type NodeUse, openBridges, STATUS_TOPIC } from '../testing/open-bridges.ts';

const ERROR = { status: [{ level: 2, name: 'motor', message: '', hardware_id: '', values: [] }] };
const REPORT = '/fault_manager/report_fault';
const bridgeOf = (fqn: string, topic: string): NodeUse => ({
  fqn,
  subscribes: [topic, '/parameter_events'],
  publishes: ['/rosout', '/parameter_events'],
  calls: [REPORT],
});
const OTHERS = [
  bridgeOf('/bridge/action_status_bridge', STATUS_TOPIC),
  bridgeOf('/bridge/renamed', '/diagnostics'),
  bridgeOf('/robot1/log_bridge', '/rosout'),
];

describe('bridges of a robot that has bridges already', () => {
  it('yield to those, whatever their names are, and log the node', async () => {
    const { goals, reported, nodes, ros, bridges, logged } = await openBridges();
    nodes(...OTHERS);
    await goals(6);
    ros.deliver('/diagnostics', ERROR);
    bridges.logged({ level: 50, name: 'ctrl', msg: 'dead' }, 'gid');
    assert.deepEqual(reported(), []);
    assert.deepEqual(bridges.figures(), {
      diagnostics: { state: 'stood_back', for: '/bridge/renamed' },
      logs: { state: 'stood_back', for: '/robot1/log_bridge' },
      actions: { state: 'stood_back', for: '/bridge/action_status_bridge' },
    });
    assert.equal(logged[0], '/bridge/renamed already reports faults for diagnostics: medkit does not report them');
  });

  it('take over when those exit, and do not repeat their reports', async () => {
    const { goals, reported, nodes, ros, bridges, logged, clock } = await openBridges();
    nodes(...OTHERS);
    await goals(6);
    nodes({ fqn: '/bt_navigator' });
    assert.deepEqual(bridges.figures().actions, { state: 'active' });
    assert.match(logged.join(), /action_status_bridge left the graph: medkit reports faults for actions again/);
    await goals(6);
    assert.deepEqual(reported(), []);
    ros.deliver('/diagnostics', ERROR);
    clock.advance(1000);
    bridges.logged({ level: 50, name: 'ctrl', msg: 'dead' }, 'gid');
    await goals(4);
    assert.deepEqual(
      reported().map((line) => line.replace(/_[0-9a-f]{8}$/, '')),
      ['FAILED MOTOR', 'FAILED LOG_CTRL', 'PASSED ACTION_NAVIGATE_ABORTED'],
    );
  });

  it('yield to their own kind only, and are off if they are not enabled', async () => {
    const { goals, reported, nodes, bridges } = await openBridges({
      actions: ALL_BRIDGES.actions,
    });
    nodes(OTHERS[1]!, OTHERS[2]!);
    await goals(6);
    assert.deepEqual(reported(), ['FAILED ACTION_NAVIGATE_ABORTED']);
    assert.deepEqual(bridges.figures(), {
      diagnostics: { state: 'off' },
      logs: { state: 'off' },
      actions: { state: 'active' },
    });
  });

  it('do not yield to a node that only shares the name of a bridge', async () => {
    const { nodes, bridges } = await openBridges();
    nodes(
      { fqn: '/diagnostic_bridge', publishes: ['/diagnostics'] },
      { fqn: '/log_bridge', subscribes: ['/rosout'] },
      // It subscribes to action statuses and reports faults, but also does other things.
      { fqn: '/action_status_bridge', subscribes: [STATUS_TOPIC, '/navigate/_action/feedback'], calls: [REPORT] },
      { fqn: '/supervisor', subscribes: ['/diagnostics'], publishes: ['/cmd_vel'], calls: [REPORT] },
    );
    assert.deepEqual(
      Object.values(bridges.figures()).map(({ state }) => state),
      ['active', 'active', 'active'],
    );
  });

  it("ignore the logs of medkit's nodes by their function, and of no node by its name", async () => {
    const { nodes, bridges, reports } = await openBridges();
    nodes(...OTHERS, { fqn: '/exo/fault_manager_node' }, { fqn: '/micro_ros_diagnostic_bridge' });
    nodes(bridgeOf('/watcher', '/diagnostics'), { fqn: '/exo/fault_manager_node' }, { fqn: '/default_manager' });
    for (const name of ['watcher', 'exo.fault_manager_node', 'default_manager']) {
      bridges.logged({ level: 40, name, msg: 'torque limit exceeded' }, 'gid');
    }
    assert.deepEqual(
      reports.map(({ source }) => source),
      ['/exo/fault_manager_node', '/default_manager'],
    );
  });
});
