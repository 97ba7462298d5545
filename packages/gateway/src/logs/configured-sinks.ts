import type { Model } from '@medkit/core';
import { elasticsearchSink, entityOfLogger, type LogSink, lokiSink, otlpSink, type SinkTarget } from '@medkit/entities';
import type { GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';

/** Loki's rule for label names; the other sinks accept any. */
const LABEL = /^([A-Za-z_]\w*)=(.*)$/s;
/** The rule of OpenTelemetry for names of attributes: not empty. */
export const ATTRIBUTE = /^([^=\s]+)=(.*)$/s;
/** RFC 9110, 5.6.2 and 5.5. */
export const HEADER = /^([\w!#$%&'*+.^`|~-]+):\s*([\t\x20-\x7e\x80-\xff]*)$/;

export interface ConfiguredSinksOptions {
  readonly config: Pick<GatewayConfig, 'logs'>;
  readonly model: Pick<Model, 'tree'>;
  readonly robot: string;
  readonly bootId: string;
}

/** Returns the sinks that have a URL. Throws `StartRefused` for invalid settings; the message contains no secrets. */
export function configuredSinks({ config, model, robot, bootId }: ConfiguredSinksOptions): readonly LogSink[] {
  const { labels, otlp, loki, elasticsearch } = config.logs.sinks;
  const common = {
    robot,
    bootId,
    labels: sinkPairs('logs.sinks.labels', labels, LABEL, 'name=value'),
    entityOf: (logger: string) => entityOfLogger(model, logger),
  };
  const target = (name: string, { url, headers }: typeof otlp, pathOf: (path: string) => string): SinkTarget => {
    const key = `logs.sinks.${name}`;
    const { url: address, authorization } = sinkAddress(`${key}.url`, url);
    address.pathname = pathOf(address.pathname);
    return {
      ...common,
      url: address.href,
      headers: { ...authorization, ...sinkPairs(`${key}.headers`, headers, HEADER, 'Name: value') },
    };
  };
  const defaultPath = (path: string) => (configured: string) => (configured === '/' ? path : configured);
  return [
    ...(otlp.url ? [otlpSink(target('otlp', otlp, defaultPath('/v1/logs')))] : []),
    ...(loki.url ? [lokiSink(target('loki', loki, defaultPath('/loki/api/v1/push')))] : []),
    ...(elasticsearch.url
      ? [
          elasticsearchSink({
            ...target('elasticsearch', elasticsearch, (path) => `${path.replace(/\/(?:_bulk\/?)?$/, '')}/_bulk`),
            index: elasticsearch.index,
          }),
        ]
      : []),
  ];
}

/**
 * Parses the address in a setting or variable `key`. A user and a password in it become a header. Throws `StartRefused`
 * for other addresses than `http:` and `https:`.
 */
export function sinkAddress(key: string, text: string) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return { authorization: basicAuthorization(url), url };
  throw new StartRefused(`${key}: the value is not an http or https address`);
}

/** Removes user and password from a URL and returns them as a header: a request must not contain them in its URL. */
function basicAuthorization(address: URL): { readonly Authorization?: string } {
  const { username, password } = address;
  if (username === '' && password === '') return {};
  address.username = '';
  address.password = '';
  const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
}

/** Parses the items of a list in a setting `key`. Throws `StartRefused`, without the item, which may be secret. */
export function sinkPairs(
  key: string,
  texts: readonly string[],
  form: RegExp,
  example: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text, at) => {
      const [, name, value] = form.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw new StartRefused(`${key}: item ${at + 1} does not have the form "${example}"`);
      }
      return [name, value];
    }),
  );
}
