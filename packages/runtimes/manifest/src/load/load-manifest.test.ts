import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingText } from '../document/finding.ts';
import { loadText, manifestFiles, PATHS, rulesOf, textOf } from '../testing/load-text.ts';
import { loadManifest } from './load-manifest.ts';
import { MAX_FRAGMENTS } from './manifest-files.ts';

const BASE = 'areas: [{id: hall}]\ncomponents: [{id: ecu, area: hall}]';
const load = (fragments: Readonly<Record<string, string>>) => loadText({ manifest: BASE, fragments });

describe('fragments (spec 1.4)', () => {
  it('add their apps, components and functions, in the order of their names', async () => {
    const { manifest } = await load({
      'b.yml': 'apps: [{id: b, is_located_on: ecu, lock: {lockable: false}}]\nfunctions: [{id: f, hosted_by: [a, b]}]',
      'a.yaml': 'manifest_version: "1.0"\ncomponents: [{id: arm, parent_component_id: ecu}]\napps: [{id: a}]',
      'notes.txt': 'apps: [',
    });
    assert.deepEqual(
      manifest?.entities.apps.map(({ id }) => id),
      ['a', 'b'],
    );
    assert.equal(manifest?.entities.apps[1]?.lock?.lockable, false);
    assert.deepEqual(
      manifest?.entities.components.map(({ id }) => id),
      ['ecu', 'arm'],
    );
  });

  it('need no version, even if a nested key has that name', async () => {
    assert.ok((await load({ 'a.yaml': 'apps: [{id: a}]\ncomponents: []' })).manifest);
    const nested = await load({ 'a.yaml': 'apps:\n  - id: a\n    manifest_version: "7"' });
    assert.ok(nested.manifest);
    assert.deepEqual(rulesOf(nested), ['M001 /etc/fragments/a.yaml:3']);
    assert.deepEqual(rulesOf(await load({ 'a.yaml': 'manifest_version: "2"' })), ['R001 /etc/fragments/a.yaml:1']);
  });

  it('may not have sections of the manifest, even empty ones, and cause a finding for each', async () => {
    const text =
      'areas: []\nmetadata: {}\nscripts: []\ncapabilities: {}\nlock_overrides: {}\nconfig: {}\ndiscovery: {}';
    const loaded = await load({ 'a.yaml': text });
    assert.equal(loaded.manifest, undefined);
    assert.deepEqual(
      rulesOf(loaded),
      [1, 2, 3, 4, 5, 6, 7].map((line) => `FRAGMENT_FORBIDDEN_FIELD /etc/fragments/a.yaml:${line}`),
    );
  });

  it('only cause notices for unknown keys; assets do not belong to them and are ignored', async () => {
    const loaded = await load({ 'a.yaml': 'assets: [{id: x}]\nextra: 1' });
    assert.equal(loaded.manifest?.entities.components.length, 1);
    assert.deepEqual(rulesOf(loaded), ['M001 /etc/fragments/a.yaml:1', 'M001 /etc/fragments/a.yaml:2']);
  });

  it('that are broken, of the wrong shape or larger than 1 MiB fail the whole load', async () => {
    const large = `apps: []\n#${'x'.repeat(1_048_576)}`;
    for (const text of ['apps: [', '- a', 'apps: 3', large]) {
      const loaded = await load({ 'good.yaml': 'apps: [{id: good}]', 'broken.yaml': text });
      assert.equal(loaded.manifest, undefined);
      assert.deepEqual(rulesOf(loaded, false), ['FRAGMENT_PARSE']);
      assert.match(textOf(loaded), /\/etc\/fragments\/broken\.yaml/);
    }
  });

  it('are validated together with the manifest, each with its location', async () => {
    const loaded = await load({
      'a.yaml': 'components:\n  - id: ecu',
      'b.yaml': 'apps:\n  - id: a\n    is_located_on: gone',
    });
    assert.deepEqual(rulesOf(loaded), ['R003 /etc/fragments/a.yaml:2', 'R007 /etc/fragments/b.yaml:3']);
  });

  it('are none if there is no folder', async () => {
    assert.deepEqual(rulesOf(await load({})), []);
  });

  it('beyond the bound of a folder are reported in one line', async () => {
    const names = Array.from({ length: MAX_FRAGMENTS + 3 }, (_, at) => `f${String(at).padStart(5, '0')}.yaml`);
    const { findings } = await load(Object.fromEntries(names.map((name) => [name, 'apps: []'])));
    assert.deepEqual(findings.map(findingText), [
      '[FRAGMENT_SKIPPED] NOTICE: the folder has more than 1000 fragments, and this one exceeds the limit, ' +
        'like 2 further ones; it is ignored (at /etc/fragments/f01000.yaml)',
    ]);
  });

  it('behind a link count if it leads to a file of the folder, and are left out if it leads elsewhere', async () => {
    const files = manifestFiles({
      manifest: BASE,
      fragments: { 'a.yaml': 'apps: [{id: a}]', 'real.txt': 'apps: [{id: r}]' },
    });
    files.put('/secret/s.yaml', 'apps: [{id: s}]');
    files.links.set('/etc/fragments/inside.yaml', '/etc/fragments/real.txt');
    files.links.set('/etc/fragments/outside.yaml', '/secret/s.yaml');
    const loaded = await loadManifest({ files, paths: { ...PATHS, inventory: '' }, strict: true });
    assert.deepEqual(
      loaded.manifest?.entities.apps.map(({ id }) => id),
      ['a', 'r'],
    );
    assert.deepEqual(rulesOf(loaded), ['FRAGMENT_SKIPPED /etc/fragments/outside.yaml']);
  });
});

describe('a manifest that cannot be read', () => {
  it('causes a finding, and throws no exception', async () => {
    const paths = { manifest: '/nowhere.yaml', fragmentsFolder: '', inventory: '' };
    const files = manifestFiles({ manifest: BASE });
    assert.deepEqual(rulesOf(await loadManifest({ files, paths, strict: true })), ['LOAD /nowhere.yaml']);
    files.readFailure = new Error('EACCES: permission denied');
    assert.match(textOf(await loadManifest({ files, paths, strict: true })), /cannot read it: EACCES/);
  });
});
