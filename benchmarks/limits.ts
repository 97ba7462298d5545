import { floodOf, formatRounds, median } from './process.ts';
import { startGateway, until } from './stage.ts';

const ROUNDS = 7;
/** `floodOf` runs this long and divides by the requests of one second. */
const SECONDS = 2;
/** A limit that no client reaches: only accepted requests are measured. */
const PLENTY = 2_000_000_000;
const SETTINGS = [
  'rate_limiting.enabled=true',
  `rate_limiting.global_requests_per_minute=${PLENTY}`,
  `rate_limiting.client_requests_per_minute=${PLENTY}`,
  `rate_limiting.endpoint_limits=/api/v1/*/*/operations/**:${PLENTY}`,
];

/** Processor time of `GET /apps` with rate limits relative to that without, in alternating rounds. */
export async function limits(): Promise<void> {
  await using free = await startGateway();
  await using limited = await startGateway(...SETTINGS.flatMap((setting) => ['--set', setting]));
  await until(async () => (await fetch(`${limited.url}/apps`)).headers.has('X-RateLimit-Limit'));
  const cpuMsOf = async ({ url, pid }: typeof free) => (await floodOf(`${url}/apps`, pid, false)).cpuMsPerRequest;
  // Warms up both gateways, so that cold code is not measured.
  for (const gateway of [free, limited]) await cpuMsOf(gateway);
  const ratios: number[] = [];
  const addedUs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [without, withLimits] = [await cpuMsOf(free), await cpuMsOf(limited)];
    ratios.push(withLimits / without);
    addedUs.push((1000 * (withLimits - without)) / SECONDS);
  }
  console.log(
    `GET /apps with limits: ${formatRounds(ratios)} of the processor time without, ${median(addedUs).toFixed(1)} µs more`,
  );
}
