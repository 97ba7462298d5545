import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupPaths } from './cgroup-paths.ts';
import { ioBytes, openFilesLimit, statusBytes, uptimeSeconds } from './parse-values.ts';

test('memory is given in bytes, and none for a thread of the kernel', () => {
  const status = 'Name:\tVmRSS: 1 kB\nVmSize:\t   10 kB\nVmRSS:\t    5 kB\n';
  assert.equal(statusBytes(status, 'VmRSS'), 5120);
  assert.equal(statusBytes(status, 'VmSize'), 10_240);
  assert.equal(statusBytes('Name:\tkthreadd\n', 'VmRSS'), undefined);
});

test('disk counters are read_bytes and write_bytes, which leave out reads from the page cache', () => {
  const io = 'rchar: 1\nread_bytes: 2\nwrite_bytes: 3\ncancelled_write_bytes: 4\n';
  assert.deepEqual([ioBytes(io, 'read_bytes'), ioBytes(io, 'write_bytes')], [2, 3]);
  assert.equal(ioBytes('', 'read_bytes'), undefined);
});

test('the limit of open files is the soft one, and none if it is unlimited', () => {
  assert.equal(openFilesLimit('Max open files            1024                 4096                 files\n'), 1024);
  assert.equal(
    openFilesLimit('Max open files            unlimited            unlimited            files\n'),
    undefined,
  );
});

test('the uptime is the first number in /proc/uptime', () => {
  assert.equal(uptimeSeconds('12.34 50.00\n'), 12.34);
  assert.equal(uptimeSeconds('nonsense'), undefined);
});

test('control groups: one line for cgroup v2, one of systemd for cgroup v1', () => {
  const hybrid = '9:name=systemd:/system.slice/lidar.service\n8:pids:/\n0::/unified\n';
  assert.deepEqual(cgroupPaths(hybrid), { unified: '/unified', systemd: '/system.slice/lidar.service' });
  assert.deepEqual(cgroupPaths('3:cpuset:/docker/abc\n'), { unified: undefined, systemd: undefined });
  assert.deepEqual(cgroupPaths(''), { unified: undefined, systemd: undefined });
});
