import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../commands.ts';
import { describeFailure } from './failure.ts';
import { findCommand } from './find-command.ts';

test('the longest matching command is found, and options are not part of its name', () => {
  assert.equal(findCommand(COMMANDS, ['demo'])?.command, COMMANDS.demo);
  assert.deepEqual(findCommand(COMMANDS, ['demo', '--port', '0']), { command: COMMANDS.demo, rest: ['--port', '0'] });
  assert.deepEqual(findCommand(COMMANDS, ['demo', 'inject', 'battery']), {
    command: COMMANDS['demo inject'],
    rest: ['battery'],
  });
  assert.deepEqual(findCommand(COMMANDS, ['up', 'extra']), { command: COMMANDS.up, rest: ['extra'] });
  assert.deepEqual(findCommand(COMMANDS, ['auth', 'users', 'add', 'bob', '--role', 'viewer']), {
    command: COMMANDS['auth users add'],
    rest: ['bob', '--role', 'viewer'],
  });
  assert.deepEqual(findCommand(COMMANDS, ['auth', 'users', '--json']), {
    command: COMMANDS['auth users'],
    rest: ['--json'],
  });
  for (const args of [
    ['dmeo'],
    ['auth'],
    ['auth', 'users', 'ad', 'bob'],
    ['demo', 'injct'],
    ['toString'],
    ['constructor', 'x'],
  ]) {
    assert.equal(findCommand(COMMANDS, args), undefined, args.join(' '));
  }
});

test('every command loads and has a help text that names it', async () => {
  for (const [name, { load }] of Object.entries(COMMANDS)) {
    const program = await load();
    assert.ok((await program.help()).includes(name), name);
  }
});

test('a refusal of the operating system is shown as a readable message', () => {
  const refusal = Object.assign(new Error('bind EACCES 0.0.0.0:7400'), { code: 'EACCES' });
  assert.deepEqual(describeFailure(refusal), {
    text: 'permission denied for this user (bind EACCES 0.0.0.0:7400)',
    exitCode: 1,
  });
});
