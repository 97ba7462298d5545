import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultHref } from './fault-details.ts';

describe('where a fault of an incident is found', () => {
  it('is an address, whatever another gateway calls the fault', () => {
    const entity = { type: 'app', id: 'arm' } as const;
    assert.equal(faultHref({ entity, code: 'A/B' } as never), '/api/v1/apps/arm/faults/A%2FB');
    assert.equal(faultHref({ entity, code: 'a\ud800' } as never), '/api/v1/apps/arm/faults/a%EF%BF%BD');
    assert.equal(faultHref({ entity: undefined, code: 'A' } as never), undefined);
  });
});
