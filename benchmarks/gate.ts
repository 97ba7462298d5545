import { closedGate, decide } from '../packages/programs/demo/src/gate/decision.ts';
import { frontReader } from '../packages/programs/demo/src/gate/front-range.ts';
import { GATE_SETTINGS } from '../packages/programs/demo/src/gate/gate-settings.ts';
import { formatRounds, median } from './process.ts';

const ROUNDS = 15;
const EVALUATIONS = 10_000;
/** Few enough that no garbage collection occurs between two heap measurements. */
const WEIGHED = 500;
const TURN = 2 * Math.PI;

/**
 * Share of a core of a safety gate that decides ten thousand times a second, each time on a new scan. Compared with a
 * bare minimum search over as many numbers. Fails above a twentieth of a core.
 */
export async function gate(): Promise<void> {
  let worst = 0;
  for (const rays of [360, 1440]) {
    const ours = evaluation(rays);
    const baseline = leastOfFront(rays);
    const rounds = Array.from({ length: ROUNDS }, () => ({
      us: microseconds(ours),
      baselineUs: microseconds(baseline),
    }));
    const shares = rounds.map(({ us }) => (us * EVALUATIONS * 100) / 1e6);
    worst = Math.max(worst, median(shares));
    const [us, baselineUs] = [median(rounds.map((round) => round.us)), median(rounds.map((round) => round.baselineUs))];
    console.log(
      `${rays} rays: ${us.toFixed(2)} us each, ${(us / baselineUs).toFixed(1)} of the bare search (${baselineUs.toFixed(2)} us), ` +
        `${bytesEach(ours).toFixed(0)} octets made; ${EVALUATIONS} a second are ${formatRounds(shares)} % of a core`,
    );
  }
  if (worst > 5) throw new Error(`${EVALUATIONS} evaluations a second take ${worst.toFixed(1)} % of a core, not 5`);
}

/** Reads one new scan and makes one decision. */
function evaluation(rays: number): (at: number) => void {
  const read = frontReader(GATE_SETTINGS);
  const scans = Array.from({ length: 64 }, (_, index) => scanOf(rays, index));
  const velocity = { linearMps: 0.5, angularRps: 0.1 };
  let nowMs = 0;
  let decision = closedGate(nowMs);
  return (at) => {
    nowMs += 0.1;
    const scan = { front: read(scans[at % scans.length]), arrivedMs: nowMs };
    decision = decide(decision, { nowMs, scan, wanted: { velocity, arrivedMs: nowMs } }, GATE_SETTINGS);
  };
}

/** Builds the scan of a room; in one of two scans a person is near. */
function scanOf(rays: number, index: number) {
  const ranges = Float32Array.from({ length: rays }, (_, ray) => 2 + Math.sin(ray + index));
  ranges[rays / 2] = index % 2 === 0 ? 3 : 0.5;
  return { angle_min: -Math.PI, angle_increment: TURN / rays, range_min: 0.05, range_max: 12, ranges };
}

/** The calibrator: only the minimum of the front rays. */
function leastOfFront(rays: number): (at: number) => void {
  const { ranges } = scanOf(rays, 1);
  const half = Math.round((rays * GATE_SETTINGS.frontRad) / TURN);
  let sum = 0;
  return (at) => {
    let least = Number.POSITIVE_INFINITY;
    for (let ray = rays / 2 - half; ray <= rays / 2 + half; ray += 1) if (ranges[ray] < least) least = ranges[ray];
    sum += least + at;
    if (sum < 0) throw new Error('this is read, so that the search is made');
  };
}

function microseconds(work: (at: number) => void): number {
  const before = process.cpuUsage();
  for (let at = 0; at < EVALUATIONS; at += 1) work(at);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / EVALUATIONS;
}

function bytesEach(work: (at: number) => void): number {
  const weighed = Array.from({ length: ROUNDS }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < WEIGHED; at += 1) work(at);
    return (process.memoryUsage().heapUsed - before) / WEIGHED;
  });
  return median(weighed);
}
