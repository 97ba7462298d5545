import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type CallHandler, dispatchCalls } from './incoming-call.ts';
import { Link, type LinkBounds, type LinkOptions } from './link.ts';
import { decodeError, encodeError, type LinkErrors, MAX_GATHERED } from './message.ts';

class Full extends Error {
  override readonly name = 'Full';
}

const ERRORS: LinkErrors = {
  encode: encodeError,
  decode: (error) => decodeError(error, { RangeError }),
  full: (calls, bytes) => new Full(`${calls} calls of ${bytes} octets to answer already`),
};
const BOUNDS: LinkBounds = { calls: 1024, bytes: 100 };

interface Scene {
  readonly link: Link;
  /** The port of the answering end. */
  readonly other: MessagePort;
  /** Number of link messages in each port message. */
  readonly posted: number[];
  readonly nonsense: () => number;
  readonly notices: unknown[];
}

async function linked(
  answers: Readonly<Record<string, CallHandler>>,
  use: (scene: Scene) => Promise<void>,
  options: Partial<LinkOptions> = {},
) {
  const { port1, port2 } = new MessageChannel();
  let nonsense = 0;
  const notices: unknown[] = [];
  const posted: number[] = [];
  const common = { bounds: BOUNDS, errors: ERRORS, onInvalidMessage: () => void nonsense++, ...options };
  port2.on('message', (messages: unknown) => posted.push(Array.isArray(messages) ? messages.length : 1));
  const onNotice = (name: string, args: readonly unknown[]) => void notices.push([name, ...args]);
  new Link({ port: port2, onCall: dispatchCalls(answers), onNotice, ...common });
  const link = new Link({ port: port1, ...common });
  try {
    await use({ link, other: port2, posted, nonsense: () => nonsense, notices });
  } finally {
    port1.close();
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

for (const gathers of [false, true]) {
  describe(`a link that sends ${gathers ? 'the messages of a turn together' : 'each message immediately'}`, () => {
    it('carries calls with their answers and failures, in any order', async () => {
      const slow = Promise.withResolvers<string>();
      const answers = {
        slow: () => slow.promise,
        fast: ([n]: [number]) => n + 1,
        function: () => () => 1,
        far: () => {
          throw new RangeError('too far');
        },
      };
      await linked(
        answers,
        async ({ link }) => {
          const waiting = link.call('slow', []);
          assert.equal(await link.call('fast', [1]), 2);
          slow.resolve('done');
          assert.equal(await waiting, 'done');
          await assert.rejects(link.call('far', []), RangeError);
          await assert.rejects(link.call('unknown', []), /unknown call unknown/);
          await assert.rejects(link.call('constructor', []), /unknown call constructor/);
          await assert.rejects(link.call('function', []), /could not be cloned/);
          assert.equal(link.underWay, 0);
        },
        { gathers },
      );
    });

    it('rejects only the call that cannot be cloned, and retains nothing of it', async () => {
      await linked(
        { fast: () => 1 },
        async ({ link }) => {
          const sound = link.call('fast', []);
          for (let times = 0; times < 1100; times++) {
            await assert.rejects(link.call('fast', [() => times]), /could not be cloned/);
          }
          assert.equal(await sound, 1);
          assert.equal(await link.call('fast', []), 1);
        },
        { gathers },
      );
    });

    it('notifies the other end that no caller waits any more', async () => {
      const aborted = Promise.withResolvers<void>();
      const wait = (_args: readonly [], { signal }: { readonly signal: AbortSignal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            aborted.resolve();
            resolve('given up');
          }),
        );
      await linked(
        { wait },
        async ({ link }) => {
          const controller = new AbortController();
          const waiting = link.call('wait', [], { signal: controller.signal });
          controller.abort();
          await aborted.promise;
          assert.equal(await waiting, 'given up');
        },
        { gathers },
      );
    });

    it('aborts a call whose signal was aborted before the call', async () => {
      const later = Promise.withResolvers<void>();
      const isAborted = async (_args: readonly [], call: { readonly signal: AbortSignal }) => {
        await later.promise;
        return call.signal.aborted;
      };
      await linked(
        { isAborted },
        async ({ link, posted }) => {
          const waiting = link.call('isAborted', [], { signal: AbortSignal.abort() });
          while (posted.reduce((sum, count) => sum + count, 0) < 2) await turn();
          await turn();
          later.resolve();
          assert.equal(await waiting, true);
        },
        { gathers },
      );
    });

    it('keeps notices and calls in their order', async () => {
      const received: unknown[] = [];
      await linked(
        { fast: () => void received.push('call') },
        async ({ link, notices }) => {
          link.notify('first', [1]);
          const call = link.call('fast', []).then(() => assert.deepEqual(notices, [['first', 1], ['second']]));
          link.notify('second');
          await call;
        },
        { gathers },
      );
    });
  });
}

describe('a link', () => {
  it('ignores messages that are not of the link: another program may send anything', async () => {
    await linked({ fast: () => 1 }, async ({ link, other, nonsense }) => {
      const call = { id: 1, name: 'never', args: [] };
      const sent = [
        null,
        'ready',
        7,
        [],
        {},
        { name: 'notice' },
        { id: 1 },
        { id: 1, error: 'text' },
        { id: 'one', name: 'call', args: [] },
        { abort: 'one' },
        Array.from({ length: MAX_GATHERED + 1 }, () => call),
      ];
      for (const message of sent) other.postMessage(message);
      assert.equal(await link.call('fast', []), 1);
      assert.equal(nonsense(), sent.length);
    });
  });

  it('answers one call of a number at a time', async () => {
    let calls = 0;
    const never = () => {
      calls++;
      return new Promise(() => undefined);
    };
    const { port1, port2 } = new MessageChannel();
    let nonsense = 0;
    const onInvalidMessage = () => void nonsense++;
    new Link({ port: port2, bounds: BOUNDS, errors: ERRORS, onCall: dispatchCalls({ never }), onInvalidMessage });
    const call = { id: 1, name: 'never', args: [] };
    port1.postMessage([call, call]);
    while (nonsense === 0) await turn();
    assert.deepEqual([calls, nonsense], [1, 1]);
    port1.close();
  });

  it('limits the pending calls, and fails all of them when it breaks', async () => {
    await linked({ never: () => new Promise(() => undefined), fast: () => 1 }, async ({ link }) => {
      const waiting = Array.from({ length: 1024 }, () => link.call('never', []));
      await assert.rejects(link.call('never', []), { name: 'Full', message: /^1024 calls/ });
      const idle = link.idle();
      link.break(new Full('the process ended'));
      const outcomes = await Promise.allSettled(waiting);
      assert.ok(outcomes.every((outcome) => outcome.status === 'rejected'));
      await assert.rejects(link.call('never', []), { name: 'Full', message: 'the process ended' });
      await idle;
    });
  });

  it('rejects calls beyond its limit of bytes, and accepts them again later; a single call may be larger', async () => {
    await linked({ fast: () => 1 }, async ({ link }) => {
      const large = link.call('fast', [], { bytes: 1000 });
      await assert.rejects(link.call('fast', [], { bytes: 1 }), { name: 'Full', message: /^1 calls of 1000 octets/ });
      assert.equal(await link.call('fast', []), 1);
      await large;
      assert.equal(link.underWay, 0);
      await Promise.all([link.call('fast', [], { bytes: 50 }), link.call('fast', [], { bytes: 50 })]);
    });
  });

  it('answers as many concurrent calls of the other end as it may have pending itself', async () => {
    const { port1, port2 } = new MessageChannel();
    const common = { errors: ERRORS, bounds: { calls: 2 } };
    new Link({ port: port2, onCall: () => undefined, ...common });
    const failed: number[] = [];
    port1.on('message', ({ error, id }) => error && failed.push(id));
    port1.postMessage([1, 2, 3, 4].map((id) => ({ id, name: 'never', args: [] })));
    while (failed.length < 2) await turn();
    assert.deepEqual(failed, [3, 4]);
    port1.close();
  });

  it('sends the calls of one turn as one message, and immediately when flushed', async () => {
    await linked(
      { fast: () => 1 },
      async ({ link, posted }) => {
        await Promise.all([link.call('fast', []), link.call('fast', []), link.call('fast', [])]);
        assert.deepEqual(posted, [3]);
        const early = link.call('fast', []);
        link.flush();
        await Promise.all([early, link.call('fast', [])]);
        assert.deepEqual(posted, [3, 1, 1]);
      },
      { gathers: true },
    );
  });

  it('transfers buffers with their message, also if another message cannot be cloned', async () => {
    await linked(
      { length: ([octets]: [Uint8Array]) => octets.byteLength },
      async ({ link }) => {
        const octets = [new Uint8Array(10), new Uint8Array(20)];
        const lengths = octets.map((each) => link.call('length', [each], { transfer: [each.buffer] }));
        const refused = assert.rejects(link.call('length', [() => 1]), /could not be cloned/);
        assert.deepEqual(await Promise.all(lengths), [10, 20]);
        assert.deepEqual(
          octets.map(({ byteLength }) => byteLength),
          [0, 0],
        );
        await refused;
      },
      { gathers: true },
    );
  });

  it('receives nothing more once it is broken, and sends no gathered messages', async () => {
    const { port1, port2 } = new MessageChannel();
    const notices: string[] = [];
    const common = { bounds: BOUNDS, errors: ERRORS, gathers: true };
    const link = new Link({ port: port1, onNotice: (name) => void notices.push(name), ...common });
    const other = new Link({ port: port2, onNotice: (name) => void notices.push(name), ...common });
    other.notify('before');
    while (notices.length === 0) await turn();
    link.notify('too late');
    link.break(new Error('over'));
    other.notify('after');
    for (let turns = 0; turns < 5; turns++) await turn();
    assert.deepEqual(notices, ['before']);
    port1.close();
  });
});

describe('an error that crosses a link', () => {
  it('keeps class, message and stack', () => {
    const error = new Full('ranges[3]: expected a number, found "x"');
    const crossed = decodeError(structuredClone(encodeError(error)), { Full });
    assert.ok(crossed instanceof Full);
    assert.equal(crossed.message, error.message);
    assert.equal(crossed.stack, error.stack);
  });

  it('keeps at least the name of an unknown class', () => {
    const crossed = decodeError(encodeError(new RangeError('too far')));
    assert.deepEqual([crossed.name, crossed.message], ['RangeError', 'too far']);
    assert.equal(decodeError(encodeError('just text')).message, 'just text');
    assert.equal(decodeError({ name: 'constructor', message: 'odd' }, {}).message, 'odd');
  });
});
