import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { app, component } from '@medkit/core/testing';
import { FakeMachine } from './testing/fake-machine.ts';
import { type HostedLinuxOptions, hostedLinux } from './testing/hosted-linux.ts';
import { systemctlShow } from './testing/systemctl.ts';

const DOCKER_ID = 'ab'.repeat(32);

/**
 * Runs a robot on component `amr` with `lidar` in a unit, `nav` and `planner` in one process of a container, and
 * `gone`.
 */
async function setUp(more: Partial<HostedLinuxOptions> = {}) {
  const machine = new FakeMachine();
  machine.run(1, { name: 'systemd', args: ['/sbin/init'] });
  machine.run(2, { name: 'kthreadd', args: [] });
  machine.run(12, {
    name: 'lidar',
    args: ['/opt/lidar', '--ros-args', '-r', '__node:=lidar'],
    exe: '/opt/lidar',
    parentId: 1,
    userTicks: 250,
    systemTicks: 50,
    threads: 4,
    startTicks: 10_000,
    cgroup: '0::/system.slice/lidar.service\n',
  });
  const container = `/system.slice/docker-${DOCKER_ID}.scope`;
  machine.run(13, {
    args: ['nav', '-r', 'nav:__node:=nav', '-r', 'planner:__node:=planner'],
    cgroup: `0::${container}\n`,
  });
  machine.write(`/sys/fs/cgroup${container}/memory.max`, '536870912\n');
  machine.write(`/sys/fs/cgroup${container}/cpu.max`, 'max 100000\n');
  machine.systemctl = systemctlShow({
    'lidar.service': { NRestarts: '2', WatchdogUSec: '30s', MainPID: '12' },
    [`docker-${DOCKER_ID}.scope`]: {},
  });
  const on = (id: string) => app(id, { node: `/${id}`, componentId: 'amr' });
  const robot = {
    components: [component('amr'), component('empty')],
    apps: [on('lidar'), on('nav'), on('planner'), on('gone'), app('plc')],
  };
  const linux = await hostedLinux({ machine, robot, ...more });
  return { machine, ...linux };
}

type Facts = Readonly<Record<string, unknown>>;
const listIn = (body: unknown, name: string) => (body as Readonly<Record<string, readonly Facts[]>>)[name];

