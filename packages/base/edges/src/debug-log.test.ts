import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { DEBUG_COMPONENTS, debug, debugComponents, setDebugLogs } from './debug-log.ts';

afterEach(() => setDebugLogs([], assert.fail));

it('writes the lines of the components that are on, and builds no text for the others', () => {
  const lines: string[] = [];
  setDebugLogs(['peer'], (component, message) => lines.push(`${component}: ${message}`));
  const build = (): string => assert.fail('the log of http is off');
  debug.peer?.('GET /apps: 200');
  debug.http?.(build());
  assert.deepEqual(lines, ['peer: GET /apps: 200']);
  assert.deepEqual(debugComponents(), ['peer']);
});

it('is off for every component until it is turned on, and after it is turned off', () => {
  assert.deepEqual(debugComponents(), []);
  setDebugLogs(Object.keys(DEBUG_COMPONENTS) as (keyof typeof DEBUG_COMPONENTS)[], () => undefined);
  assert.deepEqual(debugComponents(), Object.keys(DEBUG_COMPONENTS));
  setDebugLogs([], () => undefined);
  assert.deepEqual(debugComponents(), []);
});
