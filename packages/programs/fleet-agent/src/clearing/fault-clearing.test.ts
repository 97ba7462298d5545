import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient } from '@medkit/client';
import type { FaultListItem } from '@medkit/contract';
import { listed, listOf, peerFault } from '../testing/faults.ts';
import { configOf, FEED } from '../testing/read-text.ts';
import { faultClearing } from './fault-clearing.ts';

/** A gateway with these faults; `ofSafety` are those of the area `safety`. */
function clearingOf(text: string, faults: readonly FaultListItem[], ofSafety: readonly FaultListItem[] = []) {
  const cleared: string[] = [];
  const client = createClient({
    url: 'robot',
    send: async (url, { method }) => {
      const path = url.replace('http://robot:8080/api/v1', '');
      if (method === 'DELETE') {
        cleared.push(path);
        return new Response(null, { status: 204 });
      }
      if (path.startsWith('/faults?')) return Response.json(listOf(faults));
      if (path.startsWith('/areas/safety/faults')) return Response.json(listOf(ofSafety));
      return Response.json({ error_code: 'entity-not-found', message: `no ${path}` }, { status: 404 });
    },
  });
  return { cleared, clearing: faultClearing({ client, config: configOf(FEED + text) }) };
}

const BRAKE = { faultCode: 'BRAKE', entityId: 'motor' };
const ON = 'clear_fault: true\n';

describe('clearing a fault for a fleet', () => {
  it('is refused unless the file allows it', async () => {
    const { clearing, cleared } = clearingOf('', [listed('BRAKE')]);
    assert.match(clearing.problem(BRAKE) ?? '', /clear_fault is off/);
    await assert.rejects(clearing.clear(BRAKE), /clear_fault is off/);
    assert.deepEqual(cleared, []);
  });

  it('clears only the fault of that entity', async () => {
    const { clearing, cleared } = clearingOf(ON, [listed('BRAKE', { entity_id: 'arm' }), listed('BRAKE')]);
    assert.equal(clearing.problem(BRAKE), undefined);
    await clearing.clear(BRAKE);
    assert.deepEqual(cleared, ['/apps/motor/faults/BRAKE']);
  });

  it('is refused if no such fault is confirmed', async () => {
    const { clearing, cleared } = clearingOf(ON, [listed('BRAKE', { entity_id: 'arm' })]);
    await assert.rejects(clearing.clear(BRAKE), /motor has no confirmed fault BRAKE/);
    assert.deepEqual(cleared, []);
  });

  it('never clears a fault of a safety function, by a rule, by its gateway or by its parent', async () => {
    const stop = { ...BRAKE, faultCode: 'PROTECTIVE_STOP' };
    for (const [text, faults, named, reason] of [
      ['', [listed('PROTECTIVE_STOP')], stop, /a rule marks it/],
      ['rules: [{ code: BRAKE, safety: true }]\n', [listed('BRAKE')], BRAKE, /a rule marks it/],
      ['safety: { gateways: [island] }\n', [peerFault('island/gate', 'BRAKE')], BRAKE, /to the gateway island/],
      ['safety: { entities: [areas/safety] }\n', [listed('BRAKE')], BRAKE, /to areas\/safety/],
      ['safety: { entities: [areas/gone] }\n', [listed('BRAKE')], BRAKE, /no \/areas\/gone/],
    ] as const) {
      const { clearing, cleared } = clearingOf(ON + text, faults, faults);
      await assert.rejects(clearing.clear(named), reason);
      assert.deepEqual(cleared, []);
    }
  });
});
