import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isFileHref } from './file-address.ts';

describe('the address of a file', () => {
  it('has to be an address of this API', () => {
    for (const href of ['/api/v1/apps/lidar/bulk-data/rosbags/a.mcap', '/api/v1/x-medkit-incidents/inc_1/export']) {
      assert.ok(isFileHref(href), href);
    }
    for (const href of [
      ...['javascript:alert(1)', 'data:text/html,x', '//evil.example/a', 'https://evil.example/api/v1/a', '/files/a'],
      ...['/api/v1//evil.example', '/api/v1/\\evil', '/api/v1/../../evil', '/api/v1/a/%2e%2e/%2E./../x', '/api/v1/'],
    ]) {
      assert.equal(isFileHref(href), false, href);
    }
  });
});
