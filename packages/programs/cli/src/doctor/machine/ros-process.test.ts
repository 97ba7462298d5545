import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProcessTexts, rosProcess } from './ros-process.ts';

const MAPS = `7f0000000000-7f0000001000 r-xp 00000000 08:01 1 /opt/ros/jazzy/lib/libfastdds.so.3.1
7f0000001000-7f0000002000 r--p 00001000 08:01 1 /opt/ros/jazzy/lib/libfastdds.so.3.1
7f0000003000-7f0000004000 rw-s 00000000 00:1a 5 /dev/shm/fastrtps_port7411
7f0000005000-7f0000006000 rw-p 00000000 00:00 0 [stack]
`;

const TALKER: ProcessTexts = {
  id: 4711,
  cmdline: '/opt/ros/jazzy/lib/demo/talker\0--ros-args\0',
  environ: 'ROS_DOMAIN_ID=7\0AWS_SECRET_ACCESS_KEY=xyz\0CYCLONEDDS_URI=\0ROS_LOCALHOST_ONLY=1\0',
  maps: MAPS,
  links: ['/dev/null', 'socket:[52341]', '', 'pipe:[9]'],
};

test('a program is shown with its middleware, sockets and shared memory, and only with ROS variables', () => {
  assert.deepEqual(rosProcess(TALKER, new Set()), {
    id: 4711,
    name: 'talker',
    middlewares: ['Fast DDS'],
    variables: { ROS_DOMAIN_ID: '7', ROS_LOCALHOST_ONLY: '1' },
    inodes: new Set(['52341']),
    sharedMemory: ['fastrtps_port7411'],
  });
});

test('a program without a known library is included only if it holds a socket of DDS', () => {
  const node = { ...TALKER, maps: '', cmdline: '/usr/bin/node\0--no-warnings\0/opt/medkit/main.js\0up\0' };
  assert.equal(rosProcess(node, new Set(['52341']))?.name, 'main.js up');
  assert.equal(rosProcess({ ...node, cmdline: `${'x'.repeat(1e6)}\0` }, new Set(['52341']))?.name, 'x'.repeat(64));
  assert.equal(rosProcess(node, new Set(['1'])), undefined);
  assert.equal(rosProcess({ id: 2, cmdline: '', environ: '', maps: '', links: [] }, new Set(['1'])), undefined);
});

test('Zenoh, iceoryx and Cyclone DDS are recognised by their libraries', () => {
  const speaking = (file: string) =>
    rosProcess({ ...TALKER, maps: `0-1 r-xp 0 08:01 1 ${file}\n` }, new Set())?.middlewares;
  assert.deepEqual(speaking('/opt/ros/jazzy/lib/librmw_zenoh_cpp.so'), ['Zenoh']);
  assert.deepEqual(speaking('/usr/lib/libiceoryx_posh.so.2'), ['iceoryx']);
  assert.deepEqual(speaking('/usr/lib/libddsc.so.0.10.2'), ['Cyclone DDS']);
});
