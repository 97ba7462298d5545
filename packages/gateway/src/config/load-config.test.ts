import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArgs } from 'node:util';
import { MemoryFiles } from '@medkit/edges/testing';
import { trustedNetworks } from '../peers/discovery/discover-peers.ts';
import { ConfigRefused } from './assignment.ts';
import type { Environment } from './environment-source.ts';
import { configFlags, type FlagValues } from './flag-source.ts';
import { loadConfig } from './load-config.ts';
import { SETTING_ROWS } from './settings.ts';

interface Input {
  readonly yaml?: string;
  readonly environment?: Environment;
  readonly args?: readonly string[];
  /** Other files, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

const FILE = '/etc/medkit.yaml';

function load({ yaml, environment = {}, args = [], files = {} }: Input) {
  const flags = parseArgs({ args: [...args], options: configFlags }).values as FlagValues;
  const folders = { environment, home: '/home/ada', working: '/srv' };
  return loadConfig({
    files: new MemoryFiles({ ...files, ...(yaml !== undefined && { [FILE]: yaml }) }),
    folders,
    flags,
    defaultFile: FILE,
  });
}

const linesOf = async (input: Input) => (await load(input)).notices.map(({ text }) => text);

async function refusalOf(input: Input): Promise<string> {
  const error = await load(input).then(
    () => assert.fail('the configuration was accepted'),
    (reason) => reason,
  );
  assert.ok(error instanceof ConfigRefused, String(error));
  return error.message;
}

test('without any source every setting has its default, without messages', async () => {
  const { config, notices, file } = await load({});
  assert.equal(config.server.host, '127.0.0.1');
  assert.equal(config.server.port, 8080);
  assert.deepEqual(config.cors.allowed_headers, [
    'Content-Type',
    'Accept',
    'Authorization',
    'Last-Event-ID',
    'X-Client-Id',
  ]);
  assert.equal(config.discovery.runtime.default_component.enabled, true);
  assert.equal(config.data_dir, '/home/ada/.local/share/medkit');
  assert.deepEqual(notices, []);
  assert.equal(file, undefined);
});

test('the profile ros2_medkit sets the values that files of ros2_medkit expect, with a warning; settings of the user win', async () => {
  const { config, notices } = await load({ args: ['--compat', 'ros2_medkit'] });
  assert.deepEqual([config.data_provider.foreign_topics, config.server.host], [true, '0.0.0.0']);
  assert.deepEqual(config.aggregation.trusted_networks, ['0.0.0.0/0', '::/0']);
  assert.equal(config.fault_manager.shared_healing, true);
  assert.equal((await load({})).config.fault_manager.shared_healing, false);
  const lines = notices.map(({ level, text }) => `${level}: ${text}`);
  assert.match(
    lines.join('\n'),
    /^warning: compat: ros2_medkit, for trusted networks only: .*every machine on the network/m,
  );
  assert.match(lines.join('\n'), /^warning: listening on 0\.0\.0\.0 without a token or accounts/m);
  const isTrusted = trustedNetworks(config.aggregation.trusted_networks, () => []);
  for (const address of ['10.1.2.3', '203.0.113.9', 'fe80::1', '2001:db8::7']) assert.ok(isTrusted(address), address);

  const yaml = `compat: ros2_medkit
server: {host: 127.0.0.1, insecure: false}
data_provider: {foreign_topics: false}
fault_manager: {shared_healing: false}
aggregation: {trusted_networks: [10.0.8.0/24]}
`;
  const overridden = await load({ yaml });
  assert.deepEqual(
    [overridden.config.data_provider.foreign_topics, overridden.config.server.host],
    [false, '127.0.0.1'],
  );
  assert.deepEqual(overridden.config.aggregation.trusted_networks, ['10.0.8.0/24']);
  assert.equal(overridden.config.fault_manager.shared_healing, false);
  assert.deepEqual(overridden.notices, []);
  assert.equal((await load({ environment: { MEDKIT_COMPAT: 'ros2_medkit' } })).config.server.host, '0.0.0.0');
  assert.equal((await load({ yaml, args: ['--compat='] })).config.compat, '');
  assert.match(await refusalOf({ args: ['--compat', 'ros1'] }), /compat: "ros1" is not ros2_medkit, the only profile/);
  const explicit = await refusalOf({ yaml: 'compat: ros2_medkit\nserver.insecure: false\n' });
  assert.match(explicit, /server\.host 0\.0\.0\.0 can be reached/);
});

test('a list may be a YAML list in a flag or a variable', async () => {
  const { config } = await load({
    args: ['--set', 'aggregation.peer_names=["amr", "lift, left"]', '--allowed-host', '[robot.local, "r2.local"]'],
    environment: { MEDKIT_AGGREGATION_PEER_URLS: "['http://amr:8080', http://lift:8080]" },
  });
  assert.deepEqual(config.aggregation.peer_names, ['amr', 'lift, left']);
  assert.deepEqual(config.aggregation.peer_urls, ['http://amr:8080', 'http://lift:8080']);
  assert.deepEqual(config.server.allowed_hosts, ['robot.local', 'r2.local']);
});

test('a list of a plugin may be a YAML list, an empty list has no entries, and other texts keep their brackets', async () => {
  const { config } = await load({
    args: [
      ...['--set', 'plugins=[graph_watchdog]', '--set', 'cors.allowed_methods=[]', '--set', 'server.host=[::1]'],
      ...['--set', 'plugins.graph_watchdog.detectors.orphan.allowlist=["/a", /b]', '--set', 'ros.type_folders=a,b'],
      ...['--set', 'server.allowed_hosts=[fe80::1]', '--insecure'],
    ],
  });
  assert.deepEqual(config.plugins[0]?.options, { detectors: { orphan: { allowlist: ['/a', '/b'] } } });
  assert.deepEqual([config.cors.allowed_methods, config.server.host], [[], '[::1]']);
  assert.deepEqual(config.server.allowed_hosts, ['[fe80::1]']);
  assert.deepEqual(config.ros.type_folders, ['/srv/a', '/srv/b']);
});

test('a list that is not closed, or contains lists, is refused with its key', async () => {
  for (const text of ['["amr"', '[a, [b]]', '[a]: b', '[{a: b}]']) {
    const said = await refusalOf({ args: ['--set', `aggregation.peer_names=${text}`] });
    assert.match(
      said,
      /^aggregation\.peer_names: .*not a list such as \["a", "b"\] \(--set aggregation\.peer_names\)$/,
    );
  }
});

test('flags win over the environment, and the environment over the file', async () => {
  const yaml = 'server:\n  port: 9001\n  keep_alive_timeout_sec: 5\ntopic_sample_timeout_sec: 0.5\n';
  const environment = { MEDKIT_SERVER_PORT: '9002', MEDKIT_SERVER_KEEP_ALIVE_TIMEOUT_SEC: '6' };
  const { config, file } = await load({ yaml, environment, args: ['--port', '9003'] });
  assert.equal(config.server.port, 9003);
  assert.equal(config.server.keep_alive_timeout_sec, 6);
  assert.equal(config.topic_sample_timeout_sec, 0.5);
  assert.equal(file, FILE);
});

test('the domain comes from ROS_DOMAIN_ID, and an empty value is ignored', async () => {
  assert.equal((await load({ environment: { ROS_DOMAIN_ID: '42' } })).config.ros.domain_id, 42);
  assert.equal((await load({ environment: { ROS_DOMAIN_ID: '' } })).config.ros.domain_id, 0);
  assert.match(
    await refusalOf({ environment: { ROS_DOMAIN_ID: '233' } }),
    /233 is out of range .*0 to 232; ROS_DOMAIN_ID/,
  );
  assert.match(await refusalOf({ environment: { ROS_DOMAIN_ID: '7x' } }), /"7x" is not a whole number/);
});

test('a packet recording is written to the working folder, and only on request', async () => {
  assert.equal((await load({})).config.record.file, '');
  assert.equal((await load({ args: ['--record', 'robot.pcap'] })).config.record.file, '/srv/robot.pcap');
});

test('a list may be a YAML sequence, a comma-separated variable or repeated flags; empty texts are dropped', async () => {
  const yaml = 'cors.allowed_origins: [""]\nserver.allowed_hosts: [a.local, b.local]\n';
  const { config } = await load({ yaml, environment: { MEDKIT_ROS_TYPE_FOLDERS: '/opt/a, ~/b,c' } });
  assert.deepEqual(config.cors.allowed_origins, []);
  assert.deepEqual(config.server.allowed_hosts, ['a.local', 'b.local']);
  assert.deepEqual(config.ros.type_folders, ['/opt/a', '/home/ada/b', '/srv/c']);
  const flagged = await load({ args: ['--allowed-host', 'x', '--allowed-host', 'y'] });
  assert.deepEqual(flagged.config.server.allowed_hosts, ['x', 'y']);
});

test('trusted keys are keys, or files relative to the configuration file that names them', async () => {
  const rawKey = `${'A'.repeat(43)}=`;
  const { config } = await load({ yaml: `updates:\n  dir: in\n  trusted_keys: [a.pem, /b.pem, "${rawKey}"]\n` });
  assert.deepEqual(config.updates.trusted_keys, ['/srv/a.pem', '/b.pem', rawKey]);
  assert.equal(config.updates.dir, '/srv/in');
});

test('a ROS parameter file is read, dotted and nested, and blocks of other nodes are named and left out', async () => {
  const yaml = [
    'ros2_medkit_gateway:',
    '  ros__parameters:',
    '    server:',
    '      port: 9100',
    '    cors.max_age_seconds: 60',
    '    "discovery.runtime":',
    '      filter_internal_nodes: no',
    'fault_manager:',
    '  ros__parameters:',
    '    storage_type: sqlite',
    'other:',
    '  ros__parameters: {}',
  ].join('\n');
  const { config, notices } = await load({ yaml });
  assert.equal(config.server.port, 9100);
  assert.equal(config.cors.max_age_seconds, 60);
  assert.equal(config.discovery.runtime.filter_internal_nodes, false);
  assert.equal(config.fault_manager.config_file, FILE);
  assert.deepEqual(
    notices.map(({ text }) => text),
    [`${FILE}:11: parameters of node /other, not of the gateway`],
  );
});

test('an unknown key is reported with its line and the nearest known one', async () => {
  assert.deepEqual(await linesOf({ yaml: '\nserver:\n  prot: 9000\n' }), [
    `server.prot: no such setting (${FILE}:3). Did you mean server.port?`,
  ]);
  assert.deepEqual(await linesOf({ environment: { MEDKIT_SERVER_PROT: '9000' } }), [
    'MEDKIT_SERVER_PROT: no setting has this environment variable. Did you mean MEDKIT_SERVER_PORT?',
  ]);
  assert.deepEqual(await linesOf({ environment: { MEDKIT_URL: 'robot-01', MEDKIT_TOKEN: 'secret' } }), []);
  assert.deepEqual(await linesOf({ args: ['--set', 'zzzzzzzz=1'] }), ['zzzzzzzz: no such setting (--set zzzzzzzz).']);
});

test('keys of the reference that are not used yet are reported, one line per section', async () => {
  const yaml = 'server:\n  http_thread_pool_size: 4\n  executor_threads: 2\n';
  assert.deepEqual(await linesOf({ yaml, environment: { MEDKIT_ENTITY_CACHE_CAPACITY: '9' } }), [
    `server.http_thread_pool_size, server.executor_threads: not used by this version (${FILE}:2)`,
    'entity_cache.capacity: not used by this version (MEDKIT_ENTITY_CACHE_CAPACITY)',
  ]);
});

test('accounts have the keys of ros2_medkit, secrets in files, and custom roles', async () => {
  const yaml = `ros2_medkit_gateway:
  ros__parameters:
    auth:
      enabled: true
      jwt_secret: a-secret-of-more-than-thirty-two-characters
      jwt_algorithm: HS256
      token_expiry_seconds: 600
      require_auth_for: write
      clients: ["admin:admin_secret_123:admin"]
      clients_file: /more
      roles:
        technician: { extends: operator, allow: [scripts.run], deny: [data.write] }
        acme: { extends: viewer, scopes: ["components/arm/** collections=faults", "**"] }
`;
  const { config } = await load({ yaml, files: { '/more': '# those of the line\nline:s3cret:with:colons:viewer\n' } });
  assert.deepEqual(config.auth.clients, ['admin:admin_secret_123:admin', 'line:s3cret:with:colons:viewer']);
  assert.equal(config.auth.token_expiry_seconds, 600);
  assert.deepEqual(config.roles, {
    technician: { extends: 'operator', allow: ['scripts.run'], deny: ['data.write'] },
    acme: {
      extends: 'viewer',
      scopes: [{ entities: ['components/arm/**'], collections: ['faults'] }, { entities: ['**'] }],
    },
  });
  assert.match(
    await refusalOf({ yaml: 'auth.roles.x: {scopes: "apps/a faults"}\n' }),
    /auth.roles.x.scopes: .* is not a scope/,
  );
  assert.match(await refusalOf({ yaml: 'auth.token_expiry_seconds: 0\n' }), /out of range/);
  assert.match(await refusalOf({ yaml: 'auth.require_auth_for: some\n' }), /none, write or all/);
});

test('a gateway that other machines can reach needs a token, accounts, or an explicit server.insecure', async () => {
  const open = 'server.host: 0.0.0.0\n';
  assert.match(await refusalOf({ yaml: open }), /medkit auth init.*--setup.*server\.token_file.*--insecure/);
  for (const guarded of ['auth.enabled: true', 'auth.setup: true', 'auth.users_file: /users.yaml']) {
    const lines = await linesOf({ yaml: `${open}${guarded}\n` });
    assert.match(lines.join(), /without TLS/, guarded);
  }
  assert.match(await refusalOf({ yaml: `${open}auth: {enabled: true, require_auth_for: none}\n` }), /can be reached/);
});

test('a number outside its range is clamped, replaced or refused with one line naming both values', async () => {
  const clamped = await load({ yaml: 'data_provider.max_pool_size: 5000\n' });
  assert.equal(clamped.config.data_provider.max_pool_size, 4096);
  assert.deepEqual(
    clamped.notices.map(({ text }) => text),
    [`data_provider.max_pool_size: 5000 clamped to 4096 (the range is 1 to 4096; ${FILE}:1)`],
  );
  for (const [text, key] of [
    ['80', 'server.port'],
    ['4294976296', 'server.port'],
    ['.nan', 'topic_sample_timeout_sec'],
    ['-.inf', 'topic_sample_timeout_sec'],
  ]) {
    const { notices } = await load({ yaml: `${key}: ${text}\n` });
    assert.equal(notices.length, 1);
    assert.ok(notices[0].text.startsWith(`${key}: ${text} refused, the default `), notices[0].text);
  }
});

test('a number from the command line is refused if it is out of range, never replaced', async () => {
  for (const args of [
    ['--port', '99'],
    ['--set', 'server.port=99'],
    ['--set', 'data_provider.max_pool_size=5000'],
  ]) {
    assert.match(await refusalOf({ args }), /: (?:99|5000) is out of range \(the range is \d+ to \d+; --/);
  }
});

test('port 0 lets the system choose', async () => {
  const { config, notices } = await load({ args: ['--port', '0'] });
  assert.deepEqual([config.server.port, notices], [0, []]);
});

test('every number accepts the ends of its range silently, and causes one message just beyond them', async () => {
  for (const [key, setting] of SETTING_ROWS) {
    if (setting.type !== 'integer' && setting.type !== 'number') continue;
    for (const value of [setting.min, setting.max]) {
      assert.deepEqual(await linesOf({ yaml: `${key}: ${value}\n` }), [], key);
    }
    const beyond = `${key}: ${setting.max + 1}\n`;
    if (setting.outside === 'refuse') assert.match(await refusalOf({ yaml: beyond }), /out of range/);
    else assert.equal((await linesOf({ yaml: beyond })).length, 1, key);
  }
});

test('only the value that takes effect is validated', async () => {
  assert.deepEqual(await linesOf({ yaml: 'server.port: 80\n', args: ['--port', '9000'] }), []);
});

test('wrong types and broken files are refused with file and line, all problems together', async () => {
  const refusal = await refusalOf({
    yaml: 'server:\n  port: abc\n  insecure: perhaps\n  keep_alive_timeout_sec: 2.5\n',
  });
  assert.deepEqual(refusal.split('\n'), [
    `server.port: "abc" is not a whole number (${FILE}:2)`,
    `server.insecure: "perhaps" is not true or false (${FILE}:3)`,
    `server.keep_alive_timeout_sec: "2.5" is not a whole number (${FILE}:4)`,
  ]);
  assert.match(await refusalOf({ yaml: 'server:\n  port: [1\n' }), /^\/etc\/medkit\.yaml:\d+: /);
  assert.match(await refusalOf({ yaml: '- a\n- b\n' }), /:1: expected sections/);
  assert.match(await refusalOf({ yaml: 'server: &s {port: [1]}\nros: *s\n' }), /server\.port takes one value/);
  assert.match(await refusalOf({ yaml: `${'a: {'.repeat(12)}b: 1${'}'.repeat(12)}\n` }), /more than 10 levels/);
  assert.match(await refusalOf({ yaml: 'server.port:\n  x: 1\n' }), /must be a value, not a section/);
  assert.match(
    await refusalOf({ args: ['--config', 'none.yaml'] }),
    /the configuration file \/srv\/none\.yaml does not exist/,
  );
  assert.match(await refusalOf({ args: ['--set', 'nonsense'] }), /expected key=value/);
});

test('a key set twice in one file, or without a value, is reported', async () => {
  assert.deepEqual(await linesOf({ yaml: 'server: {port: 9000}\nserver.port: 9001\ndocs.enabled:\n' }), [
    `server.port is set twice: ${FILE}:2 is used, ${FILE}:1 is ignored`,
    `docs.enabled has no value: its default is used (${FILE}:3)`,
  ]);
});

test('an address that others can reach needs a token or server.insecure, and the message explains why', async () => {
  const token = 'correct-horse-battery';
  assert.match(await refusalOf({ args: ['--host', '0.0.0.0'] }), /could read and command the robot/);
  assert.match((await linesOf({ args: ['--host', '0.0.0.0', '--insecure'] })).join(), /without a token/);
  assert.match(
    (await linesOf({ args: ['--host', '::'], environment: { MEDKIT_SERVER_TOKEN: token } })).join(),
    /without TLS/,
  );
  for (const host of ['127.0.0.1', '127.8.0.1', 'localhost', '::1', '""']) {
    assert.deepEqual(await linesOf({ yaml: `server.host: "${host.replaceAll('"', '')}"` }), []);
  }
  assert.match(await refusalOf({ args: ['--host', '127.0.0.1.evil.example'] }), /can be reached/);
});

test('a token is never printed, whatever is wrong with it', async () => {
  const refusal = await refusalOf({ environment: { MEDKIT_SERVER_TOKEN: 's3cret' } });
  assert.match(refusal, /at least 16/);
  assert.ok(!refusal.includes('s3cret'));
});

test('cors.allow_credentials is refused together with every origin', async () => {
  assert.match(
    await refusalOf({ yaml: 'cors: {allowed_origins: ["*"], allow_credentials: true}\n' }),
    /every web page/,
  );
});

test('the data folder follows XDG_DATA_HOME if that is absolute', async () => {
  assert.equal((await load({ environment: { XDG_DATA_HOME: '/data' } })).config.data_dir, '/data/medkit');
  assert.equal(
    (await load({ environment: { XDG_DATA_HOME: 'data' } })).config.data_dir,
    '/home/ada/.local/share/medkit',
  );
  assert.equal((await load({ args: ['--data-dir', 'here'] })).config.data_dir, '/srv/here');
});

test('the values of the configuration have static types', async () => {
  const { config } = await load({});
  const port: number = config.server.port;
  // @ts-expect-error a port is a number
  const text: string = config.server.port;
  // @ts-expect-error there is no such setting
  const missing = config.server.prot;
  assert.deepEqual([typeof port, typeof text, missing], ['number', 'number', undefined]);
});

test('a token is read from a file, and lists of secrets also from systemd credentials', async () => {
  const read = async (texts: Readonly<Record<string, string>>, environment: Environment) => {
    const files = new MemoryFiles(texts);
    const folders = { environment, home: '/home/ada', working: '/srv' };
    const { config, notices } = await loadConfig({ files, folders, flags: {}, defaultFile: FILE });
    assert.deepEqual(notices, []);
    return config;
  };
  const yaml = 'server: {token_file: token}';
  const byFile = await read({ [FILE]: yaml, '/srv/token': 'hush-0123456789ab\n' }, {});
  assert.equal(byFile.server.token, 'hush-0123456789ab');
  const byVariable = await read(
    { '/run/secrets/token': 'hush-0123456789ab' },
    { MEDKIT_SERVER_TOKEN_FILE: '/run/secrets/token' },
  );
  assert.equal(byVariable.server.token, 'hush-0123456789ab');
  const credentials = {
    '/run/credentials/server.token': 'hush-0123456789ab\n',
    '/run/credentials/logs.sinks.loki.headers': 'X-Scope-OrgID: robots, all\nAuthorization: Bearer x\n',
  };
  const config = await read(credentials, { CREDENTIALS_DIRECTORY: '/run/credentials' });
  assert.equal(config.server.token, 'hush-0123456789ab');
  assert.deepEqual(config.logs.sinks.loki.headers, ['X-Scope-OrgID: robots, all', 'Authorization: Bearer x']);
});

test('a token file without a token, or together with a token, keeps the gateway from starting', async () => {
  assert.match(await refusalOf({ yaml: 'server.token_file: /none' }), /^server\.token_file: cannot read \/none$/);
  const both = { yaml: 'server.token_file: /none', environment: { MEDKIT_SERVER_TOKEN: 'hush-0123456789ab' } };
  assert.match(await refusalOf(both), /both set: remove one/);
});

test('a secret that other programs can read in a variable or flag is reported, without its value', async () => {
  const lines = [
    ...(await linesOf({ environment: { MEDKIT_SERVER_TOKEN: 'hush-0123456789ab' } })),
    ...(await linesOf({ args: ['--set', 'server.token=hush-0123456789ab'] })),
    ...(await linesOf({ environment: { MEDKIT_LOGS_SINKS_LOKI_HEADERS: 'A: hush' } })),
  ];
  assert.deepEqual(
    lines.map((line) => line.replace(/: other programs can read this secret/, '')),
    [
      'server.token (MEDKIT_SERVER_TOKEN); use server.token_file, or a systemd credential instead',
      'server.token (--set server.token); use server.token_file, or a systemd credential instead',
      'logs.sinks.loki.headers (MEDKIT_LOGS_SINKS_LOKI_HEADERS); use a systemd credential instead',
    ],
  );
  assert.deepEqual(await linesOf({ yaml: 'server.token: hush-0123456789ab' }), []);
});
