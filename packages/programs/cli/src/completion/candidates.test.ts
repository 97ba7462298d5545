import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMANDS } from '../command/commands.ts';
import { candidates } from './candidates.ts';

/** No gateway listens there. */
const NOWHERE = { MEDKIT_URL: 'http://127.0.0.1:9' };
const words = async (line: string) => (await candidates(COMMANDS, line, NOWHERE)).map(({ word }) => word);

describe('completion candidates', () => {
  it('are commands, also those of two words', async () => {
    assert.deepEqual(await words('medkit lo'), ['logs', 'lock', 'login', 'logout']);
    assert.deepEqual(await words('medkit trigger '), ['add', 'list', 'events', 'test', 'remove']);
    assert.ok((await words('medkit ')).includes('apps'));
    assert.deepEqual(await words('medkit completion z'), ['zsh']);
  });

  it('are the options of the command', async () => {
    assert.deepEqual(await words('medkit logs --s'), ['--severity', '--since']);
    assert.ok((await words('medkit faults show --')).includes('--token-file'));
  });

  it('are empty for free input, and if no gateway answers', async () => {
    assert.deepEqual(await words('medkit logs --severity '), []);
    assert.deepEqual(await words('medkit logs '), []);
    assert.deepEqual(await words('medkit nosuch '), []);
  });
});
