import { useEffect, useState } from 'react';
import type { ChartSeries } from '../charts/chart-series.ts';
import { messageOf } from './bag-problem.ts';
import { bagProblemText } from './bag-problem-text.ts';
import { LEAST_RANGE } from './field-path.ts';
import { SCAN_TYPE } from './laser-scan.ts';
import type { Bag } from './open-bag.ts';
import { recordingTexts } from './texts.ts';

/** A requested series of a recording: a field of a topic by JSON Pointer, or `LEAST_RANGE` of a scan. */
export interface WantedSeries {
  readonly topic: string;
  readonly path: string;
  readonly label?: string;
  readonly unit?: string;
  readonly step?: boolean;
}

const MAX_SAMPLES = 4000;

/**
 * Returns the topic drawn as a scan: `/scan` if present, otherwise the first readable topic of the scan type with
 * messages.
 */
export function scanTopicOf({ topics }: Pick<Bag, 'topics'>): string | undefined {
  const scans = topics.filter(({ type, count, problem }) => type === SCAN_TYPE && count > 0 && problem === undefined);
  return (scans.find(({ name }) => name === '/scan') ?? scans[0])?.name;
}

/** Returns a field of a topic over the whole recording, for a chart. Throws errors of the bag. */
async function fieldSeries(bag: Bag, { topic, path, label, unit, step }: WantedSeries): Promise<ChartSeries> {
  const { samples } = await bag.samplesOf(topic, path, bag.startMs, bag.endMs, MAX_SAMPLES);
  return {
    id: `${topic}:${path}`,
    label: label ?? (path === LEAST_RANGE ? recordingTexts.nearest(topic) : `${topic} ${path}`),
    ...(unit !== undefined && { unit }),
    ...(step !== undefined && { step }),
    samples,
  };
}

/** Loads series of a recording for a chart. Series that fail are left out, with the reasons in `problems`. */
export function useBagSeries(bag: Bag | undefined, wanted: readonly WantedSeries[]) {
  const [state, setState] = useState<{
    readonly of: Bag;
    readonly series: readonly ChartSeries[];
    readonly problems: readonly string[];
  }>();
  const key = JSON.stringify(wanted);
  useEffect(() => {
    if (!bag) return;
    let isHere = true;
    const requested = JSON.parse(key) as readonly WantedSeries[];
    void Promise.allSettled(requested.map((one) => fieldSeries(bag, one))).then((results) => {
      if (!isHere) return;
      setState({
        of: bag,
        series: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
        problems: results.flatMap((result) =>
          result.status === 'rejected' ? [bagProblemText(messageOf(result.reason))] : [],
        ),
      });
    });
    return () => {
      isHere = false;
    };
  }, [bag, key]);
  return state?.of === bag ? state : undefined;
}
