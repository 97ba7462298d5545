import type { Row, Statement } from '@medkit/store';
import { nanoseconds, sourcesOf } from './fault-row.ts';
import type { CapturedTopic, NumberedCapture, PendingCapture } from './pending-capture.ts';
import { packSamples, unpackSamples } from './sample-blob.ts';

/** Returns the statements that store a capture with its buffered messages. */
export function putPendingCapture({
  captureId,
  faultCode,
  occurrence,
  requestedAtNs,
  sources,
  held,
}: PendingCapture): readonly Statement[] {
  return [
    {
      sql: `INSERT INTO pending_captures (capture_id, fault_code, occurrence, requested_at_ns, sources)
            VALUES (?, ?, ?, ?, ?)`,
      parameters: [captureId, faultCode, occurrence, requestedAtNs, JSON.stringify(sources)],
    },
    ...held.map(({ topic, runtime = '', type, samples }, place) => ({
      sql: `INSERT INTO pending_samples (capture_id, place, topic, runtime, message_type, samples)
            VALUES (?, ?, ?, ?, ?, ?)`,
      parameters: [captureId, place, topic, runtime, type, packSamples(samples)],
    })),
  ];
}

/** Returns the statements that remove a complete or abandoned capture. */
export function removePending(captureId: number): readonly Statement[] {
  return ['pending_samples', 'pending_captures'].map((table) => ({
    sql: `DELETE FROM ${table} WHERE capture_id = ?`,
    parameters: [captureId],
  }));
}

/** Returns the statements that remove all captures of a fault. */
export function removePendingOf(faultCode: string): readonly Statement[] {
  return [
    {
      sql: `DELETE FROM pending_samples
            WHERE capture_id IN (SELECT capture_id FROM pending_captures WHERE fault_code = ?)`,
      parameters: [faultCode],
    },
    { sql: 'DELETE FROM pending_captures WHERE fault_code = ?', parameters: [faultCode] },
  ];
}

/** Converts a row of `pending_captures`. */
export function numberedCaptureOf(row: Row): NumberedCapture {
  return {
    captureId: Number(row.capture_id),
    faultCode: String(row.fault_code),
    occurrence: Number(row.occurrence),
    requestedAtNs: nanoseconds(row.requested_at_ns),
    sources: sourcesOf(String(row.sources)) ?? [],
  };
}

/** Converts a row of `pending_samples`. */
export function capturedTopicOf({ topic, runtime, message_type, samples }: Row): CapturedTopic {
  return {
    topic: String(topic),
    ...(runtime !== '' && { runtime: String(runtime) }),
    type: String(message_type),
    samples: unpackSamples(samples as Uint8Array),
  };
}
