import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configHelp, configMarkdown } from './config-documents.ts';
import { configFlags } from './flag-source.ts';
import { newerVersionKeys } from './newer-version-keys.ts';
import { variableName } from './setting.ts';
import { SETTING_ROWS } from './settings.ts';

test('the document names every setting, its variable and its flag', async () => {
  const text = await configMarkdown();
  for (const [key, setting] of SETTING_ROWS) {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${key}\` |`));
    assert.ok(row?.includes(`\`${variableName(key, setting)}\``), key);
    if (setting.flag !== undefined) assert.ok(row?.includes(`\`--${setting.flag}\``), key);
  }
});

test('the help names every flag', () => {
  for (const flag of Object.keys(configFlags)) assert.ok(configHelp().includes(`--${flag}`), flag);
});

test('no setting is listed as unused, and no flag or variable belongs to two settings', () => {
  const keys = SETTING_ROWS.map(([key]) => key);
  assert.deepEqual(
    keys.filter((key) => newerVersionKeys.has(key)),
    [],
  );
  const flags = SETTING_ROWS.flatMap(([, { flag }]) => (flag === undefined ? [] : [flag]));
  const variables = SETTING_ROWS.map(([key, setting]) => variableName(key, setting));
  for (const names of [flags, variables]) assert.equal(new Set(names).size, names.length);
});

test('a secret cannot be given as a flag, where every user of the machine could read it', () => {
  for (const [key, setting] of SETTING_ROWS) if (setting.secret) assert.equal(setting.flag, undefined, key);
});
