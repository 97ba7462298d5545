import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseArgs } from 'node:util';
import { MemoryFiles } from '@medkit/edges/testing';
import { hubSettings } from '../uplink/hub-access.ts';
import { ConfigRefused } from './assignment.ts';
import { configFlags, type FlagValues } from './flag-source.ts';
import { loadConfig } from './load-config.ts';

const FILE = '/etc/medkit.yaml';
const LIST = `hub:
  - name: hub.example.com
    role: viewer
    log_mb: 32
    metered: true
  - name: 5JX2V9QK3M7TB0WRHD4A
    role: admin
    deny: [operations.run, scripts.run]
    required: false
`;

const load = (yaml: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) =>
  loadConfig({
    files: new MemoryFiles({ [FILE]: yaml }),
    folders: { environment, home: '/home/ada', working: '/srv' },
    flags: parseArgs({ args: [...args], options: configFlags }).values as FlagValues,
    defaultFile: FILE,
  });

async function refusalOf(...input: Parameters<typeof load>): Promise<string> {
  const error = await load(...input).then(
    () => assert.fail('the configuration was accepted'),
    (reason) => reason,
  );
  assert.ok(error instanceof ConfigRefused, String(error));
  return error.message;
}

const first = { name: 'hub.example.com', enrolment: { hub_fingerprint: '0'.repeat(20) }, isFirst: true };
const second = {
  name: 'hub2.example.com',
  enrolment: { hub_fingerprint: '5JX2V9QK3M7TB0WRHD4A' },
  isFirst: false,
};

describe('a list of hubs', () => {
  it('has the settings of each hub, by its name or its key, and those of the robot from any section', async () => {
    const { config, notices, reading } = await load(LIST);
    assert.deepEqual(notices, []);
    const [viewer, admin] = [hubSettings(config, first), hubSettings(config, second)];
    assert.deepEqual([viewer?.role, viewer?.metered, viewer?.required, viewer?.deny], ['viewer', 'true', true, []]);
    assert.deepEqual([admin?.role, admin?.metered, admin?.required], ['admin', 'auto', false]);
    assert.deepEqual(admin?.deny, ['operations.run', 'scripts.run']);
    assert.deepEqual([config.hub.log_mb, config.hub.role], [32, '']);
    assert.equal(hubSettings(config, { ...second, name: 'x', enrolment: { hub_fingerprint: 'Y' } }), undefined);
    const keys = reading.hubRows.map(({ key }) => key);
    assert.ok(keys.includes('hub.0.role') && keys.includes('hub.1.required'), `${keys}`);
  });

  it('has the names that may wait once, also if each section lists them', async () => {
    const names = 'queueable: [apps/arm/data/x, apps/arm/operations/home]';
    const { config } = await load(`hub: [{name: a, ${names}}, {name: b, ${names}}]\n`);
    assert.deepEqual(config.hub.queueable, ['apps/arm/data/x', 'apps/arm/operations/home']);
  });

  it('has values of its options from flags, and values of the robot from any source', async () => {
    const { config } = await load(LIST, ['--set', 'hub.0.role=operator'], { MEDKIT_HUB_LOG_MB: '16' });
    assert.equal(hubSettings(config, first)?.role, 'operator');
    assert.equal(config.hub.log_mb, 16);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['a section without a name', 'hub:\n  - role: viewer\n', /hub\.0: .*needs the name of its hub \(.*medkit\.yaml/],
    ['two sections for one hub', 'hub:\n  - name: a\n  - name: a\n', /two sections are for a/],
    ['a third section', 'hub: [{name: a}, {name: b}, {name: c}]\n', /3 sections, the maximum is 2/],
    ['an item that is no section', 'hub: [hub.example.com]\n', /expected a section with the name of a hub/],
    ['a wrong value', 'hub: [{name: a, metered: perhaps}]\n', /hub\.0\.metered: "perhaps" is not auto, true or false/],
    [
      'values of the robot that differ',
      'hub: [{name: a, log_mb: 32}, {name: b, log_mb: 64}]\n',
      /hub\.1\.log_mb: 64 contradicts 32 .*it is a setting of the robot, set it once/,
    ],
    [
      'another list of what may wait at each hub',
      'hub: [{name: a, queueable: [apps/arm/data/x]}, {name: b, queueable: [apps/arm/data/y]}]\n',
      /hub\.1\.queueable: apps\/arm\/data\/y contradicts apps\/arm\/data\/x/,
    ],
    [
      'a name of no operation or data item',
      'hub: {queueable: [apps/arm/operations/home, apps/arm/status/restart]}\n',
      /hub\.queueable: "apps\/arm\/status\/restart" is not a name such as apps\/arm\/operations\/home/,
    ],
    [
      'more names than a hub reads',
      `hub: {queueable: [${Array.from({ length: 101 }, (_, n) => `apps/arm/data/n${n}`)}]}\n`,
      /hub\.queueable has 101 items, the maximum is 100/,
    ],
  ];
  for (const [name, yaml, message] of refused) {
    it(`refuses ${name}`, async () => assert.match(await refusalOf(yaml), message));
  }

  it('refuses a setting of one hub outside of the list, which would be for none', async () => {
    const text = await refusalOf(LIST, [], { MEDKIT_HUB_READ_ONLY: 'true' });
    assert.match(text, /hub\.read_only is for none of the hubs of the list: set it as hub\.0\.read_only \(MEDKIT_/);
  });

  it('warns of an unknown option, with the nearest one', async () => {
    const { notices } = await load('hub: [{name: a, read_onli: true}]\n');
    assert.match(notices[0]?.text ?? '', /hub\.0\.read_onli: a hub has no such setting.* Did you mean read_only\?/);
  });
});

describe('settings without a list', () => {
  it('are those of the first hub, and never apply to another one', async () => {
    const { config } = await load('hub:\n  role: admin\n  budget_mb_per_day: 5\n');
    assert.deepEqual([config.hubs, hubSettings(config, first)?.role], [[], 'admin']);
    const other = hubSettings(config, second);
    assert.deepEqual([other?.role, other?.budget_mb_per_day], ['', 0]);
  });

  it('are those of the named hub alone, if they have a name', async () => {
    const { config } = await load('hub:\n  name: hub2.example.com\n  read_only: true\n');
    assert.equal(hubSettings(config, first), undefined);
    assert.equal(hubSettings(config, second)?.read_only, true);
  });
});
