import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadText, rulesOf, textOf } from '../testing/load-text.ts';
import { DEFAULT_MANIFEST_CONFIG } from './manifest.ts';

const configOf = async (text: string) => (await loadText(text)).manifest?.config;
const rules = async (text: string) => rulesOf(await loadText(text));
const OTHER = { unmanifestedNodes: 'ignore', inheritRuntimeResources: false, allowManifestOverride: false };
const OTHER_BLOCK = '{unmanifested_nodes: ignore, inherit_runtime_resources: false, allow_manifest_override: false}';

describe('config of a manifest (spec 1.4, parsing matrix)', () => {
  it('is the default, without a notice, if it is absent, null or empty', async () => {
    for (const text of ['', 'config:\n', 'config: ~\n', 'config: {}\n']) {
      assert.deepEqual(await configOf(text), DEFAULT_MANIFEST_CONFIG, text);
      assert.deepEqual(await rules(text), [], text);
    }
  });

  it('is read as written', async () => {
    assert.deepEqual(await configOf(`config: ${OTHER_BLOCK}`), OTHER);
  });

  it('a null config does not hide a populated discovery; an empty section does', async () => {
    assert.deepEqual(await configOf(`config:\ndiscovery: ${OTHER_BLOCK}`), OTHER);
    assert.deepEqual(await configOf(`config: {}\ndiscovery: ${OTHER_BLOCK}`), DEFAULT_MANIFEST_CONFIG);
  });

  it('counts before discovery if both are populated, with one notice', async () => {
    const text = `config: ${OTHER_BLOCK}\ndiscovery: {unmanifested_nodes: error}`;
    assert.deepEqual(await configOf(text), OTHER);
    assert.deepEqual(await rules(text), ['M009 /etc/robot.yaml:3']);
  });

  it('under its old name applies, with one notice that fails nothing', async () => {
    const text = `discovery: ${OTHER_BLOCK}`;
    assert.deepEqual(await configOf(text), OTHER);
    assert.deepEqual(await rules(text), ['M009 /etc/robot.yaml:2']);
  });

  it('of the wrong shape is R015 and ignored, the rest of the file is loaded, and the old name does not replace it', async () => {
    for (const block of ['warn', '[ignore]']) {
      const loaded = await loadText(`config: ${block}\ndiscovery: ${OTHER_BLOCK}\nareas: [{id: hall}]`);
      assert.deepEqual(loaded.manifest?.config, DEFAULT_MANIFEST_CONFIG, block);
      assert.equal(loaded.manifest?.entities.areas[0]?.id, 'hall');
      assert.ok(rulesOf(loaded).includes('R015 /etc/robot.yaml:2'), block);
    }
  });

  it('setting without a value is not set, without a notice', async () => {
    const text = 'config: {unmanifested_nodes: , inherit_runtime_resources: ~, allow_manifest_override: }';
    assert.deepEqual(await configOf(text), DEFAULT_MANIFEST_CONFIG);
    assert.deepEqual(await rules(text), []);
    assert.deepEqual(await rules('config: {unmanifested_nodes: ""}'), []);
  });

  it('flag that is not a boolean is R015 and stays at its default', async () => {
    for (const value of ['"false"', 'nope', '[false]', '{a: 1}', '0']) {
      const text = `config: {inherit_runtime_resources: ${value}}`;
      assert.deepEqual(await rules(text), ['R015 /etc/robot.yaml:2'], value);
      assert.equal((await configOf(text))?.inheritRuntimeResources, true, value);
    }
  });

  it('policy that is not a single word is R015, an unknown one is R014 and lists the known ones', async () => {
    assert.deepEqual(await rules('config: {unmanifested_nodes: [warn]}'), ['R015 /etc/robot.yaml:2']);
    for (const word of ['Warn', 'IGNORE', 'orphan']) {
      const loaded = await loadText(`config: {unmanifested_nodes: ${word}}`);
      assert.equal(loaded.manifest?.config.unmanifestedNodes, 'warn');
      assert.match(
        textOf(loaded),
        /^\[R014\] NOTICE: .*ignore, warn, error, include_as_orphan \(lower-case\).*\(at \/etc\/robot\.yaml:2\)$/,
      );
    }
  });

  it('never fails a load, however strict (R014 and R015 are advisory)', async () => {
    const loaded = await loadText({
      manifest: 'config: {unmanifested_nodes: WARN, allow_manifest_override: 7}',
      strict: true,
    });
    assert.ok(loaded.manifest);
    assert.deepEqual(rulesOf(loaded, false), ['R014', 'R015']);
  });
});
