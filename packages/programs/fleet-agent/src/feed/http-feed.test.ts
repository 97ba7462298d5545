import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { protocolOf } from '@medkit/vda5050';
import { SimulatedPicture } from '../testing/simulated-picture.ts';
import { errorFeed } from './error-feed.ts';
import { openHttpFeed } from './http-feed.ts';

async function openPages(state?: string) {
  const picture = new SimulatedPicture();
  const errors = errorFeed(picture, protocolOf('3.0.0'));
  const health = () => ({ role: 'feed', withheld: 'another client publishes' }) as never;
  const agent = { lastState: () => state, health };
  const feed = await openHttpFeed({ address: { host: '127.0.0.1', port: 0 }, agent, errors, clock: systemClock });
  const get = (path: string, init: RequestInit = {}) => fetch(`${feed.url}${path}`, init);
  return { picture, get, url: feed.url, [Symbol.asyncDispose]: () => feed.close() };
}

describe('the pages of an agent', () => {
  it('are its health, the last state as it was sent, and the errors', async () => {
    await using pages = await openPages('{"headerId":1}');
    assert.equal(await (await pages.get('/state')).text(), '{"headerId":1}\n');
    assert.match(await (await pages.get('/health?pretty')).text(), /"role":"feed"/);
    assert.deepEqual(await (await pages.get('/errors')).json(), { version: '3.0.0', errors: [], information: [] });
  });

  it('explain why there is no state, and name the other pages', async () => {
    await using pages = await openPages();
    const state = await pages.get('/state');
    assert.equal(state.status, 404);
    assert.match(await state.text(), /another client publishes/);
    assert.match(await (await pages.get('/other')).text(), /\/health, \/state, \/errors, \/errors\/stream/);
    assert.equal((await pages.get('/errors', { method: 'POST' })).status, 405);
  });

  it('stream errors, to a limited number of clients', async () => {
    await using pages = await openPages();
    const streams = await Promise.all(Array.from({ length: 33 }, () => pages.get('/errors/stream')));
    assert.equal(streams.filter(({ status }) => status === 503).length, 1);
    const open = streams.find(({ status }) => status === 200);
    const reader = open?.body?.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader?.read())?.value ?? '', /^event: errors\ndata: .*"errors":\[\]/);
    pages.picture.setErrors('PROTECTIVE_STOP');
    assert.match((await reader?.read())?.value ?? '', /PROTECTIVE_STOP/);
  });

  it('are not served under a host name of an attacker', async () => {
    await using pages = await openPages();
    const status = await new Promise((resolve) => {
      const options = { headers: { host: 'rebound.example' } };
      request(`${pages.url}/errors`, options, (reply) => resolve(reply.statusCode)).end();
    });
    assert.equal(status, 421);
  });
});
