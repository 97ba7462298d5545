import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { ask, askSecret, isInteractive, type Terminal } from './ask.ts';
import { CommandFailed } from './failure.ts';

/** A terminal with typed input. */
function terminal() {
  const keys = new EventEmitter();
  const raw: boolean[] = [];
  let written = '';
  const input = Object.assign(keys, {
    isTTY: true as const,
    setRawMode: (mode: boolean) => raw.push(mode),
    resume: () => undefined,
    pause: () => undefined,
  });
  const output = {
    write: (text: string) => {
      written += text;
    },
  };
  return {
    terminal: { input, output } as unknown as Terminal,
    type: (text: string | Buffer) => keys.emit('data', Buffer.from(text)),
    written: () => written,
    raw,
    listeners: () => keys.listenerCount('data'),
  };
}

test('a secret is not shown, and the terminal is restored', async () => {
  const { terminal: at, type, written, raw, listeners } = terminal();
  const answer = askSecret('Password: ', at);
  type('hunt');
  type('er3\u007f2\r');
  assert.equal(await answer, 'hunter2');
  assert.equal(written(), 'Password: \n');
  assert.deepEqual(raw, [true, false]);
  assert.equal(listeners(), 0);
});

test('typed characters of a name are shown, and Ctrl-U clears them', async () => {
  const { terminal: at, type, written } = terminal();
  const answer = ask('Name: ', at);
  type('bo\u0015');
  // A multi-byte character that arrives byte by byte.
  for (const octet of Buffer.from('zoë\n')) type(Buffer.from([octet]));
  assert.equal(await answer, 'zoë');
  assert.equal(written(), 'Name: bo\b \b\b \bzoë\n');
});

test('Ctrl-C restores the terminal', async () => {
  const { terminal: at, type, raw } = terminal();
  const answer = askSecret('Password: ', at);
  type('half a pass\u0003');
  await assert.rejects(answer, (error) => error instanceof CommandFailed && error.exitCode === 130);
  assert.deepEqual(raw, [true, false]);
});

test('without a terminal, no question is asked', () => {
  const { terminal: at } = terminal();
  assert.equal(isInteractive(at), true);
  assert.equal(isInteractive({ ...at, input: { ...at.input, isTTY: undefined as never } }), false);
});
