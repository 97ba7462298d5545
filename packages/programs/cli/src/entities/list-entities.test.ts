import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayOf } from '../testing/gateway-of.ts';
import { areaRows } from './list-entities.ts';

const area = (id: string) => ({ id, name: id.toUpperCase(), type: 'area', href: `/api/v1/areas/${id}` });

test('areas are listed with their subareas, indented by depth', async () => {
  const client = gatewayOf({
    '/areas/hall/subareas': { items: [area('dock'), area('aisle')] },
    '/areas/dock/subareas': { items: [area('bay')] },
    '/areas/bay/subareas': { items: [] },
    '/areas/aisle/subareas': { items: [] },
    '/areas/yard/subareas': { items: [] },
  });
  assert.deepEqual(
    (await areaRows(client, [area('hall'), area('yard')])).map(([id]) => id),
    ['hall', '  dock', '    bay', '  aisle', 'yard'],
  );
});

test('the list ends if an area contains itself', async () => {
  const client = gatewayOf({ '/areas/ring/subareas': { items: [area('ring')] } });
  assert.equal((await areaRows(client, [area('ring')])).length, 9);
});
