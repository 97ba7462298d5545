import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth } from './display-width.ts';
import { table } from './table.ts';

const HEAD = ['ID', 'STATE', 'NAME'];
const ROWS = [
  ['amcl', { text: 'online', colour: 'green' }, 'Localisation of the robot in the warehouse'],
  ['ナビ', 'offline', 'a\u001b[31mb\nc'],
] as const;

const paint = (text: string) => text;

test('columns are aligned, whatever characters they contain', () => {
  assert.equal(
    table(HEAD, ROWS, { width: Number.POSITIVE_INFINITY, paint }),
    [
      'ID     STATE     NAME',
      'amcl   online    Localisation of the robot in the warehouse',
      'ナビ   offline   a [31mb c',
    ].join('\n'),
  );
});

test('the last column is cut to the width of the terminal, but not below a minimum', () => {
  const lines = table(HEAD, ROWS, { width: 40, paint }).split('\n');
  assert.equal(lines[1], 'amcl   online    Localisation of the ro…');
  assert.ok(lines.every((line) => displayWidth(line) <= 40));
  assert.equal(table(HEAD, ROWS, { width: 10, paint }).split('\n')[1], 'amcl   online    Localisatio…');
});

test('a cell has its colour, and the spaces between have none', () => {
  const marked = (text: string, colour: string | undefined) => (colour ? `<${colour}>${text}</>` : text);
  const lines = table(HEAD, ROWS, { width: Number.POSITIVE_INFINITY, paint: marked }).split('\n');
  assert.match(lines[1], /^amcl {3}<green>online<\/> {4}Localisation/);
});
