import assert from 'node:assert/strict';
import { it } from 'node:test';
import { component } from '@medkit/core/testing';
import { watchdogApp } from './watchdog-app.ts';

it('the watchdog is an external app of the component of its machine, if the tree has that', () => {
  const on = (...ids: readonly string[]) => watchdogApp({ components: ids.map((id) => component(id)) }, 'Robot.Dev 1');
  assert.deepEqual([on('plc', 'robot_dev_1').componentId, on('plc').componentId], ['robot_dev_1', undefined]);
  assert.deepEqual([on().id, on().external], ['graph_watchdog', true]);
});