describe('3.4 procfs_introspection', () => {
  it('shows the /proc facts of the process of an app', async () => {
    const { get, close } = await setUp();
    assert.deepEqual(await get('/apps/lidar/x-medkit-procfs'), {
      status: 200,
      body: {
        pid: 12,
        ppid: 1,
        state: 'S',
        exe: '/opt/lidar',
        cmdline: '/opt/lidar --ros-args -r __node:=lidar',
        rss_bytes: 5_242_880,
        vm_size_bytes: 8_388_608,
        threads: 4,
        cpu_user_ticks: 250,
        cpu_system_ticks: 50,
        cpu_user_seconds: 2.5,
        cpu_system_seconds: 0.5,
        uptime_seconds: 900.5,
        cpu_percent: 0,
        fd_count: 3,
        fd_limit: 1024,
        read_bytes: 4096,
        write_bytes: 8192,
      },
    });
    await close();
  });

  it('gives the processor time since the last read', async () => {
    const { machine, get, pass, close } = await setUp();
    await get('/apps/lidar/x-medkit-procfs');
    machine.write('/proc/12/stat', '12 (lidar) R 1 12 12 0 -1 0 0 0 0 0 300 100 0 0 20 0 4 0 10000 0');
    await pass(2000);
    const { body } = await get('/apps/lidar/x-medkit-procfs');
    const { cpu_percent } = body as { cpu_percent: number };
    assert.ok(cpu_percent > 45 && cpu_percent <= 50, `${cpu_percent}`);
    await close();
  });

  it('of a component gives each process once, with all apps in it, and leaves out those without one', async () => {
    const { get, close } = await setUp();
    const { status, body } = await get('/components/amr/x-medkit-procfs');
    assert.equal(status, 200);
    assert.deepEqual(
      listIn(body, 'processes').map(({ pid, node_ids }) => [pid, node_ids]),
      [
        [12, ['lidar']],
        [13, ['nav', 'planner']],
      ],
    );
    assert.deepEqual(await get('/components/empty/x-medkit-procfs'), { status: 200, body: { processes: [] } });
    await close();
  });

  it('answers 404 x-medkit-pid-lookup-failed for an app without a process here', async () => {
    const { get, close } = await setUp();
    for (const id of ['gone', 'plc']) {
      assert.deepEqual(await get(`/apps/${id}/x-medkit-procfs`), {
        status: 404,
        body: { code: 'x-medkit-pid-lookup-failed', message: `No process of ${id} was found on this machine` },
      });
    }
    await close();
  });

  it('answers 503 x-medkit-proc-read-failed for a process that has ended, or with a reused process id', async () => {
    const { machine, get, close } = await setUp();
    machine.run(12, { name: 'other', startTicks: 99_999 });
    assert.deepEqual((await get('/apps/lidar/x-medkit-procfs')).body, {
      code: 'x-medkit-proc-read-failed',
      message: 'Process 12 not found: another process has its id now',
    });
    await machine.end(12);
    const { status, body } = await get('/apps/lidar/x-medkit-procfs');
    assert.deepEqual(
      [status, body],
      [503, { code: 'x-medkit-proc-read-failed', message: '/proc/12/stat not found: the process has ended' }],
    );
    const gathered = await get('/components/amr/x-medkit-procfs');
    assert.deepEqual(
      listIn(gathered.body, 'processes').map(({ pid }) => pid),
      [13],
      'the component never fails',
    );
    await close();
  });

  it('leaves out what only the owner of a process may see, and uptime is 0 if it is unknown', async () => {
    const { machine, get, close } = await setUp();
    for (const name of ['io', 'fd', 'exe']) machine.denied.add(`/proc/12/${name}`);
    machine.remove('/proc/uptime');
    const body = (await get('/apps/lidar/x-medkit-procfs')).body as Facts;
    assert.deepEqual([body['exe'], body['uptime_seconds'], body['rss_bytes']], ['', 0, 5_242_880]);
    assert.deepEqual(
      ['fd_count', 'read_bytes', 'write_bytes'].filter((name) => name in body),
      [],
    );
    await close();
  });

  it('says "Cannot read" if /proc denies access to a process', async () => {
    const { machine, get, close } = await setUp();
    machine.denied.add('/proc/12/stat');
    const { status, body } = await get('/apps/lidar/x-medkit-procfs');
    assert.equal(status, 503);
    assert.match((body as { message: string }).message, /^Cannot read \/proc\/12\/stat: EACCES/);
    await close();
  });

  it('uptime is never negative', async () => {
    const { machine, get, close } = await setUp();
    machine.write('/proc/uptime', '5.0 1.0\n');
    assert.equal(((await get('/apps/lidar/x-medkit-procfs')).body as Facts)['uptime_seconds'], 0);
    await close();
  });
});

describe('3.4 systemd_introspection', () => {
  it('shows the unit of an app, and each unit once for a component', async () => {
    const { get, close } = await setUp();
    const lidar = {
      unit: 'lidar.service',
      unit_type: 'service',
      active_state: 'active',
      sub_state: 'running',
      restart_count: 2,
      watchdog_usec: 30_000_000,
    };
    assert.deepEqual(await get('/apps/lidar/x-medkit-systemd'), { status: 200, body: lidar });
    const { body } = await get('/components/amr/x-medkit-systemd');
    assert.deepEqual(listIn(body, 'units')[0], { ...lidar, node_ids: ['lidar'] });
    await close();
  });

  it('answers 404 x-medkit-not-in-systemd-unit, 503 x-medkit-systemd-query-failed, 404 x-medkit-pid-lookup-failed', async () => {
    const { machine, get, pass, close } = await setUp();
    machine.write('/proc/13/cgroup', '0::/\n');
    machine.systemctl = () => ({ outcome: 'missing' });
    await pass(1000);
    const answers = await Promise.all(['nav', 'lidar', 'gone'].map((id) => get(`/apps/${id}/x-medkit-systemd`)));
    assert.deepEqual(
      answers.map(({ status, body }) => [status, (body as Facts)['code']]),
      [
        [404, 'x-medkit-not-in-systemd-unit'],
        [503, 'x-medkit-systemd-query-failed'],
        [404, 'x-medkit-pid-lookup-failed'],
      ],
    );
    assert.deepEqual((await get('/components/amr/x-medkit-systemd')).body, { units: [] });
    await close();
  });
});

