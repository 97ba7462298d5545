import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withSilenceTimeout } from './silence-timeout.ts';

const headers = { 'content-type': 'text/event-stream' };
const octets = (text: string) => new TextEncoder().encode(text);

it('aborts a stream that has become silent', async () => {
  let cancelled: unknown;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(octets(':here\n')),
    cancel: (reason) => {
      cancelled = reason;
    },
  });
  const reply = await withSilenceTimeout(async () => new Response(body, { headers }), 30)('', {});
  const reader = reply.body!.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), ':here\n');
  await assert.rejects(reader.read(), { name: 'TimeoutError' });
  assert.match(String(cancelled), /nothing came/);
});

it('passes on data that arrives in time, and the end', async () => {
  const body = new ReadableStream({
    async pull(controller) {
      for (const text of ['one ', 'two ', 'three']) {
        await new Promise((resolve) => setTimeout(resolve, 25));
        controller.enqueue(octets(text));
      }
      controller.close();
    },
  });
  const reply = await withSilenceTimeout(async () => new Response(body, { headers }), 60)('', {});
  assert.equal(await new Response(reply.body).text(), 'one two three');
});

it('leaves other replies unchanged', async () => {
  const sent = new Response('{}', { headers: { 'content-type': 'application/json' } });
  assert.equal(await withSilenceTimeout(async () => sent, 10)('', {}), sent);
});
