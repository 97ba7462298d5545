import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatOf } from './script-format.ts';
import { idOfFile, isScriptId } from './script-id.ts';

test('the id of a script is its file name without the extension, if that is a valid id', () => {
  assert.equal(idOfFile('check_lidar_health.sh'), 'check_lidar_health');
  assert.equal(idOfFile('C:\\tools\\check.py'), 'check');
  assert.equal(idOfFile('../../etc/passwd'), 'passwd');
  assert.equal(idOfFile('no-extension'), 'no-extension');
  for (const name of [
    '',
    '.',
    '..',
    '.sh',
    'a b.sh',
    'check.v2.sh',
    'prüfung.sh',
    `${'x'.repeat(129)}.sh`,
    '/',
    '\0.sh',
  ]) {
    assert.equal(idOfFile(name), undefined, name);
  }
});

test('no text with a meaning in a path or a shell is an id', () => {
  for (const id of ['', '.', '..', 'a/b', 'a\\b', 'a;b', '$(id)', 'a b', 'a\n', 'x'.repeat(257)]) {
    assert.equal(isScriptId(id), false, JSON.stringify(id));
  }
  assert.ok(isScriptId('x'.repeat(256)));
});

test('the interpreter of a script follows from its extension', () => {
  assert.deepEqual(['a.py', 'a.bash', 'a.sh', 'a', 'a.pl'].map(formatOf), ['python', 'bash', 'sh', 'sh', 'sh']);
});
