import { systemClock } from '@medkit/edges/node';
import { openStore } from '@medkit/store';

/**
 * Writes to the store at the given path, with the given number of concurrent writes, until it is killed. Each write has
 * two rows of a pair, an event and an audit record; its number is printed when it is acknowledged.
 */
const [path, first, inFlight] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

const store = await openStore({
  path,
  clock: systemClock,
  warn: console.error,
  audit: { maxRecords: 500 },
  maxEvents: 500,
  migrations: { pairs: [['CREATE TABLE pairs (write INTEGER, half TEXT, PRIMARY KEY (write, half))']] },
});
process.stdout.write('open\n');

let next = first;
const half = (write: number, name: string) => ({
  sql: 'INSERT INTO pairs (write, half) VALUES (?, ?)',
  parameters: [write, name],
});
async function writeOn(): Promise<never> {
  for (;;) {
    const write = next++;
    await store.write([half(write, 'left'), half(write, 'right')], {
      events: [{ timeNs: 0n, type: 'pair', payload: `${write}` }],
      audit: [
        {
          occurredAtNs: BigInt(write),
          faultCode: 'STORM',
          transition: 'occurred',
          severity: 1,
          status: 'CONFIRMED',
          sourceId: 'storm',
          description: `${write}`,
        },
      ],
    });
    process.stdout.write(`${write}\n`);
  }
}
await Promise.all(Array.from({ length: inFlight }, writeOn));
