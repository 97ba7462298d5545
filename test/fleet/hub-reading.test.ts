import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, describe, it } from 'node:test';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { eventually } from '../harness/eventually.ts';

const closing: (() => unknown)[] = [];
after(async () => {
  for (const close of closing) await close();
});

async function startHub(): Promise<TestHub> {
  const hub = await testHub();
  closing.push(() => hub.close());
  return hub;
}

/** A robot with a log, connected to the hub. */
async function startRobot(hub: TestHub, name: string) {
  const robot = await testUplinkRobot(name.length);
  const key = await enrolTestRobot(hub, name, { site: 'berlin' });
  const connect = () => connectTestRobot(key, robot.server);
  closing.push(() => robot.close());
  return { ...robot, connect };
}

const codes = async (hub: TestHub, query = '') =>
  (await hub.fleet('GET', `/faults${query}`))
    .json()
    .items.map((item: FleetFault) => [item.robot, item.fault.fault_code]);
interface FleetFault {
  readonly robot: string;
  readonly fault: { readonly fault_code: string };
}

describe('a hub and the uplink logs of its robots', () => {
  it('lists the faults of the log, follows it, and reports its cursor to the robot', async () => {
    const hub = await startHub();
    const robot = await startRobot(hub, 'amr-17');
    await robot.report('BEFORE');
    const uplink = await robot.connect();
    await eventually('the backlog', async () => (await codes(hub)).length === 1);
    await robot.report('DURING', 'fault_confirmed', 3);
    await eventually('the live record', async () => (await codes(hub)).length === 2);
    assert.deepEqual(await codes(hub, '?severity=critical'), [['amr-17', 'DURING']]);
    await robot.report('BEFORE', 'fault_cleared');
    await eventually('the cleared fault', async () => (await codes(hub)).length === 1);
    const counts = (await hub.fleet('GET', '')).json();
    assert.deepEqual([counts.robots, counts.faults.critical, counts.sites[0].site], [1, 1, 'berlin']);

    const { newest } = await robot.uplink.log()!.head();
    const { log } = (await hub.fleet('GET', '/robots/amr-17')).json();
    assert.equal(log.seq, newest);
    await eventually('the cursor', async () => (await robot.uplink.log()!.cursors())[0]?.seq === newest);
    uplink.close();
    await robot.report('AWAY');
    await eventually('absence', async () => (await hub.fleet('GET', '/robots/amr-17')).json().presence === 'offline');
    assert.deepEqual(await codes(hub), [['amr-17', 'DURING']]);
    const again = await robot.connect();
    await eventually('what happened meanwhile', async () => (await codes(hub)).length === 2);
    again.close();
  });

  it('reads the state again if records were removed unread: one of them may have been the end of a fault', async () => {
    const hub = await startHub();
    const key = await enrolTestRobot(hub, 'amr-3');
    const active = { fault_code: 'ENDED', severity: 2, status: 'CONFIRMED' };
    let states = 0;
    const uplink = await connectTestRobot(key, (request, response) => {
      if (request.method === 'PUT') response.writeHead(204).end();
      else if (!request.url?.endsWith('/state')) response.end('{"kind":"hole","from":1,"to":9}\n');
      else {
        response.end(JSON.stringify({ ...STATE, faults: states === 0 ? [active] : [] }));
        states += 1;
      }
    });
    await eventually('the second state', async () => states > 1 && (await codes(hub)).length === 0);
    uplink.close();
  });

  const hostile: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
    'sends no JSON': (_request, response) => void response.end('<html>'),
    'sends a state of another shape': (_request, response) => void response.end('{"log":7}'),
    'sends an endless state': endless('[[[['),
    'sends an endless line': withState(endless('x')),
    'sends lines without numbers': withState((_request, response) => void response.end('{}\n{}\n')),
    'sends numbers that do not follow': withState(
      (_request, response) => void response.end('{"seq":7,"kind":"boot"}\n'),
    ),
    'never answers': () => undefined,
    'closes each connection': (request) => void request.socket.destroy(),
  };
  it('a robot that sends anything else only harms its session', async () => {
    const hub = await startHub();
    for (const [at, [, listener]] of Object.entries(hostile).entries()) {
      const key = await enrolTestRobot(hub, `hostile-${at}`);
      const uplink = await connectTestRobot(key, listener);
      closing.push(() => uplink.close());
    }
    const robot = await startRobot(hub, 'amr-1');
    await robot.report('SOUND');
    const uplink = await robot.connect();
    await eventually('the faults of the sound robot', async () => (await codes(hub)).length === 1);
    await eventually('messages about the others', async () => {
      const troubled = hub.log.filter((line) => /cannot read the uplink log of hostile-/.test(line));
      return troubled.length >= 5;
    });
    await robot.report('LATER');
    await eventually('later faults', async () => (await codes(hub)).length === 2);
    const { items } = (await hub.fleet('GET', '/robots?presence=online')).json();
    assert.equal(items.length, Object.keys(hostile).length + 1);
    const odd = items.find(({ id }: { id: string }) => id === 'hostile-5');
    assert.deepEqual(
      odd.problems.map(({ code }: { code: string }) => code),
      ['uplink_chain'],
    );
    uplink.close();
  });
});

/** Answers each request with text without end, as fast as the reader takes it. */
function endless(text: string) {
  const chunk = text.repeat(16_384);
  return (_request: IncomingMessage, response: ServerResponse): void => {
    const write = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', write);
    write();
  };
}

const STATE = {
  ...{ log: 'l', newest: 9, hash: '', removed: 0, boot: 1, at_ms: 1, mono_ms: 1, tree_etag: '', faults: [] },
  ...{ more_faults: 0, hubs: [] },
};

/** Answers requests for the state; `listener` answers the others. */
function withState(listener: (request: IncomingMessage, response: ServerResponse) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.endsWith('/state')) response.end(JSON.stringify(STATE));
    else listener(request, response);
  };
}
