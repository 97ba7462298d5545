import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headingsOf, linksOf, plainText, tokensOf } from './markdown.ts';

test('anchors of headings are those of GitHub', () => {
  const text =
    '# The `medkit` command\n\n## See what waits, and what was given up\n\n## _Grün_ & [rot](x.md)\n\n## Options\n\n## Options\n';
  assert.deepEqual(
    headingsOf(tokensOf(text)).map(({ anchor }) => anchor),
    ['the-medkit-command', 'see-what-waits-and-what-was-given-up', 'grün--rot', 'options', 'options-1'],
  );
});

test('a comment in a block of code is no heading, and an address in one no link', () => {
  const tokens = tokensOf(
    'Text [one](a.md#b), ![two](c.svg)\n\n```sh\n# no heading\n[no](link.md)\n```\n\n| a |\n| --- |\n| [three](#d) |\n',
  );
  assert.deepEqual(headingsOf(tokens), []);
  assert.deepEqual(linksOf(tokens), ['a.md#b', 'c.svg', '#d']);
});

test('plain text has no markup', () => {
  assert.equal(plainText(tokensOf('Say **it** [twice](x.md), `<now>`.')), 'Say it twice, <now>.');
});
