import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault, FaultEvent, FaultOccurrence, FaultProvider } from '@medkit/core';
import { callContext, openModel } from '@medkit/core';
import { fault, faultEvent, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { lastEvents, readPastFaults } from './past-faults.ts';

const SEED = Math.floor(performance.now() * 1000) % 1_000_000;
const MS = 1_000_000n;

test(`the faults at a moment are those that a witness saw then, also if the clock was set back (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  const events: FaultEvent[] = [];
  const copies: string[] = [];
  const active = new Set<string>();
  let timeNs = 1_770_201_000_000n * MS;
  for (let id = 1; id <= 400; id += 1) {
    timeNs += BigInt(Math.floor(random.float() * 500) - (random.float() < 0.03 ? 3000 : 0)) * MS;
    const code = `F${Math.floor(random.float() * 8)}`;
    const symptom = `F${Math.floor(random.float() * 8)}`;
    const isOver = random.float() < 0.5;
    const status = isOver ? 'HEALED' : 'CONFIRMED';
    if (isOver) active.delete(code);
    else active.add(code);
    const autoClearedCodes = isOver && symptom !== code && active.delete(symptom) ? [symptom] : [];
    const type = isOver ? 'fault_cleared' : 'fault_confirmed';
    events.push(faultEvent(id, { type, timeNs, fault: fault(code, { status }), autoClearedCodes }));
    copies.push([...active].sort().join());
  }
  for (let round = 0; round < 10; round += 1) {
    const tNs =
      events[Math.floor(random.float() * events.length)]!.timeNs + BigInt(Math.floor(random.float() * 100)) * MS;
    const at = events.findLastIndex((event) => event.timeNs <= tNs);
    const pages = [events.slice(0, 150), events.slice(150)];
    const found = [...(await lastEvents(pages, tNs)).values()].filter((event) => event.fault.status === 'CONFIRMED');
    assert.equal(
      found
        .map((event) => event.fault.code)
        .sort()
        .join(),
      copies[at],
      `event ${at} at ${tNs}`,
    );
  }
});

async function faultsAt(provider: FaultProvider | undefined, tMs: number) {
  const clock = new SimulatedClock();
  const runtime = memoryRuntime({ ...(provider && { providers: { faults: provider } }) });
  const model = await openModel({ runtimes: [runtime], clock, log: () => undefined });
  return readPastFaults(model, tMs, callContext({ clock, timeoutMs: 1000 }));
}

const occurrence = (number: number, startedMs: number, healedMs = 0): FaultOccurrence => ({
  number,
  startedNs: BigInt(startedMs) * MS,
  confirmedAtNs: BigInt(startedMs) * MS,
  healedAtNs: BigInt(healedMs) * MS,
  clearedAtNs: 0n,
  clearedBy: '',
  missing: '',
});

function trimmedLog(faults: readonly Fault[], occurrences: readonly FaultOccurrence[]): FaultProvider {
  const events = [faultEvent(900, { timeNs: 5000n * MS, fault: fault('LATER'), type: 'fault_confirmed' })];
  return {
    ...memoryFaults({ faults, occurrences }),
    eventsAfter: async (_, id) => ({ events: events.filter((each) => each.id > id), oldestId: 900, newestId: 900 }),
  };
}

test('faults whose events were removed come from their occurrences, without a severity', async () => {
  const provider = trimmedLog([fault('OLD')], [occurrence(1, 1000, 2000), occurrence(2, 3000)]);
  const [during, between, after] = [
    await faultsAt(provider, 1500),
    await faultsAt(provider, 2500),
    await faultsAt(provider, 4000),
  ];
  assert.deepEqual(
    during.items.map(({ code, severity, occurrence: n }) => [code, severity, n]),
    [['OLD', undefined, 1]],
  );
  assert.deepEqual(between.items, []);
  assert.deepEqual(
    after.items.map(({ occurrence: n }) => n),
    [2],
  );
  assert.equal(during.beginsMs, 5000);
  assert.equal(during.missing, undefined);
});

test('faults whose occurrences were removed as well are named as missing', async () => {
  const { items, missing } = await faultsAt(trimmedLog([fault('OLD')], [occurrence(101, 3000)]), 1000);
  assert.deepEqual(items, []);
  assert.match(missing ?? '', /no longer reaches back to 1 of them: OLD/);
});

test('without a fault manager the faults are unknown', async () => {
  assert.match((await faultsAt(undefined, 1000)).missing ?? '', /no fault manager/);
});
