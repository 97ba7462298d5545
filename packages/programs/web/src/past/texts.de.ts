import type { texts as en } from './texts.en.ts';

export const texts: typeof en = {
  title: (time) => `Zustand um ${time}`,
  banner: 'Aufgezeichneter Zustand: Auf dieser Seite ändert sich nichts.',
  back: 'Zurück zu jetzt',
  moment: 'Zeitpunkt',
  show: 'Anzeigen',
  gap: (asOf) =>
    `Zu diesem Zeitpunkt wurde nichts aufgezeichnet. Die Seite zeigt den letzten bekannten Zustand, von ${asOf}.`,
  notCovered: (names) => `Nicht in dieser Aufzeichnung: ${names}. Öffnen Sie die Seiten dieser Gateways.`,
  tree: 'Entitäten',
  faults: 'Aktive Fehler',
  parameters: 'Bekannte Parameter',
  versions: 'Versionen',
  none: 'Keine',
  more: (count) => `${count} weitere sind in der API.`,
  online: 'online',
  offline: 'offline',
  since: 'seit',
  unsteady: 'zu oft geändert, um aufgezeichnet zu werden: unsicher',
  tooLong: '(zu lang für die Aufzeichnung)',
  unknownSeverity: 'Schweregrad unbekannt',
  gateway: 'Gateway',
};
