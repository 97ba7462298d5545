import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastify from 'fastify';
import { ForwardedReply, sendForwarded } from './forwarded-reply.ts';

/** Returns the headers of a forwarded reply. */
async function sent(headers: Readonly<Record<string, string>>) {
  const server = fastify();
  server.get('/', (request, reply) => {
    const octets = Buffer.from('<script>1</script>');
    const body = (async function* () {
      yield octets;
    })();
    return sendForwarded(
      request,
      reply,
      new ForwardedReply({ status: 200, headers, octets, body, close: () => undefined }),
    );
  });
  const reply = await server.inject('/');
  await server.close();
  return reply.headers;
}

describe('a reply of another gateway', () => {
  it('that a browser would show as a page is sent as a download, under a policy that lets it run and load nothing', async () => {
    for (const [disposition, wanted] of [
      [undefined, 'attachment'],
      ['inline', 'attachment'],
      ['inline; filename="a.html"', 'attachment; filename="a.html"'],
      ['attachment; filename="a.html"', 'attachment; filename="a.html"'],
    ] as const) {
      const headers = await sent({
        'content-type': 'text/html',
        ...(disposition !== undefined && { 'content-disposition': disposition }),
      });
      assert.equal(headers['content-disposition'], wanted);
      assert.equal(headers['content-security-policy'], "default-src 'none'; sandbox");
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
  });

  it('that is a document is sent unchanged', async () => {
    const headers = await sent({ 'content-type': 'application/json' });
    assert.equal(headers['content-disposition'], undefined);
    assert.equal(headers['x-content-type-options'], 'nosniff');
  });
});
