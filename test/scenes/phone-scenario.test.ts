import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openCheckingReceiver } from '@medkit/notify/testing';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import { Sandbox } from './medkit-process.ts';
import { DEMO_CONFIG, RestartScene } from './restart-scene.ts';

const STORY_MS = 300_000;
const ROOT = 'LIDAR_DRIVER_PROTECTIVE_FIELD';
/** Silence after the last message after which nothing more is expected. */
const QUIET_MS = 1500;

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** Returns the configuration of the demo with a phone receiver. */
function configWith(folder: string, port: number, phone: string): string {
  cpSync(dirname(DEMO_CONFIG), folder, { recursive: true });
  const config = join(folder, 'medkit.yaml');
  const notifyConfig = `
server.public_url: http://127.0.0.1:${port}
notify.receivers:
  - { name: oncall, type: ntfy, url: ${phone}, topic: robots, severity: error }
`;
  writeFileSync(config, readFileSync(DEMO_CONFIG, 'utf8') + notifyConfig);
  return config;
}

test('a person in the way while the network is cut and the gateway is killed: one message, acknowledged on the phone', {
  timeout: STORY_MS,
}, async () => {
  const [sandbox, phone, port] = [new Sandbox(), await openCheckingReceiver('ntfy'), await freePort()];
  const config = configWith(join(sandbox.folder, 'config'), port, phone.url);
  await using scene = new RestartScene(sandbox, await sandbox.domain(), { config, port });
  const get = async (path: string): Promise<Json> => {
    const reply = await fetch(`${scene.url}/api/v1${path}`, { signal: AbortSignal.timeout(8000) });
    return reply.json();
  };
  const incident = async (): Promise<Json> =>
    (await get('/x-medkit-incidents?state=open')).items.find(({ root }: Json) => root === ROOT);
  try {
    await scene.startGateway();
    await scene.startRobot();
    phone.door.open = false;
    await scene.obstacle('inject');
    await scene.untilConfirmed();
    const opened = await eventually('one incident of all of them', async () => {
      const found = await incident();
      return found?.fault_count === 4 && found;
    });
    const waits = async () => (await get('/x-medkit-notify/receivers')).items[0].waiting > 0;
    await eventually('a message waits', waits);
    await scene.endGateway('killed');
    phone.door.open = true;
    await scene.startGateway();

    const rings = () =>
      phone.taken.map(({ body }) => JSON.parse(body)).filter(({ click }) => click?.endsWith(opened.id));
    const [ring] = await eventually('the phone rings', async () => rings().length > 0 && rings());
    assert.match(ring.title, /protective field/i, 'what explains the others is in the first line');
    assert.match(ring.message, /^Severity: error$/m);
    assert.match(ring.message, /^Motion: blocked$/m);
    await delay(QUIET_MS);
    const keys = rings().map(({ sequence_id, title }: Json) => `${sequence_id} ${title}`);
    assert.equal(new Set(keys).size, 1, `rung once for one event: ${keys}`);
    assert.deepEqual(phone.refused, []);

    const { url: link } = ring.actions.find(({ action }: Json) => action === 'http');
    const looked = await fetch(link);
    assert.equal(looked.status, 200);
    assert.equal((await incident()).acknowledged_by, undefined, 'who only looks acknowledges nothing');
    assert.equal((await fetch(link, { method: 'POST' })).status, 200);
    assert.equal((await incident()).acknowledged_by, 'link of receiver oncall');
    assert.match(await (await fetch(link, { method: 'POST' })).text(), /was already used/);

    const { items } = await get(`/x-medkit-incidents/${encodeURIComponent(opened.id)}/timeline?kinds=message,incident`);
    const entries = items.map(({ kind, event, item, by }: Json) => [kind, event, item ?? by].join(' '));
    // On a busy machine the stop may cause further messages to the phone.
    assert.equal(entries[0], 'message delivered oncall', String(entries));
    assert.equal(entries.filter((row: string) => row === 'incident acknowledged link of receiver oncall').length, 1);

    await scene.obstacle('clear');
    await scene.untilHealed();
    const isReported = () => rings().some(({ title }: Json) => /healed/i.test(title));
    await eventually('that it is over is told', async () => isReported());
  } finally {
    phone.close();
  }
});
