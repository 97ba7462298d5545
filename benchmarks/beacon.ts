import { cpuMs, median } from './process.ts';
import { appIds, type Gateway, startCrowd, startGateway, until } from './stage.ts';

const NODES = 200;
const MUTE = 20;
const INTERVAL_SEC = 2;
const ROUNDS = 9;
const ASK_MS = 200;
const SETTLE_MS = 5000;
/** Options of `medkit up` that enable the parameter beacon, all others at their defaults: a budget of ten seconds. */
const BEACON = [
  ...['--set', 'plugins=parameter_beacon'],
  ...['--set', `plugins.parameter_beacon.poll_interval_sec=${INTERVAL_SEC}`],
];

type Figures = Readonly<Record<string, number>>;

/**
 * Time in which the parameter beacon collects the data of all nodes, some of which never answer, and time of a later
 * round.
 */
export async function beacon(): Promise<void> {
  await using _crowd = await startCrowd(NODES, '--topics', '1', '--beacons', '--mute', String(MUTE));
  await using gateway = await startGateway(...BEACON);
  await until(async () => (await appIds(gateway.url)).length >= NODES);
  const knownMs = performance.now();
  await until(async () => (await figuresOf(gateway)).hints >= NODES - MUTE);
  console.log(
    `${NODES} nodes, ${MUTE} of them mute: ${NODES - MUTE} hints ${(performance.now() - knownMs).toFixed(0)} ms after all apps were shown`,
  );
  // Waits so that the first round, which opens all clients, does not affect the later ones.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const rounds: Figures[] = [];
  const cpuBefore = cpuMs(gateway.pid);
  const beganMs = performance.now();
  const before = await figuresOf(gateway);
  while (rounds.length < ROUNDS) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    const figures = await figuresOf(gateway);
    if (figures.rounds_total > (rounds.at(-1) ?? before).rounds_total) rounds.push(figures);
  }
  const polls = rounds.at(-1)!.polls_total - before.polls_total;
  const cpu = (cpuMs(gateway.pid) - cpuBefore) / (performance.now() - beganMs);
  const times = rounds.map(({ last_round_ms }) => last_round_ms);
  console.log(
    `later rounds: ${median(times)} ms (${times.join(' ')}), ${rounds.at(-1)!.rounds_cut_short_total} cut short, ` +
      `${rounds.at(-1)!.nodes_backed_off} nodes left alone; ${polls} polls at ${(100 * cpu).toFixed(0)} % of a core`,
  );
}

async function figuresOf({ url }: Gateway): Promise<Figures> {
  const health = (await (await fetch(`${url}/health`)).json()) as Record<string, Figures>;
  return health['x-medkit-param-beacon'];
}
