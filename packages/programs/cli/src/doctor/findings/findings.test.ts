import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MachineFacts } from '../machine/machine-facts.ts';
import type { RosProcess } from '../machine/ros-process.ts';
import type { Finding } from './finding.ts';
import { findingsMarkdown } from './findings-markdown.ts';
import { FINDINGS } from './findings-table.ts';
import { machineFindings } from './machine-findings.ts';
import { type ProgramScope, programFindings } from './program-findings.ts';

const QUIET: MachineFacts = {
  sockets: [],
  processes: [],
  listening: new Set(),
  sharedMemory: [],
  lostDatagrams: 0,
  links: [{ name: 'eth0', loopback: false, multicast: true, mtu: 1500 }],
  clock: { nowMs: Date.UTC(2026, 2, 23), jumpedMs: 0.4, synchronised: true },
  disk: { folder: '/var/lib', freeBytes: 8e9 },
};
const SCOPE: ProgramScope = { domainId: 7, hasParticipants: true, local: false, otherDomains: [] };

const program = (differing: Partial<RosProcess> = {}): RosProcess => ({
  id: 4711,
  name: 'talker',
  middlewares: ['Fast DDS'],
  variables: {},
  inodes: new Set(),
  sharedMemory: [],
  ...differing,
});
const socketOf = (domainId: number, process?: RosProcess) => ({
  domainId,
  userId: 1000,
  ...(process && { process }),
});

const machine = (facts: Partial<MachineFacts>, usesMulticast = true, wantedPort?: number) =>
  machineFindings({ ...QUIET, ...facts }, { usesMulticast, wantedPort });
const programs = (facts: Partial<MachineFacts>, scope: Partial<ProgramScope> = {}) =>
  programFindings({ ...QUIET, ...facts }, { ...SCOPE, ...scope });

function only(findings: readonly Finding[]): Finding {
  assert.equal(findings.length, 1, JSON.stringify(findings));
  return findings[0] as Finding;
}

describe('findings about the machine', () => {
  it('are none on a healthy machine', () => {
    assert.deepEqual(machine({}, true, 8080), []);
    assert.deepEqual(machine({ disk: undefined, clock: { ...QUIET.clock, synchronised: undefined } }), []);
  });

  it('distinguish a clock that is not set, a clock that was set meanwhile, and a clock without synchronisation', () => {
    const clock = (differing: Partial<MachineFacts['clock']>) =>
      machine({ clock: { ...QUIET.clock, ...differing } }).map(({ id }) => id);
    assert.deepEqual(clock({ nowMs: 1_750_000, synchronised: false }), ['clock_unset']);
    assert.deepEqual(clock({ jumpedMs: -2000 }), ['clock_jumped']);
    assert.deepEqual(clock({ jumpedMs: 100, synchronised: false }), ['clock_unsynchronised']);
  });

  it('name the interface and give the command', () => {
    const links = [{ name: 'wg0', loopback: false, multicast: false, mtu: 1200 }];
    const [multicast, mtu] = machine({ links });
    assert.match(multicast?.remedy ?? '', /sudo ip link set dev wg0 multicast on/);
    assert.equal(mtu?.id, 'small_mtu');
    assert.equal(only(machine({ links }, false)).id, 'small_mtu', 'multicast is not missed where it is not used');
    const loopback = [{ name: 'lo', loopback: true, multicast: false, mtu: 1000 }];
    assert.equal(only(machine({ links: loopback })).id, 'no_network');
    assert.deepEqual(machine({ links: loopback }, false), []);
    assert.deepEqual(machine({ links: [] }), [], 'a system that does not say has none that is down');
  });

  it('notice lost datagrams, a full disk and a taken port', () => {
    assert.match(only(machine({ lostDatagrams: 7 })).seen, /^7 datagrams/);
    const disk = { folder: '/var/lib/medkit', freeBytes: 300 * 1024 * 1024 };
    assert.match(only(machine({ disk })).seen, /300 MiB.*\/var\/lib\/medkit/);
    const taken = only(machine({ listening: new Set([8080]) }, true, 8080));
    assert.match(taken.remedy ?? '', /ss -ltnp sport = :8080/);
    assert.deepEqual(machine({ listening: new Set([8080]) }, true, undefined), []);
  });
});

