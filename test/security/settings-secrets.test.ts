import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { readFaultDocuments } from '../../packages/gateway/src/config/fault-documents.ts';
import { readSources } from '../../packages/gateway/src/config/read-sources.ts';
import { OPTIONS, TYPES } from '../../packages/gateway/src/config/receiver-options.ts';
import { SETTING_ROWS } from '../../packages/gateway/src/config/settings.ts';
import { explainConfig } from '../../packages/gateway/src/explain-config.ts';
import { accountGateway, bearer } from './account-gateway.ts';

/** As long as a token, with a digit: URLs with such a segment are redacted. */
const MARKER = 'canary0123456789abcdef';
const FILE = '/etc/medkit.yaml';
const SECRET_FILE = '/run/secret';
const SECRETS = SETTING_ROWS.filter(([, { secret }]) => secret === true);
const URLS = SETTING_ROWS.filter(([key, { type, secret }]) => type === 'text' && !secret && /url$/.test(key));

/** Values that contain the marker in each place of an address that can hold a credential. */
const ADDRESSES = [
  `http://me:${MARKER}@host:9000/`,
  `http://${MARKER}@host/`,
  `http://host/push?key=${MARKER}`,
  `http://host/in/${MARKER}/logs`,
  `http://host/#${MARKER}`,
  // Not valid, so no parser finds the password.
  `http://me:${MARKER}@host:99999/`,
  `me:${MARKER}@host:9000`,
];

/** Keeps the settings of an example together: where its text is, and what else the machine has. */
interface Example {
  readonly yaml?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly set?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

function sourcesOf({ yaml = '', environment = {}, set = [], files = {} }: Example) {
  return {
    files: new MemoryFiles({ [FILE]: yaml, [SECRET_FILE]: `${MARKER}\n`, ...files }),
    folders: { environment, home: '/home/ada', working: '/srv' },
    flags: { set: [...set] },
    defaultFile: FILE,
  };
}

/** Returns the settings as a gateway sends them to an administrator, and as `medkit config explain` prints them. */
async function textsOf(example: Example): Promise<{ readonly route: string; readonly command: string }> {
  const sources = sourcesOf(example);
  const reading = await readSources(sources);
  const faultDocuments = await readFaultDocuments(sources.files, '');
  const gateway = await accountGateway({ parts: { reading, faultDocuments, storage: sources.files } });
  try {
    const headers = bearer(await gateway.keyFor('admin'));
    const reply = await gateway.ask('GET', '/x-medkit-settings', { headers });
    assert.equal(reply.status, 200, reply.text);
    return { route: reply.text, command: JSON.stringify(await explainConfig(sources)) };
  } finally {
    await gateway.close();
  }
}

/** Asserts that nothing of the configuration leaves the gateway, and that the given keys were read. */
async function assertHidden(example: Example, keys: readonly string[]): Promise<void> {
  const { route, command } = await textsOf(example);
  assert.ok(!route.includes(MARKER), 'the route');
  assert.ok(!command.includes(MARKER), 'the command');
  const { items } = JSON.parse(route);
  for (const key of keys) {
    const item = items.find((each: { readonly key: string }) => each.key === key);
    assert.ok(item?.origin, `${key} has its source`);
  }
}

describe('the list of settings has no secret', () => {
  const keys = SECRETS.map(([key]) => key);

  it('of the file', async () => {
    assert.ok(keys.length >= 8, 'all are marked');
    const yaml = SECRETS.map(([key, { type }]) => `${key}: ${type === 'list' ? `[a, ${MARKER}]` : MARKER}`).join('\n');
    await assertHidden({ yaml }, keys);
  });

  it('of variables and flags', async () => {
    const variable = (key: string) => `MEDKIT_${key.replaceAll('.', '_').toUpperCase()}`;
    await assertHidden({ environment: Object.fromEntries(keys.map((key) => [variable(key), MARKER])) }, keys);
    await assertHidden({ set: keys.map((key) => `${key}=${MARKER}`) }, keys);
  });

  it('of systemd credentials', async () => {
    const files = Object.fromEntries(keys.map((key) => [`/run/credentials/${key}`, MARKER]));
    await assertHidden({ environment: { CREDENTIALS_DIRECTORY: '/run/credentials' }, files }, keys);
  });

  it('of separate files, which other settings name', async () => {
    const named = ['server.token', 'auth.jwt_secret', 'auth.clients', 'metrics.token', 'notify.heartbeat_url'];
    const yaml = named.map((key) => `${key}_file: ${SECRET_FILE}`).join('\n');
    await assertHidden({ yaml }, [...named, ...named.map((key) => `${key}_file`)]);
  });

  it('of receivers of any type, and of plugins', async () => {
    const secrets = Object.entries(OPTIONS).filter(([, { secret }]) => secret);
    assert.ok(secrets.length >= 5);
    const receivers = TYPES.flatMap((type) => [
      `    ${type}: {type: ${type}, ${secrets.map(([name]) => `${name}: ${MARKER}`).join(', ')}}`,
      `    ${type}-file: {type: ${type}, ${secrets.map(([name]) => `${name}_file: ${SECRET_FILE}`).join(', ')}}`,
    ]);
    const plugins = ['plugins: [opcua]', `plugins.opcua.password: ${MARKER}`, `plugins.opcua.password.x: ${MARKER}`];
    const yaml = ['notify:', '  receivers:', ...receivers, ...plugins].join('\n');
    await assertHidden({ yaml }, ['notify.receivers.slack.url', 'notify.receivers.ntfy-file.token_file']);
  });

  it('in an address', async () => {
    const urls = URLS.map(([key]) => key);
    assert.ok(urls.length >= 4);
    for (const address of ADDRESSES) {
      const yaml = [
        ...urls.map((key) => `${key}: ${JSON.stringify(address)}`),
        `aggregation.peer_urls: [${JSON.stringify(address)}]`,
        `cors.allowed_origins: [${JSON.stringify(address)}]`,
        `updates.activate: [curl, ${JSON.stringify(`--url=${address}`)}]`,
        `notify.receivers.chat: {type: telegram, chat: ${JSON.stringify(address)}}`,
      ].join('\n');
      await assertHidden({ yaml }, ['logs.sinks.otlp.url', 'aggregation.peer_urls', 'notify.receivers.chat.chat']);
    }
  });

  it('of remarks about keys that are not settings', async () => {
    const yaml = [`server.tokn: ${MARKER}`, `auth.jwt_secrets: [${MARKER}]`, `webhooks.secret: ${MARKER}`].join('\n');
    await assertHidden({ yaml, set: [`notify.token=${MARKER}`] }, []);
  });

  it('and is sent only to administrators', async () => {
    const reading = await readSources(sourcesOf({}));
    const gateway = await accountGateway({
      changes: { auth: { require_auth_for: 'write' } },
      parts: { reading },
    });
    const statusFor = async (headers: Readonly<Record<string, string>>) =>
      (await gateway.ask('GET', '/x-medkit-settings', { headers })).status;
    assert.equal(await statusFor({}), 401);
    for (const role of ['viewer', 'operator', 'configurator'])
      assert.equal(await statusFor(bearer(await gateway.keyFor(role))), 403, role);
    assert.equal(await statusFor(bearer(await gateway.keyFor('admin'))), 200);
    await gateway.close();
  });
});
