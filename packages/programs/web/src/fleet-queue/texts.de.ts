import { plural } from '../texts/plural.ts';
import type { texts as en } from './texts.en.ts';

export const texts: typeof en = {
  list: 'Anfragen in der Warteschlange',
  request: 'Anfrage',
  by: 'Eingereiht von',
  state: 'Zustand',
  anyState: 'Alle Zustände',
  states: {
    waiting: 'wartet',
    sent: 'gesendet',
    done: 'erledigt',
    refused: 'abgelehnt',
    expired: 'abgelaufen',
    cancelled: 'abgebrochen',
    unknown: 'unbekannt',
  },
  created: 'Eingereiht',
  ends: 'Endet',
  counted: (loaded, total) =>
    loaded === total ? plural(total, 'Anfrage', 'Anfragen') : `${loaded} von ${plural(total, 'Anfrage', 'Anfragen')}`,
  none: 'Keine Anfrage wartet. Die Seiten eines getrennten Roboters bieten an, was warten kann.',
  noneWith: 'Keine Anfrage hat diese Eigenschaften.',
  details: {
    title: (id) => `Anfrage ${id} der Warteschlange`,
    robot: 'Roboter',
    reason: 'Grund',
    body: 'Inhalt',
    note: 'Notiz',
    notBefore: 'Nicht vor',
    expires: 'Läuft ab',
    sent: 'Zuerst gesendet',
    next: 'Nächster Versuch',
    ended: 'Beendet',
    reply: 'Antwort',
    cancel: 'Anfrage abbrechen…',
    cancelTitle: (id) => `Anfrage ${id} abbrechen`,
    cancelEffect: 'Der Hub sendet sie nicht.',
    unknownEffect: 'Der Hub sendet sie nicht noch einmal. Ob sie wirkte, bleibt unbekannt: Prüfen Sie den Roboter.',
    cancelNow: 'Anfrage abbrechen',
  },
};
