/** A bucket on a server with the S3 protocol. */
export interface S3Address {
  readonly bucket: string;
  /** Begins the names of all objects; empty, or ends with `/`. */
  readonly prefix: string;
  /** Address of the server without a trailing `/`. */
  readonly endpoint: string;
  readonly region: string;
}

/** The credentials of a bucket. */
export interface S3Key {
  readonly id: string;
  readonly secret: string;
  /** Token of temporary credentials. */
  readonly session?: string;
}

const DEFAULT_REGION = 'us-east-1';
const FORM = 's3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1';

/**
 * Reads an address such as `s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1`. Without an endpoint it
 * is that of AWS in the region. Throws an `Error` that states the problem.
 */
export function parseS3Address(text: string): S3Address {
  const problem = (reason: string) => new Error(`${text} is not the address of a bucket: ${reason}. Use ${FORM}`);
  const [, bucket = '', path = '', query = ''] = /^s3:\/\/([^/?#]+)\/?([^?#]*)(?:\?([^#]*))?$/.exec(text) ?? [];
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw problem('the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens');
  }
  const prefix = path.replace(/\/+$/, '');
  if (prefix !== '' && !/^[\w-]+(?:\/[\w-]+)*$/.test(prefix)) {
    throw problem('the prefix has letters, digits, _, - and /');
  }
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((name) => name !== 'endpoint' && name !== 'region');
  if (unknown !== undefined) throw problem(`${unknown} is not an option`);
  const region = options.get('region') ?? DEFAULT_REGION;
  if (!/^[a-z0-9-]{1,32}$/.test(region)) throw problem('the region is malformed');
  const endpoint = (options.get('endpoint') ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '');
  if (!/^https?:\/\/[^/?#@]+$/.test(endpoint) || !URL.canParse(endpoint)) {
    throw problem('the endpoint is a http or https address without a path');
  }
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/`, endpoint, region };
}

/**
 * Reads a file of credentials in the form of `~/.aws/credentials`: `aws_access_key_id`, `aws_secret_access_key` and
 * `aws_session_token` of the first section. Throws an `Error` that names what is missing, and no content.
 */
export function parseS3Key(text: string): S3Key {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*(aws_\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !values.has(name)) values.set(name, value);
  }
  const [id, secret] = ['aws_access_key_id', 'aws_secret_access_key'].map((name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`the line "${name} = …" is missing`);
    return value;
  });
  const session = values.get('aws_session_token');
  return { id: id!, secret: secret!, ...(session !== undefined && { session }) };
}
