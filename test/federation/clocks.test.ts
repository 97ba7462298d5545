import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditRecordList, LogEntryList, PeerList } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { memoryDatabase } from '../../packages/gateway/src/testing/memory-database.ts';
import { memoryAudit } from '../../packages/resources/audit/src/testing/memory-audit.ts';
import { eventually } from '../harness/eventually.ts';
import { armGateways, type Gateway } from './robots.ts';

const { start, close, closeAll } = armGateways();
afterEach(closeAll);

/** The clock of a machine that is `aheadMs()` ahead of this one. */
const shifted = (aheadMs: () => number): Clock => ({
  ...systemClock,
  wallMs: () => systemClock.wallMs() + aheadMs(),
  wallNs: () => systemClock.wallNs() + BigInt(Math.round(aheadMs() * 1e6)),
});

const peersOf = async (gateway: Gateway): Promise<PeerList['items']> =>
  (await gateway.ask('GET', '/x-medkit-peers')).body.items;

/** Waits until the head has measured a gateway's clock, and returns the result. */
const clockOf = (head: Gateway, peer: string) =>
  eventually(
    `the clock of ${peer}`,
    async () => (await peersOf(head)).find(({ name }) => name === peer)?.clock ?? undefined,
  );

/** Waits until the head has measured an offset for which `holds` is true. */
const untilClock = (head: Gateway, peer: string, holds: (offsetMs: number) => boolean) =>
  eventually(`the new clock of ${peer}`, async () => holds((await clockOf(head, peer)).offset_ms));

/** Changes an app; its gateway records the change. */
async function change(gateway: Gateway, id: string, client: string): Promise<void> {
  const { status } = await gateway.ask(
    'PUT',
    `/apps/${id}/logs/configuration`,
    { max_entries: 7 },
    { 'x-client-id': client },
  );
  assert.equal(status, 204);
}

/** Waits until the next event is later than the previous one, within the head's measured uncertainty. */
const beyondDoubt = async (head: Gateway, peer: string) => delay(2 * (await clockOf(head, peer)).uncertainty_ms + 5);

const clientsOf = ({ items }: AuditRecordList) => items.map(({ request }) => request?.client_id);

describe('a gateway whose clock is ahead', () => {
  it('is shown with its offset and the uncertainty of that offset', async () => {
    const yard = await start('yard', { clock: shifted(() => 3_600_000) });
    const head = await start('dock', { peers: { yard: yard.url } });
    const { offset_ms, uncertainty_ms, measured_at } = await clockOf(head, 'yard');
    assert.ok(Math.abs(offset_ms - 3_600_000) <= uncertainty_ms + 1, `${offset_ms} ± ${uncertainty_ms}`);
    assert.ok(Math.abs(Date.parse(measured_at ?? '') - Date.now()) < 60_000);
    const { warnings } = (await head.ask('GET', '/health')).body;
    const warning = warnings.find(({ code }: { readonly code: string }) => code === 'peer_clock_off');
    assert.match(
      warning.message,
      /^The clock of the gateway yard is 3(?:599|600)\.\d s ahead of the clock of this gateway\./,
    );
  });

  it('has its audit records sorted into those of others, with the times that it wrote', async () => {
    const yard = await start('yard', { clock: shifted(() => 3_600_000) });
    const head = await start('dock', { peers: { yard: yard.url } });
    await clockOf(head, 'yard');
    await change(yard, 'yard_arm', 'first');
    await beyondDoubt(head, 'yard');
    await change(head, 'dock_arm', 'second');
    await beyondDoubt(head, 'yard');
    await change(yard, 'yard_arm', 'third');
    const merged: AuditRecordList = (await head.ask('GET', '/x-medkit-audit')).body;
    assert.deepEqual(clientsOf(merged), ['third', 'second', 'first']);
    const local: AuditRecordList = (await yard.ask('GET', '/x-medkit-audit')).body;
    assert.equal(merged.items[0]?.timestamp, local.items[0]?.timestamp);
    assert.equal(Math.round((merged['x-medkit']?.clocks?.['yard']?.offset_ms ?? 0) / 1000), 3600);
  });

  it('keeps past events in their place when its clock is set', async () => {
    let aheadMs = 3_600_000;
    const yard = await start('yard', { clock: shifted(() => aheadMs) });
    const head = await start('dock', { peers: { yard: yard.url } });
    await clockOf(head, 'yard');
    await change(yard, 'yard_arm', 'first');
    await beyondDoubt(head, 'yard');
    await change(head, 'dock_arm', 'second');
    aheadMs = -3_600_000;
    await untilClock(head, 'yard', (offsetMs) => offsetMs < 0);
    await change(yard, 'yard_arm', 'third');
    await beyondDoubt(head, 'yard');
    await change(head, 'dock_arm', 'fourth');
    const merged: AuditRecordList = (await head.ask('GET', '/x-medkit-audit')).body;
    assert.deepEqual(clientsOf(merged), ['fourth', 'third', 'second', 'first']);
  });
});

describe('a gateway that restarts', () => {
  it('keeps past events of other gateways in their place, though their clocks were set earlier', async () => {
    let aheadMs = 3_600_000;
    const yard = await start('yard', { clock: shifted(() => aheadMs) });
    const parts = { database: memoryDatabase(systemClock), auditFile: memoryAudit(systemClock) };
    const before = await start('dock', { peers: { yard: yard.url }, parts });
    await clockOf(before, 'yard');
    await change(yard, 'yard_arm', 'first');
    await beyondDoubt(before, 'yard');
    await change(before, 'dock_arm', 'second');
    await close(before);
    aheadMs = 0;
    const head = await start('dock', { peers: { yard: yard.url }, parts });
    await untilClock(head, 'yard', (offsetMs) => offsetMs < 1000);
    await change(head, 'dock_arm', 'third');
    await beyondDoubt(head, 'yard');
    await change(yard, 'yard_arm', 'fourth');
    const merged: AuditRecordList = (await head.ask('GET', '/x-medkit-audit')).body;
    assert.deepEqual(clientsOf(merged), ['fourth', 'third', 'second', 'first']);
  });
});

describe('gateways whose clocks agree', () => {
  it('are not reported in lists', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    const { offset_ms, uncertainty_ms } = await clockOf(head, 'yard');
    assert.ok(Math.abs(offset_ms) <= uncertainty_ms + 1);
    const logs: LogEntryList = (await head.ask('GET', '/areas/hall/logs')).body;
    assert.equal(logs['x-medkit']?.clocks, undefined);
  });
});
