import { LOG_SEVERITIES } from '@medkit/contract';
import { type EntityLists, type LogQuery, type LogScope, loggerKey, nameOfNativeId, severityRank } from '@medkit/core';

/** The robot and its entities. */
export interface Robot {
  readonly robot: string;
  readonly apps: EntityLists['apps'];
}

/**
 * Returns a LogQL query for the entries of a scope, by the labels of the log exporter: `robot`, `severity`, and
 * `entity`, which is the app that logs, or the logger's name if there is none. Other conditions filter the JSON line.
 */
export function logQl({ sources, namespaces }: LogScope, { minimum, context }: LogQuery, robot: Robot): string {
  const severities = LOG_SEVERITIES.filter((severity) => severityRank(severity) >= severityRank(minimum));
  const isAll = namespaces.some((namespace) => loggerKey(namespace) === '');
  const entities = isAll ? undefined : oneOf(entitiesOf(sources, robot).map(literal));
  const below = isAll || namespaces.length === 0 ? undefined : `^/?(?:${namespaces.map(asLogger).join('|')})[./].+$`;
  const matchers = [
    `robot=${quoted(robot.robot)}`,
    ...(severities.length < LOG_SEVERITIES.length ? [`severity=~${quoted(oneOf(severities))}`] : []),
    ...(entities !== undefined && below === undefined ? [`entity=~${quoted(entities)}`] : []),
  ];
  const filters = [
    ...(below === undefined ? [] : [`entity=~${quoted(`^(?:${entities})$`)} or logger=~${quoted(below)}`]),
    ...(context === '' ? [] : [`logger=~${quoted(`^.*${asLogger(context)}.*$`)}`]),
  ];
  const parse = filters.length > 0 ? ['json logger="logger"'] : [];
  return [`{${matchers.join(', ')}}`, ...parse, ...filters].join(' | ');
}

/**
 * Returns the values of the label `entity` for these sources, including those of an app whose id was not known when it
 * logged.
 */
function entitiesOf(sources: readonly string[], { apps }: Robot): readonly string[] {
  const wanted = new Set(sources);
  const ids = apps.flatMap(({ id, address, node: fqn }) =>
    [id, address && nameOfNativeId(address.nativeId), fqn].some((name) => name !== undefined && wanted.has(name))
      ? [id]
      : [],
  );
  return [...new Set([...ids, ...sources.map(loggerKey)])];
}

/** Returns a regular expression for a logger name, with dots or slashes. */
function asLogger(name: string): string {
  return loggerKey(name).split('.').map(literal).join('[./]');
}

function oneOf(texts: readonly string[]): string {
  return texts.join('|');
}

/** Escapes a text for RE2. */
function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Returns a LogQL string, which has the escapes of JSON. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
