import type { WebhookTarget, WebhookTestResult } from '@medkit/contract';
import type { TestFire, Webhook } from '@medkit/webhooks';

/** A target as clients name it. */
export function webhookOf({ url, secret, headers }: WebhookTarget): Webhook {
  return { url, ...(secret != null && { secret }), ...(headers != null && { headers }) };
}

/** What came of a test delivery, as clients are told. */
export function testResult({ durationMs, ...fired }: TestFire): WebhookTestResult {
  return { ...fired, duration_ms: Math.round(durationMs) };
}
