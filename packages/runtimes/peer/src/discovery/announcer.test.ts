import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Datagrams, seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedNetwork } from '@medkit/edges/testing';
import { type Announcer, openAnnouncer } from './announcer.ts';
import { openLocalLink } from './local-link.ts';
import { type Message, messageBytes, messageIn } from './message.ts';
import { type Service, serviceRecords, servicesIn } from './service-records.ts';

const TYPE = '_medkit._tcp.local';

function setUp() {
  const clock = new SimulatedClock();
  const random = seededRandom(3);
  const network = new SimulatedNetwork({ clock, random });
  const lines: string[] = [];
  const log = (level: string, message: string): void => void lines.push(`${level}: ${message}`);
  /** Runs a gateway that is announced as `label` at an address. */
  const announced = async (host: Datagrams, label: string, instance: string, more: { token?: string } = {}) => {
    const holder: { announcer?: Announcer } = {};
    const link = await openLocalLink({
      datagrams: host,
      clock,
      scope: 'network',
      type: TYPE,
      log,
      listener: {
        heard: (message, from) => holder.announcer?.heard(message, from),
        joined: (on) => holder.announcer?.joined(on),
      },
    });
    const announcer = openAnnouncer({
      ...{ link, clock, random, type: TYPE, label, port: 8080, instance, token: '', log },
      addressOn: ({ address }) => address,
      ...more,
    });
    holder.announcer = announcer;
    return { announcer, link };
  };
  /** Records all messages on the network. */
  const listening = async (address: string) => {
    const messages: { readonly message: Message; readonly atMs: number; readonly from: string }[] = [];
    const socket = await network.host(address).bind({
      ...{ address: '224.0.0.251', port: 5353, shared: true },
      onDatagram: (bytes, from) => {
        const message = messageIn(bytes);
        assert.ok(message, 'what is sent can be read');
        messages.push({ message, atMs: clock.monotonicMs(), from: from.address });
      },
    });
    socket.joinGroup('224.0.0.251', address);
    const say = (message: Parameters<typeof messageBytes>[0]) =>
      socket.send([messageBytes(message)], 5353, '224.0.0.251');
    const services = (): readonly (readonly [string, string])[] =>
      messages
        .filter(({ message }) => message.isResponse)
        .flatMap(({ message, from }) =>
          servicesIn(TYPE, message, from).map((record) => [record.is, labelOf(record)] as const),
        );
    return { messages, say, services };
  };
  return { clock, network, lines, announced, listening };
}

const labelOf = (record: ReturnType<typeof servicesIn>[number]): string =>
  record.is === 'announced' ? record.service.label : record.is === 'goodbye' ? record.label : '';

const recordsOf = (service: Service) => {
  const { pointer, server, text, host } = serviceRecords(TYPE, service);
  return [pointer, server, text, host];
};

