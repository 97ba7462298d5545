import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually } from '../harness/eventually.ts';
import { DemoScene } from './demo-scene.ts';
import { Sandbox } from './medkit-process.ts';

describe('the commands that query a gateway, against the demo robot', () => {
  let scene: DemoScene;

  before(async () => {
    scene = await DemoScene.open();
    await scene.waitForApps(['lidar_driver', 'bt_navigator', 'camera_driver', 'battery_monitor', 'nav2_planner']);
  });
  after(() => scene[Symbol.asyncDispose]());

  const environment = () => ({ MEDKIT_URL: scene.url, MEDKIT_CLIENT_ID: 'alice' });
  const start = (...args: string[]) => scene.sandbox.start(args, environment());
  /** Runs a command that must succeed; returns its output. */
  const medkit = async (...args: string[]) => {
    const { code, output, errors } = await scene.sandbox.run(args, environment());
    assert.equal(code, 0, `${args.join(' ')}: ${errors}`);
    return output;
  };
  const json = async (...args: string[]) => JSON.parse(await medkit(...args, '--json'));
  /** Runs a command that must fail; returns exit code and error output. */
  const refused = async (...args: string[]) => {
    const { code, errors } = await scene.sandbox.run(args, environment());
    return [code, errors.trimEnd()] as const;
  };

  test('entities of each kind are listed and shown', async () => {
    const apps = await medkit('apps');
    assert.match(apps, /^ID +STATE +COMPONENT +NODE +NAME\n/);
    assert.match(apps, /^lidar_driver +online +lidar_driver +\/perception\/lidar_driver +Scanner driver$/m);
    assert.equal(await medkit('apps', '--json'), `${await (await fetch(`${scene.url}/api/v1/apps`)).text()}\n`);
    assert.match(await medkit('components'), /^navigation +\d+ of \d+ +Navigation +Localisation/m);
    assert.match(await medkit('components', 'navigation'), /^bt_navigator +online/m);
    assert.match(await medkit('areas'), /^autonomy +Autonomy/m);
    assert.match(await medkit('functions'), /^navigation +Drive to a place/m);
    assert.equal((await json('functions', 'navigation')).type, 'function');
    assert.deepEqual(await refused('apps', 'lidar_drivr'), [
      9,
      'medkit: the robot has no app lidar_drivr. Did you mean lidar_driver?',
    ]);
  });

  test('parameters are read, set in their type, and reset', async () => {
    assert.match(await medkit('get', 'lidar_driver'), /^scan_rate_hz +10 +double +1 … 20 +Scans per second/m);
    assert.equal(await medkit('set', 'lidar_driver', 'scan_rate_hz', '5'), 'scan_rate_hz: 10 -> 5\n');
    assert.equal(await medkit('get', 'lidar_driver', 'scan_rate_hz'), '5\n');
    assert.match(await medkit('get', 'lidar_driver', 'scan_rate_hz', '--json'), /"data":5\.0,/);
    assert.equal(await medkit('set', 'lidar_driver', 'scan_rate_hz', '--reset'), 'scan_rate_hz: 5 -> 10\n');
    const [code, message] = await refused('set', 'lidar_driver', 'scan_rate_hz', '50');
    assert.deepEqual([code, /must be from 1 to 20/.test(message)], [10, true], message);
    assert.equal((await refused('set', 'lidar_driver', 'scan_rate_hz'))[0], 2);
  });

  test('the audit log, a manifest and the health are read from the named gateway', async () => {
    await medkit('set', 'lidar_driver', 'scan_rate_hz', '10');
    assert.match(
      await medkit('audit', 'list', '--client', 'alice'),
      / alice +PUT \/apps\/lidar_driver\/configurations\//,
    );
    assert.equal(JSON.parse(await medkit('audit', 'list', '--limit', '1', '--json')).kind, 'request');
    assert.equal((await refused('audit', 'list', '--url', scene.url, '--data-dir', '/tmp'))[0], 2);
    assert.match(await medkit('manifest', 'draft'), /^ +- id: "?lidar_driver"?$/m);
    const { output } = await scene.sandbox.run(['doctor', '--url', scene.url]);
    assert.match(output, /^ +nodes +\d+$/m);
  });

  test('a name that would be the address of another resource is rejected', async () => {
    for (const name of ['..', '.', '']) {
      assert.equal((await refused('apps', name))[0], 2, name);
      assert.equal((await refused('faults', 'clear', '--entity', 'navigation', name))[0], 2, name);
    }
  });

  test('a lock excludes other clients until it is released', async () => {
    const taken = await medkit('lock', 'navigation', '--scopes', 'configurations', '--for', '90s');
    assert.match(taken, /^lock_\d+: configurations, yours, until \d\d:\d\d:\d\d\n$/);
    const other = ['set', 'nav2_planner', 'use_sim_time', 'false', '--client-id', 'bob'];
    const [code, message] = await refused(...other);
    assert.deepEqual([code, /Locked by another client.*lock-broken/.test(message)], [10, true], message);
    await medkit('set', 'nav2_planner', 'use_sim_time', 'false');
    assert.match(await medkit('lock', 'navigation', '--extend', '--for', '5m'), /yours/);
    assert.match(await medkit('lock', 'navigation', '--list', '--client-id', 'bob'), /lock_\d+: .* of /);
    assert.equal((await refused('unlock', 'navigation', '--client-id', 'bob'))[0], 9);
    await medkit('unlock', 'navigation');
    await medkit(...other);
  });

  test('services are called', async () => {
    assert.match(await medkit('call', 'lidar_driver'), /^set_enabled +service +std_srvs\/srv\/SetBool$/m);
    assert.match(await medkit('call', 'lidar_driver', 'self_test'), /^success: true\nmessage: \d+ of 360 rays/);
    assert.equal((await json('call', 'lidar_driver', 'set_enabled', 'data=true')).parameters.success, true);
    assert.equal((await json('call', 'lidar_driver', 'set_enabled', '{"data": true}')).status, 'completed');
    assert.equal((await refused('call', 'lidar_driver', 'set_enabled', 'data=maybe'))[0], 10);
    assert.equal((await refused('call', 'lidar_driver', 'no_such'))[0], 9);
  });

  test('a goal is followed, and cancelled with Ctrl-C', async () => {
    const goal = ['call', 'bt_navigator', 'navigate_to_pose', 'pose.header.frame_id=map', 'pose.pose.position.y=7.5'];
    const drive = start(...goal, 'pose.pose.position.x=15', '--json');
    await drive.printed(/"status":"running".*"distance_remaining"/);
    drive.interrupt();
    assert.equal(await drive.exitCode(), 130, drive.errors);
    assert.match(drive.errors, /^medkit: canceling goal [0-9a-f]{32}$/m);
    assert.match(drive.output, /"ros2_status":"canceled"/);
    const { id } = await json(...goal, 'pose.pose.position.x=9', '--no-wait');
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal((await refused(...goal, 'pose.pose.position.x=150'))[0], 10);
  });

  test('a managed node is shut down and started', async () => {
    assert.match(await medkit('shutdown', 'camera_driver'), /^notReady {3}unconfigured$/m);
    assert.match(await medkit('start', 'camera_driver'), /^ready {3}active$/m);
    assert.equal((await json('restart', 'camera_driver'))['x-medkit'].last_transition.outcome, 'succeeded');
    assert.match(await medkit('status', 'camera_driver'), /^ready/);
    assert.equal((await refused('start', 'amcl'))[0], 11);
  });

  test('a topic is watched, and its subscription is removed', async () => {
    assert.match(await medkit('watch', '/odom', '--field', 'twist.twist.linear.x', '-n', '2'), /^(?:[-\d.e]+\n){2}$/);
    assert.match(await medkit('watch', 'wheel_odometry', 'odom', '-n', '1'), /^ {2}frame_id: odom$/m);
    const watching = start('watch', '/scan', '--json', '--interval', 'fast');
    await watching.printed(/("payload")/);
    const subscriptions = () => scene.get('/apps/lidar_driver/cyclic-subscriptions');
    assert.equal((await subscriptions()).body.items.length, 1);
    watching.interrupt();
    assert.equal(await watching.exitCode(), 0, watching.errors);
    assert.deepEqual((await subscriptions()).body.items, []);
    assert.deepEqual(await refused('watch', '/odm'), [9, 'medkit: no entity has a topic /odm. Did you mean /odom?']);
    assert.equal((await refused('watch', 'odom'))[0], 2);
    const [code, message] = await refused('watch', 'battery_monitor', 'volt', '-n', '1');
    assert.equal(code, 9, message);
    assert.match(message, /battery_monitor has no data item 'volt': did you mean '\/voltage'\?/);
  });

  test('logs are shown and followed', async () => {
    assert.ok((await json('logs', '-n', '5')).items.length <= 5);
    const following = start('logs', '-f', '--severity', 'info');
    await following.printed(/^\d\d:\d\d:\d\d\.\d{3} +\w+ +\/\S+: /m);
    following.interrupt();
    assert.equal(await following.exitCode(), 0, following.errors);
  });

  test('a local script runs on the robot, and its exit code becomes that of the command', async () => {
    const script = 'examples/scripts/check_lidar_health.sh';
    assert.match(await medkit('run', 'lidar_driver', script), /^\{"healthy": true/);
    assert.match(await medkit('run', 'lidar_driver', script, 'min_free_mb=1'), /"healthy": true/);
    assert.match(await medkit('run', 'lidar_driver'), /^check_lidar_health +upload/m);
    const scriptFile = join(scene.sandbox.folder, 'probe.sh');
    writeFileSync(scriptFile, 'echo ready; sleep 60\n');
    const slow = start('run', 'lidar_driver', scriptFile);
    await slow.printed(/^ready$/m);
    slow.interrupt();
    assert.equal(await slow.exitCode(), 130, slow.errors);
    writeFileSync(scriptFile, 'echo out; echo err >&2; exit 3\n');
    assert.equal((await refused('run', 'lidar_driver', scriptFile))[0], 10);
    assert.deepEqual(await refused('run', 'lidar_driver', scriptFile, '--replace'), [3, 'err']);
  });

  test('a trigger is added, its events received, listed and removed', async () => {
    const [code, message] = await refused('trigger', 'add', 'battery_monitor', 'data/voltge', '--change');
    assert.deepEqual([code, /did you mean '\/voltage'/.test(message)], [9, true], message);
    const id = (await medkit('trigger', 'add', 'battery_monitor', 'data/voltage', '--change')).trim();
    const listening = start('trigger', 'events', 'battery_monitor', id);
    await listening.printed(/event (\d+)\n {2}data: [\d.]+$/m);
    assert.match(
      await medkit('trigger', 'list', 'battery_monitor'),
      new RegExp(`^${id} +battery_monitor +active +[1-9]`, 'm'),
    );
    assert.match(await medkit('trigger', 'list'), /^trig_1 +navigation .*\ntrig_2 +battery_monitor /m);
    assert.equal((await refused('trigger', 'test', 'battery_monitor', id))[0], 10);
    await medkit('trigger', 'remove', 'battery_monitor', id);
    assert.equal(await listening.exitCode(), 0, listening.errors);
    assert.match(await medkit('trigger', 'list', 'battery_monitor'), /no triggers/);
  });

  test('a fault is reported as by a node, and the doctor lists it until it ends', async () => {
    const robot = { ROS_DOMAIN_ID: String(scene.domain), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    const report = (...args: string[]) =>
      scene.sandbox.run(['faults', 'report', 'MOTOR_HOT', '/drive/wheel_odometry', ...args], robot);
    const reported = await report('--severity', 'WARNING', '--description', '86 °C');
    assert.deepEqual(reported, { code: 0, output: 'MOTOR_HOT: reported\n', errors: '' });
    assert.match(await medkit('faults', 'wheel_odometry'), /^MOTOR_HOT +WARN +CONFIRMED +wheel_odometry .*86 °C$/m);
    const { code, output } = await scene.sandbox.run(['doctor', '--url', scene.url]);
    assert.deepEqual([code, /^ {2}.*MOTOR_HOT on wheel_odometry \(86 °C\)/m.test(output)], [1, true], output);
    assert.equal((await report('--passed')).output, 'MOTOR_HOT: reported as passed\n');
    assert.match(await medkit('faults', 'wheel_odometry'), /no fault/);
    assert.equal((await report('--severity', 'loud')).code, 2);
  });

  test('faults are followed, shown with their recording, downloaded, cleared', async () => {
    await medkit('faults', 'clear', '--all');
    assert.equal(await medkit('faults', 'lidar_driver'), 'no faults of lidar_driver\n');
    const following = start('faults', '-f', 'navigation');
    await scene.command('inject', 'obstacle');
    await following.printed(/CONFIRMED +(NAVIGATION_GOAL_ABORTED)/);
    following.interrupt();
    assert.equal(await following.exitCode(), 0, following.errors);
    // An effect may be confirmed a moment before its cause.
    const cause = /^LIDAR_DRIVER_PROTECTIVE_FIELD +ERROR +CONFIRMED +lidar_driver/m;
    await eventually('the cause', async () => cause.test(await medkit('faults')));
    assert.match(await medkit('faults', '--severity', 'error'), /^LIDAR_DRIVER_PROTECTIVE_FIELD /m);
    assert.equal(
      await medkit('faults', '--since', '2200-01-01T00:00:00Z', '--status', 'healed'),
      'no matching faults\n',
    );
    assert.equal((await refused('faults', 'navigation', '--severity', 'error'))[0], 2);
    assert.equal((await refused('logs', '--follow', '--until', 'log_3'))[0], 2);
    await eventually('the freeze frame', async () =>
      /^ {2}min_range_m {3}\/collision_monitor/m.test(await medkit('faults', 'show', 'NAVIGATION_GOAL_ABORTED')),
    );
    await eventually('a recording', async () => (await json('bag', 'list', 'bt_navigator')).items.length > 0);
    assert.match(await medkit('bag', 'list'), /bt_navigator .*NAVIGATION_GOAL_ABORTED/);
    const file = join(scene.sandbox.folder, 'stop.mcap');
    await medkit('bag', 'download', 'bt_navigator', 'NAVIGATION_GOAL_ABORTED', file);
    assert.deepEqual([...readFileSync(file).subarray(1, 5)], [...Buffer.from('MCAP')]);
    assert.ok(!existsSync(`${file}.part`));
    const bagInfo = JSON.parse((await scene.sandbox.run(['bag', 'info', file, '--json'])).output);
    const scans = bagInfo.topics.find(({ name }: { name: string }) => name === '/scan');
    assert.deepEqual([bagInfo.format, scans.type], ['mcap', 'sensor_msgs/msg/LaserScan']);
    assert.match((await scene.sandbox.run(['bag', 'info', file])).output, /^mcap, .* messages, [\d.]+ s from /);
    const rules = join(scene.sandbox.folder, 'tried.yaml');
    const resource = '/api/v1/apps/lidar_driver/data/scan';
    const scanned = { resource, trigger_condition: { condition_type: 'OnChange' }, path: '/header/stamp' };
    writeFileSync(rules, JSON.stringify({ triggers: { scanned: { ...scanned, multishot: true } } }));
    const tried = await scene.sandbox.run(['replay', '--bag', file, '--rules', rules, '--json']);
    assert.deepEqual([tried.code, tried.errors], [13, '']);
    assert.deepEqual(
      JSON.parse(tried.output).rules.map(({ after }: { after: Readonly<Record<string, number>> }) => [
        after['values'],
        after['fired'],
      ]),
      [[scans.count, scans.count]],
    );
    const domain = String(await scene.sandbox.domain());
    const played = await scene.sandbox.run(
      ['bag', 'play', file, '--topics', '/scan', '--rate', '20', '--domain', domain],
      { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' },
    );
    assert.deepEqual(played, { code: 0, output: `${scans.count} messages played\n`, errors: '' });
    await scene.command('clear', 'all');
    assert.equal(await medkit('faults', 'clear', 'NAVIGATION_GOAL_ABORTED'), 'cleared: NAVIGATION_GOAL_ABORTED\n');
    const cleared = await medkit('faults', 'bt_navigator', '--status', 'cleared');
    assert.match(cleared, /^NAVIGATION_GOAL_ABORTED +ERROR +CLEARED/m);
    assert.match(
      (await refused('faults', 'clear', 'NAVIGATION_GOAL_ABORTE'))[1],
      /Did you mean NAVIGATION_GOAL_ABORTED/,
    );
    await medkit('faults', 'clear', '--all');
  });

  test('an incident is summarized, listed, assigned, split, merged, closed, exported', async () => {
    await scene.command('inject', 'obstacle');
    const about = (...args: string[]) => json('incidents', '--entity', 'bt_navigator', '--state', 'open', ...args);
    const { id, root } = await eventually('the incident', async () => {
      const [newest] = (await about('--limit', '1')).items;
      return newest?.fault_count > 1 && newest;
    });
    // The freeze frame with the crossing is complete a moment after the fault.
    const story = await eventually('a crossing', async () => {
      const text = await medkit('why', id);
      return /^crossing +nearest obstacle .* < 0\.8 m /m.test(text) && text;
    });
    assert.match(story, /^state +open for .*; not acknowledged$/m);
    // An effect may be confirmed a moment before its cause.
    assert.match(story, /^then +[+-]\d/m);
    assert.ok(story.split('\n').length <= 30, story);
    assert.equal((await json('why', id)).incident.id, id);
    assert.match(
      await medkit('incidents', '--state', 'open', '--severity', 'error'),
      new RegExp(`^${id} .* ${root} `, 'm'),
    );
    assert.match(await medkit('incidents', 'ack', id, '--note', 'I look'), /alice$/m);
    await medkit('incidents', 'note', id, 'Somebody', 'was', 'there');
    assert.match(await medkit('incidents', 'show', id), /alice: I look\n.*alice: Somebody was there$/m);
    const code = (await json('incidents', 'show', id)).faults.at(-1).fault_code;
    const splitId = (await json('incidents', 'split', id, code)).id;
    assert.notEqual(splitId, id);
    assert.equal((await refused('incidents', 'split', id, code))[0], 9);
    const merged = (await json('incidents', 'merge', splitId, id)).id;
    assert.equal((await json('incidents', 'show', splitId)).id, merged);
    assert.equal((await json('incidents', 'close', splitId)).state, 'closed');
    assert.equal((await json('incidents', 'reopen', splitId)).id, merged);
    const file = join(scene.sandbox.folder, 'stop.zip');
    assert.equal(await medkit('incidents', 'export', splitId, '-o', file), `${file}\n`);
    assert.deepEqual([...readFileSync(file).subarray(0, 2)], [...Buffer.from('PK')]);
    const [failed, message] = await refused('incidents', 'export', splitId, '-o', file);
    assert.deepEqual([failed, /--force$/.test(message)], [1, true], message);
    assert.equal((await refused('why', 'inc_999999'))[0], 9);
    await scene.command('clear', 'all');
    await medkit('faults', 'clear', '--all');
  });

  test('closing the output ends a followed stream silently', async () => {
    const program = join(import.meta.dirname, '../../packages/programs/cli/src/main.ts');
    const line = `'${process.execPath}' '${program}' watch /scan --interval fast | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], {
      env: { ...scene.sandbox.environment, MEDKIT_URL: scene.url, NODE_NO_WARNINGS: '1' },
      timeout: 60_000,
    });
    assert.deepEqual([stdout, stderr], ['header:\n0\n', '']);
    assert.deepEqual((await scene.get('/apps/lidar_driver/cyclic-subscriptions')).body.items, []);
  });

  test('a followed stream resumes when the gateway restarts', async () => {
    const watching = start('watch', '/odom', '--field', 'header.frame_id');
    const logging = start('logs', '-f');
    await watching.printed(/^odom$/m);
    await logging.printed(/INFO/);
    scene.medkit.interrupt();
    assert.equal(await scene.medkit.exitCode(), 0);
    const again = scene.sandbox.start([
      'demo',
      '--lite',
      '--port',
      String(scene.port),
      '--domain',
      String(scene.domain),
    ]);
    await again.printed(/Ctrl-C ends/);
    const [before, lines] = [watching.output.length, logging.output.length];
    await eventually('more values and entries', async () => {
      return watching.output.length > before && logging.output.length > lines;
    });
    for (const following of [watching, logging]) {
      assert.match(following.errors, /^medkit: lost the connection to \S+; reconnecting$/m);
      following.interrupt();
      assert.equal(await following.exitCode(), 0, following.errors);
    }
  });
});

test('a failed connection is reported with address, reason and remedy', async () => {
  await using sandbox = new Sandbox();
  const run = async (...args: string[]) => {
    const { code, errors } = await sandbox.run(['apps', ...args]);
    return [code, errors] as const;
  };
  const page = createServer((_request, reply) => reply.setHeader('Content-Type', 'text/html').end('<html>'));
  const port = await new Promise<number>((resolve) =>
    page.listen(0, '127.0.0.1', () => resolve((page.address() as AddressInfo).port)),
  );
  try {
    assert.deepEqual(await run('--url', `127.0.0.1:${port}`), [
      7,
      `medkit: no gateway at http://127.0.0.1:${port}: http://127.0.0.1:${port}/api/v1/apps answers 200 with text/html, ` +
        'which is not JSON; another program listens there, or a proxy intercepts the request\n',
    ]);
  } finally {
    page.close();
  }
  const [code, errors] = await run('--url', `127.0.0.1:${port}`);
  assert.equal(code, 7);
  assert.match(errors, /connection refused: start one with `medkit up` .*--url or MEDKIT_URL\n$/);
  assert.equal((await run('--url', 'ftp://robot'))[0], 2);
  for (const args of [['manifest', 'draft'], ['audit', 'list'], ['doctor']]) {
    const failed = await sandbox.run([...args, '--url', `127.0.0.1:${port}`]);
    assert.deepEqual([failed.code, failed.errors], [7, errors], args.join(' '));
  }
});
