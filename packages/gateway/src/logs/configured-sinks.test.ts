import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { testConfig } from '../testing/test-gateway.ts';
import { configuredSinks } from './configured-sinks.ts';

const model = await openModel({
  runtimes: [memoryRuntime({ apps: [app('gripper', { aliases: ['/arm/gripper'] })] })],
  clock: new SimulatedClock(),
  log: () => undefined,
});
const { logs } = await testConfig();

function sinks(changes: { readonly [Name in keyof typeof logs.sinks]?: Partial<(typeof logs.sinks)[Name]> }) {
  const changed = Object.entries(changes).map(([name, change]) => [
    name,
    Array.isArray(change) ? change : { ...logs.sinks[name as keyof typeof logs.sinks], ...change },
  ]);
  const config = { logs: { ...logs, sinks: { ...logs.sinks, ...Object.fromEntries(changed) } } };
  return configuredSinks({ config, model, robot: 'amr', bootId: 'b00t' });
}

const urlOf = (all: ReturnType<typeof sinks>) => all[0]?.request([]).url.replace(/\?filter_path=.*/, '');

describe('the sinks of the configuration', () => {
  it('are those with an address, none by default', () => {
    assert.deepEqual(sinks({}), []);
    const all = sinks({ otlp: { url: 'http://a' }, loki: { url: 'http://b' }, elasticsearch: { url: 'http://c' } });
    assert.deepEqual(
      all.map(({ name }) => name),
      ['otlp', 'loki', 'elasticsearch'],
    );
  });

  it('have the usual paths unless the address has one', () => {
    assert.equal(urlOf(sinks({ otlp: { url: 'http://collector:4318' } })), 'http://collector:4318/v1/logs');
    assert.equal(urlOf(sinks({ otlp: { url: 'https://x/otlp/logs' } })), 'https://x/otlp/logs');
    assert.equal(urlOf(sinks({ loki: { url: 'http://loki:3100/' } })), 'http://loki:3100/loki/api/v1/push');
    for (const url of ['http://es:9200', 'http://es:9200/', 'http://es:9200/_bulk']) {
      assert.equal(urlOf(sinks({ elasticsearch: { url } })), 'http://es:9200/_bulk');
    }
    assert.equal(urlOf(sinks({ elasticsearch: { url: 'http://proxy/es/' } })), 'http://proxy/es/_bulk');
  });

  it('send credentials in headers, also if the address has user and password', () => {
    const [sink] = sinks({ loki: { url: 'http://me:pass%20word@loki', headers: ['X-Scope-OrgID: robots'] } });
    assert.deepEqual(sink?.request([]).headers, {
      Authorization: `Basic ${Buffer.from('me:pass word').toString('base64')}`,
      'X-Scope-OrgID': 'robots',
      'Content-Type': 'application/json',
    });
    assert.equal(sink?.origin, 'http://loki');
  });

  it('resolve the app of a logger and of its child loggers', () => {
    const [sink] = sinks({ loki: { url: 'http://loki' }, labels: ['site=hall=3'] });
    const entityOf = (logger: string) => {
      const entry = { sequence: 1, timestampNs: 0n, severity: 'info', logger, message: '' } as const;
      return JSON.parse(String(sink?.request([entry]).body)).streams[0].stream;
    };
    assert.deepEqual(entityOf('arm.gripper'), { site: 'hall=3', robot: 'amr', entity: 'gripper', severity: 'info' });
    assert.equal(entityOf('arm.gripper.pid.left').entity, 'gripper');
    assert.equal(entityOf('stranger').entity, 'stranger');
  });

  for (const [what, change, message] of [
    ['an address with another scheme', { otlp: { url: 'ftp://s3cret' } }, /logs\.sinks\.otlp\.url/],
    ['an invalid address', { loki: { url: 's3cret' } }, /logs\.sinks\.loki\.url/],
    [
      'a header without a name',
      { loki: { url: 'http://x', headers: ['A: b', 's3cret'] } },
      /loki\.headers: item 2.*Name: value/,
    ],
    ['a header with a line break', { otlp: { url: 'http://x', headers: ['A: s3cret\r\nB: c'] } }, /item 1/],
    ['a label that Loki refuses', { labels: ['s3cret-site=1'] }, /logs\.sinks\.labels: item 1.*name=value/],
  ] as const) {
    it(`are refused with ${what}, without showing it`, () => {
      assert.throws(
        () => sinks(change),
        (error: Error) => message.test(error.message) && !error.message.includes('s3cret'),
      );
    });
  }
});
