import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CommandFailed } from '../command/failure.ts';
import { readPassword } from './password-input.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-password-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'password');

test('a password in a file is its only line, including spaces', async () => {
  for (const [text, password] of [
    ['seven green apples\n', 'seven green apples'],
    [' with spaces \r\n', ' with spaces '],
    ['no line break', 'no line break'],
  ] as const) {
    writeFileSync(file, text);
    assert.equal(await readPassword(file), password);
  }
});

test('an empty password, several lines and a long one are refused, and never repeated', async () => {
  for (const text of ['', '\n', 'secret\nsecret\n', 'secret'.repeat(1000)]) {
    writeFileSync(file, text);
    await assert.rejects(readPassword(file), (error: Error) => {
      return error instanceof CommandFailed && !error.message.includes('secret');
    });
  }
  await assert.rejects(readPassword(join(folder, 'none')), /cannot read the password/);
});
