import assert from 'node:assert/strict';
import { it } from 'node:test';
import { callContext, LOCAL_RUNTIME, type LogEntry, logBuffers, openModel } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { gatewayLog } from '../logs/gateway-log.ts';
import { localRuntime } from './local-runtime.ts';

it('the local runtime stores the lines of the gateway, also those of its start, and notes about entities', async () => {
  const clock = new SimulatedClock();
  const call = callContext({ clock, timeoutMs: 1000 });
  const lines = gatewayLog(() => undefined);
  const logs = logBuffers({ entriesPerLogger: 2 });
  lines.log('warn', 'of the start');
  const runtimes = [localRuntime({ logs, gatewayLog: lines, clock })];
  const model = await openModel({ runtimes, clock, log: lines.log, logs });
  const added: LogEntry[] = [];
  model.events.on('log.added', ({ entry }) => added.push(entry));
  lines.log('info', 'plc: connected');
  const { list, add } = model.provider(LOCAL_RUNTIME)!.logs!;
  await add('plc', { timestampNs: 7n, severity: 'error', message: 'the level is low' }, call);
  const entriesOf = async (...sources: string[]) => {
    const query = { minimum: 'debug', context: '', limit: 10 } as const;
    const entries = await list('', { sources, namespaces: [] }, query, call);
    return entries.map(({ sequence, severity, message }) => [sequence, severity, message]);
  };
  assert.deepEqual(await entriesOf('medkit_gateway'), [
    [1, 'warning', 'of the start'],
    [2, 'info', 'plc: connected'],
  ]);
  assert.deepEqual(await entriesOf('plc'), [[3, 'error', 'the level is low']]);
  assert.deepEqual(
    added.map(({ sequence }) => sequence),
    [2, 3],
  );
  const { entries, loggers, kept_total } = (await model.health()).blocks['x-medkit-logs'] ?? {};
  assert.deepEqual([entries, loggers, kept_total], [3, 2, 3]);
  await model.close();
  lines.log('info', 'after the end');
  assert.equal(added.length, 2);
});
