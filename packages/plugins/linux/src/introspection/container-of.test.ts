import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { containerOf, cpuLimit, memoryLimit } from './container-of.ts';

const ID = '0123456789abcdef'.repeat(4);

describe('3.4 container_introspection: the group of a container', () => {
  for (const [path, runtime] of [
    [`/system.slice/docker-${ID}.scope`, 'docker'],
    [`/docker/${ID}`, 'docker'],
    [`/machine.slice/libpod-${ID}.scope`, 'podman'],
    [`/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`, 'containerd'],
  ] as const) {
    it(`is that of ${runtime}: ${path.replace(ID, '<id>')}`, () => {
      assert.deepEqual(containerOf(path), { id: ID, runtime, cgroup: path });
      assert.deepEqual(
        containerOf(`${path}/init.scope/app`),
        { id: ID, runtime, cgroup: path },
        'of a process below it',
      );
    });
  }

  it('is not found if the id is shorter, longer or in upper case, or the path has another form', () => {
    for (const path of [
      '/',
      '/system.slice/docker.service',
      `/docker/${ID.slice(1)}`,
      `/docker/${ID}0`,
      `/docker/${ID.toUpperCase()}`,
      `/mydocker-${ID}.scope`,
      `/libpod-conmon-${ID}.scope`,
    ]) {
      assert.equal(containerOf(path), undefined, path);
    }
  });
});

describe('3.4 container_introspection: limits', () => {
  it('of memory and processor time are numbers', () => {
    assert.equal(memoryLimit('536870912\n'), 536_870_912);
    assert.deepEqual(cpuLimit('50000 100000\n'), { quotaUs: 50_000, periodUs: 100_000 });
  });

  it('"max" leaves the limit out, and the period is reported all the same', () => {
    assert.equal(memoryLimit('max\n'), undefined);
    assert.deepEqual(cpuLimit('max 100000\n'), { periodUs: 100_000 });
  });

  it('that cannot be read are left out', () => {
    assert.equal(memoryLimit(''), undefined);
    assert.deepEqual(cpuLimit(''), {});
    assert.deepEqual(cpuLimit('much'), {});
  });
});
