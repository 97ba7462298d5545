import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CoreEvents, eventBus } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedHttp } from '@medkit/edges/testing';
import { openLogSinks } from './log-sinks.ts';
import { lokiSink } from './loki.ts';

function setUp(names: readonly string[]) {
  const clock = new SimulatedClock();
  const http = new SimulatedHttp();
  const events = eventBus<CoreEvents>((_, error) => assert.fail(String(error)));
  const sinks = names.map((name) => ({
    ...lokiSink({
      url: `http://${name}/push`,
      headers: {},
      robot: 'amr',
      labels: {},
      bootId: '',
      entityOf: (logger) => logger,
    }),
    name,
  }));
  const opened = openLogSinks({ model: { events }, sinks, http, clock, random: seededRandom(1), log: () => undefined });
  const log = () => {
    const entry = { sequence: 1, timestampNs: 0n, severity: 'info', logger: 'a', message: 'm' } as const;
    events.emit('log.added', { runtime: 'ros2', entry });
  };
  return { clock, http, opened, log };
}

describe('log sinks', () => {
  it('receive every entry, each at a separate pace; health reports the failing one', async () => {
    const { clock, http, opened, log } = setUp(['good', 'bad']);
    http.answer = ({ url }) => ({ status: url.includes('bad') ? 503 : 204 });
    log();
    await clock.advanceAsync(1100, 100);
    const { warnings, blocks } = opened.health();
    const { good, bad } = blocks['x-medkit-log-sinks'] as Record<string, Record<string, unknown>>;
    assert.deepEqual([good?.['delivered_total'], bad?.['queued']], [1, 1]);
    assert.deepEqual(warnings, [
      {
        code: 'log_sink_unreachable',
        message: 'Logs are not forwarded to bad at http://bad, 1 entries are queued: HTTP 503',
      },
    ]);
    http.answer = () => ({});
    await opened.close();
    assert.deepEqual(opened.health().warnings, []);
    log();
    await clock.advanceAsync(5000, 100);
    assert.equal(http.requests.length, 3, 'nothing is sent after the end');
  });

  it('leave no trace if none is configured', () => {
    assert.deepEqual(setUp([]).opened.health(), { warnings: [], blocks: {} });
  });
});
