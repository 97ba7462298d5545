import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SerialStress } from '../testing/serial-stress.ts';

const SERIALS = 100;
const EVENT_COUNT = 40;

it('never sends a fleet wrong information, whatever happens to agents, broker and gateway', async (test) => {
  const first = Number(process.env['AGENT_SEED'] ?? Math.floor(Math.random() * 1e9));
  const count = process.env['AGENT_SEED'] === undefined ? SERIALS : 1;
  test.diagnostic(`AGENT_SEED=${first}`);
  let states = 0;
  for (let seed = first; seed < first + count; seed++) {
    const serial = new SerialStress(seed);
    try {
      await serial.trouble(EVENT_COUNT);
      await serial.settle();
    } catch (error) {
      throw new Error(`AGENT_SEED=${seed}: ${(error as Error).message}\n${serial.story.join('\n')}`, { cause: error });
    }
    states += serial.states;
  }
  assert.ok(states > 10 * count, `only ${states} states were judged`);
});
