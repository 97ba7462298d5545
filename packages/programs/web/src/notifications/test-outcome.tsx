import type { WebhookTestResult } from '@medkit/contract';
import { t } from './texts.ts';

/** The result of a test delivery: whether it arrived, the status, the duration, and the reply or the error. */
export function TestOutcome({ name, result }: { readonly name?: string; readonly result: WebhookTestResult }) {
  const { delivered, status, error, reply, address, duration_ms } = result;
  const facts = [
    // An error begins with the status.
    typeof status === 'number' && !error && t.test.status(status),
    t.test.took(duration_ms),
    address && t.test.address(address),
  ].filter(Boolean);
  // An error contains the reply.
  const said = error ?? reply;
  return (
    <div className="notify-outcome">
      <span className={`notify-state ${delivered ? 'notify-working' : 'notify-failing'}`}>
        {name !== undefined && <strong>{name} </strong>}
        <span>{delivered ? t.test.delivered : t.test.refused}</span>
      </span>
      <span className="soft number">{facts.join(' · ')}</span>
      {said && <code className="notify-said">{said}</code>}
    </div>
  );
}
