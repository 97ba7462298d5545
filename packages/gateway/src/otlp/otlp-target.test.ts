import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VERSION } from '@medkit/contract';
import { StartRefused } from '../listen.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { disablesOpenTelemetry, otlpTarget } from './otlp-target.ts';

const { metrics, traces } = await testConfig();

function target(changes: Partial<typeof traces> = {}, environment: Readonly<Record<string, string>> = {}) {
  const config = { metrics, traces: { ...traces, ...changes } };
  return otlpTarget('traces', { config, environment, instance: 'amr-7', machineName: 'robot-01' });
}

const urlFor = (endpoint: string) => target({ otlp: { endpoint, headers: [] } }).url;

describe('the target of a signal', () => {
  it('is a collector on this machine unless another one is named', () => {
    assert.deepEqual(target(), {
      url: 'http://127.0.0.1:4318/v1/traces',
      headers: {},
      resource: {
        'service.name': 'medkit',
        'service.version': VERSION,
        'service.instance.id': 'amr-7',
        'host.name': 'robot-01',
        'telemetry.sdk.language': 'nodejs',
        'telemetry.sdk.name': 'medkit',
        'telemetry.sdk.version': VERSION,
      },
    });
    assert.equal(urlFor('http://collector:4318/'), 'http://collector:4318/v1/traces');
    assert.equal(urlFor('https://x/otlp'), 'https://x/otlp/v1/traces');
    assert.equal(urlFor('https://x/otlp/v1/traces'), 'https://x/otlp/v1/traces');
  });

  it('honours the variables of OpenTelemetry, after the settings', () => {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, x-team=robots',
      OTEL_SERVICE_NAME: 'line-2',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=ignored,site=hall%203,floor=1',
    };
    const found = target({}, environment);
    assert.equal(found.url, 'http://collector:4318/v1/traces');
    assert.deepEqual(found.headers, { 'api-key': 'a b', 'x-team': 'robots' });
    const { 'service.name': name, site, floor } = found.resource;
    assert.deepEqual([name, site, floor], ['line-2', 'hall 3', '1']);

    const otlp = { endpoint: 'http://me:pass@other', headers: ['Api-Key: c'] };
    const set = target({ otlp, service_name: 'amr', attributes: ['site=yard'] }, environment);
    assert.equal(set.url, 'http://other/v1/traces');
    assert.deepEqual(set.headers, { Authorization: `Basic ${btoa('me:pass')}`, 'Api-Key': 'c' });
    assert.deepEqual([set.resource['service.name'], set.resource['site'], set.resource['floor']], ['amr', 'yard', '1']);
  });

  it('has separate settings for metrics, with the name and the attributes of the traces', () => {
    const otlp = { ...metrics.otlp, endpoint: 'http://other/otlp', headers: ['Api-Key: m'] };
    const config = { metrics: { ...metrics, otlp }, traces: { ...traces, service_name: 'amr' } };
    const found = otlpTarget('metrics', { config, environment: {}, instance: 'amr-7', machineName: 'robot-01' });
    assert.deepEqual([found.url, found.headers], ['http://other/otlp/v1/metrics', { 'Api-Key': 'm' }]);
    assert.equal(found.resource['service.name'], 'amr');
  });

  it('is refused if it is invalid, without the secret', () => {
    const refusals: readonly (readonly [Parameters<typeof target>, RegExp])[] = [
      [[{ otlp: { endpoint: 'ftp://x', headers: [] } }], /^traces\.otlp\.endpoint: /],
      [[{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }], /^OTEL_EXPORTER_OTLP_ENDPOINT: /],
      [[{ otlp: { endpoint: '', headers: ['hush'] } }], /^traces\.otlp\.headers: item 1 /],
      [[{}, { OTEL_EXPORTER_OTLP_HEADERS: 'a=b,hush' }], /^OTEL_EXPORTER_OTLP_HEADERS: item 2 /],
      [[{}, { OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' }], /^OTEL_RESOURCE_ATTRIBUTES: item 1 /],
      [[{ attributes: ['=x'] }], /^traces\.attributes: item 1 /],
    ];
    for (const [given, message] of refusals) {
      assert.throws(
        () => target(...given),
        (error: unknown) => error instanceof StartRefused && message.test(error.message) && !/hush/.test(error.message),
      );
    }
  });

  it('is not used if the environment disables OpenTelemetry', () => {
    assert.deepEqual(
      ['true', 'TRUE ', 'false', '1', ''].map((value) => disablesOpenTelemetry({ OTEL_SDK_DISABLED: value })),
      [true, true, false, false, false],
    );
  });
});
