import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { FaultEvent } from '@medkit/core';
import { fault, faultEvent, functionEntity, memoryFaults } from '@medkit/core/testing';
import { readCorrelationRules } from '@medkit/faults';
import { eventually, settled } from '../harness/eventually.ts';
import type { RealGatewayOptions } from './real-gateway.ts';
import { armGateways, armRobot, type Gateway } from './robots.ts';
import { followed } from './stream-client.ts';

const { start, close, closeAll } = armGateways();
afterEach(closeAll);

const { acrossOrigins } = readCorrelationRules(
  `correlation: {enabled: true, rules: [{id: stop, window_ms: 1000,
    root_cause: {codes: [ESTOP]}, symptoms: [{codes: [JAM], origins: [yard]}]}]}`,
  'rules.yaml',
);
const BEGUN_NS = 1_770_201_000_000_000_000n;

/** Starts a gateway with one fault and a log of its events. */
async function startWith(name: string, code: string, options: Partial<RealGatewayOptions> = {}) {
  const events: FaultEvent[] = [];
  const localFault = fault(code, {
    sources: ['/arm'],
    firstOccurredNs: BEGUN_NS + (name === 'yard' ? 300_000_000n : 0n),
  });
  const gateway = await start(name, {
    robot: {
      ...armRobot(name, { faults: memoryFaults({ events, faults: [localFault] }) }),
      functions: [functionEntity('lift', [`${name}_arm`], { source: 'manifest' })],
    },
    ...options,
  });
  return {
    ...gateway,
    stop: () => close(gateway),
    happens: (): void => {
      const event = faultEvent(events.length + 1, { fault: localFault, timeNs: localFault.firstOccurredNs });
      events.push(event);
      gateway.runtime.announce(event);
    },
  };
}

/** Two gateways with a shared area and a shared function, one of which aggregates the other. */
async function two() {
  const yard = await startWith('yard', 'JAM');
  const dock = await startWith('dock', 'ESTOP', {
    peers: { yard: yard.url },
    parts: { rulesAcrossOrigins: acrossOrigins },
  });
  return { yard, dock };
}

const codesOf = ({ items }: { readonly items: readonly { readonly fault_code: string }[] }) =>
  items.map(({ fault_code }) => fault_code).sort();

describe('rules of a gateway that aggregates others', () => {
  it('explain a remote fault by a local one: it is omitted from the list, and unchanged at its owner', async () => {
    const { yard, dock } = await two();
    const { body } = await dock.ask('GET', '/faults');
    assert.deepEqual([codesOf(body), body['x-medkit'].muted_count], [['ESTOP'], 1]);
    const whole = (await dock.ask('GET', '/faults?include_muted=true')).body;
    assert.deepEqual(codesOf(whole), ['ESTOP', 'JAM']);
    const [muted] = whole['x-medkit'].muted_faults;
    const { fault_code, origin, root_cause_code, root_cause_origin, rule_id, delay_ms } = muted;
    assert.deepEqual(
      [fault_code, origin, root_cause_code, root_cause_origin, rule_id, delay_ms],
      ['JAM', 'yard', 'ESTOP', 'local', 'stop', 300],
    );
    for (const gateway of [yard, dock] as const) {
      const { items } = (await gateway.ask('GET', '/apps/yard_arm/faults')).body;
      assert.deepEqual(codesOf({ items }), ['JAM']);
    }
    assert.deepEqual(codesOf((await yard.ask('GET', '/faults')).body), ['JAM']);
  });
});

describe('a trigger on the faults of an entity that several gateways share', () => {
  const made = async (gateway: Gateway, path: string, fields: object = {}): Promise<string> => {
    const { status, body } = await gateway.ask('POST', `${path}/triggers`, {
      resource: `/api/v1${path}/faults`,
      trigger_condition: { condition_type: 'OnChange' },
      multishot: true,
      ...fields,
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  };

  it('receives those of all of them while it exists; a trigger on a local entity receives local ones only', async () => {
    const { yard, dock } = await two();
    const clients = async () => (await yard.ask('GET', '/health')).body['x-medkit-event-streams'].clients;
    const before = await settled(clients);
    const local = await made(dock, '/components/dock_base');
    const shared = await made(dock, '/areas/hall');
    await eventually('the other gateway is followed', async () => (await clients()) === before + 1);
    const [hall, base] = [
      await followed(`${dock.url}/api/v1/areas/hall/triggers/${shared}/events`),
      await followed(`${dock.url}/api/v1/components/dock_base/triggers/${local}/events`),
    ];
    const payloads = (events: readonly { readonly data: string }[]) =>
      events.map(({ data }) => {
        const { fault_code, event_type, entity_id, 'x-medkit': about } = JSON.parse(data).payload;
        return [fault_code, event_type, entity_id, about.origin];
      });
    yard.happens();
    await eventually('that of the other gateway', async () => hall.events.length === 1);
    dock.happens();
    await eventually('the own', async () => hall.events.length === 2 && base.events.length === 1);
    assert.deepEqual(payloads(hall.events), [
      ['JAM', 'fault_confirmed', 'yard_arm', 'yard'],
      ['ESTOP', 'fault_confirmed', 'dock_arm', undefined],
    ]);
    assert.deepEqual(payloads(base.events), [['ESTOP', 'fault_confirmed', 'dock_arm', undefined]]);
    for (const client of [hall, base]) client.close();
    for (const path of [`/areas/hall/triggers/${shared}`, `/components/dock_base/triggers/${local}`]) {
      assert.equal((await dock.ask('DELETE', path)).status, 204);
    }
    await eventually('nobody follows it', async () => (await clients()) === before);
  });
});

describe('a subscription to the faults of an entity that several gateways share', () => {
  it('has those of all of them, and names the gateways that do not answer', async () => {
    const { yard, dock } = await two();
    const { status, body } = await dock.ask('POST', '/functions/lift/cyclic-subscriptions', {
      resource: '/api/v1/functions/lift/faults',
      interval: 'fast',
      duration: 60,
    });
    assert.equal(status, 201, JSON.stringify(body));
    const client = await followed(`${dock.url}/api/v1/functions/lift/cyclic-subscriptions/${body.id}/events`);
    const payload = () => JSON.parse(client.events.at(-1)?.data ?? '{}').payload;
    await eventually('those of both', async () => {
      assert.deepEqual(codesOf({ items: payload().faults }), ['ESTOP', 'JAM']);
      return true;
    });
    assert.deepEqual([payload().count, payload()['x-medkit']], [2, undefined]);
    await yard.stop();
    await eventually('who is missing', async () => {
      const { faults, 'x-medkit': about } = payload();
      assert.deepEqual(codesOf({ items: faults }), ['ESTOP']);
      assert.deepEqual([about.partial, about.failed_members[0].runtime], [true, 'yard']);
      return true;
    });
    client.close();
  });
});
