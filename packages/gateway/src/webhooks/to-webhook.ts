import type { WebhookTarget, WebhookTestResult } from '@medkit/contract';
import type { TestFire, Webhook } from '@medkit/webhooks';

/** Converts a target of a request. */
export function toWebhook({ url, secret, headers }: WebhookTarget): Webhook {
  return { url, ...(secret != null && { secret }), ...(headers != null && { headers }) };
}

/** Returns the result of a test delivery, as clients see it. */
export function testResult({ durationMs, ...fired }: TestFire): WebhookTestResult {
  return { ...fired, duration_ms: Math.round(durationMs) };
}
