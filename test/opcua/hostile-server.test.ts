import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type RunningPlc, startPlc } from '../../packages/programs/plc/src/index.ts';
import { PlcError } from '../../packages/wire/opcua/src/plc-error.ts';
import type { PlcSession } from '../../packages/wire/opcua/src/plc-session.ts';
import { eventually } from '../harness/eventually.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { fastClock, usedBytes } from './hostile-harness.ts';
import { openHostileServer } from './hostile-server.ts';
import { openLink } from './opened-link.ts';
import { RecordedAnswers } from './recorded-answers.ts';
import { openProxy } from './tcp-proxy.ts';

const MUTATIONS = scaledStorm(100_000, 2000);
/** Allowed memory growth: one message of the maximum size, and garbage not yet collected. */
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;
/** Concurrent connections: most of the time one waits for the rest of an incomplete message. */
const LINKS = 8;
const SOURCE = { notifier: 'i=2253', associatedValues: ['2:SD_1'] };

describe('A hostile server of OPC UA', () => {
  let plc: RunningPlc;
  const recorded = new RecordedAnswers();

  before(async () => {
    plc = await startPlc();
    const proxy = await openProxy(plc.endpointUrl, {
      onRequest: (octets) => recorded.request(octets),
      onAnswer: (octets) => recorded.answer(octets),
    });
    const opened = openLink({ endpointUrl: proxy.endpointUrl, eventIntervalMs: 50 });
    const session = await opened.session();
    const refused = await everything(session, () => plc.alarm('activate', 'PumpOverload'));
    await eventually('events and values', async () => (recorded.byType.get(826)?.length ?? 0) > 5);
    await opened.link.stop();
    await proxy.close();
    assert.deepEqual(refused, []);
  });
  after(() => plc.stop());

  test('[edge] leaves the client intact whatever it answers, and the next valid server is used', async (context) => {
    printSeed(context);
    const hostile = await openHostileServer(recorded, seededRandom(STORM_SEED));
    const bytesBefore = usedBytes();
    let sessions = 0;
    const strange: unknown[] = [];
    const suffer = async () => {
      const opened = openLink({ endpointUrl: hostile.endpointUrl, clock: fastClock, eventIntervalMs: 50 });
      while (hostile.mutations < MUTATIONS && strange.length === 0) {
        strange.push(...(await everything(await opened.session())).filter((error) => !(error instanceof PlcError)));
      }
      sessions += opened.sessions;
      await opened.link.stop();
    };
    await Promise.all(Array.from({ length: LINKS }, suffer)).finally(() => hostile.close());
    assert.deepEqual(strange, [], 'whatever is answered, who asked gets a PlcError');
    context.diagnostic(
      `${hostile.mutations} changed answers, ${hostile.connections} connections, ${sessions} sessions`,
    );
    const grownBytes = usedBytes() - bytesBefore;
    context.diagnostic(`${Math.round(grownBytes / 1024 / 1024)} MiB more than before`);
    assert.ok(grownBytes < MAX_GROWTH_BYTES, `${grownBytes} octets more than before`);

    const good = openLink({ endpointUrl: plc.endpointUrl });
    const [level] = await (await good.session()).read(['ns=2;s=Tank.Level']);
    assert.equal(level?.quality, 'good');
    await good.link.stop();
  });
});

/** Calls everything that a session offers. Returns the errors. */
async function everything(
  session: PlcSession,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<unknown[]> {
  const nodes = ['ns=2;s=Tank.Level', 'ns=2;s=Pump.StatusWord', 'ns=2;s=Controller.Mode', 'ns=2;s=Tank.FilledTotal'];
  const results = await Promise.allSettled([
    session.watch(nodes, 50, () => undefined),
    session
      .watchEvents([SOURCE], () => undefined)
      .then(meanwhile)
      .then(() => session.refreshConditions()),
    session.read(nodes),
    session.describe(nodes),
    session.browse('ns=2;s=Station', 50),
    session.browse('ns=2;s=Tank', 3),
    session.describeMethod('ns=2;s=Station.Fill'),
    session.call('ns=2;s=Station', 'ns=2;s=Station.Fill', [900]),
    session.write('ns=2;s=Pump.SpeedSetpoint', 50),
    session.readNameplate(),
    session.readConditions({ notifier: 'ns=2;s=Pump', associatedValues: [] }),
  ]);
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
}
