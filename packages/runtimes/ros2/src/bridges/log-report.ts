import { fnv1aHex } from '@medkit/core';
import { type FaultReport, SEVERITY } from '@medkit/faults';
import { codeText, conditionKey, withoutAnsi } from './code-text.ts';

/** Settings for the faults of logs. The names are those of ros2_medkit. */
export interface LogRules {
  /** Minimum level, as defined by `rcl_interfaces/msg/Log`. */
  readonly severityFloor: number;
  readonly codePrefix: string;
  /** Source of the reports; empty: the node that logs. */
  readonly sourceId: string;
  /** Sources whose name contains one of these parts are ignored. */
  readonly excludeNodes: readonly string[];
  /** Only sources whose name contains one of these parts are reported; empty: all. */
  readonly includeOnlyNodes: readonly string[];
  /** Whether to ignore the logs of ros2_medkit and medkit. */
  readonly excludeMedkitStack: boolean;
}

/** A log line. */
export interface LogLine {
  readonly level: number;
  /** Name of the logger: `robot1.planner_server.costmap`. */
  readonly logger: string;
  readonly message: string;
  /** Full name of the publishing node, if known. */
  readonly publisher?: string | undefined;
}

/** Lookups in the graph. */
export interface LogNodes {
  readonly isNode: (fqn: string) => boolean;
  /** Returns whether a node belongs to medkit or ros2_medkit. */
  readonly isMedkit: (fqn: string) => boolean;
}

/** Levels up to this one are never faults. */
const INFO = 20;

const MAX_CODE_LENGTH = 64;
const MAX_NODE_LENGTH = 48;
const DEFAULT_PREFIX = 'LOG';
/** Hashed instead of a message without words. */
const NO_MESSAGE = '_NOMSG';

/** Returns the report for a line, or `undefined` if the line is not a fault. */
export function logReport(line: LogLine, rules: LogRules, { isNode, isMedkit }: LogNodes): FaultReport | undefined {
  const { level, logger, message, publisher } = line;
  if (level <= INFO || level < rules.severityFloor) return undefined;
  const source = sourceOfLogger(logger, isNode, publisher);
  if (rules.excludeMedkitStack && isMedkit(source)) return undefined;
  const named = (part: string): boolean => source.includes(part);
  if (rules.excludeNodes.some(named)) return undefined;
  if (rules.includeOnlyNodes.length > 0 && !rules.includeOnlyNodes.some(named)) return undefined;
  const template = messageTemplate(message);
  return {
    code: logCode(source, template, rules.codePrefix),
    event: 'FAILED',
    severity: level >= 50 ? SEVERITY.CRITICAL : level >= 40 ? SEVERITY.ERROR : SEVERITY.WARN,
    description: message,
    source: rules.sourceId || source,
    condition: {
      key: conditionKey('log', source, template),
      otherCode: logCode(source, template, rules.codePrefix, source),
    },
  };
}

/**
 * Returns the node of a logger: the longest prefix of its name that is a node. Logger `robot1.planner_server.costmap`
 * belongs to `/robot1/planner_server`. If no prefix is a node, returns the publishing node or the first segment.
 */
export function sourceOfLogger(logger: string, isNode: (fqn: string) => boolean, publisher?: string): string {
  if (logger.startsWith('/') && (publisher === undefined || isNode(logger))) return logger;
  const segments = logger.replace(/^\//, '').split('.', MAX_LOGGER_SEGMENTS);
  for (let count = segments.length; count > 0; count--) {
    const fqn = `/${segments.slice(0, count).join('/')}`;
    if (isNode(fqn)) return fqn;
  }
  return publisher ?? `/${segments[0]}`;
}

/** Segments of a logger name that are examined. */
const MAX_LOGGER_SEGMENTS = 16;

/** Hexadecimal addresses and ids: pointers, UUIDs, MAC addresses, hashes that contain a digit. */
const HEXADECIMAL =
  /0x[0-9a-f]+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b|\b(?=[a-f]*[0-9])[0-9a-f]{6,}\b/gu;

/**
 * Returns the part that all messages of a kind share: words of letters in any script. Numbers, addresses, single Latin
 * letters and terminal colours vary from message to message.
 */
export function messageTemplate(message: string): string {
  const text = withoutAnsi(message).toLowerCase().replace(HEXADECIMAL, ' ');
  const tokens = text.split(/[^\p{L}\p{M}]+/u);
  return tokens.filter((token) => token.length > 1 || /[^\p{Script=Latin}]/u.test(token)).join(' ');
}

/**
 * Returns the code of a kind of message of a node, such as `LOG_PLANNER_SERVER_ac8dd4db`. The hash at its end is never
 * truncated.
 *
 * @param salt text that the hash covers besides the template
 */
export function logCode(source: string, template: string, prefix: string, salt = ''): string {
  const hash = fnv1aHex(`${salt}${salt && '|'}${template || NO_MESSAGE}`);
  const begin = (codeText(prefix) || DEFAULT_PREFIX).slice(0, MAX_CODE_LENGTH - hash.length - 1);
  const room = MAX_CODE_LENGTH - begin.length - hash.length - 2;
  const node = codeText(source)
    .slice(0, Math.max(0, Math.min(room, MAX_NODE_LENGTH)))
    .replace(/_+$/, '');
  return node === '' ? `${begin}_${hash}` : `${begin}_${node}_${hash}`;
}
