import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMANDS } from '../commands.ts';
import { candidates } from './candidates.ts';

/** No gateway listens there. */
const NOWHERE = { MEDKIT_URL: 'http://127.0.0.1:9' };
const completions = async (line: string) => (await candidates(COMMANDS, line, NOWHERE)).map(({ word }) => word);

describe('completion candidates', () => {
  it('are commands, also those of two words', async () => {
    assert.deepEqual(await completions('medkit lo'), ['logs', 'lock', 'login', 'logout']);
    assert.deepEqual(await completions('medkit trigger '), ['add', 'list', 'events', 'test', 'remove']);
    assert.ok((await completions('medkit ')).includes('apps'));
    assert.deepEqual(await completions('medkit completion z'), ['zsh']);
  });

  it('are the options of the command', async () => {
    assert.deepEqual(await completions('medkit logs --s'), ['--severity', '--since']);
    assert.ok((await completions('medkit faults show --')).includes('--token-file'));
  });

  it('are empty for free input, and if no gateway answers', async () => {
    assert.deepEqual(await completions('medkit logs --severity '), []);
    assert.deepEqual(await completions('medkit logs '), []);
    assert.deepEqual(await completions('medkit nosuch '), []);
  });
});
