import type { GatewaySetting } from '@medkit/contract';
import { formatSize } from '../recordings/format-size.ts';
import { t } from './texts.ts';

type RetentionKey = keyof typeof t.retained;

/** Text of a limit for each setting that bounds stored data; a plain number unless stated otherwise. */
const FORMATS: Readonly<Partial<Record<RetentionKey, (value: number) => string>>> = {
  'audit.max_requests': orUnlimited(String),
  'audit.max_observed': orUnlimited(String),
  'record.max_bytes': formatSize,
  'aggregation.recording_copies_mb': (value) => (value === 0 ? t.none : t.megabytes(String(value))),
  'aggregation.recording_copy_max_mb': (value) => t.megabytes(String(value)),
  'bulk_data.max_total_size': orUnlimited(formatSize),
  'island.history_sec': (value) => t.seconds(String(value)),
};

function orUnlimited(format: (value: number) => string) {
  return (value: number): string => (value === 0 ? t.unlimited : format(value));
}

export interface RetentionFact {
  readonly key: string;
  readonly label: string;
  readonly text: string;
}

/** Returns the limits of stored data among the settings, in the order of the texts. */
export function retentionFacts(settings: ReadonlyMap<string, GatewaySetting>): readonly RetentionFact[] {
  return (Object.entries(t.retained) as [RetentionKey, string][]).flatMap(([key, label]) => {
    const value = settings.get(key)?.value;
    if (key === 'record.max_bytes' && settings.get('record.file')?.value === '') {
      return [{ key, label, text: t.notRecorded }];
    }
    return typeof value === 'number' ? [{ key, label, text: (FORMATS[key] ?? String)(value) }] : [];
  });
}
