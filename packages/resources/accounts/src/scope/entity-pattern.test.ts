import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parsePattern } from './entity-pattern.ts';

it('a pattern names an entity, a kind, a tag or every entity, with or without what it contains', () => {
  for (const [text, pattern] of [
    ['**', { is: 'all', isTree: false }],
    ['components/arm', { is: 'entity', kind: 'component', id: 'arm', isTree: false }],
    ['areas/line-2/**', { is: 'entity', kind: 'area', id: 'line-2', isTree: true }],
    ['kind:functions', { is: 'kind', kind: 'function', isTree: false }],
    ['kind:areas/**', { is: 'kind', kind: 'area', isTree: true }],
    ['tag:supplier=acme', { is: 'tag', tag: 'supplier=acme', isTree: false }],
    ['tag:Größe/日本/**', { is: 'tag', tag: 'Größe/日本', isTree: true }],
  ] as const) {
    assert.deepEqual(parsePattern(text), pattern, text);
  }
});

it('any other text is refused with the form of patterns', () => {
  const wrong = ['', '*', '/**', 'arm', 'component/arm', 'components/', 'components/a b', 'components/a/b', 'apps/ä'];
  for (const text of [...wrong, 'kind:', 'kind:robots', 'tag:', 'apps/**/**', 'apps/../x'])
    assert.match(String(parsePattern(text)), /names no entities: use areas\/<id>/, text);
});
