import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import type { Environment } from './config/index.ts';
import { explainConfig } from './explain-config.ts';

const FILE = '/etc/medkit.yaml';

function explained(
  yaml: string | undefined,
  environment: Environment = {},
  files: Readonly<Record<string, string>> = {},
) {
  return explainConfig({
    files: new MemoryFiles({ ...files, ...(yaml !== undefined && { [FILE]: yaml }) }),
    folders: { environment, home: '/home/ada', working: '/srv' },
    flags: {},
    defaultFile: FILE,
  });
}

type Explanation = Awaited<ReturnType<typeof explained>>;
const setting = ({ settings }: Explanation, key: string) => settings.find((each) => each.key === key);
const parameter = ({ faultManager }: Explanation, key: string) =>
  faultManager.parameters.find((each) => each.key === key);
const lines = ({ problems }: Explanation) => problems.map(({ level, text }) => `${level}: ${text}`);

describe('a configuration that is explained', () => {
  it('has every setting and parameter with its value and origin', async () => {
    const yaml = 'server:\n  port: 9000\nfault_manager:\n  ros__parameters:\n    confirmation_threshold: -2\n';
    const explanation = await explained(yaml, { MEDKIT_DATA_DIR: '/data' });
    assert.equal(explanation.file, FILE);
    assert.deepEqual(
      ['server.port', 'data_dir', 'server.host'].map((key) => {
        const { value, origin } = setting(explanation, key) ?? {};
        return [value, origin];
      }),
      [
        [9000, `${FILE}:2`],
        ['/data', 'MEDKIT_DATA_DIR'],
        ['127.0.0.1', undefined],
      ],
    );
    assert.equal(explanation.faultManager.file, FILE);
    assert.deepEqual(parameter(explanation, 'confirmation_threshold')?.origin, `${FILE}:5`);
    assert.deepEqual(parameter(explanation, 'healing_threshold')?.value, 3);
    const { value, origin } = parameter(explanation, 'database_path') ?? {};
    assert.deepEqual([value, origin], ['/data/faults.db', undefined], 'what is in use');
    assert.match(explanation.faultManager.meaning.join(' '), /stored in \/data\/faults\.db.*confirmed at counter -2/);
    assert.deepEqual(explanation.problems, []);
  });

  it('shows no credentials in addresses', async () => {
    const yaml = `logs:
  sinks:
    otlp: { url: "https://me:hush-hush@in.example/v1/abcdefgh01234567" }
    loki: { url: "http://loki:3100/push?key=hush-hush" }
aggregation: { peer_urls: ["http://me:hush-hush@robot-2:8080"] }
`;
    const explanation = await explained(yaml);
    assert.equal(setting(explanation, 'logs.sinks.otlp.url')?.value, 'https://…@in.example/v1/…');
    assert.equal(setting(explanation, 'logs.sinks.loki.url')?.value, 'http://loki:3100/push?…');
    assert.doesNotMatch(JSON.stringify(explanation), /hush-hush|abcdefgh/);
  });

  it('contains the defaults if there is no file', async () => {
    const explanation = await explained(undefined);
    assert.equal(explanation.file, undefined);
    assert.equal(explanation.faultManager.file, undefined);
    assert.ok(
      [...explanation.settings, ...explanation.faultManager.parameters].every(({ origin }) => origin === undefined),
    );
    assert.deepEqual(explanation.problems, []);
  });

  it('shows only that a secret is set, not the secret', async () => {
    const explanation = await explained('server.token: correct-horse-battery-staple');
    assert.equal(setting(explanation, 'server.token')?.value, 'not shown');
    assert.ok(!JSON.stringify(explanation).includes('horse'));
  });

  it('names every invalid value with its replacement, and every key that is ignored', async () => {
    const yaml = [
      'server: { port: 99999, prot: 8 }',
      'data_provider.max_parallel_samples: 3',
      'fault_manager:',
      '  ros__parameters:',
      '    storage_type: disc',
      '    healing_threshold: -2',
      '    bogus: 1',
      '    entity_thresholds.config_file: none.yaml',
    ].join('\n');
    assert.deepEqual(lines(await explained(yaml)), [
      `warning: server.prot: no such setting (${FILE}:1). Did you mean server.port?`,
      `warning: data_provider.max_parallel_samples: not used by this version (${FILE}:2)`,
      `error: server.port: 99999 refused, the default 8080 is used (the range is 1024 to 65535; ${FILE}:1)`,
      `error: ${FILE}:5: storage_type: "disc" is not sqlite or memory, memory is used`,
      `warning: ${FILE}:6: healing_threshold: -2 is not within 0 to 1000000, 2 is used`,
      `warning: ${FILE}:7: bogus is not a parameter of the fault manager and is ignored`,
      'error: /etc/none.yaml does not exist; the thresholds for all entities are used',
    ]);
  });

  it('lists every reason that keeps the gateway from starting, and the settings in use', async () => {
    const yaml = [
      'server.insecure: perhaps',
      'fault_manager.mode: both',
      'diagnostic_bridge.name_to_code: [motor]',
      'fault_manager.config_file: faults.yaml',
    ].join('\n');
    const faults = 'fault_manager:\n  ros__parameters:\n    healing_enabled: 3\n    confirmation_threshold: low\n';
    const explanation = await explained(yaml, {}, { '/srv/faults.yaml': faults });
    assert.deepEqual(lines(explanation), [
      `refusal: server.insecure: "perhaps" is not true or false (${FILE}:1)`,
      'refusal: fault_manager.mode: "both" is not own, attach or auto',
      'refusal: diagnostic_bridge.name_to_code: "motor": expected name=CODE',
      'refusal: /srv/faults.yaml:3: healing_enabled must be true or false, not "3"',
      'refusal: /srv/faults.yaml:4: confirmation_threshold must be a whole number, not "low"',
    ]);
    assert.equal(setting(explanation, 'fault_manager.mode')?.origin, `${FILE}:2`);
    assert.equal(setting(explanation, 'server.insecure')?.origin, undefined, 'what is refused is not in use');
  });

  it('is a single line if the configuration cannot be read', async () => {
    assert.deepEqual(lines(await explained('a: [')).length, 1);
    const missing = await explained(undefined, { MEDKIT_CONFIG: '/none.yaml' });
    assert.deepEqual(lines(missing), ['refusal: the configuration file /none.yaml does not exist']);
    assert.deepEqual(missing.settings, []);
    assert.deepEqual(lines(await explained('fault_manager.config_file: /none.yaml')), [
      'refusal: fault_manager.config_file: the file /none.yaml does not exist',
    ]);
  });

  it('includes remarks about the consequences of valid values', async () => {
    const { remarks, problems } = await explained('server: { host: 0.0.0.0, insecure: true }');
    assert.match(remarks.join(), /listening on 0\.0\.0\.0 without a token/);
    assert.deepEqual(problems, []);
  });
});
