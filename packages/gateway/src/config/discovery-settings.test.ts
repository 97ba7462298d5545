import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { loadConfig } from './load-config.ts';
import { REMOVED_KEYS } from './newer-version-keys.ts';

const folders = { home: '/home/robot', working: '/robot', environment: {} };
const FILE = '/etc/medkit.yaml';
const load = (text: string) =>
  loadConfig({ files: new MemoryFiles({ [FILE]: text }), folders, flags: {}, defaultFile: FILE });

test('each key that ros2_medkit removed is explained in a separate line', async () => {
  const keys = Object.keys(REMOVED_KEYS);
  const { notices } = await load(keys.map((key) => `${key}: true`).join('\n'));
  assert.equal(notices.length, keys.length);
  for (const [at, key] of keys.entries()) {
    assert.match(notices[at]?.text ?? '', new RegExp(`^${key} was removed: .*medkit\\.yaml:${at + 1}\\)$`));
  }
});

test('the parameter file of a gateway with a manifest is read unchanged, with paths relative to the working folder', async () => {
  const { config, notices } = await load(`ros2_medkit_gateway:
  ros__parameters:
    discovery:
      mode: hybrid
      manifest_path: robot.yaml
      manifest_strict_validation: false
      manifest: {fragments_dir: /etc/fragments}
      inventory: {csv_path: ~/assets.csv}
      merge_pipeline:
        gap_fill: {allow_heuristic_apps: false, namespace_whitelist: [/nav, ""]}
        layers: {runtime: {identity: authoritative}}
`);
  assert.deepEqual(notices, []);
  const { discovery } = config;
  assert.deepEqual(
    [discovery.mode, discovery.manifest_path, discovery.manifest_strict_validation],
    ['hybrid', '/robot/robot.yaml', false],
  );
  assert.deepEqual(
    [discovery.manifest.fragments_dir, discovery.inventory.csv_path],
    ['/etc/fragments', '/home/robot/assets.csv'],
  );
  assert.deepEqual(discovery.merge_pipeline.gap_fill.namespace_whitelist, ['/nav']);
  assert.equal(discovery.merge_pipeline.layers.runtime.identity, 'authoritative');
});
