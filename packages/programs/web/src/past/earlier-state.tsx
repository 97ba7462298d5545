import { lazy } from 'react';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { changeSearch } from '../routes/location.ts';
import { texts } from '../texts/texts.ts';

/** The moment that the page shows first: an engineer who looks for a cause starts some time earlier. */
const EARLIER_MS = 600_000;

/** The recorded state at a moment. Its code is loaded when a user opens it. */
export const PastPage = lazy(async () => ({ default: (await import('./past-page.tsx')).PastPage }));

/** A button that shows the state of this page ten minutes ago; the moment is then in the URL (`?at=`). */
export function EarlierState() {
  const show = (): void =>
    changeSearch({ at: new Date(gatewayNowMs() - EARLIER_MS).toISOString() }, { replace: false });
  return (
    <button type="button" className="button" onClick={show}>
      {texts.time.earlierState}
    </button>
  );
}
