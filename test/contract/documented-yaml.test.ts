import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { suite, test } from 'node:test';
import { NewFleetCampaign } from '@medkit/contract';
import { DocumentRefused, readYaml, toPlainData } from '@medkit/documents';
import { MemoryFiles } from '@medkit/edges/testing';
import { readCorrelationRules, readSnapshotTopics } from '@medkit/faults';
import { readAgentConfig } from '@medkit/fleet-agent';
import { explainConfig, loadConfig } from '@medkit/gateway';
import { type TriggerRules, triedTriggerRules } from '@medkit/gateway/replay-bags';
import { type Finding, findingText, loadManifest } from '@medkit/manifest';
import { checkedOptions } from '@medkit/plugin';
import { readUsersFile } from '../../packages/gateway/src/accounts/read-users-file.ts';
import { SHIPPED_PLUGINS } from '../../packages/gateway/src/config/shipped-plugins.ts';
import { typeBox } from '../../packages/gateway/src/http/type-box.ts';
import { readGraphOptions } from '../../packages/plugins/graph/src/options/graph-options.ts';
import { readNodeMap } from '../../packages/plugins/opcua/src/node-map/read-node-map.ts';
import { readOpcuaOptions } from '../../packages/plugins/opcua/src/options/opcua-options.ts';
import { readWatchdogOptions } from '../../packages/plugins/watchdog/src/options/watchdog-options.ts';
import { checkedPlan } from '../../packages/resources/fleet/src/campaigns/campaign-plan.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const PAGES = globSync(['README.md', 'docs/**/*.md', 'examples/**/*.md', 'packaging/**/*.md'], { cwd: root }).sort();
const FOLDER = '/etc/medkit';
const DEMO = 'packages/programs/demo/src/gateway';
/** Long enough for every kind of key, and in the form of a secret of Standard Webhooks. */
const SECRET = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;

/**
 * Returns all problems that the loader of the plugin `name` reports about options. A plugin that is not shipped has a
 * separate schema.
 */
async function pluginProblems(name: string, options: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  switch (name) {
    case 'opcua':
      return readOpcuaOptions(options, {}).warnings;
    case 'graph_watchdog':
      return readWatchdogOptions(options).warnings;
    case 'graph-provider':
      return readGraphOptions(options).warnings;
    case 'container':
    case 'filling-station':
      return [];
  }
  const { plugin } = await import(SHIPPED_PLUGINS.get(name) ?? `@medkit/plugin-${name}`);
  const checked = checkedOptions(plugin.options, options);
  return 'problems' in checked ? checked.problems : [];
}

/** Contents of the files that a configuration refers to, by the word before `_file`. */
const CONTENTS: Readonly<Record<string, string>> = {
  config: 'default_topics: []',
  routing_key: 'a'.repeat(32),
  url: 'https://receiver.example/abcdefgh',
  heartbeat_url: 'https://receiver.example/abcdefgh',
};

function namedFiles(text: string): readonly (readonly [path: string, content: string])[] {
  return [...text.matchAll(/(\w+)_file: ([\w/.-]+)/g)].map(([, kind = '', path = '']) => [
    resolve(FOLDER, path),
    CONTENTS[kind] ?? SECRET,
  ]);
}

async function configurationProblems(text: string, file: string): Promise<readonly string[]> {
  const sources = {
    files: new MemoryFiles({ [file]: text, ...Object.fromEntries(namedFiles(text)) }),
    folders: { environment: {}, home: '/home/ada', working: FOLDER },
    flags: {},
    defaultFile: file,
  };
  const { problems } = await explainConfig(sources);
  if (problems.some(({ level }) => level === 'refusal')) return problems.map((problem) => problem.text);
  const { config } = await loadConfig(sources);
  const ofPlugins = config.plugins.map(async ({ name, options }) =>
    (await pluginProblems(name, options)).map((problem) => `plugins.${name}: ${problem}`),
  );
  return [...problems.map((problem) => problem.text), ...(await Promise.all(ofPlugins)).flat()];
}

/** @param fragments of the manifest, by their paths in its folder `fragments` */
async function manifestProblems(
  text: string,
  file: string,
  fragments: Readonly<Record<string, string>> = {},
): Promise<readonly Finding[]> {
  const folder = join(FOLDER, 'fragments');
  const named = Object.entries(fragments).map(([name, fragment]) => [join(folder, name), fragment] as const);
  const files = new MemoryFiles({ [file]: text, ...Object.fromEntries(named) });
  const paths = { manifest: file, fragmentsFolder: named.length > 0 ? folder : '', inventory: '' };
  return (await loadManifest({ files, paths, strict: false })).findings;
}

/** A section of a manifest may refer to hosts that another section, or another gateway, declares. */
async function sectionProblems(text: string, file: string): Promise<readonly string[]> {
  const findings = await manifestProblems(`manifest_version: "1.0"\n${text}`, file);
  return findings.filter(({ rule }) => rule !== 'R009').map(findingText);
}

