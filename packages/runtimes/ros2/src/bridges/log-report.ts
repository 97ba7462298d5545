import { fnv1aHex } from '@medkit/core';
import { type FaultReport, SEVERITY } from '@medkit/faults';
import { codeText, conditionKey, withoutAnsi } from './code-text.ts';

/** What is made a fault of what nodes log. The names are those of ros2_medkit. */
export interface LogRules {
  /** Least level, as `rcl_interfaces/msg/Log` counts them. */
  readonly severityFloor: number;
  readonly codePrefix: string;
  /** Who reports; empty is the node that logs. */
  readonly sourceId: string;
  /** Parts of source names that are left out. */
  readonly excludeNodes: readonly string[];
  /** Parts of source names of which one has to be there; empty takes all. */
  readonly includeOnlyNodes: readonly string[];
  /** Whether what ros2_medkit and medkit log themselves is left out. */
  readonly excludeMedkitStack: boolean;
}

/** One line of a log. */
export interface LogLine {
  readonly level: number;
  /** Name of the logger: `robot1.planner_server.costmap`. */
  readonly logger: string;
  readonly message: string;
  /** Full name of the node that publishes it, if that is known. */
  readonly publisher?: string | undefined;
}

/** What the graph says of nodes. */
export interface LogNodes {
  readonly isNode: (fqn: string) => boolean;
  /** Whether a node is a part of medkit or ros2_medkit. */
  readonly isMedkit: (fqn: string) => boolean;
}

/** Up to here nothing is a fault. */
const INFO = 20;

const MAX_CODE_LENGTH = 64;
const MAX_NODE_LENGTH = 48;
const DEFAULT_PREFIX = 'LOG';
/** Hashed for a message without a word. */
const NO_MESSAGE = '_NOMSG';

/** The report that a line makes, `undefined` if it makes none. */
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
 * The node of a logger: the longest part of its name that is a node. A logger `robot1.planner_server.costmap` is that of
 * `/robot1/planner_server`. If no part is one, the node that publishes the line, or the first segment.
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

/** Segments of the name of a logger that are looked at. */
const MAX_LOGGER_SEGMENTS = 16;

/** Addresses and ids, written in hexadecimal: pointers, UUIDs, MAC addresses, hashes with a digit in them. */
const HEXADECIMAL =
  /0x[0-9a-f]+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b|\b(?=[a-f]*[0-9])[0-9a-f]{6,}\b/gu;

/**
 * What is the same in all messages of a kind: words of letters in any script. Numbers, addresses, single Latin letters and
 * colours of a terminal differ from message to message.
 */
export function messageTemplate(message: string): string {
  const text = withoutAnsi(message).toLowerCase().replace(HEXADECIMAL, ' ');
  const words = text.split(/[^\p{L}\p{M}]+/u);
  return words.filter((word) => word.length > 1 || /[^\p{Script=Latin}]/u.test(word)).join(' ');
}

/**
 * The code of a kind of message of a node: `LOG_PLANNER_SERVER_ac8dd4db`. The hash at its end is always whole.
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
