import { type FaultReport, SEVERITY } from '@medkit/faults';
import { codeText, fnv1aHex } from './code-text.ts';

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
}

/** Up to here nothing is a fault. */
const INFO = 20;

const MEDKIT_STACK = [
  'fault_manager',
  'ros2_medkit_gateway',
  'medkit_gateway',
  'diagnostic_bridge',
  'action_status_bridge',
  'log_bridge',
];

const MAX_CODE_LENGTH = 64;
const MAX_NODE_LENGTH = 48;
const DEFAULT_PREFIX = 'LOG';
/** Stands for a message without a word. */
const NO_MESSAGE = '_NOMSG';

/**
 * The report that a line makes, `undefined` where it makes none. `isNode` tells which names are nodes: a logger
 * `robot1.planner_server.costmap` is that of `/robot1/planner_server` where there is one.
 */
export function logReport(line: LogLine, rules: LogRules, isNode: (fqn: string) => boolean): FaultReport | undefined {
  const { level, logger, message } = line;
  if (level <= INFO || level < rules.severityFloor) return undefined;
  if (rules.excludeMedkitStack && MEDKIT_STACK.some((name) => logger.includes(name))) return undefined;
  const source = sourceOfLogger(logger, isNode);
  const named = (part: string): boolean => source.includes(part);
  if (rules.excludeNodes.some(named)) return undefined;
  if (rules.includeOnlyNodes.length > 0 && !rules.includeOnlyNodes.some(named)) return undefined;
  return {
    code: logCode(source, message, rules.codePrefix),
    event: 'FAILED',
    severity: level >= 50 ? SEVERITY.CRITICAL : level >= 40 ? SEVERITY.ERROR : SEVERITY.WARN,
    description: message,
    source: rules.sourceId || source,
  };
}

/** The node of a logger: the longest part of its name that is a node, or its first segment. */
export function sourceOfLogger(logger: string, isNode: (fqn: string) => boolean): string {
  if (logger.startsWith('/')) return logger;
  const segments = logger.split('.', MAX_LOGGER_SEGMENTS);
  for (let count = segments.length; count > 1; count--) {
    const fqn = `/${segments.slice(0, count).join('/')}`;
    if (isNode(fqn)) return fqn;
  }
  return `/${segments[0]}`;
}

/** Segments of the name of a logger that are looked at. */
const MAX_LOGGER_SEGMENTS = 16;

/** What stays of a message that differs in figures, addresses and single letters only. */
export function messageTemplate(message: string): string {
  const words = message.toLowerCase().split(/[^a-z]+/);
  return words.filter((word) => word.length > 1).join(' ');
}

/** The code of a kind of message of a node: `LOG_PLANNER_SERVER_ac8dd4db`. The hash at its end is always whole. */
export function logCode(source: string, message: string, prefix: string): string {
  const hash = fnv1aHex(messageTemplate(message) || NO_MESSAGE);
  const begin = (codeText(prefix) || DEFAULT_PREFIX).slice(0, MAX_CODE_LENGTH - hash.length - 1);
  const room = MAX_CODE_LENGTH - begin.length - hash.length - 2;
  const node = codeText(source)
    .slice(0, Math.max(0, Math.min(room, MAX_NODE_LENGTH)))
    .replace(/_+$/, '');
  return node === '' ? `${begin}_${hash}` : `${begin}_${node}_${hash}`;
}
