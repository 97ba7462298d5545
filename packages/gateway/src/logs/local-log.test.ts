import assert from 'node:assert/strict';
import { it } from 'node:test';
import { callContext, type LogEntry } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { localLog } from './local-log.ts';
import { ownLines } from './own-lines.ts';

it('keeps the lines of the gateway, those of its start too, and what is noted about entities', async () => {
  const clock = new SimulatedClock();
  const call = callContext({ clock, timeoutMs: 1000 });
  const { log, onLine } = ownLines(() => undefined);
  const kept = localLog({ entriesPerLogger: 2, ownLines: { onLine }, clock, log });
  log('warn', 'of the start');
  const told: LogEntry[] = [];
  kept.start((entry) => told.push(entry));
  log('info', 'plc: connected');
  await kept.provider.add('plc', { timestampNs: 7n, severity: 'error', message: 'the level is low' }, call);
  const list = async (...sources: string[]) => {
    const query = { minimum: 'debug', context: '', limit: 10 } as const;
    const entries = await kept.provider.list('', { sources, namespaces: [] }, query, call);
    return entries.map(({ sequence, severity, message }) => [sequence, severity, message]);
  };
  assert.deepEqual(await list('medkit_gateway'), [
    [1, 'warning', 'of the start'],
    [2, 'info', 'plc: connected'],
  ]);
  assert.deepEqual(await list('plc'), [[3, 'error', 'the level is low']]);
  assert.deepEqual(
    told.map(({ sequence }) => sequence),
    [1, 2, 3],
  );
  assert.deepEqual([kept.figures().entries, kept.figures().loggers], [3, 2]);
  kept.stop();
  log('info', 'after the end');
  assert.equal(told.length, 3);
});
