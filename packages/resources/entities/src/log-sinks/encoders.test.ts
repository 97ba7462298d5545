import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEntry } from '@medkit/core';
import { elasticsearchSink } from './elasticsearch.ts';
import { firstLine, type LogSink, type SinkTarget } from './log-sink.ts';
import { lokiSink } from './loki.ts';
import { otlpSink } from './otlp.ts';

const target: SinkTarget = {
  url: 'https://logs.example.com/path?key=secret',
  headers: { Authorization: 'Bearer secret' },
  robot: 'amr-01',
  labels: { site: 'hall_3' },
  bootId: 'b00t',
  entityOf: (logger) => logger.split(/[./]/).at(-1) ?? '',
};

const warm: LogEntry = {
  sequence: 7,
  timestampNs: 1_774_231_973_000_000_042n,
  severity: 'warning',
  logger: 'arm.gripper',
  message: 'Motor is "warm"\nvery',
  function: 'spin',
  file: 'motor.cpp',
  line: 42,
};
const fine: LogEntry = { sequence: 8, timestampNs: 0n, severity: 'debug', logger: 'base', message: 'fine' };
const entries = [warm, { ...warm, sequence: 9, severity: 'fatal' as const }, fine];

function bodyOf(sink: LogSink): string {
  return String(sink.request(entries).body);
}

describe('OTLP over HTTP', () => {
  const sink = otlpSink(target);

  it('has a resource for each node and a record for each entry', () => {
    const { resourceLogs } = JSON.parse(bodyOf(sink));
    const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    assert.deepEqual(resourceLogs[0].resource.attributes, [
      text('service.name', '/arm/gripper'),
      text('service.instance.id', 'b00t'),
      text('robot.id', 'amr-01'),
      text('sovd.entity.id', 'gripper'),
      text('site', 'hall_3'),
    ]);
    const [{ scope, logRecords }] = resourceLogs[0].scopeLogs;
    assert.equal(scope.name, 'medkit');
    assert.deepEqual(logRecords[0], {
      timeUnixNano: '1774231973000000042',
      observedTimeUnixNano: '1774231973000000042',
      severityNumber: 13,
      severityText: 'WARNING',
      body: { stringValue: 'Motor is "warm"\nvery' },
      attributes: [
        text('log.record.uid', 'log_7'),
        text('code.function.name', 'spin'),
        text('code.file.path', 'motor.cpp'),
        { key: 'code.line.number', value: { intValue: '42' } },
      ],
    });
    assert.equal(logRecords[1].severityNumber, 21);
    assert.deepEqual(resourceLogs[1].scopeLogs[0].logRecords[0].attributes, [text('log.record.uid', 'log_8')]);
  });

  it('has the trace of an entry that belongs to one', () => {
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    const { body } = sink.request([{ ...fine, traceparent: `00-${traceId}-${spanId}-01` }, fine]);
    const [traced, untraced] = JSON.parse(String(body)).resourceLogs[0].scopeLogs[0].logRecords;
    assert.deepEqual([traced.traceId, traced.spanId, traced.flags], [traceId, spanId, 1]);
    assert.ok(!('traceId' in untraced));
  });

  it('recognises entries that a collector rejected', () => {
    const body = '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}';
    assert.deepEqual(sink.verdict({ status: 200, headers: {}, body }, entries), {
      retry: [],
      refused: 2,
      reason: '2 records rejected',
    });
    for (const body of ['', '{}', '{"partialSuccess":{}}']) {
      assert.deepEqual(sink.verdict({ status: 200, headers: {}, body }, entries), { retry: [], refused: 0 });
    }
  });
});

describe('Loki', () => {
  it('has a stream for each severity of an entity, with few labels', () => {
    const { streams } = JSON.parse(bodyOf(lokiSink(target)));
    assert.deepEqual(
      streams.map(({ stream }: { stream: object }) => stream),
      [
        { site: 'hall_3', robot: 'amr-01', entity: 'gripper', severity: 'warning' },
        { site: 'hall_3', robot: 'amr-01', entity: 'gripper', severity: 'fatal' },
        { site: 'hall_3', robot: 'amr-01', entity: 'base', severity: 'debug' },
      ],
    );
    const [[time, line]] = streams[0].values;
    assert.equal(time, '1774231973000000042');
    assert.deepEqual(JSON.parse(line), {
      message: 'Motor is "warm"\nvery',
      logger: 'arm.gripper',
      id: 'log_7',
      boot_id: 'b00t',
      function: 'spin',
      file: 'motor.cpp',
      line: 42,
    });
  });
});

