import { plural } from '../texts/plural.ts';
import type { texts as en } from './texts.en.ts';

export const texts: typeof en = {
  about: (sources) =>
    `Lässt die Meldungen der letzten 30 Tage durch andere Schwellen für ${sources} laufen, für alle Fehler dieser Quellen. Ändert nichts.`,
  confirm: 'Bestätigen beim Zählerstand',
  confirmHelp: '-3 bestätigt mit der dritten Fehlermeldung.',
  heals: 'Selbsttätig heilen',
  healAt: 'Heilen beim Zählerstand',
  run: 'Ausprobieren',
  running: 'Die aufgezeichneten Meldungen laufen durch…',
  none: 'Dieses Gateway hat im Zeitraum keine Meldungen dieses Fehlers aufgezeichnet.',
  same: 'Für diesen Fehler wäre nichts anders gewesen.',
  counts: (before, after) =>
    `${plural(before, 'Mal', 'Mal')} aktiv mit den geltenden Schwellen, ${plural(after, 'Mal', 'Mal')} mit diesen.`,
  incidents: (before, after) => `Vorfälle mit diesem Fehler: ${before}, dann ${after}.`,
  notifications: (before, after) => `Benachrichtigungen darüber: ${before}, dann ${after}.`,
  more: (count) => `${count} weitere Unterschiede sind in der API.`,
  recorded: (events) => `${plural(events, 'aufgezeichnetes Ereignis', 'aufgezeichnete Ereignisse')} von`,
  until: 'bis',
  cut: 'Die Aufzeichnung ist länger als ein Versuch: die ältesten Meldungen fehlen. `medkit replay` nimmt alle.',
  deviates:
    'Für einen Teil des Zeitraums galten andere Regeln, deshalb weichen diese Zahlen von dem ab, was geschehen ist.',
  notEvaluated: 'Nicht ausgewertet:',
  never: 'nie',
  changes: {
    more: 'zusätzlicher Fehler',
    fewer: 'kein Fehler mehr',
    earlier: 'früher bestätigt',
    later: 'später bestätigt',
    ends_earlier: 'endet früher',
    ends_later: 'endet später',
    muted: 'als Folge verborgen',
    unmuted: 'nicht mehr verborgen',
  },
};
