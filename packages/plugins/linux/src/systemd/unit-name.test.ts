import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cgroupPaths } from '../proc/cgroup-paths.ts';
import { timeSpanUs } from './time-span.ts';
import { isUnitName, unitOf, unitType } from './unit-name.ts';

const unitIn = (cgroup: string) => unitOf(cgroupPaths(cgroup));

describe('3.4 systemd_introspection: the unit of a process', () => {
  it('is the outermost unit of its control group that is not a slice', () => {
    assert.equal(unitIn('0::/system.slice/ros2-talker.service\n'), 'ros2-talker.service');
    assert.equal(unitIn('0::/system.slice/system-ros.slice/ros@nav.service/payload\n'), 'ros@nav.service');
    assert.equal(unitIn('0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.service\n'), 'user@1000.service');
    assert.equal(unitIn('0::/user.slice/user-1000.slice/session-3.scope\n'), 'session-3.scope');
  });

  it('is found in the hierarchy of systemd under cgroup v1', () => {
    assert.equal(unitIn('9:name=systemd:/system.slice/lidar.service\n0::/\n'), 'lidar.service');
  });

  it('is none if systemd did not start it', () => {
    for (const text of ['0::/\n', '0::/system.slice\n', '0::/../other\n', '', '4:memory:/system.slice/a.service\n']) {
      assert.equal(unitIn(text), undefined, text);
    }
  });

  it('has a type: the text after the last dot', () => {
    assert.equal(unitType('a.b.service'), 'service');
  });

  it('has no name that systemctl could take for an option, or that a shell would interpret', () => {
    for (const name of [
      '-.service',
      '--now.service',
      'a b.service',
      'a;b.service',
      'a.slice',
      'lidar',
      `${'a'.repeat(250)}.service`,
    ]) {
      assert.equal(isUnitName(name), false, name);
    }
    assert.equal(isUnitName('dev-disk\\x2d1@a:b.service'), true);
  });
});

describe('a span of time of systemctl', () => {
  it('is a number of microseconds', () => {
    assert.equal(timeSpanUs('0'), 0);
    assert.equal(timeSpanUs('30s'), 30_000_000);
    assert.equal(timeSpanUs('1min 30s'), 90_000_000);
    assert.equal(timeSpanUs('2.5s'), 2_500_000);
    assert.equal(timeSpanUs('1d 2h 3min 4s 5ms 6us'), 93_784_005_006);
    assert.equal(timeSpanUs('infinity'), 18_446_744_073_709_551_615n);
  });

  it('is invalid in any other form', () => {
    for (const text of ['', 'soon', '3 s', '5x']) assert.equal(timeSpanUs(text), undefined, text);
  });
});
