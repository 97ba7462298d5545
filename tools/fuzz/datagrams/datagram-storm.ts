import { type SocketAddress, seededRandom } from '@medkit/edges';
import * as captured from '../../../packages/wire/rtps/src/testing/captured.ts';
import { type MutationSource, mutate } from '../../../packages/wire/rtps/src/testing/mutations.ts';
import { payloadOf, settled } from '../../../packages/wire/rtps/src/testing/scene.ts';
import { MemoryWatch } from '../memory-watch.ts';
import { InvariantViolated, rate, type Stage, tally } from '../stage.ts';
import { AttackScene } from './attack-scene.ts';
import { Forger } from './forger.ts';

/** Budget: incomplete remote samples (192 MiB), 2048 participants and 65,536 endpoints, early heartbeats, histories. */
const MEMORY_LIMIT_BYTES = 400 * 1024 * 1024;
/** Upper bound of drop reasons: they are constants of medkit, and input from outside must not create new ones. */
const MAX_DROP_REASONS = 64;
const MAX_PARTICIPANTS = 2048;

const DATAGRAMS_PER_STEP = 10;
const STEP_MS = 1;
const EXCHANGE_EVERY = 100;
const SETTLE_EVERY = 1000;
const LOOKS = 50;
/** Longer than every finite lease in use. */
const PAUSE_EVERY = 400_000;
const PAUSE_MS = 12_000;

/** Sends forged, corrupted and random datagrams to a participant that is exchanging data. */
export const datagramStorm: Stage = async ({ seed, count, deadlineMs, progress }) => {
  const random = seededRandom(seed);
  const field = new AttackScene(seed);
  await field.open();
  for (const bytes of Object.values(captured)) field.corpus.add(bytes);
  const source: MutationSource = { random, other: () => field.corpus.draw(random), prefixes: field.prefixes };
  const forger = new Forger(random);
  const drawn = (chance: number): Uint8Array => {
    if (chance < 0.01) return forger.next();
    const valid = field.corpus.draw(random);
    // Some are sent unchanged: a participant that was forced to leave returns, and sequence numbers are repeated.
    return chance < 0.09 ? valid : mutate(valid, source);
  };
  const memory = new MemoryWatch(MEMORY_LIMIT_BYTES);
  const lookEvery = Math.max(1000, Math.floor(count / LOOKS));
  const startedMs = performance.now();
  let depth = 0;
  let looks = 0;
  let sent = 0;
  let peakParticipants = 0;
  let last = new Uint8Array(0);
  try {
    for (; sent < count && performance.now() < deadlineMs; sent += 1) {
      last = drawn(random.float()).slice();
      const listener = field.listeners[Math.floor(random.float() * field.listeners.length)];
      listener(last, addressOf(random.float()));
      if (sent % DATAGRAMS_PER_STEP === 0) field.pass(STEP_MS);
      if (sent % EXCHANGE_EVERY === 0) field.exchange();
      if (sent % SETTLE_EVERY === 0) await settled();
      if (sent % PAUSE_EVERY === PAUSE_EVERY - 1) field.pass(PAUSE_MS);
      if (sent % lookEvery !== lookEvery - 1) continue;
      looks += 1;
      depth += field.depth();
      const participants = field.target.participants().length;
      peakParticipants = Math.max(peakParticipants, participants);
      checkTables(field, participants);
      progress(
        `${sent.toLocaleString('en')} datagrams, ${rate(sent, startedMs)}, ${memory.sample()}, ` +
          `${participants} participants, ${field.target.endpoints().length} endpoints`,
      );
    }
    const speed = rate(sent, startedMs);
    await checkHealth(field);
    memory.sample();
    return [
      `${sent.toLocaleString('en')} datagrams of ${field.corpus.sorts} sorts, ${speed}, ` +
        `${Math.round((100 * depth) / Math.max(1, looks))} % of the forged endpoints matched at a time, ` +
        `up to ${peakParticipants} participants`,
      memory.figures(),
      `values of the healthy peer: ${field.describe()}`,
      `dropped: ${tally(field.target.facts().dropped)}`,
    ];
  } catch (error) {
    const text = error instanceof InvariantViolated ? error.message : ((error as Error).stack ?? String(error));
    throw new InvariantViolated(
      `after ${sent} datagrams: ${text}\n` +
        `again: npm run fuzz -- --only datagrams --seed ${seed} --count ${count}\n` +
        `the last datagram: ${Buffer.from(last).toString('hex')}\n` +
        `${memory.figures()}\nvalues of the healthy peer: ${field.describe()}\n` +
        `dropped: ${tally(field.target.facts().dropped)}`,
      { cause: error },
    );
  }
};

/** Usually the address of a forged participant, sometimes another address. */
function addressOf(chance: number): SocketAddress {
  if (chance < 0.9) return { address: `10.0.0.${11 + Math.floor((chance / 0.9) * 3)}`, port: 7410 };
  return { address: `10.0.0.${Math.floor((chance - 0.9) * 2550)}`, port: Math.floor(chance * 65_536) };
}

function checkTables({ target }: AttackScene, participants: number): void {
  const { dropped, failures } = target.facts();
  if (failures.length > 0) throw new InvariantViolated(failures.join('; '));
  const reasons = Object.keys(dropped);
  if (participants > MAX_PARTICIPANTS) throw new InvariantViolated(`${participants} participants`);
  if (reasons.length > MAX_DROP_REASONS) throw new InvariantViolated(`${reasons.length} reasons for drops: ${reasons}`);
}

/** Checks after the storm that the old exchange continues and that a new participant is discovered. */
async function checkHealth(field: AttackScene): Promise<void> {
  const { scene, target } = field;
  for (let round = 0; round < 200; round += 1) {
    field.exchange();
    await scene.pass(5);
  }
  await reached(field, 'the values of the healthy peer arrive', () => field.isQuiet());
  const topic = { topicName: 'rt/after', typeName: 'Fuzz' };
  const values: number[] = [];
  const qos = { reliability: 'reliable', durability: 'transient-local', history: { kind: 'keep-all' } } as const;
  const newcomer = await scene.join('10.0.0.99');
  const writer = newcomer.createWriter({ ...topic, qos });
  for (let value = 0; value < 50; value += 1) writer.write(payloadOf(value, value % 10 === 0 ? 50_000 : 60));
  const reader = target.createReader({
    ...topic,
    qos: { reliability: 'reliable', durability: 'transient-local' },
    onSample: ({ payload }) => values.push(new DataView(payload.buffer, payload.byteOffset).getUint32(4, true)),
  });
  await reached(field, 'a new participant matches a new reader', () => reader.matched().length === 1);
  await reached(field, 'the history of a new participant arrives', () => values.length === 50);
  if (values.some((value, index) => value !== index)) throw new InvariantViolated(`out of order: ${values}`);
}

async function reached({ scene }: AttackScene, what: string, condition: () => boolean): Promise<void> {
  try {
    await scene.until(condition, 60_000, 20);
  } catch (error) {
    if (error instanceof InvariantViolated) throw error;
    throw new InvariantViolated(`does not happen after the storm: ${what}`, { cause: error });
  }
}
