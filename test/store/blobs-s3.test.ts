import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it, suite } from 'node:test';
import { BlobError, type Blobs } from '@medkit/blobs';
import { type S3Key, s3Blobs } from '@medkit/blobs/s3';
import { blobsContract } from '@medkit/blobs/testing';
import { systemClock } from '@medkit/edges/node';
import { systemHttpStreams } from '@medkit/edges/node/http-streams';
import { createBucket, type Swift, startSwift } from '../harness/swift.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

suite('a bucket of OpenStack Swift', { skip: missingSystemPackages('swift'), timeout: 120_000 }, () => {
  let swift: Swift;
  const open = ({ key = swift.key, ...address }: Partial<Swift['address'] & { key: S3Key }> = {}): Blobs =>
    s3Blobs({ address: { ...swift.address, ...address }, key, http: systemHttpStreams, clock: systemClock });
  const failure = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => assert.fail('no error'),
      (reason: unknown) => reason as BlobError,
    );
    assert.ok(error instanceof BlobError, String(error));
    return `${error.failure}: ${error.message}`;
  };
  async function* chunks(...texts: readonly string[]) {
    for (const text of texts) yield Buffer.from(text);
  }

  before(async () => {
    swift = await startSwift();
    await createBucket(swift);
  });
  after(() => swift?.[Symbol.asyncDispose]());

  blobsContract('the blobs of a bucket', () => open());

  describe('its URLs', () => {
    it('let another client read and store content, for their time', async () => {
      const blobs = open();
      const put = await fetch((await blobs.presign('put', 'signed/key', 60))!, { method: 'PUT', body: 'hello' });
      assert.equal(put.status, 200, await put.text());
      const url = (await blobs.presign('get', 'signed/key', 60))!;
      assert.equal(await (await fetch(url)).text(), 'hello');
      const named = {
        mimetype: 'application/octet-stream',
        disposition: `attachment; filename*=UTF-8''%C3%9F%20%27.mcap`,
      };
      const download = await fetch((await blobs.presign('get', 'signed/key', 60, named))!, {
        headers: { range: 'bytes=1-3' },
      });
      assert.deepEqual([download.status, await download.text()], [206, 'ell']);
      assert.equal(download.headers.get('content-type'), named.mimetype);
      assert.equal(download.headers.get('content-disposition'), named.disposition);
      assert.equal((await fetch(url.replace(/Signature=../, 'Signature=00'))).status, 403);
      const late = { ...systemClock, wallMs: () => systemClock.wallMs() - 120_000 };
      const options = { address: swift.address, key: swift.key, http: systemHttpStreams, clock: late };
      assert.equal((await fetch((await s3Blobs(options).presign('get', 'signed/key', 60))!)).status, 403);
    });
  });

  describe('its errors', () => {
    it('name the remedy of a wrong secret, key, bucket or clock', async () => {
      const wrong = { ...swift.key, secret: 'wrong' };
      assert.match(
        await failure(open({ key: wrong }).put('a/b', chunks('x'))),
        /^access: Cannot use s3:\/\/medkit-evidence\/hub\/ on http:.*the secret is wrong: check the credentials/,
      );
      assert.match(await failure(open({ key: wrong }).head('a/b')), /^access: .*check the credentials/);
      const other = { ...swift.key, id: 'medkit:other' };
      assert.match(await failure(open({ key: other }).get('a/b')), /^access: .*credentials/);
      assert.match(
        await failure(open({ bucket: 'no-such-bucket' }).put('a/b', chunks('x'))),
        /^bucket: .*the bucket does not exist: create it/,
      );
      const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + 7_200_000 };
      const skewed = s3Blobs({ address: swift.address, key: swift.key, http: systemHttpStreams, clock });
      assert.match(await failure(skewed.put('a/b', chunks('x'))), /^access: .*the clocks .* differ/);
    });

    it('say that the server cannot be reached, and a store that returns works again', async () => {
      const blobs = open();
      await blobs.put('away/key', chunks('before'));
      await swift.stop();
      assert.match(
        await failure(blobs.head('away/key')),
        /^unreachable: Cannot reach s3:.*ECONNREFUSED.*; check that the server runs/,
      );
      await swift.start();
      assert.deepEqual(await blobs.head('away/key'), { bytes: 6 });
    });

    it('say that a reply broke off', async () => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
      });
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
      const { port } = server.address() as { port: number };
      const blobs = open({ endpoint: `http://127.0.0.1:${port}` });
      const read = async () => {
        for await (const _chunk of await blobs.get('a/b'));
      };
      assert.match(await failure(read()), /^unreachable: Cannot reach s3:/);
      server.close();
    });
  });
});
