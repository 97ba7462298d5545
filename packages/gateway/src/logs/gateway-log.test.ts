import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayLog } from './gateway-log.ts';

test('log lines are written and sent to listeners; the first listener also receives the buffered earlier lines', () => {
  const written: string[] = [];
  const lines: string[] = [];
  const { log, onLine } = gatewayLog((_, message) => written.push(message));
  for (let line = 0; line < 70; line++) log('info', `early ${line}`);
  const stop = onLine((level, message) => lines.push(`${level} ${message}`));
  log('warn', 'now');
  stop();
  log('info', 'unheard');
  assert.deepEqual([written.length, written.at(-1)], [72, 'unheard']);
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [65, 'info early 0', 'warn now']);
  const next: string[] = [];
  onLine((_, message) => next.push(message));
  assert.deepEqual(next, ['unheard']);
});
