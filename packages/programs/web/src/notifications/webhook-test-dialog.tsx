import type { WebhookTestResult } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { TestOutcome } from './test-outcome.tsx';
import { t } from './texts.ts';
import { webhookOf } from './webhook-of.ts';

interface WebhookTestDialogProps {
  /** Scheme, host and port of a target to begin with; empty for any address. */
  readonly origin: string;
  readonly onClose: () => void;
}

/** Sends one test event to an address and shows the reply. Nothing is stored. */
export function WebhookTestDialog({ origin, onClose }: WebhookTestDialogProps) {
  const w = t.webhookTest;
  const [result, setResult] = useState<WebhookTestResult>();
  const [error, setError] = useState<Error>();
  const [isHeaderWrong, setHeaderWrong] = useState(false);
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('webhooks');
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const body = webhookOf(new FormData(event.currentTarget));
    setHeaderWrong(body === undefined);
    if (body === undefined) return;
    setResult(undefined);
    setError(undefined);
    setAtWork(true);
    try {
      setResult(await gateway().call('testWebhook', { body }));
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setAtWork(false);
    }
  };
  return (
    <Dialog title={w.title} onClose={onClose}>
      <p className="soft">{w.help}</p>
      <form className="stack" onSubmit={(event) => void send(event)}>
        <label className="notify-field">
          {w.url}
          <input name="url" type="url" required defaultValue={origin} autoComplete="off" spellCheck={false} />
          {origin !== '' && <span className="soft">{w.secretHelp}</span>}
        </label>
        <label className="notify-field">
          {w.secret}
          <input name="secret" type="password" autoComplete="off" placeholder={w.secretHint} />
        </label>
        <label className="notify-field">
          {w.header}
          <input
            name="header"
            autoComplete="off"
            spellCheck={false}
            placeholder={w.headerHint}
            aria-invalid={isHeaderWrong}
            aria-describedby="notify-header-problem"
          />
          <span id="notify-header-problem" role="alert" className="severity-2">
            {isHeaderWrong && w.headerProblem}
          </span>
        </label>
        <div className="row">
          <button type="submit" className="button primary" title={refusal} disabled={isAtWork || refusal !== undefined}>
            {w.send}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
      {error && <Failure error={error} />}
      <div role="status">{result && <TestOutcome result={result} />}</div>
    </Dialog>
  );
}
