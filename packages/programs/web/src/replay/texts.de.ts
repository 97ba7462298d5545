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
  tryRule: 'Mit den Aufzeichnungen der letzten 30 Tage ausprobieren',
  tryRuleAbout:
    'Lässt die Aufzeichnungen dieses Gateways durch diese Regel laufen, die nur zu aufgezeichneten Zeiten ausgewertet wird. Nichts wird gespeichert, gesendet oder gemeldet.',
  runningBags: 'Die Aufzeichnungen laufen durch…',
  incomplete: 'Vervollständigen Sie die Regel, um sie auszuprobieren.',
  valuesOnly:
    'Aufzeichnungen enthalten nur Werte. Eine Regel für Fehler, Logeinträge, Operationen oder Updates lässt sich nicht ausprobieren.',
  otherGateway:
    'Ein anderes Gateway hat die Aufzeichnungen dieser Entität. Öffnen Sie dessen Seite, um die Regel auszuprobieren.',
  noBags:
    'Dieses Gateway hat keine lesbare Aufzeichnung der letzten 30 Tage. Es ist unbekannt, wie oft die Regel ausgelöst hätte.',
  unknownRule: (reason) => `Es ist unbekannt, wie oft die Regel ausgelöst hätte. ${reason}.`,
  partlyKnown: (reason) => `${reason}.`,
  firedTimes: (count) => `Die Regel hätte ${plural(count, 'Mal', 'Mal')} ausgelöst.`,
  storedFired: (count) => `Die gespeicherte Regel hätte ${plural(count, 'Mal', 'Mal')} ausgelöst.`,
  storedUnknown: (reason) => `Es ist unbekannt, wie oft die gespeicherte Regel ausgelöst hätte. ${reason}.`,
  sameFirings: 'Beide zu den gleichen Zeiten.',
  moreFirings: (count) => `${plural(count, 'weiterer Zeitpunkt ist', 'weitere Zeitpunkte sind')} in der API.`,
  betweenRecordings: 'Zwischen zwei Aufzeichnungen',
  bags: (count) => `${plural(count, 'Aufzeichnung', 'Aufzeichnungen')} von`,
  omittedBags: (count) =>
    `${plural(count, 'ältere Aufzeichnung überschreitet', 'ältere Aufzeichnungen überschreiten')} die Grenze eines Versuchs. \`medkit replay --bag\` nimmt jede davon.`,
  unreadableBags: (count) =>
    `${plural(count, 'Aufzeichnung', 'Aufzeichnungen')} nicht oder nicht bis zum Ende gelesen:`,
  firings: { same: 'beide', more: 'zusätzlich', fewer: 'nicht mehr', earlier: 'früher', later: 'später' },
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
