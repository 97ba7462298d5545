import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Found } from '@medkit/contract';
import { addressOfFound, findItems, grouped, issueHits, matchingPages, otherFaults } from './search-results.ts';

const found = (kind: Found['kind'], href: string): Found => ({ kind, id: 'x', name: 'X', href });

describe('a search result', () => {
  it('leads to its page, and a parameter to those of its entity', () => {
    const item = '/api/v1/apps/gate/data/%2Fgate%2Fmin_range_m';
    assert.equal(addressOfFound(found('data', item)), '/apps/gate/data/%2Fgate%2Fmin_range_m');
    assert.equal(addressOfFound(found('fault', '/api/v1/apps/gate/faults/STOP')), '/apps/gate/faults/STOP');
    const parameter = found('configuration', '/api/v1/apps/gate/configurations/protective_field_m');
    assert.equal(addressOfFound(parameter), '/apps/gate/configurations#protective_field_m');
  });

  it('of a hub leads to an issue, by its rule or its code', () => {
    const hits = issueHits([
      { id: '7', fault_code: 'MOTOR', entity_id: 'arm' },
      { id: '8', rule: 'wheels' },
    ]);
    assert.deepEqual(
      hits.map(({ name, detail, address }) => [name, detail, address]),
      [
        ['MOTOR', 'arm', '/issues/7'],
        ['wheels', '', '/issues/8'],
      ],
    );
  });

  it('leads nowhere from a foreign address', () => {
    for (const href of [
      '//evil.example',
      'javascript:alert(1)',
      '/api/v1//evil/x/configurations/y',
      '/api/v1/constructor/x/configurations/y',
    ]) {
      assert.equal(addressOfFound(found('configuration', href)), undefined, href);
      assert.equal(addressOfFound(found('data', href)), undefined, href);
    }
  });

  it('is grouped by kind, with its entity', () => {
    const entity = { type: 'app', id: 'gate', name: 'Gate' } as const;
    const items = findItems([found('data', '/x'), { ...found('fault', '/y'), entity }, found('data', '/z')]);
    assert.deepEqual(
      grouped(items).map(({ kind, items: { length } }) => [kind, length]),
      [
        ['data', 2],
        ['fault', 1],
      ],
    );
    assert.deepEqual([items[1]!.name, items[1]!.detail], ['x', 'X · Gate']);
  });

  it('includes the faults of other gateways, each once', () => {
    const known = findItems([found('fault', '/api/v1/apps/gate/faults/STOP')]);
    const fault = (fault_code: string) => ({
      fault_code,
      severity: 2,
      status: 'CONFIRMED',
      entity_id: 'gate',
      entity_type: 'app' as const,
    });
    const others = otherFaults(known, [fault('STOP'), fault('SLOW'), { ...fault('LOST'), entity_id: null }]);
    assert.deepEqual(
      others.map(({ name, address }) => [name, address]),
      [['SLOW', '/apps/gate/faults/SLOW']],
    );
  });

  it('is a page of the application by its name', () => {
    const names = { home: 'Start', logs: 'Protokolle', skip: 'Skip', find: () => '' };
    assert.deepEqual(
      matchingPages('proto', names).map(({ address }) => address),
      ['/logs'],
    );
    assert.deepEqual(
      matchingPages('logs', names).map(({ address }) => address),
      ['/logs'],
    );
    assert.equal(matchingPages('', names).length, 2);
  });
});
