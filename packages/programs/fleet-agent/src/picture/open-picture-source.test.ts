import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { faultEvent, listed, peerFault, symptomOf } from '../testing/faults.ts';
import { configOf, FEED } from '../testing/read-text.ts';
import { RobotGateway, refusal } from '../testing/robot-gateway.ts';
import { openPictureSource } from './open-picture-source.ts';
import type { PictureSource } from './robot-picture.ts';

const open: { readonly source: PictureSource; readonly gateway: RobotGateway }[] = [];

afterEach(async () => {
  for (const { source, gateway } of open.splice(0)) {
    await source.stop();
    await gateway.settle();
    assert.equal(gateway.clock.timers, 0);
  }
});

/** Follows a robot through a gateway; `seen` contains the errors of every picture. */
async function follow(gateway: RobotGateway, text = '') {
  const source = openPictureSource({ client: gateway.client, clock: gateway.clock, config: configOf(FEED + text) });
  open.push({ source, gateway });
  const seen: string[] = [];
  source.onChange(() => seen.push(errorsOf(source).join()));
  await gateway.settle();
  return { source, seen };
}

const errorsOf = ({ picture }: PictureSource) => (picture?.errors ?? []).map(({ type }) => type);
const membersOf = ({ picture }: PictureSource) => picture?.members;
const healed = (code: string) => faultEvent('fault_healed', listed(code, { status: 'HEALED' }));

