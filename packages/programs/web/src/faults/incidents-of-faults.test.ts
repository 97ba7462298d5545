import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IncidentDetail, IncidentList } from '@medkit/contract';
import { incidentsOfFaults } from './incidents-of-faults.ts';

const incident = (id: string, root: string) => ({ id, root, entity_id: 'gate' });
const list = { items: [incident('inc_2', 'STOP'), incident('inc_1', 'STOP')] } as IncidentList;
const detail = { id: 'inc_1', faults: [{ fault_code: 'GOAL', entity_id: 'nav' }] } as unknown as IncidentDetail;

describe('the incident of a fault', () => {
  it('is the newest that has it, as root or otherwise', () => {
    const incidentOf = incidentsOfFaults(list, [detail]);
    assert.equal(incidentOf({ fault_code: 'STOP', entity_id: 'gate' }), 'inc_2');
    assert.equal(incidentOf({ fault_code: 'GOAL', entity_id: 'nav' }), 'inc_1');
    assert.equal(incidentOf({ fault_code: 'GOAL', entity_id: 'other' }), undefined);
  });

  it('is undefined while no incident is loaded', () => {
    assert.equal(incidentsOfFaults(undefined, [])({ fault_code: 'STOP', entity_id: 'gate' }), undefined);
  });
});
