import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { addressReplacer, replaceAddresses } from './replace-addresses.ts';

const FROM = '/api/v1/';
const TO = '/fleet/amr-17/api/v1/';
const replaced = (text: string): string => replaceAddresses(Buffer.from(text), FROM, TO).toString();

describe('the addresses of a robot', () => {
  it('get the prefix at the begin of a string, as values and as keys', () => {
    const document = {
      href: '/api/v1/apps/a',
      '/api/v1/x': ['/api/v1/', 'see /api/v1/apps'],
      plain: '/api/v10/',
      n: 1,
    };
    assert.deepEqual(JSON.parse(replaced(JSON.stringify(document))), {
      href: '/fleet/amr-17/api/v1/apps/a',
      '/fleet/amr-17/api/v1/x': ['/fleet/amr-17/api/v1/', 'see /api/v1/apps'],
      plain: '/api/v10/',
      n: 1,
    });
  });

  it('stay within strings, whatever is escaped before them', () => {
    for (const text of ['"/api/v1/apps', '\\"/api/v1/apps', '\\\\"/api/v1/apps', '\\', '"\\']) {
      const json = JSON.stringify([text, '/api/v1/a']);
      assert.deepEqual(JSON.parse(replaced(json)), [text, '/fleet/amr-17/api/v1/a'], json);
    }
  });

  it('are the same for any division into parts', () => {
    const random = seededRandom(7);
    const pieces = ['"', '\\', '/api/v1/', '"/api/v1/', '/', 'a', '"/api/v', '\n', 'é', '"/api/v1/"'];
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: 20 }, () => pieces[Math.floor(random.float() * pieces.length)]).join('');
      const bytes = Buffer.from(text);
      const replacer = addressReplacer(FROM, TO);
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + Math.floor(random.float() * 6);
        parts.push(replacer.push(bytes.subarray(at, end)));
        at = end;
      }
      assert.equal(Buffer.concat([...parts, replacer.end()]).toString(), replaced(text), text);
    }
  });
});
