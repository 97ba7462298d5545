import { openExposition } from '../packages/gateway/src/metrics/exposition.ts';
import { byLabel, counter } from '../packages/gateway/src/metrics/family.ts';
import { OPEN_METRICS, TEXT_0_0_4 } from '../packages/gateway/src/metrics/text-format.ts';
import { floodOf, formatRounds, median, onCpuMs } from './process.ts';
import { appIds, startCrowd, startGateway, until } from './stage.ts';

const ROUNDS = 9;
const NODES = 60;
const SCRAPES = 20;
/** `floodOf` runs this long and divides by the requests of one second. */
const SECONDS = 2;
/** Series of the calibrated exposition: more than a robot has by default. */
const SERIES = 2000;
const PER_FAMILY = 40;

/**
 * Processor time of an exposition and of a scrape, and what the measurement adds to each request. The calibrator of the
 * requests is a second gateway without metrics (A/A); that of the exposition is the same text from `JSON.stringify`.
 */
export async function metrics(): Promise<void> {
  exposition();
  await using _crowd = await startCrowd(NODES);
  await using on = await startGateway('--set', 'metrics.enabled=true');
  await using off = await startGateway();
  await using again = await startGateway();
  for (const { url } of [off, again, on]) await until(async () => (await appIds(url)).length >= NODES);
  await scrape(on);
  const added = async (path: string) => {
    const cpuMsOf = async ({ url, pid }: typeof on) => (await floodOf(url + path, pid, false)).cpuMsPerRequest;
    for (const gateway of [off, again, on]) await cpuMsOf(gateway);
    const [same, with_, addedUs]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [without, calibrator, measured] = [await cpuMsOf(off), await cpuMsOf(again), await cpuMsOf(on)];
      same.push(calibrator / without);
      with_.push(measured / without);
      addedUs.push((1000 * (measured - without)) / SECONDS);
    }
    console.log(
      `GET ${path} with metrics: ${formatRounds(with_)} of the processor time without, ${median(addedUs).toFixed(1)} µs more; ` +
        `two gateways without: ${formatRounds(same)}`,
    );
  };
  await added('/apps');
  await added('/apps?limit=3');
}

/** Encodes 2,000 series in this process. */
function exposition(): void {
  const families = Array.from({ length: SERIES / PER_FAMILY }, (_, family) =>
    counter<undefined, 'name'>({
      name: `medkit_benchmark_${family}`,
      help: 'A counter of the benchmark.',
      labels: ['name'],
      maxSeries: PER_FAMILY,
      read: () =>
        byLabel(
          'name',
          Array.from({ length: PER_FAMILY }, (_, index) => [`label_${index}`, index * 1.5]),
        ),
    }),
  );
  const opened = openExposition(families);
  const text = TEXT_0_0_4.encode(opened.read(undefined));
  const encoders = {
    'text 0.0.4': () => TEXT_0_0_4.encode(opened.read(undefined)),
    OpenMetrics: () => OPEN_METRICS.encode(opened.read(undefined)),
    'JSON.stringify of its lines': () => JSON.stringify(text.split('\n')),
  };
  for (const [name, encode] of Object.entries(encoders)) {
    for (let warm = 0; warm < 50; warm += 1) encode();
    const timesMs = Array.from({ length: ROUNDS }, () => {
      const before = process.cpuUsage();
      for (let index = 0; index < 20; index += 1) encode();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 20_000;
    });
    console.log(`exposition of ${SERIES} series, ${name}: ${formatRounds(timesMs)} ms of processor time`);
  }
}

/** Scrapes a gateway in rounds, beside requests of `/health` and rounds without requests, in which DDS continues. */
async function scrape({ url, pid }: { readonly url: string; readonly pid: number }): Promise<void> {
  const cpuMsOf = async (address: string | undefined): Promise<number> => {
    const before = onCpuMs(pid);
    for (let index = 0; index < SCRAPES; index += 1) {
      if (address !== undefined) await (await fetch(address)).text();
      // The gateway collects /health at most once within a tenth of a second.
      await new Promise((resolve) => setTimeout(resolve, 110));
    }
    return (onCpuMs(pid) - before) / SCRAPES;
  };
  const address = new URL('/metrics', url).href;
  const text = await (await fetch(address)).text();
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  await cpuMsOf(address);
  const [scrapesMs, healthMs]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const idleMs = await cpuMsOf(undefined);
    healthMs.push((await cpuMsOf(`${url}/health`)) - idleMs);
    scrapesMs.push((await cpuMsOf(address)) - idleMs);
  }
  console.log(
    `GET /metrics (${series} series, ${NODES} nodes): ${formatRounds(scrapesMs)} ms of processor time each; ` +
      `GET /health: ${formatRounds(healthMs)} ms`,
  );
}
