import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayRefused, GatewayUnreachable } from '../failures.ts';
import { type FollowOptions, followEvents } from './follow-events.ts';

const request = { method: 'GET', url: 'http://robot/events' };
const refused = (status: number) =>
  new GatewayRefused(request, status, { error_code: 'x', message: `refused with ${status}` }, '');
const broken = new GatewayUnreachable(request, new Error('socket hang up'));

/**
 * Follows a stream. Each time it is opened, it behaves like the next entry of `lives`: the text it sends, and the error
 * with which it breaks.
 */
async function follow(
  lives: readonly (readonly [text: string, failure?: Error] | Error)[],
  options: FollowOptions = {},
) {
  const opened: (string | undefined)[] = [];
  const pauses: number[] = [];
  const events: string[] = [];
  let failure: unknown;
  const open = async (lastEventId: string | undefined) => {
    const life = lives[opened.length] ?? refused(404);
    opened.push(lastEventId);
    if (life instanceof Error) throw life;
    return (async function* () {
      yield new TextEncoder().encode(life[0]);
      if (life[1]) throw life[1];
    })();
  };
  const pause = async (ms: number) => void pauses.push(ms);
  try {
    for await (const { data } of followEvents(open, { pause, random: { float: () => 0 } }, options)) events.push(data);
  } catch (error) {
    failure = error;
  }
  return { opened, pauses, events, failure };
}

describe('a stream of events that is followed', () => {
  it('is reopened after the last event if it breaks, and ends when it no longer exists', async () => {
    const { opened, events, failure } = await follow([
      ['id: 1\ndata: a\n\nid: 2\ndata: b\n\n', broken],
      ['data: c\n\n'],
    ]);
    assert.deepEqual([opened, events, failure], [[undefined, '2', '2'], ['a', 'b', 'c'], undefined]);
  });

  it('reports each time it is open, before the first event', async () => {
    const seen: string[] = [];
    const onOpen = () => void seen.push('open');
    const { opened } = await follow([['data: a\n\n', broken], broken, ['data: b\n\n']], {
      onOpen,
      onPause: () => void seen.push('pause'),
    });
    assert.equal(opened.length, 4);
    assert.deepEqual(seen, ['open', 'pause', 'pause', 'open', 'pause']);
  });

  it('is tried again after longer and longer pauses, until an event arrives', async () => {
    const { pauses } = await follow([
      ['retry: 100\n\ndata: a\n\n', broken],
      broken,
      refused(503),
      broken,
      ['data: b\n\n', broken],
      ...Array.from({ length: 12 }, () => broken),
    ]);
    assert.deepEqual(pauses.slice(0, 6), [100, 200, 400, 800, 100, 200]);
    assert.equal(pauses.at(-1), 30_000);
    assert.deepEqual((await follow([['retry: 0\n\ndata: a\n\n', broken]])).pauses, [50]);
    const patient = await follow([['data: a\n\n'], broken, broken, broken], { maxPauseMs: 1500 });
    assert.deepEqual(patient.pauses, [1000, 1500, 1500, 1500]);
  });

  it('that cannot be opened at first, or is refused later, fails', async () => {
    assert.equal((await follow([broken])).failure, broken);
    assert.equal(((await follow([refused(404)])).failure as GatewayRefused).status, 404);
    assert.equal(((await follow([['', broken], refused(401)])).failure as GatewayRefused).status, 401);
  });

  it('continues with a new token, or reports the refusal, if its client loses access, which is no event', async () => {
    const end = 'event: x-medkit-auth\ndata: {"reason":"expired","retry":true}\n\n';
    const renewed = await follow([[`id: 1\ndata: a\n\n${end}`], ['id: 2\ndata: b\n\n']], { goesOn: async () => true });
    assert.deepEqual(
      [renewed.opened, renewed.events],
      [
        [undefined, '1', '2'],
        ['a', 'b'],
      ],
    );
    // The request that `goesOn` makes would be refused as well.
    const goesOn = () => Promise.reject(new Error('nobody is to ask'));
    const revoked = await follow([[`id: 1\ndata: a\n\n${end}`], refused(401)], { goesOn });
    assert.deepEqual([revoked.events, (revoked.failure as GatewayRefused).status], [['a'], 401]);
  });

  it('ends if its owner returns false before a reconnect', async () => {
    const { opened, events } = await follow([['data: a\n\n']], { goesOn: async () => false });
    assert.deepEqual([opened.length, events], [1, ['a']]);
  });

  it('ends with its signal, also in a pause', async () => {
    const ending = new AbortController();
    const { opened, failure } = await follow([['data: a\n\n', broken]], {
      signal: ending.signal,
      onPause: () => ending.abort(),
    });
    assert.deepEqual([opened.length, failure], [1, undefined]);
  });

  it('begins after an event that was seen earlier', async () => {
    assert.deepEqual((await follow([refused(404)], { lastEventId: '41' })).opened, ['41']);
  });
});
