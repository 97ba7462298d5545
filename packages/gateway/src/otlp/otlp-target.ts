import { VERSION } from '@medkit/contract';
import type { SpanAttributes } from '@medkit/core';
import type { Environment, GatewayConfig } from '../config/index.ts';
import { StartRefused } from '../listen.ts';
import { ATTRIBUTE, HEADER, sinkAddress, sinkPairs } from '../logs/configured-sinks.ts';

/** Address of a collector on this machine, which OpenTelemetry defines as the default. */
const DEFAULT_ENDPOINT = 'http://127.0.0.1:4318';

/** What is sent by OTLP: the name of the section of its settings, and the end of its path. */
export type OtlpSignal = 'metrics' | 'traces';

/** Where a signal is sent, and what every request includes. */
export interface OtlpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Attributes of the resource: the gateway that sends. */
  readonly resource: SpanAttributes;
}

export interface OtlpTargetOptions {
  readonly config: Pick<GatewayConfig, OtlpSignal>;
  readonly environment: Environment;
  /** Name of this gateway among its peers; unique. */
  readonly instance: string;
  readonly machineName: string;
}

/**
 * Returns where a signal is sent: as the settings say, otherwise as the variables of OpenTelemetry say. Throws
 * `StartRefused` for invalid values; the message contains no secrets.
 */
export function otlpTarget(
  signal: OtlpSignal,
  { config, environment, instance, machineName }: OtlpTargetOptions,
): OtlpTarget {
  const { service_name, attributes } = config.traces;
  const { otlp } = config[signal];
  const ending = `/v1/${signal}`;
  const [key, endpoint] = otlp.endpoint
    ? [`${signal}.otlp.endpoint`, otlp.endpoint]
    : ['OTEL_EXPORTER_OTLP_ENDPOINT', environment['OTEL_EXPORTER_OTLP_ENDPOINT'] || DEFAULT_ENDPOINT];
  const { url, authorization } = sinkAddress(key, endpoint);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(ending) ? path : path + ending;
  const headers =
    otlp.headers.length > 0
      ? sinkPairs(`${signal}.otlp.headers`, otlp.headers, HEADER, 'Name: value')
      : listedPairs('OTEL_EXPORTER_OTLP_HEADERS', environment);
  return {
    url: url.href,
    headers: { ...authorization, ...headers },
    resource: resourceOf({
      ...listedPairs('OTEL_RESOURCE_ATTRIBUTES', environment),
      ...sinkPairs('traces.attributes', attributes, ATTRIBUTE, 'name=value'),
      'service.name': service_name || environment['OTEL_SERVICE_NAME'] || 'medkit',
      instance,
      machineName,
    }),
  };
}

/** Returns whether the environment disables OpenTelemetry ("General SDK Configuration"). */
export function disablesOpenTelemetry(environment: Environment): boolean {
  return environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true';
}

function resourceOf({
  instance,
  machineName,
  ...given
}: Readonly<Record<string, string>> & { readonly instance: string; readonly machineName: string }): SpanAttributes {
  return {
    'service.version': VERSION,
    'service.instance.id': instance,
    'host.name': machineName,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'medkit',
    'telemetry.sdk.version': VERSION,
    ...given,
  };
}

/** Parses `name=value,name=value` with percent-encoded values, as the variables of OpenTelemetry list them. */
function listedPairs(variable: string, environment: Environment): Readonly<Record<string, string>> {
  const pairs = (environment[variable] ?? '').split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair, at) => {
      const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(pair) ?? [];
      const decoded = name === '' ? undefined : decode(value);
      if (decoded === undefined)
        throw new StartRefused(`${variable}: item ${at + 1} does not have the form name=value`);
      return [name, decoded] as const;
    }),
  );
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
