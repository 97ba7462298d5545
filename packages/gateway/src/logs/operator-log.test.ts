import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../config/index.ts';
import { operatorLog } from './operator-log.ts';

const STANDARD_ERROR = { dev: 8, ino: 4711 };

function linesOf(environment: Environment) {
  const lines: string[] = [];
  const log = operatorLog(environment, STANDARD_ERROR, (line) => lines.push(line));
  log('error', 'The disk is full.\nFaults go on.');
  log('info', 'All is well.');
  return lines;
}

test('lines for the journal begin with their priority, each of them', () => {
  assert.deepEqual(linesOf({ JOURNAL_STREAM: '8:4711' }), [
    '<3>medkit: error: The disk is full.\n',
    '<3>medkit: error: Faults go on.\n',
    '<6>medkit: info: All is well.\n',
  ]);
});

test('other outputs contain no priorities, not even in a service that writes into a file', () => {
  for (const environment of [{}, { JOURNAL_STREAM: '8:12' }]) {
    assert.equal(linesOf(environment)[0], 'medkit: error: The disk is full.\n');
  }
});

test('no message contains control characters for a terminal', () => {
  const lines: string[] = [];
  operatorLog({}, STANDARD_ERROR, (line) => lines.push(line))('warn', 'A node /a\u001b[2J\r\u009b1m is there.');
  assert.deepEqual(lines, ['medkit: warn: A node /a [2J  1m is there.\n']);
});
