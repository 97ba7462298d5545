import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressOf, PAGES, pageOfHref, placeAt } from './pages.ts';

describe('the address of a page', () => {
  it('leads to the page and back, whatever its parts are called', () => {
    for (const id of ['lidar_driver', 'a/b', 'ünï', '..', '<img src=x>', '%41', 'a?b#c']) {
      const place = { page: 'fault', parameters: { kind: 'app', id, code: 'A B' } } as const;
      assert.deepEqual(placeAt(addressOf('fault', place.parameters)), place);
    }
    assert.equal(addressOf('entity', { kind: 'app', id: 'a\ud800' }), '/apps/a%EF%BF%BD');
    assert.equal(addressOf('faults', {}, { q: 'a b', since: undefined, severity: 2 }), '/faults?q=a+b&severity=2');
  });

  it('is that of the API without its base', () => {
    assert.deepEqual(placeAt('/areas/hall/data/scan'), {
      page: 'entity.item',
      parameters: { kind: 'area', id: 'hall', item: 'scan' },
    });
    assert.equal(pageOfHref('/api/v1/apps/lidar/faults/F1'), '/apps/lidar/faults/F1');
    for (const href of [
      '//evil.example/x',
      'javascript:alert(1)',
      '/api/v1//evil.example',
      '/api/v1/\\evil',
      '/apps/x',
    ]) {
      assert.equal(pageOfHref(href), undefined, href);
    }
  });

  it('that is invalid leads nowhere', () => {
    for (const path of ['/robots', '/apps', '/apps/', '/apps/x/y', '/apps/%E0%A4%A', '/constructor/x']) {
      assert.equal(placeAt(path), undefined, path);
    }
    for (const page of Object.values(PAGES)) assert.ok(placeAt(page.replace('{kind}', 'apps')), page);
  });
});