describe('3.4 container_introspection', () => {
  it('shows the container of an app and its limits, for a component with all apps in it', async () => {
    const { get, close } = await setUp();
    const facts = {
      container_id: DOCKER_ID,
      runtime: 'docker',
      memory_limit_bytes: 536_870_912,
      cpu_period_us: 100_000,
    };
    assert.deepEqual(await get('/apps/nav/x-medkit-container'), { status: 200, body: facts });
    assert.deepEqual((await get('/components/amr/x-medkit-container')).body, {
      containers: [{ ...facts, node_ids: ['nav', 'planner'] }],
    });
    await close();
  });

  it('two plugins on one entity do not influence each other: procfs answers 200 if the container is a 404', async () => {
    const { get, close } = await setUp();
    assert.equal((await get('/apps/lidar/x-medkit-procfs')).status, 200);
    assert.deepEqual(await get('/apps/lidar/x-medkit-container'), {
      status: 404,
      body: {
        code: 'x-medkit-not-containerized',
        message: 'Process 12 is in no container of Docker, Podman or containerd',
      },
    });
    assert.equal((await get('/apps/lidar/x-medkit-systemd')).status, 200);
    await close();
  });

  it('answers 404 for cgroup v1, and for a path that leads out of the mount', async () => {
    const { machine, get, close } = await setUp();
    for (const text of [`4:memory:/docker/${DOCKER_ID}\n`, `0::/../docker/${DOCKER_ID}\n`]) {
      machine.write('/proc/12/cgroup', text);
      assert.equal((await get('/apps/lidar/x-medkit-container')).status, 404, text);
    }
    await close();
  });

  it('answers 503 x-medkit-cgroup-read-failed if the group cannot be read', async () => {
    const { machine, get, close } = await setUp();
    machine.denied.add('/proc/12/cgroup');
    const { status, body } = await get('/apps/lidar/x-medkit-container');
    assert.deepEqual([status, (body as Facts)['code']], [503, 'x-medkit-cgroup-read-failed']);
    await close();
  });
});

describe('capabilities', () => {
  it('are listed on the entities that really have the resource', async () => {
    const { model, close } = await setUp();
    const of = (kind: 'app' | 'component', id: string) => model.tree.get(kind, id)?.capabilities ?? [];
    assert.deepEqual([...of('app', 'lidar')].sort(), ['x-medkit-procfs', 'x-medkit-systemd']);
    assert.deepEqual([...of('app', 'nav')].sort(), ['x-medkit-container', 'x-medkit-procfs', 'x-medkit-systemd']);
    assert.deepEqual([of('app', 'gone'), of('app', 'plc'), of('component', 'empty')], [[], [], []]);
    assert.deepEqual([...of('component', 'amr')].sort(), ['x-medkit-container', 'x-medkit-procfs', 'x-medkit-systemd']);
    await close();
  });

  it('follow the tree, and are removed with the process', async () => {
    const { machine, model, robot, pass, close } = await setUp();
    robot.tell({ apps: [app('lidar', { node: '/lidar' }), app('renamed', { node: '/nav' })] });
    await pass(700);
    assert.ok(model.tree.get('app', 'renamed')?.capabilities?.includes('x-medkit-container'));
    await machine.end(12);
    await pass(11_000);
    assert.deepEqual(model.tree.get('app', 'lidar')?.capabilities ?? [], []);
    await close();
  });

  it('of an app that only another gateway contributes are not those of a local process', async () => {
    const robot = { origin: 'other', apps: [app('lidar', { node: '/lidar' })] };
    const { model, get, close } = await setUp({ robot });
    assert.deepEqual(model.tree.get('app', 'lidar')?.capabilities ?? [], []);
    assert.equal((await get('/apps/lidar/x-medkit-procfs')).status, 404);
    await close();
  });
});

