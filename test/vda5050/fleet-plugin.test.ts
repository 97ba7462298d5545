import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { openMqttBroker } from '@medkit/mqtt';
import { runPlugin } from '@medkit/plugin/testing';
import { plugin } from '@medkit/plugin-vda5050';
import { headerMaker, type ProtocolVersion, protocolOf, topicOf } from '@medkit/vda5050';
import { openDemoBroker } from '../../packages/programs/demo/src/fleet/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { startMosquitto } from '../harness/mosquitto.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { startAgentProgram } from './agent-program.ts';
import { startStandInGateway } from './stand-in-gateway.ts';

/** The start of an agent and its messages, on a busy machine. */
const TIMEOUT_MS = 120_000;
const PATH = '/apps/vda5050_agent/x-medkit-vda5050';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received document.
type Document = any;

const mosquitto = async () => {
  const { url, [Symbol.asyncDispose]: end } = await startMosquitto();
  return { url, end };
};
const demoBroker = async () => {
  const { url, close } = await openDemoBroker();
  return { url, end: close };
};

const BROKERS = [
  { name: 'Mosquitto', version: '3.0.0', protocol: '5', open: mosquitto, skip: missingSystemPackages('mosquitto') },
  { name: 'the broker of the demo', version: '2.1.0', protocol: '3.1.1', open: demoBroker, skip: false },
] as const;

/** Sends an order and an instant action, like a fleet control. */
async function command(brokerUrl: string, robot: Parameters<typeof topicOf>[0], version: ProtocolVersion) {
  const protocol = protocolOf(version);
  const header = headerMaker(robot, () => Date.now());
  const opened = Promise.withResolvers<void>();
  const broker = openMqttBroker({
    address: { url: brokerUrl, protocol: '3.1.1' },
    clientId: `fleet${Buffer.from(systemRandom.bytes(8)).toString('hex')}`,
    subscriptions: [],
    clock: systemClock,
    random: systemRandom,
    onOpen: () => opened.resolve(),
    onLost: () => undefined,
    onMessage: () => undefined,
  });
  await opened.promise;
  const nodes = [{ nodeId: 'dock', sequenceId: 0, released: true }];
  const order = protocol.encodeOrder(header(), { orderId: 'o-7', orderUpdateId: 0, nodes, edges: [] });
  await broker.publish(topicOf(robot, 'order'), order, { qos: 1, retain: false });
  const action = { actionId: 'a-1', actionType: 'clearFault', parameters: { faultCode: 'X', entityId: 'gate' } };
  await broker.publish(topicOf(robot, 'instantActions'), protocol.encodeInstantActions(header(), [action]), {
    qos: 1,
    retain: false,
  });
  await broker.close();
}

for (const { name, version, protocol, open, skip } of BROKERS) {
  test(`the plugin has what the agent sent by ${name}, and what the fleet control requested`, {
    skip,
    timeout: TIMEOUT_MS,
  }, async () => {
    await using resources = new AsyncDisposableStack();
    const broker = await open();
    resources.defer(() => broker.end());
    const gateway = resources.use(await startStandInGateway());
    const robot = { version, manufacturer: 'ACME', serialNumber: 'AMR-0001' } as const;
    const agent = startAgentProgram({ robot, gatewayUrl: gateway.url, brokerUrl: broker.url, protocol });
    resources.defer(async () => void (await agent.end('SIGTERM')));
    const run = await runPlugin(plugin, { options: { url: await agent.url() } });
    resources.defer(() => run.stop());
    const read = async (): Promise<Document> => (await run.ask('GET', PATH)).body;

    gateway.stand(['PROTECTIVE_STOP']);
    // The agent knows the fault before it is the only one of this robot, and sends states only then.
    const sent = await eventually('a state with the fault, sent by the only agent', async () => {
      const document = await read();
      const hasFault = document.errors?.some(({ type }: Document) => type === 'PROTECTIVE_STOP');
      return hasFault && document.agent.role === 'sole' && document.sent_at !== undefined && document;
    });
    assert.deepEqual([sent.agent.broker.connected, sent.agent.robot.version], [true, version]);
    assert.ok(Math.abs(Date.parse(sent.sent_at) - Date.now()) < TIMEOUT_MS, sent.sent_at);
    assert.equal(sent.order, undefined);

    await command(broker.url, robot, version);
    await eventually('the refused order, and the instant action', async () => {
      const { errors, instant_actions, nodes } = await read();
      const isRefused = errors.some(({ references }: Document) => references.orderId === 'o-7');
      const [action] = instant_actions;
      return isRefused && nodes.length === 0 && action?.action_id === 'a-1' && action.status === 'FAILED';
    });
  });
}
