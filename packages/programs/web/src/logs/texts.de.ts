import { plural } from '../texts/plural.ts';
import type { texts as english } from './texts.en.ts';

export const texts: typeof english = {
  severities: { debug: 'Debug', info: 'Info', warning: 'Warnung', error: 'Fehler', fatal: 'Fatal' },
  time: 'Zeit',
  nodeTime: 'Uhr des Knotens',
  severity: 'Schwere',
  logger: 'Logger',
  node: 'Knoten',
  message: 'Meldung',
  source: 'Quelle',
  line: 'Protokollzeile',
  copy: 'Zeile kopieren',
  all: 'Alle',
  atLeast: (severity) => `${severity} oder höher`,
  words: 'Suche',
  counted: (count, all) =>
    count === all ? plural(all, 'Zeile', 'Zeilen') : `${count} von ${plural(all, 'Zeile', 'Zeilen')}`,
  bounded: (limit) => `Nur die neuesten ${limit} werden angezeigt.`,
  span: (since, until) => [since && `seit ${since}`, until && `bis ${until}`].filter(Boolean).join(' '),
  follow: 'Dem Protokoll folgen',
  none: 'Noch keine Protokollzeilen. Meldungen der Knoten auf /rosout erscheinen hier innerhalb von zwei Sekunden.',
  noneMatches: 'Keine Zeile passt zu diesen Filtern.',
};