describe('any process as an app', () => {
  it('is on the component of this machine, has data, and is removed when it ends', async () => {
    const { machine, model, providers, call, get, pass, close } = await setUp({ options: { processes: ['chrony*'] } });
    assert.equal(model.tree.get('app', 'process_chronyd'), undefined);
    machine.run(77, { name: 'chronyd', args: ['/usr/sbin/chronyd', '-n'], userTicks: 100 });
    await pass(11_000);
    const chronyd = model.tree.get('app', 'process_chronyd');
    assert.deepEqual(
      [chronyd?.name, chronyd?.componentId, chronyd?.online, chronyd?.external],
      ['chronyd', 'robot', true, true],
    );
    assert.equal(model.tree.get('component', 'robot')?.description, 'Robot OS 1 on unknown');
    assert.deepEqual(chronyd?.capabilities, ['x-medkit-procfs']);
    assert.deepEqual(model.tree.get('component', 'robot')?.capabilities, ['x-medkit-procfs']);
    assert.equal((await get('/apps/process_chronyd/x-medkit-procfs')).status, 200);

    const data = providers?.data;
    assert.deepEqual(
      (await data?.list('process_chronyd', call()))?.map(({ id }) => id),
      ['cpu_percent', 'rss_bytes', 'vm_size_bytes', 'threads', 'fd_count', 'io', 'state', 'uptime_seconds'],
    );
    assert.equal((await data?.read('process_chronyd', 'rss_bytes', call()))?.value, 5_242_880);
    assert.deepEqual((await data?.read('process_chronyd', 'io', call()))?.value, {
      read_bytes: 4096,
      write_bytes: 8192,
    });
    await assert.rejects(data!.read('process_chronyd', 'toString', call()), { code: 'resource-not-found' });
    const write = { type: undefined, value: 1 };
    await assert.rejects(data!.write('process_chronyd', 'rss_bytes', write, call()), { code: 'invalid-request' });

    await machine.end(77);
    await assert.rejects(data!.read('process_chronyd', 'threads', call()), { code: 'service-unavailable' });
    await pass(11_000);
    assert.equal(model.tree.get('app', 'process_chronyd'), undefined);
    assert.equal(model.tree.get('component', 'robot'), undefined);
    await close();
  });

  it('is on another component if the configuration says so, and top_processes adds the busiest', async () => {
    const { machine, model, pass, close } = await setUp({ options: { top_processes: 1, component: 'amr' } });
    machine.write('/proc/13/stat', '13 (nav) R 1 13 13 0 -1 0 0 0 0 0 9000 0 0 0 20 0 1 0 100 0');
    await pass(11_000);
    assert.equal(model.tree.get('app', 'process_nav')?.componentId, 'amr');
    assert.equal(model.tree.get('component', 'robot'), undefined);
    await close();
  });
});

describe('seed 004: control', () => {
  const control = { units: ['lidar'], processes: ['chronyd'], stop_timeout_seconds: 5 };

  it('is offered for the units and processes in the configuration', async () => {
    const { machine, model, providers, call, get, pass, close } = await setUp({ options: { control } });
    machine.run(77, { name: 'chronyd', args: ['/usr/sbin/chronyd'] });
    await pass(11_000);
    const unit = model.tree.get('app', 'unit_lidar_service');
    assert.deepEqual([unit?.name, unit?.online], ['lidar.service', true]);
    assert.equal(((await get('/apps/unit_lidar_service/x-medkit-procfs')).body as Facts)['pid'], 12);

    const lifecycle = providers!.lifecycle!;
    const pending = lifecycle.status('unit_lidar_service', call());
    await pass(20);
    assert.deepEqual((await pending)?.actions, ['restart', 'force-restart', 'shutdown', 'force-shutdown']);
    const changed = lifecycle.change('unit_lidar_service', 'restart', call());
    await pass(20);
    await changed;
    assert.ok(
      machine.runs.some(({ args }) => args.join(' ') === 'restart --no-block --no-ask-password -- lidar.service'),
    );

    assert.equal((await lifecycle.status('process_chronyd', call()))?.status, 'ready');
    await lifecycle.change('process_chronyd', 'shutdown', call());
    await pass(5100);
    assert.deepEqual(machine.sent, ['SIGTERM 77', 'SIGKILL 77']);
    await assert.rejects(lifecycle.change('process_other', 'shutdown', call()), { status: 404 });
    assert.equal(await lifecycle.status('process_other', call()), undefined);
    await close();
  });

  it('is offered for nothing unless the configuration names it', async () => {
    const { model, providers, call, close } = await setUp({ options: { processes: ['lidar'] } });
    const lifecycle = providers!.lifecycle!;
    assert.deepEqual((await lifecycle.status('process_lidar', call()))?.actions, []);
    await assert.rejects(lifecycle.change('process_lidar', 'force-shutdown', call()), {
      status: 403,
      code: 'insufficient-access-rights',
    });
    assert.deepEqual(
      model.tree.all('app').filter(({ id }) => id.startsWith('unit_')),
      [],
    );
    await close();
  });

  it('an invalid unit name prevents the plugin from starting, and health gives the reason', async () => {
    const { runtime, close } = await setUp({ options: { control: { units: ['--now; rm'] } } });
    assert.match(
      (await runtime.health()).warnings[0].message,
      /control\.units: "--now; rm" is not the name of a systemd unit/,
    );
    await close();
  });
});

