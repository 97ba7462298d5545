import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutToWidth, displayWidth, forTerminal, plainLine } from './display-width.ts';

test('wide characters take two columns, marks none', () => {
  for (const [text, width] of [
    ['abc', 3],
    ['Zürich', 6],
    ['u\u0308', 1],
    ['機器人', 6],
    ['로봇', 4],
    ['🤖 on', 5],
    ['👩‍🔧', 2],
    ['a\u200bb', 2],
  ] as const) {
    assert.equal(displayWidth(text), width, text);
  }
});

test('text is cut at whole characters, and what is left fits', () => {
  assert.equal(cutToWidth('localisation', 8), 'localis…');
  assert.equal(cutToWidth('機器人機器人', 6), '機器…');
  assert.equal(cutToWidth('fits', 4), 'fits');
  assert.equal(cutToWidth('x', 0), '');
  for (const text of ['機a器b人c', '👩‍🔧👩‍🔧👩‍🔧', 'u\u0308u\u0308u\u0308']) {
    for (let columns = 1; columns < 8; columns++) assert.ok(displayWidth(cutToWidth(text, columns)) <= columns);
  }
});

test('control characters of a terminal are removed', () => {
  assert.equal(plainLine('a\u001b[2J\r\nb\u202ec'), 'a [2J b c');
  assert.equal(forTerminal('a\u001b[2J\n\tb\u009bc', { isTTY: true }), 'a [2J\n\tb c');
  assert.equal(forTerminal('a\u001b[2J', { isTTY: false }), 'a\u001b[2J', 'a program gets what there is');
});
