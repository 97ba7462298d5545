import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { systemFiles } from '@medkit/edges/node';
import { isRefusedRule, readRules } from './replay-rules.ts';

const working = mkdtempSync(join(tmpdir(), 'rules-'));
after(() => rmSync(working, { recursive: true, force: true }));

const read = (...changes: readonly string[]) =>
  readRules({
    files: systemFiles,
    folders: { environment: {}, home: working, working },
    flags: { 'data-dir': join(working, 'data') },
    changes,
  });

const refusal = (change: string): Promise<string> =>
  read(change).then(
    () => assert.fail(`${change} is accepted`),
    (error: unknown) => {
      assert.ok(isRefusedRule(error));
      return error.message;
    },
  );

describe('changes to try', () => {
  it('are parameters of the fault manager and settings, of which the last counts', async () => {
    const { rules, database } = await read(
      'confirmation_threshold=-2',
      'healing_enabled=true',
      'confirmation_threshold=-3',
      'notify.settle_ms=7000',
      'fault_manager.shared_healing=true',
    );
    const { configuration, thresholds, sharedHealing } = rules.faults;
    assert.deepEqual(
      [configuration.confirmation_threshold, configuration.healing_enabled, sharedHealing],
      [-3, true, true],
    );
    assert.equal(thresholds.of('/any').band.confirmationThreshold, -3);
    assert.equal(rules.notifications.settleMs, 7000);
    assert.equal(database.faultDatabase, join(working, 'data', 'faults.db'));
  });

  it('are files: a configuration, thresholds of entities and correlation rules', async () => {
    const write = (name: string, text: string) => writeFileSync(join(working, name), text);
    write('new.yaml', 'fault_manager:\n  ros__parameters:\n    confirmation_threshold: -4\n');
    write('entities.yaml', '/lidar:\n  confirmation_threshold: -9\n');
    write(
      'rules.yaml',
      'correlation:\n  enabled: true\n  rules:\n    - id: power\n      root_cause: { codes: [POWER] }\n      symptoms: [{ codes: [SENSOR] }]\n',
    );
    const { rules } = await read(
      'new.yaml',
      'entity_thresholds.config_file=entities.yaml',
      'correlation.config_file=rules.yaml',
    );
    const { configuration, thresholds, correlationRules } = rules.faults;
    assert.equal(configuration.confirmation_threshold, -4);
    assert.equal(thresholds.of('/lidar').band.confirmationThreshold, -9);
    assert.deepEqual(
      correlationRules.map(({ id }) => id),
      ['power'],
    );
  });

  it('are refused with the reason', async () => {
    assert.match(
      await refusal('confirmation_threshold=abc'),
      /confirmation_threshold must be a whole number, not "abc"/,
    );
    assert.match(await refusal('confirmation_treshold=-3'), /no such parameter.*Did you mean confirmation_threshold\?/);
    assert.match(await refusal('notify.settle=-3'), /no such setting/);
    assert.match(await refusal('missing.yaml'), /missing\.yaml does not exist/);
    assert.match(await refusal('healing_enabled=true\n  x: 1'), /must be one line/);
  });
});
