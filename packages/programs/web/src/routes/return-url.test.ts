import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { returnPage, signInAddress } from './return-url.ts';

describe('a user who has signed in', () => {
  it('returns to the previous page', () => {
    for (const here of ['/faults?severity=2&q=nav', '/apps/lidar_driver/data/scan', '/incidents/inc-1?t=12', '/']) {
      assert.equal(returnPage(here), here);
      const { searchParams, pathname } = new URL(signInAddress(here), 'http://localhost');
      assert.equal(pathname, '/sign-in');
      assert.equal(returnPage(searchParams.get('next')), here);
    }
  });

  it('is never led to another site by a forged address', () => {
    for (const next of [
      ...[
        'https://evil.example/faults',
        '//evil.example/faults',
        '/\\evil.example/faults',
        '\\\\evil.example',
        '/\t/evil.example/',
      ],
      ...[
        'javascript:alert(1)',
        'data:text/html,x',
        'http:evil',
        '/%2F/evil.example',
        '/api/v1/apps',
        '/docs',
        '/nowhere',
      ],
      ...['/sign-in', '/sign-in?next=/sign-in', '', 'http://[', null],
    ]) {
      assert.equal(returnPage(next), '/', String(next));
    }
  });

  it('has the previous page encoded in the address, and never the sign-in page itself', () => {
    assert.equal(signInAddress('/faults?q=a&next=/x'), '/sign-in?next=%2Ffaults%3Fq%3Da%26next%3D%2Fx');
    assert.equal(signInAddress('/'), '/sign-in');
    assert.equal(signInAddress('/sign-in?next=%2Ffaults'), '/sign-in');
  });
});