describe('findings about programs', () => {
  it('are none without programs', () => {
    assert.deepEqual(programs({}), []);
  });

  it('name the programs of other domains on this machine and beyond, with the command that joins them', () => {
    const [here, far, ...more] = programs(
      { sockets: [socketOf(12, program()), socketOf(12), socketOf(7, program())] },
      { otherDomains: [{ domainId: 42, sources: ['Cyclone DDS at 10.0.0.9'] }] },
    );
    assert.deepEqual(more, []);
    assert.match(here?.seen ?? '', /^talker \(process 4711\), a program of user 1000/);
    assert.match(here?.remedy ?? '', /medkit doctor --domain 12.*ROS_DOMAIN_ID=12/);
    assert.match(far?.seen ?? '', /Cyclone DDS at 10\.0\.0\.9/);
  });

  it('end at eight domains and five names', () => {
    const otherDomains = Array.from({ length: 30 }, (_, at) => ({
      domainId: 100 + at,
      sources: Array.from({ length: 16 }, (_, host) => `Fast DDS at 10.0.0.${host}`),
    }));
    const found = programs({}, { otherDomains });
    assert.equal(found.length, 8);
    assert.match(found[0]?.seen ?? '', /10\.0\.0\.4 and 11 more\.$/);
  });

  it('report a program of this domain that was not discovered', () => {
    const sockets = [socketOf(7, program())];
    assert.equal(only(programs({ sockets }, { hasParticipants: false })).id, 'unheard_here');
    assert.deepEqual(programs({ sockets }), []);
  });

  it('notice Zenoh by its library, its variable or its router', () => {
    const { seen } = only(
      programs({
        processes: [
          program({ middlewares: ['Zenoh'] }),
          program({ id: 12, name: 'nav', middlewares: [], variables: { RMW_IMPLEMENTATION: 'rmw_zenoh_cpp' } }),
        ],
        listening: new Set([7447]),
      }),
    );
    assert.equal(seen, 'talker (process 4711), nav (process 12), a router on TCP port 7447.');
  });

  it('notice a program of Fast DDS or iceoryx that has no port', () => {
    const shared = program({ sharedMemory: ['fastrtps_port7411'] });
    const facts = { processes: [shared], sharedMemory: ['fastrtps_port7411'] };
    assert.equal(only(programs(facts)).id, 'shared_memory_only');
    assert.deepEqual(programs({ ...facts, sockets: [socketOf(7, shared)] }), []);
    assert.equal(only(programs({ processes: [program({ middlewares: ['iceoryx'] })] })).id, 'shared_memory_only');
    assert.deepEqual(programs({ processes: [program()] }), [], 'a library alone is no program of the robot');
  });

  it('notice shared memory that no program uses', () => {
    const sharedMemory = ['fastrtps_8f2a', 'sem.fastrtps_port7411_mutex', 'pulse-shm-1'];
    const { id, seen } = only(programs({ sharedMemory }));
    assert.equal(id, 'shared_memory_left');
    assert.match(seen, /^2 files/);
    const used = program({ sharedMemory: ['fastrtps_8f2a'] });
    assert.deepEqual(programs({ sharedMemory, processes: [used], sockets: [socketOf(7, used)] }), []);
  });

  it('notice the variables that keep programs apart', () => {
    const ids = (variables: RosProcess['variables'], local = false) =>
      programs({ processes: [program({ variables })] }, { local }).map(({ id }) => id);
    assert.deepEqual(ids({ ROS_LOCALHOST_ONLY: '1' }), ['localhost_only']);
    assert.deepEqual(ids({ ROS_AUTOMATIC_DISCOVERY_RANGE: 'OFF' }), ['localhost_only']);
    assert.deepEqual(ids({ ROS_LOCALHOST_ONLY: '1' }, true), [], 'medkit stays on this machine, too');
    assert.deepEqual(ids({ ROS_DISCOVERY_SERVER: '10.0.0.1:11811' }), ['discovery_server']);
    assert.deepEqual(ids({ ROS_SECURITY_ENABLE: 'true' }), ['security']);
    assert.deepEqual(ids({ ROS_SECURITY_ENABLE: 'false', ROS_LOCALHOST_ONLY: '0' }), []);
    assert.deepEqual(ids({ CYCLONEDDS_URI: 'file:///x' }), ['custom_dds_profile']);
  });
});

describe('the guide', () => {
  it('has the most severe finding first', () => {
    const order = ['error', 'warning', 'hint'];
    const severities = Object.values(FINDINGS).map(({ severity }) => order.indexOf(severity));
    assert.deepEqual(severities, severities.toSorted());
  });

  it('has an explanation and a remedy for every finding', () => {
    const text = findingsMarkdown();
    for (const [id, { means, remedy }] of Object.entries(FINDINGS)) {
      for (const part of [`\`${id}\``, means, remedy]) assert.ok(text.includes(part), part);
    }
  });
});
