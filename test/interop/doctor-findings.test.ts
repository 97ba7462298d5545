import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { reserveDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';
import { namespacesMissing, openNetwork } from '../network/namespaces.ts';
import { sandboxMissing } from '../release/service-unit.ts';
import { startPeer } from './peer.ts';
import { peerPrograms } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const OTHER_DOMAIN = await reserveDomain();
const ENVIRONMENT = { ROS_DOMAIN_ID: String(DOMAIN), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
const MEDKIT = [process.execPath, join(import.meta.dirname, '../../packages/programs/cli/src/main.ts')];

interface ConsultOptions {
  /** Arguments before those of the command. */
  readonly prefix?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Report {
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly seen: string;
    readonly remedy?: string;
  }[];
}

/** Runs the doctor; its findings can be looked up by id and by text in their remedy. */
async function consult({ prefix = [], env = ENVIRONMENT }: ConsultOptions = {}) {
  const program = startProgram(['doctor', '--json'], { command: [...prefix, ...MEDKIT], env });
  const code = await program.ended;
  assert.match(program.output(), /^\{/);
  const { findings } = JSON.parse(program.output()) as Report;
  assert.equal(code, findings.some(({ severity }) => severity !== 'hint') ? 1 : 0);
  return (id: string, remedy = '') => findings.find((each) => each.id === id && (each.remedy ?? '').includes(remedy));
}

peerSuite('findings of the doctor with real DDS processes', {}, () => {
  test('the doctor reports that there are no participants, and names no unreachable robot', {
    timeout: 60_000,
  }, async () => {
    const found = await consult();
    assert.equal(found('no_participants')?.severity, 'error');
    assert.equal(found('unheard_here'), undefined);
  });

  for (const vendor of ['cyclone', 'fastdds'] as const) {
    test(`a robot on another domain is named with its program, on loopback (${vendor})`, {
      timeout: 60_000,
    }, async () => {
      await using _robot = await startPeer({ vendor, domainId: OTHER_DOMAIN, commands: ['node /talker'] });
      const found = await consult();
      assert.equal(found('no_participants')?.severity, 'error');
      const other = found('other_domain', `ROS_DOMAIN_ID=${OTHER_DOMAIN}`);
      assert.match(other?.seen ?? '', new RegExp(`${vendor}-peer \\(process \\d+\\)`));
    });
  }

  test('a robot on another domain of the network is named with its address', {
    timeout: 60_000,
    skip: namespacesMissing,
  }, async () => {
    await using network = await openNetwork(2);
    const [near, far] = network.hosts;
    await using _robot = await startPeer({
      vendor: 'cyclone',
      domainId: OTHER_DOMAIN,
      discovery: 'multicast',
      prefix: far!.prefix,
      addresses: far!.addresses,
      commands: ['node /talker'],
    });
    const env = { ROS_DOMAIN_ID: String(DOMAIN), ROS_AUTOMATIC_DISCOVERY_RANGE: 'SUBNET' };
    const found = await consult({ prefix: near!.prefix, env });
    const other = found('other_domain', `ROS_DOMAIN_ID=${OTHER_DOMAIN}`);
    assert.equal(other?.seen, `Cyclone DDS at ${far!.addresses[0]}.`);
  });

  test('shared memory that a killed program of Fast DDS left behind is found', {
    timeout: 60_000,
    skip: sandboxMissing,
  }, async () => {
    const { fastdds } = await peerPrograms();
    // In a private /dev/shm: other programs of this machine use the common one.
    const script = [
      'mount -t tmpfs tmpfs /dev/shm',
      `timeout -s KILL 2 ${fastdds} --domain ${OTHER_DOMAIN} --discovery shm 'node /killed' >&2 </dev/zero`,
      'exec "$@"',
    ].join('\n');
    const program = startProgram(['doctor', '--json'], {
      command: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', ...MEDKIT],
      env: ENVIRONMENT,
    });
    await program.ended;
    assert.match(program.output(), /"id": "shared_memory_left"/);
    assert.match(program.output(), /fastrtps_/);
  });
});
