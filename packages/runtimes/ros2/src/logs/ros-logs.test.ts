import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type LogRecord, logBuffers } from '@medkit/core';
import { FakeRos } from '../testing/fake-ros.ts';
import { rosLogs } from './ros-logs.ts';

const NOON_NS = 1_774_231_973_000_000_000n;
const SECOND_NS = 1_000_000_000n;

it('lines of a time are those of the loggers and their children, by time of arrival', async () => {
  const buffers = logBuffers().open({ isEntity: () => true, logged: () => undefined });
  const logs = rosLogs({
    node: await new FakeRos().node({ name: 'medkit' }),
    log: () => undefined,
    host: { record: buffers.keep, recorded: buffers.of },
  });
  const keep = (logger: string, timestampNs: bigint, fields: Partial<LogRecord> = {}) =>
    buffers.keep({ logger, timestampNs, severity: 'info', message: `${logger} ${timestampNs}`, ...fields });
  keep('arm.gripper', NOON_NS - 31n * SECOND_NS);
  keep('arm.gripper', NOON_NS);
  keep('arm.gripper.rclcpp_action', NOON_NS + SECOND_NS, { severity: 'error' });
  keep('arm.gripper_driver', NOON_NS);
  // From a simulation whose clock begins at 0.
  keep('base', 7n, { receivedNs: NOON_NS + 2n * SECOND_NS });
  // The clock of another computer is ten minutes behind, and old lines are outside the window.
  keep('base', NOON_NS - 600n * SECOND_NS, { receivedNs: NOON_NS + 3n * SECOND_NS });
  keep('base', NOON_NS, { receivedNs: NOON_NS + 600n * SECOND_NS });
  const lines = logs.between(['/arm/gripper', '/base'], NOON_NS - 30n * SECOND_NS, NOON_NS + 30n * SECOND_NS);
  assert.deepEqual(lines, [
    { atNs: NOON_NS, severity: 'info', logger: 'arm.gripper', message: `arm.gripper ${NOON_NS}` },
    {
      atNs: NOON_NS + SECOND_NS,
      severity: 'error',
      logger: 'arm.gripper.rclcpp_action',
      message: `arm.gripper.rclcpp_action ${NOON_NS + SECOND_NS}`,
    },
    { atNs: NOON_NS + 2n * SECOND_NS, severity: 'info', logger: 'base', message: 'base 7' },
    {
      atNs: NOON_NS + 3n * SECOND_NS,
      severity: 'info',
      logger: 'base',
      message: `base ${NOON_NS - 600n * SECOND_NS}`,
    },
  ]);
});
