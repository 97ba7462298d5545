import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningPlc, startPlc } from '../../packages/programs/plc/src/index.ts';
import type { PlcEvent } from '../../packages/wire/opcua/src/plc-event.ts';
import { eventually } from '../harness/eventually.ts';
import { type ChunkWay, openChunkProxy } from './chunk-proxy.ts';
import { openLink } from './opened-link.ts';
import { BODY_AT, kindOf, SEQUENCE_AT, typeOf } from './recorded-answers.ts';

/** Nodes that change only through the tests; each test uses one. */
const [POSITION, SPEED] = ['ns=2;s=Valve.PositionSetpoint', 'ns=2;s=Pump.SpeedSetpoint'] as const;
/** Types of bodies (OPC 10000-6, A.2). */
const PUBLISH_ANSWER = 829;
const REPUBLISH = 832;
const EVENT_QUEUE_OVERFLOW = 'i=3035';

/** Drops answers of a server and changes nothing else. */
class LossyWay implements ChunkWay {
  /** Number of upcoming notifications to drop. */
  toLose = 0;
  /** Whether the server no longer has the notifications that are requested again. */
  isForgetful = false;
  lost: number[] = [];
  readonly requestedAgain: number[] = [];
  /** Unacknowledged notifications that the server retains, as last reported. */
  retained = 0;
  #missing = 0;

  onRequest(chunk: Buffer): readonly Buffer[] {
    if (kindOf(chunk) !== 'MSG' || typeOf(chunk) !== REPUBLISH) return [chunk];
    this.requestedAgain.push(chunk.readUInt32LE(chunk.length - 4));
    if (this.isForgetful) chunk.writeUInt32LE(1_000_000, chunk.length - 4);
    return [chunk];
  }

  onAnswer(chunk: Buffer): readonly Buffer[] {
    if (kindOf(chunk) !== 'MSG') return [chunk];
    const {
      number = 0,
      retained = this.retained,
      count = 0,
    } = typeOf(chunk) === PUBLISH_ANSWER ? notificationIn(chunk) : {};
    this.retained = retained;
    if (count > 0 && this.toLose > 0) {
      this.toLose--;
      this.lost.push(number);
      this.#missing++;
      return [];
    }
    chunk.writeUInt32LE(chunk.readUInt32LE(SEQUENCE_AT) - this.#missing, SEQUENCE_AT);
    return [chunk];
  }
}

/** Parses the notification after the header of a Publish answer (OPC 10000-4, 5.14.5). */
function notificationIn(chunk: Buffer) {
  const retainedAt = BODY_AT + 4 + 24 + 4;
  const retained = Math.max(0, chunk.readInt32LE(retainedAt));
  const numberAt = retainedAt + 4 + 4 * retained + 1;
  return { retained, number: chunk.readUInt32LE(numberAt), count: chunk.readInt32LE(numberAt + 12) };
}

describe('A lost notification of an OPC UA server', { concurrency: true }, () => {
  let plc: RunningPlc;
  before(async () => {
    plc = await startPlc();
  });
  after(() => plc.stop());

  /** Opens a session over a lossy connection; nothing is lost before the session has begun. */
  const opened = async () => {
    const way = new LossyWay();
    const proxy = await openChunkProxy(plc.endpointUrl, () => way);
    const warnings: string[] = [];
    const link = openLink({
      endpointUrl: proxy.endpointUrl,
      eventIntervalMs: 100,
      log: (_level, text) => void warnings.push(text),
    });
    const session = await link.session();
    const values: unknown[] = [];
    const watch = async (nodeId: string) => {
      await session.watch([nodeId], 50, (changed) => void values.push(...changed.map(([, { value }]) => value)));
      await eventually('the first value', async () => values.length > 0);
    };
    const close = async () => {
      assert.deepEqual([link.sessions, link.losses], [1, 0], link.lastLoss?.problem);
      await link.link.stop();
      await proxy.close();
    };
    return { way, session, values, warnings, watch, close };
  };

  test('[edge] is requested again, delivered before the next one, and acknowledged, so that the server frees it', async () => {
    const { way, values, warnings, watch, close } = await opened();
    await watch(POSITION);
    values.length = 0;
    way.toLose = 2;
    for (const value of [41, 42]) {
      await plc.set(POSITION, value);
      await eventually('the loss', async () => way.lost.length === value - 40);
    }
    await plc.set(POSITION, 43);
    await eventually('the last value', async () => values.includes(43));
    assert.deepEqual(values, [41, 42, 43]);
    assert.deepEqual(way.requestedAgain, way.lost);
    for (let value = 44; value < 60; value++) {
      await plc.set(POSITION, value);
      await eventually(`the value ${value}`, async () => values.at(-1) === value);
    }
    assert.equal(way.requestedAgain.length, 2);
    assert.ok(way.retained > 0 && way.retained <= 4, `${way.retained} are kept`);
    assert.deepEqual(warnings, []);
    await close();
  });

  test('[edge] that the server no longer has is replaced by a read, which is logged once', async () => {
    const { way, values, warnings, watch, close } = await opened();
    await watch(SPEED);
    way.isForgetful = true;
    for (const value of [51, 52]) {
      way.toLose = 1;
      await plc.set(SPEED, value);
      await eventually('the value that was lost', async () => values.at(-1) === value);
    }
    assert.equal(way.lost.length, 2);
    assert.deepEqual(way.requestedAgain, way.lost);
    assert.equal(warnings.length, 1);
    assert.match(warnings.join(), /1 notifications were lost.*all values are read again, and conditions refreshed/);
    await close();
  });

  test('[edge] that contained events is reported as an event that requires a refresh', async () => {
    const { way, session, close } = await opened();
    const events: PlcEvent[] = [];
    await session.watchEvents([{ notifier: 'i=2253', associatedValues: [] }], (event) => void events.push(event));
    way.isForgetful = true;
    way.toLose = 1;
    await plc.systemMessage('one that is lost');
    const lost = await eventually('the loss', async () =>
      events.find(({ eventType }) => eventType === EVENT_QUEUE_OVERFLOW),
    );
    assert.deepEqual([lost.notifier, lost.conditionId], ['i=2253', undefined]);
    assert.ok(!events.some(({ message }) => message === 'one that is lost'));
    await session.refreshConditions();
    await close();
  });
});