describe('a gateway that is announced', () => {
  it('probes three times whether its name is free, announces it twice, and withdraws it at the stop', async () => {
    const { clock, network, announced, listening } = setUp();
    const { messages, services } = await listening('10.0.0.9');
    const { announcer, link } = await announced(network.host('10.0.0.1'), 'yard', 'a');
    clock.advance(500);
    assert.equal(announcer.label, undefined);
    clock.advance(3000);
    assert.equal(announcer.label, 'yard');
    assert.equal(messages.filter(({ message }) => !message.isResponse).length, 3);
    assert.deepEqual(services(), [
      ['announced', 'yard'],
      ['announced', 'yard'],
    ]);
    announcer.close();
    announcer.close();
    clock.advance(10);
    assert.deepEqual(services().slice(2), [['goodbye', 'yard']]);
    await link.close();
  });

  it('answers queries, soon and once for several of the same, and not if the querier knows the answer already', async () => {
    const { clock, network, announced, listening } = setUp();
    const { messages, say, services } = await listening('10.0.0.9');
    await announced(network.host('10.0.0.1'), 'yard', 'a');
    clock.advance(5000);
    messages.length = 0;
    const question = { questions: [{ name: '_MEDKIT._tcp.local', type: 'PTR' as const }] };
    say({ ...question, questions: [{ name: TYPE, type: 'PTR' }] });
    say({ ...question, questions: [{ name: TYPE, type: 'PTR' }] });
    clock.advance(150);
    assert.deepEqual(services(), [['announced', 'yard']]);
    const { pointer } = serviceRecords(TYPE, { label: 'yard', address: '10.0.0.1', port: 8080, instance: 'a' });
    say({ questions: [{ name: TYPE, type: 'PTR' }], answers: [pointer] });
    clock.advance(2000);
    assert.equal(services().length, 1);
  });

  for (const by of ['server', 'pointer'] as const) {
    it(`answers a probe for its name before the prober may take it, even right after an announcement: by its ${by}`, async () => {
      const { clock, network, announced, listening } = setUp();
      const { messages, say, services } = await listening('10.0.0.9');
      const { announcer } = await announced(network.host('10.0.0.1'), 'yard', 'a');
      while (announcer.label === undefined) clock.advance(50);
      clock.advance(10);
      messages.length = 0;
      const wanted = serviceRecords(TYPE, { label: 'yard', address: '10.0.0.9', port: 9000, instance: 'b' })[by];
      say({ questions: [{ name: wanted.name, type: wanted.type }], authorities: [wanted] });
      clock.advance(300);
      assert.deepEqual(services(), [['announced', 'yard']]);
    });
  }

  it('announces on each network its address there, and also on a network that it joins later', async () => {
    const { clock, network, announced, listening } = setUp();
    const [a, b] = [await listening('10.0.0.9'), await listening('10.0.1.9')];
    const host = network.host('10.0.0.1', '10.0.1.1');
    const there = host.interfaces();
    let count = 1;
    const { link } = await announced(
      { ...host, bind: (options) => host.bind(options), interfaces: () => there.slice(0, count) },
      'yard',
      'a',
    );
    clock.advance(5000);
    assert.equal(b.messages.length, 0);
    count = 2;
    clock.advance(60_000);
    assert.deepEqual(
      link.interfaces.map(({ address }) => address),
      ['10.0.0.1', '10.0.1.1'],
    );
    const addresses = ({ messages }: typeof a) =>
      new Set(
        messages.flatMap(({ message }) =>
          message.answers.flatMap((record) => (record.type === 'A' ? [record.data] : [])),
        ),
      );
    assert.deepEqual([...addresses(a)], ['10.0.0.1']);
    assert.deepEqual([...addresses(b)], ['10.0.1.1']);
  });

  it('is announced at the next address when its machine gets another one, and when that is back', async () => {
    const { clock, network, announced, listening } = setUp();
    const { messages } = await listening('10.0.0.9');
    const host = network.host('10.0.0.1');
    const { link } = await announced(host, 'yard', 'a');
    clock.advance(5000);
    const next = async (address: string): Promise<void> => {
      messages.length = 0;
      host.setAddresses([address]);
      clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1500);
      const addresses = messages.flatMap(({ message }) =>
        message.answers.flatMap((one) => (one.type === 'A' ? [one.data] : [])),
      );
      assert.deepEqual([...new Set(addresses)], [address]);
      assert.deepEqual(
        link.interfaces.map((on) => on.address),
        [address],
      );
    };
    for (const address of ['10.0.0.7', '10.0.0.1', '10.0.0.7']) await next(address);
  });

  it('takes another name if its name belongs to another gateway, before or after it is in use', async () => {
    const { clock, network, announced, listening, lines } = setUp();
    const first = await announced(network.host('10.0.0.1'), 'robot', 'a');
    clock.advance(5000);
    const second = await announced(network.host('10.0.0.2'), 'robot', 'b');
    clock.advance(5000);
    assert.deepEqual([first.announcer.label, second.announcer.label], ['robot', 'robot-2']);
    const { say } = await listening('10.0.0.9');
    say({ answers: recordsOf({ label: 'robot-2', address: '10.0.0.9', port: 9000, instance: 'c' }) });
    clock.advance(5000);
    assert.equal(second.announcer.label, 'robot-3');
    assert.match(lines.join('\n'), /warn: 10\.0\.0\.9 already announces the name robot-2: this gateway uses robot-3/);
  });

  it('resolves a simultaneous probe for the same name to a single owner', async () => {
    const { clock, network, announced } = setUp();
    const both = [
      await announced(network.host('10.0.0.1'), 'robot', 'a'),
      await announced(network.host('10.0.0.2'), 'robot', 'b'),
    ];
    clock.advance(10_000);
    assert.deepEqual(both.map(({ announcer }) => announcer.label).sort(), ['robot', 'robot-2']);
  });

  it('gives up if every name is taken, and logs what to do', async () => {
    const { clock, network, announced, listening, lines } = setUp();
    const other = await listening('10.0.0.9');
    const { announcer } = await announced(network.host('10.0.0.1'), 'robot', 'a');
    for (let turn = 0; turn < 400; turn++) {
      clock.advance(100);
      for (const { message } of other.messages.splice(0)) {
        const [question] = message.questions;
        if (!question) continue;
        const label = question.name.slice(0, -TYPE.length - 1);
        other.say({ answers: recordsOf({ label, address: '10.0.0.9', port: 9000, instance: 'x' }) });
      }
    }
    assert.equal(announcer.label, undefined);
    assert.equal(lines.filter((line) => line.startsWith('error: ')).length, 1);
    assert.match(lines.at(-1) ?? '', /Set a unique name in aggregation\.mdns_name/);
    clock.advance(60_000);
    assert.deepEqual(other.messages, []);
  });

  it('ignores its announcements when they return to it on any network', async () => {
    const { clock, network, announced, lines } = setUp();
    const { announcer } = await announced(network.host('10.0.0.1', '10.0.0.2'), 'yard', 'a', {
      token: 'a-token-of-the-yard',
    });
    clock.advance(10_000);
    assert.equal(announcer.label, 'yard');
    assert.deepEqual(lines, ['info: This gateway is announced as yard']);
  });
});
