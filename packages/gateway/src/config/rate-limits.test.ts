import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { endpointLimit, meets } from './endpoint-limit.ts';
import { loadConfig } from './load-config.ts';

const FILE = '/etc/medkit.yaml';
const load = (yaml: string) =>
  loadConfig({
    files: new MemoryFiles({ [FILE]: yaml }),
    folders: { environment: {}, home: '/home/ada', working: '/' },
    flags: {},
    defaultFile: FILE,
  });

function isMet(entry: string, path: string): boolean {
  const limit = endpointLimit(entry);
  assert.ok(limit, entry);
  return meets(limit.segments, path.split('/').slice(1));
}

describe('an entry of endpoint_limits', () => {
  it('is a pattern and, after the last colon, the number of requests a minute', () => {
    assert.deepEqual(endpointLimit('/api/v1/apps:30')?.perMinute, 30);
    assert.equal(endpointLimit('/a:b/c:7')?.pattern, '/a:b/c');
    for (const wrong of ['', '/api', '/api:', '/api:0', '/api:-1', '/api:1.5', '/api:x', 'api:5', '/:5', '/%zz:5']) {
      assert.equal(endpointLimit(wrong), undefined, wrong);
    }
    assert.equal(endpointLimit(`${'/a'.repeat(33)}:5`), undefined);
    assert.equal(endpointLimit('/**/**/**/**:5'), undefined);
  });

  it('matches a path segment by segment, where * is exactly one and ** any number', () => {
    assert.ok(isMet('/api/v1/apps:1', '/api/v1/apps'));
    assert.ok(isMet('/api/v1/*/data:1', '/api/v1/apps/data'));
    assert.ok(!isMet('/api/v1/*/data:1', '/api/v1/apps/x/data'));
    assert.ok(!isMet('/api/v1/*:1', '/api/v1'));
    assert.ok(!isMet('/api/v1:1', '/api/v1/apps'));
    for (const path of ['/api/v1', '/api/v1/apps', '/api/v1/apps/x/data/y']) assert.ok(isMet('/api/v1/**:1', path));
    assert.ok(isMet('/**/operations/**:1', '/api/v1/apps/x/operations/y/executions'));
    assert.ok(!isMet('/**/operations/*:1', '/api/v1/apps/x/operations/y/executions'));
    assert.ok(meets(endpointLimit('/data/front%2Fleft:1')?.segments ?? [], ['data', 'front/left']));
    assert.ok(!meets(endpointLimit('/apps/arm:1')?.segments ?? [], ['apps', '*']), 'what a client sends is no pattern');
  });
});

describe('rate limits in the configuration', () => {
  it('are accepted with the keys of the reference, with a warning if an entry limits no route', async () => {
    const { config, notices } = await load(`
ros2_medkit_gateway:
  ros__parameters:
    rate_limiting:
      enabled: true
      global_requests_per_minute: 600
      client_requests_per_minute: 120
      endpoint_limits: ["/api/v1/*/operations/*:30", "/api/v1/*/*/operations/*/executions:10", "/api/v1/apps/arm/data/*:99"]
      client_cleanup_interval_seconds: 300
      client_max_idle_seconds: 600
`);
    assert.equal(config.rate_limiting.client_requests_per_minute, 120);
    assert.deepEqual(
      notices.map(({ text }) => text.split(',', 1)[0]),
      ['rate_limiting.endpoint_limits: /api/v1/*/operations/* matches no route of medkit'],
    );
    const empty = await load('rate_limiting:\n  enabled: true\n  endpoint_limits: [""]\n');
    assert.deepEqual([empty.config.rate_limiting.endpoint_limits, empty.notices], [[], []]);
  });

  it('keep the gateway from starting if they contradict each other', async () => {
    const refused = (lines: string) =>
      load(`rate_limiting:\n  enabled: true\n${lines}`).then(() => assert.fail('it was accepted'), String);
    assert.match(
      await refused('  client_requests_per_minute: 601\n'),
      /client_requests_per_minute: 601 is more than rate_limiting.global_requests_per_minute, 600/,
    );
    assert.match(await refused('  client_max_idle_seconds: 10\n'), /300 is more than .*client_max_idle_seconds, 10/);
    assert.match(await refused('  endpoint_limits: ["/api/v1/apps:0"]\n'), /"\/api\/v1\/apps:0" is not a path pattern/);
    assert.match(await refused('  global_requests_per_minute: 0\n'), /0 is out of range/);
    assert.match(await refused('  client_requests_per_minute: -5\n'), /-5 is out of range/);
  });

  it('may contradict each other while they are off', async () => {
    const { notices } = await load('rate_limiting:\n  client_requests_per_minute: 601\n  endpoint_limits: ["x"]\n');
    assert.deepEqual(notices, []);
  });
});
