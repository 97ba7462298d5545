import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type OtlpCollector, otlpCollector } from '../harness/otlp-collector.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { type RobotOnDomain, startRobot } from './robot-on-domain.ts';

interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

const folder = mkdtempSync(join(tmpdir(), 'medkit-stop-'));
const programs: Program[] = [];
const delivered: Delivery[] = [];
const receiver = createServer(async (request, reply) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  delivered.push({ headers: request.headers, body: JSON.parse(String(Buffer.concat(chunks))) });
  reply.writeHead(204).end();
});

/** Starts a gateway in a separate process, whose traces the collector receives. Returns its address. */
async function start(name: string, command: string, domainId: number, settings: readonly string[]): Promise<string> {
  const traces = [
    'traces.enabled=true',
    'traces.sample_ratio=0',
    `traces.service_name=${name}`,
    `traces.otlp.endpoint=${collector.url}`,
  ];
  const program = startProgram(
    [
      ...[command, '--port', '0', '--data-dir', join(folder, name)],
      ...[...traces, ...settings].flatMap((each) => ['--set', each]),
    ],
    { env: { ROS_DOMAIN_ID: String(domainId), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' } },
  );
  programs.push(program);
  const [, url = ''] = await program.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  return url;
}

/** Settings of a gateway that declares the area that the robot and the head share, and these entities in it. */
function manifestSettings(name: string, entities = ''): readonly string[] {
  const path = join(folder, `${name}-manifest.yaml`);
  writeFileSync(path, `manifest_version: "1.0"\nareas:\n  - {id: hall, name: Hall}\n${entities}`);
  return ['discovery.mode=hybrid', `discovery.manifest_path=${path}`];
}

const ROBOT = `components:
  - {id: amr, name: AMR, area: hall}
apps:
  - {id: pump, name: Pump, is_located_on: amr, ros_binding: {node_name: pump}}
`;

const peerSettings = (name: string, url: string) => [
  'aggregation.enabled=true',
  `aggregation.peer_urls=${url}`,
  `aggregation.peer_names=${name}`,
];

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
async function ask(url: string, path: string, body?: object): Promise<{ readonly status: number; body: any }> {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: await reply.json() };
}

let collector: OtlpCollector;
let robot: RobotOnDomain;

describe('the trace of one stop that a node reports', { timeout: 240_000 }, () => {
  let head: string;
  let ofRobot: string;

  before(async () => {
    collector = await otlpCollector();
    receiver.listen(0, '127.0.0.1');
    const domainId = await reserveDomain();
    robot = await startRobot(domainId, { pump: 20 });
    const parameters = join(folder, 'faults.yaml');
    writeFileSync(parameters, 'fault_manager:\n  ros__parameters:\n    confirmation_threshold: -2\n');
    const key = join(folder, 'key');
    writeFileSync(key, `${'0123456789abcdef'.repeat(4)}\n`);
    ofRobot = await start('robot', 'up', domainId, [
      `fault_manager.config_file=${parameters}`,
      ...manifestSettings('robot', ROBOT),
      'metrics.enabled=true',
      'metrics.otlp.enabled=true',
      'metrics.otlp.interval_sec=1',
      `metrics.otlp.endpoint=${collector.url}`,
    ]);
    const island = await start('island', 'island', domainId, [
      `island.key_file=${key}`,
      `island.listen=unix:${join(folder, 'ingest.sock')}`,
      ...peerSettings('robot', ofRobot),
    ]);
    head = await start('head', 'up', domainId, [
      'ros.enabled=false',
      'webhooks.enabled=true',
      'webhooks.allowed_targets=127.0.0.1',
      ...manifestSettings('head'),
      ...peerSettings('island', island),
    ]);
    await eventually('the node at the head', async () => (await ask(head, '/apps/pump')).status === 200);
    for (const url of [ofRobot, island])
      await eventually('each gateway is followed', async () => {
        const { clients } = (await ask(url, '/health')).body['x-medkit-event-streams'];
        return clients >= 1;
      });
  });

  after(async () => {
    for (const program of programs.reverse()) await program.end('SIGINT');
    await robot?.close();
    receiver.close();
    await collector?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('joins report, debounce, capture, the island, the head and the webhook under one id', async () => {
    const { status, body } = await ask(head, '/areas/hall/triggers', {
      resource: '/api/v1/areas/hall/faults',
      trigger_condition: { condition_type: 'OnChange' },
      multishot: true,
      protocol: 'webhook',
      webhook: { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` },
    });
    assert.equal(status, 201, JSON.stringify(body));
    await robot.report('PROTECTIVE_STOP', '/pump');
    await robot.report('PROTECTIVE_STOP', '/pump');
    const [delivery] = await eventually('the webhook', async () => delivered.length > 0 && delivered);
    const named = (service: string, name: string) =>
      collector.spans.find((span) => span.resource['service.name'] === service && span.name === name);
    const [root, confirmed, captured, atIsland, atHead, post] = await eventually('all spans', async () => {
      const spans = [
        named('robot', 'fault PROTECTIVE_STOP'),
        named('robot', 'fault confirmed'),
        named('robot', 'fault captured'),
        named('island', 'fault confirmed at robot'),
        named('head', 'fault confirmed at island/robot'),
        named('head', 'POST'),
      ] as const;
      return spans.every((span) => span !== undefined) && spans;
    });
    assert.deepEqual(collector.problems, [], 'the official definitions accept every request');
    const all = [root, confirmed, captured, atIsland, atHead, post];
    assert.deepEqual(new Set(all.map((span) => span?.traceId)), new Set([root?.traceId]));
    assert.equal(root?.parentSpanId, '');
    assert.deepEqual(
      [confirmed, captured, atIsland, atHead, post].map((span) => span?.parentSpanId),
      [root, confirmed, root, root, atHead].map((span) => span?.spanId),
    );
    assert.ok(root && confirmed && root.endNs > root.startNs, 'the first report did not confirm it');
    assert.equal(root.endNs, confirmed.startNs);
    assert.ok(Number(captured?.attributes['medkit.capture.frames']) > 0);
    assert.equal(delivery?.headers['traceparent'], `00-${root.traceId}-${post?.spanId}-01`);
    assert.equal(delivery?.body['traceparent'], `00-${root.traceId}-${atHead?.spanId}-01`);
  });

  it('is counted by the metrics that the collector receives, which are those of GET /metrics', async () => {
    const [confirmed] = await eventually('the pushed metrics', async () => {
      const faults = collector.metrics.filter(({ name }) => name === 'medkit_faults').flatMap(({ points }) => points);
      const found = faults.filter(
        ({ attributes, asDouble }) =>
          attributes['status'] === 'confirmed' && attributes['severity'] === 'error' && asDouble === 1,
      );
      return found.length > 0 && found;
    });
    assert.ok(confirmed);
    assert.deepEqual(collector.problems, [], 'the official definitions accept every request');
    const text = await (await fetch(`${ofRobot}/metrics`, { headers: { accept: 'text/plain' } })).text();
    const served = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type]) =>
      type === 'counter' ? name.replace(/_total$/, '') : name,
    );
    const received = new Set(collector.metrics.map(({ name }) => name));
    assert.deepEqual(
      served.filter((name) => !received.has(name)),
      [],
    );
    assert.ok(collector.metrics.every(({ resource }) => resource['service.name'] === 'robot'));
  });
});
