import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { it } from 'node:test';
import { startLoki } from '../../packages/plugins/loki/src/testing/loki-server.ts';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';

const DOMAIN = await reserveDomain();

interface LogEntry {
  readonly id: string;
  readonly message: string;
  readonly logger_name: string;
  readonly severity: string;
}

/** Starts the demo, which forwards its logs to Loki and reads them back. */
async function startDemo(loki: string) {
  const settings = [
    'plugins=loki',
    `plugins.loki.url=${loki}`,
    `logs.sinks.loki.url=${loki}`,
    'plugins.loki.settle_ms=0',
  ];
  const sets = settings.flatMap((setting) => ['--set', setting]);
  const program = startProgram(['demo', '--lite', '--port', '0', '--domain', String(DOMAIN), ...sets]);
  const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
  const logs = async (path: string): Promise<readonly LogEntry[]> => {
    const reply = await fetch(`${url}/api/v1${path}`);
    assert.equal(reply.status, 200, await reply.clone().text());
    return ((await reply.json()) as { readonly items: readonly LogEntry[] }).items;
  };
  return { logs, [Symbol.asyncDispose]: async () => void (await program.end('SIGINT')) };
}

it('logs that the sink sent to Loki are read from there, also those from before a restart', async () => {
  await using loki = await startLoki();
  let first: readonly LogEntry[];
  {
    await using demo = await startDemo(loki.url);
    const ofRobot = ({ logger_name }: LogEntry): boolean => !logger_name.includes('medkit');
    await eventually('entries', async () => (await demo.logs('/rosout')).filter(ofRobot).length > 2);
    first = await demo.logs('/rosout');
    const entry = first.find(ofRobot);
    const app = entry?.logger_name.split('/').at(-1);
    const ofApp = await demo.logs(`/apps/${app}/logs`);
    assert.ok(ofApp.some(({ id }) => id === entry?.id));
    assert.ok(ofApp.every(({ logger_name }) => logger_name.startsWith(entry?.logger_name ?? '')));
    const grave = await demo.logs('/rosout?severity=warning');
    assert.ok(grave.every(({ severity }) => severity !== 'info' && severity !== 'debug'));
    const after = await demo.logs(`/rosout?since=${first[0]?.id}&limit=2`);
    assert.deepEqual(
      after.map(({ id }) => id),
      first.slice(1, 3).map(({ id }) => id),
    );
  }
  await using again = await startDemo(loki.url);
  const ids = new Set((await again.logs('/rosout')).map(({ id }) => id));
  assert.ok(first.every(({ id }) => ids.has(id)));
  assert.ok(loki.requests.every(([, { query }]) => query?.startsWith(`{robot="${hostname()}"`)));
});
