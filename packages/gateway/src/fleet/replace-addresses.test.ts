import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { addressReplacer, replaceAddresses, replaceInQuery } from './replace-addresses.ts';

const HERE = '/api/v1';
const HUB = '/fleet/amr-17/api/v1';
const replaced = (text: string): string => replaceAddresses(Buffer.from(text), HERE, HUB).toString();

/** Replaces in a document that arrives in parts, which end at these positions. */
function inParts(text: string, ends: readonly number[]): string {
  const bytes = Buffer.from(text);
  const replacer = addressReplacer(HERE, HUB);
  const parts = [...ends, bytes.length].map((end, index) => replacer.push(bytes.subarray(ends[index - 1] ?? 0, end)));
  return Buffer.concat([...parts, replacer.end()]).toString();
}

/** Texts of the API of a robot, and what a client of the hub receives. */
const EXPECTED: readonly (readonly [here: unknown, hub: unknown])[] = [
  ['/api/v1/apps/a', '/fleet/amr-17/api/v1/apps/a'],
  ['/api/v1', '/fleet/amr-17/api/v1'],
  ['/api/v1?x=1', '/fleet/amr-17/api/v1?x=1'],
  ['/api/v1/', '/fleet/amr-17/api/v1/'],
  ['/api/v10/', '/api/v10/'],
  [
    ['see /api/v1/apps', 'GET /api/v1/apps', 'x?y=/api/v1/apps'],
    ['see /api/v1/apps', 'GET /api/v1/apps', 'x?y=/api/v1/apps'],
  ],
  [{ '/api/v1/x': ['/api/v1/y'] }, { '/fleet/amr-17/api/v1/x': ['/fleet/amr-17/api/v1/y'] }],
  ['/api/v1/a?of=/api/v1/b&and=/api/v1', '/fleet/amr-17/api/v1/a?of=/fleet/amr-17/api/v1/b&and=/fleet/amr-17/api/v1'],
  ['/apps/a?of=/api/v1/b#x', '/apps/a?of=/fleet/amr-17/api/v1/b#x'],
  ['/a?of=%2Fapi%2Fv1%2Fb', '/a?of=%2Ffleet%2Famr-17%2Fapi%2Fv1%2Fb'],
  ['/a?of=%2fapi%2fv1', '/a?of=%2Ffleet%2Famr-17%2Fapi%2Fv1'],
  ['/a?of=%2Fapi%2Fv10', '/a?of=%2Fapi%2Fv10'],
  ['/a"?of=/api/v1/b', '/a"?of=/fleet/amr-17/api/v1/b'],
  ['"/api/v1/apps', '"/api/v1/apps'],
  ['\\"/api/v1/apps', '\\"/api/v1/apps'],
  ['\\', '\\'],
];

describe('the addresses of a robot', () => {
  for (const [here, hub] of EXPECTED) {
    const text = JSON.stringify([1, here, '/api/v1/last']);
    const expected = JSON.stringify([1, hub, '/fleet/amr-17/api/v1/last']);
    it(`are replaced in ${JSON.stringify(here)}, split at any byte`, () => {
      assert.equal(replaced(text), expected);
      for (let end = 0; end <= text.length; end += 1) assert.equal(inParts(text, [end]), expected, `split at ${end}`);
      for (let end = 1; end < text.length; end += 1)
        assert.equal(inParts(text, [end - 1, end]), expected, `byte ${end}`);
    });
    it(`lose the prefix in ${JSON.stringify(hub)}`, () => {
      const back = replaceAddresses(Buffer.from(JSON.stringify(hub)), HUB, HERE).toString();
      assert.deepEqual(
        JSON.parse(back.replaceAll('%2f', '%2F')),
        JSON.parse(JSON.stringify(here).replaceAll('%2f', '%2F')),
      );
    });
  }

  it('are the same for any division into parts', () => {
    const random = seededRandom(7);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(random.float() * all.length)]!;
    const pieces = [
      '"',
      '\\',
      '/api/v1/',
      '"/api/v1',
      '"/api/v1/a?b=',
      '=/api/v1',
      '=%2Fapi%2Fv1',
      '&',
      '/',
      'a',
      '\n',
      'é',
    ];
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: 20 }, () => pick(pieces)).join('');
      const ends: number[] = [];
      for (let end = 1; end < Buffer.byteLength(text); end += 1 + Math.floor(random.float() * 6)) ends.push(end);
      assert.equal(inParts(text, ends), replaced(text), text);
    }
  });

  it('are not held back at the end of a line', () => {
    const replacer = addressReplacer(HERE, HUB);
    assert.equal(replacer.push(Buffer.from('{"a":"/api/v1"}\n')).toString(), '{"a":"/fleet/amr-17/api/v1"}\n');
  });

  it('lose the prefix of the robot in the query of a request', () => {
    for (const [asked, sent] of [
      ['/api/v1/x?of=/fleet/amr-17/api/v1/a&b="1"', '/api/v1/x?of=/api/v1/a&b="1"'],
      ['/api/v1/x?a&of=%2Ffleet%2Famr-17%2Fapi%2Fv1%2Fa', '/api/v1/x?a&of=%2Fapi%2Fv1%2Fa'],
      ['/api/v1/x?of=/fleet/amr-17/api/v1', '/api/v1/x?of=/api/v1'],
      ['/api/v1/x?of=/fleet/amr-1/api/v1/a', '/api/v1/x?of=/fleet/amr-1/api/v1/a'],
      ['/api/v1/x=/fleet/amr-17/api/v1/a', '/api/v1/x=/fleet/amr-17/api/v1/a'],
    ] as const)
      assert.equal(replaceInQuery(asked, HUB, HERE), sent);
  });
});
