import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, type LogRecord } from '@medkit/core';
import { rosNode } from '../testing/fake-ros.ts';
import { publisherOf, settle, startRuntime } from '../testing/running-runtime.ts';
import { severityOf } from './log-message.ts';

const rosout = publisherOf('/rosout', { type: 'rcl_interfaces/msg/Log' });

const message = (fields: object = {}) => ({
  stamp: { sec: 1_774_231_973, nanosec: 5 },
  level: 30,
  name: 'driver',
  msg: 'Motor is warm',
  file: 'motor.cpp',
  function: 'spin',
  line: 42,
  ...fields,
});

async function start(endpoints = [rosout]) {
  const started = await startRuntime(endpoints);
  await settle();
  const { logs, clock } = started;
  const list = (source: string) => {
    const query = { minimum: 'debug', context: '', limit: 100 } as const;
    const call = callContext({ clock, timeoutMs: 1000 });
    return logs.list(source, { sources: [source], namespaces: [] }, query, call);
  };
  const messages = async (source = '/driver') => (await list(source)).map(({ message }) => message);
  return { ...started, list, messages };
}

describe('the log of the graph', () => {
  it('has what nodes publish on /rosout', async () => {
    const { ros, list, seen } = await start();
    ros.deliver('/rosout', message());
    const expected = {
      sequence: 1,
      timestampNs: 1_774_231_973_000_000_005n,
      receivedNs: 1_000_000_000n,
      severity: 'warning',
      logger: 'driver',
      message: 'Motor is warm',
      function: 'spin',
      file: 'motor.cpp',
      line: 42,
    };
    assert.deepEqual(await list('/driver'), [expected]);
    assert.deepEqual(seen.entries, [expected]);
  });

  it('leaves out missing fields, and takes an unknown low level for debug', async () => {
    const { ros, list } = await start();
    ros.deliver(
      '/rosout',
      message({ level: 17, name: '/driver', file: '', function: '', line: 0, stamp: { sec: 0, nanosec: 0 } }),
    );
    assert.deepEqual(await list('/driver'), [
      {
        sequence: 1,
        timestampNs: 0n,
        receivedNs: 1_000_000_000n,
        severity: 'debug',
        logger: 'driver',
        message: 'Motor is warm',
      },
    ]);
  });

  it('takes a level between two for the lower one, and one beyond all for the most severe', () => {
    const severities = [0, 10, 19, 20, 35, 45, 50, 60, Number.NaN].map(severityOf);
    const expected = ['debug', 'debug', 'debug', 'info', 'warning', 'error', 'fatal', 'fatal', 'debug'];
    assert.deepEqual(severities, expected);
  });

  it('is subscribed to from the first publisher on, with the offered QoS', async () => {
    const { ros, messages } = await start([]);
    assert.equal(ros.subscriptions.length, 0);
    ros.change({ endpoints: [rosout] });
    await settle();
    const [{ qos, type } = {}] = ros.subscriptions;
    assert.deepEqual([qos, type], ['match-publishers', 'rcl_interfaces/msg/Log']);
    ros.change({ endpoints: [publisherOf('/rosout', { gid: 'second', type: 'rcl_interfaces/msg/Log' })] });
    await settle();
    assert.equal(ros.subscriptions.length, 1);
    ros.deliver('/rosout', message());
    assert.equal((await messages()).length, 1);
  });

  it('does not have a line twice that a publisher sends again to a renewed subscription', async () => {
    const { ros, messages } = await start([rosout, publisherOf('/rosout', { gid: 'other', type: rosout.type })]);
    for (const sequenceNumber of [1, 2, 1, 2, 3]) {
      ros.deliver('/rosout', message({ msg: `${sequenceNumber}` }), { gid: rosout.gid, sequenceNumber });
    }
    ros.deliver('/rosout', message({ msg: 'of another' }), { gid: 'other', sequenceNumber: 1 });
    assert.deepEqual(await messages(), ['1', '2', '3', 'of another']);
  });

  it('distinguishes child loggers of a node from nodes below it', async () => {
    const { ros, messages } = await start();
    ros.change({ nodes: [rosNode('/driver/left')] });
    ros.deliver('/rosout', message({ name: 'driver.rclcpp', msg: 'child' }));
    ros.deliver('/rosout', message({ name: 'driver.left', msg: 'node' }));
    assert.deepEqual(await messages('/driver'), ['child']);
    assert.deepEqual(await messages('/driver/left'), ['node']);
  });

  it('counts unreadable messages', async () => {
    const { ros, seen, figures } = await start();
    ros.deliver('/rosout', { text: 'of another definition' });
    assert.deepEqual([await figures('x-medkit-logs'), seen.entries], [{ malformed_total: 1 }, []]);
  });

  it('reports that it cannot subscribe, continues without, and tries again with the next node', async () => {
    const { ros, seen, messages } = await start([]);
    ros.subscribeError = new Error('no reader');
    ros.change({ endpoints: [rosout] });
    await settle();
    assert.match(seen.logged.join(), /Logs are missing.*no reader/);
    ros.subscribeError = undefined;
    ros.change({ endpoints: [publisherOf('/rosout', { gid: 'next', type: rosout.type })] });
    await settle();
    ros.deliver('/rosout', message());
    assert.equal((await messages()).length, 1);
  });

  it('receives nothing after the runtime has stopped, and receives lines again after a restart', async () => {
    const { ros, runtime, seen } = await start();
    await runtime.stop();
    assert.equal(ros.subscriptions.length, 0);
    ros.deliver('/rosout', message());
    assert.equal(seen.entries.length, 0);
    const records: LogRecord[] = [];
    await runtime.start({
      changed: () => undefined,
      record: (record) => records.push(record),
      recorded: () => [],
      faultChanged: () => undefined,
      operationChanged: () => undefined,
      serviceCalled: () => undefined,
      configurationChanged: () => undefined,
      dataChanged: () => undefined,
      log: () => undefined,
    });
    await settle();
    ros.deliver('/rosout', message());
    assert.equal(records.length, 1);
  });
});