/** Stored rules that the changed rules of a replay refer to. */
async function storedRules(): Promise<TriggerRules> {
  const voltage = { app_id: 'battery_monitor', data_name: 'battery/voltage' };
  const { triggers, faultTriggers } = await triedTriggerRules(
    { triggers: new Map(), faultTriggers: new Map() },
    JSON.stringify({
      triggers: {
        low: {
          resource: '/api/v1/apps/battery_monitor/data/battery/voltage',
          trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22 },
        },
      },
      fault_triggers: {
        empty: { ...voltage, operator: '<', threshold: 21, fault_code: 'BATTERY_EMPTY', severity: 'ERROR' },
      },
    }),
    'stored',
  );
  const [low, empty] = [triggers.get('low')!, faultTriggers.get('empty')!];
  return {
    triggers: new Map([
      ['trig_2', low],
      ['trig_3', low],
    ]),
    faultTriggers: new Map([['ftr_1', empty]]),
  };
}

/** Returns that a plan does not have the form of the contract; the check of the hub throws. */
async function campaignProblems(text: string, file: string): Promise<readonly string[]> {
  const campaign = toPlainData(readYaml(text, file));
  if (!typeBox().Compile(NewFleetCampaign).Check(campaign)) return [`${file}: not the form of NewFleetCampaign`];
  const { id: _, ...plan } = campaign as NewFleetCampaign;
  checkedPlan(plan, Date.now());
  return [];
}

/** Loaders that check a text, by the name that `<!-- yaml: … -->` before a block gives its kind. */
const LOADERS: Readonly<Record<string, (text: string, file: string) => Promise<readonly string[]>>> = {
  configuration: configurationProblems,
  manifest: async (text, file) => (await manifestProblems(text, file)).map(findingText),
  'fragment of the demo': async (text, file) =>
    (await manifestProblems(read(`${DEMO}/manifest.yaml`), file, { 'fragment.yaml': text })).map(findingText),
  'section of a manifest': sectionProblems,
  'section of a component': (text, file) =>
    sectionProblems(`components:\n  - id: plc\n${text.replaceAll(/^(?=.)/gm, '    ')}`, file),
  'node map': async (text, file) => readNodeMap(text, { file }).warnings,
  snapshots: async (text, file) => readSnapshotTopics(text, file).notices.map((notice) => notice.text),
  correlation: async (text, file) => readCorrelationRules(text, file).notices.map((notice) => notice.text),
  users: async (text, file) => {
    await readUsersFile(new MemoryFiles({ [file]: text }), file);
    return [];
  },
  'rules of a replay': async (text, file) => {
    await triedTriggerRules(await storedRules(), text, file);
    return [];
  },
  campaign: campaignProblems,
  vda5050: async (text, file) => {
    readAgentConfig(text, file);
    return [];
  },
};

/** Returns everything that the loader of `kind` reports, also if it rejects the whole text. */
async function problemsOf(kind: string, text: string, name: string): Promise<readonly string[]> {
  const loader = LOADERS[kind];
  assert.ok(loader, `${name}: no such kind of YAML as "${kind}"; there are ${Object.keys(LOADERS).join(', ')}`);
  try {
    return await loader(text, join(FOLDER, name));
  } catch (error) {
    return error instanceof DocumentRefused ? error.lines : [(error as Error).message];
  }
}

/** Returns the YAML blocks of a page, without the indentation of a list around them. */
function yamlBlocks(page: string) {
  const fence = /(?:^ *<!-- yaml: ([^\n]+) -->\n)?^( *)```ya?ml\n(.*?)^ *```$/gms;
  const text = read(page);
  return [...text.matchAll(fence)].map(({ 1: kind = 'configuration', 2: indent = '', 3: yaml = '', index }) => ({
    kind,
    line: text.slice(0, index).split('\n').length,
    yaml: yaml.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

suite('the YAML blocks of the documents', () => {
  for (const page of PAGES) {
    for (const { kind, line, yaml } of yamlBlocks(page)) {
      test(`${page}:${line} is accepted as ${kind}`, async () => {
        assert.deepEqual(await problemsOf(kind, yaml, `${basename(page, '.md')}.yaml`), []);
      });
    }
  }

  test('are found on the pages: more than 40', () => {
    assert.ok(PAGES.flatMap(yamlBlocks).length > 40);
  });
});

suite('the YAML files that users copy', () => {
  const kinds: Readonly<Record<string, string>> = {
    'examples/fleet/hub.yaml': 'configuration',
    'examples/fleet/robot.yaml': 'configuration',
    'examples/two-robots/head.yaml': 'configuration',
    'examples/vda5050/vda5050.yaml': 'vda5050',
    [`${DEMO}/manifest.yaml`]: 'manifest',
    [`${DEMO}/snapshots.yaml`]: 'snapshots',
    [`${DEMO}/correlation.yaml`]: 'correlation',
    [`${DEMO}/vda5050.yaml`]: 'vda5050',
    [`${DEMO}/station/filling-station.yaml`]: 'fragment of the demo',
    'packages/programs/plc/src/tank.yaml': 'node map',
  };
  for (const [path, kind] of Object.entries(kinds)) {
    test(`${path} is accepted as ${kind}`, async () => {
      assert.deepEqual(await problemsOf(kind, read(path), basename(path)), []);
    });
  }

  test('are all YAML files in examples', () => {
    const examples = globSync('examples/**/*.{yaml,yml}', { cwd: root, exclude: ['**/node_modules'] });
    assert.deepEqual(
      examples.filter((path) => !(path in kinds)),
      [],
    );
  });
});
