import { callContext, openModel } from '@medkit/core';
import { app, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { openSearch } from '../packages/gateway/src/search/open-search.ts';
import { formatRounds } from './process.ts';

const ENTITIES = 1000;
const ITEMS_EACH = 10;
const ROUNDS = 7;
const SEARCHES = ['s', 'se', 'sensor', 'sensor 77', 'state_3 driver_9', 'nothing of the kind'];

/** Cost of a search, compared with looking for its first word in as many texts. */
export async function search(): Promise<void> {
  const native = (at: number) => `/driver_${at}`;
  const ids = Array.from({ length: ENTITIES }, (_none, at) => at);
  const runtime = memoryRuntime({
    apps: ids.map((at) => app(`driver_${at}`, { address: { runtime: 'memory', nativeId: native(at) } })),
    data: Object.fromEntries(
      ids.map((at) => [
        native(at),
        Object.fromEntries(Array.from({ length: ITEMS_EACH }, (_none, item) => [`/sensor_${at}/state_${item}`, {}])),
      ]),
    ),
    providers: { faults: memoryFaults() },
  });
  const model = await openModel({ runtimes: [runtime], clock: systemClock, log: () => undefined });
  const { search: find, close } = openSearch({
    model,
    clock: systemClock,
    faults: { listAll: () => ({ items: [] }) as never },
  });
  const call = callContext({ clock: systemClock, timeoutMs: 10_000 });
  const begun = process.cpuUsage();
  await find({ q: 'sensor' }, call);
  const built = process.cpuUsage(begun);
  const texts = ids.flatMap((at) =>
    Array.from({ length: ITEMS_EACH + 1 }, (_none, item) => `/sensor_${at}/state_${item}`),
  );
  for (const q of SEARCHES) {
    const costMs: number[] = [];
    const baselineMs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = process.cpuUsage();
      for (let turn = 0; turn < 10; turn += 1) await find({ q }, call);
      const { user, system } = process.cpuUsage(before);
      costMs.push((user + system) / 10_000);
      const baselineStart = process.cpuUsage();
      let found = 0;
      for (let turn = 0; turn < 10; turn += 1)
        for (const text of texts) if (text.toLowerCase().includes(q.split(' ', 1)[0] as string)) found += 1;
      const spent = process.cpuUsage(baselineStart);
      baselineMs.push((spent.user + spent.system) / 10_000 + found * 0);
    }
    console.log(
      `"${q}" in ${ENTITIES} entities and ${ENTITIES * ITEMS_EACH} items: ${formatRounds(costMs)} ms of the processor, looking through the texts ${formatRounds(baselineMs)} ms`,
    );
  }
  console.log(`names gathered once for a tree: ${((built.user + built.system) / 1000).toFixed(0)} ms of the processor`);
  close();
  await model.close();
}
