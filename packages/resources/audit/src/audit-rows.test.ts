import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { auditStatement } from './audit-rows.ts';
import { memoryAudit } from './testing/memory-audit.ts';

it('the host has the records of faults of removed reporters until they were cleared, and no other ones', async () => {
  const audit = memoryAudit(new SimulatedClock());
  const store = await audit.store();
  const record = (faultCode: string, transition: string, sourceId: string) => ({
    ...{ occurredAtNs: 1n, faultCode, transition, severity: 2, status: 'CONFIRMED', sourceId, description: '' },
  });
  await store.write([], {
    audit: [
      record('LEFT', 'occurred', '/gone'),
      record('LEFT', 'cleared', 'clear_service:alice'),
      record('LIVE', 'occurred', '/motor'),
      record('LIVE', 'confirmed', 'auto_confirm_timer'),
      record('LIVE', 'healed', 'auto_heal'),
    ],
  });
  const found = async (entity: { readonly sources: readonly string[]; readonly allButSources?: readonly string[] }) => {
    const { sql, parameters } = auditStatement({ limit: 10, entity: { id: 'host', ...entity } });
    const rows = await store.read(sql, parameters);
    return rows.map((row) => `${row['fault_code']} ${row['transition']}`);
  };
  assert.deepEqual(await found({ sources: ['/other'], allButSources: ['/other', '/motor'] }), [
    'LEFT cleared',
    'LEFT occurred',
  ]);
  assert.deepEqual(await found({ sources: ['/other'] }), []);
  await audit.close();
});
