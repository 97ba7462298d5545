import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { debug, debugComponents, setDebugLogs } from '@medkit/edges';
import { openDebugLogs } from './debug-logs.ts';

afterEach(() => setDebugLogs([], assert.fail));

const AT_MS = Date.UTC(2026, 10, 26, 2, 0, 0, 7);

function opened(names: readonly string[]): readonly string[] {
  const lines: string[] = [];
  openDebugLogs(
    names,
    (level, message) => lines.push(`${level}: ${message}`),
    () => AT_MS,
  );
  return lines;
}

test('writes lines with time and component', () => {
  const lines = opened(['peer', 'http']);
  debug.peer?.('yard: GET /health: 200');
  assert.deepEqual(lines, ['debug: 2026-11-26T02:00:00.007Z peer: yard: GET /health: 200']);
  assert.deepEqual(debugComponents(), ['http', 'peer']);
});

test('turns on every component for the name "all"', () => {
  opened(['all']);
  assert.deepEqual(debugComponents(), ['faults', 'http', 'peer', 'ros2', 'rtps']);
});

test('names the components if one is unknown, and turns on the others', () => {
  assert.deepEqual(opened(['peers', 'http']), [
    'warn: logs.debug: there is no component peers. Choose from faults, http, peer, ros2, rtps or all',
  ]);
  assert.deepEqual(debugComponents(), ['http']);
});
