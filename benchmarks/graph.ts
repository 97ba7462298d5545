import { once } from 'node:events';
import { median, residentMb } from './process.ts';
import { appIds, startCrowd, startGateway, until } from './stage.ts';

/** Time until the graph is complete after a start, time until a new node is shown, and memory of 200 nodes. */
export async function graph(): Promise<void> {
  for (const nodes of [100, 200]) {
    await using crowd = await startCrowd(nodes);
    await using gateway = await startGateway();
    await until(async () => (await appIds(gateway.url)).length >= nodes);
    const completeAtMs = performance.now();
    console.log(
      `${nodes} nodes: /health after ${ms(gateway.healthyAtMs - gateway.spawnedAtMs)} of process start, ` +
        `graph complete ${ms(completeAtMs - gateway.healthyAtMs)} later (${ms(completeAtMs - gateway.spawnedAtMs)} in all)`,
    );
    const delays: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const reply = once(crowd.child, 'message');
      crowd.child.send('add');
      const [{ name, atMs }] = (await reply) as [{ name: string; atMs: number }];
      await until(async () => (await appIds(gateway.url)).includes(name));
      delays.push(performance.timeOrigin + performance.now() - atMs);
    }
    console.log(
      `${nodes} nodes: a new node shows in GET /apps after ${ms(median(delays))} (worst ${ms(Math.max(...delays))})`,
    );
    console.log(`${nodes} nodes: gateway has ${residentMb(gateway.pid).toFixed(0)} MB resident`);
  }
}

const ms = (value: number) => `${value.toFixed(0)} ms`;
