import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseS3Address, parseS3Key } from './s3-address.ts';

describe('the address of a bucket', () => {
  it('has bucket, prefix, endpoint and region', () => {
    assert.deepEqual(parseS3Address('s3://robots/hub/one?endpoint=http://10.0.0.7:3900/&region=garage'), {
      bucket: 'robots',
      prefix: 'hub/one/',
      endpoint: 'http://10.0.0.7:3900',
      region: 'garage',
    });
    const { endpoint, prefix } = parseS3Address('s3://robots?region=eu-central-1');
    assert.deepEqual([endpoint, prefix], ['https://s3.eu-central-1.amazonaws.com', '']);
  });

  it('is refused with the problem and the form', () => {
    const problems = {
      'http://robots': /the name of a bucket/,
      's3://R': /the name of a bucket/,
      's3://robots/../x': /the prefix/,
      's3://robots?key=secret': /key is not an option/,
      's3://robots?endpoint=ftp://x': /the endpoint/,
      's3://robots?endpoint=https://user:pass@x': /the endpoint/,
      's3://robots?region=a/b': /the region/,
    };
    for (const [text, problem] of Object.entries(problems)) {
      assert.throws(() => parseS3Address(text), problem);
      assert.throws(() => parseS3Address(text), /Use s3:\/\/bucket/);
    }
  });
});

describe('the credentials of a bucket', () => {
  it('are those of the first section of a file', () => {
    const file =
      '[default]\naws_access_key_id = A\r\naws_secret_access_key=b/c+d\n[other]\naws_access_key_id = X\naws_session_token = t\n';
    assert.deepEqual(parseS3Key(file), { id: 'A', secret: 'b/c+d', session: 't' });
  });

  it('are refused with what is missing', () => {
    assert.throws(() => parseS3Key('aws_access_key_id = A\nsecret'), /aws_secret_access_key = …" is missing/);
  });
});
