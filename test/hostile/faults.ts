import { HALVES, LINKS, MARKUP, NUL, SHORT_MARKUP, TEXTS, TURNED } from './texts.ts';
import { at, DEEP, documentText, SECONDS, TIMES, VALUE_NAMES, VALUES } from './values.ts';

/** Its faults; their codes become part of addresses. */
export const CODES = ['HOSTILE_PEER', SHORT_MARKUP, '../../x', '__proto__', TURNED, HALVES, NUL, 'a/b?c#d'] as const;
export const faultItem = (code: string, place: number): unknown => ({
  fault_code: code,
  fault_name: at(TEXTS, place),
  severity: at([2, 3, 1, -1, 99], place),
  severity_label: at(['ERROR', MARKUP], place),
  description: at(TEXTS, place),
  status: at(['CONFIRMED', 'CONFIRMED', { aggregatedStatus: 'active' }, 'CONFIRMED', MARKUP], place),
  first_occurred: at(SECONDS, place),
  last_occurred: at(SECONDS, place + 1),
  occurrence_count: 1e21,
  reporting_sources: [SHORT_MARKUP, '/__proto__/constructor'],
  entity_id: 'evil',
  entity_type: 'app',
  'x-medkit': { status_raw: MARKUP },
});

const frame = (name: string, place: number): unknown => ({
  type: 'freeze_frame',
  name: at(TEXTS, place),
  data: VALUES[name],
  'x-medkit': {
    topic: at(TEXTS, place + 1).slice(0, 300),
    message_type: MARKUP,
    captured_at: at(TIMES, place),
    label: at(TEXTS, place),
    unit: SHORT_MARKUP,
    role: 'threshold',
    of: SHORT_MARKUP,
    problem: MARKUP,
  },
});
const HISTORY = {
  type: 'freeze_frame',
  name: 'history',
  data: {
    [SHORT_MARKUP]: [
      ['1774232077000000000', 'NaN'],
      [1e308, MARKUP],
      [null, {}],
    ],
    '/level': Array.from({ length: 50_000 }, (_, place) => [1_774_232_077_000_000_000 + place, place % 7]),
    constructor: DEEP,
  },
  'x-medkit': { topic: MARKUP, message_type: MARKUP, captured_at: TIMES[0] },
};

/** Files of its faults, by id; see where they are built for their contents. */
export const FILES = ['cut', 'sums', 'bomb', 'index', 'schema', 'deep', 'topics', 'short', 'page', 'database'];
/** Files that cannot be fully read, with the topics to open to see it; none if it shows immediately. */
export const UNREADABLE: Readonly<Record<string, readonly string[]>> = {
  cut: [],
  sums: [],
  bomb: [],
  index: [],
  schema: ['/marked', '/itself', '/circle', '/vast', '/sequence'],
  deep: ['/deep'],
  short: [],
  page: [],
};
export const fileUri = (id: string): string => `/apps/evil/bulk-data/rosbags/${encodeURIComponent(id)}`;
const recording = (id: string, place: number): unknown => ({
  type: 'rosbag',
  name: `${id} ../../x"><img src=x onerror=alert(1)>`,
  bulk_data_uri: fileUri(id),
  size_bytes: at([1e300, -1, 12], place),
  duration_sec: at([1e300, 8], place),
  format: id === 'database' ? 'sqlite3' : 'mcap',
  'x-medkit': { captured_at: at(TIMES, place) },
});
const linked = LINKS.map((link, place) => ({
  type: 'rosbag',
  name: `link ${place} ${SHORT_MARKUP}`,
  bulk_data_uri: link,
  size_bytes: 1,
  duration_sec: 1,
  format: 'mcap',
}));

export const LOGS = {
  occurrence: 1,
  from: TIMES[0],
  to: TIMES[1],
  items: TEXTS.map((message, place) => ({
    timestamp: at(TIMES, place),
    severity: at(['error', MARKUP, '__proto__', 'fatal'], place),
    message,
    logger_name: SHORT_MARKUP,
  })),
};
export const faultDetail = (code: string): unknown => ({
  item: {
    code,
    fault_name: MARKUP,
    severity: 2,
    status: { aggregatedStatus: 'active', testFailed: '1', confirmedDTC: '1' },
  },
  environment_data: {
    extended_data_records: { first_occurrence: TIMES[0], last_occurrence: TIMES[1] },
    snapshots: [...VALUE_NAMES.map(frame), HISTORY, ...FILES.map(recording), ...linked],
    logs: [LOGS],
  },
  'x-medkit': {
    severity_label: MARKUP,
    status_raw: MARKUP,
    reporting_sources: [SHORT_MARKUP],
    missing_evidence: MARKUP,
    cleared_by: MARKUP,
    entity_id: 'evil',
    entity_type: 'app',
    thresholds: [
      { source: MARKUP, confirmation_threshold: 1e300, healing_enabled: true, healing_threshold: 0, override: MARKUP },
    ],
    symptom_of: { root_cause_code: SHORT_MARKUP, rule_id: MARKUP, delay_ms: 1e300 },
    cluster: { cluster_id: MARKUP, rule_id: MARKUP, representative_code: SHORT_MARKUP },
  },
});

/** Builds the event that reports a fault. */
export const faultEvent = (code: string): string =>
  documentText({
    event_type: 'fault_confirmed',
    timestamp: Date.now() / 1000,
    fault: { ...(faultItem(code, 0) as object), severity: 2 },
  });