describe('the picture of a robot', () => {
  it('has the active faults, the most severe first, with links to their records', async () => {
    const gateway = new RobotGateway();
    gateway.publicUrl = 'https://plant/amr-1/';
    gateway.faults = [
      listed('SLOW', { severity: 1 }),
      listed('STOP', { severity: 3 }),
      listed('GOAL_ABORTED', { 'x-medkit': symptomOf('STOP') }),
      peerFault('island', 'NOTE', { severity: 0, entity_id: 'gate' }),
    ];
    const { source, seen } = await follow(gateway);
    assert.deepEqual(seen, ['STOP,SLOW']);
    assert.deepEqual(source.picture?.errors[0]?.references, [
      { key: 'entityId', value: 'motor' },
      { key: 'sovdUri', value: 'https://plant/amr-1/api/v1/apps/motor/faults/STOP' },
      { key: 'since', value: '2026-02-04T10:30:00.000Z' },
    ]);
    assert.deepEqual(
      source.picture?.information.map(({ type, level }) => [type, level]),
      [['NOTE', 'INFO']],
    );
    assert.equal(source.picture?.gatewayProblem, undefined);
  });

  it('gains a new fault with one request of the list, and loses a healed one without any', async () => {
    const gateway = new RobotGateway();
    const { seen } = await follow(gateway);
    await gateway.clock.advanceAsync(200);
    gateway.faults = [listed('STOP')];
    gateway.sendEvent(faultEvent('fault_confirmed', listed('STOP')));
    await gateway.settle();
    assert.deepEqual([seen, gateway.lists], [['', 'STOP'], 2]);
    gateway.sendEvent(healed('STOP'));
    await gateway.settle();
    assert.deepEqual([seen, gateway.lists], [['', 'STOP', ''], 2]);
  });

  it('never contains a fault again that ended before its list arrived', async () => {
    const gateway = new RobotGateway();
    gateway.faults = [listed('STOP')];
    const { source, seen } = await follow(gateway);
    await gateway.clock.advanceAsync(200);
    const late = Promise.withResolvers<void>();
    gateway.answers.set('GET /faults?status=confirmed', async () => {
      await late.promise;
      return Response.json({ items: [listed('STOP'), listed('OTHER')] });
    });
    gateway.sendEvent(faultEvent('fault_confirmed', listed('OTHER')));
    await gateway.settle();
    gateway.sendEvent(healed('STOP'));
    await gateway.settle();
    assert.deepEqual(errorsOf(source), []);
    late.resolve();
    await gateway.settle();
    assert.deepEqual(seen, ['STOP', '', 'OTHER']);
  });

  it('contains the reason why the gateway does not answer, and is read again when it is back', async () => {
    const gateway = new RobotGateway();
    gateway.faults = [listed('STOP')];
    const { source, seen } = await follow(gateway);
    gateway.answers.set('GET /faults/stream', () => new Error('connect ECONNREFUSED'));
    gateway.break();
    await gateway.settle();
    assert.match(source.picture?.gatewayProblem ?? '', /no answer from .*: socket hang up/);
    assert.deepEqual(errorsOf(source), ['STOP'], 'what was known last');
    gateway.faults = [];
    gateway.answers.clear();
    await gateway.clock.advanceAsync(3000, 100);
    assert.deepEqual([source.picture?.gatewayProblem, seen.at(-1)], [undefined, '']);
  });

  it('has a reason if the gateway does not answer, or refuses', async () => {
    const gateway = new RobotGateway();
    gateway.answers.set('GET /faults/stream', () => refusal(401));
    const { source } = await follow(gateway);
    assert.match(
      source.picture?.gatewayProblem ?? '',
      /rejected the request with 401: Refused with 401; check gateway\.token_file/,
    );
    gateway.answers.clear();
    await gateway.clock.advanceAsync(1500, 100);
    assert.equal(source.picture?.gatewayProblem, undefined);
  });

  it('is not trusted if the gateway hangs, and its stream is opened again', async () => {
    const gateway = new RobotGateway();
    const { source } = await follow(gateway);
    gateway.answers.set('GET /version-info', () => 'hangs');
    gateway.answers.set('GET /faults/stream', () => new Error('connect ETIMEDOUT'));
    await gateway.clock.advanceAsync(11_500, 250);
    assert.match(source.picture?.gatewayProblem ?? '', /no answer in 5000 ms/);
    await gateway.clock.advanceAsync(1500, 250);
    assert.match(source.picture?.gatewayProblem ?? '', /connect ETIMEDOUT/);
    gateway.answers.clear();
    await gateway.clock.advanceAsync(2000, 250);
    assert.deepEqual([source.picture?.gatewayProblem, gateway.streams], [undefined, 4]);
  });

  it('pings a silent gateway every few seconds, without requesting its faults', async () => {
    const gateway = new RobotGateway();
    const { source } = await follow(gateway);
    await gateway.clock.advanceAsync(30_000, 250);
    assert.equal(gateway.lists, 1);
    const looks = gateway.requests.filter((request) => request === 'GET /version-info').length;
    assert.ok(looks >= 3 && looks <= 6, `${looks} times`);
    assert.equal(source.picture?.gatewayProblem, undefined);
  });

  it('requests the faults of gateways again that did not answer, until they do', async () => {
    const gateway = new RobotGateway();
    gateway.faults = [peerFault('arm', 'A')];
    const { source } = await follow(gateway);
    gateway.faults = [];
    gateway.aboutFaults = { partial: true, failed_peers: ['arm'] };
    await gateway.clock.advanceAsync(200);
    gateway.sendEvent(faultEvent('fault_confirmed', listed('B')));
    await gateway.settle();
    assert.deepEqual(errorsOf(source), ['A']);
    gateway.aboutFaults = {};
    await gateway.clock.advanceAsync(6000, 250);
    assert.deepEqual(errorsOf(source), []);
  });

  it('reads the list after an event that cannot be read', async () => {
    const gateway = new RobotGateway();
    const { seen } = await follow(gateway);
    await gateway.clock.advanceAsync(200);
    gateway.faults = [listed('STOP')];
    gateway.say('{"event_type"');
    await gateway.settle();
    assert.deepEqual(seen, ['', 'STOP']);
    await gateway.clock.advanceAsync(200);
    gateway.faults = [];
    gateway.say('null');
    await gateway.settle();
    assert.deepEqual(seen, ['', 'STOP', '']);
  });

  it('has the members that are mapped, each item of data subscribed to once, and says when one is old', async () => {
    const gateway = new RobotGateway();
    const battery = 'apps/bms/data/state';
    const { source } = await follow(
      gateway,
      `values:
  position: none
  velocity: { from: apps/base/data/odom, vx: v.x, vy: v.y, omega: w, max_age_s: 60 }
  battery: { from: ${battery}, charge: { field: percentage, scale: 100 }, charging: { field: status, words: { 1: true, else: false } } }
  emergency_stop: { value: NONE }
  field_violation: { faults: ["STOP*"] }
`,
    );
    const subscriptions = gateway.requests.filter((request) => request.startsWith('POST '));
    assert.deepEqual(subscriptions, ['POST /apps/base/cyclic-subscriptions', 'POST /apps/bms/cyclic-subscriptions']);
    gateway.sendValue('apps/base/data/odom', { v: { x: 0.5, y: 0 }, w: 0 });
    await gateway.settle();
    assert.equal(membersOf(source), undefined);
    assert.deepEqual(
      source.picture?.missing.map(({ member }) => member),
      ['battery.charge', 'battery.charging'],
    );
    gateway.sendValue(battery, { percentage: 0.25, status: 2 });
    await gateway.settle();
    assert.deepEqual(membersOf(source), {
      velocity: { vx: 0.5, vy: 0, omega: 0 },
      driving: true,
      battery: { chargePercent: 25, charging: false },
      operatingMode: 'MANUAL',
      safety: { emergencyStop: 'NONE', fieldViolation: false },
    });
    gateway.faults = [listed('STOPPED')];
    gateway.sendEvent(faultEvent('fault_confirmed', listed('STOPPED')));
    await gateway.clock.advanceAsync(200);
    assert.equal(membersOf(source)?.safety.fieldViolation, true);
    await gateway.clock.advanceAsync(6000, 250);
    const [, stale] = source.picture?.errors ?? [];
    assert.deepEqual(
      [stale?.type, stale?.level, stale?.references[0]?.value],
      ['STALE_VALUE', 'WARNING', 'battery.charge'],
    );
    assert.equal(membersOf(source)?.battery.chargePercent, 25);
    gateway.sendValue(battery, { percentage: 0.2, status: 1 });
    await gateway.settle();
    assert.deepEqual(errorsOf(source), ['STOPPED']);
    assert.deepEqual(membersOf(source)?.battery, { chargePercent: 20, charging: true });
  });

  it('waits for data that does not exist yet', async () => {
    const gateway = new RobotGateway();
    gateway.answers.set('POST /apps/bms/cyclic-subscriptions', () => refusal(404));
    const battery = 'values: { battery: { from: apps/bms/data/state, charge: percentage } }\n';
    const { source } = await follow(gateway, battery);
    const problem = () => source.picture?.missing.find(({ member }) => member === 'battery.charge')?.reason;
    assert.equal(problem(), 'apps/bms/data/state: the gateway rejected the request with 404: Refused with 404');
    gateway.answers.clear();
    await gateway.clock.advanceAsync(2500, 100);
    gateway.sendValue('apps/bms/data/state', { percentage: 40 });
    await gateway.settle();
    assert.equal(problem(), undefined);
  });
});
