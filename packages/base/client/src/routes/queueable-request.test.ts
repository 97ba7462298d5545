import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isQueueable, ROUTES, type Route, type RouteName } from '@medkit/contract';
import { InvalidName } from '../failures.ts';
import { isQueueableRoute, queueableRequest } from './queueable-request.ts';

describe('a request for the queue of a hub', () => {
  it('has the method, the path below the API and the body', () => {
    const entity = { kind: 'app', id: 'lidar' } as const;
    assert.deepEqual(queueableRequest('clearFault', { entity, path: { fault_code: 'A/B ä' } }), {
      method: 'DELETE',
      path: '/apps/lidar/faults/A%2FB%20%C3%A4',
    });
    const set = { entity, path: { config_id: 'rate' }, body: { data: 2n ** 60n } };
    assert.deepEqual(queueableRequest('setConfiguration', set), {
      method: 'PUT',
      path: '/apps/lidar/configurations/rate',
      body: { data: 2n ** 60n },
    });
    assert.throws(() => queueableRequest('clearFault', { entity, path: { fault_code: '..' } }), InvalidName);
  });

  it('can be made for the routes that the contract permits', () => {
    for (const [name, [route]] of Object.entries<readonly Route[]>(ROUTES)) {
      assert.equal(isQueueableRoute(name as RouteName), isQueueable(route!), name);
    }
    assert.deepEqual(
      (['clearFault', 'executeOperation', 'putDataItem', 'uploadScript', 'fetchFleetEvidence'] as const).map(
        isQueueableRoute,
      ),
      [true, false, false, false, false],
    );
  });
});