describe('the plugin', () => {
  for (const [name, options, resources] of [
    ['linux', {}, ['procfs', 'systemd', 'container']],
    ['linux', { systemd: false, container: 'false' }, ['procfs']],
    ['procfs_introspection', {}, ['procfs']],
    ['systemd_introspection', {}, ['systemd']],
    ['container_introspection', { procfs: true }, ['procfs', 'container']],
  ] as const) {
    it(`${name} with ${JSON.stringify(options)} serves ${resources.join(', ')}`, async () => {
      const { routes, close } = await setUp({ name, options });
      assert.deepEqual(
        routes.map(({ route }) => route.path),
        resources.flatMap((resource) => [
          `/apps/{app_id}/x-medkit-${resource}`,
          `/components/{component_id}/x-medkit-${resource}`,
        ]),
      );
      await close();
    });
  }

  it('proc_root: reads below another folder, and below / if that is no absolute path; the time to live is at least 1 s', async () => {
    const other = await setUp({ options: { proc_root: '/host/', pid_cache_ttl_seconds: 0 } });
    assert.equal((await other.get('/apps/lidar/x-medkit-procfs')).status, 404);
    assert.ok(
      other.machine.reads.every((path) => path.startsWith('/host/')),
      other.machine.reads.join(),
    );
    const warnings = (await other.runtime.health()).warnings.map(({ code }) => code);
    assert.deepEqual(warnings, ['linux_no_processes']);
    other.machine.reads.length = 0;
    await other.pass(3000);
    assert.equal(other.machine.reads.filter((path) => path === '/host/proc').length, 3);
    await other.close();
    const relative = await setUp({ options: { proc_root: 'host' } });
    assert.equal((await relative.get('/apps/lidar/x-medkit-procfs')).status, 200);
    await relative.close();
  });

  it('names in health the sources that it cannot reach, and counts processes and apps', async () => {
    const { machine, runtime, pass, close } = await setUp({ options: { control: { units: ['lidar'] } } });
    machine.systemctl = () => ({ outcome: 'missing' });
    await pass(11_000);
    const { warnings, blocks } = await runtime.health();
    assert.deepEqual(
      warnings.map(({ code, entityIds }) => [code, entityIds]),
      [['linux_systemd_unreachable', ['unit_lidar_service']]],
    );
    assert.deepEqual(blocks['x-medkit-linux'], { processes: 4, apps_with_process: 3, own_apps: 1 });
    await close();
  });

  it('keeps its last state while processes cannot be listed, and logs that once', async () => {
    const { machine, model, runtime, logged, pass, close } = await setUp();
    machine.denied.add('/proc');
    await pass(31_000);
    assert.ok(model.tree.get('app', 'lidar')?.capabilities?.includes('x-medkit-procfs'));
    assert.deepEqual(
      (await runtime.health()).warnings.map(({ code }) => code),
      ['linux_look_failed'],
    );
    assert.equal(logged.filter((line) => line.includes('Cannot read the processes')).length, 1);
    machine.denied.clear();
    await pass(11_000);
    assert.deepEqual((await runtime.health()).warnings, []);
    await close();
  });

  it('reads /proc once for any number of concurrent requests, and leaves nothing behind when it stops', async () => {
    const { machine, clock, get, pass, close } = await setUp();
    machine.reads.length = 0;
    await Promise.all(Array.from({ length: 20 }, () => get('/apps/gone/x-medkit-procfs')));
    await pass(5000);
    assert.deepEqual(
      machine.reads.filter((path) => path === '/proc'),
      [],
    );
    await close();
    await pass(10);
    assert.equal(clock.timers, 0);
  });
});