describe('Elasticsearch', () => {
  const sink = elasticsearchSink({ ...target, index: 'logs-medkit-default' });
  const verdict = (body: unknown) => sink.verdict({ status: 200, headers: {}, body: JSON.stringify(body) }, entries);

  it('has an action and a document for each entry, each on one line', () => {
    const { url, headers } = sink.request(entries);
    assert.equal(headers['Content-Type'], 'application/x-ndjson');
    assert.match(url, /^https:\/\/logs\.example\.com\/path\?key=secret&filter_path=/);
    const body = bodyOf(sink);
    assert.ok(body.endsWith('\n'));
    const lines = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, 6);
    assert.deepEqual(lines[0], { create: { _index: 'logs-medkit-default', _id: 'amr-01-b00t-7' } });
    assert.deepEqual(lines[1], {
      '@timestamp': '2026-03-23T02:12:53.000000042Z',
      ecs: { version: '8.11.0' },
      message: 'Motor is "warm"\nvery',
      log: {
        level: 'warning',
        logger: 'arm.gripper',
        origin: { function: 'spin', file: { name: 'motor.cpp', line: 42 } },
      },
      service: { name: '/arm/gripper' },
      host: { name: 'amr-01' },
      event: { sequence: 7 },
      labels: { site: 'hall_3', entity: 'gripper' },
    });
    assert.equal(lines[5]['@timestamp'], '1970-01-01T00:00:00.000000000Z');
  });

  it('checks every document of the reply', () => {
    const failed = (status: number) => ({ create: { status, error: { type: 'a_type', reason: 'a reason' } } });
    assert.deepEqual(verdict({ errors: true, items: [failed(429), failed(400), failed(409)] }), {
      retry: [warm],
      refused: 1,
      reason: '429 a_type: a reason',
    });
    assert.deepEqual(verdict({ errors: false }), { retry: [], refused: 0 });
    for (const odd of ['no JSON', null, { errors: true }, { errors: true, items: [null, 7, ...Array(9).fill({})] }]) {
      assert.deepEqual(verdict(odd), { retry: [], refused: 0 }, JSON.stringify(odd));
    }
  });
});

for (const sink of [otlpSink(target), lokiSink(target), elasticsearchSink({ ...target, index: 'x' })]) {
  describe(`the verdict of ${sink.name}`, () => {
    const of = (status: number) => sink.verdict({ status, headers: {}, body: 'said\nso' }, entries);

    it('follows from the status: accepted, retry, or rejected', () => {
      for (const status of [200, 204]) assert.deepEqual(of(status), { retry: [], refused: 0 });
      for (const status of [429, 502, 503, 504]) {
        assert.deepEqual(of(status), { retry: entries, refused: 0, reason: `HTTP ${status}: said so` });
      }
      // OTLP does not allow a retry after these two.
      for (const status of [408, 500])
        assert.equal(of(status).retry.length, sink.name === 'otlp' ? 0 : entries.length, String(status));
      for (const status of [302, 400, 401, 403, 404, 413]) assert.equal(of(status).refused, 3, String(status));
    });

    it('sends the configured secrets with the request and never shows them', () => {
      assert.equal(sink.request(entries).headers['Authorization'], 'Bearer secret');
      assert.equal(sink.origin, 'https://logs.example.com');
    });
  });
}

it('an answer of a sink is sanitised for one line of a log', () => {
  assert.equal(firstLine('a\r\n\u001b[31mb\u0000c\u2028'), 'a [31mb c');
  assert.equal(firstLine('x'.repeat(1000)).length, 200);
});

it('contains the arrival time and the log time of a line with a simulated clock', () => {
  const simulated: LogEntry = { ...fine, timestampNs: 5_000_000_000n, receivedNs: 1_774_231_973_000_000_042n };
  const sent = (sink: LogSink) => String(sink.request([simulated]).body);
  const [record] = JSON.parse(sent(otlpSink(target))).resourceLogs[0].scopeLogs[0].logRecords;
  assert.deepEqual([record.timeUnixNano, record.observedTimeUnixNano], ['5000000000', '1774231973000000042']);
  const [value] = JSON.parse(sent(lokiSink(target))).streams[0].values;
  assert.deepEqual([value[0], JSON.parse(value[1]).logged_ns], ['1774231973000000042', '5000000000']);
  const document = JSON.parse(sent(elasticsearchSink({ ...target, index: 'logs' })).split('\n')[1] ?? '');
  assert.deepEqual(
    [document['@timestamp'], document.event.start],
    ['2026-03-23T02:12:53.000000042Z', '1970-01-01T00:00:05.000000000Z'],
  );
});
