import { linkToView } from '../charts/chart-link.ts';
import { cursorOf, setCursor } from '../charts/cursor.ts';
import { copyText } from '../controls/copy-button.tsx';
import { useKeys } from '../keys/single-keys.ts';
import { adjacentEvent, type Event } from './timeline-lanes.ts';

/** Steps through events with `[` and `]`, and copies a link to the view with `c`. */
export function useIncidentKeys(events: readonly Event[]): void {
  useKeys(({ key }) => {
    if (key === 'c') void copyText(linkToView());
    else if (key === ']' || key === '[') {
      const next = adjacentEvent(events, cursorOf()?.ms, key === ']' ? 1 : -1);
      if (next) setCursor(next.ms, 'keys');
    } else return false;
    return true;
  });
}
